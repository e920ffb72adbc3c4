"""What became of people, as of any day: a page that says everything in its address, and the same as files."""

import asyncio
from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from markupsafe import Markup

from figures import charts, report, sheets
from figures.counting import Grouping
from figures.people import LATEST, MOMENTS
from figures.sentences import sentences
from figures.tables import Asked, Counted, glance, tables
from figures.wording import Wording
from models.messages.words import Party, Role
from portal.access.rights import may
from portal.access.rows import Rows
from portal.access.visitor import Visitor
from portal.figures.gathering import EVERY_YEAR, YES, chosen, gather
from portal.pages import language_of, render
from schemes.calendar import BRUSSELS

PATH = "/uitkomsten"
READERS = frozenset({Role.BOARD, Role.TEAM_LEAD, Role.AUDITOR, Role.HANDLER})
Reader = Annotated[Visitor, Depends(may(Party.STAFF, roles=READERS))]
MOST_GROUPS = 25
"""Lines of a table on the page and in the report; files have them all."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
router = APIRouter(prefix=PATH)


@router.get("")
async def page(request: Request, visitor: Reader, rows: Rows) -> Response:
    """The picture with its charts, tables, sentences and definitions."""
    words = Wording(language_of(request, visitor))
    choice = await chosen(rows, request.query_params, visitor.funds, datetime.now(BRUSSELS).date())
    counted = await gather(rows, choice.asked)
    shown = tables(counted, words, MOST_GROUPS)
    drawn = await asyncio.to_thread(charts.charts, counted, shown, words)
    return render(
        request,
        visitor,
        "figures/page.html",
        choice=choice,
        asked=choice.asked,
        people=len(counted.people),
        glance=glance(counted),
        words=words,
        tables=shown,
        charts={code: Markup(chart.svg) for code, chart in drawn.items()},
        left_out={table.code for table in shown if charts.left_out(counted, table)},
        sentences=sentences(counted, words),
        groupings=tuple(Grouping),
        moments=(LATEST, *MOMENTS),
        every_year=EVERY_YEAR,
        query=urlencode(address(choice.asked)),
    )


@router.get("/cijfers.csv")
async def as_csv(request: Request, visitor: Reader, rows: Rows) -> Response:
    """Every table as one list, with numerators and denominators."""
    counted, words = await _asked(request, visitor, rows)
    return _file(sheets.csv(counted, words), "text/csv; charset=utf-8", counted.asked, "csv")


@router.get("/cijfers.xlsx")
async def as_xlsx(request: Request, visitor: Reader, rows: Rows) -> Response:
    """A sheet for each table, with the sentences and definitions before them."""
    counted, words = await _asked(request, visitor, rows)
    return _file(await asyncio.to_thread(sheets.xlsx, counted, words), XLSX, counted.asked, "xlsx")


@router.get("/verslag.pdf")
async def as_pdf(request: Request, visitor: Reader, rows: Rows) -> Response:
    """The report, as a tagged PDF."""
    counted, words = await _asked(request, visitor, rows)
    made = await asyncio.to_thread(report.pdf, counted, words, MOST_GROUPS)
    return _file(made, "application/pdf", counted.asked, "pdf")


def address(asked: Asked) -> dict[str, str]:
    """What was asked, as it stands in the address."""
    typed = {
        "fonds": asked.fund.value,
        "op": asked.day.isoformat(),
        "jaar": str(asked.year or EVERY_YEAR),
        "per": asked.by.value,
        "moment": asked.moment,
        "vergelijk": asked.earlier.isoformat() if asked.earlier else "",
        "publiek": YES if asked.discreet else "",
        "oefening": YES if asked.rehearsed else "",
    }
    return {name: value for name, value in typed.items() if value}


async def _asked(request: Request, visitor: Visitor, rows: Rows) -> tuple[Counted, Wording]:
    choice = await chosen(rows, request.query_params, visitor.funds, datetime.now(BRUSSELS).date())
    return await gather(rows, choice.asked), Wording(language_of(request, visitor))


def _file(content: bytes, kind: str, asked: Asked, ending: str) -> Response:
    name = f"uitkomsten-{asked.fund.value}-{asked.year or EVERY_YEAR}-{asked.day.isoformat()}.{ending}"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(content, media_type=kind, headers=headers)
