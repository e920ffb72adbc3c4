"""Whether the projections are what the events say: table by table, row by row, column by column."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from models.tables import metadata
from verification.findings import Fault
from verification.journal import Journal
from verification.stored import PROJECTIONS, Stored, missing_keys

_JOURNALS_OWN = ("sequence", "head")
"""Columns that the journal check already speaks of."""


def check_projections(stored: Stored, journal: Journal) -> Iterator[Fault]:
    """Rows that are missing, rows that nothing tells of, and columns that differ."""
    folded = journal.rows
    for table in PROJECTIONS:
        stands, follows = stored.tables[table], folded.get(table, {})
        for key in missing_keys(stands, follows):
            yield _fault(stored, f"{table} {_named(key)} ontbreekt, maar volgt uit de events")
        for key in missing_keys(follows, stands):
            yield _fault(stored, f"{table} {_named(key)} staat er, maar volgt uit geen event")
        for key in sorted(stands.keys() & follows.keys()):
            yield from _columns(stored, table, key, stands[key], follows[key])


def _columns(
    stored: Stored, table: str, key: tuple[Any, ...], stands: dict[str, Any], follows: dict[str, Any]
) -> Iterator[Fault]:
    for column in _compared(table):
        found, expected = stands[column], follows.get(column)
        if found != expected:
            yield _fault(
                stored, f"{table} {_named(key)}: {column} is {_shown(found)}, uit de events volgt {_shown(expected)}"
            )


@lru_cache(maxsize=len(PROJECTIONS))
def _compared(table: str) -> tuple[str, ...]:
    """The columns that follow from the events, not from other columns: asked of the table once, not for every row."""
    columns = metadata.tables[table].c
    told = (one for one in columns if not one.primary_key and one.computed is None)
    return tuple(one.name for one in told if one.name not in _JOURNALS_OWN)


def _named(key: tuple[Any, ...]) -> str:
    return "/".join(str(part) for part in key)


def _shown(value: Any) -> str:
    return "leeg" if value is None else f"'{value}'"


def _fault(stored: Stored, text: str) -> Fault:
    return Fault(dossier=stored.number, check="projection", text=text)
