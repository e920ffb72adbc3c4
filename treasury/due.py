"""What is due now: every instructed payment that no run pays, with what would be paid and what stands in its way."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from models.messages.message import Message
from models.messages.payment_runs import HoldReason
from models.messages.words import Instrument, Party
from schemes.identifiers import compact_iban
from schemes.withholding import natural_person, withhold
from treasury.checking import DUE, found_wrong, holder, percentage_withheld

NOTHING = Decimal(0)


class DuePayment(Message):
    """One payment. Amounts in euro: `amount` is what the bank would pay, gross less what is withheld. Personal."""

    payment: str
    dossier: str
    fund: str
    instalment: int
    rehearsed: bool
    account_of: str
    instructed_at: datetime
    gross: Decimal
    withheld: Decimal
    amount: Decimal
    natural_person: bool
    holder: str
    iban: str
    communication: str | None
    """Twelve digits that the beneficiary wants to be paid under."""
    digest: str | None
    obstacle: HoldReason | None


async def due_payments(connection: AsyncConnection, fund: str, *, rehearsed: bool = False) -> list[DuePayment]:
    """All that is due to a fund, in the order of the dossiers; changes nothing."""
    found = await connection.execute(text(DUE), {"fund": fund, "rehearsed": rehearsed})
    return [_due(dict(row)) for row in found.mappings()]


def _due(row: Mapping[str, Any]) -> DuePayment:
    person = natural_person(Instrument(row["instrument"]), Party(row["account_of"]))
    premium = withhold(row["gross"], percentage_withheld(row) if person else NOTHING)
    same = ("payment", "dossier", "fund", "instalment", "rehearsed", "account_of", "instructed_at", "digest")
    return DuePayment(
        **{name: row[name] for name in same},
        gross=premium.gross,
        withheld=premium.withheld,
        amount=premium.net,
        natural_person=person,
        holder=holder(row, person),
        iban=compact_iban(row["iban"] or ""),
        communication=row["communication"],
        obstacle=found_wrong(row, premium.net, person),
    )
