"""The structured communication under which a beneficiary wants to be paid: given, changed, or taken away."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlalchemy import ColumnElement, and_, select, update
from sqlmodel import col

from database import transaction
from models.errors import Refusal
from models.messages.words import Party
from models.tables import Contact
from portal.access.rights import may
from portal.access.rows import Rows
from portal.access.visitor import Visitor
from portal.following.answering import UNPROCESSABLE, may_answer, read_all
from portal.following.follow import own_file
from portal.forms.filling import Problem, fields_of, typed_in
from portal.forms.shared import COMMUNICATION, COMMUNICATION_QUESTION
from portal.house import house_of
from portal.language import tongue
from portal.pages import Flash, go, language_of, render
from reading.following import File
from schemes.communications import spelled

router = APIRouter(prefix="/mijn-dossiers/{number}/mededeling")
Applicant = Annotated[Visitor, Depends(may(Party.APPLICANT))]


@router.get("")
async def ask(request: Request, visitor: Applicant, rows: Rows, number: str) -> Response:
    """What is known, and the form."""
    file = await own_file(rows, visitor, number)
    known = (await rows.execute(select(col(Contact.communication)).where(_beneficiary(number)))).scalar_one_or_none()
    return _page(request, visitor, file, {COMMUNICATION: spelled(known) if known else ""})


@router.post("")
async def keep(request: Request, visitor: Applicant, rows: Rows, number: str) -> Response:
    """Keep it for every payment that is not collected yet; an empty one takes it away."""
    file = await own_file(rows, visitor, number)
    may_answer(visitor, file)
    say = tongue(language_of(request, visitor))
    if file.followed.dossier.outcome is not None:
        raise Refusal("DossierClosed", "Dit dossier is afgesloten: er wordt niets meer betaald.")
    typed = typed_in((COMMUNICATION_QUESTION,), await request.form())
    values, problems = read_all((COMMUNICATION_QUESTION,), typed, say)
    if problems:
        return _page(request, visitor, file, typed, problems)
    given = values.get(COMMUNICATION)
    async with transaction(house_of(request).engine) as connection:
        await connection.execute(update(Contact).where(_beneficiary(number)).values(communication=given))
    told = (
        say("Wij betalen voortaan met de mededeling %(communication)s.", communication=spelled(given)) if given else ""
    )
    return go(
        f"/mijn-dossiers/{number}", Flash(text=told or say("Wij betalen voortaan met het nummer van het dossier."))
    )


def _beneficiary(number: str) -> ColumnElement[bool]:
    return and_(col(Contact.dossier) == number, col(Contact.party) == Party.APPLICANT.value)


def _page(
    request: Request, visitor: Visitor, file: File, typed: dict[str, str], problems: dict[str, str] | None = None
) -> Response:
    told = problems or {}
    return render(
        request,
        visitor,
        "parties/communication.html",
        status=UNPROCESSABLE if told else 200,
        number=file.followed.dossier.number,
        closed=file.followed.dossier.outcome is not None,
        fields=fields_of((COMMUNICATION_QUESTION,), typed, typed, told),
        problems=[Problem(text, f"#{COMMUNICATION_QUESTION.field}") for text in told.values()],
    )
