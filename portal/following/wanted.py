"""What a question to a party is as a form: documents to add, fields to fill in, and what the story hears of them.

Values are coded: they stand in the journal. What somebody writes in own words is a message, and erasable.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from models.messages.words import Document, FollowUpOutcome
from portal.forms.questions import Choice, Question, Sort
from portal.language import marked as _
from reading.following import Asked
from reading.stated import Person

DOCUMENTS = frozenset(Document)
EXPLAINED = frozenset({"clarification"})
"""Questions that are answered in own words; documents may come with it."""
CORRECTED = frozenset({"completion"})
"""Questions that are answered by putting right what was stated."""
TEXT = Question("toelichting", Sort.LONG_TEXT, _("Uw toelichting"), _("Schrijf wat wij moeten weten."))
OUTCOMES = tuple(
    Choice(outcome.value, text)
    for outcome, text in (
        (FollowUpOutcome.SAME_SECTOR, _("Ik werk, in dezelfde sector")),
        (FollowUpOutcome.OTHER_SECTOR, _("Ik werk, in een andere sector")),
        (FollowUpOutcome.FORMER_EMPLOYER, _("Ik werk weer bij mijn vorige werkgever")),
        (FollowUpOutcome.SELF_EMPLOYED, _("Ik ben zelfstandige")),
        (FollowUpOutcome.TRAINING, _("Ik volg een opleiding")),
        (FollowUpOutcome.JOB_SEEKING, _("Ik zoek werk")),
        (FollowUpOutcome.ILL, _("Ik ben ziek")),
        (FollowUpOutcome.PENSION, _("Ik ben met pensioen of SWT")),
        (FollowUpOutcome.MOVED_OR_DIED, _("Ik ben verhuisd naar het buitenland")),
    )
)
KNOWN_OUTCOMES = tuple(
    Choice(outcome.value, text)
    for outcome, text in (
        (FollowUpOutcome.SAME_SECTOR, _("Werkt in dezelfde sector")),
        (FollowUpOutcome.OTHER_SECTOR, _("Werkt in een andere sector")),
        (FollowUpOutcome.FORMER_EMPLOYER, _("Werkt weer bij de vorige werkgever")),
        (FollowUpOutcome.SELF_EMPLOYED, _("Is zelfstandige")),
        (FollowUpOutcome.TRAINING, _("Volgt een opleiding")),
        (FollowUpOutcome.JOB_SEEKING, _("Zoekt werk")),
        (FollowUpOutcome.ILL, _("Is ziek")),
        (FollowUpOutcome.PENSION, _("Is met pensioen of SWT")),
        (FollowUpOutcome.MOVED_OR_DIED, _("Is verhuisd of overleden")),
        (FollowUpOutcome.UNKNOWN, _("Dat weten wij niet")),
    )
)
_YES_NO = (Choice("yes", _("Ja")), Choice("no", _("Nee")))
_BY_CODE: Mapping[str, tuple[Question, ...]] = {
    "survey": (
        Question(
            "survey",
            Sort.CHOICE,
            _("Hoe nuttig was de opleiding voor uw bedrijf?"),
            choices=(
                Choice("very", _("Heel nuttig")),
                Choice("useful", _("Nuttig")),
                Choice("little", _("Weinig nuttig")),
                Choice("not", _("Niet nuttig")),
            ),
        ),
    ),
    "measurement": (
        Question(
            "measurement",
            Sort.CHOICE,
            _("Heeft het project bereikt wat u ervan verwachtte?"),
            choices=(
                Choice("yes", _("Ja, helemaal")),
                Choice("partly", _("Voor een deel")),
                Choice("no", _("Nee")),
            ),
        ),
    ),
    "answer": (
        Question(
            "answer",
            Sort.CHOICE,
            _("Neemt u de begeleiding aan?"),
            choices=(Choice("accepted", _("Ja, ik neem ze aan")), Choice("refused", _("Nee, ik wil ze niet"))),
        ),
    ),
    "wish": (Question("wish", Sort.CHOICE, _("Wilt u begeleiding naar nieuw werk?"), choices=_YES_NO),),
    "follow_up": (Question("outcome", Sort.CHOICE, _("Wat doet u nu?"), choices=OUTCOMES),),
    "status": (Question("outcome", Sort.CHOICE, _("Wat doet u nu?"), choices=OUTCOMES),),
    "agency_outcome": (
        Question("outcome", Sort.CHOICE, _("Wat is er van deze persoon geworden?"), choices=KNOWN_OUTCOMES),
    ),
    "new_contact": (
        Question(
            "contact",
            Sort.CHOICE,
            _("Kent u een nieuw adres, e-mailadres of telefoonnummer van deze persoon?"),
            choices=(
                Choice("given", _("Ja, ik heb de gegevens verbeterd")),
                Choice("unknown", _("Nee, ik weet het ook niet")),
            ),
        ),
    ),
    "hours": (
        Question("hours", Sort.NUMBER, _("Uren begeleiding in deze fase"), _("Klokuren, bijvoorbeeld 20 of 7,5.")),
    ),
    "start": (Question("started_on", Sort.DAY, _("Dag van het eerste gesprek"), _("Dag/maand/jaar.")),),
    "offer": (Question("offered_on", Sort.DAY, _("Op welke dag bood u outplacement aan?"), _("Dag/maand/jaar.")),),
    "public_refund": (
        Question("public_refund", Sort.CHOICE, _("Vroeg u de overheidstussenkomst aan?"), choices=_YES_NO[:1]),
    ),
    "signature_company": (
        Question(
            "signature_company",
            Sort.CHOICE,
            _("Ondertekening"),
            choices=(Choice("yes", _("Ik onderteken het plan namens het bedrijf")),),
        ),
    ),
    "signature_expert": (
        Question(
            "signature_expert",
            Sort.CHOICE,
            _("Ondertekening"),
            choices=(Choice("yes", _("Ik onderteken het plan als externe expert")),),
        ),
    ),
    "account": (
        Question(
            "iban",
            Sort.ACCOUNT,
            _("Rekeningnummer (IBAN)"),
            _("Op deze rekening betalen wij opnieuw, bijvoorbeeld BE68 5390 0754 7034."),
        ),
    ),
}
_AMOUNTS = {
    "invoiced": Question("invoiced", Sort.EUROS, _("Totaal van de facturen zonder btw"), _("In euro.")),
    "refund": Question("refund", Sort.EUROS, _("Terugbetaling door de overheid"), _("In euro; 0 als er geen was.")),
}


class Wanted(NamedTuple):
    """A question as a form. `groups`: of the documents in one group a single one is enough."""

    code: str
    groups: tuple[tuple[str, ...], ...]
    questions: tuple[Question, ...]
    facts: tuple[str, ...] = ()
    """Stated facts that are to be put right."""
    explained: bool = False

    @property
    def uploads(self) -> bool:
        """Whether documents may be added."""
        return bool(self.groups) or self.explained

    @property
    def accepted(self) -> tuple[str, ...]:
        """Which documents may be added."""
        named = tuple(dict.fromkeys(code for group in self.groups for code in group))
        return (*named, *(() if Document.OTHER in named else (Document.OTHER.value,)))

    def missing(self, there: frozenset[str]) -> tuple[str, ...]:
        """Groups of which no document is there, as they are named in `wants`."""
        return tuple("/".join(group) for group in self.groups if not there.intersection(group))


def wanted(asked: Asked, people: Sequence[Person] = ()) -> Wanted:
    """What this question wants."""
    split = [tuple(want.split("/")) for want in asked.wants]
    groups = tuple(group for group in split if DOCUMENTS.issuperset(group))
    fields = tuple(group[0] for group in split if not DOCUMENTS.issuperset(group))
    if asked.code in CORRECTED:
        return Wanted(asked.code, groups, (), facts=fields)
    if asked.code == "retention":
        return Wanted(asked.code, groups, tuple(_retained(person) for person in people) or (_retained(None),))
    amounts = tuple(_AMOUNTS[field] for field in fields if field in _AMOUNTS)
    return Wanted(asked.code, groups, _BY_CODE.get(asked.code, amounts), explained=asked.code in EXPLAINED)


def _retained(person: Person | None) -> Question:
    if person is None:
        return Question(
            "retained", Sort.CHOICE, _("Werken alle deelnemers nog in hun nieuwe functie?"), choices=_YES_NO
        )
    return Question(f"retained.{person.line}", Sort.CHOICE, person.name.replace("%", "%%"), choices=_YES_NO)


_CODED: Mapping[Sort, Callable[[Any], str]] = {
    Sort.DAY: lambda day: str(day.isoformat()),
    Sort.EUROS: lambda amount: f"{amount:.2f}",
    Sort.NUMBER: lambda number: f"{number.normalize():f}",
    Sort.ACCOUNT: lambda _account: "yes",
}


def coded(question: Question, value: Any) -> str:
    """A value as the journal keeps it: an account number stays outside, only that there is one is told."""
    return _CODED.get(question.sort, str)(value)


def written(value: Any) -> str:
    """A stated fact as people type it."""
    match value:
        case None:
            return ""
        case bool():
            return "ja" if value else "nee"
        case date():
            return f"{value:%d/%m/%Y}"
        case Decimal():
            return f"{value.normalize():f}".replace(".", ",")
        case _:
            return str(value)


def label_of(question: Question, word: str) -> str:
    """What a choice is called on the form; what was no choice, as it was typed."""
    return next((choice.label for choice in question.choices if choice.word == word), word)
