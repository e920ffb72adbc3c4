"""The file of a month: a template with the agency's own participants, read back line by line with suspicion."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from importing import delimited, workbook
from importing.notations import plain
from importing.text import NotText
from portal.agencies.months import a_month, as_month
from portal.agencies.registering import Why
from portal.agencies.typed import Typed, shown
from portal.language import marked as _
from portal.staff.export import harmless
from reading.guided import Guided

COLUMNS: Mapping[str, str] = {
    "number": "Dossiernummer",
    "name": "Naam",
    "month": "Maand",
    "hours": "Uren",
    "sessions": "Gesprekken",
    "first_on": "Eerste gesprek",
    "event": "Gebeurtenis",
    "event_on": "Dag gebeurtenis",
    "outcome": "Uitkomst",
}
NEEDED = ("number", "hours")
MOST_BYTES, MOST_LINES, MOST_IN_CELL = 2_000_000, 5_000, 100
ARCHIVE = b"PK\x03\x04"


class Line(NamedTuple):
    """One filled line: where it stands, of whom and of which month it is, and what was typed."""

    row: int
    number: str
    month: str
    typed: Typed


class Wrong(NamedTuple):
    """What is wrong with the file or a line of it; `row` None: the whole file. `column` as the file names it."""

    row: int | None
    column: str
    why: Why


def template(found: Iterable[Guided], month: date) -> str:
    """The file to fill in: every participant of the month, with what is registered already."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS.values())
    for one in found:
        stands = one.month(as_month(month))
        told = stands.told if stands else None
        hours = [shown(told.hours), told.sessions, _day(told.first_on)] if told else ["", "", ""]
        writer.writerow([one.number, harmless(one.name), as_month(month), *hours, "", "", ""])
    return f"\ufeff{text.getvalue()}"


def lines(data: bytes, month: date) -> tuple[list[Line], list[Wrong]]:
    """The lines of a CSV or .xlsx file; a line without a month is about `month`. Whatever cannot be a table is told."""
    if len(data) > MOST_BYTES:
        return [], [Wrong(None, "", Why(_("Dit bestand is groter dan 2 MB. Splits het op.")))]
    try:
        rows = list(_limited(workbook.rows(data) if data.startswith(ARCHIVE) else delimited.rows(data)))
    except (NotText, workbook.NotAWorkbook, workbook.TooBig):
        return [], [Wrong(None, "", Why(_("Dit is geen CSV- of Excelbestand dat wij kunnen lezen.")))]
    except delimited.BadQuotes as bad:
        return [], [Wrong(bad.row, "", Why(_("Een aanhalingsteken staat verkeerd of wordt niet gesloten.")))]
    if not rows:
        return [], [Wrong(None, "", Why(_("Dit bestand is leeg.")))]
    places = _places(rows[0][1])
    if missing := [COLUMNS[name] for name in NEEDED if name not in places]:
        text = _("De kolom '%(column)s' ontbreekt. Neem het sjabloon, en laat de eerste rij staan.")
        return [], [Wrong(rows[0][0], missing[0], Why(text, {"column": missing[0]}))]
    if len(rows) > MOST_LINES:
        return [], [
            Wrong(None, "", Why(_("Dit bestand telt te veel rijen: hoogstens %(most)s."), {"most": MOST_LINES}))
        ]
    return _read(rows[1:], places, month)


def packed(found: Iterable[Line]) -> str:
    """Lines as a form keeps them between looking and confirming; no names."""
    return json.dumps([[line.row, line.number, line.month, *line.typed] for line in found], ensure_ascii=False)


def unpacked(text: str) -> list[Line]:
    """Lines as a form kept them.

    Raises:
        ValueError: this is not what `packed` wrote.
    """
    try:
        kept = json.loads(text)
    except RecursionError as deep:
        raise ValueError("lines within lines") from deep
    if not isinstance(kept, list) or len(kept) > MOST_LINES:
        raise ValueError("no list of lines")
    return [_kept(line) for line in kept]


def _kept(line: object) -> Line:
    if not isinstance(line, list) or len(line) != 3 + len(Typed._fields) or not isinstance(line[0], int):
        raise ValueError("no line")
    if not all(isinstance(cell, str) and len(cell) <= MOST_IN_CELL for cell in line[1:]) or not a_month(line[2]):
        raise ValueError("no cells")
    return Line(line[0], line[1], line[2], Typed(*line[3:]))


def _limited(rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    for count, row in enumerate(rows):
        if count > MOST_LINES:
            yield row
            return
        yield row


def _places(header: list[str]) -> dict[str, int]:
    """Where each column stands, by its name; what is not known is left aside."""
    known = {plain(title): name for name, title in COLUMNS.items()}
    return {known[plain(cell)]: place for place, cell in enumerate(header) if plain(cell) in known}


def _read(rows: list[tuple[int, list[str]]], places: Mapping[str, int], month: date) -> tuple[list[Line], list[Wrong]]:
    found, wrong, seen = list[Line](), list[Wrong](), set[tuple[str, str]]()
    for row, cells in rows:
        values = {name: cells[place].strip() for name, place in places.items() if place < len(cells)}
        typed = Typed(**{field: values.get(field, "") for field in Typed._fields})
        if not any(typed):
            continue
        about = _month(values.get("month", ""), month)
        number = values.get("number", "").upper()
        if long := [name for name, cell in values.items() if len(cell) > MOST_IN_CELL]:
            wrong.append(Wrong(row, COLUMNS[long[0]], Why(_("Deze cel bevat te veel tekst."))))
        elif about is None:
            text = _("Schrijf de maand als jaar-maand, bijvoorbeeld 2024-05.")
            wrong.append(Wrong(row, COLUMNS["month"], Why(text)))
        elif (number, as_month(about)) in seen:
            text = _("Deze deelnemer staat twee keer in het bestand voor dezelfde maand.")
            wrong.append(Wrong(row, COLUMNS["number"], Why(text)))
        else:
            seen.add((number, as_month(about)))
            found.append(Line(row, number, as_month(about), typed))
    return found, wrong


def _month(text: str, month: date) -> date | None:
    """A month written as 2024-05 or 05/2024; nothing written is the month of the page."""
    if not text:
        return month
    first, _sign, second = text.partition("/")
    return a_month(f"{second}-{first.zfill(2)}" if _sign else text)


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
