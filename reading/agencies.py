"""What agencies did, by the journals of their people as they stood at the end of a day."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from models.messages.guidance import GuidedMonth
from models.messages.questions import Questions, told_hours
from models.messages.standstills import FACTS, STARTED, TAKEN_OVER, Days, Standstills
from models.tables.journal import OF_THE_ACCEPTANCE, OF_THE_START
from reading.days import local_day
from reading.guided import RESUMED, TURNS

REGISTERED = "hours_registered"

_OF_STAFF = """
    SELECT number, agency, rehearsed,
        CASE facts ->> 'answer' WHEN 'accepted' THEN (facts ->> 'answered_on')::date END AS accepted_on
    FROM receipt WHERE kind = 'trajectory' AND agency IS NOT NULL
"""
_KNOWN = "SELECT DISTINCT agency FROM receipt WHERE agency IS NOT NULL ORDER BY 1"
_OWN = """
    SELECT number, :agency AS agency, rehearsed, accepted_on(number) AS accepted_on
    FROM dossier WHERE kind = 'trajectory' AND number IN (SELECT own_dossiers())
"""
_ACCEPTED = f"""
    SELECT dossier, min(at) AS at FROM event
    WHERE dossier = ANY (:numbers) AND at < :until AND {OF_THE_ACCEPTANCE} GROUP BY dossier
"""
_BEGUN = f"SELECT DISTINCT dossier FROM event WHERE dossier = ANY (:numbers) AND at < :until AND {OF_THE_START}"
_TOLD = """
    SELECT dossier, type, at, data FROM event
    WHERE dossier = ANY (:numbers) AND at < :until AND (
        type IN ('regime_chosen', 'followed_up', 'phase_entered', 'closed')
        OR type IN ('request_lapsed', 'request_cancelled', 'request_answered', 'answer_kept')
        OR type IN ('clock_stopped', 'clock_resumed')
        OR (type = 'request_opened' AND data ->> 'party' = 'agency')
        OR (type = 'reported' AND data ->> 'fact' = ANY (:facts))
    )
    ORDER BY dossier, sequence
"""
_FACTS = (*TURNS, *FACTS, RESUMED, REGISTERED)


class Asked(NamedTuple):
    """A question to the agency: its code, in which phase and about which moment it was put, and what came of it."""

    code: str
    phase: str
    moment: str | None
    asked_on: date
    answered_on: date | None = None
    lapsed: bool = False


class Month(NamedTuple):
    """A month as it was told last, with the last day of what was registered, and since when that is told."""

    told: GuidedMonth
    last: date
    told_on: date


class Closed(NamedTuple):
    """How a dossier ended."""

    on: date
    outcome: str
    reason: str


class Course(NamedTuple):
    """One trajectory by its facts, each with the day on which it was told; what they mean is counted elsewhere."""

    number: str
    agency: str
    accepted_on: date | None
    turns: Mapping[str, Any]
    held: tuple[Days, ...]
    """First and last day of each new job in which the guidance stood still; None: it still does."""
    months: tuple[Month, ...]
    hours: tuple[tuple[str, Decimal], ...]
    """Hours told at the end of a phase, by the phase."""
    questions: tuple[Asked, ...]
    closed: Closed | None
    taken_over_on: date | None
    met_elsewhere: bool
    """The guidance had begun when it came from another fund."""


class Journals(NamedTuple):
    """Real people, or rehearsed ones: never both together. `has_both`: there are of each."""

    courses: tuple[Course, ...]
    rehearsed: bool
    has_both: bool


async def courses(
    connection: AsyncConnection,
    until: datetime,
    *,
    accepted: tuple[date, date] = (date.min, date.max),
    agency: str | None = None,
    rehearsed: bool = False,
) -> Journals:
    """The people of every agency that the connection shows; of an agency that asks for itself, `agency` is its name.

    Only those who took the offer between two days, `accepted`, both included, and those who began without a word of it:
    nobody reads the journals of the others. Rehearsed people when they are asked for, or when there are no others.
    Asked in steps, the journal by number: under row-level security a join with it has no estimate.
    """
    query, values = (_OF_STAFF, {}) if agency is None else (_OWN, {"agency": agency})
    known = (await connection.execute(text(query), values)).all()
    kinds = {row.rehearsed for row in known}
    shown = True in kinds and (rehearsed or False not in kinds)
    offered = {row.number: row.accepted_on for row in known if row.rehearsed is shown}
    readers = {number: _Reader() for number in await _began(connection, offered, until, accepted)}
    asked = {"numbers": list(readers), "until": until, "facts": list(_FACTS)}
    told = set()
    for row in await connection.execute(text(_TOLD), asked):
        readers[row.dossier].take(row.type, row.at, row.data)
        told.add(row.dossier)
    found = (readers[row.number].course(row.number, row.agency, row.accepted_on) for row in known if row.number in told)
    return Journals(tuple(found), shown, len(kinds) == 2)


async def _began(
    connection: AsyncConnection, offered: Mapping[str, date | None], until: datetime, accepted: tuple[date, date]
) -> list[str]:
    """Who took the offer in a period, as the receipt tells it or else the journal; and who began without."""
    since, last = accepted
    silent = [number for number, on in offered.items() if on is None]
    rows = await connection.execute(text(_ACCEPTED), {"numbers": silent, "until": until})
    told = {row.dossier: local_day(row.at) for row in rows}
    unsaid = [number for number in silent if number not in told]
    begun = set((await connection.execute(text(_BEGUN), {"numbers": unsaid, "until": until})).scalars())
    days = ((number, on or told.get(number)) for number, on in offered.items())
    return [number for number, on in days if (since <= on <= last if on else number in begun)]


async def known_agencies(connection: AsyncConnection) -> tuple[str, ...]:
    """The agencies of the people that the connection shows, by name."""
    return tuple((await connection.execute(text(_KNOWN))).scalars())


class _Reader:
    """Gathers what one journal tells."""

    def __init__(self) -> None:
        self._accepted_on: date | None = None
        self._turns: dict[str, Any] = {}
        self._phase = ""
        self._still = Standstills()
        self._months: dict[str, Month] = {}
        self._hours: dict[str, Decimal] = {}
        self._questions = Questions()
        self._asked: dict[str, Asked] = {}
        self._closed: Closed | None = None
        self._taken_over_at: datetime | None = None
        self._met_elsewhere = False

    def take(self, kind: str, at: datetime, data: Mapping[str, Any]) -> None:
        """One event, in its order."""
        on, about = local_day(at), self._questions.take(kind, data)
        self._still.take(kind, at, data)
        match kind:
            case "phase_entered":
                self._phase = data["phase"]
            case "regime_chosen":
                self._turns["regime"] = data["regime"]
            case "followed_up":
                self._turns |= {"outcome": data["outcome"], "reason": data.get("reason")}
            case "closed":
                self._closed = Closed(on, data["outcome"], data["reason"])
            case "reported":
                self._reported(at, on, data)
            case "request_answered" | "answer_kept":
                self._answered(on, about, data.get("values", {}))
            case "request_opened" | "request_lapsed" | "request_cancelled":
                self._asks(kind, on, data)

    def course(self, number: str, agency: str, accepted_on: date | None) -> Course:
        """Everything together; the acceptance as it was received goes before the day on which it was told."""
        return Course(
            number=number,
            agency=agency,
            accepted_on=accepted_on or self._accepted_on,
            turns=self._turns | ({STARTED: self._still.started_on} if self._still.started_on else {}),
            held=self._still.held,
            months=tuple(self._months.values()),
            hours=tuple(self._hours.items()),
            questions=tuple(self._asked.values()),
            closed=self._closed,
            taken_over_on=local_day(self._taken_over_at) if self._taken_over_at else None,
            met_elsewhere=self._met_elsewhere,
        )

    def _reported(self, at: datetime, on: date, data: Mapping[str, Any]) -> None:
        fact, day = data["fact"], date.fromisoformat(data["on"])
        said_again = at == self._taken_over_at
        if fact == TAKEN_OVER:
            self._taken_over_at = at
        elif fact in TURNS:
            self._turns[fact] = day
            self._met_elsewhere |= said_again
        elif fact == RESUMED:
            self._turns.pop("guidance_ended", None)
        elif told := GuidedMonth.told(data.get("values", {})):
            before = self._months.get(told.month)
            first = before.told_on if before and before.last >= day else on
            self._months[told.month] = Month(told, day, first)

    def _asks(self, kind: str, on: date, data: Mapping[str, Any]) -> None:
        """A question to the agency, or its end; one that was taken back is none."""
        name = data["request"]
        if kind == "request_opened":
            self._asked[name] = Asked(data["code"], self._phase, data.get("moment"), on)
        elif name in self._asked and kind == "request_lapsed":
            self._asked[name] = self._asked[name]._replace(lapsed=True)
        elif name in self._asked:
            del self._asked[name]

    def _answered(self, on: date, about: str | None, values: Mapping[str, str]) -> None:
        """An answer, in time or not; hours that were registered by month are no answer of their own."""
        if values.get("answer") == "accepted":
            self._accepted_on = self._accepted_on or on
        hours = told_hours(values)
        if about is not None and hours is not None and values.get("reported") != REGISTERED:
            self._hours[about] = hours
        name = self._questions.answers
        if name in self._asked and self._asked[name].answered_on is None:
            self._asked[name] = self._asked[name]._replace(answered_on=on)
