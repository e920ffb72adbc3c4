"""Outplacement: an employer's dossier, from the notification of dismissals to the last trajectory."""

from temporalio import workflow
from temporalio.common import VersioningBehavior

with workflow.unsafe.imports_passed_through():
    from models.messages.commands import AnswerRequest
    from models.messages.dossier import DossierState, Ending
    from models.messages.events import Checked, CheckResult
    from models.messages.words import Document, Outcome
    from schemes.outplacement_support import check_notification, has_cell, planned_end
    from schemes.steps import NOTIFICATION
    from schemes.terms import add_months
    from workflows.journal import SideExit
    from workflows.moving import MOVES
    from workflows.settlement import Settlement
    from workflows.watch import OF_TRAJECTORIES, SUCCEEDED

ROUNDS = 3
"""How often an employer is asked to correct before a clerk looks."""
MONTHS_OF_QUESTIONS = 14
"""From the end of a guidance until the last question about it was asked and answered."""


@workflow.defn(name="Outplacement", versioning_behavior=VersioningBehavior.PINNED)
class Outplacement(Settlement):
    """Intake, public refund, agreement, guidance, invoices, determination, approval, payment, follow-up."""

    asks = frozenset({"completion", "public_refund", "agreement", "invoices", "account"})
    reports = frozenset({*OF_TRAJECTORIES, SUCCEEDED, MOVES})
    reopens = "public_refund"

    @workflow.run
    async def run(self, state: DossierState) -> Ending:
        """The life of one employer's dossier; its trajectories live beside it."""
        before = (self.intake, self.public_refund, self.agreement, self.guidance)
        money = (self.invoices, self.determination, self.approval, self.payment)
        return await self.live(*before, *money, self.follow_up)

    async def intake(self) -> None:
        """An account number that can be right, then a clerk who looks whether the fund can follow these people."""
        for _ in range(ROUNDS):
            if self.facts.iban_valid or self.facts.bankrupt:
                break
            if await self._ask_employer("completion", fields=("iban_valid",)) is None:
                self.lapse("completion")
        checks = check_notification(self.facts, self.policy)
        results = (
            CheckResult(code=c.code, passed=c.passed, consequence=c.blocking, source=c.source, values=c.values)
            for c in checks
        )
        self.note(Checked(checks=tuple(results)))
        doubtful = tuple(check.code for check in checks if not check.passed)
        done = await self.ask(NOTIFICATION, advice="look" if doubtful else "admissible")
        if done.outcome == "refuse":
            self.refuse("handler", done.reasons)

    async def public_refund(self) -> None:
        """With an employment cell the employer asks the government first; the fund pays what that leaves."""
        if not has_cell(self.facts) or "public_refund" in self.state.notes:
            return
        if await self._ask_employer("public_refund", fields=("public_refund",)) is None:
            self.lapse("public_refund")
        self.state.notes["public_refund"] = "asked"

    async def agreement(self) -> None:
        """The contract with the agency and the list of participants; after a bankruptcy others keep those."""
        if not self.facts.bankrupt and await self._ask_employer("agreement", wants=self.policy.documents) is None:
            self.lapse("agreement")

    async def guidance(self) -> None:
        """Until everybody's guidance is over, or the employer sends the invoices before."""
        await self.watch(
            lambda standing: standing.guided + self.unregistered(standing),
            planned_end(self.facts),
            ("guidance", "asks_invoices"),
            unless=lambda: "invoices" in self.state.answers,
        )

    async def follow_up(self) -> None:
        """Until the last trajectory is closed, long after the money."""
        planned = add_months(self.today(), MONTHS_OF_QUESTIONS)
        await self.watch(
            lambda standing: standing.open + self.unregistered(standing), planned, ("trajectories", "closes")
        )
        if reason := self.state.notes.get("lapsed"):
            self.lapse(reason)
        if self.state.notes["started"] == "0":
            raise SideExit(Outcome.NOT_STARTED, "nobody_started")

    async def _ask_employer(
        self, code: str, *, wants: tuple[tuple[Document, ...], ...] = (), fields: tuple[str, ...] = ()
    ) -> AnswerRequest | None:
        procedure = self.policy.procedure
        return await self.request(
            code, procedure.completion_term, wants=wants, fields=fields, reminders=procedure.completion_reminders
        )
