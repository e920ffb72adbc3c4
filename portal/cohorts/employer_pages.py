"""What an employer sees of the people it dismissed: who they are and how the own offer stands, and nothing after it."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from models.messages.words import Party
from portal.access.rights import may
from portal.access.rows import Rows
from portal.access.visitor import Visitor
from portal.pages import render
from reading.offers import offers

router = APIRouter()
Employer = Annotated[Visitor, Depends(may(Party.APPLICANT))]


@router.get("/mijn-dossiers/{number}/mensen")
async def own_people(request: Request, visitor: Employer, rows: Rows, number: str, na: str = "") -> Response:
    """The own people, by name."""
    found, behind = await offers(rows, number, after=na)
    if not found and not na:
        raise HTTPException(404)
    return render(request, visitor, "cohorts/offers.html", number=number, people=found, behind=behind)
