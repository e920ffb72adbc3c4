"""What stands about a dossier, read a page of dossiers at a time so that memory stays bounded."""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, Column, Select, String, Table, any_, literal, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from models.tables import metadata

PAGE = 200
PROJECTIONS = (
    "dossier",
    "task",
    "request",
    "decision",
    "instalment",
    "payment",
    "recovery",
    "follow_up",
    "follow_up_due",
    "guided_hours",
)
"""The tables that follow from the events alone, and from nothing else."""
_READ = (*PROJECTIONS, "effect", "receipt")

Rows = dict[tuple[Any, ...], dict[str, Any]]
"""Rows of one table and one dossier, by primary key."""


class StoredEvent(NamedTuple):
    """A row of the journal: its columns, in their order."""

    dossier: str
    sequence: int
    type: str
    at: datetime
    recorded_at: datetime
    by: str
    data: dict[str, Any]
    previous: str
    hash: str


@dataclass
class Stored:
    """Everything the database holds of one dossier that can be checked."""

    number: str
    events: list[StoredEvent] = field(default_factory=list)
    tables: dict[str, Rows] = field(default_factory=lambda: defaultdict(dict))

    @property
    def dossier(self) -> dict[str, Any] | None:
        """The dossier's own row."""
        return self.tables["dossier"].get((self.number,))

    @property
    def receipt(self) -> dict[str, Any] | None:
        """The receipt it began with."""
        return self.tables["receipt"].get((self.number,))


def belongs(table: Table) -> Column[Any]:
    """The column that tells of which dossier a row is."""
    return table.c.number if table.name in ("dossier", "receipt") else table.c.dossier


async def every_dossier(connection: AsyncConnection, page: int = PAGE, of: str = "") -> AsyncIterator[list[Stored]]:
    """All dossiers of which anything stands at all, in the order of their numbers, `page` at a time.

    `of` is how a number begins, such as "ANT-".
    """
    after = of
    while numbers := [one for one in await _numbers(connection, after, page) if one.startswith(of)]:
        yield await read(connection, numbers)
        after = numbers[-1]


async def read(connection: AsyncConnection, numbers: list[str]) -> list[Stored]:
    """What stands about these dossiers, in the same order."""
    found = {number: Stored(number) for number in numbers}
    asked = any_(literal(numbers, ARRAY(String)))
    journal = metadata.tables["event"]
    columns = (journal.c[name] for name in StoredEvent._fields)
    events = select(*columns).where(journal.c.dossier == asked).order_by(journal.c.dossier, journal.c.sequence)
    for event in map(StoredEvent._make, (await connection.execute(events)).all()):
        found[event.dossier].events.append(event)
    for name in _READ:
        table = metadata.tables[name]
        names = table.columns.keys()
        key = itemgetter(*(names.index(column.name) for column in table.primary_key.columns))
        owner = names.index(belongs(table).name)
        for row in (await connection.execute(select(table).where(belongs(table) == asked))).all():
            place = key(row) if len(table.primary_key) > 1 else (key(row),)
            found[row[owner]].tables[name][place] = dict(zip(names, row, strict=True))
    return list(found.values())


async def _numbers(connection: AsyncConnection, after: str, page: int) -> list[str]:
    """The next numbers after `after`, from whatever table has them: a row without a dossier must be found too."""
    tables = [metadata.tables[name] for name in ("event", *_READ)]
    known = union(*(_next_of(table, after, page) for table in tables)).subquery()
    found = await connection.execute(select(known.c.number).order_by(known.c.number).limit(page))
    return list(found.scalars())


def _next_of(table: Table, after: str, page: int) -> Select[Any]:
    owner = belongs(table)
    some = select(owner.label("number")).where(owner > after).distinct().order_by(owner).limit(page).subquery()
    return select(some.c.number)


def missing_keys(fewer: Rows, more: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Keys of `more` that are not in `fewer`, in order."""
    return sorted(key for key in more if key not in fewer)
