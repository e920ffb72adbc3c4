"""What the board grants, an expert carries out and reports on, and the fund pays in parts: phases of two kinds."""

from datetime import date
from decimal import Decimal
from types import MappingProxyType

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.messages.words import Document, Party
    from schemes.calendar import ONE_DAY
    from schemes.results import determined
    from schemes.steps import DETERMINATION, REPORT_MISSING, REPORT_REVIEW
    from workflows.instalments import Instalments
    from workflows.requests import Wants


class ExpertWork(Instalments):
    """The phases that transition support and project financing share."""

    told_by = MappingProxyType({"interim_report": Party.EXPERT, "final_report": Party.EXPERT})

    final_documents: Wants = ((Document.FINAL_REPORT,),)

    def next_report(self) -> date | None:
        """The day on which the next interim report is due; None when none is due before the end."""
        raise NotImplementedError

    async def intake(self) -> None:
        """Complete and admissible, or out."""
        self.state.asked = self.facts.asked
        await self.admit()
        self.state.asked = self.facts.asked

    async def review(self) -> None:
        """The sector consultant advises, with the amount by the rules."""
        found = await self.amount()
        self.state.notes["amount"] = str(await self.consider(found.amount))
        self.state.notes["steps"] = "|".join(f"{step.rule}: {step.amount}" for step in found.steps)

    async def approval(self) -> None:
        """The board decides on every file, both benches; after an objection never below what was paid."""
        amount = max(Decimal(self.state.notes["amount"]), self.state.paid)
        await self.grant(amount, tuple(self.state.notes["steps"].split("|")), "board")
        self.state.notes.setdefault("agreed_end", self.facts.ends_on.isoformat())
        self.plan_parts()

    async def first_payment(self) -> None:
        """The part that is due at approval."""
        await self.pay_up_to("approval")

    async def execution(self) -> None:
        """The expert works and reports; an accepted interim report makes the next part payable."""
        while self.today() <= self.facts.ends_on:
            day = self.next_report()
            until = day or self.facts.ends_on + ONE_DAY
            if await self.wait_until(until, "execution", "asks_report", unless=self.spoken_to):
                await self.listen()
            elif day is not None and self.today() <= self.facts.ends_on:
                self.state.notes["interim_asked"] = self.today().isoformat()
                if await self.report("interim_report", ((Document.INTERIM_REPORT,),), silence="withheld"):
                    self.state.notes["interim_report"] = "accepted"
                    await self.pay_up_to("interim_report")

    async def final_report(self) -> None:
        """Without a final report nothing more is paid, and what was paid may be claimed back."""
        while "final_report" not in self.state.notes:
            if await self.report("final_report", self.final_documents, silence="staff_decides"):
                self.state.notes["final_report"] = "accepted"
            else:
                await self._decide_without_report()

    async def determination(self) -> None:
        """The final amount, never above the grant; what was paid beyond it comes back."""
        while True:
            await self.listen()
            found = self.final_amount()
            done = await self.ask(DETERMINATION, amount=found, advice="confirm")
            if done.outcome == "refuse":
                self.refuse("handler", done.reasons)
            if done.outcome == "confirm":
                break
            await self.request("clarification", self.policy.report_term, silence="staff_decides")
        amount = found if done.amount is None else min(done.amount, found)
        self.state.notes["final"] = str(amount)
        self.regrant(amount, "determination")
        if amount < self.state.paid:
            await self.recover(self.state.paid - amount, "lower_final_amount")

    async def payment(self) -> None:
        """What is left of the grant."""
        await self.pay_up_to("final_report")

    def final_amount(self) -> Decimal:
        """What the rules give in the end, in euro."""
        return determined(self.facts, self.policy, self.state.granted).amount

    async def report(self, code: str, wants: Wants, *, silence: str) -> bool:
        """Ask the expert for a report until a handler accepts it; False when the last day passed in silence."""
        reminders = self.policy.procedure.completion_reminders
        while True:
            answer = await self.request(
                code,
                self.policy.report_term,
                party=Party.EXPERT,
                wants=wants,
                silence=silence,
                reminders=reminders,
                template="report_due",
            )
            if answer is None:
                return False
            self.state.documents.difference_update(*wants)  # the next report is another document
            if (await self.ask(REPORT_REVIEW, advice="accept")).outcome == "accept":
                return True

    async def _decide_without_report(self) -> None:
        """A person decides what silence about the result costs; a report that comes late may still be taken.

        Raises:
            SideExit: nothing more is paid.
        """
        advice = "no_payment" if "interim_report" in self.state.notes else "recover"
        done = await self.ask(REPORT_MISSING, amount=self.state.paid, advice=advice)
        if done.outcome == "ask_again":
            return
        self.regrant(self.state.paid, "no_report")
        claimed = self.state.paid if done.amount is None else min(done.amount, self.state.paid)
        if done.outcome == "recover" and claimed > 0:
            await self.recover(claimed, "no_report")
        self.lapse("no_report")
