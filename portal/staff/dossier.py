"""The page of one dossier for staff: on whom it waits, what to do, what was looked at, its course past and coming."""

from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncConnection

from absences import substitutes
from models.errors import Refusal
from models.messages.words import Language, Party, Role
from portal import conversation, presence
from portal.access.rights import Staff, may
from portal.access.rows import Rows
from portal.access.visitor import Visitor
from portal.house import house_of
from portal.language import tongue
from portal.navigation import MONEY
from portal.pages import Flash, go, language_of, render
from portal.staff import chronicle
from portal.staff.listing import Listing, wanted
from portal.staff.worklist import dossier_address
from portal.treasury.budget_views import in_words
from portal.wording import Wording
from reading import budgets, inbox, letters, persons, staff_dossier
from reading.staff_dossier import Check, StaffDossier
from schemes import checks, sentences
from schemes.calendar import local_date

router = APIRouter()
WRITES = tuple(role for role in Role if role is not Role.AUDITOR)
"""Who may write to a party; an auditor reads."""
Writer = Annotated[Visitor, Depends(may(Party.STAFF, roles=WRITES))]
CORRESPONDENTS = (Party.APPLICANT, Party.EXPERT, Party.AGENCY, Party.PARTICIPANT)


class Around(NamedTuple):
    """The list from which the dossier was opened, and the dossiers beside it; None where there is none."""

    list: str | None = None
    previous: str | None = None
    next: str | None = None
    query: str = ""


@router.get("/dossier/{number}")
async def dossier(request: Request, visitor: Staff, rows: Rows, number: str) -> Response:
    """The whole dossier."""
    return await shown(request, visitor, rows, number)


@router.post("/dossier/{number}/bericht")
async def write(
    request: Request,
    visitor: Writer,
    rows: Rows,
    number: str,
    aan: Annotated[Party, Form()] = Party.APPLICANT,
    tekst: Annotated[str, Form()] = "",
) -> Response:
    """Write to a party of the dossier."""
    found = await _found(rows, number)
    _ = tongue(language_of(request, visitor))
    try:
        if aan not in CORRESPONDENTS or aan not in {one.party for one in found.contacts}:
            raise Refusal("WrongParty", "Kies een partij van dit dossier.")
        by = await house_of(request).starter.staff(visitor.person)
        await conversation.write(house_of(request), number, aan, by, tekst)
    except Refusal as refusal:
        return await shown(request, visitor, rows, number, problem=refusal, typed=tekst)
    return go(f"/dossier/{number}#berichten", Flash(text=_("Uw bericht is verstuurd.")))


@router.post("/dossier/{number}/gelezen")
async def mark_read(
    request: Request, _visitor: Writer, rows: Rows, number: str, van: Annotated[Party, Form()]
) -> Response:
    """What a party wrote was read, and needs no answer."""
    await _found(rows, number)
    await conversation.mark_read(house_of(request), number, van, Party.STAFF)
    return go(f"/dossier/{number}#berichten")


async def shown(
    request: Request,
    visitor: Visitor,
    rows: AsyncConnection,
    number: str,
    *,
    problem: Refusal | None = None,
    typed: str = "",
) -> Response:
    """The page, after a look as after something that was refused."""
    found = await _found(rows, number)
    house, language = house_of(request), language_of(request, visitor)
    now, asked = datetime.now(UTC), request.query_params.get("toon")
    own, sort = now + found.ahead, asked if asked in chronicle.SORTS else None
    await presence.touch(house.engine, number, visitor.person)
    return render(
        request,
        visitor,
        "staff/dossier.html",
        status=422 if problem else 200,
        problem=problem,
        typed=typed,
        found=found,
        around=await around(request, visitor, rows, language),
        present=await staff_dossier.present(rows, number, visitor.person, now),
        instead=await substitutes(rows, frozenset(task.holder for task in found.tasks if task.holder)),
        prospect=chronicle.Prospect(language, local_date(own)),
        past=chronicle.past(found, language, sort),
        coming=chronicle.coming(found, language, local_date(own)),
        sorts=chronicle.SORTS,
        sort=sort,
        messages=await conversation.messages(rows, number),
        related=await persons.related(rows, number),
        correspondents=[one for one in found.contacts if one.party in CORRESPONDENTS],
        says=lambda check: said(check, language),
        shown_value=lambda value: shown_value(value, language),
        asked_at=max((e.at for e in found.timeline.entries if e.type == "request_opened"), default=None),
        now=own,
        **await _beside(rows, visitor, number, language),
    )


async def _beside(rows: AsyncConnection, visitor: Visitor, number: str, language: Language) -> dict[str, Any]:
    """Its letters, from which budget it is paid, and what this visitor may do about either."""
    return {
        "letters": await letters.letters(rows, number),
        "budget": await budgets.budget_line(rows, number),
        "envelope_told": partial(in_words, Wording(language)),
        "sees_money": bool(MONEY & visitor.roles),
        "writes": bool(set(WRITES) & visitor.roles),
    }


async def around(request: Request, visitor: Visitor, rows: AsyncConnection, language: Language) -> Around:
    """The list that the address names, and what stands beside the task in it."""
    if "lijst" not in request.query_params:
        return Around()
    listing: Listing = await wanted(request, visitor, language.value, rows)
    task = request.query_params.get("taak")
    if not task:
        return Around(list=listing.address())
    beside = await inbox.neighbours(rows, listing.query(), task)
    return Around(
        list=listing.address(),
        previous=dossier_address(listing, beside.previous) if beside.previous else None,
        next=dossier_address(listing, beside.next) if beside.next else None,
        query=f"?{request.url.query}",
    )


def said(check: Check, language: Language) -> str:
    """Why a check did not pass, in a sentence; of one that passed, what it is about."""
    if not check.passed:
        stated: dict[str, Any] = check.model_dump(include={"code", "passed", "source", "values"})
        try:
            return sentences.sentence(checks.Check(**stated, blocking=check.consequence), language.value)
        except KeyError:  # an older build looked at other values than today's sentence tells
            pass
    return Wording(language).word(check.code, "reasons")


def shown_value(value: Any, language: Language) -> str:
    """A fact as it was stated, for the eye: lists by their length, yes and no in words."""
    _ = tongue(language)
    match value:
        case None | "" | []:
            return _("niets")
        case bool():
            return _("ja") if value else _("nee")
        case list() if all(isinstance(one, str) for one in value):
            return ", ".join(Wording(language).word(one) for one in value)
        case list() | dict():
            return _("%(count)s regels", count=len(value))
        case _:
            return str(value)


async def _found(rows: AsyncConnection, number: str) -> StaffDossier:
    found = await staff_dossier.staff_dossier(rows, number)
    if found is None:
        raise HTTPException(404)
    return found
