"""How a participant is reached, put right by staff or by the agency: the person cannot be asked any more by then."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException

from models.errors import Refusal
from models.messages.commands import Actor
from models.messages.words import Kind, Language, Party, Role
from portal.access.rights import may
from portal.access.rows import Rows
from portal.access.visitor import Visitor
from portal.agencies.participants import one_of
from portal.agencies.registering import course_of
from portal.asking.letters import tell_old_address
from portal.asking.preferences import CHANNELS, REACHED_BY, contact_of, keep, read_wanted
from portal.house import house_of
from portal.language import OWN_NAMES, tongue
from portal.pages import Flash, go, language_of, render
from reading.staff_dossier import staff_dossier
from schemes.calendar import local_date

router = APIRouter()
Clerk = Annotated[Visitor, Depends(may(Party.STAFF, roles={Role.INTAKE, Role.HANDLER, Role.TEAM_LEAD}))]
Agency = Annotated[Visitor, Depends(may(Party.AGENCY))]
OF_STAFF, OF_AGENCY = "/dossier/{number}/gegevens", "/deelnemers/{number}/gegevens"


class _Whose(NamedTuple):
    """A participant whose details may be put right. An agency is not shown what stands: it tells what is new."""

    number: str
    back: str
    today: date
    by: Actor
    contact: Mapping[str, Any]
    blind: bool

    @property
    def stands(self) -> dict[str, str]:
        """What stands, by the names of the form."""
        known = {question.column: self.contact[question.column] or "" for question in REACHED_BY}
        return known | {"taal": self.contact["language"], "kanaal": self.contact["channel"] or ""}


@router.get(OF_STAFF)
async def show_to_staff(request: Request, visitor: Clerk, rows: Rows, number: str) -> Response:
    """The details as they stand."""
    return _page(request, visitor, await _of_staff(request, visitor, rows, number))


@router.post(OF_STAFF)
async def save_of_staff(request: Request, visitor: Clerk, rows: Rows, number: str) -> Response:
    """Keep them."""
    return await _saved(request, visitor, await _of_staff(request, visitor, rows, number))


@router.get(OF_AGENCY)
async def show_to_agency(request: Request, visitor: Agency, rows: Rows, number: str) -> Response:
    """What an agency may tell of an own participant."""
    return _page(request, visitor, await _of_agency(request, visitor, rows, number))


@router.post(OF_AGENCY)
async def save_of_agency(request: Request, visitor: Agency, rows: Rows, number: str) -> Response:
    """Keep what is new."""
    return await _saved(request, visitor, await _of_agency(request, visitor, rows, number))


async def _of_staff(request: Request, visitor: Visitor, rows: Rows, number: str) -> _Whose:
    found = await staff_dossier(rows, number)
    if found is None or found.timeline.dossier.kind != Kind.TRAJECTORY:
        raise HTTPException(404)
    by = await house_of(request).starter.staff(visitor.person)
    today, back = local_date(datetime.now(UTC) + found.ahead), f"/dossier/{number}"
    return _Whose(number, back, today, by, await _contact(request, number), blind=False)


async def _of_agency(request: Request, visitor: Visitor, rows: Rows, number: str) -> _Whose:
    one = await one_of(rows, number)
    if one.closed is not None:
        raise HTTPException(404)
    today, back = course_of(one, datetime.now(UTC)).today, f"/deelnemers/{number}"
    return _Whose(number, back, today, visitor.actor(), await _contact(request, number), blind=True)


async def _contact(request: Request, number: str) -> Mapping[str, Any]:
    """
    Raises:
        HTTPException: 404 when it was erased, or nobody is to be reached any more.
    """
    contact = await contact_of(house_of(request), number)
    if contact is None or contact["left_on"] is not None:
        raise HTTPException(404)
    return contact


async def _saved(request: Request, visitor: Visitor, whose: _Whose) -> Response:
    typed = {name: text.strip() for name, text in (await request.form()).items() if isinstance(text, str)}
    say, house = tongue(language_of(request, visitor)), house_of(request)
    new = {one.column: typed[one.column] for one in REACHED_BY if typed.get(one.column)}
    told = whose.stands | new if whose.blind else typed
    wanted, problems = read_wanted(told, say)
    if wanted is None:
        return _page(request, visitor, whose, typed=typed, problems=problems)
    try:
        await keep(house, whose.number, whose.contact, wanted, whose.today, whose.by)
    except Refusal as refusal:
        return _page(request, visitor, whose, typed=typed, refusal=refusal)
    response = go(whose.back, Flash(text=say("Bewaard. Dank u.")))
    before = whose.contact["email"]
    if before and before != wanted.reached["email"]:
        language = Language(whose.contact["language"])
        response.background = BackgroundTask(tell_old_address, house.settings, before, language)
    return response


def _page(request: Request, visitor: Visitor, whose: _Whose, **wrong: Any) -> Response:
    return render(
        request,
        visitor,
        "parties/reaching.html",
        status=422 if wrong else 200,
        number=whose.number,
        back=whose.back,
        blind=whose.blind,
        typed=wrong.get("typed") or ({} if whose.blind else whose.stands),
        problems=wrong.get("problems", {}),
        refusal=wrong.get("refusal"),
        questions=REACHED_BY,
        channels=CHANNELS,
        tongues=OWN_NAMES,
    )
