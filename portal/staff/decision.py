"""Answering a task: its outcomes and reasons, the letter before it leaves, and ten minutes to take the answer back."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncConnection

from absences import stood_in_for
from importing.notations import amount as read_amount
from models.errors import Refusal
from models.messages.words import HandOverReason, Language, Party, Role
from portal import presence
from portal.access import explained
from portal.access.rights import Staff, may
from portal.access.rows import Rows
from portal.access.visitor import Visitor
from portal.house import house_of
from portal.language import tongue
from portal.pages import Flash, go, language_of, render
from portal.refusals import in_words
from portal.staff.conditions import chosen, offered
from portal.staff.dossier import around, said
from portal.staff.grace import GRACE
from portal.staff.letters import MAY_LOWER, MUST_LOWER, Answer, Letter, letter
from portal.staff.reasons import asks_reason, every_reason, reasons_for
from portal.wording import Wording
from reading import staff_dossier
from reading.staff_dossier import StaffDossier, Task
from schemes.calendar import local_date
from worklist import check_may_take

router = APIRouter(prefix="/taak/{number}/{step}/{occurrence}")
WORKS = tuple(role for role in Role if role not in (Role.AUDITOR, Role.ADMINISTRATOR))
Worker = Annotated[Visitor, Depends(may(Party.STAFF, roles=WORKS))]


class Typed(NamedTuple):
    """The form as it was filled in."""

    outcome: str = ""
    reasons: tuple[str, ...] = ()
    amount: str = ""
    conditions: tuple[str, ...] = ()


class Acting(NamedTuple):
    """As whom somebody would answer, or why not."""

    for_person: str | None = None
    why_not: tuple[str, ...] = ()


@router.get("")
async def ask(request: Request, visitor: Staff, rows: Rows, number: str, step: str, occurrence: str) -> Response:
    """The task, and what may be answered."""
    found, task = await found_task(rows, number, step, occurrence)
    return await form(request, visitor, rows, found, task, Typed(outcome=task.advice or ""))


@router.post("")
async def decide(
    request: Request,
    visitor: Worker,
    rows: Rows,
    number: str,
    step: str,
    occurrence: str,
    uitkomst: Annotated[str, Form()] = "",
    reden: Annotated[list[str] | None, Form()] = None,
    bedrag: Annotated[str, Form()] = "",
    voorwaarde: Annotated[list[str] | None, Form()] = None,
    doe: Annotated[str, Form()] = "beslissen",
) -> Response:
    """Answer the task, or show the letter that this answer would send."""
    found, task = await found_task(rows, number, step, occurrence)
    typed = Typed(uitkomst, tuple(reden or ()), bedrag.strip(), tuple(voorwaarde or ()))
    if doe == "tonen":
        return await form(request, visitor, rows, found, task, typed)
    try:
        await _answer(request, visitor, rows, found, task, typed)
    except Refusal as refusal:
        return await form(request, visitor, rows, found, task, typed, problem=refusal)
    language = language_of(request, visitor)
    _, words = tongue(language), Wording(language)
    text = _(
        "%(step)s: %(outcome)s. Dit gaat uit om %(clock)s.",
        step=words.word(task.step, "steps").capitalize(),
        outcome=words.word(typed.outcome, "answers"),
        clock=words.clock(datetime.now(UTC) + found.ahead + GRACE),
    )
    query = _query(request)
    return go(f"/dossier/{number}{query}", Flash(text=text, undo=f"/taak/{task.task}/ongedaan{query}"))


@router.post("/ongedaan")
async def undo(request: Request, visitor: Worker, rows: Rows, number: str, step: str, occurrence: str) -> Response:
    """Take the answer back before it goes out."""
    _ = tongue(language_of(request, visitor))
    await found_task(rows, number, step, occurrence)
    await house_of(request).starter.undo(f"{number}/{step}/{occurrence}", visitor.person)
    text = _("Het antwoord is ongedaan gemaakt; de taak staat weer open.")
    return go(f"/taak/{number}/{step}/{occurrence}{_query(request)}", Flash(text=text))


async def form(
    request: Request,
    visitor: Visitor,
    rows: AsyncConnection,
    found: StaffDossier,
    task: Task,
    typed: Typed,
    *,
    problem: Refusal | None = None,
) -> Response:
    """The form as it was filled in, with the letter of that answer."""
    language, now = language_of(request, visitor), datetime.now(UTC) + found.ahead
    acting = await acting_as(rows, visitor, task, found)
    dossier = found.timeline.dossier
    await presence.touch(house_of(request).engine, dossier.number, visitor.person)
    return render(
        request,
        visitor,
        "staff/decision.html",
        status=422 if problem else 200,
        problem=problem,
        found=found,
        task=task,
        standing=dossier,
        typed=typed,
        acting=acting,
        letter=_letter(found, task, typed, local_date(now)),
        reasons=_reasons(found, task),
        conditions=offered(found, task),
        amounts=[code for code in task.outcomes if (task.step, code) in MAY_LOWER | MUST_LOWER],
        goes_out=now + GRACE,
        present=await staff_dossier.present(rows, dossier.number, visitor.person, datetime.now(UTC)),
        around=await around(request, visitor, rows, language),
        colleagues=await staff_dossier.colleagues(rows, task.fund, task.role),
        hand_over_reasons=tuple(HandOverReason),
        snoozed=await staff_dossier.snoozed_until(rows, task.task, visitor.person),
        failing=[said(check, language) for check in found.checks if not check.passed],
        now=now,
        today=local_date(now),
    )


def _reasons(found: StaffDossier, task: Task) -> tuple[str, ...]:
    """What the answers that ask why may say."""
    asking = tuple(code for code in task.outcomes if asks_reason(task.step, code))
    return every_reason(task.step, asking, found.timeline.dossier.instrument, found.timeline.dossier.kind)


def _query(request: Request) -> str:
    """The list from which somebody came, for the next address."""
    return f"?{request.url.query}" if request.url.query else ""


async def acting_as(rows: AsyncConnection, visitor: Visitor, task: Task, found: StaffDossier) -> Acting:
    """Whether this visitor may answer: as himself, else for an absent colleague who is stood in for."""
    stands_for = await stood_in_for(rows, visitor.person)
    own = {visitor.person, *(actor.for_person for actor in stands_for)}
    holder = None if task.holder is None or task.holder in own else found.names.get(task.holder, task.holder)
    why_not = explained.task(visitor, task, holder)
    if not why_not or task.state != "open" or holder is not None:
        return Acting(why_not=why_not)
    for actor in stands_for:
        try:
            check_may_take(actor, task)
        except Refusal as refusal:
            why_not = (*why_not, in_words(tongue(visitor.language), refusal))
        else:
            return Acting(for_person=actor.for_person)
    return Acting(why_not=why_not)


async def found_task(rows: AsyncConnection, number: str, step: str, occurrence: str) -> tuple[StaffDossier, Task]:
    """A task that this visitor may see, and its dossier.

    Raises:
        HTTPException: 404, the same as for a task that does not exist.
    """
    found = await staff_dossier.staff_dossier(rows, number)
    named = f"{number}/{step}/{occurrence}"
    task = next((one for one in found.tasks if one.task == named), None) if found else None
    if found is None or task is None:
        raise HTTPException(404)
    return found, task


async def _answer(
    request: Request, visitor: Visitor, rows: AsyncConnection, found: StaffDossier, task: Task, typed: Typed
) -> None:
    """Send the answer, once it can be meant.

    Raises:
        Refusal: something is missing, or a rule says no.
    """
    acting = await acting_as(rows, visitor, task, found)
    if acting.why_not:
        raise Refusal("MayNot", " ".join(acting.why_not))
    if typed.outcome not in task.outcomes:
        raise Refusal("OutcomeMissing", "Kies een uitkomst.")
    dossier = found.timeline.dossier
    valid = reasons_for(task.step, typed.outcome, dossier.instrument, dossier.kind)
    reasons = typed.reasons if asks_reason(task.step, typed.outcome) else ()
    if not set(reasons) <= set(valid):
        raise Refusal("ReasonInvalid", "Een van de redenen past niet bij deze uitkomst. Kies uit de lijst.")
    amount = _amount(task, typed)
    if (task.step, typed.outcome) in MUST_LOWER and amount is None:
        raise Refusal("AmountMissing", "Vul het verminderde bedrag in.")
    starter = house_of(request).starter
    await starter.complete(
        task.task,
        visitor.person,
        typed.outcome,
        reasons=reasons,
        amount=amount,
        grace=GRACE,
        for_person=acting.for_person,
        conditions=chosen(found, task, typed.outcome, typed.conditions),
    )


def _amount(task: Task, typed: Typed) -> Decimal | None:
    """The amount of an answer that may name one, in euro.

    Raises:
        Refusal: it cannot be read, or is more than the task is about.
    """
    if not typed.amount or (task.step, typed.outcome) not in MAY_LOWER | MUST_LOWER:
        return None
    try:
        found = read_amount(typed.amount)
    except ValueError:
        raise Refusal("AmountUnreadable", "Dit is geen bedrag. Schrijf bijvoorbeeld 1.250,50.") from None
    if found < 0 or (task.amount is not None and found > task.amount):
        raise Refusal("AmountTooHigh", "Het bedrag ligt tussen nul en het bedrag waarover de taak gaat.")
    return found


def answer_of(task: Task, typed: Typed) -> Answer:
    """The form as an answer.

    Raises:
        Refusal: its amount cannot be read.
    """
    reasons = typed.reasons if asks_reason(task.step, typed.outcome) else ()
    return Answer(typed.outcome, reasons, _amount(task, typed))


def _letter(found: StaffDossier, task: Task, typed: Typed, today: Any) -> Letter | None:
    """The letter of the form as it stands; none while its amount cannot be read."""
    if typed.outcome not in task.outcomes:
        return None
    try:
        answer = answer_of(task, typed)
        name, language = next(
            ((one.name, Language(one.language)) for one in found.contacts if one.party == Party.APPLICANT),
            ("", Language.DUTCH),
        )
        return letter(task, answer, found.timeline.dossier, today, name, language)
    except Refusal:
        return None
