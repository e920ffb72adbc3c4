"""Money: an instruction in the ledger under a key that exists once, then the word of a person or a bank on it."""

from datetime import date
from decimal import Decimal

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.messages.commands import Accepted, SettlePayment
    from models.messages.dossier import PaidOut
    from models.messages.events import (
        PaymentConfirmed,
        PaymentInstructed,
        PaymentReturned,
    )
    from models.messages.words import Party
    from schemes.returns import concerns_account
    from schemes.steps import PAYMENT
    from workflows.beside import Beside
    from workflows.journal import refusal

ACCOUNT = "account"
ACCOUNT_TERM = "30 days"


class Payments(Beside):
    """How a dossier pays."""

    async def pay(self, instalment: int, amount: Decimal, *, account_of: Party = Party.APPLICANT) -> None:
        """Instruct a payment and see it through. `amount` in euro; nothing is paid above the grant.

        A returned payment asks the beneficiary for another account and is instructed again under a new key.

        Raises:
            ApplicationError: more would be paid than granted, which no story may try.
        """
        if amount <= 0:
            return
        if self.state.paid + amount > self.state.granted:
            raise refusal("AboveGrant", f"{self.state.number}: instalment {instalment} goes above the grant")
        await self.conditions_met()
        tried = f"payment/{instalment}"
        while True:
            attempt = self.state.occurrences[tried] = self.state.occurrences.get(tried, 0) + 1
            key = f"{self.state.number}/payment/{instalment}/{attempt}"
            self.state.instructed = amount
            self.note(PaymentInstructed(payment=key, instalment=instalment, amount=amount, account_of=account_of))
            confirmed, word = await self._word_on(key, amount)
            self.state.instructed = Decimal(0)
            if confirmed:
                self.state.paid += amount
                self.state.paid_out[key] = PaidOut(
                    instalment=instalment, amount=amount, account_of=account_of, on=self.today()
                )
                self.note(PaymentConfirmed(payment=key, reference=word, paid=self.state.paid))
                self.mail("payment_done", account_of, occasion=key, amount=amount, reference=word, on=self.today())
                return
            self.note(PaymentReturned(payment=key, reason=word))
            await self._other_account(account_of, word)

    async def _other_account(self, account_of: Party, reason: str) -> None:
        """Money does not go to an account it came back from; other reasons of a bank are no matter of the account."""
        if not concerns_account(reason):
            return
        while (
            await self.request(ACCOUNT, ACCOUNT_TERM, party=account_of, fields=("iban",), silence="asked_again") is None
        ):
            pass

    def paid_on(self) -> date | None:
        """The day of the last payment that was confirmed and did not come back."""
        return max((paid.on for paid in self.state.paid_out.values() if paid.on is not None), default=None)

    def brought_back(self) -> bool:
        """Whether the bank brought back what it had paid."""
        return any(key in self.state.paid_out for key in self.state.came_back)

    async def pay_again(self) -> None:
        """What was confirmed and came back days later is not paid: it is instructed again, as far as the grant goes."""
        while self.brought_back():
            key = min(key for key in self.state.came_back if key in self.state.paid_out)
            was, reason = self.state.paid_out.pop(key), self.state.came_back.pop(key)
            self.state.paid -= was.amount
            self.note(PaymentReturned(payment=key, reason=reason, paid=self.state.paid))
            amount = min(was.amount, self.state.granted - self.state.paid)
            if amount > 0:
                await self._other_account(was.account_of, reason)
            await self.pay(was.instalment, amount, account_of=was.account_of)

    async def conditions_met(self) -> None:
        """Wait until no condition of the grant holds the money."""

    async def pay_rest(self) -> None:
        """Pay what the grant says and was not paid yet, as the next instalment."""
        paid = sum(1 for name in self.state.occurrences if name.startswith("payment/"))
        await self.pay(paid + 1, self.state.granted - self.state.paid)

    async def _word_on(self, key: str, amount: Decimal) -> tuple[bool, str]:
        """Whether it was paid, with the reference of the bank, or else with the reason why the money came back."""
        done = await self.ask_unless(lambda: key in self.state.settlements, PAYMENT, amount=amount, advice="confirmed")
        told = self.state.settlements.get(key)
        outcome = done.outcome if done else told.outcome if told else "returned"
        if outcome == "confirmed":
            return True, told.reference if told else f"{key}/{PAYMENT.code}"
        return False, "|".join(done.reasons) if done else told.reference if told else ""

    @workflow.signal
    def payment_settled(self, command: SettlePayment) -> None:
        """The bank's word; one that comes before the payment waits for it, a second one changes nothing."""
        self.state.settlements.setdefault(command.payment, command)

    @workflow.update
    async def settle_payment(self, command: SettlePayment) -> Accepted:
        """The same from somebody who wants an answer. A return after the confirmation is news: the money came back."""
        key, known = command.payment, self.state.settlements.get(command.payment)
        back = command.outcome == "returned"
        late = back and key in self.state.paid_out and key not in self.state.came_back
        if late:
            self.state.came_back[key] = command.reference
        news = known is None or (back and known.outcome == "confirmed")
        if news:
            self.state.settlements[key] = command
        return await self.stored(self.state.recorded, repeated=not (late or news))
