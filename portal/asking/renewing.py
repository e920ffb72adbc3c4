"""A link that is over offers a fresh one, to the address that is known today; what is shown is the same for all."""

from typing import Annotated, Any

import aiosmtplib
import structlog
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlalchemy import select
from sqlmodel import col
from starlette.background import BackgroundTask

from database import glance
from models.messages.words import Language
from models.tables import Contact
from onward import line_of
from portal.access import audit, csrf, limits
from portal.access.keys import digest
from portal.access.rights import anyone
from portal.access.visitor import Visitor
from portal.asking import letters, links
from portal.asking.showing import page
from portal.house import House, house_of

router = APIRouter()
Somebody = Annotated[Visitor | None, Depends(anyone())]
GONE = 404
log = structlog.get_logger("portal.asking")


async def ended(request: Request, secret: str) -> Response:
    """The page of a link that is over, or that never was; trying many of them is counted. No log holds its address."""
    source = audit.source_of(request)
    await limits.count(house_of(request).engine, limits.LINKS_TRIED, source)
    log.warning("turned_away", reason="answer_link_over", source=source)
    return page(request, secret, None, "asking/ended.html", status=GONE)


@router.post("/antwoord/{secret}/nieuw")
async def renew(request: Request, _: Somebody, secret: str) -> Response:
    """A fresh link to the address that is known today; the answer is the same when nobody is known."""
    house = house_of(request)
    if not csrf.same_site(request):
        raise csrf.foreign()
    await limits.count(house.engine, limits.LINKS_ASKED, audit.source_of(request))
    _state, row = await links.look(house.engine, secret)
    response = page(request, secret, None, "asking/renewed.html")
    contact = await _known(house, row) if row is not None else None
    if contact is not None and await _seldom(house, contact.email):
        response.background = BackgroundTask(_send, house, row, contact)
    return response


async def _known(house: House, row: Any) -> Any:
    """Who is reached by mail; None for who wants or can have no message."""
    async with glance(house.engine) as connection:
        *_before, number = await line_of(connection, row.dossier)
        query = select(Contact).where(col(Contact.dossier) == number, col(Contact.party) == row.party)
        contact = (await connection.execute(query)).one_or_none()
    if contact is None or not contact.email or getattr(contact, "left_on", None) is not None:
        return None
    return contact


async def _seldom(house: House, email: str) -> bool:
    """Whether this address may be sent one more."""
    try:
        await limits.count(house.engine, limits.LINKS_MAILED, digest(house.settings, "address", email.lower())[:32])
    except limits.TooOften:
        return False
    return True


async def _send(house: House, row: Any, contact: Any) -> None:
    """Nobody waits for this: whoever gets nothing asks again."""
    secret = await links.again(house.engine, row)
    try:
        await letters.send(house.settings, secret, contact.email, Language(contact.language))
        outcome = "sent"
    except (aiosmtplib.SMTPException, OSError) as fault:
        outcome = type(fault).__name__
    log.info("answer_link_renewed", dossier=row.dossier, outcome=outcome)
