"""Forms as people fill them in: for every form a strategy of answers that its pages accept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from portal.forms.answers import Filled
from portal.forms.questions import Form, Question, Sort
from schemes.communications import checked, spelled

TODAY = date(2026, 3, 16)
NAMES = st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=60).filter(
    lambda text: bool(" ".join(text.split()))
)
ENTERPRISES = st.sampled_from(["0417.497.106", "BE0403170701", "0409845289"])
ESTABLISHMENTS = st.sampled_from(["2.999.010.168", "2999590386"])
ACCOUNTS = st.sampled_from(["BE68 5390 0754 7034", "be44 2850 0177 6745"])
POSTCODES = st.sampled_from(["2000", "2440", "3590", "9052", "8800", "3001", "1030", "2070"])
NUMBERS = st.decimals(0, 1, places=2).map(lambda number: f"{number}".replace(".", ","))
EUROS = st.decimals(0, 99999, places=2).map(lambda amount: f"{amount}".replace(".", ","))
MAILS = st.from_regex(r"[a-z]{1,12}@[a-z]{1,12}\.be", fullmatch=True)
PAST = {
    "Geboortedatum": (date(1950, 1, 1), date(2004, 1, 1)),
    "Eerste werkdag": (date(2005, 1, 1), date(2024, 1, 1)),
    "In dienst sinds": (date(2005, 1, 1), date(2024, 1, 1)),
    "Kennisgeving ontslag": (date(2024, 2, 1), date(2026, 3, 1)),
    "Einde overeenkomst": (date(2024, 2, 1), date(2027, 3, 1)),
    "Begindatum": (date(2025, 1, 1), date(2026, 6, 1)),
    "Einddatum": (date(2026, 6, 1), date(2027, 6, 1)),
}


def written(day: date) -> str:
    """A day as people type it."""
    return f"{day:%d/%m/%Y}"


def answer(question: Question) -> st.SearchStrategy[str]:
    """Answers that this question accepts, and no answer when it may stay open."""
    given = _given(question)
    return given if question.required else st.one_of(st.just(""), given)


def _given(question: Question) -> st.SearchStrategy[str]:
    first, last = PAST.get(question.column, (date(2024, 1, 1), TODAY + timedelta(days=300)))
    strategies: dict[Sort, st.SearchStrategy[Any]] = {
        Sort.TEXT: NAMES.map(lambda text: " ".join(text.split())),
        Sort.LONG_TEXT: NAMES.map(str.strip),
        Sort.DAY: st.dates(first, last).map(written),
        Sort.EUROS: EUROS,
        Sort.NUMBER: NUMBERS,
        Sort.WHOLE: st.integers(0, 99).map(str),
        Sort.YES: st.sampled_from(["ja", "nee"]),
        Sort.CHOICE: st.sampled_from([choice.word for choice in question.choices] or ["?"]),
        Sort.ENTERPRISE: ENTERPRISES,
        Sort.ESTABLISHMENT: ESTABLISHMENTS,
        Sort.ACCOUNT: ACCOUNTS,
        Sort.COMMUNICATION: st.integers(0, 10**10 - 1).map(lambda ten: spelled(checked(f"{ten:010}"))),
        Sort.EMAIL: MAILS,
        Sort.PHONE: st.just("03 123 45 67"),
        Sort.POSTCODE: POSTCODES,
        Sort.PUBLIC: st.sampled_from(["RiseSmart", "Antwerpen", "Heist-op-den-Berg"]),
    }
    return strategies[question.sort]


@st.composite
def filled(draw: st.DrawFn, form: Form) -> dict[str, Filled]:
    """A form filled in from the first page to the last."""
    typed: dict[str, Filled] = {}
    for group in form.groups:
        fields = {question.column: draw(answer(question)) for question in group.questions}
        rows: tuple[dict[str, str], ...] = ()
        if group.rows:
            alone = typed.get("ontslag", Filled()).fields.get("Soort ontslag") == "individueel"
            count = draw(st.integers(1, 1 if alone else 3))
            questions = group.rows.questions
            rows = tuple({question.column: draw(answer(question)) for question in questions} for _ in range(count))
        typed[group.code] = Filled(fields=fields, rows=rows)
    return typed
