"""What staff and the bank say about money that has to come back, and about a decision that was wrong."""

import uuid
from datetime import date
from decimal import Decimal

from dispatch import digest
from models.messages.commands import Accepted, OrderRecovery, PlanRecovery, RecoveryPaid, ReverseDecision
from models.messages.events import RecoveryPart
from paying import Paying


class Claiming(Paying):
    """Tells dossiers about claims and reversals. Amounts in euro.

    A proposal may be made again after it was refused, so each has an id of its own; one that waits is not made twice.
    """

    async def order_recovery(
        self, number: str, amount: Decimal, reason: str, person: str, for_person: str | None = None
    ) -> Accepted:
        """Propose to claim money back; an approver who did not propose it is asked to agree.

        Raises:
            Refusal: more than was paid and not claimed yet, the wrong role, or the dossier is closed.
        """
        command = OrderRecovery(amount=amount, reason=reason, by=await self.staff(person, for_person))
        return await self.tell(number, "order_recovery", command, f"claim:{uuid.uuid4().hex}")

    async def plan_recovery(self, recovery: str, parts: tuple[RecoveryPart, ...], person: str) -> Accepted:
        """Let a claim be paid back in parts, which together are what is still open.

        Raises:
            Refusal: the parts do not fit, the claim is not open, or this is nobody of finance.
        """
        command = PlanRecovery(recovery=recovery, parts=parts, by=await self.staff(person))
        return await self.tell(recovery.split("/")[0], "plan_recovery", command, f"plan:{uuid.uuid4().hex}")

    async def recovery_received(self, recovery: str, amount: Decimal, reference: str, booked_on: date) -> Accepted:
        """Money came back, once under each reference of the bank; what is too much becomes a task of finance.

        Raises:
            Refusal: nothing was ever claimed under this name, or the dossier is closed.
        """
        command = RecoveryPaid(recovery=recovery, amount=amount, reference=reference, booked_on=booked_on)
        return await self.tell(recovery.split("/")[0], "recovery_received", command, f"received:{digest(command)}")

    async def reverse_decision(
        self, number: str, amount: Decimal, reason: str, person: str, for_person: str | None = None
    ) -> Accepted:
        """Propose that another amount should have been granted; others have to agree before anything follows.

        Raises:
            Refusal: nothing was decided, it would change nothing, or this is no approver of the fund.
        """
        command = ReverseDecision(amount=amount, reason=reason, by=await self.staff(person, for_person))
        return await self.tell(number, "reverse_decision", command, f"reverse:{uuid.uuid4().hex}")
