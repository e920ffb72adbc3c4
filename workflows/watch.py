"""How an employer's dossier follows its trajectories: they tell when they are over, and it looks every month."""

from collections.abc import Callable
from datetime import date, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.trajectories import Trajectories
    from models.messages.commands import ReportFact
    from models.messages.dossier import DossierState
    from models.messages.events import Waited
    from models.messages.facts import OutplacementFacts
    from models.messages.policies import OutplacementPolicy
    from models.messages.receipts import Reference
    from models.messages.trajectories import Guided, Standing
    from schemes.calendar import start_of_day
    from schemes.outplacement_support import planned_end
    from schemes.terms import add_months
    from workflows.budget import Budget
    from workflows.journal import FOREVER

READING = timedelta(seconds=10)


class Watch(Budget):
    """Waiting for other dossiers without depending on what they tell: a signal may be missed, a look is not."""

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

    def _heard(self, command: ReportFact) -> int:
        """A trajectory is over: that stands in its own journal, so it is counted here and not noted again."""
        self._signals += 1
        return self.state.recorded

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
