"""What a page of a form shows: its fields with what was typed and what is wrong, and the steps beside it.

Pure. A page that corrects facts of a dossier builds its fields with `fields_of` and shows them with the macros of
`templates/parties/fields.html`; `typed_in` reads back what such a page sends.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from portal.forms.answers import Fault, Filled, Typed, Wrong, answers_in, cleaned, faults_of, read
from portal.forms.questions import Answers, Choice, Form, Group, Question, Sort
from portal.language import Tongue
from portal.language import marked as _
from portal.wording import Wording
from schemes.communications import spelled
from schemes.identifiers import compact_iban, dotted

NOBODY: Mapping[str, str] = {}


class Field(NamedTuple):
    """One question as a page shows it. `problem` is in the visitor's language; `elsewhere` stands in another window."""

    question: Question
    value: str
    problem: str | None = None
    elsewhere: str | None = None
    fixed: bool = False
    """Known and not to be changed here."""

    @property
    def id(self) -> str:
        """Name and id of the field in the page."""
        return self.question.field

    @property
    def kind(self) -> str:
        """Which part of a page it needs."""
        sorts = {Sort.CHOICE: "choice", Sort.YES: "choice", Sort.LONG_TEXT: "long"}
        return sorts.get(self.question.sort, "text")

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The answers to choose from."""
        yes_or_no = (Choice("ja", _("Ja")), Choice("nee", _("Nee")))
        return yes_or_no if self.question.sort is Sort.YES else self.question.choices

    @property
    def mode(self) -> str:
        """The keyboard a telephone shows."""
        modes = {Sort.EMAIL: "email", Sort.PHONE: "tel", Sort.WHOLE: "numeric", Sort.POSTCODE: "numeric"}
        return modes.get(self.question.sort, "decimal" if self.question.sort in (Sort.EUROS, Sort.NUMBER) else "text")

    @property
    def width(self) -> str:
        """How wide the answer is."""
        narrow = (Sort.DAY, Sort.EUROS, Sort.NUMBER, Sort.WHOLE, Sort.POSTCODE)
        return "short" if self.question.sort in narrow else "wide"


class Problem(NamedTuple):
    """One line of the list of what is wrong, with the address it leads to."""

    text: str
    address: str


class Step(NamedTuple):
    """One page in the list beside a form. `state`: done, attention or todo."""

    code: str
    title: str
    state: str


def sentence(say: Tongue, fault: Fault) -> str:
    """What is wrong, in the visitor's language."""
    named = ("label", "one")
    values = {name: say(str(value)) if name in named else value for name, value in fault.values.items()}
    return say(fault.text, **values)


def fields_of(
    questions: Iterable[Question],
    typed: Answers,
    answers: Answers,
    problems: Mapping[str, str] = NOBODY,
    elsewhere: Answers = NOBODY,
    fixed: Answers = NOBODY,
) -> list[Field]:
    """The fields of a page; `problems` by column. A question that does not apply stays, because what makes it apply
    stands on the same page and must work without script; its label says when it is meant."""
    return [
        Field(
            question,
            fixed.get(question.column, typed.get(question.column, "")),
            problems.get(question.column) if question.asked({**answers, **typed}) else None,
            elsewhere.get(question.column),
            question.column in fixed,
        )
        for question in questions
    ]


def typed_in(questions: Iterable[Question], form: Mapping[str, Any]) -> dict[str, str]:
    """What a page sent, by column, as it is kept; what it did not send is not there."""
    return {
        question.column: cleaned(question, str(form[question.field]))
        for question in questions
        if isinstance(form.get(question.field), str)
    }


def problems_by_column(say: Tongue, faults: Sequence[Fault], row: int | None = None) -> dict[str, str]:
    """The first thing wrong with each field of a page, or of one row of it."""
    found: dict[str, str] = {}
    for fault in faults:
        if fault.row == row and fault.column is not None:
            found.setdefault(fault.column, sentence(say, fault))
    return found


def steps(form: Form, typed: Typed, files: int, today: date) -> list[Step]:
    """The pages of a form and how each stands."""
    answers = answers_in(typed)
    return [Step(group.code, group.title, _state(group, typed, answers, files, today)) for group in form.groups]


def _state(group: Group, typed: Typed, answers: Answers, files: int, today: date) -> str:
    if group.attachments:
        return "done" if files else "todo"
    filled = typed.get(group.code, Filled())
    if not faults_of(group, filled, answers, today):
        return "done"
    return "attention" if filled.version else "todo"


def shown(question: Question, typed: str, say: Tongue, wording: Wording) -> str:
    """An answer as the summary shows it: days in words, amounts in Belgian form; else as it was typed."""
    try:
        value = read(question, typed)
    except Wrong:
        return typed
    if value is None:
        return ""
    match question.sort:
        case Sort.DAY:
            return wording.day(value)
        case Sort.EUROS:
            return wording.euro(value)
        case Sort.YES:
            return say(_("Ja")) if value else say(_("Nee"))
        case Sort.ENTERPRISE | Sort.ESTABLISHMENT:
            return dotted(value)
        case Sort.ACCOUNT:
            digits = compact_iban(value)
            return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))
        case Sort.COMMUNICATION:
            return spelled(value)
        case Sort.CHOICE:
            return next((say(choice.label) for choice in question.choices if choice.word == value), typed)
    return typed
