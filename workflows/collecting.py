"""A claim that was agreed on: its letter, the part that is due, reminders of it, and its end."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.messages.dossier import Claim
    from models.messages.events import RecoveryApproved, RecoveryPart, RecoveryReminded, RecoverySettled
    from models.messages.words import Party
    from schemes.calendar import end_of_day
    from schemes.communications import communication_of, spelled
    from schemes.recoveries import Press, due_part, presses
    from schemes.steps import RECOVERY_LATE
    from schemes.terms import Term
    from workflows.beside import Awaited
    from workflows.clock import morning
    from workflows.payments import Payments

Ended = Literal["received", "written_off", "declined"]


class Collecting(Payments):
    """What is written to whoever has to pay back."""

    def send_claim(self, claim: Claim, person: str) -> None:
        """The letter, with our own communication; `person` agreed to it."""
        until = Term.parse(claim.term).after(self.today())
        claim.communication, claim.stage = communication_of(self.state.number), "open"
        claim.parts = (RecoveryPart(until=until, amount=claim.amount),)
        approved = {"recovery": claim.recovery, "person": person, "communication": claim.communication, "until": until}
        self.note(RecoveryApproved.model_validate(approved))
        self.write_about(claim, "recovery", claim.recovery, claim.amount, until, reason=claim.reason)

    def ask_back_again(self, claim: Claim) -> None:
        """Another term for what is still open, in one part."""
        claim.stage, open_amount = "open", claim.amount - claim.received
        until = Term.parse(claim.term).after(self.today())
        received = (RecoveryPart(until=self.today(), amount=claim.received),) if claim.received else ()
        claim.parts = (*received, RecoveryPart(until=until, amount=open_amount))
        self.write_about(claim, "recovery_reminder", f"{claim.recovery}/again/{until}", open_amount, until)

    def press(self, claim: Claim) -> None:
        """Write about the part that is due, as often as the policy says; then finance is asked."""
        while (press := self._next_press(claim)) is not None and self._over(_moment(press)):
            part = due_part(claim.parts, claim.received)
            assert part is not None  # there is nothing to press for otherwise
            claim.due, claim.pressed = part.until, self._pressed(claim, part) + 1
            if press.act == "hand_to_staff":
                claim.stage = "overdue"
                claim.task = self.ask_beside(RECOVERY_LATE, amount=claim.amount - claim.received, advice="received")
                return
            self.note(RecoveryReminded(recovery=claim.recovery, times=claim.pressed, until=part.until))
            template = "recovery_part_due" if press.act == "announce" else "recovery_reminder"
            occasion = f"{claim.recovery}/{part.until}/{claim.pressed}"
            self.write_about(claim, template, occasion, part.amount, part.until)

    def _next_press(self, claim: Claim) -> Press | None:
        part = due_part(claim.parts, claim.received)
        if part is None:
            return None
        due = presses(part.until, planned=len(claim.parts) > 1, procedure=self.state.policy.procedure)
        pressed = self._pressed(claim, part)
        return due[pressed] if pressed < len(due) else None

    def _pressed(self, claim: Claim, part: RecoveryPart) -> int:
        return claim.pressed if claim.due == part.until else 0

    def write_about(
        self, claim: Claim, template: str, occasion: str, amount: Decimal, until: date | None, **more: Any
    ) -> None:
        """A mail about a claim, with the communication to pay back under. Amount in euro."""
        reference = spelled(claim.communication)
        self.mail(template, occasion=occasion, amount=amount, until=until, reference=reference, **more)

    def end_claim(self, claim: Claim, outcome: Ended) -> None:
        """It came, was let go, or nobody agreed to it."""
        self.drop_beside(claim.task)
        del self.state.claims[claim.recovery]
        self.state.claimed[claim.recovery] = claim.received
        self.note(RecoverySettled(recovery=claim.recovery, outcome=outcome, recovered=self.state.recovered))
        if claim.communication:
            self.write_about(claim, "recovery_settled", claim.recovery, claim.received, None, reason=outcome)

    def moments(self) -> Iterator[datetime]:
        """When a claim has to be written about."""
        yield from super().moments()
        for claim in self.state.claims.values():
            if claim.stage == "open" and (press := self._next_press(claim)) is not None:
                yield _moment(press)

    def awaited_beside(self) -> Awaited | None:
        """First on who has to pay back: until the last day, and after it until the next reminder."""
        for _, claim in sorted(self.state.claims.items()):
            if claim.stage != "open":
                continue
            part, press = due_part(claim.parts, claim.received), self._next_press(claim)
            if part is not None and press is not None:
                until = part.until if part.until >= self.today() else press.on
                return Party.APPLICANT, "recovery", until, "clerk_looks" if press.act == "hand_to_staff" else "reminded"
        return super().awaited_beside()


def _moment(press: Press) -> datetime:
    """In the morning, or when the day is over and a person has to look."""
    return end_of_day(press.on) if press.act == "hand_to_staff" else morning(press.on)
