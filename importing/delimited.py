"""Rows of a CSV file, whatever its separator, quotes and line ends."""

import csv
import io
import re
from collections.abc import Iterator

from importing.text import decode

SEPARATORS = ";,\t|"
_DECLARED = re.compile(r"\Asep=(?P<sign>[;,\t|])\r?\n", re.IGNORECASE)
_KEPT_AS_TEXT = re.compile(r'="(?P<text>[^"]*)"')


class BadQuotes(ValueError):
    """A quotation mark that is not closed, or with text behind it; `row` is where."""

    def __init__(self, row: int) -> None:
        super().__init__(f"row {row}")
        self.row = row


def rows(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Row numbers as a spreadsheet shows them, and their cells; empty rows count but are not given.

    Raises NotText and BadQuotes.
    """
    text = decode(data)
    declared = _DECLARED.match(text)
    if declared:
        text = text[declared.end() :]
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=declared["sign"] if declared else _separator(text), strict=True
    )
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as broken:
            raise BadQuotes(number) from broken
        if any(cell.strip() for cell in cells):
            yield number, [_bare(cell) for cell in cells]


def _separator(text: str) -> str:
    """The sign that cuts the first filled line into most cells."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    unquoted = re.sub(r'"[^"]*"', "", first)
    return max(SEPARATORS, key=unquoted.count)


def _bare(cell: str) -> str:
    """The text of a cell that a spreadsheet was forced to keep as text: ="0123" is 0123."""
    kept = _KEPT_AS_TEXT.fullmatch(cell.strip())
    return kept["text"] if kept else cell
