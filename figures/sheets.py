"""The same tables as files for a spreadsheet: every share with its numerator and denominator."""

import csv as lines
import io
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]
from openpyxl.styles import Font  # type: ignore[import-untyped]

import policies
from figures.counting import Share
from figures.sentences import sentences
from figures.tables import Counted, Table, tables
from figures.wording import Cell, Wording

_FORMULA = re.compile(r"^[\s\x00-\x1f]*[=+\-@\t\r|]")
"""What a spreadsheet may take for an order: an employer may be called so."""
Value = str | int | Decimal


def csv(counted: Counted, words: Wording) -> bytes:
    """One list with semicolons, as spreadsheets here expect it: table, line, what, value, and of how many."""
    text = io.StringIO()
    written = lines.writer(text, delimiter=";", lineterminator="\r\n")
    written.writerow([*_about(counted, words)])
    written.writerow(words.all("file").values())
    for table in tables(counted, words):
        for row in table.rows:
            for head, cell in zip(table.head[1:], row.cells, strict=True):
                parts = [cell.numerator, cell.denominator] if isinstance(cell, Share) else ["", ""]
                named = (harmless(part) for part in (table.title, row.label, head))
                written.writerow([*named, _typed(_value(cell, words)), *parts])
    return ("\ufeff" + text.getvalue()).encode()


def xlsx(counted: Counted, words: Wording) -> bytes:
    """A workbook: what it is about, then a sheet for each table."""
    book = Workbook(write_only=True)
    first = book.create_sheet(_name(words.say("frame.sentences")))
    first.column_dimensions["A"].width = 120
    for line in (*_about(counted, words), "", *sentences(counted, words), "", *words.all("definitions").values()):
        first.append([_cell(first, line)])
    for table in tables(counted, words):
        _sheet(book, table, words)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def _sheet(book: Any, table: Table, words: Wording) -> None:
    sheet = book.create_sheet(_name(table.title))
    sheet.freeze_panes = "B2"
    sheet.column_dimensions["A"].width = 40
    sheet.append([_cell(sheet, head, bold=True) for head in table.head])
    for row in table.rows:
        values: list[Value] = [row.label, *(_value(cell, words) for cell in row.cells)]
        sheet.append([_cell(sheet, value, bold=row.total) for value in values])


def _about(counted: Counted, words: Wording) -> Iterator[str]:
    """What the file is about, on lines of its own."""
    asked = counted.asked
    year = words.say("frame.title_year", year=asked.year) if asked.year else words.say("frame.title")
    yield f"{policies.funds()[asked.fund].name}: {year}"
    yield words.say("frame.as_of", day=words.day(asked.day))
    if asked.rehearsed:
        yield words.say("frame.rehearsal")
    if asked.discreet:
        yield words.say("frame.hidden")


def _value(cell: Cell, words: Wording) -> Value:
    match cell:
        case Share():
            return cell.percentage if cell.percentage is not None else ""
        case None:
            return words.cell(cell)
        case _:
            return cell


def _typed(value: Value) -> str:
    """As it is typed in Belgium."""
    return harmless(value) if isinstance(value, str) else str(value).replace(".", ",")


def _cell(sheet: Any, value: Value, *, bold: bool = False) -> Any:
    cell = WriteOnlyCell(sheet, value=harmless(value) if isinstance(value, str) else value)
    if isinstance(value, str):
        cell.data_type = "s"
    elif isinstance(value, Decimal):
        cell.number_format = "0.0"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _name(title: str) -> str:
    """The name of a sheet: at most 31 characters, none that a workbook forbids."""
    return re.sub(r"[\[\]:*?/\\]", " ", title)[:31]
