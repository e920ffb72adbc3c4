"""What a form is made of: groups of questions, one group a page, each question named by the column of the office files.

So an answer in the portal and a cell of an imported file are one thing, and become facts by the same readers
(`importing`). The sort of a question and whether it must be answered follow from the fact it serves, unless stated.
Nothing here is about applying alone: a page that corrects facts shows the same groups (`forms.form_of`).
"""

import re
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin

from importing.layouts import Sort as Table
from importing.notations import plain
from models.messages.message import Message
from models.messages.words import Instrument

Answers = Mapping[str, str]
"""Typed text by column."""


class Sort(StrEnum):
    """How an answer is typed and read."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    DAY = "day"
    EUROS = "euros"
    NUMBER = "number"
    WHOLE = "whole"
    YES = "yes"
    CHOICE = "choice"
    ENTERPRISE = "enterprise"
    ESTABLISHMENT = "establishment"
    ACCOUNT = "account"
    COMMUNICATION = "communication"
    EMAIL = "email"
    PHONE = "phone"
    POSTCODE = "postcode"
    PUBLIC = "public"
    """The name of a place or agency: it goes into facts, so it may be nothing but a name."""


class Choice(NamedTuple):
    """One word of a closed list: as the office files write it, and as the page says it."""

    word: str
    label: str


class When(NamedTuple):
    """A question is asked only when the answer under `column` is one of these words."""

    column: str
    words: tuple[str, ...]

    def holds(self, answers: Answers) -> bool:
        """Whether these answers make the question one that is asked."""
        return plain(answers.get(self.column, "")) in self.words


@dataclass(frozen=True)
class Question:
    """One field. `column` is the name under which the answer is kept; `fact` the field of the facts it becomes."""

    column: str
    sort: Sort
    label: str
    help: str = ""
    required: bool = True
    choices: tuple[Choice, ...] = ()
    when: When | None = None
    fact: str | None = None
    autocomplete: str = ""
    """Purpose of the field for browsers (WCAG 1.3.5)."""
    most: Decimal | None = None
    """The highest number that can be meant."""

    @property
    def field(self) -> str:
        """The name of the field in a page: the column in plain letters."""
        return re.sub(r"[^a-z0-9]+", "-", plain(self.column)).strip("-")

    def asked(self, answers: Answers) -> bool:
        """Whether this question applies beside these answers."""
        return self.when is None or self.when.holds(answers)


@dataclass(frozen=True)
class Rows:
    """A repeating group, such as participants: one row each, typed or pasted. `numbered` is filled in by itself."""

    table: Table
    questions: tuple[Question, ...]
    numbered: str
    one: str
    least: int = 1
    most: int = 3000


@dataclass(frozen=True)
class Group:
    """One page of a form."""

    code: str
    title: str
    intro: str = ""
    questions: tuple[Question, ...] = ()
    rows: Rows | None = None
    attachments: bool = False
    """Whether this is the page where documents are added."""

    def question(self, column: str) -> Question | None:
        """The question of a column, when it is asked on this page."""
        return next((question for question in self.questions if question.column == column), None)


@dataclass(frozen=True)
class Form:
    """Everything an applicant of one instrument is asked. `about`, `whom` and `needed` tell it before the start."""

    instrument: Instrument
    facts: type[Message]
    table: Table
    title: str
    about: str
    whom: str
    needed: str
    groups: tuple[Group, ...]

    def group(self, code: str) -> Group | None:
        """The page of that code."""
        return next((group for group in self.groups if group.code == code), None)

    def after(self, code: str) -> Group | None:
        """The page that follows; None after the last one."""
        codes = [group.code for group in self.groups]
        following = codes.index(code) + 1
        return self.groups[following] if following < len(codes) else None

    def before(self, code: str) -> Group | None:
        """The page that comes before; None at the first one."""
        place = [group.code for group in self.groups].index(code)
        return self.groups[place - 1] if place else None

    def questions(self) -> Iterator[Question]:
        """All questions outside the repeating groups, in the order of the pages."""
        for group in self.groups:
            yield from group.questions


def asks(facts: type[Message], fact: str, column: str, label: str, **stated: Any) -> Question:
    """The question that a fact needs: dates are asked as days, amounts as euros, closed lists as choices.

    A fact that may be None or has a default need not be answered. `stated` overrides what follows from the fact.
    Raises KeyError when the facts have no such field.
    """
    field = facts.model_fields[fact]
    sort, optional = _sort_of(field.annotation)
    derived: dict[str, Any] = {"sort": sort, "required": field.is_required() and not optional}
    return Question(**({"column": column, "label": label, "fact": fact} | derived | stated))


_SORTS: Mapping[Any, Sort] = {
    date: Sort.DAY,
    Decimal: Sort.EUROS,
    int: Sort.WHOLE,
    bool: Sort.YES,
    str: Sort.TEXT,
}


def _sort_of(annotation: Any) -> tuple[Sort, bool]:
    """The sort of question for a type, and whether it may stay without answer."""
    optional = get_origin(annotation) in (Union, types.UnionType) and type(None) in get_args(annotation)
    inner = next(kind for kind in get_args(annotation) if kind is not type(None)) if optional else annotation
    return (Sort.CHOICE if get_origin(inner) is Literal else _SORTS[inner]), optional
