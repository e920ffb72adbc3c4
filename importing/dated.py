"""Columns that carry a day in their name: the headcounts of a list of employers, three for each day."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from importing import notations
from importing.faults import shown
from schemes.company_budget import counted_on

ANY_DAY = "dd/mm/jjjj"
"""Stands in a layout for the day of such a column."""
WORKERS, EMPLOYEES, STAFF = "Arbeiders op", "Bedienden op", "Totaal op"
_COUNTED = (WORKERS, EMPLOYEES, STAFF)


class Wrong(NamedTuple):
    """A column that cannot be used, and why."""

    column: str
    message: str


def column(of: str, day: date) -> str:
    """The name of a column of one day, however its header was typed."""
    return f"{of} {day:%d/%m/%Y}"


def written(cell: str) -> str | None:
    """The name of a headcount column in its own notation, its day as typed where that is none; None: another column."""
    parts = _parts(cell)
    if parts is None:
        return None
    day = _day(parts[1])
    return column(parts[0], day) if day else " ".join(parts)


def pattern(name: str) -> str:
    """A headcount column as layouts name it; another column as it is."""
    parts = _parts(name)
    return f"{parts[0]} {ANY_DAY}" if parts else name


def counted_days(header: Iterable[str]) -> list[date]:
    """The days of which there are headcounts, the oldest first."""
    found = {_day(parts[1]) for parts in map(_parts, header) if parts}
    return sorted(day for day in found if day is not None)


def wrong_days(header: Sequence[str], known_on: date) -> Iterator[Wrong]:
    """Headcounts that no budget is computed of, that the future holds, or of which not all three columns are there."""
    for name in header:
        parts = _parts(name)
        if parts and _day(parts[1]) is None:
            yield Wrong(name, f"{shown(parts[1])} is geen datum. Schrijf bijvoorbeeld '{parts[0]} 30/09/2026'.")
    for day in counted_days(header):
        budget = counted_on(day.year + 1)
        missing = [column(of, day) for of in _COUNTED if column(of, day) not in header]
        there = next(column(of, day) for of in _COUNTED if column(of, day) in header)
        if missing:
            others = " en ".join(f"'{name}'" for name in missing)
            yield Wrong(there, f"van deze dag ontbreekt {others}. Arbeiders, bedienden en totaal zijn van één dag.")
        elif day != budget:
            yield Wrong(there, f"budgetten tellen het personeel van {budget:%d/%m}, niet van {day:%d/%m/%Y}.")
        elif day > known_on:
            yield Wrong(there, f"{day:%d/%m/%Y} komt na {known_on:%d/%m/%Y}, de dag waarop het bestand gemaakt is.")


def _parts(cell: str) -> tuple[str, str] | None:
    """Which headcount a column is, and the day as typed."""
    words = cell.split()
    for of in _COUNTED:
        size = len(of.split())
        if len(words) > size and notations.plain(" ".join(words[:size])) == notations.plain(of):
            return of, " ".join(words[size:])
    return None


def _day(typed: str) -> date | None:
    try:
        return notations.day(typed.rstrip(".:*"))
    except ValueError:
        return None
