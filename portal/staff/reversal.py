"""Turning back a decision that was wrong: the page shows what will follow before anybody proposes it."""

from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

import policies
from models.errors import Refusal
from models.messages.words import Fund, Instrument, Party, Role
from portal.access.rights import may
from portal.access.rows import Rows
from portal.access.visitor import Visitor
from portal.house import house_of
from portal.language import tongue
from portal.pages import Flash, go, language_of, render
from portal.staff.money_form import Typed, standing_of
from portal.staff.reasons import REVERSING
from reading.reversal import Money
from schemes.reversal import Plan, ReversalError, Standing, plan_reversal

router = APIRouter(prefix="/dossier/{number}/herzien")
Approver = Annotated[Visitor, Depends(may(Party.STAFF, roles={Role.APPROVER}))]


@router.get("")
async def ask(request: Request, visitor: Approver, rows: Rows, number: str) -> Response:
    """What was decided and paid, and the form."""
    return _page(request, visitor, number, await standing_of(rows, number), Typed())


@router.post("")
async def propose(
    request: Request,
    visitor: Approver,
    rows: Rows,
    number: str,
    bedrag: Annotated[str, Form()] = "",
    reden: Annotated[str, Form()] = "",
    gezien: Annotated[str, Form()] = "",
    doe: Annotated[str, Form()] = "tonen",
) -> Response:
    """Show the plan; propose it once it was seen."""
    standing, typed = await standing_of(rows, number), Typed(bedrag.strip(), reden)
    try:
        if doe == "voorstellen" and typed.reason not in REVERSING:
            raise Refusal("ReasonMissing", "Kies een reden uit de lijst.")
        plan = plan_of(standing, typed.euros())
        if doe != "voorstellen" or gezien != str(plan.amount):  # what is proposed was seen, with this amount
            return _page(request, visitor, number, standing, typed, plan=plan)
        await house_of(request).starter.reverse_decision(number, plan.amount, typed.reason, visitor.person)
    except Refusal as refusal:
        return _page(request, visitor, number, standing, typed, problem=refusal)
    _ = tongue(language_of(request, visitor))
    text = _("De herziening is voorgesteld; er gebeurt niets voor een ander ze goedkeurt.")
    return go(f"/dossier/{number}", Flash(text=text))


def plan_of(standing: Money, amount: Decimal) -> Plan:
    """What it means that this amount (euro) should have been granted.

    Raises:
        Refusal: nothing was granted, or it would change nothing.
    """
    policy = policies.of_version(Fund(standing.fund), Instrument(standing.instrument), standing.policy)
    known = {name: getattr(standing, name) for name in Standing.model_fields}
    try:
        return plan_reversal(Standing(**known), amount, policy.procedure)
    except ReversalError as wrong:
        raise Refusal("ReversalImpossible", str(wrong)) from wrong


def _page(
    request: Request,
    visitor: Visitor,
    number: str,
    standing: Money,
    typed: Typed,
    *,
    plan: Plan | None = None,
    problem: Refusal | None = None,
) -> Response:
    status = 422 if problem else 200
    values = {"number": number, "standing": standing, "typed": typed, "plan": plan, "problem": problem}
    return render(request, visitor, "staff/reversal.html", status=status, reasons=REVERSING, **values)
