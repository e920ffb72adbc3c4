"""Signing in as one of the people of the demonstration. Mounted by `make demo` alone; no other house has this route."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response
from sqlalchemy import select
from sqlmodel import col

from database import glance
from models.errors import Refusal
from models.messages.words import Fund, Language, Party, Role
from models.tables import Employer, StaffMember
from portal.access import signing
from portal.access.rights import anyone
from portal.access.visitor import Visitor
from portal.house import House, house_of
from portal.pages import own_address, render

router = APIRouter()
Somebody = Annotated[Visitor | None, Depends(anyone())]
EMPLOYERS_SHOWN = 12


@router.get("/demo")
async def choose(request: Request, visitor: Somebody, naar: str = "/") -> Response:
    """The people of the demonstration, to choose one."""
    async with glance(house_of(request).engine) as connection:
        staff = (
            select(StaffMember).where(col(StaffMember.active)).order_by(col(StaffMember.fund), col(StaffMember.person))
        )
        employers = select(Employer).order_by(col(Employer.name)).limit(EMPLOYERS_SHOWN)
        members = (await connection.execute(staff)).all()
        companies = (await connection.execute(employers)).all()
    funds = {fund.value: [one for one in members if one.fund == fund] for fund in Fund}
    return render(request, visitor, "access/demo.html", funds=funds, employers=companies, naar=own_address(naar))


@router.post("/demo")
async def become(
    request: Request, _: Somebody, who: Annotated[str, Form()], naar: Annotated[str, Form()] = "/"
) -> Response:
    """Sign in as that person. Open to everybody on this machine: that is what a demonstration is."""
    found = await _person(house_of(request), who)
    return await signing.sign_in(request, found, own_address(naar))


async def _person(house: House, who: str) -> Visitor:
    async with glance(house.engine) as connection:
        member = (await connection.execute(select(StaffMember).where(col(StaffMember.person) == who))).one_or_none()
        if member is not None:
            return Visitor(
                session="",
                csrf="",
                person=member.person,
                name=member.name,
                language=Language(member.language),
                party=Party.STAFF,
                funds=(Fund(member.fund),),
                roles=frozenset(Role(role) for role in member.roles),
                demo=True,
            )
        company = (
            await connection.execute(select(Employer).where(col(Employer.establishment_number) == who))
        ).one_or_none()
    if company is None:
        raise Refusal("UnknownPerson", "Die persoon is er niet (meer). Kies iemand uit de lijst.")
    return Visitor(
        session="",
        csrf="",
        person=f"employer-{company.establishment_number}",
        name=company.contact_name or company.name,
        language=Language(company.language),
        party=Party.APPLICANT,
        enterprises=(company.enterprise_number,),
        demo=True,
    )
