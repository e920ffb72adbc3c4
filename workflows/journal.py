"""What a dossier says: events gather during a step and are stored together before the dossier rests."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NoReturn

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.dossiers import Dossiers
    from models.messages.commands import Accepted
    from models.messages.dossier import DossierState
    from models.messages.events import AnyEvent, BudgetAnswer, Event, MailPlanned, PhaseEntered, Recorded, Step
    from models.messages.words import Outcome, Party, Role
    from workflows.clock import Clock

SYSTEM = "system"
FOREVER = RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=30))


def refusal(code: str, text: str) -> ApplicationError:
    """A rule says no to a command; the text is plain Dutch and shown to the person."""
    return ApplicationError(text, type=code, non_retryable=True)


class SideExit(Exception):
    """The story ends here, by another door than the last phase."""

    def __init__(self, outcome: Outcome, reason: str) -> None:
        super().__init__(f"{outcome}: {reason}")
        self.outcome = outcome
        self.reason = reason


class Journal(Clock):
    """Notes facts and stores them, one transaction per step."""

    def __init__(self, state: DossierState) -> None:
        super().__init__(state)
        self._unstored: list[Event] = []
        self._ledger: BudgetAnswer | None = None
        """What the ledger answered last."""
        self._exits_open = True
        self._closed = False
        self._entered = ""
        """The phase that was last said to be entered: one in which nothing happens is passed over in silence."""

    def note(self, fact: AnyEvent, by: str = SYSTEM) -> int:
        """Say that something happened; returns its sequence. It is stored before the dossier rests again."""
        if self._entered != self.state.phase and self.state.sequence:
            self._entered = self.state.phase
            self.note(PhaseEntered(phase=self.state.phase))
        self.state.sequence += 1
        self._unstored.append(Event(sequence=self.state.sequence, at=self.now(), by=by, fact=fact))
        return self.state.sequence

    def mail(
        self,
        template: str,
        party: Party = Party.APPLICANT,
        *,
        occasion: str = "1",
        role: Role | None = None,
        **values: object,
    ) -> None:
        """Plan a mail; the same template, occasion and party is one mail, however often it is planned."""
        self.note(
            MailPlanned(
                effect=f"{self.state.number}/mail/{template}/{occasion}/{role or party}",
                template=template,
                occasion=occasion,
                party=party,
                role=role,
                values={name: str(value) for name, value in values.items() if value is not None},
            )
        )

    async def settle(self) -> None:
        """Store everything said so far."""
        while self._unstored:
            step = Step(dossier=self.state.number, events=tuple(self._unstored), head=self.state.head)
            stored = await self._record(step)
            del self._unstored[: len(step.events)]
            self.state.recorded, self.state.head = stored.sequence, stored.head
            self._ledger = stored.budget or self._ledger
            if stored.budgeted is not None:  # once a fund keeps envelopes it always does
                self.state.budgeted = stored.budgeted or bool(self.state.budgeted)

    async def _record(self, step: Step) -> Recorded:
        """One local activity: a transition of the dossier costs the server one turn (see docs/adr)."""
        return await workflow.execute_local_activity_method(
            Dossiers.record, step, start_to_close_timeout=timedelta(seconds=10), retry_policy=FOREVER
        )

    async def stored(self, sequence: int, *, repeated: bool = False) -> Accepted:
        """Answer a command once its fact stands in the database, so that the next page reads its own write."""
        await workflow.wait_condition(lambda: self.state.recorded >= sequence)
        return Accepted(dossier=self.state.number, sequence=sequence, repeated=repeated)

    async def rest(self, woken: Callable[[], bool], until: datetime | None = None) -> bool:
        """Store what was said, then wait for something to happen. False when the moment came first.

        No moment comes first while an answer is held: who answered in time is not pressed for it, and when the answer
        is taken back the moment comes at once.

        Raises:
            SideExit: the applicant withdrew meanwhile.
        """
        while True:
            if self._withdrawn():
                raise SideExit(Outcome.WITHDRAWN, "withdrawn")
            self.let_out()
            self.tend()
            if woken():
                return True
            held = self.held_until()
            if held is None and self._over(until):
                return False
            if self._unstored:
                await self.settle()
                continue
            first = min((moment for moment in (held or until, self.tended_at()) if moment), default=None)
            await self.wake(lambda: woken() or bool(self._unstored) or self._withdrawn(), first)

    def held_until(self) -> datetime | None:
        """When the first answer goes out that is held to be taken back; None when none is."""
        return None

    def let_out(self) -> None:
        """Let answers count whose moment has come."""

    def tend(self) -> None:
        """See to what is beside the story: tasks, claims and conditions that it does not wait for."""

    def tended_at(self) -> datetime | None:
        """When something beside the story has to be seen to; None when nothing is."""
        return None

    def lapse(self, reason: str) -> NoReturn:
        """The last day passed in silence and the dossier ends by it.

        Raises:
            SideExit: always.
        """
        raise SideExit(Outcome.LAPSED, reason)

    def _withdrawn(self) -> bool:
        return self._exits_open and self.state.withdrawal is not None
