"""The pages of the administrator of a fund: people with their roles, teams, and what was changed."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncConnection

from models.errors import Refusal
from models.messages.words import Language, Party, Role
from portal.access.rights import may
from portal.access.rows import Rows
from portal.access.visitor import Visitor
from portal.administration.people import POWER, Details, People
from portal.house import house_of
from portal.language import LOCALES, tongue
from portal.pages import Flash, go, render
from reading import parties, staff, trail
from schemes.votes import Bench

router = APIRouter(prefix="/beheer")
Administrator = Annotated[Visitor, Depends(may(Party.STAFF, roles={Role.ADMINISTRATOR}))]
Text = Annotated[str, Form()]
Chosen = Annotated[list[Role] | None, Form()]
Seat = Annotated[Bench | None, Form()]
NOTHING: Mapping[str, str] = {}


def typed_details(
    name: Text = "", email: Text = "", language: Annotated[Language, Form()] = Language.DUTCH, team: Text = ""
) -> Details:
    """What a form says about somebody."""
    return Details(name=name.strip(), email=email.strip(), language=language, team=team.strip() or None)


Typed = Annotated[Details, Depends(typed_details)]


@router.get("")
async def overview(request: Request, visitor: Administrator, rows: Rows) -> Response:
    """The people of the fund, and the proposals that wait for a second administrator."""
    return await _overview(request, visitor, rows)


@router.get("/nieuw")
async def blank(request: Request, visitor: Administrator) -> Response:
    """A form for somebody new."""
    return _new(request, visitor)


@router.post("/nieuw")
async def add(
    request: Request, visitor: Administrator, typed: Typed, roles: Chosen = None, bench: Seat = None
) -> Response:
    """Add somebody."""
    chosen = frozenset(roles or ())
    try:
        checked(typed.name, typed.email)
        person = await _people(request).add(visitor.funds[0], visitor.person, typed, chosen, bench)
    except Refusal as refusal:
        return _new(request, visitor, problem=refusal, typed=typed, chosen=chosen, bench=bench)
    _ = tongue(visitor.language)
    return go(f"/beheer/mensen/{person}", Flash(text=_("%(name)s is toegevoegd.", name=typed.name)))


@router.get("/mensen/{person}")
async def colleague(request: Request, visitor: Administrator, rows: Rows, person: str) -> Response:
    """One member of staff."""
    return await _colleague(request, visitor, rows, person)


@router.post("/mensen/{person}/gegevens")
async def change(request: Request, visitor: Administrator, rows: Rows, person: str, typed: Typed) -> Response:
    """Change name, address, language or team."""
    await _known(rows, person)
    try:
        checked(typed.name, typed.email)
        changed = await _people(request).change(person, visitor.person, typed)
    except Refusal as refusal:
        return await _colleague(request, visitor, rows, person, refusal, typed)
    _ = tongue(visitor.language)
    text = _("De gegevens zijn bewaard.") if changed else _("Er was niets veranderd.")
    return go(f"/beheer/mensen/{person}", Flash(text=text))


@router.post("/mensen/{person}/rollen")
async def give(
    request: Request, visitor: Administrator, rows: Rows, person: str, roles: Chosen = None, bench: Seat = None
) -> Response:
    """Give and take roles."""
    await _known(rows, person)
    try:
        waits = await _people(request).give(person, visitor.person, frozenset(roles or ()), bench)
    except Refusal as refusal:
        return await _colleague(request, visitor, rows, person, refusal)
    _ = tongue(visitor.language)
    text = _("De rollen zijn bewaard.")
    if waits:
        text = _("Voorgesteld: een andere beheerder moet dit bevestigen. Wat wegviel, is meteen weg.")
    return go(f"/beheer/mensen/{person}", Flash(text=text, tone="warn" if waits else "good"))


@router.post("/mensen/{person}/uit-dienst")
async def stop(request: Request, visitor: Administrator, rows: Rows, person: str) -> Response:
    """Somebody leaves."""
    await _known(rows, person)
    try:
        released = await _people(request).stop(person, visitor.person)
    except Refusal as refusal:
        return await _colleague(request, visitor, rows, person, refusal)
    _ = tongue(visitor.language)
    text = _("Uit dienst. %(count)s taken gingen terug naar de ploeg.", count=released)
    return go(f"/beheer/mensen/{person}", Flash(text=text))


@router.post("/mensen/{person}/in-dienst")
async def take_back(request: Request, visitor: Administrator, rows: Rows, person: str) -> Response:
    """Somebody comes back."""
    await _known(rows, person)
    try:
        waits = await _people(request).take_back(person, visitor.person)
    except Refusal as refusal:
        return await _colleague(request, visitor, rows, person, refusal)
    _ = tongue(visitor.language)
    text = _("Weer in dienst.")
    if waits:
        text = _("Weer in dienst; de rollen die over geld gaan moet een andere beheerder bevestigen.")
    return go(f"/beheer/mensen/{person}", Flash(text=text))


@router.post("/voorstel/{change}")
async def settle(request: Request, visitor: Administrator, rows: Rows, change: int, answer: Text) -> Response:
    """Confirm a proposal of another administrator, or turn it down."""
    try:
        await _people(request).settle(change, visitor.person, visitor.funds[0], confirmed=answer == "confirm")
    except Refusal as refusal:
        return await _overview(request, visitor, rows, refusal)
    _ = tongue(visitor.language)
    return go("/beheer", Flash(text=_("Bevestigd.") if answer == "confirm" else _("Afgewezen.")))


@router.get("/ploegen")
async def teams(request: Request, visitor: Administrator, rows: Rows) -> Response:
    """Who works together, and what each has in hand."""
    found = [one for one in await staff.colleagues(rows, visitor.funds) if one.active]
    named = sorted({one.team for one in found if one.team})
    grouped = {team: [one for one in found if one.team == team] for team in named}
    alone = [one for one in found if not one.team]
    return render(request, visitor, "administration/teams.html", teams=grouped, alone=alone)


@router.get("/wijzigingen")
async def changes(request: Request, visitor: Administrator, rows: Rows) -> Response:
    """Everything administrators changed."""
    found = await trail.changes(rows, visitor.funds)
    names = await parties.names(rows, "", {person for one in found for person in (one.by, one.about)})
    return render(request, visitor, "administration/history.html", changes=found, names=names)


async def _overview(
    request: Request, visitor: Visitor, rows: AsyncConnection, problem: Refusal | None = None
) -> Response:
    found = await staff.colleagues(rows, visitor.funds)
    return render(
        request,
        visitor,
        "administration/people.html",
        status=422 if problem else 200,
        problem=problem,
        people=found,
        names={one.person: one.name for one in found},
        proposals=await staff.proposals(rows, visitor.funds),
        power=POWER,
    )


def _new(
    request: Request,
    visitor: Visitor,
    *,
    problem: Refusal | None = None,
    typed: Details | None = None,
    chosen: frozenset[Role] = frozenset(),
    bench: Bench | None = None,
) -> Response:
    return render(
        request,
        visitor,
        "administration/new.html",
        status=422 if problem else 200,
        problem=problem,
        typed=typed or Details(name="", email=""),
        chosen=chosen,
        seat=bench,
        **_choices(),
    )


async def _colleague(
    request: Request,
    visitor: Visitor,
    rows: AsyncConnection,
    person: str,
    problem: Refusal | None = None,
    typed: Details | None = None,
) -> Response:
    found = await _known(rows, person)
    waiting = [one for one in await staff.proposals(rows, visitor.funds) if one.person == person]
    told = await trail.changes(rows, visitor.funds, about=person)
    stated = Details(name=found.name, email=found.email, language=Language(found.language), team=found.team)
    return render(
        request,
        visitor,
        "administration/person.html",
        status=422 if problem else 200,
        problem=problem,
        who=found,
        typed=typed or stated,
        chosen=frozenset(Role(role) for role in found.roles),
        seat=Bench(found.bench) if found.bench else None,
        proposals=waiting,
        changes=told,
        names=await parties.names(rows, "", {one.by for one in told} | {one.proposed_by for one in waiting} | {person}),
        **_choices(),
    )


def _choices() -> dict[str, object]:
    return {"roles": tuple(Role), "power": POWER, "benches": tuple(Bench), "tongues": tuple(LOCALES)}


def checked(name: str, email: str) -> None:
    """See that a form names somebody who can be reached.

    Raises:
        Refusal: the name is missing, or the address cannot be one.
    """
    if not name or "@" not in email or not email.isascii():
        raise Refusal("DetailsMissing", "Vul een naam in, en een e-mailadres met een @ en alleen gewone letters.")


async def _known(rows: AsyncConnection, person: str) -> staff.Colleague:
    found = await staff.colleague(rows, person)
    if found is None:
        raise HTTPException(404)
    return found


def _people(request: Request) -> People:
    house = house_of(request)
    return People(house.engine, house.sessions)
