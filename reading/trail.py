"""Who did what around the dossiers: signing in, looking into personal data, changing people, having things verified."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from models.messages.message import Message
from models.messages.words import Fund
from models.tables import AdminEvent, EventRow, SensitiveRead, SignIn, StaffMember, VerificationRun


class StoredEvent(Message):
    """An event with what ties it to the one before."""

    dossier: str
    sequence: int
    type: str
    at: datetime
    recorded_at: datetime
    by: str
    data: dict[str, Any]
    previous: str
    hash: str


class Run(Message):
    """What a verification found, that somebody asked for."""

    dossier: str | None
    by: str
    at: datetime
    dossiers: int
    events: int
    faults: tuple[Mapping[str, str], ...]
    ended_at: datetime | None
    """None while it is under way."""


class Entrance(Message):
    """Somebody of the staff came in, or did not."""

    person: str
    how: str
    outcome: str
    at: datetime


class Look(Message):
    """Somebody saw personal data of a dossier."""

    person: str
    party: str
    dossier: str
    what: str
    at: datetime


class Change(Message):
    """Something an administrator did."""

    event: int
    at: datetime
    by: str
    about: str
    what: str
    data: dict[str, Any]


async def events(connection: AsyncConnection, number: str) -> tuple[StoredEvent, ...]:
    """Every event of a dossier, in its order."""
    query = _columns(EventRow, StoredEvent).where(col(EventRow.dossier) == number)
    return await _found(connection, query.order_by(col(EventRow.sequence)), StoredEvent)


async def last_run(connection: AsyncConnection, fund: Fund, dossier: str | None = None) -> Run | None:
    """The last verification of a dossier, or of the whole fund."""
    query = _columns(VerificationRun, Run).where(col(VerificationRun.fund) == fund)
    query = query.where(col(VerificationRun.dossier) == dossier if dossier else col(VerificationRun.dossier).is_(None))
    found = await _found(connection, query.order_by(col(VerificationRun.run).desc()).limit(1), Run)
    return found[0] if found else None


async def entrances(connection: AsyncConnection, funds: Iterable[Fund], limit: int = 100) -> tuple[Entrance, ...]:
    """Who of the staff of these funds came in, the last first. Pages may not read this under a visitor's name."""
    of_fund = select(col(StaffMember.person)).where(col(StaffMember.fund).in_(sorted(funds)))
    query = _columns(SignIn, Entrance).where(col(SignIn.person).in_(of_fund))
    return await _found(connection, query.order_by(col(SignIn.at).desc(), col(SignIn.id).desc()).limit(limit), Entrance)


async def looks(connection: AsyncConnection, dossier: str | None = None, limit: int = 100) -> tuple[Look, ...]:
    """Who saw personal data, the last first; of one dossier or of all that may be seen."""
    query = _columns(SensitiveRead, Look)
    if dossier is not None:
        query = query.where(col(SensitiveRead.dossier) == dossier)
    ordered = query.order_by(col(SensitiveRead.at).desc(), col(SensitiveRead.id).desc())
    return await _found(connection, ordered.limit(limit), Look)


async def changes(
    connection: AsyncConnection, funds: Iterable[Fund], *, about: str | None = None, limit: int = 100
) -> tuple[Change, ...]:
    """What administrators of these funds did, the last first; about one person or all."""
    query = _columns(AdminEvent, Change).where(col(AdminEvent.fund).in_(sorted(funds)))
    if about is not None:
        query = query.where(col(AdminEvent.about) == about)
    return await _found(connection, query.order_by(col(AdminEvent.event).desc()).limit(limit), Change)


def _columns(table: Any, shown: type[Message]) -> Any:
    return select(*(getattr(table, name) for name in shown.model_fields))


async def _found(connection: AsyncConnection, query: Any, shown: type[Any]) -> tuple[Any, ...]:
    return tuple(shown.model_validate(dict(row)) for row in (await connection.execute(query)).mappings())
