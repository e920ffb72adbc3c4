"""The pages of money that is claimed back: what came in, what is left, and paying back in parts."""

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import NamedTuple

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from absences import today
from models.errors import Refusal
from models.messages.events import RecoveryPart
from portal.access.rows import Rows
from portal.access.visitor import Visitor
from portal.days import likely
from portal.house import house_of
from portal.language import marked as _
from portal.language import tongue
from portal.pages import Flash, go, language_of
from portal.refusals import Refused
from portal.treasury.desk import NOTHING, Finance, Looking, Text, Typed, fund_of, show
from reading import recoveries
from reading.recoveries import Claim
from schemes.recoveries import MOST_PARTS
from schemes.terms import Term

router = APIRouter(prefix="/geld/terugvorderingen")
CENT = Decimal("0.01")


class Sum(NamedTuple):
    """Claims together, in euro."""

    amount: Decimal
    received: Decimal
    left: Decimal


@router.get("")
async def overview(request: Request, visitor: Looking, rows: Rows, fonds: str | None = None) -> Response:
    """Every claim of the fund, what still runs first."""
    fund = fund_of(visitor, fonds)
    claims = await recoveries.claims(rows, fund)
    return await show(
        request,
        visitor,
        rows,
        "recoveries.html",
        fund=fund,
        claims=claims,
        total=together(one for one in claims if one.runs),
        tone=tone,
    )


@router.get("/{dossier}/{serial}")
async def one(request: Request, visitor: Looking, rows: Rows, dossier: str, serial: int) -> Response:
    """One claim: who asked and who agreed, its parts, and what the bank said came in."""
    return await shown(request, visitor, rows, dossier, serial)


@router.post("/{dossier}/{serial}/afbetaling")
async def plan(
    request: Request, visitor: Finance, rows: Rows, dossier: str, serial: int, parts: Text = "", first: Text = ""
) -> Response:
    """Let a claim be paid back in equal parts, one a month."""
    claim = await recoveries.claim(rows, f"{dossier}/recovery/{serial}")
    if claim is None:
        raise HTTPException(404)
    try:
        if not parts.isdecimal() or not 2 <= int(parts) <= MOST_PARTS:
            raise Refused("PlanImpossible", _("Kies 2 tot %(most)s delen."), most=MOST_PARTS)
        try:
            begins = likely(date.fromisoformat(first))
        except ValueError:
            raise Refused("PlanImpossible", _("Kies de dag van het eerste deel.")) from None
        agreed = equal_parts(claim.left, int(parts), begins)
        await house_of(request).starter.plan_recovery(claim.recovery, agreed, visitor.person)
    except Refusal as refusal:
        typed = {"parts": parts, "first": first}
        return await shown(request, visitor, rows, dossier, serial, problem=refusal, typed=typed)
    say = tongue(language_of(request, visitor))
    told = say(_("Afgesproken: %(count)s delen. De brief vertrekt."), count=len(agreed))
    return go(f"/geld/terugvorderingen/{dossier}/{serial}", Flash(text=told))


def equal_parts(amount: Decimal, count: int, first: date) -> tuple[RecoveryPart, ...]:
    """An amount in euro in so many parts, one a month; what cannot be divided goes with the last."""
    each = (amount / count).quantize(CENT, ROUND_DOWN)
    rest = amount - each * (count - 1)
    days = (first, *(Term(amount=month, unit="months").after(first) for month in range(1, count)))
    return tuple(RecoveryPart(until=day, amount=rest if place == count - 1 else each) for place, day in enumerate(days))


async def shown(
    request: Request,
    visitor: Visitor,
    rows: Rows,
    dossier: str,
    serial: int,
    *,
    problem: Refusal | None = None,
    typed: Typed = NOTHING,
) -> Response:
    """The page of one claim, after a look as after something that was refused."""
    claim = await recoveries.claim(rows, f"{dossier}/recovery/{serial}")
    if claim is None:
        raise HTTPException(404)
    return await show(
        request,
        visitor,
        rows,
        "recovery.html",
        fund=claim.fund,
        problem=problem,
        people=frozenset(person for person in (claim.proposed_by, claim.approved_by) if person),
        claim=claim,
        receipts=await recoveries.receipts(rows, claim.recovery),
        tone=tone,
        typed=typed,
        today=today(),
    )


def together(claims: Iterable[Claim]) -> Sum:
    """What is claimed, came in and is left, of these."""
    found = tuple(claims)
    amounts = (sum((getattr(claim, name) for claim in found), Decimal(0)) for name in Sum._fields)
    return Sum(*amounts)


def tone(claim: Claim) -> str:
    """How a state is marked, beside its word."""
    return {"received": "good", "written_off": "bad", "approved": "accent"}.get(claim.state, "")
