"""Putting right what was stated: the fields of the facts that a question names, and what else may be wrong."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from pydantic import ValidationError

from models.messages.facts import Facts, ParticipantFacts
from portal.following.wanted import written
from portal.forms import form_of
from portal.forms.questions import Question, Sort, asks
from portal.language import Tongue
from portal.language import marked as _
from reading.stated import Person
from schemes.dismissals import age

TYPED = frozenset({Sort.DAY, Sort.EUROS, Sort.NUMBER, Sort.WHOLE, Sort.YES})
"""Sorts of facts that are put right by typing them again; the others need a new application."""
ACCOUNT = Question(
    "iban",
    Sort.ACCOUNT,
    _("Rekeningnummer (IBAN)"),
    _("Op deze rekening betalen wij, bijvoorbeeld BE68 5390 0754 7034."),
)
LABELS: Mapping[str, str] = {
    "stated_participants": _("Hoeveel deelnemers zijn er?"),
    "announced_on": _("Dag waarop het collectief ontslag werd aangekondigd"),
    "cost": _("Kostprijs zonder btw"),
    "notice_began_on": _("Begin van de opzegtermijn"),
    "gross_yearly_wage": _("Bruto jaarloon"),
}
AGES = {"age_on_dismissal": "dismissed_on", "age_on_announcement": "announced_on"}
"""Ages that follow from a birth date, with the day on which they are counted."""
_OF_LINE = re.compile(r"born\.(\d+)")
BIRTH_DATE = Question("birth_date", Sort.DAY, _("Geboortedatum"), _("Dag/maand/jaar."))


class Corrections(NamedTuple):
    """A form that corrects facts. `asked` are the questions that were put, `more` what else may be put right."""

    asked: tuple[Question, ...]
    more: tuple[Question, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        """All of them."""
        return (*self.asked, *self.more)


class Corrected(NamedTuple):
    """Facts as they are now, with what belongs in rows that can be erased."""

    facts: Facts
    fields: tuple[str, ...]
    account: str | None = None
    born: Mapping[int, date] = {}


def corrections(facts: Facts, fields: Sequence[str], people: Sequence[Person], say: Tongue) -> Corrections:
    """The questions that put right these fields, and the other facts of the same form."""
    known = {question.fact: question for question in _questions(facts)}
    asked: list[Question] = []
    for field in dict.fromkeys(fields):
        if field == "iban_valid":
            asked.append(ACCOUNT)
        elif field == "participants":
            asked.extend(_of_people(facts, people, say))
        elif field in AGES:
            asked.append(BIRTH_DATE)
        elif (question := known.get(field) or _bare(facts, field)) is not None:
            asked.append(question)
    named = {question.fact for question in asked}
    more = tuple(question for question in known.values() if question.fact not in named)
    return Corrections(tuple(dict.fromkeys(asked)), more)


def prefilled(facts: Facts, questions: Iterable[Question], people: Sequence[Person]) -> dict[str, str]:
    """What stands there now, as people type it."""
    stated = facts.model_dump()
    born = {person.line: person.birth_date for person in people}
    filled: dict[str, str] = {}
    for question in questions:
        if (of_line := _OF_LINE.fullmatch(question.column)) is not None:
            filled[question.column] = written(born.get(int(of_line[1])))
        elif question.fact in stated:
            filled[question.column] = written(stated[question.fact])
    return filled


def corrected(facts: Facts, values: Mapping[str, Any], questions: Iterable[Question]) -> Corrected:
    """The facts with these answers, by column, in them.

    Raises:
        ValueError: together they cannot be.
    """
    changes: dict[str, Any] = {}
    born: dict[int, date] = {}
    lines: dict[int, dict[str, Any]] = {}
    for question in questions:
        value = values.get(question.column)
        if value is None:
            continue
        if (of_line := _OF_LINE.fullmatch(question.column)) is not None:
            born[int(of_line[1])] = value
            lines[int(of_line[1])] = {"born_after_handover": value > getattr(facts, "known_on", value)}
        elif question is ACCOUNT:
            changes["iban_valid"] = True
        elif question is BIRTH_DATE:
            born[1] = value
            changes |= {name: age(value, day) for name, on in AGES.items() if (day := getattr(facts, on, None))}
        elif question.fact is not None:
            changes[question.fact] = value
    if lines or "stated_participants" in changes:
        changes["participants"] = _people_with(facts, lines)
    return _validated(facts, changes, values.get(ACCOUNT.column), born)


def _validated(facts: Facts, changes: dict[str, Any], account: str | None, born: Mapping[int, date]) -> Corrected:
    try:
        found = type(facts).model_validate(facts.model_dump() | changes)
    except ValidationError as wrong:
        raise ValueError(str(wrong)) from wrong
    fields = tuple(sorted(name for name in changes if getattr(found, name) != getattr(facts, name)))
    return Corrected(found, fields, account, born)


def _people_with(facts: Facts, lines: Mapping[int, dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    stated: tuple[ParticipantFacts, ...] = getattr(facts, "participants", ())
    return tuple(one.model_dump() | lines.get(one.line, {}) for one in stated)


def _questions(facts: Facts) -> tuple[Question, ...]:
    form = form_of(facts.instrument)
    if form is None:
        return ()
    return tuple(question for question in form.questions() if question.fact and question.sort in TYPED)


def _bare(facts: Facts, field: str) -> Question | None:
    """A fact that no form asks outside a repeating group."""
    if field not in type(facts).model_fields:
        return None
    try:
        question = asks(type(facts), field, field, LABELS.get(field, field.replace("_", " ")))
    except KeyError:
        return None
    return question if question.sort in TYPED else None


def _of_people(facts: Facts, people: Sequence[Person], say: Tongue) -> Iterable[Question]:
    """Who was born when, of those whose birth date cannot be right; and how many there are."""
    stated: tuple[ParticipantFacts, ...] = getattr(facts, "participants", ())
    names = {person.line: person.name.replace("%", "%%") for person in people}
    for one in stated:
        if one.born_after_handover:
            label = say("Geboortedatum van %(name)s", name=names.get(one.line, str(one.line)))
            yield Question(f"born.{one.line}", Sort.DAY, label, _("Dag/maand/jaar."))
    if hasattr(facts, "stated_participants"):
        label = LABELS["stated_participants"]
        yield Question("stated_participants", Sort.WHOLE, label, required=False, fact="stated_participants")
