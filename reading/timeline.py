"""Everything that happened in one dossier, and what belongs to it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from models.messages.message import Message
from models.tables import DocumentRow, EventRow, PaymentRow
from reading import parties
from reading.dossiers import Mail, Standing, mails, standing
from reading.waiting import Waiting, waiting


class Entry(Message):
    """One event as it is stored."""

    sequence: int
    at: datetime
    by: str
    type: str
    data: dict[str, Any]


class ReceivedDocument(Message):
    """A document by kind and name."""

    code: str
    name: str
    party: str
    received_at: datetime


class Payment(Message):
    """A payment instruction in euro and what became of it."""

    payment: str
    instalment: int
    amount: Decimal
    state: str
    instructed_at: datetime
    ended_at: datetime | None


class Timeline(Message):
    """A dossier with its past, its papers, its money, its mails and what comes."""

    dossier: Standing
    entries: tuple[Entry, ...]
    documents: tuple[ReceivedDocument, ...]
    payments: tuple[Payment, ...]
    mails: tuple[Mail, ...]
    waiting: Waiting
    names: Mapping[str, str]
    """Names of those who act in it, by the id that events carry; an erased person has none."""


async def timeline(connection: AsyncConnection, number: str) -> Timeline | None:
    """The whole of one dossier; None when it never opened."""
    found = await standing(connection, number)
    if found is None:
        return None
    events = await _rows(connection, Entry, EventRow, EventRow.sequence, number)
    acting = {entry.by for entry in events} | {person for entry in events for person in _persons(entry.data)}
    return Timeline(
        dossier=found,
        entries=events,
        documents=await _rows(connection, ReceivedDocument, DocumentRow, DocumentRow.id, number),
        payments=await _rows(connection, Payment, PaymentRow, PaymentRow.payment, number),
        mails=await mails(connection, dossier=number, limit=1000),
        waiting=await waiting(connection, found),
        names=await parties.names(connection, number, acting),
    )


async def _rows(connection: AsyncConnection, shown: type[Any], table: Any, order: Any, number: str) -> tuple[Any, ...]:
    columns = (getattr(table, name) for name in shown.model_fields)
    rows = await connection.execute(select(*columns).where(col(table.dossier) == number).order_by(order))
    return tuple(shown.model_validate(dict(row)) for row in rows.mappings())


def _persons(data: Mapping[str, Any]) -> Iterator[str]:
    yield from (data[name] for name in ("person", "on_behalf_of") if data.get(name))
    yield from data.get("persons", ())
