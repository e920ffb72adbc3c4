"""The post: letters that wait to be printed, in one file, and what became of what was sent."""

import asyncio
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import Response

import doubts
from letters.bundle import bundled
from models.errors import Refusal
from models.messages.words import Party, Role
from portal.access.rights import may
from portal.access.rows import Rows
from portal.access.visitor import Visitor
from portal.house import House, house_of
from portal.language import marked as _
from portal.language import tongue
from portal.letters import served
from portal.pages import Flash, go, language_of, render
from portal.staff import posting
from reading import post as reading
from schemes.reaching import Channel, mark_of

PATH = "/post"
ROLES = frozenset({Role.INTAKE, Role.TEAM_LEAD})
router = APIRouter(prefix=PATH)
_SETTLED = {
    "sent": _("Genoteerd: het bericht is aangekomen."),
    "planned": _("Genoteerd: het bericht vertrekt opnieuw."),
    "withdrawn": _("Genoteerd. Het bericht is niet meer nodig en vertrekt niet opnieuw."),
}
Sorting = Annotated[Visitor, Depends(may(Party.STAFF, roles=ROLES))]


@router.get("")
async def overview(request: Request, visitor: Sorting, rows: Rows) -> Response:
    """What waits, what was posted and what came back, of the funds of this visitor."""
    return await _shown(request, visitor, rows)


@router.get("/afdrukken")
async def one_file(request: Request, visitor: Sorting, rows: Rows, dubbelzijdig: bool = False) -> Response:
    """Everything that waits as one PDF, in the order of the page. Looking changes nothing.

    Raises:
        HTTPException: 404 when nothing waits.
    """
    waiting = await reading.to_print(rows, visitor.funds)
    content = await reading.contents(rows, visitor.funds, [one.effect for one in waiting])
    if not content:
        raise HTTPException(404)
    return served(request, await asyncio.to_thread(bundled, content, two_sided=dubbelzijdig), "post")


@router.post("/verstuurd")
async def was_posted(
    request: Request, visitor: Sorting, rows: Rows, brief: Annotated[list[str] | None, Form()] = None
) -> Response:
    """The letters that were ticked are in the post."""
    try:
        many, at = await posting.post(house_of(request).engine, brief or (), visitor.person, visitor.funds)
    except Refusal as refusal:
        return await _shown(request, visitor, rows, refusal)
    say = tongue(language_of(request, visitor))
    told = _("%(count)s brief is als verstuurd genoteerd.") if many == 1 else _("%(count)s brieven zijn genoteerd.")
    return go(PATH, Flash(text=say(told, count=many), undo=f"{PATH}/terug/{at.isoformat()}"))


@router.post("/twijfel")
async def settle(
    request: Request,
    visitor: Sorting,
    rows: Rows,
    bericht: Annotated[str, Form()] = "",
    aangekomen: Annotated[bool, Form()] = False,
) -> Response:
    """Somebody looked whether a message left."""
    try:
        state = await doubts.settle(
            house_of(request).engine, bericht, visitor.person, visitor.funds, arrived=aangekomen
        )
    except Refusal as refusal:
        return await _shown(request, visitor, rows, refusal)
    return go(PATH, Flash(text=tongue(language_of(request, visitor))(_SETTLED[state])))


@router.post("/terug/{moment}")
async def take_back(request: Request, visitor: Sorting, rows: Rows, moment: datetime) -> Response:
    """They are not in the post after all."""
    try:
        waiting = await posting.take_back(house_of(request).engine, moment, visitor.person, visitor.funds)
    except Refusal as refusal:
        return await _shown(request, visitor, rows, refusal)
    told = _("De brieven wachten weer.") if waiting else _("Genoteerd. Deze brieven hoeven niet meer te vertrekken.")
    return go(PATH, Flash(text=tongue(language_of(request, visitor))(told)))


@router.post("/onbestelbaar")
async def came_back(request: Request, visitor: Sorting, rows: Rows, brief: Annotated[str, Form()] = "") -> Response:
    """A letter came back as undeliverable."""
    house = house_of(request)
    try:
        await posting.undeliverable(house.engine, brief, visitor.funds, _channels(house))
    except Refusal as refusal:
        return await _shown(request, visitor, rows, refusal)
    told = _("Genoteerd: dit adres klopt niet meer. Kan het anders, dan vertrekt het bericht langs een andere weg.")
    return go(PATH, Flash(text=tongue(language_of(request, visitor))(told)))


def _mark(one: reading.InDoubt) -> str:
    """By which the mail server, or the provider of text messages, knows it again."""
    return mark_of(one.effect, one.recipient if one.channel == Channel.SMS else None)


def _channels(house: House) -> tuple[str, ...]:
    return ("email", "sms", "letter") if house.settings.sms_url else ("email", "letter")


async def _shown(request: Request, visitor: Visitor, rows: Rows, refused: Refusal | None = None) -> Response:
    return render(
        request,
        visitor,
        "staff/post.html",
        status=422 if refused else 200,
        refused=refused,
        in_doubt=[(one, _mark(one)) for one in await reading.in_doubt(rows, visitor.funds)],
        count=await reading.count(rows, visitor.funds),
        waiting=await reading.to_print(rows, visitor.funds),
        posted=await reading.posted(rows, visitor.funds),
        returned=await reading.returned(rows, visitor.funds),
    )
