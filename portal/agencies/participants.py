"""An agency's own participants: what is asked of it, hours by month, and what may be told of each person's course."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.exceptions import HTTPException

from models.errors import Refusal
from models.messages.words import Party
from portal.access.rights import may
from portal.access.rows import Rows
from portal.access.visitor import Visitor
from portal.agencies import registering, typed
from portal.agencies.months import NAMED, a_month, as_month
from portal.agencies.registering import GUIDING, WAITING, Why, wrong_in
from portal.agencies.typed import HAPPENINGS, Typed
from portal.following.wanted import KNOWN_OUTCOMES
from portal.forms.filling import Problem
from portal.house import house_of
from portal.language import marked as _
from portal.language import tongue
from portal.pages import Flash, go, language_of, render
from reading.guided import OF_AGENCY, Guided, asked, counted, guided, listed

router = APIRouter()
Agency = Annotated[Visitor, Depends(may(Party.AGENCY))]
Sheet = Annotated[int, Query(ge=1, le=100_000)]
UNPROCESSABLE = 422
NUMBER = re.compile(r"[A-Z0-9-]{1,40}")
"""What may be looked up: whatever else somebody types is no number of a dossier."""
ON_A_PAGE, LISTED = 200, 100
"""Participants whose trajectory runs, a sheet at a time, and closed ones, of which the list shows the last."""


@router.get("/deelnemers")
async def participants(
    request: Request, visitor: Agency, rows: Rows, blad: Sheet = 1, nummer: Annotated[str, Query(max_length=40)] = ""
) -> Response:
    """The agency's own participants: what is asked, what was asked and stayed silent first, then who is guided.

    With a number: to that participant, also to one that is not in the list.
    """
    if nummer.strip():
        return go(f"/deelnemers/{quote(nummer.strip().upper(), safe='')}")
    questions = [(one, question) for one in await asked(rows) for question in one.asked]
    return render(
        request,
        visitor,
        "agencies/participants.html",
        asked=sorted(questions, key=lambda pair: (not pair[1].overdue, pair[1].until, pair[0].number)),
        running=await listed(rows, closed=False, limit=ON_A_PAGE, offset=(blad - 1) * ON_A_PAGE),
        sheet=blad,
        sheets=-(-await counted(rows, closed=False) // ON_A_PAGE),
        closed=await listed(rows, closed=True, limit=LISTED),
        closed_in_all=await counted(rows, closed=True),
    )


@router.get("/deelnemers/{number}")
async def participant(request: Request, visitor: Agency, rows: Rows, number: str) -> Response:
    """One participant: what is asked, hours by month and phase, and what may be told."""
    return _page(request, visitor, await one_of(rows, number))


@router.post("/deelnemers/{number}/uren")
async def keep_hours(request: Request, visitor: Agency, rows: Rows, number: str) -> Response:
    """Register the hours of one month; what is told last of a month counts."""
    form = await request.form()
    row = Typed(**{field: str(form.get(name, "")) for field, name in NAMED.items()})
    return await _register(request, visitor, await one_of(rows, number), row, str(form.get("maand", "")))


@router.post("/deelnemers/{number}/gebeurtenis")
async def tell(request: Request, visitor: Agency, rows: Rows, number: str) -> Response:
    """Tell a turn of the guidance, or what became of the person."""
    form = await request.form()
    said = {"event": "gebeurtenis", "event_on": "dag", "outcome": "uitkomst"}
    row = Typed(**{field: str(form.get(name, "")) for field, name in said.items()})
    return await _register(request, visitor, await one_of(rows, number), row, "")


async def one_of(rows: AsyncConnection, number: str) -> Guided:
    """A participant of the agency that asks.

    Raises:
        HTTPException: 404, the same as for a number that does not exist.
    """
    found = await guided(rows, numbers=[number] if NUMBER.fullmatch(number) else [])
    if not found:
        raise HTTPException(404)
    return found[0]


async def _register(request: Request, visitor: Visitor, one: Guided, row: Typed, month: str) -> Response:
    now, say = datetime.now(UTC), tongue(language_of(request, visitor))
    about = a_month(month) if month else registering.course_of(one, now).today.replace(day=1)
    problems: dict[str, Why] = {} if about else {"month": Why(_("Kies een maand."))}
    if about is not None:
        found = typed.read(row, about)
        problems = found.problems or registering.problems_of(one, found.act, now)
        if not problems and found.act == registering.Act():
            problems = {"hours" if month else "event": Why(_("Er is nog niets ingevuld."))}
    if problems or about is None:
        return _page(request, visitor, one, row=row, month=month, problems=problems)
    try:
        new = await registering.register(house_of(request), visitor.actor(), one, found.act, now)
    except Refusal as refusal:
        return _page(request, visitor, one, row=row, month=month, refusal=refusal)
    text = say(_("Goed ontvangen. Dank u.")) if new else say(_("Er was niets nieuws te bewaren."))
    return go(f"/deelnemers/{one.number}", Flash(text=text, tone="good" if new else "warn"))


def _page(
    request: Request,
    visitor: Visitor,
    one: Guided,
    *,
    row: Typed | None = None,
    month: str = "",
    problems: Mapping[str, Why] | None = None,
    refusal: Refusal | None = None,
) -> Response:
    say = tongue(language_of(request, visitor))
    course, told = registering.course_of(one, datetime.now(UTC)), problems or {}
    shown = wrong_in(say, told)
    return render(
        request,
        visitor,
        "agencies/participant.html",
        status=UNPROCESSABLE if told or refusal else 200,
        one=one,
        guiding=one.closed is None and one.phase in GUIDING,
        registers=one.closed is None and (one.started_on is not None or one.phase == WAITING),
        months=_possible(one, course.today),
        month=month or as_month(course.today),
        row=row or Typed(),
        problems=[Problem(text, f"#{field}") for field, text in shown.items()],
        wrong=shown,
        refusal=refusal,
        happenings=HAPPENINGS,
        outcomes=KNOWN_OUTCOMES,
        outcome_asked=any(question.code == OF_AGENCY for question in one.asked),
    )


def _possible(one: Guided, today: date) -> list[str]:
    """The months of which hours may be told, the last one first."""
    first = one.started_on or today
    last = min(one.ended_on or today, today)
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [f"{month // 12}-{month % 12 + 1:02}" for month in reversed(months)]
