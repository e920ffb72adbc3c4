"""The work list of staff: see it, move through it, and take one task in hand or put it back."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, Response

from models.errors import Refusal
from portal.access.rights import Staff
from portal.access.rows import Rows
from portal.access.visitor import Visitor
from portal.house import house_of
from portal.language import marked as _
from portal.language import tongue
from portal.pages import Flash, go, language_of, own_address, render
from portal.refusals import in_words
from portal.staff import views
from portal.staff.columns import COLUMNS, Words, choose, own, value
from portal.staff.listing import PATH, SLUGS, Listing, wanted
from portal.staff.post import ROLES as SORTERS
from portal.wording import Wording
from reading import inbox
from reading import post as post_reading
from reading.inbox import COUNTED, Line, Tab
from reading.spelling import FIELDS

router = APIRouter()


TAB_NAMES: Mapping[Tab, str] = {
    Tab.MINE: _("Mijn taken"),
    Tab.TEAM: _("Van mijn teams"),
    Tab.UNASSIGNED: _("Nog van niemand"),
    Tab.TODAY: _("Vandaag"),
    Tab.OVERDUE: _("Te laat"),
    Tab.SNOOZED: _("Uitgesteld"),
    Tab.PAUSED: _("Wacht"),
    Tab.DONE: _("Klaar"),
}
EMPTY: Mapping[Tab, str] = {
    Tab.MINE: _("U hebt niets in handen. Neem een taak van uw teams."),
    Tab.TEAM: _("Er staat niets open voor uw teams."),
    Tab.UNASSIGNED: _("Alle taken zijn verdeeld."),
    Tab.TODAY: _("Vandaag moet er niets meer af."),
    Tab.OVERDUE: _("Er is niets te laat."),
    Tab.SNOOZED: _("U hebt niets uitgesteld."),
    Tab.PAUSED: _("Geen enkel dossier staat stil."),
    Tab.DONE: _("U hebt nog niets afgewerkt."),
}


@router.get(PATH)
async def worklist(request: Request, visitor: Staff, rows: Rows) -> Response:
    """One page of the list that the address asks for."""
    return await shown(request, visitor, rows)


async def shown(request: Request, visitor: Visitor, rows: Any, refused: str | None = None) -> Response:
    """The page, after a look as after something that was refused."""
    language = language_of(request, visitor)
    listing = await wanted(request, visitor, language.value, rows)
    engine = house_of(request).engine
    query = await inbox.look_up(rows, listing.query())
    page = await inbox.page(rows, query)
    counters = await inbox.counters(rows, listing.desk)
    total = await inbox.found(rows, query) if listing.asked and page.next else None
    columns, saved = await asyncio.gather(own(engine, visitor.person), views.of(engine, visitor, listing))
    words = Words(tongue(language), Wording(language), listing.desk.today)
    return render(
        request,
        visitor,
        "staff/worklist.html",
        status=422 if refused else 200,
        refused=refused,
        post=await post_reading.waiting(rows, visitor.funds) if visitor.roles & SORTERS else None,
        listing=listing,
        page=page,
        counters={tab: counted(count, words.wording) for tab, count in counters.items()},
        total=None if total is None else counted(total, words.wording),
        tabs=TAB_NAMES,
        nothing=EMPTY[listing.tab],
        columns=columns,
        every_column=COLUMNS,
        cell=lambda line, code: value(line, code, words),
        dossier_of=lambda line: dossier_address(listing, line),
        fields=[spelled.in_(language.value) for spelled in FIELDS.values()],
        views=saved,
    )


def counted(count: int, wording: Wording) -> str:
    """A counter in figures; where counting stopped it says so."""
    return f"{wording.number(COUNTED - 1)}+" if count >= COUNTED else wording.number(count)


def dossier_address(listing: Listing, line: Line) -> str:
    """The dossier of a line, with the list from which it was opened, so that it can show the ones beside it."""
    said = listing.values() | ({"taak": line.task} if line.is_task else {})
    return f"/dossier/{line.dossier}?{urlencode(said)}"


@router.get(f"{PATH}/tellers")
async def tellers(request: Request, visitor: Staff, rows: Rows) -> Response:
    """The counters alone, for a list that stands open."""
    language = language_of(request, visitor)
    listing = await wanted(request, visitor, language.value, rows)
    counters = await inbox.counters(rows, listing.desk)
    wording = Wording(language)
    return JSONResponse(
        {SLUGS[tab]: counted(count, wording) for tab, count in counters.items()}, headers={"Cache-Control": "no-store"}
    )


@router.post(f"{PATH}/nemen")
async def claim(
    request: Request, visitor: Staff, rows: Rows, taak: Annotated[str, Form()], terug: Annotated[str, Form()] = PATH
) -> Response:
    """Take one task in hand."""
    return await _handed(request, visitor, rows, "nemen", taak, terug)


@router.post(f"{PATH}/terugleggen")
async def release(
    request: Request, visitor: Staff, rows: Rows, taak: Annotated[str, Form()], terug: Annotated[str, Form()] = PATH
) -> Response:
    """Put one task back on the list."""
    return await _handed(request, visitor, rows, "terugleggen", taak, terug)


async def _handed(request: Request, visitor: Visitor, rows: Any, hand: str, task: str, back: str) -> Response:
    starter = house_of(request).starter
    say = tongue(language_of(request, visitor))
    try:
        if hand == "nemen":
            await starter.claim(task, visitor.person)
        else:
            await starter.release(task, visitor.person)
    except Refusal as refusal:
        return await shown(request, visitor, rows, refused=in_words(say, refusal))
    told = _("U hebt %(task)s in handen.") if hand == "nemen" else _("%(task)s ligt weer op de lijst.")
    other = "terugleggen" if hand == "nemen" else "nemen"
    undoing = f"{PATH}/ongedaan/{other}/{task}?{urlencode({'terug': back})}"
    return go(own_address(back, PATH), Flash(text=say(told, task=task), undo=undoing))


@router.post(PATH + "/ongedaan/{hand}/{task:path}")
async def undo(request: Request, visitor: Staff, rows: Rows, hand: str, task: str, terug: str = PATH) -> Response:
    """Take back what was just done with one task."""
    return await _handed(request, visitor, rows, hand, task, terug)


@router.post(f"{PATH}/kolommen")
async def columns(
    request: Request,
    visitor: Staff,
    kolom: Annotated[list[str] | None, Form()] = None,
    terug: Annotated[str, Form()] = PATH,
) -> Response:
    """Choose which columns to see; none chosen is the usual ones."""
    await choose(house_of(request).engine, visitor.person, kolom or ())
    return go(own_address(terug, PATH))
