"""The doors: by a provider, by a link in a mail; and what happens to a form that was sent after the session ended."""

import math
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.background import BackgroundTask

from database import glance
from models.errors import Refusal
from portal.access import audit, csrf, kept, letters, limits, links, openid, signing
from portal.access.keys import digest
from portal.access.openid import Door
from portal.access.rights import SignedIn, anyone
from portal.access.visitor import Visitor
from portal.house import House, house_of
from portal.language import tongue
from portal.pages import Flash, go, language_of, own_address, render

router = APIRouter()
Somebody = Annotated[Visitor | None, Depends(anyone())]
JOURNEY = "doorstroom_reis"


@router.get("/aanmelden/met/{door}")
async def leave(request: Request, _: Somebody, door: Door, naar: str = "/") -> Response:
    """To the identity provider of this door."""
    house = house_of(request)
    await limits.count(house.engine, limits.DOORS, audit.source_of(request))
    try:
        journey = await openid.depart(house, door, own_address(naar))
    except Refusal as refusal:
        return await _turned_away(request, door.code, refusal)
    response = RedirectResponse(journey.address, status_code=303)
    secure, lasts = request.url.scheme == "https", int(openid.LASTS.total_seconds())
    response.set_cookie(JOURNEY, journey.state, max_age=lasts, httponly=True, samesite="lax", secure=secure)
    return response


@router.get(openid.BACK)
async def come_back(request: Request, _: Somebody) -> Response:
    """From the identity provider, with a person or with the reason why not."""
    house = house_of(request)
    await limits.count(house.engine, limits.DOORS, audit.source_of(request))
    try:
        arrival = await openid.arrive(house, request.query_params, request.cookies.get(JOURNEY))
    except Refusal as refusal:
        return await _turned_away(request, "provider", refusal)
    await audit.signed_in(request, arrival.door.code, "in", arrival.visitor.person)
    response = await signing.sign_in(request, arrival.visitor, arrival.opens)
    response.delete_cookie(JOURNEY)
    return response


@router.post("/aanmelden/mail")
async def ask_link(request: Request, visitor: Somebody, email: Annotated[str, Form(max_length=320)]) -> Response:
    """A link to an address, when somebody here has it; the answer is the same when nobody has."""
    house = await _from_this_site(request)
    await limits.count(house.engine, limits.LINKS_ASKED, audit.source_of(request))
    async with glance(house.engine) as connection:
        known = await links.known_at(connection, email) if "@" in email else None
    task = None
    if known is not None:
        whom, addressee = known
        task = await _mailed(house, links.Purpose.SIGN_IN, whom, addressee, "/")
    await audit.signed_in(request, "link", "asked" if known else "asked_unknown")
    return _asked(request, visitor, task)


@router.get("/link/{secret}")
async def show_link(request: Request, visitor: Somebody, secret: str) -> Response:
    """What a link is for, with a button. Looking changes nothing, so that a scanner of mails does no harm."""
    state, row = await links.look(house_of(request).engine, secret)
    status = 404 if state is links.State.UNKNOWN else 200
    if status == 404:
        await limits.count(house_of(request).engine, limits.LINKS_TRIED, audit.source_of(request))
        await audit.turned_away(request, "unknown_link")
    values = {"state": state.value, "secret": secret, "dossier": row.dossier if row is not None else None}
    values["single"] = row is not None and row.purpose == links.Purpose.DOSSIER
    return render(request, visitor, "access/link.html", status=status, **values)


@router.post("/link/{secret}")
async def use_link(request: Request, visitor: Somebody, secret: str) -> Response:
    """Sign in by a link: the one thing that uses it up."""
    house = await _from_this_site(request)
    await limits.count(house.engine, limits.LINKS_TRIED, audit.source_of(request))
    found = await links.use(house.engine, secret)
    if found is None:
        await audit.signed_in(request, "link", "refused")
        return go(f"/link/{quote(secret, safe='')}")
    visitor, opens = found
    await audit.signed_in(request, "link", "in", visitor.person)
    return await signing.sign_in(request, visitor, opens)


@router.post("/link/{secret}/nieuw")
async def renew_link(request: Request, visitor: Somebody, secret: str) -> Response:
    """A fresh link for the same purpose to the same address, whatever became of this one."""
    house = await _from_this_site(request)
    await limits.count(house.engine, limits.LINKS_ASKED, audit.source_of(request))
    _, row = await links.look(house.engine, secret)
    task = None
    if row is not None:
        whom = links.whom_of(row)
        async with glance(house.engine) as connection:
            addressee = await links.addressee(connection, whom)
        if addressee is not None:
            task = await _mailed(house, links.Purpose(row.purpose), whom, addressee, row.opens)
    await audit.signed_in(request, "link", "renewed" if task else "renewed_unknown")
    return _asked(request, visitor, task)


@router.get("/formulier")
async def show_kept(request: Request, visitor: SignedIn) -> Response:
    """What was typed when the session had ended, to send it after all."""
    typed = await kept.kept(request, visitor)
    if typed is None:
        response = go(signing.home_of(visitor))
        response.delete_cookie(kept.COOKIE)
        return response
    return render(request, visitor, "access/kept.html", typed=typed)


@router.post("/formulier/weg")
async def drop_kept(request: Request, visitor: SignedIn) -> Response:
    """Throw it away."""
    response = go(signing.home_of(visitor))
    await kept.drop(request, response)
    return response


@router.post("/afmelden/overal")
async def sign_out_everywhere(request: Request, visitor: SignedIn) -> Response:
    """End every session of this person, in every browser."""
    await house_of(request).sessions.end_all(visitor.person)
    await audit.signed_in(request, "session", "out_everywhere", visitor.person)
    _ = tongue(language_of(request, visitor))
    return signing.left(request, Flash(text=_("U bent overal afgemeld.")), visitor.door)


async def too_often(request: Request, error: Exception) -> Response:
    """Tell when it may be tried again; only the first that goes over is written into the books."""
    assert isinstance(error, limits.TooOften)
    if error.first:
        await audit.signed_in(request, error.limit.what, "too_often")
    else:
        await audit.turned_away(request, "too_often")
    minutes = math.ceil(error.after.total_seconds() / 60)
    response = render(request, None, "access/too_often.html", status=429, minutes=minutes)
    response.headers["Retry-After"] = str(int(error.after.total_seconds()))
    return response


async def _mailed(
    house: House, purpose: links.Purpose, whom: links.Whom, addressee: links.Addressee, opens: str
) -> BackgroundTask | None:
    """A new link and the sending of it, which nobody waits for: an answer takes as long when nobody is known."""
    address = digest(house.settings, "address", addressee.email.strip().lower())
    try:
        await limits.count(house.engine, limits.LINKS_MAILED, address[:32])
    except limits.TooOften:
        return None
    secret = await links.make(house.engine, house.settings, purpose, whom, addressee, opens)
    return BackgroundTask(letters.send, house.engine, house.settings, secret, purpose, addressee)


def _asked(request: Request, visitor: Visitor | None, task: BackgroundTask | None) -> Response:
    response = render(request, visitor, "access/asked.html")
    response.background = task
    return response


async def _turned_away(request: Request, how: str, refusal: Refusal) -> Response:
    await audit.signed_in(request, how, refusal.code)
    return signing.doors_shown(request, None, "/", problem=str(refusal), status=403)


async def _from_this_site(request: Request) -> House:
    """The house, when a page of this site sent the form; there is no session yet that could hold a token.

    Raises:
        Refusal: another site sent it.
    """
    if not csrf.same_site(request):
        raise csrf.foreign()
    return house_of(request)
