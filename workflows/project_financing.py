"""Project financing: an external consultant works on one of three levers; explicitly not a training offer."""

from datetime import date

from temporalio import workflow
from temporalio.common import VersioningBehavior

with workflow.unsafe.imports_passed_through():
    from models.messages.commands import ReportFact
    from models.messages.dossier import DossierState, Ending
    from models.messages.events import Reported
    from models.messages.facts import ProjectFacts
    from models.messages.policies import ProjectPolicy
    from models.messages.words import Document, Party
    from schemes.changes import latest_end
    from schemes.instalments import interim_day
    from schemes.referral import as_training
    from schemes.steps import NO_TRAINING
    from schemes.terms import Term
    from workflows.changes import CHANGE_REQUESTED
    from workflows.expert_work import ExpertWork
    from workflows.journal import refusal

CONSENT = "publication_consent"


@workflow.defn(name="ProjectFinancing", versioning_behavior=VersioningBehavior.PINNED)
class ProjectFinancing(ExpertWork):
    """Intake, is it no training, board, parts against reports, final amount, and the effect half a year later."""

    asks = frozenset({"completion", "clarification", "interim_report", "final_report", "measurement", "account"})
    reports = frozenset({CHANGE_REQUESTED, CONSENT})
    final_documents = ((Document.FINAL_REPORT,), (Document.SURVEY_REPORT,))

    @workflow.run
    async def run(self, state: DossierState) -> Ending:
        """The life of one project."""
        return await self.live(
            self.intake,
            self.classification,
            self.review,
            self.approval,
            self.first_payment,
            self.execution,
            self.final_report,
            self.determination,
            self.payment,
            self.measurement,
        )

    async def classification(self) -> None:
        """A person confirms that it is a project in its lever; training goes on as a subsidy at the same fund.

        What the budget already showed to be training was judged by a person at the intake.
        """
        consent = "yes" if self.facts.publication_consent else "no"
        self.note(Reported(fact=CONSENT, on=self.facts.filed_on, values={"consent": consent}))
        if self.facts.looks_like_training:
            return
        done = await self.ask(NO_TRAINING, advice="project")
        if done.outcome == "training":
            await self.hand_over(self.state.fund, as_training(self.facts), reason="DIT_IS_OPLEIDING")

    def next_report(self) -> date | None:
        """Once, on the planned day or halfway."""
        return None if "interim_asked" in self.state.notes else interim_day(self.facts)

    async def measurement(self) -> None:
        """What it changed, half a year after the end; silence closes the dossier."""
        after = Term.parse(self.policy.measurement_after).after(self.facts.ends_on)
        await self.pause_until(after, "measurement", "asks_measurement")
        await self.request(
            "measurement",
            self.policy.measurement_term,
            fields=("measurement",),
            silence="closes",
            reminders=self.policy.procedure.completion_reminders,
            template="survey",
        )

    def may_hear(self, command: ReportFact) -> None:
        """Whether it may be published is the applicant's to say, at any time, with a yes or a no."""
        super().may_hear(command)
        if command.fact != CONSENT:
            return
        if command.by.party not in (Party.APPLICANT, Party.STAFF):
            raise refusal("WrongParty", "Alleen de aanvrager beslist over publicatie.")
        if command.values.get("consent") not in ("yes", "no"):
            raise refusal("ConsentUnclear", "Zeg of publicatie mag: consent is 'yes' of 'no'.")

    @property
    def latest_end(self) -> date | None:
        """Six months later than agreed at most."""
        return latest_end(date.fromisoformat(self.state.notes["agreed_end"]))

    @property
    def facts(self) -> ProjectFacts:
        """What the company stated, with the changes that were approved."""
        assert isinstance(self.state.facts, ProjectFacts)
        return self.state.facts

    @property
    def policy(self) -> ProjectPolicy:
        """The numbers that hold for this dossier."""
        assert isinstance(self.state.policy, ProjectPolicy)
        return self.state.policy
