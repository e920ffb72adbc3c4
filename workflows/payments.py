"""Money: an instruction in the ledger under a key that exists once, then the word of a person or a bank on it."""

from decimal import Decimal

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.messages.commands import Accepted, SettlePayment
    from models.messages.events import (
        PaymentConfirmed,
        PaymentInstructed,
        PaymentReturned,
    )
    from models.messages.words import Party
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
            reference = await self._word_on(key, amount)
            self.state.instructed = Decimal(0)
            if reference is not None:
                self.state.paid += amount
                self.note(PaymentConfirmed(payment=key, reference=reference, paid=self.state.paid))
                self.mail("payment_done", account_of, occasion=key, amount=amount, reference=reference, on=self.today())
                return
            while (
                await self.request(ACCOUNT, ACCOUNT_TERM, party=account_of, fields=("iban",), silence="asked_again")
                is None
            ):
                pass  # money does not go to an account it came back from

    async def conditions_met(self) -> None:
        """Wait until no condition of the grant holds the money."""

    async def pay_rest(self) -> None:
        """Pay what the grant says and was not paid yet, as the next instalment."""
        paid = sum(1 for name in self.state.occurrences if name.startswith("payment/"))
        await self.pay(paid + 1, self.state.granted - self.state.paid)

    async def _word_on(self, key: str, amount: Decimal) -> str | None:
        """The reference of the bank, or None when the money came back."""
        done = await self.ask_unless(lambda: key in self.state.settlements, PAYMENT, amount=amount, advice="confirmed")
        told = self.state.settlements.get(key)
        outcome = done.outcome if done else told.outcome if told else "returned"
        if outcome == "confirmed":
            return told.reference if told else f"{key}/{PAYMENT.code}"
        reason = "|".join(done.reasons) if done else told.reference if told else ""
        self.note(PaymentReturned(payment=key, reason=reason))
        return None

    @workflow.signal
    def payment_settled(self, command: SettlePayment) -> None:
        """The bank's word; one that comes before the payment waits for it, a second one changes nothing."""
        self.state.settlements.setdefault(command.payment, command)

    @workflow.update
    async def settle_payment(self, command: SettlePayment) -> Accepted:
        """The same from somebody who wants an answer."""
        repeated = command.payment in self.state.settlements
        self.state.settlements.setdefault(command.payment, command)
        return await self.stored(self.state.recorded, repeated=repeated)
