"""How letters write things in the language of whoever gets them: sentences, codes in words, days and amounts."""

import tomllib
import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from babel.dates import format_date, format_timedelta
from babel.numbers import format_currency, format_decimal

from models.messages.words import Language

HERE = Path(__file__).resolve().parent
CODES = HERE.parent / "templates" / "words.toml"
"""What mails say for a code; letters say the same."""
LOCALES: Mapping[Language, str] = {Language.DUTCH: "nl_BE", Language.FRENCH: "fr_BE", Language.ENGLISH: "en_GB"}
"""The languages every letter is written in."""
WIDER: Mapping[Language, str] = {**LOCALES, Language.TURKISH: "tr_TR", Language.ARABIC: "ar"}
"""Those of letters to a person who is followed."""
_A_MONTH = timedelta(days=30.5)
LONGEST = 120
"""Characters of a name."""
UNREADABLE = {"Cc", "Cf", "Cn", "Co", "Cs"}
"""Characters that are no letters: they show nothing, turn the direction of what follows, or are not to be written."""


def written(language: Language) -> Language:
    """The language a letter is written in: who reads none of the three gets English."""
    return language if language in LOCALES else Language.ENGLISH


def plain(text: str, longest: int = LONGEST) -> str:
    """What somebody typed, on one line and without characters that show nothing; a letter is no place for a novel."""
    spaced = " ".join(text.split())
    shown = "".join(letter for letter in spaced if unicodedata.category(letter) not in UNREADABLE).strip()
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"


class Wording:
    """The words of one language; `wider` for a letter that is written in all five."""

    def __init__(self, language: Language, *, wider: bool = False) -> None:
        self.language = language if wider else written(language)
        self._locale = WIDER[self.language]

    def say(self, key: str, **values: str) -> str:
        """A sentence by `group.name`, filled in.

        Raises:
            KeyError: there is no such sentence, or a value is missing: a defect, which a test looks for.
        """
        group, name = key.split(".", 1)
        return sentences(self.language)[group][name].format_map(values)

    def knows(self, key: str) -> bool:
        """Whether there is such a sentence."""
        group, name = key.split(".", 1)
        return name in sentences(self.language)[group]

    def word(self, code: str) -> str:
        """A code in words; unknown, as itself with spaces."""
        known = _codes().get(code)
        return known.get(self.language.value, known["en"]) if known else code.replace("_", " ")

    def sentence(self, code: str) -> str:
        """A reason as a sentence of its own."""
        clause = self.word(code)
        return f"{clause[:1].upper()}{clause[1:]}."

    def euro(self, amount: Decimal) -> str:
        """An amount in Belgian form."""
        return format_currency(amount, "EUR", locale=self._locale).replace("\u202f", "\u00a0")

    def percentage(self, value: Decimal) -> str:
        """A percentage without needless zeros."""
        return f"{format_decimal(value.normalize(), locale=self._locale)}\u00a0%"

    def months(self, count: int) -> str:
        """A number of months as people say it: 3 maanden, 3 أشهر, 12 شهرًا."""
        return format_timedelta(count * _A_MONTH, granularity="month", threshold=99, locale=self._locale)

    def day(self, value: date) -> str:
        """A day in words: 14 maart 2025, 1er mars 2025."""
        spelled = format_date(value, "d MMMM y", locale=self._locale)
        first = value.day == 1 and self.language is Language.FRENCH
        return spelled.replace("1 ", "1er ", 1) if first else spelled


@lru_cache(maxsize=8)
def sentences(language: Language) -> Mapping[str, Mapping[str, str]]:
    """All sentences of a language, by group."""
    return tomllib.loads((HERE / "words" / f"{language.value}.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def _codes() -> Mapping[str, Mapping[str, str]]:
    groups = tomllib.loads(CODES.read_text("utf-8"))
    return {code: spelled for group in groups.values() for code, spelled in group.items()}
