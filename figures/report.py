"""The report of a day as a tagged PDF: sentences, charts with their tables, and what every number means."""

from typing import Any

import policies
from figures.charts import charts, described, left_out
from figures.sentences import sentences
from figures.tables import Counted, Table, tables
from figures.wording import Wording
from letters.composing import Letter
from letters.render import pdf as printed
from letters.render import picture as drawn

SORT = "outcomes"


def pdf(counted: Counted, words: Wording, most: int | None = None) -> bytes:
    """The report (PDF/UA-1). Takes some tenths of a second of the processor: call it in a thread where others wait."""
    return printed(letter(counted, words, most)).content


def picture(counted: Counted, words: Wording, most: int | None = None) -> tuple[bytes, ...]:
    """Its pages as PNG, to look at."""
    return drawn(letter(counted, words, most))


def letter(counted: Counted, words: Wording, most: int | None = None) -> Letter:
    """The report in sentences, before it is a page."""
    asked = counted.asked
    title = words.say("frame.title_year", year=asked.year) if asked.year else words.say("frame.title")
    made = tables(counted, words, most)
    pictures = charts(counted, made, words, "paper")
    fund = policies.funds()[asked.fund]
    content: dict[str, Any] = {
        "language": words.language.value,
        "dated": [asked.day.year, asked.day.month, asked.day.day],
        "sender": {"name": fund.name, "seat": fund.seat},
        "title": title,
        "as_of": words.say("frame.as_of", day=words.day(asked.day)),
        "notices": _notices(counted, words),
        "glance": words.say("frame.sentences"),
        "sentences": list(sentences(counted, words)),
        "tables": [
            _table(
                table, pictures[table.code].svg if table.code in pictures else "", _about(table, counted, words), words
            )
            for table in made
        ],
        "definitions": {"heading": words.say("frame.definitions"), "lines": _definitions(words)},
        "page": words.say("frame.page"),
        "of": words.say("frame.of_pages"),
    }
    return Letter(SORT, SORT, words.language, title, asked.day, None, content)


def _notices(counted: Counted, words: Wording) -> list[str]:
    asked = counted.asked
    return [
        words.say(f"frame.{name}")
        for name, shown in (("rehearsal", asked.rehearsed), ("hidden", asked.discreet))
        if shown
    ]


def _about(table: Table, counted: Counted, words: Wording) -> str:
    """What a table counts, and why nothing is drawn beside it."""
    return f"{table.about} {words.say('frame.no_chart')}" if left_out(counted, table) else table.about


def _table(table: Table, svg: str, about: str, words: Wording) -> dict[str, Any]:
    rows = [{"cells": [row.label, *map(words.cell, row.cells)], "total": row.total} for row in table.rows]
    return {
        "title": table.title,
        "about": about,
        "head": list(table.head),
        "rows": rows,
        "chart": svg,
        "told": described(table, words),
    }


def _definitions(words: Wording) -> list[list[str]]:
    """Each number and what it means; the word before the colon is the number."""
    return [[part.strip() for part in text.split(":", 1)] for text in words.all("definitions").values()]
