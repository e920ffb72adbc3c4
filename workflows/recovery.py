"""Claiming money back: agreed on by a second person, asked, reminded of, received in parts, let go by the board alone.

The story does not wait for it; a dossier closes when every claim ended. Silence goes up, it never decides.
"""

from decimal import Decimal

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.messages.commands import RecoveryPaid
    from models.messages.dossier import Claim
    from models.messages.events import RecoveryOrdered, RecoveryReceived, RecoverySettled
    from schemes import steps
    from schemes.recoveries import booked, claimable
    from schemes.terms import Term
    from workflows.collecting import Collecting, Ended
    from workflows.journal import SYSTEM

CLAIMED = "claimed_for_"
"""Notes of what was claimed for a reason, by claims that ended."""


class Recovery(Collecting):
    """The claims of a dossier, each at its own stage."""

    @property
    def claimable(self) -> Decimal:
        """What may still be claimed back, in euro."""
        open_claims = sum((claim.amount - claim.received for claim in self.state.claims.values()), Decimal(0))
        return claimable(self.state.paid, self.state.recovered, open_claims)

    def claimed_for(self, reason: str) -> Decimal:
        """What was claimed for a reason and not declined, in euro, whether it came, is being asked or was let go."""
        under_way = (claim.amount for claim in self.state.claims.values() if claim.reason == reason)
        return Decimal(self.state.notes.get(CLAIMED + reason, "0")) + sum(under_way, Decimal(0))

    def end_claim(self, claim: Claim, outcome: Ended) -> None:
        """As ever; what stood until the end is remembered by its reason."""
        super().end_claim(claim, outcome)
        if outcome != "declined":
            self.state.notes[CLAIMED + claim.reason] = str(self.claimed_for(claim.reason) + claim.amount)

    async def recover(self, amount: Decimal, reason: str, term: str | None = None) -> None:
        """Claim money back (euro), within a term where the policy has one; never more than was paid.

        A dossier that opened before claims had a second person waits until finance says what became of it.
        """
        if self.state.story > 1:
            self.claim(min(amount, self.claimable), reason, term=term)
            return
        key = self._ordered(amount, reason, SYSTEM)
        until = Term.parse(term).after(self.today()) if term else ""
        self.mail("recovery", occasion=key, amount=amount, reason=reason, until=until)
        received = (await self.ask(steps.RECOVERY, amount=amount, advice="received")).outcome == "received"
        self.state.recovered = amount if received else Decimal(0)
        outcome = "received" if received else "written_off"
        self.note(RecoverySettled(recovery=key, outcome=outcome, recovered=self.state.recovered))

    def claim(self, amount: Decimal, reason: str, *, term: str | None = None, by: str = SYSTEM) -> int:
        """Propose to claim an amount (euro) back and ask a second person; returns the sequence of the proposal."""
        if amount <= 0:
            return self.state.sequence
        key = self._ordered(amount, reason, by)
        sequence = self.state.sequence
        task = self.ask_beside(steps.RECOVERY_APPROVAL, amount=amount, advice="approve")
        term = term or self.state.policy.procedure.recovery_term
        self.state.claims[key] = Claim(
            recovery=key, amount=amount, reason=reason, term=term, stage="approval", task=task
        )
        return sequence

    def _ordered(self, amount: Decimal, reason: str, by: str) -> str:
        occurrence = self.state.occurrences["recovered"] = self.state.occurrences.get("recovered", 0) + 1
        key = f"{self.state.number}/recovery/{occurrence}"
        self.note(RecoveryOrdered(recovery=key, amount=amount, reason=reason), by=by)
        return key

    def tend(self) -> None:
        """Bring every claim as far as it can go."""
        super().tend()
        for key in sorted(self.state.claims):
            claim = self.state.claims[key]
            if claim.received >= claim.amount:
                self.end_claim(claim, "received")
            elif claim.stage == "open":
                self.press(claim)
            else:
                self._hear_staff(claim)

    def _hear_staff(self, claim: Claim) -> None:
        done = self.answer_beside(claim.task)
        match claim.stage, done.outcome if done else None:
            case _, None:
                return
            case "approval", "approve":
                self.send_claim(claim, done.person if done else SYSTEM)
            case "approval", _:
                self.end_claim(claim, "declined")
            case "overdue", "received":
                rest = claim.amount - claim.received
                self.book(
                    RecoveryPaid(recovery=claim.recovery, amount=rest, reference=claim.task, booked_on=self.today())
                )
                self.end_claim(claim, "received")
            case "overdue", "write_off":
                claim.stage = "employers"
                claim.task = self._before_the_board(steps.WRITE_OFF_EMPLOYERS, claim)
            case "employers", "approve":
                claim.stage = "unions"
                claim.task = self._before_the_board(steps.WRITE_OFF_UNIONS, claim)
            case "unions", "approve":
                self.end_claim(claim, "written_off")
            case _:
                self.ask_back_again(claim)

    def _before_the_board(self, bench: steps.StaffStep, claim: Claim) -> str:
        return self.ask_beside(bench, amount=claim.amount - claim.received, advice="approve")

    def book(self, command: RecoveryPaid) -> int:
        """Count what came back (euro); too much goes to finance, and is never lost. Returns the sequence of it."""
        claim = self.state.claims.get(command.recovery)
        counted, excess = booked(command.amount, claim.amount - claim.received if claim else Decimal(0))
        self.state.recovered += counted
        received = counted + (claim.received if claim else self.state.claimed[command.recovery])
        if claim is not None:
            claim.received = received
        told = command.model_dump() | {"received": received, "recovered": self.state.recovered, "excess": excess}
        sequence = self.state.receipts[command.reference] = self.note(RecoveryReceived.model_validate(told))
        if excess > 0:
            self.ask_beside(steps.RECOVERY_EXCESS, amount=excess, advice="paid_back")
        return sequence
