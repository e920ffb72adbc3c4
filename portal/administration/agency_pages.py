"""The page on which an administrator gives caseworkers of agencies their accounts."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.background import BackgroundTask

from models.errors import Refusal
from models.messages.words import Language
from policies import agreements
from portal.access import letters, links
from portal.access.rows import Rows
from portal.access.visitor import Visitor
from portal.administration.agency_accounts import Account, Caseworker, accounts_of, make, switch
from portal.administration.pages import Administrator, Text, checked
from portal.house import House, house_of
from portal.language import LOCALES, tongue
from portal.pages import Flash, go, render
from reading.agencies import known_agencies

PATH = "/beheer/bureaus"
NOBODY = Caseworker("", "", "", Language.DUTCH)
router = APIRouter(prefix=PATH)


def typed_caseworker(
    agency: Text = "", name: Text = "", email: Text = "", language: Annotated[Language, Form()] = Language.DUTCH
) -> Caseworker:
    """What a form says about somebody of an agency."""
    return Caseworker(agency, name.strip(), email.strip(), language)


Typed = Annotated[Caseworker, Depends(typed_caseworker)]


@router.get("")
async def overview(request: Request, visitor: Administrator, rows: Rows) -> Response:
    """The accounts of the agencies that this fund works with, and a form for another."""
    return await _page(request, visitor, rows)


@router.post("")
async def add(request: Request, visitor: Administrator, rows: Rows, typed: Typed) -> Response:
    """Make an account and mail its holder a link to come in."""
    house = house_of(request)
    try:
        checked(typed.name, typed.email)
        if typed.agency not in await _agencies(visitor, rows):
            raise HTTPException(404)
        person = await make(house, visitor.funds[0], visitor.person, typed)
    except Refusal as refusal:
        return await _page(request, visitor, rows, refusal, typed)
    say = tongue(visitor.language)
    text = say("Het account is gemaakt. %(name)s krijgt een mail met een link.", name=typed.name)
    return await _invited(house, person, typed.email, typed.language, Flash(text=text))


@router.post("/{person}/uit")
async def off(request: Request, visitor: Administrator, rows: Rows, person: str) -> Response:
    """Switch an account off: its holder is signed out and comes in no more."""
    account = await _known(request, visitor, rows, person)
    await switch(house_of(request), visitor.funds[0], visitor.person, account, on=False)
    say = tongue(visitor.language)
    text = say("Uitgezet: %(name)s kan niet meer aanmelden.", name=account.name)
    return go(PATH, Flash(text=text))


@router.post("/{person}/aan")
async def on(request: Request, visitor: Administrator, rows: Rows, person: str) -> Response:
    """Switch an account on again and mail a fresh link; one that was on gets none."""
    account, house = await _known(request, visitor, rows, person), house_of(request)
    if not await switch(house, visitor.funds[0], visitor.person, account, on=True):
        return go(PATH)
    say = tongue(visitor.language)
    text = say("Weer aangezet. %(name)s krijgt een mail met een link.", name=account.name)
    return await _invited(house, person, account.email, Language(account.language), Flash(text=text))


async def _invited(house: House, person: str, email: str, language: Language, flash: Flash) -> Response:
    to, purpose = links.Addressee(email, language), links.Purpose.SIGN_IN
    secret = await links.make(house.engine, house.settings, purpose, links.Whom(person=person), to)
    response = go(PATH, flash)
    response.background = BackgroundTask(letters.send, house.engine, house.settings, secret, purpose, to)
    return response


async def _agencies(visitor: Visitor, rows: AsyncConnection) -> set[str]:
    """Agencies that this fund works with: it agreed on prices with them, or they guide its people."""
    agreed = {one.agreement.agency for fund in visitor.funds for one in agreements.every(fund)}
    return agreed | set(await known_agencies(rows))


async def _known(request: Request, visitor: Visitor, rows: AsyncConnection, person: str) -> Account:
    found = await accounts_of(house_of(request), await _agencies(visitor, rows))
    account = next((one for one in found if one.person == person), None)
    if account is None:
        raise HTTPException(404)
    return account


async def _page(
    request: Request,
    visitor: Visitor,
    rows: AsyncConnection,
    problem: Refusal | None = None,
    typed: Caseworker = NOBODY,
) -> Response:
    agencies = await _agencies(visitor, rows)
    return render(
        request,
        visitor,
        "administration/agencies.html",
        status=422 if problem else 200,
        problem=problem,
        typed=typed,
        agencies=sorted(agencies),
        accounts=await accounts_of(house_of(request), agencies),
        tongues=tuple(LOCALES),
    )
