"""Exactly what the list shows, as a file: these columns, this question, this order, all pages."""

import csv
import io
import re
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import IO, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse
from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]
from openpyxl.styles import Font  # type: ignore[import-untyped]

from portal.access.rights import Staff
from portal.access.rows import seen_by
from portal.access.visitor import Visitor
from portal.house import House, house_of
from portal.language import tongue
from portal.pages import language_of
from portal.staff.columns import COLUMNS, Value, Words, own, value
from portal.staff.listing import PATH, SLUGS, Listing, wanted
from portal.wording import Wording
from reading import inbox

router = APIRouter()
STRIDE = 500
"""Lines read at once; an export of a million holds no more than these."""
_FORMULA = re.compile(r"^[\s\x00-\x1f]*[=+\-@\t\r|]")
"""What a spreadsheet may take for an order, also behind spaces."""
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
PIECE = 64 * 1024


def harmless(found: Value) -> Value:
    """A cell that no spreadsheet takes for a formula: a text that looks like one gets an apostrophe before it."""
    if not isinstance(found, str):
        return found
    plain = _UNPRINTABLE.sub("", found)
    return f"'{plain}" if _FORMULA.match(found) else plain


@router.get(f"{PATH}/uitvoer.csv")
async def as_csv(request: Request, visitor: Staff) -> Response:
    """The list as CSV with semicolons, as spreadsheets here expect it."""
    language = language_of(request, visitor)
    words, house = Words(tongue(language), Wording(language), date.min), house_of(request)
    columns = await own(house.engine, visitor.person)

    async def pieces() -> AsyncIterator[str]:
        yield "\ufeff" + _csv_line([words.say(COLUMNS[code].label) for code in columns])
        async for listing, line in _lines(request, house, visitor, language.value):
            today = words._replace(today=listing.desk.today)
            yield _csv_line([_typed(harmless(value(line, code, today))) for code in columns])

    return StreamingResponse(pieces(), media_type="text/csv; charset=utf-8", headers=_named(request, "csv"))


@router.get(f"{PATH}/uitvoer.xlsx")
async def as_xlsx(request: Request, visitor: Staff) -> Response:
    """The list as a workbook; days are days and amounts are numbers. Written to disk row by row, then sent."""
    language = language_of(request, visitor)
    words, house = Words(tongue(language), Wording(language), date.min), house_of(request)
    columns = await own(house.engine, visitor.person)
    book = Workbook(write_only=True)
    sheet = book.create_sheet(words.say("Werklijst"))
    sheet.freeze_panes = "A2"
    sheet.append([_bold(sheet, words.say(COLUMNS[code].label)) for code in columns])
    async for listing, line in _lines(request, house, visitor, language.value):
        today = words._replace(today=listing.desk.today)
        sheet.append([_cell(sheet, harmless(value(line, code, today))) for code in columns])
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed once it is sent
    book.save(file)
    file.seek(0)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return StreamingResponse(_pieces_of(file), media_type=kind, headers=_named(request, "xlsx"))


async def _lines(
    request: Request, house: House, visitor: Visitor, language: str
) -> AsyncIterator[tuple[Listing, inbox.Line]]:
    """Every line of the list, as it stands at one moment."""
    async with seen_by(house.reading, visitor) as connection:
        listing = await wanted(request, visitor, language, connection)
        query = await inbox.look_up(connection, replace(listing.query(STRIDE), after=None, before=None))
        while True:
            page = await inbox.page(connection, query)
            for line in page.lines:
                yield listing, line
            if page.next is None:
                return
            query = replace(query, after=page.next)


def _csv_line(cells: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line, delimiter=";", lineterminator="\r\n").writerow(cells)
    return line.getvalue()


def _typed(found: Value) -> str:
    """As it is typed in Belgium."""
    match found:
        case None:
            return ""
        case Decimal():
            return str(found).replace(".", ",")
        case date():
            return f"{found:%d/%m/%Y}"
        case _:
            return str(found)


def _cell(sheet: Any, found: Value) -> Any:
    """A text stays a text, whatever it begins with."""
    cell = WriteOnlyCell(sheet, value=found)
    if isinstance(found, str):
        cell.data_type = "s"
    elif isinstance(found, Decimal):
        cell.number_format = "#,##0.00"
    elif isinstance(found, date):
        cell.number_format = "DD/MM/YYYY"
    return cell


def _bold(sheet: Any, label: str) -> Any:
    cell = WriteOnlyCell(sheet, value=label)
    cell.font = Font(bold=True)
    return cell


def _pieces_of(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece


def _named(request: Request, ending: str) -> dict[str, str]:
    tab = request.query_params.get("lijst", "")
    name = f"werklijst-{tab if tab in SLUGS.values() else 'mijn'}.{ending}"
    return {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
