"""What an administrator reads and arranges beside people: absences, the policies in force, and who may do what."""

from collections.abc import Iterator, Mapping
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncConnection

from absences import today
from models.errors import Refusal
from models.messages.words import Instrument, Party, Role
from portal import navigation
from portal.access.rights import Staff, may
from portal.access.rows import Rows
from portal.access.visitor import Visitor
from portal.administration.people import POWER
from portal.administration.policy_values import changed, governing, values
from portal.days import AskedDay, Likely
from portal.house import house_of
from portal.language import tongue
from portal.pages import Flash, go, render
from reading import staff
from schemes import steps
from schemes.steps import StaffStep

router = APIRouter(prefix="/beheer")
ARRANGES = frozenset({Role.ADMINISTRATOR, Role.TEAM_LEAD})
Arranging = Annotated[Visitor, Depends(may(Party.STAFF, roles=ARRANGES))]
Text = Annotated[str, Form()]


@router.get("/afwezigheden")
async def absences(request: Request, visitor: Arranging, rows: Rows) -> Response:
    """Who is away, and who stands in."""
    return await _absences(request, visitor, rows)


@router.post("/afwezigheden")
async def announce(
    request: Request,
    visitor: Arranging,
    rows: Rows,
    person: Text,
    substitute: Text,
    starts_on: Annotated[Likely, Form()],
    ends_on: Annotated[Likely, Form()],
) -> Response:
    """Arrange who stands in for whom."""
    typed = {"person": person, "substitute": substitute}
    typed |= {"starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat()}
    try:
        await house_of(request).starter.announce_absence(person, substitute, starts_on, ends_on, visitor.person)
    except Refusal as refusal:
        return await _absences(request, visitor, rows, refusal, typed)
    _ = tongue(visitor.language)
    return go("/beheer/afwezigheden", Flash(text=_("De vervanging begint en eindigt vanzelf op deze dagen.")))


@router.post("/afwezigheden/{absence}/einde")
async def end(request: Request, visitor: Arranging, rows: Rows, absence: int) -> Response:
    """End a substitution before its last day."""
    if absence not in {one.absence for one in await staff.absences(rows, visitor.funds, today())}:
        raise HTTPException(404)
    await house_of(request).starter.end_absence(absence, visitor.person)
    _ = tongue(visitor.language)
    return go("/beheer/afwezigheden", Flash(text=_("De vervanging is beëindigd.")))


@router.get("/reglementen")
async def governing_policies(request: Request, visitor: Staff, op: AskedDay = None) -> Response:
    """The policies in force on a day."""
    on = op or today()
    found = governing(visitor.funds[0], on)
    return render(request, visitor, "administration/policies.html", day=on, fund=visitor.funds[0], policies=found)


@router.get("/reglementen/{instrument}")
async def policy(request: Request, visitor: Staff, instrument: Instrument, op: AskedDay = None) -> Response:
    """Every value of one policy with its source, and what the next version changes."""
    on = op or today()
    found = next((one for one in governing(visitor.funds[0], on) if one.instrument is instrument), None)
    if found is None:
        raise HTTPException(404)
    language = visitor.language
    return render(
        request,
        visitor,
        "administration/policy.html",
        day=on,
        fund=visitor.funds[0],
        found=found,
        values=values(found.policy, language),
        changed=changed(found.policy, found.next, language) if found.next else (),
    )


@router.get("/rechten")
async def rights(request: Request, visitor: Staff, rows: Rows) -> Response:
    """Who may do what, and why somebody may not."""
    people = [one for one in await staff.colleagues(rows, visitor.funds) if one.active]
    return render(
        request,
        visitor,
        "administration/rights.html",
        duties=tuple(_duties(people)),
        separated=tuple(one for one in _steps() if one.separated_from),
        power=POWER,
    )


class Duty(NamedTuple):
    """What comes with a role."""

    role: Role
    steps: tuple[str, ...]
    pages: tuple[str, ...]
    people: tuple[str, ...]


def _duties(people: list[staff.Colleague]) -> Iterator[Duty]:
    for role in Role:
        yield Duty(
            role=role,
            steps=tuple(one.code for one in _steps() if one.role is role),
            pages=tuple(entry.label for entry in navigation.ENTRIES if role in entry.roles),
            people=tuple(one.name for one in people if role in one.roles),
        )


def _steps() -> tuple[StaffStep, ...]:
    """Every step that staff take, once; a step that two kinds know under one code takes the same role."""
    found = {one.code: one for one in vars(steps).values() if isinstance(one, StaffStep)}
    return tuple(found.values())


async def _absences(
    request: Request,
    visitor: Visitor,
    rows: AsyncConnection,
    problem: Refusal | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    people = await staff.colleagues(rows, visitor.funds)
    return render(
        request,
        visitor,
        "administration/absences.html",
        status=422 if problem else 200,
        problem=problem,
        typed=typed or {},
        absences=await staff.absences(rows, visitor.funds, today()),
        people=[one for one in people if one.active],
        names={one.person: one.name for one in people},
        today=today(),
        administers=Role.ADMINISTRATOR in visitor.roles,
    )
