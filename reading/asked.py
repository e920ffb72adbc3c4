"""A question to the work list as somebody types it: `soort:subsidie is:telaat van:mij bedrag:>5000 Metaalwerken`.

Parts of one field widen (`fonds:ANT fonds:LIM` is either), bounds and different fields narrow. What was understood can
be printed back, in the language of the reader, and reads as the same question again.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Literal

from models.messages.words import Fund
from reading.misread import Misread
from reading.spelling import CHOICES, FIELDS, HOLDERS, Field, understood

Relation = Literal["=", "<", "<=", ">", ">="]
_RELATION = re.compile(r"<=|>=|<|>|=")
_TOKEN = re.compile(r'(?:[^\s"\\]|"(?:[^"\\]|\\.)*"?|\\.?)+')
_NAMED = re.compile(r"([^\W\d][\w-]*):(.*)", re.DOTALL)
_QUOTED = re.compile(r'[\s":\\<>=]|^$')
_BELGIAN = re.compile(r"-?\d{1,3}(\.\d{3})+(,\d+)?|-?\d+(,\d+)?")
LONGEST = 500
"""Characters of a question; what is longer is no question but a mistake."""
_BY_NAME = understood(FIELDS)
_BOUNDED = {Field.DUE, Field.AMOUNT}


@dataclass(frozen=True, slots=True)
class Term:
    """One part of a question. `value` is a code of `reading.spelling`, a text, a local date or an amount in euro."""

    field: Field
    value: str | date | Decimal
    relation: Relation = "="


@dataclass(frozen=True, slots=True)
class Asked:
    """A whole question: its terms and the free words, in the order in which they were typed, each once."""

    terms: tuple[Term, ...] = ()
    words: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.terms or self.words)

    def values(self, field: Field) -> tuple[str | date | Decimal, ...]:
        """What one field may be; empty when it may be anything."""
        return tuple(term.value for term in self.terms if term.field is field)

    def without(self, part: "Term | str") -> "Asked":
        """The same question with one term or word taken out."""
        return Asked(
            tuple(term for term in self.terms if term != part), tuple(word for word in self.words if word != part)
        )

    def parts(self) -> "tuple[Term | str, ...]":
        """Everything that can be taken out, as chips show it."""
        return (*self.terms, *self.words)


def parse(typed: str) -> Asked:
    """Read what somebody typed.

    Raises:
        Misread: a part is not understood; the text names it, and what is possible there.
    """
    if len(typed) > LONGEST:
        raise Misread("QueryTooLong", longest=LONGEST)
    terms: dict[Term, None] = {}
    words: dict[str, None] = {}
    for token in _TOKEN.findall(typed):
        named = _NAMED.fullmatch(token)
        if named is None:
            word = _unquoted(token).strip()
            if word:
                words[word] = None
        else:
            terms[_term(token, *named.groups())] = None
    return Asked(tuple(terms), tuple(words))


def printed(asked: Asked, language: str = "nl") -> str:
    """The question as it is best typed in a language; `parse` understands it as the same question."""
    return " ".join(part_printed(part, language) for part in asked.parts())


def part_printed(part: Term | str, language: str = "nl") -> str:
    """One part of a question, as a chip shows it and as it can be typed."""
    if isinstance(part, str):
        return _quoted(part)
    value = _value_printed(part, language)
    return f"{FIELDS[part.field].in_(language)}:{'' if part.relation == '=' else part.relation}{value}"


def _term(token: str, name: str, rest: str) -> Term:
    field = _BY_NAME.get(name.lower())
    if field is None:
        raise Misread("UnknownField", name=name, token=token)
    found = _RELATION.match(rest)
    relation: Relation = found.group() if found else "="  # type: ignore[assignment]
    typed = _unquoted(rest[found.end() :] if found else rest).strip()
    kind = Field(field)
    if relation != "=" and kind not in _BOUNDED:
        raise Misread("NoBound", name=name, relation=relation)
    if not typed:
        raise Misread("NoValue", kind, name=name)
    return Term(kind, _value(kind, name, typed), relation)


def _value(field: Field, name: str, typed: str) -> str | date | Decimal:
    match field:
        case Field.DUE:
            found: str | date | Decimal | None = _day(typed)
        case Field.AMOUNT:
            found = _amount(typed)
        case Field.FUND:
            found = typed.upper() if typed.upper() in set(Fund) else None
        case Field.LEAD:
            found = understood(HOLDERS).get(typed.lower(), typed)
        case Field.EMPLOYER | Field.PERSON | Field.DOSSIER:
            found = typed
        case _:
            found = understood(CHOICES[field]).get(typed.lower())
    if found is None:
        raise Misread("UnknownValue", field, typed=typed, name=name)
    return found if not isinstance(found, str) else str(found)


def _day(typed: str) -> date | None:
    try:
        if "/" in typed:
            day, month, year = (int(part) for part in typed.split("/"))
            return date(year, month, day)
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _amount(typed: str) -> Decimal | None:
    """Euro as people in Belgium type it; a single point before other than three digits is taken for a comma."""
    spelled = typed.removeprefix("€").strip()
    if _BELGIAN.fullmatch(spelled):
        spelled = spelled.replace(".", "").replace(",", ".")
    try:
        amount = Decimal(spelled)
    except InvalidOperation:
        return None
    return amount.quantize(Decimal("0.01")) if amount.is_finite() and abs(amount) < Decimal("1e12") else None


def _value_printed(term: Term, language: str) -> str:
    if isinstance(term.value, date):
        return term.value.isoformat()
    if isinstance(term.value, Decimal):
        whole = term.value == term.value.to_integral_value()
        return str(term.value.to_integral_value() if whole else term.value).replace(".", ",")
    spellings = HOLDERS if term.field is Field.LEAD else CHOICES.get(term.field, {})
    spelled = spellings.get(term.value)
    return spelled.in_(language) if spelled else _quoted(term.value)


def _quoted(text: str) -> str:
    if not _QUOTED.search(text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _unquoted(token: str) -> str:
    """The text of a token: quotes fall away, and a backslash takes the next character as it is."""
    return re.sub(r'\\(.)|["\\]', lambda found: found.group(1) or "", token, flags=re.DOTALL)
