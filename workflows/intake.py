"""What every application goes through first, and how an amount becomes a decision: the same for three kinds."""

from datetime import timedelta
from decimal import Decimal

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.grants import Grants
    from models.messages.dossier import DoneTask
    from models.messages.events import Checked, CheckResult
    from models.messages.receipts import Reference
    from models.messages.words import Document, Instrument, Outcome
    from schemes.amounts import AmountDecision, Basis
    from schemes.checks import Check, failed
    from schemes.intake import check, eligible_amount
    from schemes.referral import referral
    from schemes.sampling import is_sampled
    from schemes.steps import ADMISSIBILITY, QUALITY_CHECK, REVIEW, Level, deciders
    from workflows.budget import Budget
    from workflows.journal import FOREVER

CEILINGS = (Instrument.CAREER_ACCOUNT, Instrument.TRANSITION_SUPPORT, Instrument.PROJECT_FINANCING)
"""Instruments whose amount depends on what the same person or company was granted before."""
LEFT_TO_REVIEW = frozenset({"PERSONEEL_ONBEKEND"})
"""What the intake desk cannot judge: the handler looks at it, and nobody decides by itself."""
ROUNDS = 3
"""How often an applicant is asked to complete before a person looks at it."""


class Intake(Budget):
    """Completeness, admissibility, review and decision."""

    async def admit(self) -> None:
        """Let the application in, complete; or leave by refusal, hand-over or lapse.

        Raises:
            SideExit: refused, handed over or never completed.
        """
        overruled: set[str] = set()
        rounds = 0
        await self.count_heads()
        while True:
            failures = self._check()
            for_review = {found.code for found in failures} & LEFT_TO_REVIEW
            wrong = [found for found in failures if found.code not in overruled | for_review]
            if not wrong:
                self.state.checked_by_itself = not (overruled or rounds or for_review)
                return
            judged = [found for found in wrong if found.blocking != "complete"]
            if judged or rounds == ROUNDS:
                await self._judge(judged or wrong)
                overruled |= {found.code for found in judged or wrong}
                continue
            rounds += 1
            await self._complete(wrong)

    def _check(self) -> tuple[Check, ...]:
        if hasattr(self.state.facts, "documents"):
            known = frozenset(self.state.documents)
            self.state.facts = self.state.facts.model_copy(update={"documents": known})
        checks = (*check(self.state.facts, self.state.policy), *self.heads_known())
        self.note(
            Checked(
                checks=tuple(
                    CheckResult(
                        code=found.code,
                        passed=found.passed,
                        consequence=found.blocking,
                        source=found.source,
                        values={} if found.passed else found.values,
                    )
                    for found in checks
                )
            )
        )
        return failed(checks)

    async def _judge(self, wrong: list[Check]) -> None:
        """A rule says no or is in doubt: a person of the intake desk has the last word."""
        target = referral(self.state.facts, self.state.fund, wrong)
        advice = _advice(wrong, referable=target is not None)
        done = await self.ask(ADMISSIBILITY, advice=advice)
        reasons = done.reasons or tuple(found.code for found in wrong)
        if done.outcome == "refuse" or (done.outcome == "refer" and target is None):
            self.refuse("handler", reasons)
        if done.outcome == "refer" and target is not None:
            await self.hand_over(*target, reason=reasons[0])

    async def _complete(self, wrong: list[Check]) -> None:
        """Ask the applicant for what is missing or cannot be right; meanwhile the fund's clock stands still."""
        procedure = self.state.policy.procedure
        missing = {
            Document(code)
            for found in wrong
            for code in found.values.get("missing", "").split(",")
            if code in _DOCUMENTS
        }
        fields = tuple(sorted({field for found in wrong for field in found.fields if field != "documents"}))
        answer = await self.request(
            "completion",
            procedure.completion_term,
            wants=() if fields else tuple((code,) for code in sorted(missing)),
            fields=(*fields, *sorted(missing)) if fields else (),
            silence="lapses",
            reminders=procedure.completion_reminders,
            stops_clock=True,
        )
        if answer is None:
            self.lapse("completion")

    async def amount(self, basis: Basis = "attended") -> AmountDecision:
        """What may be granted by the rules, with the steps of the sum; looks up what was granted before."""
        if self.state.facts.instrument not in CEILINGS:
            return eligible_amount(self.state.facts, self.state.policy, Decimal(0), basis)
        used = await workflow.execute_local_activity_method(
            Grants.used,
            Reference(number=self.state.number),
            start_to_close_timeout=timedelta(seconds=10),
            retry_policy=FOREVER,
        )
        return eligible_amount(self.state.facts, self.state.policy, used, basis)

    async def looked_at(self, amount: Decimal) -> bool:
        """A sample of what nobody has to look at (euro) goes to a handler, who may make it an ordinary review."""
        policy = self.state.policy
        if not is_sampled(self.state.number, policy.version, policy.procedure.sample_percentage):
            return False
        return (await self.ask(QUALITY_CHECK, amount=amount, advice="confirm")).outcome == "look"

    async def consider(self, amount: Decimal) -> Decimal:
        """Review by a handler, who may ask more; returns the amount (euro) that goes to decision."""
        while True:
            done = await self.ask(REVIEW, amount=amount, advice="approve" if amount > 0 else "refuse")
            if done.outcome == "refuse":
                self.refuse("handler", done.reasons)
            if done.outcome == "approve":
                return min(done.amount, amount) if done.amount is not None else amount
            if (
                await self.request("clarification", self.state.policy.procedure.completion_term, stops_clock=True)
                is None
            ):
                self.lapse("clarification")

    async def grant(self, amount: Decimal, steps: tuple[str, ...], level: Level) -> None:
        """Take the decision at the level its amount (euro) asks, by distinct persons, on what there is room for."""
        wanted, amount = amount, await self.reserve(amount, level)
        if failed(self.heads_known()):  # a year may have begun since the checks
            level = "approver" if level == "automatic" else level
        reasons: tuple[str, ...] = ()
        for step in deciders(level):
            done = await self.ask(step, amount=amount, advice="approve")
            if done.outcome == "refuse":
                self.refuse(level, done.reasons)
            amount = _reduced(amount, done)
            reasons += done.reasons if done.outcome == "reduce" else ()
        amount = await self.reserve(amount, level)  # the fund may keep envelopes since
        if self.state.facts.instrument in CEILINGS:  # others may have been granted while this one was decided on
            amount = min(amount, (await self.amount()).amount)
        if amount <= 0:
            self.refuse(level, ("nothing_payable",))
        asked = self.state.asked
        outcome = Outcome.GRANTED if asked is None or amount >= asked else Outcome.PARTIALLY_GRANTED
        reasons, steps = (*self.shortfall(wanted), *reasons), self.sum_told(steps, wanted)
        self.decide(outcome, amount, level=level, reasons=reasons, steps=steps)


_DOCUMENTS = frozenset(Document)


def _reduced(amount: Decimal, done: DoneTask) -> Decimal:
    return min(done.amount, amount) if done.outcome == "reduce" and done.amount is not None else amount


def _advice(wrong: list[Check], *, referable: bool) -> str:
    """What the rules say, for the person to follow or not: refer where somebody else is competent, else refuse."""
    worst = {found.blocking for found in wrong}
    if "refuse" in worst:
        return "refuse"
    if "refer" in worst:
        return "refer" if referable else "refuse"
    return "look"
