"""The statements of the work list. A page is walked from its place along one index per tab, then looked up in full.

`found` are the keys of a page: (line, day). What is joined to them is joined for the lines of one page only.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from models.messages.words import Fund, Role
from reading import finding
from reading.asked import Asked
from reading.spelling import Field, Holder, State

Values = dict[str, object]


class Tab(StrEnum):
    """The piles of a desk. The first is where a day begins."""

    MINE = "mine"
    TEAM = "team"
    UNASSIGNED = "unassigned"
    TODAY = "today"
    OVERDUE = "overdue"
    SNOOZED = "snoozed"
    PAUSED = "paused"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose work it is: the person, the funds and roles worked for, and the local day today."""

    person: str
    funds: tuple[Fund, ...]
    roles: tuple[Role, ...]
    today: date
    stands_for: tuple[str, ...] = ()
    """Absent colleagues whose work this person does today as well."""


class Place(NamedTuple):
    """Where a line stands in the order: its last day (or when it ended), then its name."""

    at: date | datetime
    task: str


@dataclass(slots=True)
class Narrowing:
    """Conditions on `listed`, with their values."""

    said: list[str]
    values: Values

    def add(self, condition: str, **values: object) -> None:
        """One more condition that must hold."""
        self.said.append(condition)
        self.values |= values

    def text(self) -> str:
        """All of it, to follow other conditions."""
        return "".join(f"\n  AND {condition}" for condition in self.said)


WALK = """SELECT found.* FROM unnest(CAST(:funds AS text[])) AS fund, unnest(CAST(:roles AS text[])) AS role, LATERAL (
SELECT listed.task AS line, listed.due AS day FROM task AS listed
WHERE listed.state = 'open' AND listed.fund = fund.fund AND listed.role = role.role{narrowed}
{ordered}) AS found"""
HELD = """SELECT listed.task AS line, listed.due AS day FROM task_hold AS held JOIN task AS listed USING (task)
WHERE held.person = ANY (CAST(:holders AS text[])) AND listed.state = 'open'{narrowed}"""
KNOWN = """SELECT listed.task AS line, listed.due AS day FROM task AS listed
WHERE listed.dossier = ANY (CAST(:dossiers AS text[])) AND listed.state = 'open'
  AND listed.fund = ANY (CAST(:funds AS text[])) AND listed.role = ANY (CAST(:roles AS text[])){narrowed}"""
SNOOZED = """SELECT listed.task AS line, listed.due AS day FROM task_snooze AS asleep JOIN task AS listed USING (task)
WHERE asleep.person = :person AND asleep.until > :today AND listed.state = 'open'{narrowed}"""
DONE = """SELECT listed.task AS line, listed.ended_at AS day FROM task AS listed
WHERE listed.person = :person AND listed.state = 'done'{narrowed}"""
ANSWERED = """SELECT listed.task AS line, listed.due AS day FROM task AS listed
WHERE listed.state = 'held' AND listed.fund = ANY (CAST(:funds AS text[])){narrowed}"""
ASKED = """SELECT found.* FROM unnest(CAST(:funds AS text[])) AS fund, LATERAL (
SELECT listed.task AS line, listed.due AS day FROM (
    SELECT asked.request AS task, asked.until AS due, asked.dossier, asked.fund, standing.kind, asked.code AS step,
        CAST(NULL AS text) AS role, standing.asked AS amount, 0 AS escalations, CAST(NULL AS text) AS advice
    FROM request AS asked LEFT JOIN dossier AS standing ON standing.number = asked.dossier
    WHERE asked.state = 'open' AND asked.stops_clock
) AS listed
WHERE listed.fund = fund.fund{narrowed}
{ordered}) AS found"""
"""Every question is of a dossier; joined on the left, that dossier is looked up only when something of it is asked."""

HOLDS = "EXISTS (SELECT FROM task_hold AS hold WHERE hold.task = listed.task{whose})"
AWAKE = """NOT EXISTS (SELECT FROM task_snooze AS asleep
    WHERE asleep.task = listed.task AND asleep.person = :person AND asleep.until > :today)"""
"""What I put aside comes back on its day; what is late is never hidden."""
OF_COLLEAGUE = """ AND hold.person IN (SELECT person FROM staff_member
    WHERE person = :{name} OR folded(name) LIKE (SELECT folded(:{name}_like)))"""
WORDED = "(SELECT {said} FROM dossier_words AS words WHERE words.dossier = listed.dossier)"
"""Asked of one line after the other; written with EXISTS it would be asked of all dossiers there are, first."""
STATES = {
    State.OVERDUE: "listed.due < :today",
    State.TODAY: "listed.due = :today",
    State.WEEK: "listed.due BETWEEN :today AND :week",
    State.UNASSIGNED: "NOT " + HOLDS.format(whose=""),
    State.HELD: HOLDS.format(whose=""),
    State.ESCALATED: "listed.escalations > 0",
    State.ADVISED: "listed.advice IS NOT NULL",
}
TABS = {
    Tab.MINE: AWAKE,
    Tab.TEAM: AWAKE,
    Tab.UNASSIGNED: f"{STATES[State.UNASSIGNED]}\n  AND {AWAKE}",
    Tab.TODAY: STATES[State.TODAY],
    Tab.OVERDUE: STATES[State.OVERDUE],
}

SHOWN = """SELECT task.task, task.dossier, task.fund, task.kind, task.step, task.role, task.due, task.derivation,
    task.amount, task.advice, task.outcomes, task.excluded, task.escalations, task.state, task.opened_at,
    task.ended_at, task.goes_out_at, task.outcome, hold.person AS holder, colleague.name AS holder_name,
    hold.since AS held_since, words.employer, words.enterprise_number, asleep.until AS snoozed_until,
    later.on_day AS follow_up_on
FROM task
LEFT JOIN task_hold AS hold ON hold.task = task.task
LEFT JOIN staff_member AS colleague ON colleague.person = hold.person
LEFT JOIN task_snooze AS asleep ON asleep.task = task.task AND asleep.person = :person AND asleep.until > :today
LEFT JOIN task_follow_up AS later ON later.task = task.task
LEFT JOIN dossier_words AS words ON words.dossier = task.dossier"""
"""A task in full."""
SHOWN_ASKED = """SELECT asked.request, asked.dossier, standing.fund, standing.kind, asked.code, asked.party,
    asked.until, asked.derivation, standing.asked, NULL, ARRAY[]::text[], ARRAY[]::text[], 0, 'asked', asked.opened_at,
    asked.ended_at, NULL, NULL, NULL, NULL, NULL, words.employer, words.enterprise_number, NULL, NULL
FROM request AS asked JOIN dossier AS standing ON standing.number = asked.dossier
LEFT JOIN dossier_words AS words ON words.dossier = asked.dossier"""
"""A question that stops the clock, in the same columns."""


def lines(
    desk: Desk,
    tab: Tab,
    asked: Asked,
    dossiers: tuple[str, ...] | None,
    *,
    place: Place | None,
    backward: bool,
    limit: int,
) -> tuple[str, Values]:
    """The lines of a tab behind (or before) a place, in full, as they are read; and the values of the statement."""
    down = backward != (tab is Tab.DONE)
    way = "DESC" if down else "ASC"
    narrowing = _narrowing(desk, tab, asked, dossiers)
    if place is not None:
        column = "listed.ended_at" if tab is Tab.DONE else "listed.due"
        narrowing.add(f"({column}, listed.task) {'<' if down else '>'} (:at, :line)", at=place.at, line=place.task)
    keys = [
        source.format(narrowed=narrowing.text(), ordered=f"ORDER BY day {way}, line {way} LIMIT :limit")
        for source in _sources(tab, asked, dossiers)
    ]
    found = [f"({key} ORDER BY day {way}, line {way} LIMIT :limit)" for key in keys]
    every = " UNION ALL ".join(found)
    shown = _shown(tab)
    statement = (
        f"WITH found AS MATERIALIZED (SELECT * FROM ({every}) AS every ORDER BY day {way}, line {way} LIMIT :limit)\n"
        f"SELECT shown.* FROM found JOIN LATERAL ({shown}) AS shown ON true ORDER BY found.day {way}, found.line {way}"
    )
    return statement, narrowing.values | {"limit": limit}


def named(desk: Desk, tasks: tuple[str, ...]) -> tuple[str, Values]:
    """These tasks in full."""
    values: Values = {"tasks": list(tasks), "person": desk.person, "today": desk.today}
    return f"{SHOWN}\nWHERE task.task = ANY (CAST(:tasks AS text[])) ORDER BY task.due, task.task", values


def count(desk: Desk, tab: Tab, asked: Asked, dossiers: tuple[str, ...] | None, most: int) -> tuple[str, Values]:
    """How many lines there are, counted up to `most`."""
    narrowing = _narrowing(desk, tab, asked, dossiers)
    sources = _sources(tab, asked, dossiers)
    keys = (source.format(narrowed=narrowing.text(), ordered="LIMIT :most") for source in sources)
    every = " UNION ALL ".join(f"({key} LIMIT :most)" for key in keys)
    return f"SELECT count(*) FROM (SELECT FROM ({every}) AS every LIMIT :most) AS counted", narrowing.values | {
        "most": most
    }


def counters(desk: Desk, most: int) -> tuple[str, Values]:
    """All tabs in one statement."""
    values: Values = {}
    parts: list[str] = []
    for tab in Tab:
        counted, more = count(desk, tab, Asked(), None, most)
        parts.append(f"SELECT '{tab}' AS tab, ({counted}) AS lines")
        values |= more
    return " UNION ALL ".join(parts), values


async def place_of(connection: AsyncConnection, task: str, tab: Tab) -> Place | None:
    """Where a task stands in a list, or would stand; None when there is none of this name."""
    if tab is Tab.DONE:
        query = "SELECT ended_at FROM task WHERE task = :task"
    else:
        query = "SELECT due FROM task WHERE task = :task UNION ALL SELECT until FROM request WHERE request = :task"
    at = await connection.scalar(text(query), {"task": task})
    return None if at is None else Place(at, task)


def _sources(tab: Tab, asked: Asked, dossiers: tuple[str, ...] | None) -> tuple[str, ...]:
    match tab:
        case Tab.MINE:
            return (HELD,)
        case Tab.SNOOZED:
            return (SNOOZED,)
        case Tab.DONE:
            return (DONE,)
        case Tab.PAUSED:
            return (ANSWERED, ASKED)
        case _:
            if dossiers is not None:
                return (KNOWN,)
            return (HELD,) if asked.values(Field.LEAD) == (Holder.ME,) else (WALK,)


def _shown(tab: Tab) -> str:
    """What is looked up for one key."""
    task = f"{SHOWN}\nWHERE task.task = found.line"
    return f"{task} UNION ALL {SHOWN_ASKED}\nWHERE asked.request = found.line" if tab is Tab.PAUSED else task


def _narrowing(desk: Desk, tab: Tab, asked: Asked, dossiers: tuple[str, ...] | None) -> Narrowing:
    """What is asked, over what the tab is."""
    narrowing = Narrowing([], {"person": desk.person, "today": desk.today, "week": desk.today + timedelta(days=7)})
    narrowing.values["holders"] = [desk.person, *desk.stands_for]
    _desk(narrowing, desk, tab, asked)
    if tab in TABS:
        narrowing.add(TABS[tab])
    for state in asked.values(Field.IS):
        narrowing.add(STATES[State(str(state))])
    for term in asked.terms:
        if term.field in (Field.DUE, Field.AMOUNT):
            name = f"bound_{len(narrowing.values)}"
            narrowing.add(f"listed.{term.field} {term.relation} :{name}", **{name: term.value})
    for field in (Field.KIND, Field.STEP):
        if asked.values(field):
            values = [str(value) for value in asked.values(field)]
            narrowing.add(f"listed.{field} = ANY (CAST(:{field}s AS text[]))", **{f"{field}s": values})
    _holders(narrowing, asked)
    said, patterns = finding.conditions(asked)
    if said:
        both = " AND ".join(said)
        narrowing.add(WORDED.format(said=both))
        narrowing.values |= patterns
    if dossiers is not None:
        narrowing.values["dossiers"] = list(dossiers)
        narrowing.add("listed.dossier = ANY (CAST(:dossiers AS text[]))")
    return narrowing


def _desk(narrowing: Narrowing, desk: Desk, tab: Tab, asked: Asked) -> None:
    """The funds and roles of the person, as far as asked; on my own piles they are conditions like others."""
    funds, roles = asked.values(Field.FUND), asked.values(Field.ROLE)
    narrowing.values["funds"] = [fund.value for fund in desk.funds if not funds or fund.value in funds]
    narrowing.values["roles"] = [role.value for role in desk.roles if not roles or role.value in roles]
    if tab is not Tab.PAUSED and funds:
        narrowing.add("listed.fund = ANY (CAST(:funds AS text[]))")
    if roles:
        narrowing.add("listed.role = ANY (CAST(:roles AS text[]))")


def _holders(narrowing: Narrowing, asked: Asked) -> None:
    """In whose hands: mine, nobody's or a colleague's by code or name; several are alternatives."""
    options: list[str] = []
    for place, holder in enumerate(asked.values(Field.LEAD)):
        if holder == Holder.ME:
            options.append(HOLDS.format(whose=" AND hold.person = ANY (CAST(:holders AS text[]))"))
        elif holder == Holder.NOBODY:
            options.append(STATES[State.UNASSIGNED])
        else:
            name = f"holder_{place}"
            options.append(HOLDS.format(whose=OF_COLLEAGUE.format(name=name)))
            narrowing.values |= {name: holder, f"{name}_like": finding.needle(str(holder))}
    if options:
        narrowing.add(f"({' OR '.join(options)})")
