"""What became of people, as of any day: the same tables and report as the page, for a person or a program."""

import asyncio
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from commands import servers
from commands.console import command, say, say_json, say_table
from commands.tasks import Json
from figures import report
from figures.counting import Grouping, Share
from figures.people import LATEST, MOMENTS
from figures.sentences import published, sentences
from figures.tables import Counted, Table, glance, tables
from figures.wording import Cell, Wording
from models.errors import Refusal
from models.messages.words import Fund, Language, UnknownReason
from portal.figures.gathering import EVERY_YEAR, YES, chosen, gather

app = typer.Typer()
DAY = ["%Y-%m-%d"]
MOST_GROUPS = 25
REPORT = "report"

Day = Annotated[datetime | None, typer.Option(formats=DAY, help="Stand op het einde van deze dag; weglaten: vandaag.")]
Earlier = Annotated[datetime | None, typer.Option(formats=DAY, help="Vergelijk met deze vroegere dag.")]


@app.command("figures", epilog="Voorbeeld: doorstroom figures report --on 2025-12-31 --year 2024 -o verslag.pdf")
@command
async def show_figures(
    what: Annotated[str, typer.Argument(help="Niets, of 'report' voor het verslag als PDF.")] = "",
    on: Day = None,
    year: Annotated[int | None, typer.Option(help="Wie in dit jaar startte; 0 voor alle jaren.")] = None,
    fund: Annotated[Fund, typer.Option(help="Fonds.")] = Fund.ANTWERPEN,
    by: Annotated[Grouping, typer.Option(help="Groepen per.")] = Grouping.REGIME,
    moment: Annotated[str, typer.Option(help=f"{LATEST} of een van {', '.join(MOMENTS)}.")] = LATEST,
    earlier: Earlier = None,
    rehearsed: Annotated[bool, typer.Option("--rehearsed", help="Oefendossiers in plaats van echte.")] = False,
    discreet: Annotated[bool, typer.Option("--discreet", help="Verberg kleine getallen.")] = False,
    language: Annotated[Language, typer.Option(help="nl, fr of en.")] = Language.DUTCH,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Bestand voor het verslag.")] = None,
    as_json: Json = False,
) -> None:
    """Tel wat er van mensen geworden is, zoals het op een dag bekend was."""
    if what not in ("", REPORT) or (what == REPORT) != (output is not None):
        raise Refusal("ReportNeedsFile", "Schrijf 'doorstroom figures' of 'doorstroom figures report -o BESTAND'.")
    typed = {"op": _day(on), "vergelijk": _day(earlier), "per": by.value, "moment": moment}
    typed |= {"jaar": EVERY_YEAR if year == 0 else str(year or "")}
    typed |= {"publiek": YES if discreet else "", "oefening": YES if rehearsed else ""}
    words = Wording(language)
    async with servers.reading() as connection:
        choice = await chosen(connection, typed, (fund,), datetime.now(ZoneInfo("Europe/Brussels")).date())
        counted = await gather(connection, choice.asked)
    if output is not None:
        content = await asyncio.to_thread(report.pdf, counted, words, MOST_GROUPS)
        output.write_bytes(content)
        say(f"Bewaard in {output}: {len(content)} bytes.")
    elif as_json:
        say_json(told(counted, words))
    else:
        _show(counted, words)


def _show(counted: Counted, words: Wording) -> None:
    """For a person."""
    say(words.say("frame.as_of", day=words.day(counted.asked.day)), *sentences(counted, words), "")
    for table in tables(counted, words, MOST_GROUPS):
        say_table(table.title, table.head, [(row.label, *map(words.cell, row.cells)) for row in table.rows])
        say(table.about, "")


def told(counted: Counted, words: Wording) -> dict[str, Any]:
    """Everything for a program: every share with its numerator and denominator; null for what is hidden."""
    asked, of = counted.asked, counted.tally
    all_reasons = counted.told(of).whole("unknown", *UnknownReason)
    report_of = published(asked.fund, asked.year)
    return {
        "fund": asked.fund.value,
        "on": asked.day,
        "year": asked.year,
        "rehearsed": asked.rehearsed,
        **{code: _plain(cell) for code, cell in glance(counted)},
        "unknown_by_reason": {reason.name: count for reason, count in of.reasons.items()} if all_reasons else None,
        "published": {"unknown": report_of.unknown, "source": report_of.name(words.language)} if report_of else None,
        "sentences": sentences(counted, words),
        "tables": [_table(table) for table in tables(counted, words)],
    }


def _table(table: Table) -> dict[str, Any]:
    rows = [{"label": row.label, "code": row.code, "cells": [_plain(cell) for cell in row.cells]} for row in table.rows]
    return {"code": table.code, "title": table.title, "head": table.head, "rows": rows, "about": table.about}


def _plain(cell: Cell) -> Any:
    if isinstance(cell, Share):
        return {"numerator": cell.numerator, "denominator": cell.denominator, "percentage": cell.percentage}
    return cell


def _day(typed: datetime | date | None) -> str:
    return typed.strftime("%Y-%m-%d") if typed else ""
