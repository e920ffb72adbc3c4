"""The people of one employer as one thing: lists of cohorts, the counts of one, and its people page by page."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from models.messages.message import Message
from reading.finding import needle

PAGE = 50
LISTED = 30
SOON = timedelta(days=30)
NO_END = date(9999, 12, 31)
"""Of who waits for nothing, who comes last in the list."""


class Summary(Message):
    """One cohort in the list. `late`: people whose last day to do something is past."""

    number: str
    fund: str
    employer: str | None
    enterprise_number: str | None
    dismissal: str
    announced_on: date | None
    agency: str | None
    phase: str | None
    outcome: str | None
    people: int
    open: int
    late: int


class Head(Message):
    """The employer's side of a cohort, and the dossiers it came from or went to."""

    number: str
    fund: str
    employer: str | None
    enterprise_number: str | None
    dismissal: str
    bankrupt: bool
    announced_on: date | None
    notified_on: date
    agency: str | None
    phase: str | None
    outcome: str | None
    waiting_on: str | None
    waiting_for: str | None
    waiting_until: date | None
    predecessor: str | None
    successor: str | None
    rehearsed: bool


class Someone(Message):
    """One person of a cohort. `hours` were given; `became` and `unknown` are what was noted last, at `moment`."""

    number: str
    name: str
    phase: str | None
    outcome: str | None
    reason: str | None
    regime: str | None
    agency: str | None
    waiting_on: str | None
    waiting_for: str | None
    waiting_until: date | None
    moment: str | None
    became: str | None
    unknown: str | None
    hours: Decimal
    reachable: bool
    asked: bool
    earlier: str | None
    waits: date
    """By which the list is ordered: what is late stands first."""


class Due(NamedTuple):
    """How many people have the same last day for the same thing."""

    day: date
    on: str
    what: str
    people: int


class Standing(NamedTuple):
    """A whole cohort in numbers."""

    people: int
    begun: int
    phases: Mapping[str, int]
    outcomes: Mapping[str, int]
    regimes: Mapping[str, int]
    agencies: Mapping[str, int]
    became: Mapping[str, int]
    unknown: Mapping[str, int]
    answered: int
    asked: int
    unreachable: int
    hours: Decimal
    late: tuple[Due, ...]
    soon: tuple[Due, ...]


class Wanted(NamedTuple):
    """Which people of a cohort are asked for; `after` is the cursor of a page."""

    name: str = ""
    phase: str = ""
    outcome: str = ""
    regime: str = ""
    only: str = ""
    """`late`, `asked`, `unreachable` or `known` (dismissed before)."""
    after: str = ""


_PEOPLE = """
    SELECT r.number, coalesce(p.first_name || ' ' || p.last_name, '') AS name, d.phase, d.outcome, d.reason,
        regime.regime, r.facts ->> 'agency' AS agency, d.waiting_on, d.waiting_for, d.waiting_until,
        told.moment, told.outcome AS became, told.reason AS unknown, coalesce(given.hours, 0) AS hours,
        coalesce(c.left_on IS NULL AND (
            (c.email IS NOT NULL AND c.email_failed_at IS NULL)
            OR (c.phone IS NOT NULL AND c.phone_failed_at IS NULL)
            OR (c.street IS NOT NULL AND c.address_failed_at IS NULL)
        ), false) AS reachable,
        d.outcome IS NULL AND d.waiting_on IS NOT DISTINCT FROM 'participant' AS asked,
        r.facts -> 'earlier' ->> 'number' AS earlier,
        coalesce(CASE WHEN d.outcome IS NULL THEN d.waiting_until END, DATE '9999-12-31') AS waits
    FROM receipt r
    LEFT JOIN dossier d ON d.number = r.number
    LEFT JOIN participant p ON p.dossier = r.number AND p.line = 1
    LEFT JOIN contact c ON c.dossier = r.number AND c.party = 'participant'
    LEFT JOIN LATERAL (
        SELECT e.data ->> 'regime' AS regime FROM event e
        WHERE e.dossier = r.number AND e.type = 'regime_chosen' ORDER BY e.sequence DESC LIMIT 1
    ) regime ON true
    LEFT JOIN LATERAL (
        SELECT f.moment, f.outcome, f.reason FROM follow_up f WHERE f.dossier = r.number ORDER BY f.at DESC LIMIT 1
    ) told ON true
    LEFT JOIN LATERAL (SELECT sum(g.hours) AS hours FROM guided_hours g WHERE g.dossier = r.number) given ON true
    WHERE r.parent = :number AND r.kind = 'trajectory'
"""
_EVERYBODY = text(f"SELECT * FROM ({_PEOPLE}) one")
_FILTERS = {
    "phase": "one.outcome IS NULL AND one.phase = :phase",
    "outcome": "one.outcome = :outcome",
    "regime": "one.regime = :regime",
}
_ONLY = {
    "late": "one.waits < :today",
    "asked": "one.asked",
    "unreachable": "NOT one.reachable",
    "known": "one.earlier IS NOT NULL",
}
_LIST = text(
    """
    SELECT r.number, r.fund, r.enterprise_number, d.phase, d.outcome, r.facts ->> 'dismissal' AS dismissal,
        CAST(r.facts ->> 'announced_on' AS date) AS announced_on, r.facts ->> 'agency' AS agency,
        coalesce(named.name, r.enterprise_number) AS employer,
        people.people, people.open, people.late
    FROM receipt r
    JOIN dossier d ON d.number = r.number
    LEFT JOIN LATERAL (
        SELECT e.name FROM employer e WHERE e.enterprise_number = r.enterprise_number LIMIT 1
    ) named ON true
    CROSS JOIN LATERAL (
        SELECT count(*) AS people, count(*) FILTER (WHERE t.outcome IS NULL) AS open,
            count(*) FILTER (WHERE t.outcome IS NULL AND t.waiting_until < :today) AS late
        FROM receipt child LEFT JOIN dossier t ON t.number = child.number
        WHERE child.parent = r.number AND child.kind = 'trajectory'
    ) people
    WHERE d.kind = 'outplacement' AND d.fund = ANY (:funds) AND r.facts ->> 'dismissal' <> 'individual'
        AND (CAST(:after AS text) = '' OR d.number < :after)
    ORDER BY d.number DESC LIMIT :limit
    """
)
_HEAD = text(
    """
    SELECT r.number, r.fund, r.enterprise_number, d.phase, d.outcome, d.waiting_on, d.waiting_for, d.waiting_until,
        r.facts ->> 'dismissal' AS dismissal, CAST(r.facts ->> 'bankrupt' AS boolean) AS bankrupt,
        CAST(r.facts ->> 'announced_on' AS date) AS announced_on,
        CAST(r.facts ->> 'notified_on' AS date) AS notified_on, r.facts ->> 'agency' AS agency, r.rehearsed,
        coalesce(
            (SELECT e.name FROM employer e WHERE e.enterprise_number = r.enterprise_number LIMIT 1),
            (SELECT c.name FROM receipt child JOIN contact c ON c.dossier = child.number AND c.party = 'applicant'
             WHERE child.parent = r.number LIMIT 1)
        ) AS employer,
        (SELECT predecessor FROM handed_on WHERE number = r.number) AS predecessor,
        (SELECT number FROM handed_on WHERE predecessor = r.number) AS successor
    FROM receipt r LEFT JOIN dossier d ON d.number = r.number
    WHERE r.number = :number AND r.kind = 'outplacement'
    """
)


async def cohorts(
    connection: AsyncConnection, funds: Iterable[str], today: date, after: str = "", limit: int = LISTED
) -> tuple[list[Summary], str | None]:
    """Cohorts of these funds, newest first, and the cursor of the next page."""
    values = {"funds": list(funds), "today": today, "after": after, "limit": limit + 1}
    found = [Summary.model_validate(dict(row)) for row in (await connection.execute(_LIST, values)).mappings()]
    return found[:limit], found[limit - 1].number if len(found) > limit else None


async def head(connection: AsyncConnection, number: str) -> Head | None:
    """The employer's side of one cohort; None: there is no such dossier for who asks."""
    row = (await connection.execute(_HEAD, {"number": number})).mappings().one_or_none()
    return None if row is None else Head.model_validate(dict(row))


async def everybody(connection: AsyncConnection, number: str) -> list[Someone]:
    """All people of a cohort, for its counts and its file."""
    found = await connection.execute(_EVERYBODY, {"number": number})
    return [Someone.model_validate(dict(row)) for row in found.mappings()]


async def people(
    connection: AsyncConnection, number: str, wanted: Wanted, today: date, limit: int = PAGE
) -> tuple[list[Someone], str | None]:
    """One page of people, what is late first, and the cursor of the next page."""
    said = [condition for name, condition in _FILTERS.items() if getattr(wanted, name)]
    said += [_ONLY[wanted.only]] if wanted.only in _ONLY else []
    values: dict[str, object] = {"number": number, "today": today, "limit": limit + 1}
    values |= {name: getattr(wanted, name) for name in _FILTERS if getattr(wanted, name)}
    if wanted.name.strip():
        said.append("(folded(one.name) LIKE folded(:name) OR lower(one.number) LIKE lower(:name))")
        values["name"] = needle(wanted.name)
    day, _, last = wanted.after.partition("/")
    if last:
        said.append("(one.waits, one.number) > (:day, :last)")
        values |= {"day": _day(day), "last": last}
    where = f"WHERE {' AND '.join(said)}" if said else ""
    query = text(f"SELECT * FROM ({_PEOPLE}) one {where} ORDER BY one.waits, one.number LIMIT :limit")
    found = [Someone.model_validate(dict(row)) for row in (await connection.execute(query, values)).mappings()]
    if len(found) <= limit:
        return found, None
    return found[:limit], f"{found[limit - 1].waits.isoformat()}/{found[limit - 1].number}"


def standing(found: Iterable[Someone], today: date) -> Standing:
    """A cohort in numbers."""
    all_of_them = list(found)
    running = [one for one in all_of_them if one.outcome is None]
    due = Counter(
        (one.waits, one.waiting_on or "", one.waiting_for or "") for one in running if one.waits <= today + SOON
    )
    days = [Due(*key, count) for key, count in sorted(due.items())]
    known = [one for one in all_of_them if one.became and not one.unknown]
    return Standing(
        people=len(all_of_them),
        begun=sum(one.phase is not None for one in all_of_them),
        phases=_counted(one.phase for one in running),
        outcomes=_counted(one.outcome for one in all_of_them),
        regimes=_counted(one.regime for one in all_of_them),
        agencies=_counted(one.agency for one in all_of_them),
        became=_counted(one.became for one in known),
        unknown=_counted(one.unknown for one in all_of_them if one.unknown),
        answered=len(known),
        asked=sum(one.asked for one in running),
        unreachable=sum(not one.reachable for one in running),
        hours=sum((one.hours for one in all_of_them), Decimal(0)),
        late=tuple(one for one in days if one.day < today),
        soon=tuple(one for one in days if one.day >= today),
    )


def _counted(values: Iterable[str | None]) -> Mapping[str, int]:
    return dict(Counter(value for value in values if value).most_common())


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return NO_END
