"""What is counted, of how many: worked cases, and the odd ones (nobody, everybody unknown, all on one day)."""

from __future__ import annotations

import csv as lines
import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from figures.charts import charts
from figures.counting import FunnelStep, Grouping, Share, funnel, grouped, tally
from figures.people import LATEST, NOT_ASKED, AgeGroup, Known, Moment, Person, age_group
from figures.sentences import sentences
from figures.sheets import csv
from figures.tables import Asked, Counted, Table, tables
from figures.wording import Wording, texts
from models.messages.words import FollowUpOutcome as Word
from models.messages.words import Fund, Language, UnknownReason

DAY, START = date(2025, 12, 31), date(2024, 3, 1)
DUTCH = Wording(Language.DUTCH)
NO_ANSWER = Known(Word.UNKNOWN, UnknownReason.NO_ANSWER)


def one(known: Known = NOT_ASKED, **more: Any) -> Person:
    """Somebody in guidance since 1 March 2024."""
    job = more.pop("job_on", None)
    plain: dict[str, Any] = {
        "number": "ANT-2024-W-000001",
        "employer_dossier": "ANT-2024-O-000001",
        "enterprise": "0000.000.123",
        "agency": "SBS",
        "status": "worker",
        "age": AgeGroup.FROM_35,
        "regime": "faillissement",
        "started_on": START,
        "ended_on": None,
        "moments": (),
        "latest": known,
        "earlier": None,
        "job_on": job,
        "seen_on": DAY,
    }
    return Person(**plain | more)


def some(count: int, word: Word | UnknownReason, **more: Any) -> list[Person]:
    known = Known(Word.UNKNOWN, word) if isinstance(word, UnknownReason) else Known(word)
    return [one(known, **more)] * count


PRINTED = [
    *some(702, Word.SAME_SECTOR),
    *some(464, Word.OTHER_SECTOR),
    *some(20, Word.JOB_SEEKING),
    *some(500, UnknownReason.NO_ANSWER),
    *some(200, UnknownReason.NO_CONSENT),
    *some(100, UnknownReason.CONTACT_LOST),
    *some(24, UnknownReason.NOT_ASKED_YET),
]
"""The year as the annual report printed it: 2 010 people, 58,0 % in a new job, 41,0 % unknown."""


def counted(people: list[Person], **more: Any) -> Counted:
    before = more.pop("before", ())
    return Counted(Asked(Fund.ANTWERPEN, DAY, **{"year": 2024, **more}), people, before)


def table(of: Counted, code: str) -> Table:
    return next(one for one in tables(of, DUTCH) if one.code == code)


def shown(of: Table) -> dict[str, list[str]]:
    return {row.label: [DUTCH.cell(cell).replace("\u00a0", " ") for cell in row.cells] for row in of.rows}


SHARES = [(1166, 2010, "58.0"), (824, 2010, "41.0"), (1, 3, "33.3"), (2, 3, "66.7"), (1, 2000, "0.1"), (0, 5, "0.0")]


@pytest.mark.parametrize(("numerator", "denominator", "percentage"), SHARES)
def test_a_percentage_is_computed_to_a_tenth(numerator: int, denominator: int, percentage: str) -> None:
    assert Share(numerator, denominator).percentage == Decimal(percentage)


def test_of_nobody_there_is_no_percentage() -> None:
    assert Share(0, 0).percentage is None
    assert DUTCH.cell(Share(0, 0)) == "–"


AGES = [(24, "-24"), (25, "25-34"), (34, "25-34"), (35, "35-44"), (44, "35-44"), (45, "45-54"), (54, "45-54")]


@pytest.mark.parametrize(("age", "group"), [*AGES, (55, "55+"), (70, "55+"), (None, "?")])
def test_an_age_falls_in_one_group(age: int | None, group: str) -> None:
    assert age_group(age) == group


def test_the_printed_year_comes_out_with_numerators_denominators_and_reasons() -> None:
    found = shown(table(counted(PRINTED), "outcomes"))
    assert found["nieuwe job, zelfde sector"] == ["702", "34,9 %", "59,2 %"]
    assert found["onbekend: geen antwoord"] == ["500", "24,9 %", ""]
    assert found["onbekend: nog niet bevraagd"] == ["24", "1,2 %", ""]
    assert found["Allen samen"] == ["2.010", "100,0 %", "100,0 %"]
    assert len(found) == 9 + 4 + 1


SENTENCES = {
    Language.DUTCH: (
        "In 2024 zijn bij mtech+ Antwerpen vzw 2.010 mensen gestart met outplacement.",
        "Op 31 december 2025 heeft 58,0 % (1.166) een nieuwe job.",
        "Van 41,0 % (824) is het niet geweten: 500 zonder antwoord, 200 zonder toestemming, 100 zonder contact, "
        "24 nog te bevragen.",
        "Van de 1.186 van wie het wel geweten is, heeft 98,3 % een nieuwe job.",
        "Ter vergelijking: het jaarverslag 2024 van mtech+ Antwerpen had van 41,0 % geen zicht op het verdere "
        "traject, evenveel.",
    ),
    Language.FRENCH: (
        "En 2024, 2 010 personnes ont commencé un outplacement auprès de mtech+ Antwerpen vzw.",
        "Au 31 décembre 2025, 58,0 % (1 166) ont un nouvel emploi.",
    ),
    Language.ENGLISH: (
        "In 2024 2,010 people started outplacement with mtech+ Antwerpen vzw.",
        "On 31 December 2025 58.0% (1,166) have a new job.",
    ),
}


@pytest.mark.parametrize("language", SENTENCES)
def test_the_sentences_of_the_annual_report_are_made_of_the_counts(language: Language) -> None:
    said = [text.replace("\u00a0", " ") for text in sentences(counted(PRINTED), Wording(language))]
    assert tuple(said[: len(SENTENCES[language])]) == SENTENCES[language]
    assert len(said) == 5


ODD = [
    pytest.param([], {}, ["In 2024 is bij mtech+ Antwerpen vzw niemand gestart met outplacement."], id="nobody"),
    pytest.param([], {"year": None}, ["Bij mtech+ Antwerpen vzw is niemand gestart met outplacement."], id="ever"),
    pytest.param(
        some(1, Word.SAME_SECTOR),
        {"year": 2023},
        [
            "In 2023 is bij mtech+ Antwerpen vzw 1 persoon gestart met outplacement.",
            "Op 31 december 2025 heeft 100,0 % (1) een nieuwe job.",
            "Van iedereen is geweten wat er van hem of haar geworden is.",
        ],
        id="one person, and it is known",
    ),
    pytest.param(
        some(3, UnknownReason.NO_ANSWER),
        {"year": 2023},
        [
            "In 2023 zijn bij mtech+ Antwerpen vzw 3 mensen gestart met outplacement.",
            "Op 31 december 2025 heeft 0,0 % (0) een nieuwe job.",
            "Van 100,0 % (3) is het niet geweten: 3 zonder antwoord.",
        ],
        id="everybody unknown",
    ),
]


@pytest.mark.parametrize(("people", "asked", "said"), ODD)
def test_odd_years_can_be_said(people: list[Person], asked: dict[str, Any], said: list[str]) -> None:
    found = [text.replace("\u00a0", " ") for text in sentences(counted(people, **asked), DUTCH)]
    assert found == said


@pytest.mark.parametrize("people", [[], some(4, UnknownReason.NO_ANSWER)], ids=["nobody", "everybody unknown"])
def test_every_table_and_drawing_can_be_made_of_an_odd_year(people: list[Person]) -> None:
    of = counted(people, earlier=START, before=[])
    made = tables(of, DUTCH)
    assert [one.code for one in made] == ["outcomes", "groups", "survival", "funnel", "comparison"]
    assert set(charts(of, made, DUTCH)) == ({"outcomes", "groups"} if people else set())
    assert csv(of, DUTCH).startswith("\ufeff".encode())


def test_all_who_found_a_job_on_one_day_make_one_step() -> None:
    people = some(6, Word.SAME_SECTOR, job_on=date(2024, 5, 30)) + some(2, Word.JOB_SEEKING, seen_on=date(2024, 6, 1))
    found = shown(table(counted(people), "survival"))
    assert found == {
        "1": ["8", "0", "0,0 %", "0,0 % – 0,0 %"],
        "2": ["8", "0", "0,0 %", "0,0 % – 0,0 %"],
        "3": ["2", "6", "75,0 %", "17,0 % – 92,5 %"],
    }


def test_groups_add_up_and_stand_in_their_order() -> None:
    ages = {AgeGroup.FROM_55: 2, AgeGroup.UNDER_25: 1, AgeGroup.FROM_35: 4}
    people = [
        person
        for age, count in ages.items()
        for person in some(count, Word.SAME_SECTOR, age=age) + some(1, UnknownReason.NO_ANSWER, age=age)
    ]
    found = shown(table(counted(people, by=Grouping.AGE), "groups"))
    assert list(found) == ["jonger dan 25", "35 tot 44", "55 en ouder", "Allen samen"]
    assert found["35 tot 44"] == ["5", "50,0 %", "4", "80,0 %", "100,0 %", "4", "1", "20,0 %"]
    assert found["Allen samen"] == ["10", "100,0 %", "7", "70,0 %", "100,0 %", "7", "3", "30,0 %"]


def test_groups_without_an_order_go_by_size_and_the_smallest_may_stand_together() -> None:
    people = [person for place in range(1, 6) for person in some(place, Word.ILL, agency=f"bureau {place}")]
    assert [key for key, _ in grouped(people, Grouping.AGENCY)] == [f"bureau {place}" for place in (5, 4, 3, 2, 1)]
    asked = counted(people, by=Grouping.AGENCY)
    of = next(one for one in tables(asked, DUTCH, 2) if one.code == "groups")
    assert [(row.label, row.cells[0]) for row in of.rows] == [
        ("bureau 5", 5),
        ("bureau 4", 4),
        ("3 andere", 6),
        ("Allen samen", 15),
    ]


def test_quarters_go_by_time() -> None:
    starts = [date(2024, 11, 1), date(2024, 2, 1), date(2024, 6, 30)]
    people = [one(started_on=day) for day in starts]
    assert [key for key, _ in grouped(people, Grouping.QUARTER)] == ["2024 Q1", "2024 Q2", "2024 Q4"]


def test_a_moment_counts_what_was_known_at_it() -> None:
    at_the_end = Moment("end", True, True, False, False, Known(Word.TRAINING))
    people = [one(Known(Word.SAME_SECTOR), moments=(at_the_end,)), one(Known(Word.SAME_SECTOR))]
    assert tally(people, LATEST).new_job == 2
    at_end = tally(people, "end")
    assert (at_end.new_job, at_end.words[Word.TRAINING], at_end.reasons) == (0, 1, {UnknownReason.NOT_ASKED_YET: 1})


def test_the_funnel_tells_how_far_the_question_came() -> None:
    def moment(
        person: bool, delivered: bool, agency: bool, phoned: bool, word: Word | None = None, by: str | None = None
    ) -> Person:
        known = Known(word, UnknownReason.NO_ANSWER if word is Word.UNKNOWN else None, by) if word else None
        return one(moments=(Moment("end", person, delivered, agency, phoned, known),))

    yes, no = True, False
    people = [
        moment(yes, yes, no, no, word=Word.ILL, by="participant"),
        moment(yes, no, yes, no, word=Word.ILL, by="agency"),
        moment(yes, yes, yes, yes, word=Word.ILL, by="staff"),
        moment(yes, yes, yes, yes, word=Word.UNKNOWN, by="staff"),
        moment(no, no, no, no, word=Word.PENSION, by="participant"),
        moment(yes, yes, no, no),
        one(),
    ]
    assert funnel(people, "end") == {
        FunnelStep.REACHED: 6,
        FunnelStep.ASKED: 5,
        FunnelStep.DELIVERED: 4,
        FunnelStep.OPENED: None,
        FunnelStep.ANSWERED: 1,
        FunnelStep.AGENCY_ASKED: 3,
        FunnelStep.AGENCY_ANSWERED: 1,
        FunnelStep.PHONED: 2,
        FunnelStep.PHONE_ANSWERED: 1,
        FunnelStep.SPARED: 1,
        FunnelStep.RUNNING: 1,
        FunnelStep.UNKNOWN: 1,
    }
    assert shown(table(counted(people), "funnel"))["bericht geopend"] == ["niet gemeten"]


def test_two_days_are_compared_in_points() -> None:
    before = some(2, Word.SAME_SECTOR) + some(6, UnknownReason.NOT_ASKED_YET)
    now = some(5, Word.SAME_SECTOR) + some(3, UnknownReason.NO_ANSWER)
    found = shown(table(counted(now, earlier=date(2025, 3, 31), before=before), "comparison"))
    assert found["gestart"] == ["8", "", "8", "", ""]
    assert found["nieuwe job"] == ["2", "25,0 %", "5", "62,5 %", "+37,5"]
    assert found["onbekend"] == ["6", "75,0 %", "3", "37,5 %", "−37,5"]


def test_a_small_number_is_not_shown_to_others_in_any_table() -> None:
    people = (
        some(3, Word.SAME_SECTOR, agency="SBS") + some(9, Word.ILL, agency="SBS") + some(8, Word.ILL, agency="Hura")
    )
    of = counted(people, by=Grouping.AGENCY, discreet=True, earlier=START, before=people)
    cells = [cell for one in tables(of, DUTCH) for row in one.rows for cell in row.cells if isinstance(cell, int)]
    assert [cell for cell in cells if 0 < cell < 5] == []
    assert not [sentence for sentence in sentences(of, DUTCH) if "(3)" in sentence]


def test_reasons_are_not_told_to_others_when_one_is_small() -> None:
    people = some(9, UnknownReason.NO_ANSWER) + some(2, UnknownReason.NO_CONSENT) + some(9, Word.SAME_SECTOR)
    said = sentences(counted(people, discreet=True, year=2023), DUTCH)
    assert "Van 55,0\u00a0% (11) is het niet geweten." in said


@pytest.mark.parametrize("language", [Language.FRENCH, Language.ENGLISH])
def test_every_language_says_the_same_things_with_the_same_places(language: Language) -> None:
    dutch, other = texts(Language.DUTCH), texts(language)
    assert {name: list(group) for name, group in dutch.items()} == {name: list(group) for name, group in other.items()}
    for name, group in dutch.items():
        for key, text in group.items():
            assert _places(text) == _places(other[name][key]), f"{name}.{key}"


def _places(text: str) -> set[str]:
    return {part.split("}")[0] for part in text.split("{")[1:]}


def test_a_list_holds_every_share_in_parts() -> None:
    rows = list(lines.reader(io.StringIO(csv(counted(PRINTED), DUTCH).decode("utf-8-sig")), delimiter=";"))
    assert ["Uitkomsten", "nieuwe job, zelfde sector", "% van allen", "34,9", "702", "2010"] in rows
