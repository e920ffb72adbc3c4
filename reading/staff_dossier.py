"""One dossier as staff see it: what was decided and by whom, what was looked at, handed in, put right and written."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import any_, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from models.messages.message import Message
from models.tables import (
    Contact,
    Correction,
    Employer,
    EventRow,
    HandEvent,
    Presence,
    Receipt,
    StaffMember,
    TaskFollowUp,
    TaskHold,
    TaskRow,
    TaskSnooze,
    Upload,
)
from reading.timeline import Timeline, timeline

PRESENT = timedelta(minutes=5)
"""Who had the dossier on a page so long ago still has it open."""


class Task(Message):
    """A task with who has it in hand, and how it got there. Amounts in euro."""

    task: str
    dossier: str
    fund: str
    kind: str
    step: str
    role: str
    due: date
    derivation: str
    outcomes: list[str]
    excluded: list[str]
    silence: str
    amount: Decimal | None
    advice: str | None
    state: str
    opened_at: datetime
    reminders: int
    outcome: str | None
    person: str | None
    reasons: list[str]
    on_behalf_of: str | None
    goes_out_at: datetime | None
    ended_at: datetime | None
    holder: str | None
    held_since: datetime | None
    given_by: str | None
    hand_reason: str | None
    note: str | None
    follow_up_on: date | None


class Check(Message):
    """An automatic check as it was looked at last."""

    code: str
    passed: bool
    consequence: str
    source: str
    values: dict[str, str]


class Paper(Message):
    """A document that was handed in; `upload` opens it when its content is kept here. `size` in bytes."""

    code: str
    name: str
    party: str
    received_at: datetime
    size: int | None = None
    media_type: str | None = None
    sha256: str | None = None
    upload: str | None = None


class Change(Message):
    """A fact that was put right. Old and new are known when the correction is kept."""

    field: str
    at: datetime
    by: str
    old: Any = None
    new: Any = None
    known: bool = False


class Hand(Message):
    """What somebody did with a task on the work list."""

    at: datetime
    act: str
    person: str
    on_behalf_of: str | None
    task: str | None
    to_person: str | None
    reason: str | None
    day: date | None


class Reached(Message):
    """A party of the dossier and how it is reached."""

    party: str
    name: str
    email: str | None
    phone: str | None
    language: str


class StaffDossier(Message):
    """The whole of one dossier for those who work on it."""

    timeline: Timeline
    tasks: tuple[Task, ...]
    checks: tuple[Check, ...]
    checked_at: datetime | None
    papers: tuple[Paper, ...]
    changes: tuple[Change, ...]
    hands: tuple[Hand, ...]
    contacts: tuple[Reached, ...]
    employer: str | None
    enterprise_number: str | None
    received_at: datetime | None
    ahead: timedelta
    """How far the own clock of a rehearsed dossier is ahead of ours, behind when negative; nothing for a real one."""
    names: Mapping[str, str]
    """Names of staff of the fund by the id that events carry, and of parties by their party."""


async def staff_dossier(connection: AsyncConnection, number: str) -> StaffDossier | None:
    """Everything about one dossier; None when it never opened, or is not visible on this connection."""
    found = await timeline(connection, number)
    if found is None:
        return None
    receipt = (await connection.execute(select(Receipt).where(col(Receipt.number) == number))).one_or_none()
    looked = [entry for entry in found.entries if entry.type == "checked"]
    enterprise = receipt.enterprise_number if receipt else None
    staff = select(col(StaffMember.person), col(StaffMember.name)).where(col(StaffMember.fund) == found.dossier.fund)
    known = {row.person: row.name for row in await connection.execute(staff)}
    return StaffDossier(
        timeline=found,
        tasks=await _tasks(connection, col(TaskRow.dossier) == number),
        checks=tuple(Check.model_validate(check) for check in looked[-1].data["checks"]) if looked else (),
        checked_at=looked[-1].at if looked else None,
        papers=await _papers(connection, found),
        changes=await _changes(connection, found, receipt.facts if receipt else {}),
        hands=await _shown(connection, Hand, HandEvent, number, HandEvent.event),
        contacts=await _shown(connection, Reached, Contact, number, Contact.party),
        employer=await _employer(connection, enterprise),
        enterprise_number=enterprise,
        received_at=receipt.received_at if receipt else None,
        ahead=await _ahead(connection, found),
        names={**known, **found.names},
    )


async def task(connection: AsyncConnection, name: str) -> Task | None:
    """One task; None when there is none, or it is not visible on this connection."""
    found = await _tasks(connection, col(TaskRow.task) == name)
    return found[0] if found else None


async def snoozed_until(connection: AsyncConnection, task: str, person: str) -> date | None:
    """Until which day this person does not want to see a task."""
    until: date | None = await connection.scalar(
        select(col(TaskSnooze.until)).where(col(TaskSnooze.task) == task, col(TaskSnooze.person) == person)
    )
    return until


async def present(connection: AsyncConnection, number: str, person: str, now: datetime) -> tuple[str, ...]:
    """Names of the colleagues who have this dossier open now."""
    rows = await connection.execute(
        select(col(StaffMember.name))
        .join(Presence, col(Presence.person) == col(StaffMember.person))
        .where(col(Presence.dossier) == number, col(Presence.person) != person)
        .where(col(Presence.seen_at) > now - PRESENT)
        .order_by(col(StaffMember.name))
    )
    return tuple(rows.scalars())


async def colleagues(connection: AsyncConnection, fund: str, role: str) -> tuple[tuple[str, str], ...]:
    """Who of a fund holds a role, by id and name, in the order of their names."""
    query = select(col(StaffMember.person), col(StaffMember.name)).where(
        col(StaffMember.fund) == fund, col(StaffMember.active), literal(role) == any_(col(StaffMember.roles))
    )
    return tuple((person, name) for person, name in await connection.execute(query.order_by(col(StaffMember.name))))


async def _ahead(connection: AsyncConnection, found: Timeline) -> timedelta:
    if not found.dossier.rehearsed:
        return timedelta(0)
    of_last = (col(EventRow.dossier) == found.dossier.number, col(EventRow.sequence) == found.dossier.sequence)
    last = (await connection.execute(select(EventRow).where(*of_last))).one()
    own: timedelta = last.at - last.recorded_at
    return own


async def _tasks(connection: AsyncConnection, condition: Any) -> tuple[Task, ...]:
    own = (getattr(TaskRow, name) for name in Task.model_fields if hasattr(TaskRow, name))
    beside: tuple[Any, ...] = (
        col(TaskHold.person).label("holder"),
        col(TaskHold.since).label("held_since"),
        col(TaskHold.given_by),
        col(TaskHold.reason).label("hand_reason"),
        col(TaskHold.note),
        col(TaskFollowUp.on_day).label("follow_up_on"),
    )
    query = (
        select(*own, *beside)
        .join(TaskHold, col(TaskHold.task) == col(TaskRow.task), isouter=True)
        .join(TaskFollowUp, col(TaskFollowUp.task) == col(TaskRow.task), isouter=True)
        .where(condition)
        .order_by(col(TaskRow.opened_at), col(TaskRow.task))
    )
    return tuple(Task.model_validate(dict(row)) for row in (await connection.execute(query)).mappings())


async def _papers(connection: AsyncConnection, found: Timeline) -> tuple[Paper, ...]:
    query = select(Upload).where(col(Upload.dossier) == found.dossier.number, col(Upload.handed_in_at).is_not(None))
    kept = [
        Paper(
            code=row.code,
            name=row.name,
            party=row.party,
            received_at=row.handed_in_at,
            size=row.size,
            media_type=row.media_type,
            sha256=row.sha256,
            upload=row.upload,
        )
        for row in await connection.execute(query)
    ]
    known = {(paper.code, paper.name) for paper in kept}
    named = [Paper(**paper.model_dump()) for paper in found.documents if (paper.code, paper.name) not in known]
    return tuple(sorted([*kept, *named], key=lambda paper: (paper.received_at, paper.code, paper.name)))


async def _changes(connection: AsyncConnection, found: Timeline, stated: dict[str, Any]) -> tuple[Change, ...]:
    """Every fact that was put right, in order; what it was before follows from the receipt and earlier corrections."""
    query = select(Correction).where(col(Correction.dossier) == found.dossier.number).order_by(col(Correction.id))
    kept = list(await connection.execute(query))
    changes: list[Change] = []
    for entry in found.entries:
        if entry.type != "facts_corrected":
            continue
        fields = list(entry.data["fields"])
        row = next((one for one in kept if sorted(one.fields) == sorted(fields)), None)
        if row is not None:
            kept.remove(row)
        for field in fields:
            told = {"old": stated.get(field), "new": row.facts.get(field), "known": True} if row is not None else {}
            changes.append(Change(field=field, at=entry.at, by=entry.by, **told))
        stated = stated if row is None else row.facts
    return tuple(changes)


async def _employer(connection: AsyncConnection, enterprise: str | None) -> str | None:
    if enterprise is None:
        return None
    query = select(col(Employer.name)).where(col(Employer.enterprise_number) == enterprise).limit(1)
    name: str | None = await connection.scalar(query)
    return name


async def _shown(connection: AsyncConnection, shown: type[Any], table: Any, number: str, order: Any) -> tuple[Any, ...]:
    columns = (getattr(table, name) for name in shown.model_fields)
    rows = await connection.execute(select(*columns).where(col(table.dossier) == number).order_by(order))
    return tuple(shown.model_validate(dict(row)) for row in rows.mappings())
