"""Which file is which, by its header. Headers match whatever their case, accents and spaces."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from importing import dated
from importing.faults import Fault, ImportRefused, shown
from importing.layouts import LAYOUTS, NOT_IN, Sort
from importing.notations import plain
from importing.reading import Row, Sheet

FUTURE = "simulatie:"
"""Columns that begin so say what happened later; they are never data of a dossier."""
_HEADER_WITHIN = 10
_LIKE_ENOUGH = 0.6


class Record(NamedTuple):
    """One row under its header. Values are stripped; every column of the layout is there, an absent one is empty."""

    row: int
    values: Mapping[str, str]
    future: Mapping[str, str]
    """What stands in columns that begin with `Simulatie:`, kept apart from the first moment."""


class Table(NamedTuple):
    """A file that was recognised."""

    file: str
    sort: Sort
    records: list[Record]
    header: int | None = None
    """The row in which the names of the columns stand."""


def recognise(sheet: Sheet) -> Table:
    """The file under its header, which stands in one of the first ten rows.

    Raises ImportRefused when no known file has such a header, a column is missing or double, or a row is too long.
    """
    sort, at = _best(sheet)
    below = sheet.rows[at + 1 :]
    header = [_known_name(cell, sort) for cell in sheet.rows[at].cells]
    faults = [*_header_faults(sheet, at, sort, header), *_long_rows(sheet.file, header, below)]
    faults += [_again(sheet.file, row) for row in below if _same(row, sheet.rows[at])]
    if not below:
        faults.append(Fault(file=sheet.file, row=None, column=None, message="onder de kop staat geen enkele rij."))
    if faults:
        raise ImportRefused(faults)
    absent = [name for name in map(_bare, LAYOUTS[sort]) if name not in map(dated.pattern, header)]
    return Table(sheet.file, sort, [_record(row, header, absent) for row in below], sheet.rows[at].number)


def _best(sheet: Sheet) -> tuple[Sort, int]:
    """The sort of file that looks most like it, and at which of the rows its header stands."""
    likeness = {
        (sort, at): _likeness(row.cells, sort) for at, row in enumerate(sheet.rows[:_HEADER_WITHIN]) for sort in LAYOUTS
    }
    best = max(likeness, key=lambda found: likeness[found])
    if likeness[best][0] < _LIKE_ENOUGH:
        known = ", ".join(Sort)
        message = f"de kop hoort bij geen enkele bekende lijst. Bekend zijn: {known}."
        raise ImportRefused([Fault(file=sheet.file, row=sheet.rows[0].number, column=None, message=message)])
    return best


def _likeness(cells: Sequence[str], sort: Sort) -> tuple[float, int]:
    """Which part of the needed columns is there, and how many columns in all."""
    names = {plain(dated.pattern(cell)) for cell in cells}
    if names & {plain(column) for column in NOT_IN.get(sort, ())}:
        return 0, 0
    needed = [plain(column) for column in LAYOUTS[sort] if not column.endswith("?")]
    known = {plain(_bare(column)) for column in LAYOUTS[sort]}
    return sum(name in names for name in needed) / len(needed), len(known & names)


def _known_name(cell: str, sort: Sort) -> str:
    """The column as the layout writes it; one that is not in the layout keeps its own name."""
    if counted := dated.written(cell):
        return counted
    return next((name for name in map(_bare, LAYOUTS[sort]) if plain(name) == plain(cell)), " ".join(cell.split()))


def _header_faults(sheet: Sheet, at: int, sort: Sort, header: Sequence[str]) -> Iterator[Fault]:
    row = sheet.rows[at].number
    for column in LAYOUTS[sort]:
        if not column.endswith("?") and column not in map(dated.pattern, header):
            yield Fault(file=sheet.file, row=row, column=column, message=f"deze kolom ontbreekt in de lijst {sort}.")
    for name, times in Counter(name for name in header if name).items():
        if times > 1:
            yield Fault(file=sheet.file, row=row, column=name, message=f"deze kolom staat er {times} keer.")


def _same(row: Row, header: Row) -> bool:
    """Whether a row says what the header says, as where two lists were put under each other."""
    return [plain(cell) for cell in row.cells if cell.strip()] == [plain(cell) for cell in header.cells if cell.strip()]


def _again(file: str, row: Row) -> Fault:
    return Fault(file=file, row=row.number, column=None, message="dit is nog eens de kop. Haal deze rij weg.")


def _long_rows(file: str, header: Sequence[str], rows: Sequence[Row]) -> Iterator[Fault]:
    for row in rows:
        extra = next((cell for cell in row.cells[len(header) :] if cell.strip()), None)
        if extra is not None:
            message = (
                f"de rij heeft meer cellen dan de kop (bij {shown(extra)}). Zet tekst met een "
                "scheidingsteken tussen aanhalingstekens."
            )
            yield Fault(file=file, row=row.number, column=None, message=message)


def _record(row: Row, header: Sequence[str], absent: Sequence[str]) -> Record:
    cells = [cell.strip() for cell in row.cells] + [""] * (len(header) - len(row.cells))
    named = {name: cell for name, cell in zip(header, cells, strict=False) if name}
    future = {name: cell for name, cell in named.items() if plain(name).startswith(plain(FUTURE))}
    values = {name: cell for name, cell in named.items() if name not in future} | dict.fromkeys(absent, "")
    return Record(row.number, values, future)


def _bare(column: str) -> str:
    return column.removesuffix("?")
