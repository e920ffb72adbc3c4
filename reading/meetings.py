"""Meetings of a board: the agenda with what a member has to know, who may vote, and how was voted."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, any_, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from models.messages.message import Message
from models.messages.words import Fund, Role
from models.tables import DossierRow, DossierWords, EventRow, MeetingItem, StaffMember, TaskRow, Vote
from models.tables import Meeting as MeetingRow


class Meeting(Message):
    """A meeting of the board of one fund. `items` are the dossiers on its agenda, `decided` those with a decision."""

    meeting: str
    fund: Fund
    day: date
    place: str
    remark: str
    state: str
    chair: str | None
    minutes: str
    planned_by: str
    opened_at: datetime | None
    closed_at: datetime | None
    items: int = 0
    decided: int = 0


class Check(Message):
    """One automatic look at the facts."""

    code: str
    passed: bool
    source: str


class BoardTask(Message):
    """A dossier that the board has to decide on. Amounts in euro."""

    dossier: str
    task: str
    step: str
    """The bench whose turn it is; the unions' task follows on the employers' approval."""
    due: date
    derivation: str
    amount: Decimal | None
    advice: str | None
    excluded: tuple[str, ...]
    kind: str
    instrument: str
    policy: str
    asked: Decimal | None
    received_at: datetime
    employer: str | None
    checks: tuple[Check, ...] = ()


class Item(Message):
    """A dossier on an agenda, and what became of it there."""

    dossier: str
    place: int
    state: str
    result: str | None
    reasons: tuple[str, ...]
    members: tuple[str, ...]
    spoke: tuple[str, ...]
    closed_by: str | None
    closed_at: datetime | None
    kind: str
    instrument: str
    employer: str | None
    asked: Decimal | None
    granted: Decimal


class Member(Message):
    """A member of the board and the bench of it."""

    person: str
    name: str
    bench: str | None


class Cast(Message):
    """A vote as it was cast."""

    dossier: str
    person: str
    bench: str
    choice: str
    at: datetime


async def meetings(connection: AsyncConnection, funds: Iterable[Fund], limit: int = 50) -> tuple[Meeting, ...]:
    """The meetings of these funds, the latest first."""
    query = _meetings().where(col(MeetingRow.fund).in_(sorted(funds)))
    rows = await connection.execute(query.order_by(col(MeetingRow.day).desc(), col(MeetingRow.fund)).limit(limit))
    return tuple(Meeting.model_validate(dict(row)) for row in rows.mappings())


async def meeting(connection: AsyncConnection, name: str) -> Meeting | None:
    """One meeting; None when there is none that may be seen."""
    row = (await connection.execute(_meetings().where(col(MeetingRow.meeting) == name))).mappings().one_or_none()
    return None if row is None else Meeting.model_validate(dict(row))


async def board_tasks(connection: AsyncConnection, fund: Fund, dossier: str | None = None) -> tuple[BoardTask, ...]:
    """What the board of a fund has to decide on, the nearest last day first; or of one dossier."""
    shown = (
        *(getattr(TaskRow, name) for name in ("dossier", "task", "step", "due", "derivation", "amount", "advice")),
        *(getattr(DossierRow, name) for name in ("kind", "instrument", "policy", "asked", "received_at")),
        col(TaskRow.excluded),
        col(DossierWords.employer),
    )
    query = (
        select(*shown)
        .join(DossierRow, col(DossierRow.number) == col(TaskRow.dossier))
        .join(DossierWords, col(DossierWords.dossier) == col(TaskRow.dossier), isouter=True)
        .where(col(TaskRow.state) == "open", col(TaskRow.fund) == fund, col(TaskRow.step).like("board\\_%"))
        .order_by(col(TaskRow.due), col(TaskRow.task))
    )
    if dossier is not None:
        query = query.where(col(TaskRow.dossier) == dossier)
    found = [dict(row) for row in (await connection.execute(query)).mappings()]
    checks = await _checks(connection, [row["dossier"] for row in found])
    return tuple(BoardTask.model_validate(row | {"checks": checks.get(row["dossier"], ())}) for row in found)


async def items(connection: AsyncConnection, name: str) -> tuple[Item, ...]:
    """The agenda of a meeting, in its order."""
    own = [field for field in Item.model_fields if hasattr(MeetingItem, field)]
    shown = (
        *(getattr(MeetingItem, field) for field in own),
        *(getattr(DossierRow, field) for field in ("kind", "instrument", "asked", "granted")),
        col(DossierWords.employer),
    )
    query = (
        select(*shown)
        .join(DossierRow, col(DossierRow.number) == col(MeetingItem.dossier))
        .join(DossierWords, col(DossierWords.dossier) == col(MeetingItem.dossier), isouter=True)
        .where(col(MeetingItem.meeting) == name)
        .order_by(col(MeetingItem.place), col(MeetingItem.dossier))
    )
    return tuple(Item.model_validate(dict(row)) for row in (await connection.execute(query)).mappings())


async def members(connection: AsyncConnection, fund: Fund) -> tuple[Member, ...]:
    """Who sits on the board of a fund now."""
    query = (
        select(col(StaffMember.person), col(StaffMember.name), col(StaffMember.bench))
        .where(
            col(StaffMember.fund) == fund,
            col(StaffMember.active),
            literal(Role.BOARD.value) == any_(col(StaffMember.roles)),
        )
        .order_by(col(StaffMember.bench), col(StaffMember.name))
    )
    return tuple(Member.model_validate(dict(row)) for row in (await connection.execute(query)).mappings())


async def votes(connection: AsyncConnection, name: str) -> tuple[Cast, ...]:
    """Every vote of a meeting in the order in which it was cast, corrected ones too."""
    query = select(*(getattr(Vote, field) for field in Cast.model_fields)).where(col(Vote.meeting) == name)
    rows = await connection.execute(query.order_by(col(Vote.vote)))
    return tuple(Cast.model_validate(dict(row)) for row in rows.mappings())


async def names(connection: AsyncConnection, fund: Fund) -> dict[str, str]:
    """Names of the staff of a fund, those who left included."""
    query = select(col(StaffMember.person), col(StaffMember.name)).where(col(StaffMember.fund) == fund)
    return {row.person: row.name for row in await connection.execute(query)}


async def _checks(connection: AsyncConnection, numbers: list[str]) -> dict[str, tuple[Check, ...]]:
    """The checks of these dossiers as they were looked at last."""
    query = select(col(EventRow.dossier), col(EventRow.data)).where(
        col(EventRow.dossier).in_(numbers), col(EventRow.type) == "checked"
    )
    looked: dict[str, tuple[Check, ...]] = {}
    for dossier, data in await connection.execute(query.order_by(col(EventRow.dossier), col(EventRow.sequence))):
        wanted: list[dict[str, Any]] = data["checks"]
        looked[dossier] = tuple(
            Check(code=one["code"], passed=one["passed"], source=one.get("source", "")) for one in wanted
        )
    return looked


def _meetings() -> Select[Any]:
    own = [field for field in Meeting.model_fields if field not in ("items", "decided")]
    of_meeting = col(MeetingItem.meeting) == col(MeetingRow.meeting)
    counted = select(func.count()).select_from(MeetingItem).where(of_meeting)
    return select(
        *(getattr(MeetingRow, field) for field in own),
        counted.correlate(MeetingRow).scalar_subquery().label("items"),
        counted.where(col(MeetingItem.state) == "decided").correlate(MeetingRow).scalar_subquery().label("decided"),
    )
