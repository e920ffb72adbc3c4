"""The work list as staff see it: tabs, a typed question, pages by place, neighbours of a task and counters.

Whoever asks does so on a connection that shows the rows of the own funds; a `Desk` narrows that to what is the person's
work. Every tab is walked along an index, from a place, as far as the page is long; nothing is sorted whole.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from models.errors import Refusal
from models.messages.message import Message
from reading import inbox_statement as statement
from reading.asked import Asked
from reading.finding import dossiers_with
from reading.inbox_statement import Desk, Place, Tab

COUNTED = 1_000
"""A counter stops here: nobody works differently for 1,000 than for 2,000 waiting tasks, and it stays as fast."""
BULK = 10_000
"""What 'all that was found' may be at most."""

__all__ = ["BULK", "COUNTED", "Desk", "InboxQuery", "Line", "Neighbours", "Page", "Place", "Tab"]


@dataclass(frozen=True)
class InboxQuery:
    """Which lines are asked for. `after` and `before` are cursors: the page behind one place, or the one before it."""

    desk: Desk
    tab: Tab = Tab.MINE
    asked: Asked = field(default_factory=Asked)
    limit: int = 50
    after: str | None = None
    before: str | None = None
    led: "Led | None" = None
    """Where the words of the question led, once `look_up` asked."""


class Led(NamedTuple):
    """The numbers of the dossiers that have the words; None when no words were asked, or too many have them."""

    dossiers: tuple[str, ...] | None


class Line(Message):
    """One line: a task, or on the tab of what is on hold also a question that stops the clock. Amounts in euro."""

    task: str
    dossier: str
    fund: str
    kind: str
    step: str
    role: str
    due: date
    derivation: str
    amount: Decimal | None
    advice: str | None
    outcomes: list[str]
    excluded: list[str]
    escalations: int
    state: str
    opened_at: datetime
    ended_at: datetime | None
    goes_out_at: datetime | None
    outcome: str | None
    holder: str | None
    holder_name: str | None
    held_since: datetime | None
    employer: str | None
    enterprise_number: str | None
    snoozed_until: date | None
    follow_up_on: date | None

    @property
    def is_task(self) -> bool:
        """Whether somebody of the staff can act on it; else it waits for somebody outside."""
        return self.state not in ("asked",)

    def days_left(self, today: date) -> int:
        """Days until the last day; negative when that is past."""
        return (self.due - today).days


class Page(Message):
    """One page; `next` and `previous` are cursors, None where the list ends."""

    lines: tuple[Line, ...]
    next: str | None
    previous: str | None


class Neighbours(NamedTuple):
    """The lines around a task in the same list; None at an end."""

    previous: Line | None
    next: Line | None


async def look_up(connection: AsyncConnection, query: InboxQuery) -> InboxQuery:
    """The same question with its words looked up, so that what is asked about it later need not do that again."""
    if query.led is not None:
        return query
    found = await dossiers_with(connection, query.asked, query.desk.funds, closed=query.tab is Tab.DONE)
    return replace(query, led=Led(found))


async def page(connection: AsyncConnection, query: InboxQuery) -> Page:
    """One page of the list.

    Raises:
        Refusal: `after` or `before` is no cursor of ours.
    """
    backward = query.before is not None
    place = _place(query.before if backward else query.after, query.tab)
    found = await _lines(connection, query, place, backward=backward, limit=query.limit + 1)
    more = len(found) > query.limit
    lines = tuple(reversed(found[: query.limit])) if backward else tuple(found[: query.limit])
    if not lines:
        return Page(lines=(), next=None, previous=None)
    after, before = _cursor(lines[-1], query.tab), _cursor(lines[0], query.tab)
    return Page(
        lines=lines,
        next=after if backward or more else None,
        previous=before if (more if backward else place is not None) else None,
    )


async def neighbours(connection: AsyncConnection, query: InboxQuery, task: str) -> Neighbours:
    """What stands before and behind a task in the list of `query`, also when the task itself left the list."""
    at = await statement.place_of(connection, task, query.tab)
    if at is None:
        return Neighbours(None, None)
    query = await look_up(connection, query)
    before = await _lines(connection, query, at, backward=True, limit=1)
    behind = await _lines(connection, query, at, backward=False, limit=1)
    return Neighbours(before[0] if before else None, behind[0] if behind else None)


async def counters(connection: AsyncConnection, desk: Desk) -> dict[Tab, int]:
    """How many lines every tab has, counted up to `COUNTED`."""
    asked, values = statement.counters(desk, COUNTED)
    rows = await connection.execute(text(asked), values)
    counted = {Tab(tab): int(lines) for tab, lines in rows}
    return {tab: counted[tab] for tab in Tab}


async def found(connection: AsyncConnection, query: InboxQuery) -> int:
    """How many lines the tab has with this question, counted up to `COUNTED`."""
    query = await look_up(connection, query)
    asked, values = statement.count(query.desk, query.tab, query.asked, query.led and query.led.dossiers, COUNTED)
    return int(await connection.scalar(text(asked), values) or 0)


async def some(connection: AsyncConnection, desk: Desk, tasks: tuple[str, ...]) -> tuple[Line, ...]:
    """These tasks as far as they are visible, whatever state they are in, in the order of the list."""
    asked, values = statement.named(desk, tasks)
    return tuple(Line.model_validate(dict(row)) for row in (await connection.execute(text(asked), values)).mappings())


async def instruments(connection: AsyncConnection, lines: tuple[Line, ...]) -> dict[str, str]:
    """The instrument of every dossier of these lines, by its number."""
    asked = text("SELECT number, instrument FROM dossier WHERE number = ANY (CAST(:numbers AS text[]))")
    rows = await connection.execute(asked, {"numbers": list({line.dossier for line in lines})})
    return {row.number: row.instrument for row in rows}


async def every(connection: AsyncConnection, query: InboxQuery, most: int = BULK) -> tuple[Line, ...]:
    """The whole list of the question, up to `most` lines, page after page."""
    lines: list[Line] = []
    query = replace(await look_up(connection, query), limit=min(most, 1_000), after=None, before=None)
    while len(lines) < most:
        one = await page(connection, query)
        lines += one.lines
        if one.next is None:
            break
        query = replace(query, after=one.next)
    return tuple(lines[:most])


async def _lines(
    connection: AsyncConnection, query: InboxQuery, place: Place | None, *, backward: bool, limit: int
) -> list[Line]:
    query = await look_up(connection, query)
    dossiers = query.led and query.led.dossiers
    asked, values = statement.lines(
        query.desk, query.tab, query.asked, dossiers, place=place, backward=backward, limit=limit
    )
    rows = (await connection.execute(text(asked), values)).mappings()
    return [Line.model_validate(dict(row)) for row in rows]


def _cursor(line: Line, tab: Tab) -> str:
    moment = line.ended_at if tab is Tab.DONE and line.ended_at else line.due
    return f"{moment.isoformat()}~{line.task}"


def _place(cursor: str | None, tab: Tab) -> Place | None:
    if cursor is None:
        return None
    moment, _, task = cursor.partition("~")
    try:
        at = datetime.fromisoformat(moment) if tab is Tab.DONE else date.fromisoformat(moment)
        if isinstance(at, datetime) and at.tzinfo is None:
            raise ValueError(moment)
    except ValueError:
        raise Refusal(
            "BadCursor", f"'{cursor}' is geen plaats in deze lijst. Begin opnieuw bij de eerste bladzijde."
        ) from None
    return Place(at, task)
