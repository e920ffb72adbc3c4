"""Trajectories as an agency keeps them: its own participants, their hours by month, and what became of them."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, any_, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from models.messages.guidance import GuidedMonth
from models.messages.questions import HOURS, Questions, told_hours
from models.messages.standstills import CORRECTED, start_put_right
from models.messages.words import Kind, Party
from models.tables import DossierRow, EventRow, FollowUpRow, GuidedHours, Participant, RequestRow
from reading.asked_of_agency import Asked, known_since, standing

TURNS = {"guidance_started": "started_on", "guidance_ended": "ended_on"}
"""What a trajectory tells of the guidance itself."""
RESUMED = "guidance_resumed"
"""Told when an end was a mistake: somebody was said to be gone, and is not."""
ENDS = ("stopped", "finished")
COURSE = ("new_job", "job_lost", *ENDS)
"""What is told of its course."""
OF_AGENCY = "agency_outcome"
"""The question to the agency what became of the person."""


class Hours(NamedTuple):
    """Hours that were told of one phase of the guidance, at its end."""

    phase: str
    hours: Decimal


class Month(NamedTuple):
    """A month as it was registered last. `at`: when."""

    told: GuidedMonth
    at: datetime


class Happened(NamedTuple):
    """A turn of the course as it was told: a new job, its loss, an early end; with what was said to have become of the
    person, of a new job in the same report, of an end by the agency afterwards."""

    fact: str
    on: date
    outcome: str | None


class Guided(NamedTuple):
    """One participant of an agency. `lived`: the last moment of a rehearsed dossier, which has its own calendar."""

    number: str
    name: str
    phase: str
    closed: str | None
    lived: datetime | None
    started_on: date | None
    ended_on: date | None
    happened: tuple[Happened, ...]
    hours: tuple[Hours, ...]
    months: tuple[Month, ...]
    outcome: str | None
    said: frozenset[str]
    """What the agency said, and what was noted, since the agency was last asked what became of the person."""
    asked: tuple[Asked, ...]

    def month(self, month: str) -> Month | None:
        """What is registered of a month (2024-05)."""
        return next((one for one in self.months if one.told.month == month), None)

    @property
    def first_on(self) -> date | None:
        """The day of the first talk, as registered, else as the start was told."""
        return min((one.told.first_on for one in self.months if one.told.first_on), default=self.started_on)

    def open_request(self, code: str) -> str | None:
        """The name of an open question with this code."""
        return next((one.request for one in self.asked if one.code == code and not one.overdue), None)


async def guided(
    connection: AsyncConnection, *, numbers: Collection[str] | None = None, month: str | None = None
) -> tuple[Guided, ...]:
    """Participants with these numbers, as far as they are shown; else of the agency that asks whose trajectory runs,
    with those of whom hours of a month (2024-05) stand."""
    if numbers is not None:
        return await _read(connection, _one_of(col(DossierRow.number), numbers))
    registered = select(col(GuidedHours.dossier)).where(col(GuidedHours.month) == month)
    return await _read(connection, _own() & (~_is_closed() | col(DossierRow.number).in_(registered)))


async def asked(connection: AsyncConnection) -> tuple[Guided, ...]:
    """The participants about whom something is asked of the agency, or was while it may still be answered."""
    of_agency = select(col(RequestRow.dossier)).where(col(RequestRow.party) == Party.AGENCY.value)
    unanswered = of_agency.where(col(RequestRow.state) == "open"), of_agency.where(col(RequestRow.state) == "lapsed")
    is_open, lapsed = (col(DossierRow.number).in_(one) for one in unanswered)
    found = await _read(connection, _own() & (is_open | lapsed & ~_is_closed()))
    return tuple(one for one in found if one.asked)


async def listed(connection: AsyncConnection, *, closed: bool, limit: int, offset: int = 0) -> tuple[Guided, ...]:
    """Part of the agency's participants: who is guided by number, or whose trajectory closed, the last one first."""
    return await _read(connection, _own() & (_is_closed() if closed else ~_is_closed()), limit=limit, offset=offset)


async def counted(connection: AsyncConnection, *, closed: bool) -> int:
    """How many participants the agency has in all, of those whose trajectory runs or closed."""
    query = select(func.count()).select_from(DossierRow).where(_own(), _is_closed() if closed else ~_is_closed())
    return await connection.scalar(query) or 0


def _own() -> ColumnElement[bool]:
    own = col(DossierRow.number).in_(select(func.own_dossiers()))
    return own & (col(DossierRow.kind) == Kind.TRAJECTORY.value)


def _is_closed() -> ColumnElement[bool]:
    return col(DossierRow.outcome).is_not(None)


def _one_of(column: Any, numbers: Collection[str]) -> ColumnElement[bool]:
    """One array, however many: a statement takes no more than 32 767 values apart."""
    found: ColumnElement[bool] = column == any_(literal(list(numbers), ARRAY(String)))
    return found


async def _read(
    connection: AsyncConnection, wanted: ColumnElement[bool], *, limit: int | None = None, offset: int = 0
) -> tuple[Guided, ...]:
    query = select(DossierRow).where(col(DossierRow.kind) == Kind.TRAJECTORY.value, wanted)
    order = (col(DossierRow.closed_at).desc().nulls_first(), col(DossierRow.number))
    found = (await connection.execute(query.order_by(*order).limit(limit).offset(offset))).all()
    numbers = [row.number for row in found]
    names = await _names(connection, numbers)
    events = _by_dossier(await _events(connection, numbers))
    lived = _by_dossier(await _months(connection, numbers))
    outcomes = await _outcomes(connection, numbers)
    requests = _by_dossier(await _asked(connection, numbers))
    return tuple(
        _guided(
            row,
            names.get(row.number, ""),
            events.get(row.number, []),
            lived.get(row.number, []),
            outcomes.get(row.number),
            requests.get(row.number, []),
        )
        for row in found
    )


def _guided(
    row: Any, name: str, events: list[Any], months: list[Any], outcome: str | None, requests: list[Any]
) -> Guided:
    turns, closed = turns_of(events), row.outcome is not None
    return Guided(
        number=row.number,
        name=name,
        phase=row.phase,
        closed=row.outcome,
        lived=row.updated_at if row.rehearsed else None,
        hours=hours_of(events),
        months=tuple(_month(one) for one in months),
        outcome=outcome,
        said=said_since_asked(events),
        asked=standing(requests, closed=closed, known=known_since(events, months, turns["ended_on"])),
        happened=happened_in(events),
        **turns,
    )


async def months(connection: AsyncConnection, number: str) -> tuple[Month, ...]:
    """What is registered of one person, the oldest month first."""
    return tuple(_month(row) for row in await _months(connection, [number]))


def hours_of(events: list[Any]) -> tuple[Hours, ...]:
    """The last number of hours that was told of each phase, also late, in the order of the phases."""
    questions, told = Questions(), dict[str, Decimal]()
    for event in events:
        phase = questions.take(event.type, event.data)
        hours = told_hours(event.data.get("values", {})) if event.data.get("code") == HOURS else None
        if phase is not None and hours is not None:
            told[phase] = hours
    return tuple(Hours(*one) for one in sorted(told.items()))


def turns_of(events: list[Any]) -> dict[str, date | None]:
    """The day the guidance began, as it was put right last, and the day it ended, as far as they were."""
    found: dict[str, date | None] = dict.fromkeys(TURNS.values())
    for event in events:
        if turn := TURNS.get(event.data.get("fact", "")):
            found[turn] = date.fromisoformat(event.data["on"])
        elif event.data.get("fact") == RESUMED:
            found["ended_on"] = None
        elif found["started_on"] and (day := start_put_right(event.data)):
            found["started_on"] = day
    return found


def happened_in(events: list[Any]) -> tuple[Happened, ...]:
    """What was told of the course of the guidance, in the order in which it was told."""
    found: list[Happened] = []
    for event in events:
        outcome = event.data.get("values", {}).get("outcome")
        if event.data.get("fact") in COURSE:
            found.append(Happened(event.data["fact"], date.fromisoformat(event.data["on"]), outcome))
        elif event.data.get("code") == OF_AGENCY and found and found[-1].fact in ENDS and not found[-1].outcome:
            found[-1] = found[-1]._replace(outcome=outcome)
    return tuple(found)


def said_since_asked(events: list[Any]) -> frozenset[str]:
    """The last word of the agency and the last one that was noted; a new question asks for both anew."""
    word = noted = None
    for event in events:
        if event.type == "request_opened" and event.data["code"] == OF_AGENCY:
            word = noted = None
        elif event.type == "followed_up":
            noted = event.data["outcome"]
        elif event.data.get("code") == OF_AGENCY:
            word = event.data.get("values", {}).get("outcome")
    return frozenset(one for one in (word, noted) if one)


def _month(row: Any) -> Month:
    told = GuidedMonth(month=row.month, hours=row.hours, sessions=row.sessions, first_on=row.first_on)
    return Month(told, row.at)


def _by_dossier(rows: Iterable[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.dossier, []).append(row)
    return found


async def _names(connection: AsyncConnection, numbers: list[str]) -> dict[str, str]:
    query = select(Participant).where(_one_of(col(Participant.dossier), numbers))
    return {row.dossier: f"{row.first_name} {row.last_name}" for row in await connection.execute(query)}


async def _events(connection: AsyncConnection, numbers: list[str]) -> Iterable[Any]:
    told = col(EventRow.type).in_(("phase_entered", "request_answered", "answer_kept", "followed_up"))
    questions = col(EventRow.type).in_(("request_opened", "request_lapsed"))
    asked = questions & col(EventRow.data)["code"].astext.in_((OF_AGENCY, HOURS))
    facts = (*TURNS, *COURSE, CORRECTED, RESUMED)
    turned = (col(EventRow.type) == "reported") & col(EventRow.data)["fact"].astext.in_(facts)
    query = select(col(EventRow.dossier), col(EventRow.type), col(EventRow.data), col(EventRow.at)).where(
        _one_of(col(EventRow.dossier), numbers), or_(told, asked, turned)
    )
    return await connection.execute(query.order_by(col(EventRow.dossier), col(EventRow.sequence)))


async def _months(connection: AsyncConnection, numbers: list[str]) -> Iterable[Any]:
    query = select(GuidedHours).where(_one_of(col(GuidedHours.dossier), numbers))
    return await connection.execute(query.order_by(col(GuidedHours.dossier), col(GuidedHours.month)))


async def _outcomes(connection: AsyncConnection, numbers: list[str]) -> dict[str, str]:
    query = select(FollowUpRow).where(_one_of(col(FollowUpRow.dossier), numbers)).order_by(col(FollowUpRow.at))
    return {row.dossier: row.outcome for row in await connection.execute(query)}


async def _asked(connection: AsyncConnection, numbers: list[str]) -> Iterable[Any]:
    query = select(RequestRow).where(
        _one_of(col(RequestRow.dossier), numbers), col(RequestRow.party) == Party.AGENCY.value
    )
    return await connection.execute(query.order_by(col(RequestRow.until), col(RequestRow.opened_at)))
