"""What other systems ask: dossiers in pages, what happened in one, its papers and its money.

Every query shows what the connection may see (row-level security), and walks an index to the next page.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from models.messages.message import Message
from models.messages.words import Fund, Instrument, Kind, Party
from models.tables import DocumentRow, DossierRow, EventRow, PaymentRow, Receipt
from reading.dossiers import Standing


class OutsideQuery(Message):
    """Which dossiers are asked for; what is left out does not narrow. `own`: those of somebody outside the funds."""

    own: bool
    fund: Fund | None = None
    kind: Kind | None = None
    instrument: Instrument | None = None
    open: bool | None = None
    waiting_on: Party | None = None
    parent: str | None = None
    enterprise: str | None = None
    reference: str | None = None
    limit: int = 50
    after: str = ""


class Happened(Message):
    """One event as it is stored."""

    sequence: int
    at: datetime
    by: str
    type: str
    data: dict[str, Any]


class Paper(Message):
    """A document by kind and file name."""

    id: int
    code: str
    name: str
    party: str
    received_at: datetime


class Paid(Message):
    """A payment instruction in euro and what became of it."""

    payment: str
    dossier: str
    instalment: int
    amount: Decimal
    account_of: str
    state: str
    reference: str | None
    instructed_at: datetime
    ended_at: datetime | None


class Received(Message):
    """A receipt as it was given."""

    number: str
    fund: str
    kind: str
    instrument: str
    reference: str | None
    received_at: datetime


async def dossiers(connection: AsyncConnection, query: OutsideQuery) -> tuple[Standing, ...]:
    """Dossiers in the order of their numbers; one more than a page, when there is one."""
    asked = select(*(getattr(DossierRow, name) for name in Standing.model_fields))
    asked = asked.where(col(DossierRow.number) > query.after)
    for column, value in (
        (DossierRow.fund, query.fund),
        (DossierRow.kind, query.kind),
        (DossierRow.instrument, query.instrument),
        (DossierRow.waiting_on, query.waiting_on),
        (DossierRow.parent, query.parent),
    ):
        if value is not None:
            asked = asked.where(col(column) == value)
    if query.open is not None:
        asked = asked.where(col(DossierRow.outcome).is_(None) if query.open else col(DossierRow.outcome).is_not(None))
    if query.own:
        asked = asked.where(col(DossierRow.number).in_(select(func.own_dossiers())))
    for named, said in ((Receipt.enterprise_number, query.enterprise), (Receipt.reference, query.reference)):
        if said is not None:
            asked = asked.where(col(DossierRow.number).in_(select(col(Receipt.number)).where(col(named) == said)))
    rows = await connection.execute(asked.order_by(col(DossierRow.number)).limit(query.limit + 1))
    return tuple(Standing.model_validate(dict(row)) for row in rows.mappings())


async def received(connection: AsyncConnection, number: str) -> Received | None:
    """The receipt of this number, for an application whose dossier did not open yet."""
    columns = (getattr(Receipt, name) for name in Received.model_fields)
    row = (await connection.execute(select(*columns).where(col(Receipt.number) == number))).mappings().one_or_none()
    return None if row is None else Received.model_validate(dict(row))


async def happened(connection: AsyncConnection, number: str, after: int, limit: int) -> tuple[Happened, ...]:
    """Events after a sequence; one more than a page, when there is one."""
    return await _rows(connection, Happened, EventRow, number, EventRow.sequence, after, limit)


async def papers(connection: AsyncConnection, number: str, after: int, limit: int) -> tuple[Paper, ...]:
    """Documents in the order in which they came; one more than a page, when there is one."""
    return await _rows(connection, Paper, DocumentRow, number, DocumentRow.id, after, limit)


async def payments(connection: AsyncConnection, number: str, after: str, limit: int) -> tuple[Paid, ...]:
    """Payments by name; one more than a page, when there is one."""
    return await _rows(connection, Paid, PaymentRow, number, PaymentRow.payment, after, limit)


async def payment(connection: AsyncConnection, name: str) -> Paid | None:
    """One payment by its name."""
    columns = (getattr(PaymentRow, field) for field in Paid.model_fields)
    row = (await connection.execute(select(*columns).where(col(PaymentRow.payment) == name))).mappings().one_or_none()
    return None if row is None else Paid.model_validate(dict(row))


async def _rows(
    connection: AsyncConnection, shown: type[Any], table: Any, number: str, order: Any, after: int | str, limit: int
) -> tuple[Any, ...]:
    columns = (getattr(table, name) for name in shown.model_fields)
    asked = select(*columns).where(col(table.dossier) == number, col(order) > after)
    rows = await connection.execute(asked.order_by(col(order)).limit(limit + 1))
    return tuple(shown.model_validate(dict(row)) for row in rows.mappings())
