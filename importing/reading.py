"""One file to rows of text, within limits; whatever cannot be a table is refused in plain Dutch."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from importing import delimited, workbook
from importing.faults import Fault, ImportRefused
from importing.text import NotText

MOST_BYTES = 50 * 1024 * 1024
MOST_ROWS = 200_000
MOST_IN_CELL = 10_000
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ARCHIVE = b"PK\x03\x04"


class Row(NamedTuple):
    """One filled row, numbered as a spreadsheet shows it."""

    number: int
    cells: list[str]


class Sheet(NamedTuple):
    """The rows of one file, its header still among them."""

    file: str
    rows: list[Row]


def read_sheet(path: Path) -> Sheet:
    """The filled rows of a CSV or .xlsx file.

    Raises ImportRefused when it is empty, too big, damaged or something else, or holds cells that are no values.
    """
    file = path.name
    data = _bytes(path)
    try:
        found = _within_limits(file, _rows(file, data))
    except NotText:
        raise _refused(
            file, "dit is geen tekstbestand (er staan tekens in die geen tekst zijn). Sla het op als CSV of .xlsx."
        ) from None
    except delimited.BadQuotes as bad:
        raise _refused(
            file,
            'een aanhalingsteken staat verkeerd of wordt niet gesloten. Zet er twee na elkaar ("") als het '
            "bij de tekst hoort.",
            bad.row,
        ) from None
    except workbook.TooBig:
        raise _refused(file, "dit .xlsx-bestand wordt uitgepakt te groot om een lijst met dossiers te zijn.") from None
    except workbook.NotAWorkbook:
        raise _refused(
            file, "dit .xlsx-bestand is beschadigd of geen Excel-bestand. Open het en sla het opnieuw op."
        ) from None
    if not found:
        raise _refused(file, "het bestand is leeg.")
    if faults := [fault for row in found for fault in _bad_cells(file, row)]:
        raise ImportRefused(faults)
    return Sheet(file, found)


def _bytes(path: Path) -> bytes:
    """The content, refused before it is read when it is too big."""
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise _refused(path.name, f"het bestand is groter dan {MOST_BYTES // 1024 // 1024} MB. Splits het op.")
        return path.read_bytes()
    except OSError as broken:
        raise _refused(path.name, "het bestand bestaat niet of mag niet gelezen worden.") from broken


def _rows(file: str, data: bytes) -> Iterator[tuple[int, list[str]]]:
    if data.startswith(_OLD_EXCEL):
        raise _refused(
            file, "dit is een oud of beveiligd Excel-bestand. Sla het zonder wachtwoord op als .xlsx of CSV."
        )
    return workbook.rows(data) if data.startswith(_ARCHIVE) else delimited.rows(data)


def _within_limits(file: str, rows: Iterator[tuple[int, list[str]]]) -> list[Row]:
    found: list[Row] = []
    for number, cells in rows:
        if len(found) > MOST_ROWS:
            raise _refused(file, f"het bestand telt meer dan {MOST_ROWS} rijen. Splits het op.")
        found.append(Row(number, cells))
    return found


def _bad_cells(file: str, row: Row) -> Iterator[Fault]:
    """Cells that hold a formula, an error value or a text that is too long. In a CSV a formula is text behind `=`."""
    for position, cell in enumerate(row.cells):
        reason = _reason(cell)
        if reason:
            yield Fault(file=file, row=row.number, column=_letters(position), message=reason)


def _reason(cell: str) -> str | None:
    if len(cell) > MOST_IN_CELL:
        return f"de cel is langer dan {MOST_IN_CELL} tekens. Kort de tekst in."
    if cell == workbook.FORMULA or cell.lstrip().startswith("="):
        return "de cel bevat een formule. Plak de waarde zelf."
    if cell == workbook.ERROR_VALUE:
        return "de cel bevat een foutwaarde van Excel (zoals #N/B). Vul de waarde in."
    return None


def _letters(position: int) -> str:
    """The column as a spreadsheet names it: A, B, ... Z, AA."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _refused(file: str, message: str, row: int | None = None) -> ImportRefused:
    return ImportRefused([Fault(file=file, row=row, column=None, message=message)])
