"""What the pages of budgets show: a year of a fund, and one budget."""

from functools import partial
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncConnection

from absences import today
from budgets.purses import ANY, COMMITTEES, Purse
from models.errors import Refusal
from models.messages.words import Fund, Instrument
from portal.access.visitor import Visitor
from portal.pages import language_of
from portal.treasury import bars
from portal.treasury.desk import NOTHING, Typed, show
from portal.wording import Wording
from reading import budgets as reading
from reading.budgets import EnvelopeStands

ENTRIES, SETTLED = 30, 20
"""How many of the last moves, and of the last decided acts, a page shows."""
INSTRUMENTS = (*(one.value for one in Instrument if one is not Instrument.TRAJECTORY), ANY)
"""For what a budget may be opened: a trajectory is paid by its outplacement."""


async def year_page(
    request: Request,
    visitor: Visitor,
    rows: AsyncConnection,
    fund: Fund,
    asked: int | None,
    *,
    rehearsed: bool | None = None,
    problem: Refusal | None = None,
    typed: Typed = NOTHING,
) -> Response:
    """All budgets of a year. Those of rehearsals stand apart; they are shown first only where nothing else is."""
    now = today()
    known = await reading.years(rows, fund)
    year = asked or (now.year if now.year in known or not known else known[0])
    found = await reading.envelopes(rows, fund, year)
    both = len({one.rehearsed for one in found}) > 1
    played = rehearsed if rehearsed is not None else bool(found) and not both and found[0].rehearsed
    shown = tuple(one for one in found if one.rehearsed == played)
    line = (await reading.waiting(rows, fund, year=year)).dossiers
    return await show(
        request,
        visitor,
        rows,
        "budgets.html",
        fund=fund,
        problem=problem,
        typed=typed,
        year=year,
        years=sorted({*known, now.year, now.year + 1, year}),
        rehearsed=played,
        both=both,
        envelopes=shown,
        total=bars.together(shown),
        homeless=[held for held in line if held.envelope is None],
        instruments=INSTRUMENTS,
        committees=COMMITTEES,
        **await _acts(rows, fund, year=year),
        **_shown_as(request, visitor),
    )


async def envelope_page(
    request: Request,
    visitor: Visitor,
    rows: AsyncConnection,
    one: EnvelopeStands,
    *,
    problem: Refusal | None = None,
    typed: Typed = NOTHING,
) -> Response:
    """One budget, with who waits for it and every act about it."""
    beside = await reading.envelopes(rows, one.fund, one.year)
    return await show(
        request,
        visitor,
        rows,
        "envelope.html",
        fund=one.fund,
        problem=problem,
        typed=typed,
        one=one,
        expected=reading.forecast(one, today()),
        waiting=(await reading.waiting(rows, one.fund, envelope=one.envelope)).dossiers,
        entries=(await reading.entries(rows, envelope=one.envelope, limit=ENTRIES)).entries,
        others=[
            other
            for other in beside
            if other.envelope != one.envelope and other.rehearsed == one.rehearsed and other.state == "open"
        ],
        **await _acts(rows, one.fund, envelope=one.envelope),
        **_shown_as(request, visitor),
    )


def _shown_as(request: Request, visitor: Visitor) -> dict[str, Any]:
    """How envelopes read: as a bar, with what is expected on it, and by their name in words."""
    words, now = Wording(language_of(request, visitor)), today()

    def ahead(one: EnvelopeStands) -> int:
        return bars.place(reading.forecast(one, now), one.budget)

    return {"parts": bars.parts, "ahead": ahead, "envelope_told": partial(in_words, words)}


def in_words(words: Wording, envelope: str) -> str:
    """A budget as people call it: formele opleiding 2026, arbeiders (PC 111)."""
    purse = Purse.named(envelope)
    what = words.word(purse.instrument or ANY, "instruments" if purse.instrument else "any_instrument")
    return f"{what} {purse.year}, {words.word(purse.committee, 'committees')}"


async def _acts(
    rows: AsyncConnection, fund: Fund, *, year: int | None = None, envelope: str | None = None
) -> dict[str, Any]:
    """What waits for a second person, what was decided last, and whose names that takes. Of a fund all that waits."""
    pending = (await reading.acts(rows, fund, envelope=envelope, pending=True)).acts
    settled = (await reading.acts(rows, fund, year=year, envelope=envelope, pending=False, limit=SETTLED)).acts
    people = (person for act in (*pending, *settled) for person in (act.proposed_by, act.decided_by) if person)
    return {"pending": pending, "settled": settled, "people": frozenset(people)}
