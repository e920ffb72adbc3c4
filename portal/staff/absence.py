"""Being away: who stands in for whom and between which days. One arranges it for oneself, a team lead for the team."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncConnection

from absences import ARRANGES, stood_in_for, today
from models.errors import Refusal
from portal.access.rights import Staff
from portal.access.rows import Rows
from portal.access.visitor import Visitor
from portal.days import likely
from portal.house import house_of
from portal.language import tongue
from portal.pages import Flash, go, language_of, render
from reading import absences as reading

router = APIRouter(prefix="/afwezigheid")


@router.get("")
async def overview(request: Request, visitor: Staff, rows: Rows) -> Response:
    """The absences that hold or come, and a form for a new one."""
    return await _shown(request, visitor, rows)


@router.post("")
async def announce(
    request: Request,
    visitor: Staff,
    rows: Rows,
    vervanger: Annotated[str, Form()] = "",
    van: Annotated[str, Form()] = "",
    tot: Annotated[str, Form()] = "",
    wie: Annotated[str, Form()] = "",
) -> Response:
    """Let a colleague stand in between two days."""
    typed = {"vervanger": vervanger, "van": van, "tot": tot, "wie": wie}
    try:
        first, last = _day(van), _day(tot)
        away = wie or visitor.person
        await house_of(request).starter.announce_absence(away, vervanger, first, last, visitor.person)
    except Refusal as refusal:
        return await _shown(request, visitor, rows, problem=refusal, typed=typed)
    _ = tongue(language_of(request, visitor))
    return go("/afwezigheid", Flash(text=_("De vervanging is geregeld; ze begint en eindigt vanzelf.")))


@router.post("/{absence}/einde")
async def end(request: Request, visitor: Staff, rows: Rows, absence: int) -> Response:
    """End a substitution now."""
    try:
        await house_of(request).starter.end_absence(absence, visitor.person)
    except Refusal as refusal:
        return await _shown(request, visitor, rows, problem=refusal)
    _ = tongue(language_of(request, visitor))
    return go("/afwezigheid", Flash(text=_("De vervanging is beëindigd.")))


async def _shown(
    request: Request,
    visitor: Visitor,
    rows: AsyncConnection,
    *,
    problem: Refusal | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    people: list[Any] = [one for fund in visitor.funds for one in await reading.colleagues(rows, fund)]
    return render(
        request,
        visitor,
        "staff/absence.html",
        status=422 if problem else 200,
        problem=problem,
        typed=typed or {"vervanger": "", "van": today().isoformat(), "tot": "", "wie": visitor.person},
        people=people,
        arranges=bool(ARRANGES & visitor.roles),
        absences=await reading.coming(rows, visitor.funds, today()),
        stands_for=await stood_in_for(rows, visitor.person),
        names={person: name for person, name, _ in people},
        today=today(),
    )


def _day(typed: str) -> date:
    try:
        return likely(date.fromisoformat(typed))
    except ValueError:
        raise Refusal("DayMissing", "Vul de eerste en de laatste dag in.") from None
