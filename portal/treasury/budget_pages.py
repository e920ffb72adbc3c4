"""The pages of budgets: what each may spend, who waits for room, and what two people decide about it."""

from decimal import Decimal
from typing import Annotated, Any, cast

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncConnection

from budgets.acts import Budgets, Sort
from budgets.purses import ANY, COMMITTEES, Purse
from importing.notations import amount as read_amount
from models.errors import Refusal
from models.messages.words import Fund, Instrument
from portal.access.rows import Rows
from portal.access.visitor import Visitor
from portal.house import house_of
from portal.language import marked as _
from portal.language import tongue
from portal.pages import Flash, go, language_of
from portal.refusals import Refused
from portal.treasury.budget_views import envelope_page, year_page
from portal.treasury.desk import Deciding, Finance, Looking, Text, fund_of
from reading import budgets as reading

router = APIRouter(prefix="/geld/budgetten")
Rehearsed = Annotated[bool, Form()]


@router.get("")
async def overview(
    request: Request,
    visitor: Looking,
    rows: Rows,
    fonds: str | None = None,
    jaar: int | None = None,
    oefening: bool | None = None,
) -> Response:
    """The budgets of a fund in a year."""
    return await year_page(request, visitor, rows, fund_of(visitor, fonds), jaar, rehearsed=oefening)


@router.post("")
async def open_one(
    request: Request,
    visitor: Finance,
    rows: Rows,
    fund: Text,
    year: Text = "",
    instrument: Text = "",
    committee: Text = "",
    amount: Text = "",
    reason: Text = "",
    rehearsed: Rehearsed = False,
) -> Response:
    """Propose a new budget."""
    typed = {"year": year, "instrument": instrument, "committee": committee, "amount": amount, "reason": reason}
    of_fund = fund_of(visitor, fund)
    try:
        purse = _purse(of_fund, year, instrument, committee, rehearsed=rehearsed)
        await _propose(request, visitor, purse.name, "open", _amount(amount), None, reason)
    except Refusal as refusal:
        return await year_page(request, visitor, rows, of_fund, None, rehearsed=rehearsed, problem=refusal, typed=typed)
    return _proposed(request, visitor, year_address(of_fund, purse.year, rehearsed=rehearsed))


@router.post("/voorstel/{act}")
async def settle(request: Request, visitor: Deciding, rows: Rows, act: int, answer: Text = "") -> Response:
    """Approve or refuse what somebody else proposed; withdraw what one proposed oneself."""
    found = await reading.act(rows, act)
    if found is None:
        raise HTTPException(404)
    purse, budgets = Purse.named(found.envelope), Budgets(house_of(request).engine)
    hands = {"approve": budgets.approve, "refuse": budgets.refuse, "withdraw": budgets.withdraw}
    told = {"approve": _("Goedgekeurd."), "refuse": _("Geweigerd."), "withdraw": _("Ingetrokken.")}
    try:
        if answer not in hands:
            raise Refused("UnknownAnswer", _("Kies wat er met het voorstel moet gebeuren."))
        await hands[answer](act, await house_of(request).starter.staff(visitor.person))
    except Refusal as refusal:
        return await year_page(
            request, visitor, rows, purse.fund, purse.year, rehearsed=purse.rehearsed, problem=refusal
        )
    say = tongue(language_of(request, visitor))
    address = year_address(purse.fund, purse.year, rehearsed=purse.rehearsed)
    return go(address, Flash(text=say(told[answer])))


@router.get("/{envelope:path}")
async def one(request: Request, visitor: Looking, rows: Rows, envelope: str) -> Response:
    """One budget: who waits for it, how it moved, and what was decided about it."""
    return await envelope_page(request, visitor, rows, await _known(rows, envelope))


@router.post("/{envelope:path}")
async def change(
    request: Request,
    visitor: Finance,
    rows: Rows,
    envelope: str,
    sort: Text = "",
    amount: Text = "",
    to: Text = "",
    reason: Text = "",
) -> Response:
    """Propose to raise, lower, shift or close a budget."""
    found = await _known(rows, envelope)
    typed = {"sort": sort, "amount": amount, "to": to, "reason": reason}
    try:
        if sort not in ("raise", "lower", "shift", "close"):
            raise Refused("UnknownAnswer", _("Kies wat u voorstelt."))
        moved = None if sort == "close" else _amount(amount)
        target = (to or None) if sort == "shift" else None
        await _propose(request, visitor, envelope, cast(Sort, sort), moved, target, reason)
    except Refusal as refusal:
        return await envelope_page(request, visitor, rows, found, problem=refusal, typed=typed)
    return _proposed(request, visitor, f"/geld/budgetten/{envelope}")


def year_address(fund: Fund, year: int, *, rehearsed: bool) -> str:
    """Where the budgets of a year stand."""
    return f"/geld/budgetten?fonds={fund}&jaar={year}" + ("&oefening=true" if rehearsed else "")


async def _propose(
    request: Request, visitor: Visitor, envelope: str, sort: Sort, amount: Decimal | None, to: str | None, reason: str
) -> None:
    house = house_of(request)
    by = await house.starter.staff(visitor.person)
    await Budgets(house.engine).propose(envelope, sort, by, amount=amount, to=to, reason=reason)


def _purse(fund: Fund, year: str, instrument: str, committee: str, *, rehearsed: bool) -> Purse:
    """The budget that a form names."""
    if instrument not in {ANY, *Instrument} or committee not in COMMITTEES or not year.isdecimal():
        raise Refused("EnvelopeName", _("Kies het jaar, het instrument en het paritair comité uit de lijst."))
    return Purse(fund, int(year), None if instrument == ANY else Instrument(instrument), committee, rehearsed)


def _amount(typed: str) -> Decimal:
    try:
        return read_amount(typed)
    except ValueError:
        raise Refused("AmountUnreadable", _("Dit is geen bedrag. Schrijf bijvoorbeeld 1.250,50.")) from None


async def _known(rows: AsyncConnection, envelope: str) -> Any:
    found = await reading.envelope(rows, envelope)
    if found is None:
        raise HTTPException(404)
    return found


def _proposed(request: Request, visitor: Visitor, address: str) -> Response:
    say = tongue(language_of(request, visitor))
    return go(address, Flash(text=say(_("Voorgesteld. Het telt zodra een tweede persoon het goedkeurt.")), tone="warn"))
