"""A decision that was wrong is turned back: proposed by an approver with a plan of what follows, agreed on by others.

The plan comes from `schemes.reversal`, the same for the page that shows it and for the story that carries it out. It is
made again when everybody agreed, because money may have moved meanwhile.
"""

from decimal import Decimal

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.messages.commands import Accepted, Actor, ReverseDecision
    from models.messages.dossier import DoneTask
    from models.messages.dossier import Reversal as Turned
    from models.messages.events import ReversalProposed, ReversalSettled
    from models.messages.words import Party, Role
    from schemes import steps
    from schemes.reversal import Plan, ReversalError, Standing, plan_reversal
    from workflows.duties import Duties
    from workflows.journal import refusal

ON_THE_DECISION = frozenset({"reversed", "lower_final_amount"})
"""Reasons of claims that fall with the decision they rest on."""


class Reversed(Exception):
    """A decision is turned back: the story leaves the phase wherever it is, and takes it up again or ends."""

    def __init__(self, plan: Plan, reason: str) -> None:
        super().__init__(reason)
        self.plan = plan
        self.reason = reason


class Reversals(Duties):
    """How a decision is turned back after it left the house."""

    def plan_for(self, amount: Decimal) -> Plan:
        """What it means that this amount (euro) should have been granted; ReversalError when it changes nothing."""
        standing = Standing(
            asked=self.state.asked,
            granted=self.state.granted,
            paid=self.state.paid,
            instructed=self.state.instructed,
            recovered=self.state.recovered,
            claimed=sum((claim.amount - claim.received for claim in self.state.claims.values()), Decimal(0)),
            conditions=len(self.state.duties),
        )
        return plan_reversal(standing, amount, self.state.policy.procedure)

    @workflow.update
    async def reverse_decision(self, command: ReverseDecision) -> Accepted:
        """An approver proposes another amount; who has to agree is asked."""
        if self.state.reversal is not None:
            return await self.stored(self.state.recorded, repeated=True)
        return await self.stored(self._propose(command.amount, command.reason, command.by))

    @reverse_decision.validator
    def _may_reverse(self, command: ReverseDecision) -> None:
        self._open_to_staff(command.by, frozenset({Role.APPROVER}))
        waiting = self.state.reversal
        if waiting is not None:
            if (waiting.amount, waiting.reason) == (command.amount, command.reason):
                return
            raise refusal("ReversalWaits", "Er ligt al een voorstel om deze beslissing te herzien. Wacht dat eerst af.")
        if self.state.decided_on is None or not self._exits_open:
            raise refusal("NothingToReverse", "In dit dossier is er nu geen beslissing die herzien kan worden.")
        try:
            self.plan_for(command.amount)
        except ReversalError as wrong:
            raise refusal("ReversalImpossible", str(wrong)) from wrong

    def _propose(self, amount: Decimal, reason: str, by: Actor, condition: str = "") -> int:
        plan = self.plan_for(amount)
        self.state.acted["reversal_proposal"] = by.person
        self.state.acted_for.pop("reversal_proposal", None)
        if by.for_person is not None:
            self.state.acted_for["reversal_proposal"] = by.for_person
        occurrence = self.state.occurrences["reversed"] = self.state.occurrences.get("reversed", 0) + 1
        key = f"{self.state.number}/reversal/{occurrence}"
        sequence = self.note(
            ReversalProposed(reversal=key, amount=amount, reason=reason, level=plan.level, effects=plan.effects),
            by=by.person,
        )
        first = steps.REVERSAL_EMPLOYERS if plan.level == "board" else steps.REVERSAL_APPROVAL
        task = self.ask_beside(first, amount=amount, advice="approve")
        known = {"reversal": key, "amount": amount, "reason": reason, "level": plan.level, "condition": condition}
        self.state.reversal = Turned.model_validate(known | {"task": task})
        return sequence

    def propose_lower(self, condition: str, done: DoneTask) -> None:
        """A condition was not met: propose the amount that was named, or what was paid already."""
        amount = self.state.paid if done.amount is None else done.amount
        if self.state.reversal is None and amount < self.state.granted:
            by = Actor(person=done.person, party=Party.STAFF, fund=self.state.fund)
            self._propose(amount, done.reasons[0] if done.reasons else "condition", by, condition)

    def tend(self) -> None:
        """Hear who has to agree; when everybody did and no payment is on its way, the story turns back.

        Raises:
            Reversed: it is carried out.
        """
        super().tend()
        turned = self.state.reversal
        if turned is None:
            return
        if not turned.agreed and (done := self.answer_beside(turned.task)) is not None:
            if done.outcome != "approve":
                self.state.reversal = None
                self.note(ReversalSettled(reversal=turned.reversal, outcome="refused"))
                self.impose((turned.condition,) if turned.condition else ())
            elif done.step == steps.REVERSAL_EMPLOYERS.code:
                turned.task = self.ask_beside(steps.REVERSAL_UNIONS, amount=turned.amount, advice="approve")
            else:
                turned.agreed = True
        if turned.agreed and self.state.instructed <= 0 and self._exits_open:
            self._turn(turned)

    def _turn(self, turned: Turned) -> None:
        self.state.reversal = None
        try:
            plan = self.plan_for(turned.amount)
        except ReversalError:  # meanwhile it became so by itself
            self.note(ReversalSettled(reversal=turned.reversal, outcome="carried_out"))
            return
        self.note(ReversalSettled(reversal=turned.reversal, outcome="carried_out", effects=plan.effects))
        raise Reversed(plan, turned.reason)

    def drop_what_rests_on_the_decision(self) -> None:
        """An objection was followed: claims that rest on the decision end, and so does a proposal to turn it back."""
        for key in sorted(self.state.claims):
            if self.state.claims[key].reason in ON_THE_DECISION:
                self.end_claim(self.state.claims[key], "declined")
        turned, self.state.reversal = self.state.reversal, None
        if turned is not None:
            self.drop_beside(turned.task)
            self.note(ReversalSettled(reversal=turned.reversal, outcome="refused"))
