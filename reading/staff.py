"""The people of a fund: who they are, what they have in hand, who stands in for whom, and what waits for a yes."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from models.messages.message import Message
from models.messages.words import Fund
from models.tables import Absence, RoleChange, StaffMember, TaskHold


class Colleague(Message):
    """A member of staff; `in_hand` counts the tasks taken and not finished."""

    person: str
    fund: Fund
    name: str
    email: str
    language: str
    roles: tuple[str, ...]
    active: bool
    bench: str | None
    team: str | None
    in_hand: int


class Proposal(Message):
    """Roles that one administrator proposes and another has to confirm."""

    change: int
    person: str
    roles: tuple[str, ...]
    bench: str | None
    proposed_by: str
    proposed_at: datetime


class Away(Message):
    """When somebody is away and who stands in, both days inclusive."""

    absence: int
    person: str
    substitute: str
    starts_on: date
    ends_on: date
    set_by: str


async def colleagues(connection: AsyncConnection, funds: Iterable[Fund]) -> tuple[Colleague, ...]:
    """The staff of these funds, those who left last."""
    query = _colleagues().where(col(StaffMember.fund).in_(sorted(funds)))
    rows = await connection.execute(query.order_by(col(StaffMember.active).desc(), col(StaffMember.name)))
    return tuple(Colleague.model_validate(dict(row)) for row in rows.mappings())


async def colleague(connection: AsyncConnection, person: str) -> Colleague | None:
    """One member of staff; None when there is none that may be seen."""
    row = (await connection.execute(_colleagues().where(col(StaffMember.person) == person))).mappings().one_or_none()
    return None if row is None else Colleague.model_validate(dict(row))


async def proposals(connection: AsyncConnection, funds: Iterable[Fund]) -> tuple[Proposal, ...]:
    """What waits for a second administrator, the oldest first."""
    shown = (getattr(RoleChange, name) for name in Proposal.model_fields)
    waiting = (col(RoleChange.fund).in_(sorted(funds)), col(RoleChange.state) == "proposed")
    rows = await connection.execute(select(*shown).where(*waiting).order_by(col(RoleChange.change)))
    return tuple(Proposal.model_validate(dict(row)) for row in rows.mappings())


async def absences(connection: AsyncConnection, funds: Iterable[Fund], since: date) -> tuple[Away, ...]:
    """Who is or will be away, from this day on; what was ended early is left out."""
    shown = (getattr(Absence, name) for name in Away.model_fields)
    wanted = (col(Absence.fund).in_(sorted(funds)), col(Absence.ends_on) >= since, col(Absence.cancelled_at).is_(None))
    rows = await connection.execute(
        select(*shown).where(*wanted).order_by(col(Absence.starts_on), col(Absence.absence))
    )
    return tuple(Away.model_validate(dict(row)) for row in rows.mappings())


def _colleagues() -> Any:
    held = select(func.count()).select_from(TaskHold).where(col(TaskHold.person) == col(StaffMember.person))
    own = (getattr(StaffMember, name) for name in Colleague.model_fields if name != "in_hand")
    return select(*own, held.correlate(StaffMember).scalar_subquery().label("in_hand"))
