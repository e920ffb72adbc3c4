"""Signing in as one of the people of the demonstration. Mounted by `make demo` alone; no other house has this route."""

from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncConnection

from database import glance
from models.errors import Refusal
from models.messages.words import Fund, Language, Party, Role
from portal.access import audit, signing
from portal.access.rights import anyone
from portal.access.visitor import Visitor
from portal.house import house_of
from portal.pages import own_address, render
from reading import cast

router = APIRouter()
Somebody = Annotated[Visitor | None, Depends(anyone())]
PARTIES = (Party.EXPERT, Party.AGENCY, Party.PARTICIPANT)
SHOWN = 6
"""How many of each sort of partner the chooser shows."""


@router.get("/demo")
async def choose(request: Request, visitor: Somebody, naar: str = "/") -> Response:
    """The people of the demonstration, to choose one; the funds with most work first."""
    async with glance(house_of(request).engine) as connection:
        members = await cast.members(connection)
        companies = await cast.companies(connection)
        partners = await cast.partners(connection)
    shown = {party: [one for one in partners if one.party == party][:SHOWN] for party in PARTIES}
    return render(
        request,
        visitor,
        "access/demo.html",
        funds=_by_fund(members),
        employers=companies,
        partners={party.value: found for party, found in shown.items() if found},
        naar=own_address(naar),
    )


@router.post("/demo")
async def become(
    request: Request, _: Somebody, who: Annotated[str, Form()], naar: Annotated[str, Form()] = "/"
) -> Response:
    """Sign in as that person. Open to everybody on this machine: that is what a demonstration is."""
    async with glance(house_of(request).engine) as connection:
        found = await _person(connection, who)
    await audit.signed_in(request, "demo", "in", found.person)
    return await signing.sign_in(request, found, own_address(naar))


def _by_fund(members: Iterable[cast.Member]) -> list[tuple[str, list[cast.Member], int]]:
    funds = [(fund.value, [one for one in members if one.fund == fund]) for fund in Fund]
    weighed = [(fund, found, sum(_by_role(found).values())) for fund, found in funds if found]
    return sorted(weighed, key=lambda one: -one[2])


def _by_role(members: Iterable[cast.Member]) -> dict[tuple[str, ...], int]:
    """How much waits for each sort of member: colleagues see the same tasks."""
    waiting: dict[tuple[str, ...], int] = {}
    for one in members:
        waiting[tuple(one.roles)] = max(one.waiting, waiting.get(tuple(one.roles), 0))
    return waiting


async def _person(connection: AsyncConnection, who: str) -> Visitor:
    """Raises Refusal when nobody is known by that key."""
    for member in await cast.members(connection, who):
        roles = frozenset(Role(role) for role in member.roles)
        return _visitor(member.person, member, Party.STAFF, funds=(Fund(member.fund),), roles=roles)
    for company in await cast.companies(connection, establishment=who, limit=1):
        named = company.model_copy(update={"name": company.contact_name or company.name})
        return _visitor(f"employer-{who}", named, Party.APPLICANT, enterprises=(company.enterprise_number,))
    for partner in await cast.partners(connection):
        if partner.key == who:
            own = {} if partner.agency else {"dossiers": partner.dossiers}
            return _visitor(partner.party, partner, Party(partner.party), agency=partner.agency, **own)
    raise Refusal("UnknownPerson", "Die persoon is er niet (meer). Kies iemand uit de lijst.")


def _visitor(person: str, known: cast.Member | cast.Company | cast.Partner, party: Party, **more: Any) -> Visitor:
    language = Language(known.language)
    return Visitor(
        session="", csrf="", person=person, name=known.name, language=language, party=party, demo=True, **more
    )
