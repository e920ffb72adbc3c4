"""In and out: the cookie, the language and the door that is chosen when nobody is signed in."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from models.errors import Refusal
from models.messages.words import Language, Party, Role
from portal.access import kept
from portal.access.openid import Door, provider_of
from portal.access.rights import SignedIn, anyone, cookie_name
from portal.access.visitor import Visitor
from portal.house import house_of
from portal.pages import LANGUAGE, Flash, go, own_address, render

router = APIRouter()
Somebody = Annotated[Visitor | None, Depends(anyone())]
A_YEAR = 365 * 24 * 3600
HOMES = {Party.STAFF: "/werklijst", Party.APPLICANT: "/mijn-dossiers"}
HOMES_OF_ROLES = {Role.BOARD: "/vergadering", Role.AUDITOR: "/nazicht", Role.ADMINISTRATOR: "/beheer"}


async def sign_in(request: Request, visitor: Visitor, naar: str) -> Response:
    """Open a session and go where the visitor was going, past a form that was kept; the old session ends."""
    house = house_of(request)
    earlier = request.cookies.get(cookie_name(request))
    if earlier and (before := await house.sessions.visitor(earlier)) is not None:
        await house.sessions.end(before)
    secret = await house.sessions.open(visitor)
    if request.cookies.get(kept.COOKIE):
        naar = "/formulier"
    response = go(home_of(visitor) if naar == "/" else naar)
    secure = request.url.scheme == "https"
    response.set_cookie(cookie_name(request), secret, httponly=True, samesite="lax", secure=secure, path="/")
    return response


def home_of(visitor: Visitor) -> str:
    """The first page of a visitor; who has one role with a room of its own begins there."""
    own = HOMES_OF_ROLES.get(next(iter(visitor.roles))) if len(visitor.roles) == 1 else None
    return own or HOMES.get(visitor.party, "/mijn-dossiers")


@router.get("/")
async def home(visitor: Somebody) -> Response:
    """The front door: to one's own first page, or to the choice of how to sign in."""
    return go(home_of(visitor) if visitor is not None else "/aanmelden")


@router.get("/aanmelden")
async def doors(
    request: Request, visitor: Somebody, naar: str = "/", weg: Door | None = None, bewaard: bool = False
) -> Response:
    """The ways to sign in. `weg` names the provider where one may still be signed in."""
    goodbye = await _goodbye(request, weg) if weg is not None else None
    return doors_shown(request, visitor, naar, goodbye=goodbye, bewaard=bewaard)


def doors_shown(
    request: Request,
    visitor: Visitor | None,
    naar: str,
    *,
    problem: str | None = None,
    goodbye: str | None = None,
    bewaard: bool = False,
    status: int = 200,
) -> Response:
    """The page of the doors that this house has."""
    return render(
        request,
        visitor,
        "access/doors.html",
        status=status,
        naar=own_address(naar),
        demo=getattr(request.app.state, "demo", False),
        doors=[door.value for door in Door if provider_of(house_of(request).settings, door) is not None],
        problem=problem,
        goodbye=goodbye,
        kept=bewaard,
    )


@router.post("/afmelden")
async def sign_out(request: Request, visitor: SignedIn) -> Response:
    """End the session of this browser."""
    await house_of(request).sessions.end(visitor)
    return left(request, None, visitor.door)


def left(request: Request, flash: Flash | None, door: str) -> Response:
    """To the doors, without the cookie; past the provider when one brought the visitor in."""
    response = go(f"/aanmelden?weg={door}" if door in set(Door) else "/aanmelden", flash)
    response.delete_cookie(cookie_name(request), path="/", secure=request.url.scheme == "https")
    return response


async def _goodbye(request: Request, door: Door) -> str | None:
    """The address at the provider to sign out there; None when it has none, or is away."""
    settings = house_of(request).settings
    provider = provider_of(settings, door)
    try:
        return await provider.goodbye(f"{settings.portal_address}/aanmelden") if provider is not None else None
    except Refusal:
        return None


@router.post("/taal")
async def speak(
    request: Request, visitor: Somebody, taal: Annotated[Language, Form()], naar: Annotated[str, Form()] = "/"
) -> Response:
    """Go on in another language; it is remembered for the session, or by this browser."""
    if visitor is not None:
        await house_of(request).sessions.speak(visitor, taal)
    response = go(own_address(naar))
    response.set_cookie(LANGUAGE, taal.value, max_age=A_YEAR, httponly=True, samesite="lax")
    return response
