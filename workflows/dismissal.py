"""What a trajectory knows of the dismissal: facts that come in, terms that were missed, and who is gone early."""

from typing import Any, NoReturn

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.messages.commands import AnswerRequest, ReportFact
    from models.messages.events import Checked, CheckResult, RequestAnswered
    from models.messages.words import Outcome
    from schemes.deadlines import Deadline
    from schemes.dismissals import DismissalFacts
    from schemes.outplacement_findings import findings
    from schemes.regimes import Regime
    from schemes.steps import CALL_BACK, CHECK_FINDING
    from workflows.follow_up import QUESTION, FollowUp
    from workflows.journal import SideExit

LEAVING = ("new_job", "stopped")
"""Told before the first session, these end the trajectory before it began."""
SETTLED_BY = {
    "new_job": frozenset({"offer", "wish", "answer", "start"}),
    "stopped": frozenset({"offer", "wish", "answer", "start"}),
    "consent_withdrawn": frozenset({QUESTION, "status"}),
}
"""What needs no answer any more once something was told; new facts at any other time leave the question open."""

HELP = "help"
"""The note that a person asked for help, and the task to call them was taken away before anybody did."""


class Dismissal(FollowUp):
    """What the steps before the guidance share."""

    def not_started(self, reason: str) -> NoReturn:
        """End here: there is no guidance, and this is why.

        Raises:
            SideExit: always.
        """
        raise SideExit(Outcome.NOT_STARTED, reason)

    def learn(self, **facts: Any) -> None:
        """Take what was told into the facts."""
        self.state.facts = self.facts.model_copy(update=facts)

    async def ask_party(
        self, code: str, term: str | Deadline, *, silence: str = "not_started", **how: Any
    ) -> AnswerRequest | None:
        """A request as any other; whoever is gone, before it or meanwhile, ends the trajectory.

        Raises:
            SideExit: the person found a job or stopped before the start.
        """
        self.leave_when_gone()
        answer = await self.request(code, term, silence=silence, **how)
        self.leave_when_gone()
        return answer

    async def check_terms(self) -> None:
        """Have a clerk look at every term that turns out to be missed, each once.

        Raises:
            SideExit: the clerk ends the trajectory for it.
        """
        seen = self.state.notes.get("findings", "").split("|")
        fresh = [found for found in findings(self.chosen, self.dismissal, self.today()) if found.code not in seen]
        if fresh:
            self.state.notes["findings"] = "|".join([*seen, *(found.code for found in fresh)])
            await self.have_checked(*(found.code for found in fresh))

    async def have_checked(self, *codes: str) -> None:
        """Note what is wrong and have a clerk look at it.

        Raises:
            SideExit: the clerk ends the trajectory for it.
        """
        source = "domain.md 6.2"
        self.note(
            Checked(
                checks=tuple(CheckResult(code=code, passed=False, consequence="look", source=source) for code in codes)
            )
        )
        done = await self.ask(CHECK_FINDING, advice="checked")
        if done.outcome == "stop":
            self.not_started(done.reasons[0])

    @property
    def wants_help(self) -> bool:
        """Whether somebody still has to call the person."""
        return any(task.step == CALL_BACK.code for task in self.state.tasks.values())

    def call_after_all(self) -> None:
        """Who asked for help before the story stopped, or went on elsewhere, is called now."""
        if self.state.notes.pop(HELP, None) is not None:
            self._ask_once_beside(CALL_BACK)

    def told_of(self, fact: str) -> ReportFact | None:
        """The last report of a fact."""
        return next((report for report in reversed(self.state.reports) if report.fact == fact), None)

    def is_gone(self) -> bool:
        """Whether the person found a job or stopped before the first session."""
        return self.facts.started_on is None and any(report.fact in LEAVING for report in self.state.reports)

    def leave_when_gone(self) -> None:
        """End when nobody is there any more to guide.

        Raises:
            SideExit: the person found a job or stopped before the start.
        """
        if self.is_gone():
            self.not_started(next(report.fact for report in self.state.reports if report.fact in LEAVING))

    def _heard(self, command: ReportFact) -> int:
        """What is told may settle a question that stands open."""
        sequence = super()._heard(command)
        for code in sorted(SETTLED_BY.get(command.fact, frozenset()) & self.state.requests.keys()):
            if code in self.state.answers:
                continue
            values = {"reported": command.fact}
            self.state.answers[code] = AnswerRequest(request=code, by=command.by, values=values)
            fact = RequestAnswered(request=self._name(code), code=code, values=values)
            sequence = self.state.answered[self._name(code)] = self.note(fact, by=command.by.person)
        return sequence

    @property
    def chosen(self) -> Regime:
        """The regime of the law."""
        return Regime(self.state.notes["regime"])

    @property
    def dismissal(self) -> DismissalFacts:
        """What the legal table reads."""
        return DismissalFacts.of(self.facts)

    @property
    def offered(self) -> bool:
        """Whether there was an offer, of which an answer or a start is proof enough."""
        return any((self.facts.offered_on, self.facts.answer, self.facts.started_on))
