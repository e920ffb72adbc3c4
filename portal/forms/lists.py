"""A repeating group pasted from a spreadsheet or loaded from a file: read into rows that a person looks at first."""

import asyncio
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from importing import ImportRefused, delimited
from importing.notations import plain
from importing.reading import read_sheet
from importing.text import NotText
from models.errors import Refusal
from portal.forms.answers import cleaned
from portal.forms.questions import Rows
from portal.language import marked as _
from portal.refusals import Refused

_LIKE_ENOUGH = 2
"""Columns that must be known for the first row to count as a header."""


def pasted(rows: Rows, text: str) -> tuple[dict[str, str], ...]:
    """Rows of pasted text: cells separated by tabs as a spreadsheet copies them, or as in a CSV file.

    Raises:
        Refusal: it cannot be read as a list, or is far too long.
    """
    try:
        return _rows(rows, [cells for number, cells in delimited.rows(text.encode())])
    except NotText:
        raise Refused("NotAList", _("Dit is geen lijst. Kopieer de cellen in uw rekenblad en plak ze hier.")) from None
    except delimited.BadQuotes as bad:
        sentence = _("Rij %(row)s bevat een aanhalingsteken dat niet gesloten wordt.")
        raise Refused("NotAList", sentence, row=bad.row) from None


async def loaded(rows: Rows, name: str, content: bytes) -> tuple[dict[str, str], ...]:
    """Rows of a CSV or .xlsx file.

    Raises:
        Refusal: the file cannot be read, or holds formulas; the text names rows and columns.
    """
    return await asyncio.to_thread(_loaded, rows, name, content)


def _loaded(rows: Rows, name: str, content: bytes) -> tuple[dict[str, str], ...]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lijst"
        path.write_bytes(content)
        try:
            sheet = read_sheet(path)
        except ImportRefused as refused:
            told = [str(fault).replace("lijst", name[:60], 1) for fault in refused.faults[:5]]
            raise Refusal("NotAList", " ".join(told)) from None
    return _rows(rows, [row.cells for row in sheet.rows])


def _rows(rows: Rows, table: Sequence[Sequence[str]]) -> tuple[dict[str, str], ...]:
    """Under a header by its names, in whatever order; without one in the order of the page."""
    filled = [cells for cells in table if any(cell.strip() for cell in cells)]
    if not filled:
        raise Refused("NotAList", _("De lijst is leeg."))
    header = [_column(rows, cell) for cell in filled[0]]
    if sum(column is not None for column in header) >= _LIKE_ENOUGH:
        filled = filled[1:]
    else:
        header = [question.column for question in rows.questions]
    if len(filled) > rows.most:
        raise Refused("NotAList", _("De lijst is te lang: hoogstens %(most)s rijen."), most=rows.most)
    return tuple(dict(_cells(rows, header, cells)) for cells in filled)


def _column(rows: Rows, cell: str) -> str | None:
    name = plain(cell)
    for question in rows.questions:
        if name in (plain(question.column), plain(question.label)):
            return question.column
    return None


def _cells(rows: Rows, header: Sequence[str | None], cells: Sequence[str]) -> Iterator[tuple[str, str]]:
    known = {question.column: question for question in rows.questions}
    for column, cell in zip(header, cells, strict=False):
        if column is not None and cell.strip():
            yield column, cleaned(known[column], cell[:4000])
