"""Claiming money back that no step of the story claims: one proposes, another has to agree."""

from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from models.errors import Refusal
from models.messages.words import Party, Role
from portal.access.rights import may
from portal.access.rows import Rows
from portal.access.visitor import Visitor
from portal.house import house_of
from portal.language import tongue
from portal.pages import Flash, go, language_of, render
from portal.staff.money_form import Typed, standing_of
from portal.staff.reasons import CLAIMING
from reading.reversal import Money

router = APIRouter(prefix="/dossier/{number}/terugvragen")
Claiming = Annotated[Visitor, Depends(may(Party.STAFF, roles={Role.FINANCE, Role.HANDLER}))]


@router.get("")
async def ask(request: Request, visitor: Claiming, rows: Rows, number: str) -> Response:
    """What was paid and what comes back already, and the form."""
    return _page(request, visitor, number, await standing_of(rows, number), Typed())


@router.post("")
async def propose(
    request: Request,
    visitor: Claiming,
    rows: Rows,
    number: str,
    bedrag: Annotated[str, Form()] = "",
    reden: Annotated[str, Form()] = "",
) -> Response:
    """Propose it; nothing leaves the house before another person agreed."""
    standing, typed = await standing_of(rows, number), Typed(bedrag.strip(), reden)
    try:
        if typed.reason not in CLAIMING:
            raise Refusal("ReasonMissing", "Kies een reden uit de lijst.")
        await house_of(request).starter.order_recovery(number, typed.euros(), typed.reason, visitor.person)
    except Refusal as refusal:
        return _page(request, visitor, number, standing, typed, problem=refusal)
    _ = tongue(language_of(request, visitor))
    text = _("De terugvordering is voorgesteld; de brief vertrekt pas als een ander ze goedkeurt.")
    return go(f"/dossier/{number}", Flash(text=text))


def claimable(standing: Money) -> Decimal:
    """What may still be claimed, in euro: what is paid and neither came back nor is asked back."""
    return max(standing.paid - standing.recovered - standing.claimed, Decimal(0))


def _page(
    request: Request, visitor: Visitor, number: str, standing: Money, typed: Typed, *, problem: Refusal | None = None
) -> Response:
    values = {"number": number, "standing": standing, "typed": typed, "problem": problem, "most": claimable(standing)}
    status = 422 if problem else 200
    return render(request, visitor, "staff/claim.html", status=status, reasons=CLAIMING, **values)
