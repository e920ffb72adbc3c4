"""Settling an outplacement: invoices, the amount by the formula or the cases, the decision and the payment."""

from decimal import Decimal

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.messages.words import Document, Outcome
    from schemes.coded_answers import amount_in
    from schemes.outplacement_amounts import OutplacementRates
    from schemes.outplacement_support import EmployerSupport, employer_support, has_cell, may_be_paid
    from schemes.steps import DETERMINATION, decision_level, settlement_deciders
    from workflows.invoices import Invoices


class Settlement(Invoices):
    """From the invoices to the payment; a dossier with nothing to settle passes through in silence."""

    async def invoices(self) -> None:
        """Invoices and proof of payment, asked until they can be read; silence means no support."""
        people = await self.people()
        self.state.notes["started"] = str(len(people))
        if self.facts.bankrupt or not may_be_paid(people, self.today(), self._rates):
            return
        while wanted := self._wanted():
            reminders = self.policy.procedure.completion_reminders
            answer = await self.request(
                "invoices", self.policy.invoice_term, fields=wanted, silence="no_support", reminders=reminders
            )
            if answer is None:
                self.state.notes["lapsed"] = "invoices"
                return
            self._read(answer.values)

    async def determination(self) -> None:
        """The amount by the rules, confirmed by a handler who may ask the invoices again."""
        while "invoiced" in self.state.notes:
            support = await self._support()
            await self.check_invoices()
            advice = "confirm" if support.amount > 0 else "refuse"
            done = await self.ask(DETERMINATION, amount=support.amount, advice=advice)
            if done.outcome == "refuse":
                self.refuse("handler", done.reasons)
            if done.outcome == "confirm":
                amount = support.amount if done.amount is None else min(done.amount, support.amount)
                self.state.asked = support.amount
                self.state.notes |= {"amount": str(amount), "steps": "|".join(support.steps)}
                return
            del self.state.notes["invoiced"]
            await self.invoices()

    async def approval(self) -> None:
        """The decision, by an approver or by both benches of the board as the amount asks."""
        if "amount" not in self.state.notes:
            return
        amount = Decimal(self.state.notes["amount"])
        level = decision_level(amount, self.policy.procedure, checked_by_itself=False)
        wanted, amount = amount, await self.reserve(amount, level)
        reasons: tuple[str, ...] = ()
        for step in settlement_deciders(level):
            done = await self.ask(step, amount=amount, advice="approve" if amount > 0 else "refuse")
            if done.outcome == "refuse":
                self.refuse(level, done.reasons)
            if done.outcome == "reduce" and done.amount is not None:
                amount, reasons = min(done.amount, amount), reasons + done.reasons
        amount = await self.reserve(amount, level)  # the fund may keep envelopes since
        if amount <= 0:
            self.refuse(level, ("nothing_payable",))
        outcome = Outcome.GRANTED if amount == self.state.asked else Outcome.PARTIALLY_GRANTED
        steps = tuple(self.state.notes["steps"].split("|"))
        self.decide(outcome, amount, level=level, reasons=(*self.shortfall(wanted), *reasons), steps=steps)
        self.replan()

    def replan(self) -> None:
        """One part, against the invoices."""
        self.plan(1, "invoices", self.state.granted)

    async def payment(self) -> None:
        """Once, to the employer."""
        await self.pay_rest()

    async def _support(self) -> EmployerSupport:
        invoiced, refund = Decimal(self.state.notes["invoiced"]), Decimal(self.state.notes["refund"])
        return employer_support(await self.people(), invoiced, refund, self.today(), self._rates)

    def _wanted(self) -> tuple[str, ...]:
        """What is still missing to settle."""
        documents = [Document.INVOICE, Document.PROOF_OF_PAYMENT]
        amounts = ["invoiced"]
        if has_cell(self.facts):
            documents.append(Document.PUBLIC_REFUND_DECISION)
            amounts.append("refund")
        unread = [] if "invoiced" in self.state.notes else amounts
        return (*unread, *(document for document in documents if document not in self.state.documents))

    def _read(self, values: dict[str, str]) -> None:
        """Keep the amounts when they can be read and the refund is within the invoices."""
        refund = amount_in(values, "refund") if has_cell(self.facts) else amount_in({"refund": "0"}, "refund")
        invoiced = amount_in(values, "invoiced")
        if invoiced is not None and refund is not None and refund <= invoiced:
            self.state.notes |= {"invoiced": str(invoiced), "refund": str(refund)}
            self.keep_lines(values)

    @property
    def _rates(self) -> OutplacementRates:
        return OutplacementRates.model_validate(self.policy)
