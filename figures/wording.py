"""How figures write things in the language of whoever reads them: words, numbers, shares and days."""

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from babel.dates import format_date
from babel.numbers import format_decimal

from figures.counting import Share
from letters.wording import LOCALES, written
from models.messages.words import Language

HERE = Path(__file__).resolve().parent
Cell = int | Decimal | Share | str | None
"""What stands in a table: a number, a percentage, a share, a text; None: it is hidden."""


class Wording:
    """The words of one language."""

    def __init__(self, language: Language) -> None:
        self.language = written(language)
        self._locale = LOCALES[self.language]

    def say(self, key: str, **values: object) -> str:
        """A text by `group.name`, filled in.

        Raises:
            KeyError: there is no such text, or a value is missing: a defect, which a test looks for.
        """
        group, name = key.split(".", 1)
        return texts(self.language)[group][name].format_map(values)

    def word(self, group: str, code: str) -> str:
        """A code in words; one that is not known, as it stands."""
        return texts(self.language)[group].get(code, code)

    def all(self, group: str) -> Mapping[str, str]:
        """All texts of a group, in their order."""
        return texts(self.language)[group]

    def day(self, value: date) -> str:
        """A day in words: 14 maart 2025."""
        return format_date(value, "d MMMM y", locale=self._locale)

    def number(self, value: int) -> str:
        """A whole number in Belgian form."""
        return format_decimal(value, locale=self._locale).replace("\u202f", "\u00a0")

    def percentage(self, value: Decimal | None) -> str:
        """A percentage with one decimal; nothing when it is of nobody."""
        if value is None:
            return "–"
        return self.points(value) + ("%" if self.language is Language.ENGLISH else "\u00a0%")

    def points(self, value: Decimal) -> str:
        """A difference of percentages."""
        return format_decimal(value, format="0.0", locale=self._locale)

    def cell(self, value: Cell) -> str:
        """What stands in a table, as it is read."""
        match value:
            case None:
                return self.say("frame.hidden_cell")
            case Share():
                return self.percentage(value.percentage)
            case int():
                return self.number(value)
            case Decimal():
                return ("+" if value > 0 else "") + self.points(value).replace("-", "−")
            case _:
                return value


@lru_cache(maxsize=4)
def texts(language: Language) -> Mapping[str, Mapping[str, str]]:
    """All texts of a language, by group."""
    return tomllib.loads((HERE / "words" / f"{language.value}.toml").read_text("utf-8"))
