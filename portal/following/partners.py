"""Pages of partners: an agency and its participants, and a participant who follows the own guidance in simple words."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from models.errors import Refusal
from models.messages.commands import AnswerRequest
from models.messages.words import Kind, Party
from portal.access.rights import may
from portal.access.rows import Rows
from portal.access.visitor import Visitor
from portal.following.answered import LATER
from portal.following.answering import UNPROCESSABLE, read_all
from portal.following.top import Sayer
from portal.following.wanted import coded
from portal.forms.filling import Problem, fields_of, typed_in
from portal.forms.questions import Question, Sort
from portal.house import house_of
from portal.language import marked as _
from portal.language import tongue
from portal.pages import Flash, go, language_of, render
from reading.guided import Guided, guided

router = APIRouter()
Agency = Annotated[Visitor, Depends(may(Party.AGENCY))]
HOURS = Question("hours", Sort.NUMBER, _("Uren tot nu toe in deze fase"), _("Klokuren, bijvoorbeeld 20 of 7,5."))
GUIDING = ("guidance_1", "guidance_2", "guidance_3")
"""Phases in which hours are kept."""


@router.get("/deelnemers")
async def participants(request: Request, visitor: Agency, rows: Rows) -> Response:
    """The agency's own participants: what is asked of it, hours per phase, and what became of each."""
    found = await guided(rows)
    sayer = Sayer(visitor.language, visitor.party)
    return render(
        request,
        visitor,
        "parties/participants.html",
        sayer=sayer,
        asked=[one for one in found if one.asked],
        running=[one for one in found if not one.asked and one.closed is None],
        closed=[one for one in found if not one.asked and one.closed is not None],
    )


@router.get("/deelnemers/{number}")
async def participant(request: Request, visitor: Agency, rows: Rows, number: str) -> Response:
    """One participant: what is asked, the hours, what may be told."""
    return _page(request, visitor, await _one(rows, number))


@router.post("/deelnemers/{number}/uren")
async def keep_hours(request: Request, visitor: Agency, rows: Rows, number: str) -> Response:
    """Keep the hours of the phase that runs; what is told last counts when the phase ends."""
    one = await _one(rows, number)
    say = tongue(language_of(request, visitor))
    typed = typed_in((HOURS,), await request.form())
    values, problems = read_all((HOURS,), typed, say)
    if one.phase not in GUIDING or one.closed is not None:
        problems = {"hours": say("Uren worden bijgehouden zolang de begeleiding loopt.")}
    if problems:
        return _page(request, visitor, one, typed=typed, problems=problems)
    told = AnswerRequest(request="hours", by=visitor.actor(), values={"hours": coded(HOURS, values["hours"])})
    try:
        await house_of(request).starter.answer(number, told)
    except Refusal as refusal:
        if refusal.code != LATER:
            return _page(request, visitor, one, typed=typed, refusal=refusal)
    return go(f"/deelnemers/{number}", Flash(text=say("De uren zijn bewaard.")))


async def _one(rows: Any, number: str) -> Guided:
    found = await guided(rows, number=number)
    if not found:
        raise HTTPException(404)
    return found[0]


def _page(request: Request, visitor: Visitor, one: Guided, **more: Any) -> Response:
    typed, problems = more.get("typed", {}), more.get("problems", {})
    refusal = more.get("refusal")
    return render(
        request,
        visitor,
        "parties/participant.html",
        status=UNPROCESSABLE if problems or refusal else 200,
        one=one,
        kind=Kind.TRAJECTORY,
        sayer=Sayer(visitor.language, visitor.party),
        guiding=one.phase in GUIDING and one.closed is None,
        fields=fields_of((HOURS,), typed, typed, problems),
        problems=[Problem(text, "#hours") for text in problems.values()],
        refusal=refusal,
    )
