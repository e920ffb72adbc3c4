"""Codes, amounts and days as people read them, in the language of the page."""

import tomllib
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal

from models.messages.words import Language
from portal.language import LOCALES, WIDER, written
from schemes.calendar import BRUSSELS
from schemes.derivations import translated

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
DICTIONARIES = ("screens.toml", "words.toml", "parties.toml", "house.toml", "money.toml")
"""What screens say for a code, then what mails say, then what parties outside read: the first that has it counts."""
WIDER_WORDS = "participants.toml"
"""What a participant reads for a code in the languages that the others do not know."""


@lru_cache
def _groups(dictionaries: tuple[str, ...] = DICTIONARIES) -> tuple[tuple[str, dict[str, dict[str, str]]], ...]:
    read = (tomllib.loads((TEMPLATES / name).read_text("utf-8")) for name in dictionaries)
    return tuple(group for dictionary in read for group in dictionary.items())


def codes(group: str) -> tuple[str, ...]:
    """The codes that a group of the dictionaries knows, in its order."""
    return tuple(dict.fromkeys(code for name, words in _groups() if name == group for code in words))


class Wording:
    """How one language writes things. The filters of every page."""

    def __init__(self, language: Language) -> None:
        self._language = written(language)
        self._locale = WIDER[self._language]
        self._dictionaries = DICTIONARIES if self._language in LOCALES else (WIDER_WORDS, *DICTIONARIES)

    def word(self, code: str | None, group: str | None = None) -> str:
        """A code in words: of `group` when that has it, else of the first group that does; unknown, as it stands."""
        if not code:
            return ""
        having = [(name, words[code]) for name, words in _groups(self._dictionaries) if code in words]
        for _, spelled in sorted(having, key=lambda found: found[0] != group):
            return spelled.get(self._language.value) or spelled[Language.DUTCH.value]
        return code.replace("_", " ")

    def euro(self, amount: Decimal | None) -> str:
        """An amount in euro, in Belgian form; nothing for no amount."""
        return "" if amount is None else format_currency(amount, "EUR", locale=self._locale)

    def number(self, value: Decimal | int | None) -> str:
        """A number in Belgian form."""
        return "" if value is None else format_decimal(value, locale=self._locale)

    def day(self, value: date | datetime | None) -> str:
        """A local day in words: 14 maart 2025."""
        return "" if value is None else format_date(_local(value), "d MMMM y", locale=self._locale)

    def derived(self, told: str) -> str:
        """How a last day was computed, which is kept in Dutch."""
        return translated(told, self._language.value)

    def short_day(self, value: date | datetime | None) -> str:
        """A local day in figures: 14/03/2025."""
        return "" if value is None else f"{_local(value):%d/%m/%Y}"

    def moment(self, value: datetime | None) -> str:
        """A local day and time: 14 maart 2025, 14:02."""
        if value is None:
            return ""
        return format_datetime(value.astimezone(BRUSSELS), "d MMMM y, HH:mm", locale=self._locale)

    def clock(self, value: datetime | None) -> str:
        """A local time of day: 14:02."""
        return "" if value is None else f"{value.astimezone(BRUSSELS):%H:%M}"


def _local(value: date | datetime) -> date:
    return value.astimezone(BRUSSELS).date() if isinstance(value, datetime) else value
