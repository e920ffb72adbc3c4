"""What staff does with a cohort as a whole: one more person, a successor of the employer, another fund."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from absences import today
from database import transaction
from importing.cohort_dossiers import place_of
from importing.cohort_files import announced_of, receive_people
from importing.cohorts import Row, read_person
from importing.office import Office
from models.errors import Refusal
from models.messages.commands import ReportFact
from models.messages.words import Fund, Party
from portal.access.rights import may
from portal.access.rows import Rows
from portal.access.visitor import Visitor
from portal.applying.sending import secret_of
from portal.cohorts.cohort_pages import ACTING
from portal.cohorts.file_pages import NOTHING, Clerk
from portal.cohorts.succeeding import ABOUT, Successor, succeed, successor_in
from portal.following.answering import read_all
from portal.forms import shared
from portal.forms.filling import Problem, fields_of, typed_in
from portal.forms.outplacement import PERSON
from portal.forms.questions import Question, Sort
from portal.house import House, house_of
from portal.language import marked as _
from portal.language import tongue
from portal.pages import Flash, go, language_of, render
from portal.refusals import Refused
from reading import cohorts
from reading.cohorts import Head
from schemes.calendar import local_date

router = APIRouter(prefix="/cohorten/{number}")
Acting = Annotated[Visitor, Depends(may(Party.STAFF, roles=ACTING))]
ADDRESS = (
    Question("Straat en nummer", Sort.TEXT, _("Straat en nummer"), required=False),
    Question(shared.POSTCODE, Sort.TEXT, _("Postcode"), required=False),
    Question(shared.MUNICIPALITY, Sort.TEXT, _("Gemeente"), required=False),
)
QUESTIONS = (*PERSON, *ADDRESS)


@router.get("/persoon")
async def person(request: Request, visitor: Clerk, rows: Rows, number: str) -> Response:
    """One more person of the same closure."""
    return _person(
        request, visitor, await _found(rows, number), {"Dringende reden": "nee", "Tewerkstellingsbreuk": "1"}
    )


@router.post("/persoon")
async def add(request: Request, visitor: Clerk, rows: Rows, number: str) -> Response:
    """Receive one more person; who is in it already is not received twice."""
    head, house, say = await _found(rows, number), house_of(request), tongue(language_of(request, visitor))
    typed = typed_in(QUESTIONS, await request.form())
    _values, problems = read_all(QUESTIONS, typed, say)
    if problems:
        return _person(request, visitor, head, typed, problems)
    try:
        row, into, new = await _receive(house, number, Fund(head.fund), typed)
    except Refusal as refusal:
        return _person(request, visitor, head, typed, refusal=refusal)
    if row.faults:
        return _person(request, visitor, head, typed, {fault.column or "": fault.message for fault in row.faults})
    told = _("%(name)s is toegevoegd.") if new else _("%(name)s zat al in dit dossier.")
    return go(f"/cohorten/{into}#mensen", Flash(text=say(told, name=row.name)))


async def _receive(house: House, number: str, fund: Fund, typed: Mapping[str, str]) -> tuple[Row, str, int]:
    """One person typed into a form, in the open dossier of this closure; the dossier, and whether somebody is new.

    Raises:
        Refusal: the closure has no open dossier at this fund.
    """
    async with transaction(house.engine) as connection:
        announced = await announced_of(connection, number)
        if announced is None:
            raise HTTPException(404)
        office = Office(local_date(datetime.now(UTC)), secret_of(house), fund)
        row = read_person(typed, announced, office)
        if row.application is None:
            return row, number, 0
        if (await place_of(connection, announced, office.secret)).number is None:
            raise Refused(
                "CohortClosed", _("Dit dossier is gesloten. Laad een lijst op: dan komt er een nieuw dossier.")
            )
        return row, *await receive_people(connection, (row.application,), announced, office)


@router.get("/opvolger")
async def successor(request: Request, visitor: Acting, rows: Rows, number: str) -> Response:
    """Another enterprise took this one over."""
    return _successor(request, visitor, await _found(rows, number), {shared.LANGUAGE: "nl"})


@router.post("/opvolger")
async def name_successor(request: Request, visitor: Acting, rows: Rows, number: str) -> Response:
    """The successor is asked and paid from now on."""
    head, house, say = await _found(rows, number), house_of(request), tongue(language_of(request, visitor))
    typed = typed_in(ABOUT, await request.form())
    values, problems = read_all(ABOUT, typed, say)
    if problems:
        return _successor(request, visitor, head, typed, problems)
    try:
        by = await house.starter.staff(visitor.person)
        named: Successor = successor_in(values, typed)
        corrected = await succeed(house, number, named, by, today())
    except Refusal as refusal:
        return _successor(request, visitor, head, typed, refusal=refusal)
    told = _("De opvolger is genoteerd. Van %(count)s personen telt de dienst nu vanaf de eerste werkgever.")
    return go(f"/cohorten/{number}", Flash(text=say(told, count=corrected)))


@router.get("/fonds")
async def other_fund(request: Request, visitor: Acting, rows: Rows, number: str) -> Response:
    """Another fund goes on with this closure."""
    return _fund(request, visitor, await _found(rows, number))


@router.post("/fonds")
async def hand_over(request: Request, visitor: Acting, rows: Rows, number: str) -> Response:
    """Everybody goes along, as soon as no question to them is open."""
    head, house, say = await _found(rows, number), house_of(request), tongue(language_of(request, visitor))
    chosen = str((await request.form()).get("fonds", ""))
    try:
        by = await house.starter.staff(visitor.person)
        report = ReportFact(fact="moves_fund", on=today(), by=by, values={"fund": chosen})
        await house.starter.report(number, report)
    except Refusal as refusal:
        return _fund(request, visitor, head, chosen, refusal)
    return go(f"/cohorten/{number}", Flash(text=say(_("Het dossier gaat met al zijn mensen naar het andere fonds."))))


async def _found(rows: Any, number: str) -> Head:
    head = await cohorts.head(rows, number)
    if head is None:
        raise HTTPException(404)
    return head


def _listed(questions: tuple[Question, ...], problems: Mapping[str, str]) -> list[Problem]:
    wrong = {question.column: question.field for question in questions}
    return [Problem(text, f"#{wrong.get(column, column)}") for column, text in problems.items()]


def _form(
    template: str,
    questions: tuple[Question, ...],
    request: Request,
    visitor: Visitor,
    head: Head,
    typed: Mapping[str, str],
    problems: Mapping[str, str] = NOTHING,
    refusal: Refusal | None = None,
) -> Response:
    return render(
        request,
        visitor,
        template,
        status=422 if problems or refusal else 200,
        head=head,
        fields=fields_of(questions, typed, typed, problems),
        problems=_listed(questions, problems),
        refusal=refusal,
    )


_person = partial(_form, "cohorts/person.html", QUESTIONS)
_successor = partial(_form, "cohorts/successor.html", ABOUT)


def _fund(request: Request, visitor: Visitor, head: Head, chosen: str = "", refusal: Refusal | None = None) -> Response:
    funds = [fund for fund in Fund if fund != head.fund]
    status = 422 if refusal else 200
    return render(
        request, visitor, "cohorts/fund.html", status=status, head=head, funds=funds, chosen=chosen, refusal=refusal
    )
