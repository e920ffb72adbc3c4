"""Answering what is asked: the form of a question, its documents, and the answer; later, what was answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from models.errors import Refusal
from models.messages.facts import Facts
from models.messages.words import Document
from portal import conversation
from portal.access.rights import Outsider
from portal.access.rows import Rows
from portal.access.visitor import Act, Visitor
from portal.applying.sending import uploads_of
from portal.asking.elsewhere import give_everywhere
from portal.documents import contents
from portal.documents.incoming import take_in
from portal.documents.uploads import PART, Belongs, File
from portal.following.answered import LATER, Answer
from portal.following.corrections import Corrected, corrected, corrections, prefilled
from portal.following.follow import own_file
from portal.following.top import Sayer
from portal.following.wanted import TEXT, Wanted, coded, label_of, wanted
from portal.forms.answers import Wrong, read
from portal.forms.filling import Field, Problem, fields_of, typed_in
from portal.forms.questions import Question, Sort
from portal.house import house_of
from portal.language import marked as _
from portal.language import tongue
from portal.pages import Flash, go, language_of, render
from portal.refusals import in_words
from reading import stated
from reading.following import Asked
from reading.following import File as Dossier
from reading.stated import Person

router = APIRouter()
HERE = "/mijn-dossiers/{number}/antwoorden/{code}/{times}"
UNPROCESSABLE = 422
UNTIL = Question("until", Sort.DAY, _("Tot welke dag heeft u tijd nodig?"), _("Dag/maand/jaar."))
WHY = Question("why", Sort.LONG_TEXT, _("Leg uit in uw eigen woorden"), required=False)
SAID_AGAIN = frozenset({"follow_up"})
"""Questions to which a later, other answer counts instead of the first."""


@dataclass(frozen=True)
class Asking:
    """A question with everything its page needs."""

    dossier: Dossier
    asked: Asked
    wanted: Wanted
    people: tuple[Person, ...]
    facts: Facts | None
    files: tuple[File, ...]
    there: frozenset[str]
    """Documents that were handed in since it was asked."""
    questions: tuple[Question, ...] = ()
    more: tuple[Question, ...] = ()
    filled: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """The page of this question."""
        return f"/mijn-dossiers/{self.dossier.number}/antwoorden/{self.asked.request.split('/', 1)[1]}"

    @property
    def again(self) -> bool:
        """Whether a question that was answered may be answered otherwise."""
        return self.asked.code in SAID_AGAIN and self.dossier.followed.dossier.outcome is None

    @property
    def all_questions(self) -> tuple[Question, ...]:
        """Everything that may be filled in."""
        return (*self.questions, *self.more)


@router.get(HERE)
async def ask(request: Request, visitor: Outsider, rows: Rows, number: str, code: str, times: int) -> Response:
    """The form of a question, or what was answered to it."""
    asking = await _asking(request, visitor, rows, number, f"{number}/{code}/{times}")
    return _page(request, visitor, asking)


@router.post(HERE)
async def answer(request: Request, visitor: Outsider, rows: Rows, number: str, code: str, times: int) -> Response:
    """Take an answer; one to a question that was answered already shows what was answered."""
    asking = await _asking(request, visitor, rows, number, f"{number}/{code}/{times}")
    may_answer(visitor, asking.dossier)
    say = tongue(language_of(request, visitor))
    if asking.asked.state != "open" and not asking.again:
        return go(asking.address, Flash(text=say("Deze vraag was al beantwoord. Hieronder ziet u wat."), tone="warn"))
    typed = typed_in(asking.all_questions, await request.form())
    values, problems = read_all(asking.all_questions, typed, say)
    asking = replace(asking, filled=asking.filled | typed)
    if not problems and not values and not asking.files:
        problems = {"": say("Voeg een document toe of vul iets in; er is nog niets om te versturen.")}
    if problems:
        return _page(request, visitor, asking, problems=problems, status=UNPROCESSABLE)
    try:
        await give_everywhere(house_of(request), visitor, _answer_of(asking, values), asking.dossier.requests)
    except Refusal as refusal:
        if refusal.code != LATER:
            return _page(request, visitor, asking, refusal=refusal, status=UNPROCESSABLE)
        return go(f"/mijn-dossiers/{number}", Flash(text=in_words(say, refusal), tone="warn"))
    except ValueError:
        text = say("Deze gegevens kunnen samen niet kloppen. Kijk ze na.")
        return _page(request, visitor, asking, problems={"": text}, status=UNPROCESSABLE)
    if asking.wanted.explained:
        await conversation.write(house_of(request), number, visitor.party, visitor.actor(), values[TEXT.column])
    return go(f"/mijn-dossiers/{number}", Flash(text=_thanks(request, visitor, asking)))


@router.post(HERE + "/documenten/bestand")
async def add(request: Request, visitor: Outsider, rows: Rows, number: str, code: str, times: int) -> Response:
    """Documents chosen in a plain form; those that are refused are told by name, the others are kept."""
    asking = await _asking(request, visitor, rows, number, f"{number}/{code}/{times}")
    may_answer(visitor, asking.dossier)
    say = tongue(language_of(request, visitor))
    try:
        taken = await take_in(request, visitor, uploads_of(house_of(request)), _belongs(visitor, number))
    except Refusal as refusal:
        return _page(request, visitor, asking, refusal=refusal, status=UNPROCESSABLE)
    if taken.refused or not taken.files:
        told = "; ".join(f"{name}: {in_words(say, why)}" for name, why in taken.refused)
        asking = replace(asking, files=await _files(request, visitor, number))
        problems = {"bestand": told or say("Kies eerst een bestand.")}
        return _page(request, visitor, asking, problems=problems, status=UNPROCESSABLE)
    names = ", ".join(file.name for file in taken.files)
    return go(f"{asking.address}#documenten", Flash(text=say("Toegevoegd: %(names)s.", names=names)))


@router.post(HERE + "/documenten/weg")
async def take_away(request: Request, visitor: Outsider, rows: Rows, number: str, code: str, times: int) -> Response:
    """Take back a document that was not sent yet."""
    asking = await _asking(request, visitor, rows, number, f"{number}/{code}/{times}")
    may_answer(visitor, asking.dossier)
    upload = str((await request.form()).get("document", ""))
    await uploads_of(house_of(request)).remove(_belongs(visitor, number), upload)
    say = tongue(language_of(request, visitor))
    return go(f"{asking.address}#documenten", Flash(text=say("Het document is verwijderd.")))


def may_answer(visitor: Visitor, dossier: Dossier) -> None:
    """See that a visitor may answer for this dossier: one who acts for an enterprise needs that right.

    Raises:
        Refusal: the visitor may read it only.
    """
    enterprise = dossier.followed.enterprise
    if dossier.number in visitor.dossiers or enterprise is None or enterprise not in visitor.enterprises:
        return
    if not visitor.may(Act.ANSWER, enterprise):
        raise Refusal(
            "MayNotAnswer",
            "U mag dit dossier lezen, maar niet antwoorden. Vraag dat recht aan wie de contacten van de onderneming "
            "beheert.",
        )


async def _asking(request: Request, visitor: Visitor, rows: Rows, number: str, name: str) -> Asking:
    dossier = await own_file(rows, visitor, number)
    asked = next((one for one in dossier.requests if one.request == name), None)
    if asked is None:
        raise HTTPException(404)
    people = await stated.people(rows, number)
    facts = await stated.facts(rows, number)
    brought = await stated.brought(rows, number, visitor.party.value)
    there = frozenset(one.code for one in brought if one.received_at > asked.opened_at)
    form = wanted(asked, people)
    files = await _files(request, visitor, number) if form.uploads else ()
    asking = Asking(dossier, asked, form, people, facts, files, there, form.questions)
    if form.explained:
        return replace(asking, questions=(TEXT,))
    if form.facts and facts is not None:
        found = corrections(facts, form.facts, people, tongue(language_of(request, visitor)))
        filled = prefilled(facts, found.questions, people)
        return replace(asking, questions=found.asked, more=found.more, filled=filled)
    return asking


def _belongs(visitor: Visitor, number: str) -> Belongs:
    return Belongs(dossier=number, party=visitor.party)


async def _files(request: Request, visitor: Visitor, number: str) -> tuple[File, ...]:
    return tuple(await uploads_of(house_of(request)).of(_belongs(visitor, number)))


def read_all(
    questions: tuple[Question, ...], typed: Mapping[str, str], say: Any
) -> tuple[dict[str, Any], dict[str, str]]:
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for question in questions:
        try:
            value = read(question, typed.get(question.column, ""))
        except Wrong as wrong:
            known = {name: say(str(text)) if name == "label" else text for name, text in wrong.values.items()}
            problems[question.column] = say(wrong.text, **known)
            continue
        if value is not None:
            values[question.column] = value
    return values, problems


def _answer_of(asking: Asking, values: Mapping[str, Any]) -> Answer:
    """What the dossier hears.

    Raises:
        ValueError: corrected facts cannot be together.
    """
    put_right: Corrected | None = None
    told = {
        question.column: coded(question, values[question.column])
        for question in asking.questions
        if question.column in values
    }
    if asking.wanted.facts and asking.facts is not None:
        put_right, told = corrected(asking.facts, values, asking.all_questions), {}
    if asking.wanted.explained:
        told = {"explained": "yes"}
    account = values.get("iban") if not asking.wanted.facts else None
    return Answer(asking.dossier.number, asking.asked.request, told, asking.files, put_right, account)


def _thanks(request: Request, visitor: Visitor, asking: Asking) -> str:
    """What is said after an answer: thanks, and what is still missing."""
    say = tongue(language_of(request, visitor))
    brought = asking.there | {file.code for file in asking.files}
    missing = asking.wanted.missing(brought)
    if not missing:
        return say("Goed ontvangen. Dank u.")
    what = Sayer(visitor.language, visitor.party).listed(missing)
    return say("Goed ontvangen. Wij wachten nog op: %(what)s.", what=what)


def _page(
    request: Request,
    visitor: Visitor,
    asking: Asking,
    *,
    problems: Mapping[str, str] | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> Response:
    sayer = Sayer(visitor.language, visitor.party)
    told = problems or {}
    open_now = asking.asked.state == "open"
    fields = fields_of(asking.questions, asking.filled, asking.filled, told)
    more = fields_of(asking.more, asking.filled, asking.filled, told)
    return render(
        request,
        visitor,
        "parties/answer.html",
        status=status,
        asking=asking,
        what=sayer.listed((asking.asked.code,) if not asking.asked.wants else asking.asked.wants),
        sayer=sayer,
        open_now=open_now,
        fields=fields,
        more=more,
        problems=[Problem(text, f"#{_id(column, [*fields, *more])}") for column, text in told.items()],
        refusal=refusal,
        documents=[Document(code) for code in asking.wanted.accepted],
        limit_mb=house_of(request).settings.upload_limit_mb,
        accepted=contents.ACCEPTED,
        part=PART,
        given=_given(asking),
        time_fields=fields_of((UNTIL, WHY), {}, {}),
    )


def _id(column: str, fields: list[Field]) -> str:
    return next((one.id for one in fields if one.question.column == column), column or "antwoord")


def _given(asking: Asking) -> list[dict[str, Any]]:
    """What was answered, part by part, as the journal has it."""
    asked = asking.asked
    return [
        {
            "at": entry.at,
            "documents": entry.data.get("documents", ()),
            "values": [
                (one.label, label_of(one, entry.data["values"][one.column]))
                for one in asking.questions
                if one.column in entry.data.get("values", {})
            ],
        }
        for entry in asking.dossier.entries
        if (entry.type == "request_answered" and entry.data["request"] == asked.request)
        or (entry.type == "answer_kept" and entry.data["code"] == asked.code and entry.at >= asked.opened_at)
    ]
