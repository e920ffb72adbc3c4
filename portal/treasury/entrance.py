"""Where the money of a fund begins: with what each has to do."""

from fastapi import APIRouter
from fastapi.responses import Response

from models.messages.words import Role
from portal.pages import go
from portal.treasury.desk import Looking

router = APIRouter()


@router.get("/geld")
async def enter(visitor: Looking) -> Response:
    """Who pays begins with what is due; everybody else with the budgets."""
    return go("/geld/betalingen" if Role.FINANCE in visitor.roles else "/geld/budgetten")
