"""Lists that leave the house as a file, with no cell that a spreadsheet takes for an order."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from fastapi.responses import Response
from openpyxl import Workbook  # type: ignore[import-untyped]

from portal.staff.export import harmless

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Value = str | Decimal | date | int | None


def as_csv(content: str | Iterable[Sequence[Value]], name: str) -> Response:
    """A list with semicolons and a mark for Excel, as spreadsheets here expect it."""
    text = content if isinstance(content, str) else _csv(content)
    return _named("\ufeff" + text, "text/csv; charset=utf-8", name)


def as_xlsx(content: Iterable[Sequence[Value]], name: str) -> Response:
    """The same as a workbook; a text stays a text, days are days and amounts are numbers."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    for row in content:
        sheet.append([harmless(cell) for cell in row])
    held = io.BytesIO()
    book.save(held)
    return _named(held.getvalue(), XLSX, name)


def _csv(content: Iterable[Sequence[Value]]) -> str:
    written = io.StringIO()
    lines = csv.writer(written, delimiter=";", lineterminator="\r\n")
    lines.writerows([_typed(harmless(cell)) for cell in row] for row in content)
    return written.getvalue()


def _typed(value: Value) -> str:
    match value:
        case None:
            return ""
        case Decimal():
            return str(value).replace(".", ",")
        case date():
            return f"{value:%d/%m/%Y}"
        case _:
            return str(value)


def _named(content: str | bytes, media_type: str, name: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)
