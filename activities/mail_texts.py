"""The text of a mail: a template file, the recipient's language and a handful of coded values.

Pure: reads nothing but the files beside the program. A value that is absent leaves its sentence out, so that a mail
always says something sensible; a placeholder that nobody knows is a defect.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial
from pathlib import Path
from typing import NotRequired, TypedDict

import jinja2
from babel.dates import format_date
from babel.numbers import format_currency
from jinja2 import meta, nodes

from models.errors import Defect
from models.messages.words import Language

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
WRITTEN = (Language.DUTCH, Language.FRENCH, Language.ENGLISH)
"""The languages mails exist in; the others get Dutch."""

_LOCALES = {Language.DUTCH: "nl_BE", Language.FRENCH: "fr_BE", Language.ENGLISH: "en_GB"}
_OR = {Language.DUTCH: " of ", Language.FRENCH: " ou ", Language.ENGLISH: " or "}
_SUBJECT = "Subject: "
_FRAME = "frame"


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


class _Values(dict[str, str]):
    """Absent reads as empty, so that a template can ask for it."""

    def __missing__(self, name: str) -> str:
        return ""


def templates() -> frozenset[str]:
    """The names of all mails."""
    names = {path.name.split(".")[0] for path in (TEMPLATES / "mails").glob("*.txt")}
    return frozenset(names - {_FRAME})


def values_of(template: str) -> frozenset[str]:
    """The values a template can use; others are of no use to it.

    Raises:
        Defect: there is no such template.
    """
    environment = _environment(Language.DUTCH)
    tree = environment.parse(_source(template, Language.DUTCH))
    return frozenset(
        node.attr
        for node in tree.find_all(nodes.Getattr)
        if isinstance(node.node, nodes.Name) and node.node.name == "values"
    )


def names_of(template: str, language: Language) -> frozenset[str]:
    """The top-level names a template uses: always among those of `MailContext`.

    Raises:
        Defect: there is no such template.
    """
    return frozenset(meta.find_undeclared_variables(_environment(language).parse(_source(template, language))))


def render(template: str, language: Language, context: MailContext) -> RenderedMail:
    """Write the mail in the language of the recipient, or in Dutch when it does not exist in that language.

    Raises:
        Defect: there is no such template, or it asks for something that no mail has.
        ValueError: a date or an amount among the values cannot be read.
    """
    written = language if language in WRITTEN else Language.DUTCH
    values = _Values({name: value for name, value in context["values"].items() if value not in ("", "None")})
    shared = {"link": None, "answer": None, **context, "values": values}
    try:
        first, _, body = _template(template, written).render(shared).lstrip().partition("\n")
        text = _template(_FRAME, written).render({**shared, "body": _spaced(body)})
    except jinja2.UndefinedError as wrong:
        raise Defect(f"mail {template}.{written.value}: {wrong}") from wrong
    if not first.startswith(_SUBJECT):
        raise Defect(f"mail {template}.{written.value}: de eerste regel is geen '{_SUBJECT.strip()}'")
    return RenderedMail(subject=" ".join(first.removeprefix(_SUBJECT).split()), text=text.strip() + "\n")


def _spaced(body: str) -> str:
    """One empty line between paragraphs, none at the ends, whatever sentences were left out."""
    paragraphs = ["\n".join(line.rstrip() for line in part.split("\n")).strip("\n") for part in body.split("\n\n")]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph.strip())


@lru_cache(maxsize=256)
def _template(template: str, language: Language) -> jinja2.Template:
    return _environment(language).from_string(_source(template, language))


def _source(template: str, language: Language) -> str:
    try:
        return (TEMPLATES / "mails" / f"{template}.{language.value}.txt").read_text("utf-8")
    except FileNotFoundError as missing:
        raise Defect(f"er is geen mail {template} in het {language.value}") from missing


@lru_cache(maxsize=8)
def _environment(language: Language) -> jinja2.Environment:
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # plain text: there is nothing to escape
    )
    filters = {"day": _day, "euro": _euro, "documents": _documents, "words": words, "task": _task}
    filters |= {"reasons": _reasons, "silence": _silence, "parts": _parts}
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
    return known[language.value] if known else code.replace("_", " ").lower()


def _day(value: str, language: Language) -> str:
    return format_date(date.fromisoformat(value[:10]), format="d MMMM yyyy", locale=_LOCALES[language])


def _euro(value: str, language: Language) -> str:
    return format_currency(Decimal(value), "EUR", locale=_LOCALES[language]).replace("\u202f", "\u00a0")


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
