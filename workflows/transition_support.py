"""Transition support: reskilling toward another job, planned and signed by company, fund and external expert."""

from datetime import date
from decimal import Decimal
from types import MappingProxyType

from temporalio import workflow
from temporalio.common import VersioningBehavior

with workflow.unsafe.imports_passed_through():
    from models.messages.dossier import DossierState, Ending
    from models.messages.facts import TransitionFacts
    from models.messages.policies import TransitionPolicy
    from models.messages.words import Document, Party
    from schemes.instalments import next_report_day
    from schemes.results import all_retained, result_slice
    from schemes.steps import RETENTION, SIGNATURE_FUND
    from schemes.terms import Term
    from workflows.expert_work import ExpertWork
    from workflows.signatures import Signatures

CLAIMED_ONCE = 6
"""The story from which a decision that is taken anew leaves what was claimed for the result as claimed."""
SIGNERS = {"signature_company": Party.APPLICANT, "signature_expert": Party.EXPERT}


@workflow.defn(name="TransitionSupport", versioning_behavior=VersioningBehavior.PINNED)
class TransitionSupport(Signatures, ExpertWork):
    """Intake, three signatures, board, parts against reports, final amount, and who kept the job half a year later."""

    told_by = MappingProxyType({**ExpertWork.told_by, **SIGNERS})
    asks = frozenset(
        {
            *SIGNERS,
            "completion",
            "clarification",
            "interim_report",
            "final_report",
            "employment",
            "retention",
            "account",
        }
    )
    reopens = "signing"

    @workflow.run
    async def run(self, state: DossierState) -> Ending:
        """The life of one transition."""
        return await self.live(
            self.intake,
            self.signing,
            self.review,
            self.approval,
            self.first_payment,
            self.execution,
            self.final_report,
            self.employment,
            self.determination,
            self.payment,
            self.retention,
        )

    async def signing(self) -> None:
        """The plan is signed by the three who drew it up; whoever signs for the fund does not decide later."""
        await self.sign(SIGNERS, self.policy.signing_term, SIGNATURE_FUND)

    def next_report(self) -> date | None:
        """Regularly, from the start until the end."""
        facts = self.facts
        return next_report_day(facts.starts_on, facts.ends_on, self.policy.interim_every, self.today())

    async def employment(self) -> None:
        """Proof that the participants work in their new job, and who followed how many hours."""
        await self.request(
            "employment",
            self.policy.report_term,
            wants=((Document.EMPLOYMENT_PROOF,),),
            silence="staff_decides",
            reminders=self.policy.procedure.completion_reminders,
        )
        self.state.notes["employment"] = str(Document.EMPLOYMENT_PROOF in self.state.documents)

    def final_amount(self) -> Decimal:
        """By the hours that were followed; without proof of the job the last part is not paid."""
        found = super().final_amount()
        proven = Document.EMPLOYMENT_PROOF in self.state.documents
        return found if proven else min(found, self.state.paid)

    async def retention(self) -> None:
        """Half a year after the end, who left the new job costs the company the slice for the result."""
        policy = self.policy
        await self.pause_until(
            Term.parse(policy.retention_after).after(self.facts.ends_on), "retention", "asks_retention"
        )
        self.state.answers.pop("retention", None)  # what was said before says nothing about today
        answer = await self.request(
            "retention",
            policy.retention_term,
            fields=("retained",),
            silence="staff_decides",
            reminders=policy.procedure.completion_reminders,
        )
        if answer is not None and all_retained(answer.values, self.facts):
            return
        entitled = min(Decimal(self.state.notes["final"]), self.state.paid)
        amount = result_slice(entitled, policy.result_slice_percentage)
        if self.state.story >= CLAIMED_ONCE:
            amount = max(amount - self.claimed_for("retention"), Decimal(0))
        done = await self.ask(RETENTION, amount=amount, advice="failed")
        if done.outcome == "failed" and amount > 0:
            await self.recover(amount, "retention", self.policy.recovery_term)

    @property
    def facts(self) -> TransitionFacts:
        """What the company stated, with the changes that were approved."""
        assert isinstance(self.state.facts, TransitionFacts)
        return self.state.facts

    @property
    def policy(self) -> TransitionPolicy:
        """The numbers that hold for this dossier."""
        assert isinstance(self.state.policy, TransitionPolicy)
        return self.state.policy
