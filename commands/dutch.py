"""Codes in plain Dutch, for people who read along: from the words that mails use, and a few of our own."""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from pathlib import Path

from babel.numbers import format_currency

from schemes.calendar import BRUSSELS, local_date

_TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
_DICTIONARIES = ("money.toml", "words.toml", "screens.toml")
"""What pages of money and mails say for a code, and what screens say where that differs: the last one counts."""
_SILENCES = "parties.toml"
"""What is said of a question that stays without an answer, to parties and staff alike."""


def _read(name: str) -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    return tomllib.loads((_TEMPLATES / name).read_text("utf-8"))


@lru_cache(maxsize=1)
def _vocabulary() -> Mapping[str, str]:
    sections = [_read(name).values() for name in _DICTIONARIES]
    return {code: str(spelled["nl"]) for group in chain(*sections) for code, spelled in group.items()}


@lru_cache(maxsize=1)
def _consequences() -> Mapping[str, str]:
    return {code: spelled["nl"] for code, spelled in _read(_SILENCES)["then"].items()}


def words(code: str | None) -> str:
    """A code in words; an unknown one as itself with spaces."""
    if not code:
        return "-"
    return _vocabulary().get(code, code.replace("_", " "))


def listed(codes: Iterable[str]) -> str:
    """Several codes in words; alternatives within one are joined by 'of'."""
    return ", ".join(" of ".join(words(part) for part in code.split("/")) for code in codes)


def mail_state(state: str) -> str:
    """What became of a mail."""
    return words({"refused": "refused_mail", "unknown": "unknown_mail"}.get(state, state))


def otherwise(code: str | None) -> str:
    """What happens when nobody acts, as the end of a sentence that begins with 'anders'."""
    if not code:
        return "gebeurt er niets vanzelf"
    if code.startswith("escalates:"):
        return f"gaat de taak naar: {words(code.partition(':')[2])}"
    return _consequences().get(code) or words(code)


def day(value: date | datetime | str | None) -> str:
    """A local day as dd/mm/yyyy."""
    if value is None:
        return "-"
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    local = local_date(value) if isinstance(value, datetime) else value
    return f"{local:%d/%m/%Y}"


def hour(value: datetime | str) -> str:
    """The local hour of a moment as hh:mm."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return f"{moment.astimezone(BRUSSELS):%H:%M}"


def euro(amount: Decimal | str | None) -> str:
    """An amount with a decimal comma."""
    if amount is None:
        return "-"
    return str(format_currency(Decimal(amount), "EUR", locale="nl_BE")).replace("\u202f", " ").replace("\xa0", " ")
