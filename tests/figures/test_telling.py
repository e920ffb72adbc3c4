"""What others than the fund get to see tells nothing that is hidden: tables, files, drawings, sentences, headline."""

from __future__ import annotations

import csv as lines
import io
import json
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook  # type: ignore[import-untyped]

from commands.figures import told as as_json
from figures import charts, report, sheets
from figures.counting import FunnelStep, Grouping, Share, Tally
from figures.hiding import FEWEST
from figures.people import Known, Moment, Person
from figures.sentences import sentences
from figures.tables import Counted, Table, glance, tables
from figures.telling import JOB, OTHERS, PARTS, REST, UNKNOWN, told, told_of_steps
from models.messages.words import FollowUpOutcome as Word
from models.messages.words import UnknownReason
from tests.figures.test_tables import DUTCH, START, counted, one, some, table

CODES = [code for part in PARTS for code in part]
FORTY_NINE = some(43, Word.SAME_SECTOR) + some(3, Word.ILL) + some(3, UnknownReason.NO_ANSWER)


def small(number: int) -> bool:
    return 0 < number < FEWEST


@given(st.lists(st.sampled_from([0, 0, 0, 1, 2, 3, 4, 5, 6, 8, 9, 12, 40]), min_size=13, max_size=13))
@settings(max_examples=300, deadline=None)
def test_no_outcome_that_is_hidden_can_be_worked_out_of_what_is_told(numbers: list[int]) -> None:
    """Each total that is told cuts the hidden numbers in parts of which the sum is known; each part has room."""
    count = dict(zip(CODES, numbers, strict=True))
    of = Tally(
        sum(numbers),
        Counter({code: count[code] for code in CODES if isinstance(code, Word)})
        | {Word.UNKNOWN: sum(count[reason] for reason in UnknownReason)},
        {reason: count[reason] for reason in UnknownReason},
        0,
    )
    shown = told(of, discreet=True)
    if small(of.people):
        assert not shown.codes
        return
    assert not [code for code in CODES if code in shown and small(count[code])]
    totals = {"new_job": {JOB}, "at_work": {JOB, OTHERS}, "unknown": {UNKNOWN}}
    cuts = [parts for name, parts in totals.items() if name in shown]
    pieces: dict[tuple[bool, ...], list[Any]] = {}
    for part in (JOB, OTHERS, REST, UNKNOWN):
        pieces.setdefault(tuple(part in cut for cut in cuts), []).extend(PARTS[part])
    for codes in pieces.values():
        assert not small(sum(count[code] for code in codes)), "what is left of the totals is no small number"
        covered = [count[code] for code in codes if code not in shown]
        if covered:
            everything = len(covered) == len(codes) == len(CODES)
            assert everything or (len(covered) > 1 and sum(covered) >= max(2 * FEWEST, len(covered) + FEWEST))


STEPS = st.lists(st.sampled_from([0, 0, 1, 2, 3, 4, 6, 9, 30]), min_size=6, max_size=6)


@given(STEPS, st.lists(st.floats(0, 1), min_size=4, max_size=4), st.integers(0, 6))
@settings(max_examples=300, deadline=None)
def test_no_step_that_is_hidden_can_be_worked_out(answers: list[int], parts: list[float], later: int) -> None:
    reached = sum(answers)
    asked = round(reached * parts[0])
    ends = [
        step for step in FunnelStep if step.name.endswith("ANSWERED") or step.name in {"SPARED", "RUNNING", "UNKNOWN"}
    ]
    steps = {
        FunnelStep.REACHED: reached,
        FunnelStep.ASKED: asked,
        FunnelStep.DELIVERED: round(asked * parts[1]),
        FunnelStep.AGENCY_ASKED: round(reached * parts[2]),
        FunnelStep.PHONED: round(reached * parts[3]),
        **dict(zip(ends, answers, strict=True)),
    }
    shown = told_of_steps(steps, reached + later)
    assert not [step for step in shown if small(steps[step]) or (small(reached - steps[step]) and step not in ends)]
    assert not shown or not small(later)
    if FunnelStep.DELIVERED in shown:
        assert FunnelStep.ASKED in shown
        assert not small(asked - steps[FunnelStep.DELIVERED])
    covered = [steps[step] for step in ends if step not in shown]
    if shown and covered:
        assert len(covered) == len(ends) or (len(covered) > 1 and sum(covered) >= max(10, len(covered) + FEWEST))


@st.composite
def crowds(draw: Any) -> list[Person]:
    """Some people of two agencies, each asked at the end."""
    found = []
    for agency in ("SBS", "Hura", "RiseSmart"):
        for code in draw(st.lists(st.sampled_from(CODES), max_size=4)):
            known = Known(Word.UNKNOWN, code) if isinstance(code, UnknownReason) else Known(code, told_by="participant")
            asked = Moment("end", True, draw(st.booleans()), False, False, known)
            job = START + timedelta(days=draw(st.integers(1, 90))) if code in PARTS[JOB] else None
            more = {"moments": (asked,), "job_on": job, "agency": agency}
            found += [one(known, **more)] * draw(st.sampled_from([1, 2, 3, 4, 5, 9, 20]))
    return found


@given(crowds(), st.sampled_from(["latest", "end"]))
@settings(max_examples=40, deadline=None)
def test_no_small_number_stands_in_any_table_nor_what_is_left_of_it(people: list[Person], moment: str) -> None:
    of = counted(people, by=Grouping.AGENCY, discreet=True, moment=moment, earlier=START, before=people)
    unknown_told = dict(glance(of))["unknown"] is not None
    for made in tables(of, DUTCH):
        cells = [cell for row in made.rows for cell in row.cells]
        assert not [cell for cell in cells if isinstance(cell, int) and small(cell)]
        for share in (cell for cell in cells if isinstance(cell, Share)):
            assert not small(share.numerator)
            assert not small(share.denominator)
            assert unknown_told or share.denominator in (len(people), *groups_shown(made))
    assert not [said for said in sentences(of, DUTCH) for number in range(1, FEWEST) if f"({number})" in said]


def groups_shown(made: Table) -> list[Any]:
    return [row.cells[0] for row in made.rows] if made.code == "groups" else []


@given(crowds())
@settings(max_examples=40, deadline=None)
def test_groups_add_up_to_their_total_without_telling_what_is_hidden(people: list[Person]) -> None:
    """A total that is told never misses one group alone; what is hidden of all is hidden of every group."""
    of = counted(people, by=Grouping.AGENCY, discreet=True)
    if not tables(of, DUTCH):
        return
    *rows, total = table(of, "groups").rows
    for column in (2, 6):
        hidden_cells = [row for row in rows if row.cells[column] is None]
        if total.cells[column] is None:
            assert len(hidden_cells) == len(rows)
        else:
            assert len(hidden_cells) != 1


def drawn(of: Counted) -> dict[str, str]:
    return {code: chart.svg for code, chart in charts.charts(of, tables(of, DUTCH), DUTCH).items()}


def test_nothing_is_drawn_beside_a_table_that_hides_a_number() -> None:
    of = counted(FORTY_NINE, discreet=True)
    assert drawn(of) == {}
    assert set(drawn(counted(FORTY_NINE))) == {"outcomes", "groups"}
    plenty = counted(some(30, Word.SAME_SECTOR) + some(20, UnknownReason.NO_ANSWER), discreet=True)
    assert set(drawn(plenty)) == {"outcomes"}


def test_the_report_says_why_there_is_no_drawing() -> None:
    made = report.letter(counted(FORTY_NINE, discreet=True), DUTCH).content["tables"]
    first = next(one for one in made if one["title"] == "Uitkomsten")
    assert first["chart"] == ""
    assert first["about"].endswith("Hier staat geen grafiek: ze zou verraden wat verborgen is.")
    told_to_the_fund = report.letter(counted(FORTY_NINE), DUTCH).content["tables"]
    assert "geen grafiek" not in str(told_to_the_fund)


def test_files_and_programs_get_no_number_of_whom_it_is_known_when_that_tells_of_whom_not() -> None:
    of = counted(FORTY_NINE, discreet=True)
    rows = list(lines.reader(io.StringIO(sheets.csv(of, DUTCH).decode("utf-8-sig")), delimiter=";"))
    assert {row[5] for row in rows if len(row) > 5 and row[5].isdigit()} == {"49"}
    assert {row[4] for row in rows if len(row) > 5 and row[4].isdigit()} <= {"0", "49"}
    book = load_workbook(io.BytesIO(sheets.xlsx(of, DUTCH)))
    values = {cell.value for sheet in book.worksheets for row in sheet.iter_rows() for cell in row}
    assert not values & {3, 6.1, 43, 46, 87.8, 93.5, 93.9}
    said = as_json(of, DUTCH)
    assert (said["started"], said["new_job"], said["unknown"], said["unknown_by_reason"]) == (49, None, None, None)
    assert '"numerator": 3,' not in json.dumps(said, default=str)
    assert list(sentences(of, DUTCH)) == ["In 2024 zijn bij mtech+ Antwerpen vzw 49 mensen gestart met outplacement."]


def test_the_reasons_are_hidden_two_by_two_under_the_total_that_is_told() -> None:
    people = some(40, Word.SAME_SECTOR) + some(9, UnknownReason.NO_ANSWER) + some(2, UnknownReason.NO_CONSENT)
    of = counted([*people, *some(20, UnknownReason.CONTACT_LOST)], discreet=True)
    cells = {row.label: row.cells[0] for row in table(of, "outcomes").rows}
    assert cells["onbekend: geen antwoord"] is None
    assert cells["onbekend: geen toestemming"] is None
    assert (cells["onbekend: contact verloren"], cells["nieuwe job, zelfde sector"]) == (20, 40)
    assert dict(glance(of))["unknown"] == Share(31, 71)


def test_who_works_is_hidden_when_it_tells_who_has_another_job_than_a_new_one() -> None:
    people = some(40, Word.SAME_SECTOR) + some(2, Word.SELF_EMPLOYED) + some(30, Word.JOB_SEEKING)
    seen = dict(glance(counted(people, discreet=True)))
    assert (seen["new_job"], seen["at_work"]) == (Share(40, 72), None)


def test_the_funnel_does_not_give_its_small_step_away() -> None:
    def came(count: int, word: Word, by: str) -> list[Person]:
        known = Known(word, UnknownReason.NO_ANSWER if word is Word.UNKNOWN else None, by)
        return [one(known, moments=(Moment("end", True, True, False, True, known),))] * count

    people = came(40, Word.ILL, "participant") + came(7, Word.ILL, "staff") + came(2, Word.UNKNOWN, "staff")
    of = counted(people, discreet=True)
    cells = {row.code: row.cells[0] for row in table(of, "funnel").rows}
    assert cells["reached"] == 49
    assert [code for code in ("answered", "phone_answered", "unknown") if cells[code] is None] == [
        "answered",
        "phone_answered",
        "unknown",
    ]
    chosen = counted(people, discreet=True, moment="end")
    assert {row.cells[0] for row in table(chosen, "funnel").rows} == {None, "niet gemeten"}


def test_a_month_is_told_when_enough_people_found_a_job_since_the_last_that_is() -> None:
    found = [one(Known(Word.SAME_SECTOR), job_on=START + timedelta(days=days)) for days in (20, 50, 50, 80, 80, 80)]
    people = [*found, *some(30, Word.SAME_SECTOR, job_on=START + timedelta(days=300)), *some(20, Word.ILL)]
    cells = {row.code: row.cells[:2] for row in table(counted(people, discreet=True), "survival").rows}
    assert (cells["1"], cells["2"], cells["3"]) == ((None, None), (None, None), (50, 6))


def test_small_groups_stand_together() -> None:
    sizes = {"SBS": 20, "Hura": 12, "Travvant": 3, "RiseSmart": 2}
    people = [person for agency, size in sizes.items() for person in some(size, Word.ILL, agency=agency)]
    made = table(counted(people, by=Grouping.AGENCY, discreet=True), "groups")
    assert [(row.label, row.cells[0]) for row in made.rows] == [("SBS", 20), ("andere", 17), ("Allen samen", 37)]


@pytest.mark.parametrize("size", [1, 4])
def test_of_fewer_than_five_people_nothing_is_told_but_that(size: int) -> None:
    of = counted(some(size, Word.ILL), discreet=True)
    assert tables(of, DUTCH) == ()
    assert sentences(of, DUTCH) == (
        "In 2024 zijn bij mtech+ Antwerpen vzw minder dan 5 mensen gestart met outplacement.",
    )
    assert {cell for _, cell in glance(of)} == {None}
