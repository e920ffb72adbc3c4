"""A dossier with which another fund goes on: it opens there where it stands, and closes here as handed over."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import NoReturn

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.receipts import Receipts
    from models.messages.commands import ReportFact
    from models.messages.dossier import Carried
    from models.messages.events import HandedOver, Reported
    from models.messages.facts import Facts
    from models.messages.receipts import HandOver
    from models.messages.words import Fund, Outcome, Party
    from workflows.journal import FOREVER, SideExit, refusal
    from workflows.leaving import Leaving

MOVES, TAKEN_OVER = "moves_fund", "taken_over"
MAY_MOVE = 3
"""Since this story a dossier can go on elsewhere."""
NOT_CARRIED = ("moved_to", "earlier")
"""Notes about the dossier itself: the one that goes on makes its own."""
RESUMABLE = frozenset({"guidance", "follow_up", "offer", "default_notice"})
"""Waits that a phase comes to again when it is entered anew, without asking anybody anything."""


class Moving(Leaving):
    """Going on at another fund, at a moment at which nobody outside has a question open."""

    moves_at_once = False
    """Whether a question that is open is simply asked again there; else it is waited for."""

    async def wait_until(self, day: date, reason: str, then: str, unless: Callable[[], bool] = lambda: False) -> bool:
        """As any wait; a dossier that only waits for the calendar goes on elsewhere at once."""
        if self.state.story < MAY_MOVE or reason not in RESUMABLE:
            return await super().wait_until(day, reason, then, unless)
        came = await super().wait_until(day, reason, then, lambda: unless() or self.moves)
        if self.moves:
            await self.move_on()
        return came

    async def rest(self, woken: Callable[[], bool], until: datetime | None = None) -> bool:
        """As any rest; of a kind that moves at once, the end of it."""
        if not self.moves_at_once:
            return await super().rest(woken, until)
        came = await super().rest(lambda: woken() or self.moves, until)
        if self.moves:
            await self.move_on()
        return came

    async def _enter(self, phase: str) -> None:
        await super()._enter(phase)
        if self.moves:
            await self.move_on()

    @property
    def moves(self) -> bool:
        """Whether somebody said that another fund goes on, and it did not yet."""
        return self._destination() is not None and "moved_to" not in self.state.notes and not self._closed

    async def move_on(self) -> NoReturn:
        """Open at the other fund and end here.

        Raises:
            SideExit: always.
        """
        said = self._destination()
        assert said is not None
        self.leaves = True
        fund = Fund(said.values["fund"])
        self.note(HandedOver(to_fund=fund, to_instrument=self.state.facts.instrument, reason="other_fund"))
        await self.settle()
        order = HandOver(
            dossier=self.state.number,
            fund=fund,
            facts=self.facts_there(said),
            opens_at=self.now(),
            parent=said.values.get("parent"),
            carried=self._carried(),
        )
        successor = await workflow.execute_activity_method(
            Receipts.hand_over, order, start_to_close_timeout=timedelta(seconds=10), retry_policy=FOREVER
        )
        self.state.notes["moved_to"] = successor
        for task in sorted(self.state.beside):
            self.drop_beside(task)
        await self.moved(fund, successor)
        raise SideExit(Outcome.HANDED_OVER, "other_fund")

    async def moved(self, fund: Fund, successor: str) -> None:
        """What has to follow once the dossier stands at the other fund."""

    def facts_there(self, said: ReportFact) -> Facts:
        """The facts with which it goes on."""
        return self.state.facts

    def phase_there(self) -> str:
        """The phase with which it goes on."""
        return self.state.phase

    def may_hear(self, command: ReportFact) -> None:
        """Another fund goes on by the word of staff, while nothing was decided here."""
        super().may_hear(command)
        if command.fact != MOVES:
            return
        if self.state.story < MAY_MOVE:
            raise refusal("OlderStory", "Dit dossier begon op een oudere manier en kan niet naar een ander fonds.")
        if command.by.party not in (Party.STAFF, Party.SYSTEM):
            raise refusal("WrongParty", "Alleen het fonds kan een dossier overdragen.")
        if command.values.get("fund") not in set(Fund) - {self.state.fund}:
            raise refusal("SameFund", "Kies een ander fonds dan het eigen.")
        if self.state.decisions:
            raise refusal(
                "Decided", "Er is al beslist over geld: dat dossier blijft bij dit fonds tot het afgesloten is."
            )

    def _open_dossier(self) -> None:
        """One that goes on tells from where, and says again what stays true."""
        super()._open_dossier()
        carried = self.state.carried
        if carried is None:
            return
        values = {"dossier": carried.predecessor, "fund": carried.from_fund}
        self.note(Reported(fact=TAKEN_OVER, on=self.today(), values=values))
        for fact in carried.told:
            self.note(fact)
        self.state.carried = None

    def _destination(self) -> ReportFact | None:
        return next((report for report in reversed(self.state.reports) if report.fact == MOVES), None)

    def _carried(self) -> Carried:
        state = self.state
        return Carried(
            predecessor=state.number,
            from_fund=state.fund,
            phase=self.phase_there(),
            documents=state.documents,
            answers=state.answers,
            reports=[report for report in state.reports if report.fact != MOVES],
            suspensions=state.suspensions,
            followed=state.followed,
            questions=state.questions,
            notes={name: said for name, said in state.notes.items() if name not in NOT_CARRIED},
        )
