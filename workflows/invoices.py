"""Invoices of an outplacement held against the agreement and the registered hours, for a handler to look at."""

import json
from decimal import Decimal

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.agreements import Agreements
    from models.messages.events import Checked, CheckResult
    from models.messages.receipts import Reference
    from schemes.agreements import check_invoices, invoiced_lines
    from workflows.journal import FOREVER
    from workflows.watch import READING, Watch


class Invoices(Watch):
    """What was invoiced, and whether the hours justify it."""

    def keep_lines(self, values: dict[str, str]) -> None:
        """Remember what was invoiced per person, when an answer says it."""
        if self.state.story < 3:
            return
        lines = {person: str(amount) for person, amount in invoiced_lines(values).items()}
        self.state.notes["invoice_lines"] = json.dumps(lines, sort_keys=True)

    async def check_invoices(self) -> None:
        """Note what agreement and hours justify beside what was invoiced; nothing follows from it by itself."""
        if self.state.story < 3:
            return
        evidence = await workflow.execute_local_activity_method(
            Agreements.evidence,
            Reference(number=self.state.number),
            start_to_close_timeout=READING,
            retry_policy=FOREVER,
        )
        lines = json.loads(self.state.notes.get("invoice_lines", "{}"))
        invoiced = {person: Decimal(amount) for person, amount in lines.items()}
        found = check_invoices(evidence, Decimal(self.state.notes["invoiced"]), invoiced)
        results = (
            CheckResult(code=c.code, passed=c.passed, consequence=c.blocking, source=c.source, values=c.values)
            for c in found
        )
        self.note(Checked(checks=tuple(results)))
