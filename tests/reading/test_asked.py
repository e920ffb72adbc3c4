"""A typed question: understood in three languages, printed back as the same question, refused with what is possible."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import Refusal
from models.messages.words import Fund
from reading.asked import LONGEST, Asked, Relation, Term, parse, part_printed, printed
from reading.misread import MISTAKES, Misread
from reading.spelling import CHOICES, FIELDS, HOLDERS, Field, Holder, State, understood

UNDERSTOOD = {
    "nothing": ("", Asked()),
    "only spaces": ("   ", Asked()),
    "the issue's own example": (
        'kind:subsidy is:overdue lead:me employer:"Van Hool nv" fund:ANT',
        Asked(
            (
                Term(Field.KIND, "subsidy"),
                Term(Field.IS, State.OVERDUE),
                Term(Field.LEAD, Holder.ME),
                Term(Field.EMPLOYER, "Van Hool nv"),
                Term(Field.FUND, "ANT"),
            )
        ),
    ),
    "the same in Dutch": (
        'soort:subsidie is:telaat van:mij werkgever:"Van Hool nv" fonds:ant',
        Asked(
            (
                Term(Field.KIND, "subsidy"),
                Term(Field.IS, State.OVERDUE),
                Term(Field.LEAD, Holder.ME),
                Term(Field.EMPLOYER, "Van Hool nv"),
                Term(Field.FUND, "ANT"),
            )
        ),
    ),
    "bounds": (
        "due:<2026-12-01 amount:>5000 tegen:>=01/11/2026",
        Asked(
            (
                Term(Field.DUE, date(2026, 12, 1), "<"),
                Term(Field.AMOUNT, Decimal("5000.00"), ">"),
                Term(Field.DUE, date(2026, 11, 1), ">="),
            )
        ),
    ),
    "a Belgian amount": ("bedrag:<=1.250,50", Asked((Term(Field.AMOUNT, Decimal("1250.50"), "<="),))),
    "an amount with a point": ("bedrag:1250.50", Asked((Term(Field.AMOUNT, Decimal("1250.50")),))),
    "an amount by thousands": ("bedrag:1.250", Asked((Term(Field.AMOUNT, Decimal("1250.00")),))),
    "free words beside terms": (
        'Metaal stap:beslissing "de Smet"',
        Asked((Term(Field.STEP, "approval"),), ("Metaal", "de Smet")),
    ),
    "an enterprise number": ("0403.448.140", Asked((), ("0403.448.140",))),
    "a colon between quotes is text": ('"let op: dringend"', Asked((), ("let op: dringend",))),
    "said twice is said once": ("fonds:ANT fonds:ANT x x", Asked((Term(Field.FUND, "ANT"),), ("x",))),
    "a quote that was never closed": ('werkgever:"Van Hool', Asked((Term(Field.EMPLOYER, "Van Hool"),))),
    "capitals": ("SOORT:Subsidie", Asked((Term(Field.KIND, "subsidy"),))),
    "a colleague": ("van:ANT-handler-2", Asked((Term(Field.LEAD, "ANT-handler-2"),))),
}


@pytest.mark.parametrize(("typed", "expected"), UNDERSTOOD.values(), ids=UNDERSTOOD.keys())
def test_what_is_typed_is_understood(typed: str, expected: Asked) -> None:
    assert parse(typed) == expected


REFUSED = {
    "an unknown field": ("eigenaar:mij", ["'eigenaar:'", "soort, fonds", '"eigenaar:mij"']),
    "an unknown kind": ("soort:lening", ["'lening'", "'soort:'", "subsidie, transitiesteun, project"]),
    "an unknown fund": ("fonds:GENT", ["'GENT'", "ANT", "LIM"]),
    "an unknown state": ("is:laat", ["'laat'", "telaat"]),
    "no day": ("tegen:<morgen", ["'morgen'", "tegen:<2026-12-01"]),
    "a day that is none": ("tegen:31/02/2026", ["'31/02/2026'"]),
    "no amount": ("bedrag:>veel", ["'veel'", "bedrag:>5000"]),
    "no finite amount": ("bedrag:nan", ["'nan'"]),
    "nothing behind the colon": ("soort:", ["'soort:'", "subsidie"]),
    "nothing between the quotes": ('werkgever:""', ["'werkgever:'", "De Smet bv"]),
    "a bound where none can be": ("soort:<subsidie", ["'soort:'", "'<'", "tegen: en bedrag:"]),
    "far too long": ("x" * (LONGEST + 1), ["500 tekens"]),
}


@pytest.mark.parametrize(("typed", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_not_understood_is_named_with_what_is_possible(typed: str, said: list[str]) -> None:
    with pytest.raises(Refusal) as refused:
        parse(typed)
    for words in said:
        assert words in refused.value.message


@pytest.mark.parametrize(("language", "name", "possible"), [("fr", "type", "subvention"), ("en", "kind", "subsidy")])
def test_what_is_not_understood_is_told_in_the_language_of_the_reader(language: str, name: str, possible: str) -> None:
    with pytest.raises(Misread) as misread:
        parse(f"{name}:{{}}")
    told = misread.value.in_(language)
    assert "'{}'" in told
    assert possible in told
    assert misread.value.in_("tr") == misread.value.message


def test_every_mistake_is_told_in_three_languages() -> None:
    assert all(len({told.nl, told.fr, told.en}) == 3 for told in MISTAKES.values())


def _texts() -> st.SearchStrategy[str]:
    """Texts as they can be typed: nothing around them, one or more characters that print."""
    printing = st.characters(exclude_categories=("Cc", "Cs"))
    return st.text(printing, min_size=1, max_size=12).map(str.strip).filter(bool)


def _terms() -> st.SearchStrategy[Term]:
    relation: st.SearchStrategy[Relation] = st.sampled_from(get_args(Relation))
    colleague = _texts().filter(lambda text: text.lower() not in understood(HOLDERS))
    cents = st.decimals(Decimal(0), Decimal(10) ** 9, places=2)
    closed = [Term(field, str(code)) for field, choices in CHOICES.items() for code in choices]
    return st.one_of(
        st.sampled_from(closed),
        st.builds(Term, st.just(Field.FUND), st.sampled_from([fund.value for fund in Fund])),
        st.builds(Term, st.just(Field.LEAD), st.sampled_from([holder.value for holder in Holder]) | colleague),
        st.builds(Term, st.sampled_from([Field.EMPLOYER, Field.PERSON, Field.DOSSIER]), _texts()),
        st.builds(Term, st.just(Field.DUE), st.dates(), relation),
        st.builds(Term, st.just(Field.AMOUNT), cents, relation),
    )


QUESTIONS = st.builds(
    Asked,
    st.lists(_terms(), max_size=5, unique=True).map(tuple),
    st.lists(_texts(), max_size=4, unique=True).map(tuple),
)


@given(QUESTIONS, st.sampled_from(["nl", "fr", "en"]))
def test_what_is_printed_reads_as_the_same_question(asked: Asked, language: str) -> None:
    spoken = printed(asked, language)
    if len(spoken) <= LONGEST:
        assert parse(spoken) == asked


@given(st.text(max_size=LONGEST))
def test_whatever_is_typed_is_a_question_or_a_refusal(typed: str) -> None:
    try:
        asked = parse(typed)
    except Refusal:
        return
    assert parse(printed(asked)[:LONGEST]) == asked or len(printed(asked)) > LONGEST


@given(QUESTIONS)
def test_every_part_can_be_taken_out_alone(asked: Asked) -> None:
    for part in asked.parts():
        assert asked.without(part).parts() == tuple(other for other in asked.parts() if other != part)


@pytest.mark.parametrize(
    ("language", "expected"),
    [("nl", "soort:subsidie"), ("fr", "type:subvention"), ("en", "kind:subsidy"), ("tr", "soort:subsidie")],
)
def test_a_chip_speaks_the_language_of_its_reader(language: str, expected: str) -> None:
    assert part_printed(Term(Field.KIND, "subsidy"), language) == expected


@pytest.mark.parametrize("spellings", [FIELDS, HOLDERS, *CHOICES.values()])
def test_no_word_means_two_things(spellings: dict[str, tuple[str, ...]]) -> None:
    meant: dict[str, set[str]] = {}
    for code, spelled in spellings.items():
        for word in {*spelled, str(code)}:
            meant.setdefault(word.lower(), set()).add(code)
    assert {word: codes for word, codes in meant.items() if len(codes) > 1} == {}
