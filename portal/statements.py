"""Two pages that everybody may read: how accessible the portal is, and what becomes of personal data."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

import policies
from portal.access.rights import anyone
from portal.access.visitor import Visitor
from portal.pages import render

router = APIRouter()
Somebody = Annotated[Visitor | None, Depends(anyone())]


@router.get("/toegankelijkheid")
async def accessibility(request: Request, visitor: Somebody) -> Response:
    """The accessibility statement."""
    return render(request, visitor, "open/accessibility.html")


@router.get("/privacy")
async def privacy(request: Request, visitor: Somebody) -> Response:
    """What is kept of people, why, how long, and what they may ask."""
    return render(request, visitor, "open/privacy.html", funds=policies.funds().values())
