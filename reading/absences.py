"""Who is away and who stands in, for the eye: whether it holds at a moment of use is asked of `absences.py`."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from models.messages.message import Message
from models.messages.words import Fund
from models.tables import Absence, StaffMember


class Away(Message):
    """One absence, both days inclusive."""

    absence: int
    fund: str
    person: str
    substitute: str
    starts_on: date
    ends_on: date
    set_by: str


async def coming(connection: AsyncConnection, funds: Sequence[Fund], today: date) -> tuple[Away, ...]:
    """What holds now or later, by its first day."""
    query = select(*(getattr(Absence, name) for name in Away.model_fields)).where(
        col(Absence.fund).in_(funds), col(Absence.cancelled_at).is_(None), col(Absence.ends_on) >= today
    )
    rows = await connection.execute(query.order_by(col(Absence.starts_on), col(Absence.absence)))
    return tuple(Away.model_validate(dict(row)) for row in rows.mappings())


async def colleagues(connection: AsyncConnection, fund: Fund) -> tuple[tuple[str, str, list[str]], ...]:
    """Who works for a fund: id, name and roles, by name."""
    query = select(col(StaffMember.person), col(StaffMember.name), col(StaffMember.roles)).where(
        col(StaffMember.fund) == fund, col(StaffMember.active)
    )
    rows = await connection.execute(query.order_by(col(StaffMember.name)))
    return tuple((row.person, row.name, row.roles) for row in rows)
