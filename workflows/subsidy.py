"""Subsidy: formal and informal training, and the career account."""

from decimal import Decimal

from temporalio import workflow
from temporalio.common import VersioningBehavior

with workflow.unsafe.imports_passed_through():
    from models.messages.dossier import DossierState, Ending
    from models.messages.events import GrantChanged
    from models.messages.facts import CareerAccountFacts, TrainingFacts
    from models.messages.policies import CareerAccountPolicy, TrainingPolicy
    from models.messages.words import Document
    from schemes.calendar import ONE_DAY
    from schemes.intake import eligible_amount
    from schemes.steps import DETERMINATION, decision_level
    from schemes.terms import Term
    from workflows.intake import Intake


@workflow.defn(name="Subsidy", versioning_behavior=VersioningBehavior.PINNED)
class Subsidy(Intake):
    """Intake, review, approval, training and its evidence, determination, payment, follow-up."""

    asks = frozenset({"completion", "clarification", "evidence", "account", "survey"})

    @workflow.run
    async def run(self, state: DossierState) -> Ending:
        """The life of one subsidy."""
        return await self.live(
            self.intake, self.review, self.approval, self.evidence, self.determination, self.payment, self.follow_up
        )

    async def intake(self) -> None:
        """Complete and admissible, or out."""
        self.state.asked = self.facts.asked
        await self.admit()
        self.state.asked = self.facts.asked

    async def review(self) -> None:
        """A handler looks, unless every check passed by itself and the amount is small."""
        found = await self.amount("planned" if self.comes_first else "attended")
        amount = found.amount
        by_itself = decision_level(amount, self.policy.procedure, self.state.checked_by_itself) == "automatic"
        if not by_itself or amount <= 0 or await self.looked_at(amount):
            amount = await self.consider(amount)
        self.state.notes["amount"] = str(amount)
        self.state.notes["steps"] = "|".join(f"{step.rule}: {step.amount}" for step in found.steps)

    async def approval(self) -> None:
        """Decided by nobody, an approver or the board, as the amount asks."""
        amount = Decimal(self.state.notes["amount"])
        reviewed = "review" in self.state.acted
        level = decision_level(amount, self.policy.procedure, self.state.checked_by_itself and not reviewed)
        await self.grant(amount, tuple(self.state.notes["steps"].split("|")), level)
        self.replan()

    def replan(self) -> None:
        """One part, after the course."""
        self.plan(1, "final_report" if self.comes_first else "approval", self.state.granted)

    async def evidence(self) -> None:
        """An application made before the course waits for its end, then for the proof that it was followed."""
        if not self.comes_first or self.facts.ends_on is None:
            return
        await self.wait_until(self.facts.ends_on + ONE_DAY, "training", "asks_evidence")
        term, reminders = self.policy.evidence_term, self.policy.procedure.completion_reminders
        if await self.request("evidence", term, wants=self.proof, reminders=reminders) is None:
            self.lapse("evidence")

    async def determination(self) -> None:
        """The final amount by what was followed; never above the grant."""
        if not self.comes_first:
            return
        final = (
            eligible_amount(self.facts, self.policy).amount
            if isinstance(self.facts, TrainingFacts)
            else self.state.granted
        )
        amount = min(final, self.state.granted)
        while (done := await self.ask(DETERMINATION, amount=amount, advice="confirm")).outcome == "ask":
            if await self.request("clarification", self.policy.evidence_term) is None:
                self.lapse("evidence")
        if done.outcome == "refuse":
            self.refuse("handler", done.reasons)
        if done.amount is not None:
            amount = min(done.amount, amount)
        if amount != self.state.granted:
            self.state.granted = amount
            self.note(GrantChanged(granted=amount, reason="determination"))

    async def payment(self) -> None:
        """One instalment, once."""
        await self.pay_rest()

    async def follow_up(self) -> None:
        """A short survey; silence closes the dossier."""
        await self.wait_until(Term.parse(self.policy.follow_up_after).after(self.today()), "follow_up", "asks_survey")
        await self.request(
            "survey", self.policy.procedure.survey_term, fields=("survey",), silence="closes", template="survey"
        )

    @property
    def facts(self) -> TrainingFacts | CareerAccountFacts:
        """What the applicant stated."""
        assert isinstance(self.state.facts, TrainingFacts | CareerAccountFacts)
        return self.state.facts

    @property
    def policy(self) -> TrainingPolicy | CareerAccountPolicy:
        """The numbers that hold for this dossier."""
        assert isinstance(self.state.policy, TrainingPolicy | CareerAccountPolicy)
        return self.state.policy

    @property
    def comes_first(self) -> bool:
        """Whether the application was made before the course, so that proof has to follow."""
        if isinstance(self.facts, TrainingFacts):
            return self.facts.filed == "before"
        return self.facts.ends_on > self.facts.filed_on

    @property
    def proof(self) -> tuple[tuple[Document, ...], ...]:
        """Documents that show that the training was followed and paid."""
        return self.policy.documents_after if isinstance(self.policy, TrainingPolicy) else self.policy.documents
