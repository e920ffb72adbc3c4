"""What a party says of itself: withdraw, object, tell a fact, ask for more time, write a message."""

from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from database import glance
from models.errors import Refusal
from models.messages.commands import ReportFact
from models.messages.words import Party
from portal import conversation
from portal.access.rights import Outsider, may
from portal.access.rows import Rows
from portal.access.visitor import Visitor
from portal.asking.choices import BEFORE_DISMISSAL
from portal.asking.preferences import consent
from portal.asking.standing import dismissed_on
from portal.following.answered import LATER
from portal.following.answering import UNPROCESSABLE, UNTIL, WHY, may_answer, read_all
from portal.following.follow import own_file
from portal.following.possible import GROUNDS, Report, objection_deadline, possible
from portal.following.top import Sayer
from portal.following.wanted import coded
from portal.forms.answers import clean
from portal.forms.filling import Problem, fields_of, typed_in
from portal.forms.questions import Question, Sort
from portal.house import House, house_of
from portal.language import marked as _
from portal.language import tongue
from portal.pages import Flash, go, language_of, render
from portal.refusals import PLAIN, in_words
from reading import stated
from reading.following import File
from schemes.calendar import local_date
from schemes.last_words import CONSENT

router = APIRouter()
Applicant = Annotated[Visitor, Depends(may(Party.APPLICANT, Party.PARTICIPANT))]
BEFORE_ITS_DISMISSAL = _("Nieuw werk begint na het ontslag. Vul een latere dag in.")
GROUND = Question("ground", Sort.CHOICE, _("Waarom bent u het niet eens?"), choices=GROUNDS)


@router.get("/mijn-dossiers/{number}/intrekken")
async def before_withdrawing(request: Request, visitor: Applicant, rows: Rows, number: str) -> Response:
    """What withdrawing means, and whether the visitor is sure."""
    file = await own_file(rows, visitor, number)
    return _form(request, visitor, file, "parties/withdraw.html")


@router.post("/mijn-dossiers/{number}/intrekken")
async def withdraw(request: Request, visitor: Applicant, rows: Rows, number: str) -> Response:
    """Take the application back."""
    file = await own_file(rows, visitor, number)
    may_answer(visitor, file)
    say = tongue(language_of(request, visitor))
    try:
        await house_of(request).starter.withdraw(number, visitor.actor())
    except Refusal as refusal:
        return _later(visitor, number, refusal) or _form(
            request, visitor, file, "parties/withdraw.html", refusal=refusal
        )
    return go(f"/mijn-dossiers/{number}", Flash(text=say("Uw aanvraag is ingetrokken.")))


@router.get("/mijn-dossiers/{number}/bezwaar")
async def before_objecting(request: Request, visitor: Applicant, rows: Rows, number: str) -> Response:
    """The decision, the term to object and its last day, and the form."""
    file = await own_file(rows, visitor, number)
    return _objection(request, visitor, file)


@router.post("/mijn-dossiers/{number}/bezwaar")
async def object_to(request: Request, visitor: Applicant, rows: Rows, number: str) -> Response:
    """Object to the last decision; the own words are a message, because the journal holds none."""
    file = await own_file(rows, visitor, number)
    may_answer(visitor, file)
    say = tongue(language_of(request, visitor))
    typed = typed_in((GROUND, WHY), await request.form())
    values, problems = read_all((GROUND, WHY), typed, say)
    if problems:
        return _objection(request, visitor, file, typed=typed, problems=problems)
    try:
        await house_of(request).starter.object(number, visitor.actor(), values["ground"])
    except Refusal as refusal:
        return _later(visitor, number, refusal) or _objection(request, visitor, file, typed=typed, refusal=refusal)
    if text := values.get("why"):
        await _write(request, visitor, number, say("Bij mijn bezwaar: %(why)s", why=text))
    thanks = say("Uw bezwaar is ontvangen. Iemand die niet mee besliste, bekijkt het.")
    return go(f"/mijn-dossiers/{number}", Flash(text=thanks))


@router.get("/mijn-dossiers/{number}/melden/{fact}")
async def before_telling(request: Request, visitor: Outsider, rows: Rows, number: str, fact: str) -> Response:
    """The form of a fact that may be told."""
    file = await own_file(rows, visitor, number)
    return _telling(request, visitor, file, _report(file, visitor, fact))


@router.post("/mijn-dossiers/{number}/melden/{fact}")
async def tell(request: Request, visitor: Outsider, rows: Rows, number: str, fact: str) -> Response:
    """Tell a dossier a fact, such as a new job or a wished change."""
    file = await own_file(rows, visitor, number)
    may_answer(visitor, file)
    report = _report(file, visitor, fact)
    say = tongue(language_of(request, visitor))
    typed = typed_in(report.questions, await request.form())
    values, problems = read_all(report.questions, typed, say)
    if fact == "new_job" and not problems and values["on"] <= await _dismissed_on(house_of(request), file):
        problems = {"on": say(BEFORE_DISMISSAL if visitor.party is Party.PARTICIPANT else BEFORE_ITS_DISMISSAL)}
    if problems:
        return _telling(request, visitor, file, report, typed=typed, problems=problems)
    told = {q.column: coded(q, values[q.column]) for q in report.questions if q.column in values and q.column != "on"}
    on = values.get("on") or _today(file)
    try:
        await _report_to(house_of(request), number, ReportFact(fact=fact, on=on, by=visitor.actor(), values=told))
    except Refusal as refusal:
        return _later(visitor, number, refusal) or _telling(
            request, visitor, file, report, typed=typed, refusal=refusal
        )
    return go(f"/mijn-dossiers/{number}", Flash(text=say("Goed ontvangen. Dank u.")))


@router.post("/mijn-dossiers/{number}/bericht")
async def write(request: Request, visitor: Outsider, rows: Rows, number: str) -> Response:
    """Write to the fund."""
    await own_file(rows, visitor, number)
    say = tongue(language_of(request, visitor))
    text = clean(str((await request.form()).get("bericht", "")), lines=True)
    address = f"/mijn-dossiers/{number}#berichten"
    if not text:
        return go(address, Flash(text=say("Uw bericht is leeg. Schrijf eerst iets."), tone="warn"))
    await _write(request, visitor, number, text)
    return go(address, Flash(text=say("Uw bericht is verstuurd. Het antwoord komt hier en in uw mailbox.")))


@router.post("/mijn-dossiers/{number}/gelezen")
async def has_read(request: Request, visitor: Outsider, rows: Rows, number: str) -> Response:
    """Say that what the fund wrote was read."""
    await own_file(rows, visitor, number)
    await conversation.mark_read(house_of(request), number, visitor.party, visitor.party)
    return go(f"/mijn-dossiers/{number}#berichten")


@router.post("/mijn-dossiers/{number}/meer-tijd/{code}/{times}")
async def more_time(request: Request, visitor: Outsider, rows: Rows, number: str, code: str, times: int) -> Response:
    """Ask the fund for more time for a question; a member of staff gives it or not."""
    file = await own_file(rows, visitor, number)
    may_answer(visitor, file)
    asked = next((one for one in file.followed.asked if one.request == f"{number}/{code}/{times}"), None)
    if asked is None:
        raise HTTPException(404)
    say = tongue(language_of(request, visitor))
    back = f"/mijn-dossiers/{number}/antwoorden/{code}/{times}"
    typed = typed_in((UNTIL, WHY), await request.form())
    values, problems = read_all((UNTIL, WHY), typed, say)
    if not problems and values["until"] <= asked.until:
        problems = {"until": say("Kies een dag na de huidige uiterste dag.")}
    if problems:
        return go(f"{back}#meer-tijd", Flash(text=" ".join(problems.values()), tone="bad"))
    sayer = Sayer(visitor.language, visitor.party)
    what = sayer.listed((code,) if not asked.wants else asked.wants)
    until = sayer.words.day(values["until"])
    text = say("Ik vraag meer tijd voor %(what)s: tot en met %(until)s.", what=what, until=until)
    await _write(request, visitor, number, f"{text} {values.get('why', '')}".strip())
    thanks = say("Uw vraag is verstuurd. Zolang u niets hoort, blijft de uiterste dag zoals ze is.")
    return go(f"/mijn-dossiers/{number}", Flash(text=thanks))


async def _write(request: Request, visitor: Visitor, number: str, text: str) -> None:
    await conversation.write(house_of(request), number, visitor.party, visitor.actor(), text[: conversation.LONGEST])


async def _report_to(house: House, number: str, fact: ReportFact) -> None:
    """Tell a dossier; whether somebody may be asked holds in every dossier of that person.

    Raises:
        Refusal: a rule says no, or a dossier answers later.
    """
    if fact.fact not in CONSENT:
        await house.starter.report(number, fact)
    elif await consent(house, number, fact.fact == "consent_given", fact.on, fact.by):
        raise Refusal(LATER, PLAIN[LATER])


async def _dismissed_on(house: House, file: File) -> date:
    """The day after which work is new work; the first of all days when no dismissal was told. Not every party that may
    tell reads what was stated by its own rows."""
    async with glance(house.engine) as connection:
        return dismissed_on(await stated.facts(connection, file.number), file.entries) or date.min


def _later(visitor: Visitor, number: str, refusal: Refusal) -> Response | None:
    """What was told is kept and will be heard: that is no refusal."""
    if refusal.code != LATER:
        return None
    return go(f"/mijn-dossiers/{number}", Flash(text=in_words(tongue(visitor.language), refusal), tone="warn"))


def _report(file: File, visitor: Visitor, fact: str) -> Report:
    found = possible(file, visitor.party, datetime.now(UTC)).reports
    report = next((one for one in found if one.fact == fact), None)
    if report is None:
        raise HTTPException(404)
    return report


def _today(file: File) -> date:
    """The day it is in a dossier."""
    return local_date(file.followed.at if file.followed.dossier.rehearsed else datetime.now(UTC))


def _objection(request: Request, visitor: Visitor, file: File, **more: Any) -> Response:
    until = possible(file, visitor.party, datetime.now(UTC)).object_until
    deadline = objection_deadline(file) if file.decisions else None
    return _form(
        request,
        visitor,
        file,
        "parties/objection.html",
        questions=(GROUND, WHY),
        until=until,
        deadline=deadline,
        derivation=deadline.derivation() if deadline else "",
        **more,
    )


def _telling(request: Request, visitor: Visitor, file: File, report: Report, **more: Any) -> Response:
    return _form(request, visitor, file, "parties/telling.html", questions=report.questions, report=report, **more)


def _form(request: Request, visitor: Visitor, file: File, template: str, **values: Any) -> Response:
    """A page with a form that may have come back with what is wrong."""
    questions, typed = values.pop("questions", ()), values.pop("typed", {})
    problems, refusal = values.pop("problems", {}), values.pop("refusal", None)
    fields = fields_of(questions, typed, typed, problems)
    listed = [
        Problem(text, "#" + next((field.id for field in fields if field.question.column == column), "formulier"))
        for column, text in problems.items()
    ]
    return render(
        request,
        visitor,
        template,
        status=UNPROCESSABLE if problems or refusal else 200,
        file=file,
        number=file.number,
        fields=fields,
        problems=listed,
        refusal=refusal,
        possible=possible(file, visitor.party, datetime.now(UTC)),
        **values,
    )
