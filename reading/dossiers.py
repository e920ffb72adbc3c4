"""Dossiers as they stand, one or a list of them, and the mails they sent."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from models.messages.message import Message
from models.messages.words import Fund, Kind, Party
from models.tables import DossierRow, Effect, Receipt


class Standing(Message):
    """Where a dossier stands. Amounts in euro."""

    number: str
    fund: str
    kind: str
    instrument: str
    policy: str
    parent: str | None
    rehearsed: bool
    received_at: datetime
    phase: str
    waiting_on: str | None
    waiting_for: str | None
    waiting_since: datetime | None
    waiting_until: date | None
    otherwise: str | None
    asked: Decimal | None
    granted: Decimal
    paid: Decimal
    recovered: Decimal
    outcome: str | None
    reason: str | None
    closed_at: datetime | None
    sequence: int


class Mail(Message):
    """A mail of the ledger and what became of it."""

    effect: str
    dossier: str
    template: str
    party: str
    role: str | None
    state: str
    attempts: int
    planned_at: datetime
    ended_at: datetime | None
    problem: str | None
    channel: str | None
    """By which way it left; not known of what left before there were several."""


class DossierQuery(Message):
    """Which dossiers are asked for; what is left out does not narrow."""

    kind: Kind | None = None
    fund: Fund | None = None
    open_only: bool = False
    waiting_on: Party | None = None
    parent: str | None = None
    limit: int = 50
    after: str = ""


class DossierPage(Message):
    """One page, and the cursor of the next one when there is more."""

    dossiers: tuple[Standing, ...]
    next: str | None


async def standing(connection: AsyncConnection, number: str) -> Standing | None:
    """Where this dossier stands; None when it never opened."""
    query = _columns(DossierRow, Standing).where(col(DossierRow.number) == number)
    row = (await connection.execute(query)).mappings().one_or_none()
    return None if row is None else Standing.model_validate(dict(row))


async def received_at(connection: AsyncConnection, number: str) -> datetime | None:
    """When an application with this number was received; None when there is none."""
    moment: datetime | None = await connection.scalar(
        select(col(Receipt.received_at)).where(col(Receipt.number) == number)
    )
    return moment


async def dossiers(connection: AsyncConnection, query: DossierQuery) -> DossierPage:
    """One page of dossiers, in the order of their numbers."""
    asked = _columns(DossierRow, Standing).where(col(DossierRow.number) > query.after)
    for column, value in (
        (DossierRow.kind, query.kind),
        (DossierRow.fund, query.fund),
        (DossierRow.waiting_on, query.waiting_on),
        (DossierRow.parent, query.parent),
    ):
        if value is not None:
            asked = asked.where(col(column) == value)
    if query.open_only or query.waiting_on is not None:
        asked = asked.where(col(DossierRow.outcome).is_(None))
    rows = await connection.execute(asked.order_by(col(DossierRow.number)).limit(query.limit + 1))
    found = [Standing.model_validate(dict(row)) for row in rows.mappings()]
    page = tuple(found[: query.limit])
    return DossierPage(dossiers=page, next=page[-1].number if len(found) > query.limit else None)


async def mails(
    connection: AsyncConnection, *, dossier: str | None = None, state: str | None = None, limit: int = 50
) -> tuple[Mail, ...]:
    """Mails of the ledger, the oldest first; of one dossier or in one state."""
    asked = _columns(Effect, Mail)
    if dossier is not None:
        asked = asked.where(col(Effect.dossier) == dossier)
    if state is not None:
        asked = asked.where(col(Effect.state) == state)
    rows = await connection.execute(asked.order_by(col(Effect.planned_at), col(Effect.effect)).limit(limit))
    return tuple(Mail.model_validate(dict(row)) for row in rows.mappings())


async def counts(connection: AsyncConnection) -> dict[str, int]:
    """How the house stands: open and closed dossiers, late tasks, mails by state, receipts that wait."""
    found = {
        "open_dossiers": select(func.count()).select_from(DossierRow).where(col(DossierRow.outcome).is_(None)),
        "closed_dossiers": select(func.count()).select_from(DossierRow).where(col(DossierRow.outcome).is_not(None)),
        "unstarted_receipts": select(func.count()).select_from(Receipt).where(col(Receipt.started_at).is_(None)),
    }
    for state in ("planned", "unknown", "refused", "unreachable"):
        found[f"{state}_mails"] = select(func.count()).select_from(Effect).where(col(Effect.state) == state)
    return {name: int(await connection.scalar(query) or 0) for name, query in found.items()}


def _columns(table: Any, shown: type[Message]) -> Select[Any]:
    return select(*(getattr(table, name) for name in shown.model_fields))
