"""For coordinators: who has how much, what is late and how old, and spreading it anew after a dry run."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from models.errors import Refusal
from models.messages.words import Fund, Party, Role
from portal.access.rights import may
from portal.access.rows import Rows
from portal.access.visitor import Visitor
from portal.house import house_of
from portal.language import marked as _
from portal.language import tongue
from portal.pages import go, language_of, render
from portal.refusals import Refused, in_words
from portal.staff import bulk_runs
from portal.staff.listing import desk_of
from reading import load

router = APIRouter()
Coordinator = Annotated[Visitor, Depends(may(Party.STAFF, roles={Role.TEAM_LEAD}))]
PATH = "/coordinatie"
NOBODY = ""
MOST = 500
"""Tasks that are spread at once."""


@router.get(PATH)
async def coordination(request: Request, visitor: Coordinator, rows: Rows) -> Response:
    """Load per team and per person, and the form by which it is spread anew."""
    return await _shown(request, visitor, rows)


async def _shown(request: Request, visitor: Visitor, rows: Any, refused: str | None = None) -> Response:
    desk = await desk_of(rows, visitor)
    people = await load.people(rows, visitor.funds, desk.today)
    return render(
        request,
        visitor,
        "staff/coordination.html",
        status=422 if refused else 200,
        refused=refused,
        today=desk.today,
        teams=await load.teams(rows, visitor.funds, desk.today),
        people=people,
        most_held=max((person.held for person in people), default=0) or 1,
        most=MOST,
    )


@router.post(f"{PATH}/verdelen")
async def spread(
    request: Request,
    visitor: Coordinator,
    rows: Rows,
    rol: Annotated[Role, Form()],
    van: Annotated[str, Form()] = NOBODY,
    aan: Annotated[list[str] | None, Form()] = None,
    aantal: Annotated[int, Form(ge=1, le=MOST)] = MOST,
) -> Response:
    """Work out who would get what; nothing happens before it is confirmed on the next page."""
    try:
        run = await _dry_run(request, visitor, rows, rol, van or None, frozenset(aan or ()), aantal)
    except Refusal as refusal:
        return await _shown(request, visitor, rows, in_words(tongue(language_of(request, visitor)), refusal))
    return go(f"/bulk/{run}")


async def _dry_run(
    request: Request,
    visitor: Visitor,
    rows: Any,
    role: Role,
    holder: str | None,
    to: frozenset[str],
    count: int,
) -> int:
    desk = await desk_of(rows, visitor)
    fund: Fund = visitor.funds[0]
    people = await load.people(rows, (fund,), desk.today)
    held = {one.person: one.held for one in people if one.person in to and role.value in one.roles}
    held.pop(holder or "", None)
    if not held:
        raise Refused("NobodyAble", _("Kies minstens één andere collega die deze rol heeft."))
    tasks = await load.movable(rows, fund, role, holder, count)
    given = [(task, person) for task, person in load.spread(tasks, held) if person is not None]
    if not given:
        raise Refused(
            "NothingToSpread", _("Er is niets te verdelen: die stapel is leeg, of vier ogen sluit iedereen uit.")
        )
    return await bulk_runs.draft(house_of(request).engine, visitor.person, PATH, given, hand="assign")
