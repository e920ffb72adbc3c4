"""The page on which staff puts facts of a trajectory right: what moves is shown before anything does."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from importing.notations import written_day
from models.errors import Refusal
from models.messages.words import Party, Role
from portal.access.rights import may
from portal.access.rows import Rows
from portal.access.visitor import Visitor
from portal.house import house_of
from portal.language import tongue
from portal.pages import Flash, go, language_of, render
from portal.staff.putting_right import (
    BIRTH_DATE,
    NUMBERS,
    TYPED,
    FieldRefusal,
    Plan,
    plan_of,
    put_right,
    standing,
    wanted,
)
from reading import staff_dossier
from reading.course import Lived, lived
from schemes.correcting import BECAUSE
from schemes.course import running
from schemes.outplacement_sources import source_of

router = APIRouter(prefix="/dossier/{number}/verbeteren")
Corrector = Annotated[Visitor, Depends(may(Party.STAFF, roles={Role.INTAKE, Role.HANDLER, Role.TEAM_LEAD}))]
KNOWN_FIRST = frozenset({"offered_on", "started_on"})
"""Days that can be put right once they are known."""


@router.get("")
async def ask(request: Request, visitor: Corrector, rows: Rows, number: str) -> Response:
    """The facts as they stand, the days that follow from them, and the form."""
    return _page(request, visitor, number, await _found(rows, number), {})


@router.post("")
async def correct(request: Request, visitor: Corrector, rows: Rows, number: str) -> Response:
    """Show what moves; put it right once that was seen."""
    found, form = await _found(rows, number), await request.form()
    typed = {name: str(value) for name, value in form.items() if isinstance(value, str)}
    facts = {field: typed[field] for field in TYPED if field in typed}
    house = house_of(request)
    try:
        asked = wanted(found, facts, typed.get("reden", ""))
        plan = plan_of(found, asked)
        if typed.get("doe") != "verbeteren" or typed.get("gezien") != plan.seen:  # what is done was seen, as it is now
            return _page(request, visitor, number, found, typed, plan=plan)
        assert house.settings.import_key is not None
        secret = house.settings.import_key.encode()
        await put_right(house.starter, house.engine, secret, number, found, asked, visitor.person)
    except Refusal as refusal:
        return _page(request, visitor, number, found, typed, problem=refusal)
    _ = tongue(language_of(request, visitor))
    return go(f"/dossier/{number}", Flash(text=_("Verbeterd. De tijdlijn zegt welke data verschoven.")))


async def _found(rows: Rows, number: str) -> Lived:
    found = await lived(rows, number)
    if found is None or await staff_dossier.staff_dossier(rows, number) is None:
        raise HTTPException(404)
    return found


def _page(
    request: Request,
    visitor: Visitor,
    number: str,
    found: Lived,
    typed: Mapping[str, str],
    *,
    plan: Plan | None = None,
    problem: Refusal | None = None,
) -> Response:
    stands = standing(found)
    shown: dict[str, Any] = {
        "number": number,
        "closed": found.outcome is not None,
        "typed": typed,
        "fields": _fields(found, typed),
        "numbers": NUMBERS,
        "reasons": BECAUSE,
        "regime": stands.regime,
        "days": [(one, source_of(one.what, stands.regime)) for one in running(stands) if stands.regime],
        "plan": plan,
        "problem": problem,
        "wrong": problem.field if isinstance(problem, FieldRefusal) else None,
    }
    return render(request, visitor, "staff/correction.html", status=422 if problem else 200, **shown)


def _fields(found: Lived, typed: Mapping[str, str]) -> list[tuple[str, str]]:
    """Each fact with what stands in its field: what was typed, else what is known."""
    facts = standing(found).facts
    stated = {BIRTH_DATE: found.birth_date} | {field: getattr(facts, field) for field in TYPED if field != BIRTH_DATE}
    shown = {field: value for field, value in stated.items() if value is not None or field not in KNOWN_FIRST}
    return [(field, typed.get(field, _typed(field, value))) for field, value in shown.items()]


def _typed(field: str, value: Any) -> str:
    if value is None:
        return ""
    return f"{value.normalize():f}".replace(".", ",") if field in NUMBERS else written_day(value)
