"""A calendar of one's duties: an address with a secret, that shows the last day of every open question and no names."""

import secrets
from datetime import UTC, datetime
from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col
from starlette.exceptions import HTTPException

from database import glance, transaction
from models.messages.words import Language, Party
from models.tables import CalendarFeed
from portal.access import accounts, audit, limits
from portal.access.rights import Outsider, anyone
from portal.access.rows import seen_by
from portal.access.visitor import Visitor
from portal.following.follow import whose_of
from portal.following.icalendar import Day, calendar
from portal.following.top import OWN_WORDS, Sayer
from portal.house import House, house_of
from portal.language import tongue
from portal.pages import Flash, go, language_of, render
from reading import following

router = APIRouter()
Somebody = Annotated[Visitor | None, Depends(anyone())]


@router.get("/agenda")
async def show(request: Request, visitor: Outsider) -> Response:
    """What the calendar is, and whether there is one."""
    query = select(col(CalendarFeed.made_at)).where(col(CalendarFeed.person) == visitor.person)
    async with glance(house_of(request).engine) as connection:
        made_at = await connection.scalar(query)
    return render(request, visitor, "parties/calendar.html", made_at=made_at)


@router.post("/agenda")
async def make(request: Request, visitor: Outsider) -> Response:
    """A new address; the old one shows nothing from now on."""
    secret = secrets.token_urlsafe(32)
    row = {
        "feed": _digest(secret),
        "person": visitor.person,
        "party": visitor.party.value,
        "enterprise": visitor.enterprises[0] if visitor.enterprises else None,
        "dossiers": list(visitor.dossiers),
        "agency": visitor.agency,
        "language": language_of(request, visitor).value,
        "made_at": datetime.now(UTC),
    }
    async with transaction(house_of(request).engine) as connection:
        await connection.execute(delete(CalendarFeed).where(col(CalendarFeed.person) == visitor.person))
        await connection.execute(insert(CalendarFeed).values(**row))
    address = f"{house_of(request).settings.portal_address}/agenda/{secret}.ics"
    say = tongue(language_of(request, visitor))
    said = say(
        "Dit is het adres van uw agenda; kopieer het nu, wij tonen het maar één keer: %(address)s", address=address
    )
    return go("/agenda", Flash(text=said))


@router.post("/agenda/weg")
async def revoke(request: Request, visitor: Outsider) -> Response:
    """The address shows nothing any more."""
    async with transaction(house_of(request).engine) as connection:
        await connection.execute(delete(CalendarFeed).where(col(CalendarFeed.person) == visitor.person))
    say = tongue(language_of(request, visitor))
    return go("/agenda", Flash(text=say("Het adres van uw agenda werkt niet meer.")))


@router.get("/agenda/{secret}.ics")
async def feed(request: Request, _: Somebody, secret: str) -> Response:
    """The calendar itself, for whoever has the address."""
    house = house_of(request)
    async with glance(house.engine) as connection:
        query = select(CalendarFeed).where(col(CalendarFeed.feed) == _digest(secret))
        row = (await connection.execute(query)).one_or_none()
        holder = await _holder(connection, row) if row is not None else None
    if row is None or holder is None:
        await limits.count(house.engine, limits.LINKS_TRIED, audit.source_of(request))
        raise HTTPException(404)
    days = await _days(house, holder.model_copy(update={"language": Language(row.language)}))
    say = tongue(Language(row.language))
    text = calendar(say("Doorstroom: wat u nog moet doen"), days)
    return Response(text, media_type="text/calendar; charset=utf-8", headers={"Cache-Control": "private, no-store"})


async def _holder(connection: AsyncConnection, row: Any) -> Visitor | None:
    """Who made it, as that person stands today: rights and mandates that ended are gone here too."""
    account = await accounts.of_account(connection, row.person)
    if account is not None:
        return account
    if row.enterprise is not None and row.party == Party.APPLICANT:
        return await accounts.of_enterprise(connection, row.person, "", row.enterprise)
    return await accounts.of_dossiers(connection, Party(row.party), row.dossiers) if row.dossiers else None


async def _days(house: House, holder: Visitor) -> list[Day]:
    sayer, say = Sayer(holder.language, holder.party), tongue(holder.language)
    async with seen_by(house.reading, holder) as rows:
        asked = await following.open_requests(rows, whose_of(holder))
    days = []
    for number, one in asked:
        wants = (one.code,) if one.code in OWN_WORDS or not one.wants else one.wants
        what = sayer.listed(wants)
        days.append(
            Day(
                uid=f"{one.request}@doorstroom",
                day=one.until,
                summary=say("Laatste dag: %(what)s (%(number)s)", what=what, number=number),
                description=say("Anders %(then)s.", then=sayer.then(one.silence)),
                url=f"{house.settings.portal_address}/mijn-dossiers/{number}",
                stamp=one.opened_at,
            )
        )
    return days


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
