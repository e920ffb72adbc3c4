"""A person of whom was told that they died or went abroad is here after all: staff takes it back."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from models.errors import Refusal
from models.messages.words import Kind, Party, Role
from portal.access.rights import may
from portal.access.rows import Rows
from portal.access.visitor import Visitor
from portal.asking.leaving import take_back
from portal.house import house_of
from portal.language import tongue
from portal.pages import Flash, go, language_of, render
from reading.staff_dossier import StaffDossier, staff_dossier
from schemes.calendar import local_date

router = APIRouter()
Clerk = Annotated[Visitor, Depends(may(Party.STAFF, roles={Role.INTAKE, Role.HANDLER, Role.TEAM_LEAD}))]
HERE = "/dossier/{number}/toch-bereikbaar"


@router.get(HERE)
async def before(request: Request, visitor: Clerk, rows: Rows, number: str) -> Response:
    """What taking it back means."""
    await _trajectory(rows, number)
    return render(request, visitor, "staff/here_again.html", number=number, refusal=None)


@router.post(HERE)
async def correct(request: Request, visitor: Clerk, rows: Rows, number: str) -> Response:
    """Take it back, in every dossier of the person."""
    found = await _trajectory(rows, number)
    house, say = house_of(request), tongue(language_of(request, visitor))
    try:
        await take_back(
            house, number, local_date(datetime.now(UTC) + found.ahead), await house.starter.staff(visitor.person)
        )
    except Refusal as refusal:
        return render(request, visitor, "staff/here_again.html", status=422, number=number, refusal=refusal)
    return go(f"/dossier/{number}", Flash(text=say("Deze persoon is weer bereikbaar. De opvolging gaat verder.")))


async def _trajectory(rows: Rows, number: str) -> StaffDossier:
    found = await staff_dossier(rows, number)
    if found is None or found.timeline.dossier.kind != Kind.TRAJECTORY:
        raise HTTPException(404)
    return found
