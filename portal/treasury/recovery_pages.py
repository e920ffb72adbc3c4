"""The pages of money that is claimed back: what came in, what is left, and paying back in parts."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from absences import today
from models.errors import Refusal
from portal.access.rows import Rows
from portal.access.visitor import Visitor
from portal.treasury.desk import Looking, fund_of, show
from reading import recoveries
from reading.recoveries import Claim

router = APIRouter(prefix="/geld/terugvorderingen")


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


async def shown(
    request: Request, visitor: Visitor, rows: Rows, dossier: str, serial: int, problem: Refusal | None = None
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
