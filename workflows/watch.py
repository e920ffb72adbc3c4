"""How an employer's dossier follows its trajectories: they tell when they are over, and it looks every month."""

from collections.abc import Callable
from datetime import date, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.moving import Moves
    from activities.trajectories import Trajectories
    from models.messages.commands import ReportFact
    from models.messages.dossier import DossierState
    from models.messages.events import Waited
    from models.messages.facts import OutplacementFacts
    from models.messages.policies import OutplacementPolicy
    from models.messages.receipts import PeopleOf, Reference
    from models.messages.trajectories import Guided, Standing
    from models.messages.words import Fund, Party
    from schemes.calendar import start_of_day
    from schemes.outplacement_support import planned_end
    from schemes.terms import add_months
    from workflows.budget import Budget
    from workflows.journal import FOREVER, refusal
    from workflows.moving import Moving

READING = timedelta(seconds=10)
OF_TRAJECTORIES = ("guidance_ended", "trajectory_closed")
BEFORE_THE_MONEY = ("invoices", "determination", "approval")
SUCCEEDED = "succeeded"
"""Another enterprise took this one over: it is asked and paid from then on."""


class Watch(Moving, Budget):
    """Waiting for other dossiers without depending on what they tell: a signal may be missed, a look is not."""

    moves_at_once = True

    @workflow.init
    def __init__(self, state: DossierState) -> None:
        super().__init__(state)
        self._signals = 0

    async def watch(
        self,
        left: Callable[[Standing], int],
        planned: date,
        said: tuple[str, str],
        unless: Callable[[], bool] = lambda: False,
    ) -> None:
        """Wait until nobody is left, looking again once as many signals came as people were left, and every month.

        `said` is the reason and what follows, for whoever asks why the dossier waits; `planned` is about when.
        """
        until = None
        while not unless() and (still := left(await self._standing())):
            if until is None or until <= self.today():
                until = max(planned, add_months(self.today(), 1))
                self.note(Waited(reason=said[0], until=until, then=said[1]))
            self._signals = 0
            look = start_of_day(min(until, add_months(self.today(), 1)))
            await self.rest(lambda still=still: self._signals >= still or unless(), until=look)  # type: ignore[misc]

    def unregistered(self, standing: Standing) -> int:
        """People notified for whom no trajectory is known yet; after the planned end nobody waits for them."""
        missing = max(self.facts.people - standing.registered, 0)
        return missing if self.today() < planned_end(self.facts) else 0

    async def people(self) -> list[Guided]:
        """Everybody of this dossier who started."""
        return await workflow.execute_local_activity_method(
            Trajectories.guided,
            Reference(number=self.state.number),
            start_to_close_timeout=READING,
            retry_policy=FOREVER,
        )

    async def _standing(self) -> Standing:
        return await workflow.execute_local_activity_method(
            Trajectories.standing,
            Reference(number=self.state.number),
            start_to_close_timeout=READING,
            retry_policy=FOREVER,
        )

    async def moved(self, fund: Fund, successor: str) -> None:
        """Its people go on there too, each as soon as nobody has a question of theirs open."""
        order = PeopleOf(dossier=self.state.number, fund=fund, parent=successor, on=self.today())
        await workflow.execute_activity_method(
            Moves.move_people, order, start_to_close_timeout=timedelta(minutes=1), retry_policy=FOREVER
        )
        self.mail("handed_over", fund=fund, successor=successor, reason="other_fund")

    def phase_there(self) -> str:
        """The other fund waits for everybody to come, and looks at the amount itself; invoices that came go along."""
        return "guidance" if self.state.phase in BEFORE_THE_MONEY else self.state.phase

    def may_hear(self, command: ReportFact) -> None:
        """A successor is named by staff, with an enterprise number."""
        super().may_hear(command)
        if command.fact != SUCCEEDED:
            return
        if command.by.party is not Party.STAFF or command.by.fund != self.state.fund:
            raise refusal("WrongRole", f"Alleen medewerkers van fonds {self.state.fund} noemen een opvolger.")
        if command.values.get("enterprise") in (None, "", self.state.enterprise_number):
            raise refusal("SameEnterprise", "Vul het ondernemingsnummer van de opvolger in, niet dat van nu.")

    def _heard(self, command: ReportFact) -> int:
        """A trajectory is over: that stands in its own journal, so it is counted here and not noted again.

        Ceilings count for a successor from the day it is named.
        """
        if command.fact in OF_TRAJECTORIES:
            self._signals += 1
            return self.state.recorded
        if command.fact == SUCCEEDED:
            self.state.enterprise_number = command.values["enterprise"]
        return super()._heard(command)

    @property
    def facts(self) -> OutplacementFacts:
        """What the employer notified."""
        assert isinstance(self.state.facts, OutplacementFacts)
        return self.state.facts

    @property
    def policy(self) -> OutplacementPolicy:
        """The numbers that hold for this dossier."""
        assert isinstance(self.state.policy, OutplacementPolicy)
        return self.state.policy
