"""Rows of the first sheet of an .xlsx file, an archive of strangers: its size is checked before it opens."""

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal

import openpyxl  # type: ignore[import-untyped]

from importing.notations import written_day

MOST_UNPACKED = 300 * 1024 * 1024
MOST_RATIO = 200
MOST_PARTS = 2000
MOST_COLUMNS = 300
LAST_ROW = 1_048_576
"""Of any spreadsheet program; a higher row number only makes a reader count."""
FORMULA = "\x01formula"
ERROR_VALUE = "\x01error"
"""Marks of cells that hold no value of their own; no text of a workbook can contain that sign."""


class NotAWorkbook(ValueError):
    """The file is damaged or something else."""


class TooBig(ValueError):
    """Unpacked, the workbook would be far bigger than a table of dossiers can be."""


def rows(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Row numbers as the spreadsheet shows them, and their cells as text; empty rows count but are not given.

    Raises NotAWorkbook and TooBig.
    """
    _check_archive(data)
    try:
        with warnings.catch_warnings(action="ignore"):  # it warns of styles that do not matter here
            workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        try:
            sheet = workbook.worksheets[0]
            sheet.reset_dimensions()  # what the file says of its own size is not to be trusted
            for number, cells in enumerate(sheet.iter_rows(max_row=LAST_ROW), start=1):
                texts = [_text(cell.value, cell.data_type) for cell in cells[:MOST_COLUMNS]]
                if any(texts):
                    yield number, texts
        finally:
            workbook.close()
    except Exception as broken:  # a damaged archive makes the library raise almost anything
        raise NotAWorkbook(type(broken).__name__) from broken


def _check_archive(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS:
                raise TooBig(f"{len(parts)} parts")
            if any(_declares_entities(archive, part) for part in parts):
                raise NotAWorkbook("entities")
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as broken:
        raise NotAWorkbook("archive") from broken
    unpacked = sum(part.file_size for part in parts)
    packed = max(sum(part.compress_size for part in parts), 1)
    if (
        unpacked > MOST_UNPACKED
        or len(parts) > MOST_PARTS
        or (unpacked > 1024 * 1024 and unpacked / packed > MOST_RATIO)
    ):
        raise TooBig(f"{unpacked} bytes in {len(parts)} parts")


def _declares_entities(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """No spreadsheet program writes a DTD; one that does wants its entities to grow."""
    with archive.open(part) as content:
        start = content.read(4096).replace(b"\x00", b"")
    return b"<!DOCTYPE" in start


def _text(value: object, data_type: str) -> str:
    """A cell as a person would have typed it in a Belgian form."""
    if data_type == "f":
        return FORMULA
    if data_type == "e":
        return ERROR_VALUE
    match value:
        case None:
            return ""
        case bool():
            return "ja" if value else "nee"
        case float():
            return f"{Decimal(f'{value:.15g}'):f}".replace(".", ",").removesuffix(",0")
        case date() | datetime():
            return written_day(value)
        case time():
            return value.isoformat()
    return str(value)
