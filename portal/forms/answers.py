"""From typed text to what it means, or to a sentence that says what to do. The readers are those of the import.

`faults_of` looks at one page of a form, `all_faults` at the whole; a page that corrects facts uses the same two.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from importing import notations
from importing.faults import shown
from importing.fields import Fields
from importing.layouts import Sort as Layout
from importing.recognising import Record, Table
from models.messages.message import Message
from portal.forms.questions import Answers, Form, Group, Question, Rows, Sort
from portal.language import marked as _
from schemes.communications import is_communication, plain_digits
from schemes.competence import competent_fund
from schemes.identifiers import enterprise_number, establishment_number, iban_valid

LONGEST = {Sort.TEXT: 200, Sort.LONG_TEXT: 4000, Sort.PHONE: 40, Sort.EMAIL: 254}
"""Most signs of an answer; of the other sorts, what their reader takes."""
MOST_EUROS, MOST_OTHER = Decimal("99999999.99"), Decimal(100_000)
"""More is a typing error."""
_EMAIL = re.compile(r"[^@\s\"'<>(),;:\\\[\]]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")
_PHONE = re.compile(r"\+?[0-9][0-9 ./()-]{6,}")
_POSTCODE = re.compile(r"[1-9][0-9]{3}")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


class Wrong(ValueError):
    """An answer that cannot be used. `text` is a Dutch sentence with places for `values`."""

    def __init__(self, text: str, **values: object) -> None:
        super().__init__(text % values if values else text)
        self.text, self.values = text, values


class Fault(NamedTuple):
    """What is wrong where. `column` None: the page as a whole; `row` counts from 1 in a repeating group."""

    group: str
    column: str | None
    row: int | None
    text: str
    values: Mapping[str, object] = {}


class Filled(Message):
    """What was typed on one page. `offered` are pasted rows that wait for a yes; `version` that of the draft then."""

    fields: dict[str, str] = {}
    rows: tuple[dict[str, str], ...] = ()
    offered: tuple[dict[str, str], ...] = ()
    version: int = 0


Typed = Mapping[str, Filled]
"""Everything typed in a form, by the code of its page."""


def answers_in(typed: Typed) -> dict[str, str]:
    """All answers outside the repeating groups, by column."""
    return {column: text for filled in typed.values() for column, text in filled.fields.items()}


def asked_answers(form: Form, typed: Typed) -> dict[str, str]:
    """The answers to what was asked: one that stayed behind when its question vanished is left out."""
    answers = answers_in(typed)
    asked = {question.column for question in form.questions() if question.asked(answers)}
    return {column: text for column, text in answers.items() if column in asked}


def clean(text: str, *, lines: bool = False) -> str:
    """Typed text without signs that cannot be written or stored, and without spaces around it."""
    bare = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return bare.strip() if lines else " ".join(bare.split())


def cleaned(question: Question, text: str) -> str:
    """The answer to a question as it is kept."""
    return clean(text, lines=question.sort is Sort.LONG_TEXT)


def read(question: Question, typed: str) -> Any:
    """What an answer means: a date, an amount, a word of the list, text; None when nothing was typed.

    Raises:
        Wrong: it is missing, cannot be read, or is more than can be meant.
    """
    if not typed:
        if question.required:
            raise Wrong(_("Vul dit in: %(label)s."), label=question.label)
        return None
    longest = LONGEST.get(question.sort, 100)
    if len(typed) > longest:
        raise Wrong(_("Dit is te lang: hoogstens %(most)s tekens."), most=longest)
    if question.sort is Sort.CHOICE:
        return _choice(question, typed)
    value = _READERS[question.sort](typed)
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        _not_too_much(question, Decimal(value))
    return value


def _choice(question: Question, typed: str) -> str:
    for choice in question.choices:
        if notations.plain(choice.word) == notations.plain(typed):
            return choice.word
    raise Wrong(_("Kies een antwoord uit de lijst."))


def _not_too_much(question: Question, value: Decimal) -> None:
    most = question.most or (MOST_EUROS if question.sort is Sort.EUROS else MOST_OTHER)
    if value > most:
        raise Wrong(_("Dit is te veel: hoogstens %(most)s."), most=f"{most:f}".replace(".", ","))


def _reader(read_it: Callable[[str], Any], text: str) -> Callable[[str], Any]:
    def reader(typed: str) -> Any:
        try:
            return read_it(typed)
        except ValueError as wrong:
            raise Wrong(text, typed=shown(typed)) from wrong

    return reader


def _matching(pattern: re.Pattern[str]) -> Callable[[str], str]:
    def match(typed: str) -> str:
        if not pattern.fullmatch(typed):
            raise ValueError(typed)
        return typed

    return match


def _account(typed: str) -> str:
    if not iban_valid(typed):
        raise ValueError(typed)
    return typed


def _address(typed: str) -> str:
    if not typed.isascii():
        raise Wrong(
            _("Naar %(typed)s kan geen mail: er staat een letter in zoals ş of é. Schrijf alleen gewone letters."),
            typed=shown(typed),
        )
    if not _EMAIL.fullmatch(typed):
        raise Wrong(_("%(typed)s is geen e-mailadres. Schrijf bijvoorbeeld naam@bedrijf.be."), typed=shown(typed))
    return typed


def _communication(typed: str) -> str:
    digits = plain_digits(typed)
    if not is_communication(digits):
        raise ValueError(typed)
    return digits


def _public(typed: str) -> str:
    """The name of a place or agency as facts may hold it."""
    name = record_fields({"_": typed}, []).public("_")
    if not name:
        raise ValueError(typed)
    return name


def record_fields(values: Mapping[str, str], faults: list[Any]) -> Fields:
    """Answers as a row that the readers of the import take."""
    return Fields(Table("formulier", Layout.SUBSIDY_APPLICATIONS, []), Record(1, values, {}), faults)


_READERS: Mapping[Sort, Callable[[str], Any]] = {
    Sort.TEXT: str,
    Sort.LONG_TEXT: str,
    Sort.DAY: _reader(notations.day, _("%(typed)s is geen datum. Schrijf dag/maand/jaar, bijvoorbeeld 14/03/2025.")),
    Sort.EUROS: _reader(notations.amount, _("%(typed)s is geen bedrag in euro. Schrijf bijvoorbeeld 1.234,56.")),
    Sort.NUMBER: _reader(notations.number, _("%(typed)s is geen getal. Schrijf bijvoorbeeld 7,5.")),
    Sort.WHOLE: _reader(notations.whole, _("%(typed)s is geen geheel getal.")),
    Sort.YES: _reader(notations.yes, _("Kies ja of nee.")),
    Sort.ENTERPRISE: _reader(
        enterprise_number, _("%(typed)s is geen ondernemingsnummer: de lengte of het controlegetal klopt niet.")
    ),
    Sort.ESTABLISHMENT: _reader(
        establishment_number,
        _("%(typed)s is geen vestigingseenheidsnummer: de lengte of het controlegetal klopt niet."),
    ),
    Sort.COMMUNICATION: _reader(
        _communication,
        _("%(typed)s is geen gestructureerde mededeling: twaalf cijfers, waarvan de laatste twee kloppen."),
    ),
    Sort.ACCOUNT: _reader(
        _account, _("%(typed)s is geen geldig rekeningnummer: kijk de cijfers na op uw bankkaart of uittreksel.")
    ),
    Sort.EMAIL: _address,
    Sort.PHONE: _reader(_matching(_PHONE), _("%(typed)s is geen telefoonnummer.")),
    Sort.POSTCODE: _reader(_matching(_POSTCODE), _("%(typed)s is geen Belgische postcode van vier cijfers.")),
    Sort.PUBLIC: _reader(_public, _("Schrijf hier alleen de naam, hoogstens 40 tekens.")),
}


def faults_of(group: Group, filled: Filled, answers: Answers, today: date) -> tuple[Fault, ...]:
    """What is wrong on one page, beside the answers of the whole form. `today` is the local day."""
    return (
        *_in_fields(group.code, None, group.questions, filled.fields, answers, today),
        *(_in_rows(group, group.rows, filled.rows, answers, today) if group.rows else ()),
    )


def all_faults(form: Form, typed: Typed, today: date) -> tuple[Fault, ...]:
    """What is wrong in the whole form, page by page."""
    answers = answers_in(typed)
    return tuple(
        fault for group in form.groups for fault in faults_of(group, typed.get(group.code, Filled()), answers, today)
    )


def row_faults(group: Group, rows: Sequence[Answers], answers: Answers, today: date) -> tuple[Fault, ...]:
    """What is wrong in rows that are not part of the form yet."""
    found = (
        _in_fields(group.code, number, group.rows.questions if group.rows else (), row, answers, today)
        for number, row in enumerate(rows, start=1)
    )
    return tuple(fault for faults in found for fault in faults)


def _in_fields(
    group: str, row: int | None, questions: Sequence[Question], typed: Answers, answers: Answers, today: date
) -> Iterator[Fault]:
    values: dict[str, Any] = {}
    for question in questions:
        if not question.asked({**answers, **typed}):
            continue
        try:
            values[question.column] = read(question, typed.get(question.column, ""))
        except Wrong as wrong:
            yield Fault(group, question.column, row, wrong.text, wrong.values)
    for column, text in _between(values, today):
        yield Fault(group, column, row, text)


_ORDERED = (
    ("Begindatum", "Einddatum", _("De laatste dag ligt voor de eerste dag.")),
    ("Eerste werkdag", "Kennisgeving ontslag", _("De kennisgeving van het ontslag ligt voor de eerste werkdag.")),
    ("Eerste werkdag", "Einde overeenkomst", _("Het einde van de overeenkomst ligt voor de eerste werkdag.")),
    ("Geboortedatum", "Eerste werkdag", _("De eerste werkdag ligt voor de geboortedatum.")),
    ("Geboortedatum", "In dienst sinds", _("De dag van indiensttreding ligt voor de geboortedatum.")),
)


def _between(values: Mapping[str, Any], today: date) -> Iterator[tuple[str, str]]:
    """What is wrong between answers that are right by themselves."""
    for earlier, later, text in _ORDERED:
        first, last = values.get(earlier), values.get(later)
        if first is not None and last is not None and last < first:
            yield later, text
    if (born := values.get("Geboortedatum")) is not None and born > today:
        yield "Geboortedatum", _("De geboortedatum ligt in de toekomst.")
    if (postcode := values.get("Postcode")) is not None and competent_fund(postcode, today) is None:
        yield "Postcode", _("Voor deze postcode is geen van de acht fondsen bevoegd.")


def _in_rows(group: Group, rows: Rows, typed: Sequence[Answers], answers: Answers, today: date) -> Iterator[Fault]:
    if len(typed) < rows.least:
        yield Fault(group.code, None, None, _("Voeg minstens één %(one)s toe."), {"one": rows.one})
    if len(typed) > rows.most:
        yield Fault(group.code, None, None, _("Dit zijn er te veel: hoogstens %(most)s."), {"most": rows.most})
    if notations.plain(answers.get("Soort ontslag", "")) == "individueel" and len(typed) > 1:
        yield Fault(group.code, None, None, _("Doe bij individueel ontslag één melding per persoon."))
    yield from row_faults(group, typed, answers, today)
