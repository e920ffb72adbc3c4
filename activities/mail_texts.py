"""The text of a mail: a template file, the recipient's language and a handful of coded values.

Pure: reads nothing but the files beside the program. A value that is absent leaves its sentence out, so that a mail
always says something sensible; a placeholder that nobody knows is a defect.

What a person who is followed reads exists in five languages, the rest in three. A mail has no markup, so Arabic carries
its direction itself: marks around every line, and every name or number that is not Arabic set apart in it. An address
to click stands alone on its line without marks, which a mail program would take for a part of it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache, partial
from pathlib import Path
from typing import NotRequired, TypedDict

import jinja2
from babel.dates import format_date, format_timedelta
from babel.numbers import format_currency
from jinja2 import meta, nodes

from models.errors import Defect
from models.messages.words import Language

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
WRITTEN = (Language.DUTCH, Language.FRENCH, Language.ENGLISH)
"""The languages every mail exists in; who reads another one gets Dutch where a mail was not written in theirs."""

LOCALES: Mapping[Language, str] = {
    Language.DUTCH: "nl_BE",
    Language.FRENCH: "fr_BE",
    Language.ENGLISH: "en_GB",
    Language.TURKISH: "tr_TR",
    Language.ARABIC: "ar",
}
"""How days are written; `ar` writes figures as they are written in Belgium and the Maghreb."""
_OR = {Language.DUTCH: " of ", Language.FRENCH: " ou ", Language.ENGLISH: " or "}
_SUBJECT = "Subject: "
_FRAME = "frame"
_MAILS = "mails"
_A_MONTH = timedelta(days=30.5)
_TO_THE_LEFT, _APART, _TOGETHER = "\u200f", "\u2068", "\u2069"
"""Right-to-left mark, first-strong isolate and its end."""


class MailContext(TypedDict):
    """What every template may use. `values`: ISO dates, decimal amounts and codes, as they stand in the event.

    Lists are text: groups joined by '|' (or ','), alternatives within a group by '/'.
    """

    number: str
    fund_name: str
    fund_email: str
    recipient_name: str | None
    values: Mapping[str, str]
    link: NotRequired[str | None]
    """To the dossier in the portal; it lets in who got this mail."""
    answer: NotRequired[str | None]
    """Where the question is answered without signing in; a choice may be added to it (`?keuze=job`)."""


@dataclass(frozen=True, slots=True)
class RenderedMail:
    """What is sent: a subject of one line and a plain text."""

    subject: str
    text: str


class Values(dict[str, str]):
    """Absent reads as empty, so that a template can ask for it."""

    def __missing__(self, name: str) -> str:
        return ""


def values(given: Mapping[str, str]) -> Values:
    """What is known among the values of an event."""
    return Values({name: value for name, value in given.items() if value not in ("", "None")})


def templates() -> frozenset[str]:
    """The names of all mails."""
    names = {path.name.split(".")[0] for path in (TEMPLATES / "mails").glob("*.txt")}
    return frozenset(names - {_FRAME})


def values_of(template: str) -> frozenset[str]:
    """The values a template can use; others are of no use to it.

    Raises:
        Defect: there is no such template.
    """
    tree = _environment(_MAILS, Language.DUTCH).parse(_source(_MAILS, template, Language.DUTCH))
    return frozenset(
        node.attr
        for node in tree.find_all(nodes.Getattr)
        if isinstance(node.node, nodes.Name) and node.node.name == "values"
    )


def languages_of(template: str, folder: str = _MAILS) -> frozenset[Language]:
    """The languages a template is written in."""
    return frozenset(one for one in Language if (TEMPLATES / folder / f"{template}.{one.value}.txt").exists())


def names_of(template: str, language: Language, folder: str = _MAILS) -> frozenset[str]:
    """The top-level names a template uses: always among those of `MailContext`.

    Raises:
        Defect: there is no such template.
    """
    tree = _environment(folder, language).parse(_source(folder, template, language))
    return frozenset(meta.find_undeclared_variables(tree))


def render(template: str, language: Language, context: MailContext) -> RenderedMail:
    """Write the mail in the language of the recipient, or in Dutch when it does not exist in that language.

    Raises:
        Defect: there is no such template, or it asks for something that no mail has.
        ValueError: a date or an amount among the values cannot be read.
    """
    written = language if language in languages_of(template) else Language.DUTCH
    shared = {"link": None, "answer": None, **context, "values": values(context["values"])}
    try:
        first, _, body = filled(_MAILS, template, written, shared).lstrip().partition("\n")
        text = filled(_MAILS, _FRAME, written, {**shared, "body": _spaced(body)})
    except jinja2.UndefinedError as wrong:
        raise Defect(f"mail {template}.{written.value}: {wrong}") from wrong
    if not first.startswith(_SUBJECT):
        raise Defect(f"mail {template}.{written.value}: de eerste regel is geen '{_SUBJECT.strip()}'")
    subject, lines = " ".join(first.removeprefix(_SUBJECT).split()), text.strip().split("\n")
    if written is Language.ARABIC:
        subject, lines = _directed(subject), [_directed(line) for line in lines]
    return RenderedMail(subject=subject, text="\n".join(lines) + "\n")


def filled(folder: str, template: str, language: Language, shared: Mapping[str, object]) -> str:
    """A template of a folder with its values.

    Raises:
        jinja2.UndefinedError: it asks for what is not there.
        Defect: there is no such template.
    """
    return _template(folder, template, language).render(shared)


def _directed(line: str) -> str:
    """A line that is read from right to left also where the program that shows it thinks otherwise."""
    return f"{_TO_THE_LEFT}{line}{_TO_THE_LEFT}" if _is_arabic(line) else line


def _is_arabic(text: str) -> bool:
    return any("\u0600" <= sign <= "\u06ff" for sign in text)


def _set_apart(value: object) -> object:
    """A value within an Arabic sentence; what is clicked stays as it is."""
    text = str(value)
    plain = not text or _is_arabic(text) or text.isdecimal() or "://" in text or "@" in text
    return value if plain else f"{_APART}{text}{_TOGETHER}"


def _spaced(body: str) -> str:
    """One empty line between paragraphs, none at the ends, whatever sentences were left out."""
    paragraphs = ["\n".join(line.rstrip() for line in part.split("\n")).strip("\n") for part in body.split("\n\n")]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph.strip())


@lru_cache(maxsize=256)
def _template(folder: str, template: str, language: Language) -> jinja2.Template:
    return _environment(folder, language).from_string(_source(folder, template, language))


def _source(folder: str, template: str, language: Language) -> str:
    try:
        return (TEMPLATES / folder / f"{template}.{language.value}.txt").read_text("utf-8")
    except FileNotFoundError as missing:
        raise Defect(f"er is geen mail {template} in het {language.value}") from missing


@lru_cache(maxsize=16)
def _environment(folder: str, language: Language) -> jinja2.Environment:
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # plain text: there is nothing to escape
        finalize=_set_apart if language is Language.ARABIC and folder == _MAILS else None,
    )
    filters = {"day": _day, "euro": _euro, "documents": _documents, "words": words, "task": _task}
    filters |= {"reasons": _reasons, "silence": _silence, "parts": _parts, "months": _months}
    environment.filters |= {name: partial(_in_language, found, language) for name, found in filters.items()}
    return environment


def _in_language(found: object, language: Language, value: str) -> str:
    assert callable(found)
    return str(found(value, language))


@lru_cache(maxsize=1)
def _vocabulary() -> Mapping[str, Mapping[str, str]]:
    sections = tomllib.loads((TEMPLATES / "words.toml").read_text("utf-8"))
    return {code: spelled for section in sections.values() for code, spelled in section.items()}


def words(code: str, language: Language) -> str:
    """A code in words; `A.b` reads as `A` when only that is known, and an unknown code as itself with spaces."""
    known = _vocabulary().get(code) or _vocabulary().get(code.split(".")[0])
    return known.get(language.value, known["nl"]) if known else code.replace("_", " ").lower()


def _day(value: str, language: Language) -> str:
    return format_date(date.fromisoformat(value[:10]), format="d MMMM yyyy", locale=LOCALES[language])


def _months(value: str, language: Language) -> str:
    """A number of months as people say it: 3 maanden, 3 أشهر, 12 شهرًا."""
    return format_timedelta(int(value) * _A_MONTH, granularity="month", threshold=99, locale=LOCALES[language])


def _euro(value: str, language: Language) -> str:
    return format_currency(Decimal(value), "EUR", locale=LOCALES[language]).replace("\u202f", "\u00a0")


def _listed(value: str) -> list[str]:
    return [part.strip() for part in value.replace(",", "|").split("|") if part.strip()]


def _documents(value: str, language: Language) -> str:
    groups = (_OR[language].join(words(code, language) for code in group.split("/")) for group in _listed(value))
    return "\n".join(f"- {group}" for group in groups)


def _reasons(value: str, language: Language) -> str:
    return "; ".join(words(code, language) for code in _listed(value))


def _parts(value: str, language: Language) -> str:
    """Parts to be paid, each `DAY=AMOUNT`."""
    parts = (part.partition("=") for part in _listed(value))
    return "\n".join(f"- {_day(day, language)}: {_euro(amount, language)}" for day, _, amount in parts)


def _silence(value: str, language: Language) -> str:
    known = _vocabulary()
    return words(value if value in known else "otherwise", language)


def _task(value: str, language: Language) -> str:
    """A task's own name is `DOSSIER/step/occurrence`; people read the step."""
    parts = value.split("/")
    return words(parts[-2] if len(parts) > 1 else value, language)
