"""Why a dossier waits: on whom, since when, until when, and what happens otherwise."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from models.messages.message import Message
from models.tables import RequestRow, TaskHold, TaskRow
from reading.dossiers import Standing


class Wait(Message):
    """One thing that has to happen. `on` is a role of staff, a party, or the calendar."""

    on: str
    what: str
    """Code of the step, the request or the reason."""
    key: str | None
    """Name of the task or the request, by which it is answered."""
    since: datetime | None
    until: date | None
    derivation: str | None
    """How the last day follows from the rules."""
    otherwise: str | None
    holder: str | None = None
    """Id of the member of staff who has it in hand."""
    wants: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    goes_out_at: datetime | None = None
    """When the answer that was given goes out, and until when it may be taken back."""


class Waiting(Message):
    """Everything an open dossier waits for; nothing once it is closed."""

    number: str
    waits: tuple[Wait, ...]


async def waiting(connection: AsyncConnection, dossier: Standing) -> Waiting:
    """What this dossier waits for."""
    if dossier.outcome is not None:
        return Waiting(number=dossier.number, waits=())
    waits = [*await _tasks(connection, dossier.number), *await _requests(connection, dossier.number)]
    if not waits and dossier.waiting_on is not None:
        waits.append(_resting(dossier))
    return Waiting(number=dossier.number, waits=tuple(waits))


async def _tasks(connection: AsyncConnection, number: str) -> list[Wait]:
    query = (
        select(*TaskRow.__table__.columns, col(TaskHold.person).label("holder"))  # type: ignore[attr-defined]
        .join(TaskHold, col(TaskHold.task) == col(TaskRow.task), isouter=True)
        .where(col(TaskRow.dossier) == number, col(TaskRow.state).in_(("open", "held")))
        .order_by(col(TaskRow.due), col(TaskRow.task))
    )
    return [
        Wait(
            on=row.role,
            what=row.step,
            key=row.task,
            since=row.opened_at,
            until=row.due,
            derivation=row.derivation,
            otherwise=row.silence,
            holder=row.holder,
            outcomes=tuple(row.outcomes),
            goes_out_at=row.goes_out_at,
        )
        for row in await connection.execute(query)
    ]


async def _requests(connection: AsyncConnection, number: str) -> list[Wait]:
    query = select(RequestRow).where(col(RequestRow.dossier) == number, col(RequestRow.state) == "open")
    return [
        Wait(
            on=row.party,
            what=row.code,
            key=row.request,
            since=row.opened_at,
            until=row.until,
            derivation=row.derivation,
            otherwise=row.silence,
            wants=tuple(row.wants),
        )
        for row in await connection.execute(query.order_by(col(RequestRow.until), col(RequestRow.request)))
    ]


def _resting(dossier: Standing) -> Wait:
    return Wait(
        on=dossier.waiting_on or "",
        what=dossier.waiting_for or "",
        key=None,
        since=dossier.waiting_since,
        until=dossier.waiting_until,
        derivation=None,
        otherwise=dossier.otherwise,
    )
