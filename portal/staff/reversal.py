"""Turning back a decision that was wrong: the page shows what will follow before anybody proposes it."""

from decimal import Decimal
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import Response

import policies
from importing.notations import amount as read_amount
from models.errors import Refusal
from models.messages.words import Fund, Instrument, Party, Role
from portal.access.rights import may
from portal.access.rows import Rows
from portal.access.visitor import Visitor
from portal.house import house_of
from portal.language import tongue
from portal.pages import Flash, go, language_of, render
from portal.staff.reasons import REVERSING
from reading import staff_dossier
from reading.reversal import Money, money
from schemes.calendar import local_date
from schemes.reversal import Plan, ReversalError, Standing, plan_reversal

router = APIRouter(prefix="/dossier/{number}/herzien")
Approver = Annotated[Visitor, Depends(may(Party.STAFF, roles={Role.APPROVER}))]


class Typed(NamedTuple):
    """The form as it was filled in."""

    amount: str = ""
    reason: str = ""


@router.get("")
async def ask(request: Request, visitor: Approver, rows: Rows, number: str) -> Response:
    """What was decided and paid, and the form."""
    return _page(request, visitor, number, await _found(rows, number), Typed())


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
    standing, typed = await _found(rows, number), Typed(bedrag.strip(), reden)
    try:
        if doe == "voorstellen" and typed.reason not in REVERSING:
            raise Refusal("ReasonMissing", "Kies een reden uit de lijst.")
        plan = plan_of(standing, _amount(typed))
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
    instrument = Instrument(standing.instrument)
    asked = Instrument.OUTPLACEMENT if instrument is Instrument.TRAJECTORY else instrument
    policy = policies.in_force(Fund(standing.fund), asked, local_date(standing.received_at))
    known = {name: getattr(standing, name) for name in Standing.model_fields}
    try:
        return plan_reversal(Standing(**known), amount, policy.procedure)
    except ReversalError as wrong:
        raise Refusal("ReversalImpossible", str(wrong)) from wrong


def _amount(typed: Typed) -> Decimal:
    try:
        return read_amount(typed.amount)
    except ValueError:
        raise Refusal("AmountUnreadable", "Dit is geen bedrag. Schrijf bijvoorbeeld 1.250,50.") from None


async def _found(rows: Rows, number: str) -> Money:
    found = await money(rows, number)
    if found is None or await staff_dossier.staff_dossier(rows, number) is None:
        raise HTTPException(404)
    return found


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
