"""A person with two trajectories: the clerk says what the second means for the first (docs/cohorts.md)."""

import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.exceptions import FailureError

with workflow.unsafe.imports_passed_through():
    from activities.moving import Moves
    from models.messages.commands import Actor, ReportFact
    from models.messages.dossier import Carried, DoneTask
    from models.messages.events import Checked, CheckResult
    from models.messages.facts import EarlierTrajectory, Facts
    from models.messages.trajectories import ToldEarlier
    from models.messages.words import Fund, Outcome, Party
    from schemes.earlier import DOUBLE, TO_JUDGE
    from schemes.steps import EARLIER_TRAJECTORY
    from workflows.dismissal import HELP, Dismissal
    from workflows.journal import FOREVER, SideExit
    from workflows.moving import MOVES, Moving

KNOWS_PEOPLE = 3
FOLLOWS_THE_FIRST = 5
"""Since this story the first trajectory hears it at whichever fund it is."""
JUDGED = "judged"


class Acquainted(Moving, Dismissal):
    """What follows when the same person was dismissed before."""

    async def rest(self, woken: Callable[[], bool], until: datetime | None = None) -> bool:
        """As any rest; what the clerk said meanwhile is carried out."""
        while True:
            came = await super().rest(lambda: woken() or self._judgement() is not None, until)
            done = self._judgement()
            if done is None or self._closed:
                return came
            await self._carry_out(done)
            if woken():
                return True

    async def _enter(self, phase: str) -> None:
        await super()._enter(phase)
        self.call_after_all()
        earlier = self._other
        if earlier is None or "earlier" in self.state.notes or self.state.story < KNOWS_PEOPLE:
            return
        values = {"case": earlier.relation, "number": earlier.number}
        judged = earlier.relation in TO_JUDGE
        result = CheckResult(
            code="EERDER_TRAJECT", passed=not judged, consequence="look", source="docs/cohorts.md", values=values
        )
        self.note(Checked(checks=(result,)))
        advice = TO_JUDGE.get(earlier.relation)
        self.state.notes["earlier"] = self.ask_beside(EARLIER_TRAJECTORY, advice=advice) if judged else JUDGED

    def _carried(self) -> Carried:
        """Who asked for help is called from there, and what was judged stays judged."""
        carried = super()._carried()
        notes = {HELP: "wanted"} if self.wants_help else {}
        if self.state.notes.get("earlier") == JUDGED:
            notes["earlier"] = JUDGED
        return carried.model_copy(update={"notes": carried.notes | notes})

    def facts_there(self, said: ReportFact) -> Facts:
        """At another fund it belongs to the employer's dossier there."""
        return self.facts.model_copy(update={"employer_dossier": said.values.get("parent", "")})

    async def moved(self, fund: Fund, successor: str) -> None:
        """That it closed here is told to the employer's dossier there: somebody more has come."""
        await super().moved(fund, successor)
        if (said := self.told_of(MOVES)) is not None:
            self.state.parent = said.values.get("parent", self.state.parent)

    def _judgement(self) -> DoneTask | None:
        task = self.state.notes.get("earlier", JUDGED)
        return self.state.done.get(task) if task in self.state.beside else None

    async def _carry_out(self, done: DoneTask) -> None:
        """The first guidance resumes, this trajectory is the same one, or both simply go on.

        Raises:
            SideExit: it is the same dismissal, told twice.
        """
        self.answer_beside(self.state.notes["earlier"])
        self.state.notes["earlier"] = JUDGED
        if done.outcome == "stop_double" and self._exits_open:
            raise SideExit(Outcome.NOT_STARTED, DOUBLE)
        if done.outcome == "resume_first":
            await self._tell_first(done)

    async def _tell_first(self, done: DoneTask) -> None:
        """The first trajectory hears that the new job is lost; one that is over does not listen."""
        earlier = self._other
        assert earlier is not None
        by = Actor(person=done.person, party=Party.STAFF, fund=self.state.fund)
        values = {"trajectory": self.state.number}
        report = ReportFact(fact="job_lost", on=self.facts.contract_ended_on, by=by, values=values)
        if self.state.story >= FOLLOWS_THE_FIRST:
            told = ToldEarlier(dossier=self.state.number, earlier=earlier.number, report=report)
            await workflow.execute_activity_method(
                Moves.tell_earlier, told, start_to_close_timeout=timedelta(seconds=10), retry_policy=FOREVER
            )
            return
        with contextlib.suppress(FailureError):
            await workflow.get_external_workflow_handle(earlier.number).signal("fact_reported", report)

    @property
    def _other(self) -> EarlierTrajectory | None:
        return self.facts.earlier
