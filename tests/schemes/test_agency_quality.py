"""What is counted of an agency, worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from models.messages.words import FollowUpOutcome, Outcome, UnknownReason
from schemes.agency_quality import Closing, Followed, Month, Question, of_period, quality, spread
from schemes.deadlines import Suspension
from schemes.regimes import Regime

DAY = date(2024, 12, 31)
BEGAN = date(2024, 2, 5)


def person(number: int = 1, **changed: Any) -> Followed:
    values: dict[str, Any] = {
        "number": f"ANT-2024-J-{number:06}",
        "agency": "RiseSmart",
        "accepted_on": date(2024, 1, 26),
        "started_on": BEGAN,
        "regime": Regime.SPECIAL_45_PLUS,
    }
    return Followed(**values | changed)


def month(hours: str, first: date, last: date, told_on: date = DAY) -> Month:
    return Month(hours=Decimal(hours), first=first, last=last, told_on=told_on)


@pytest.mark.parametrize(
    ("days", "median", "late"),
    [
        pytest.param([], None, None, id="nobody"),
        pytest.param([7], 7, 7, id="one"),
        pytest.param([9, 1], 1, 9, id="half of two is one"),
        pytest.param([3, 1, 2], 2, 3, id="three"),
        pytest.param(list(range(1, 11)), 5, 9, id="nine of ten"),
        pytest.param([1] * 9 + [100], 1, 1, id="the slowest tenth is not counted"),
    ],
)
def test_half_and_nine_tenths_are_days_that_somebody_needed(days: list[int], median: int | None, late: int) -> None:
    assert spread(days) == (len(days), median, late)


def test_the_first_talk_counts_from_the_acceptance_and_goes_before_the_start_that_was_told() -> None:
    people = [
        person(1),
        person(2, first_on=date(2024, 1, 29)),
        person(3, accepted_on=None),
        person(4, started_on=None),
        person(5, first_on=date(2024, 1, 20)),
    ]
    found = quality("RiseSmart", people, DAY)
    assert (found.started, found.waiting) == (4, 1)
    assert found.first_talk == (3, 3, 10)


def test_hours_are_held_against_each_phase_that_is_over() -> None:
    people = [
        person(1, months=(month("12", BEGAN, date(2024, 2, 29)), month("8", date(2024, 3, 1), date(2024, 3, 31)))),
        person(2, told=((1, Decimal("19.5")), (2, Decimal(20)))),
        person(3, ended_on=date(2024, 3, 1), months=(month("30", BEGAN, date(2024, 2, 29)),)),
        person(4, regime=None),
        person(5, started_on=date(2024, 12, 1)),
    ]
    first, second = quality("RiseSmart", people, DAY).phases
    assert first == (1, 2, 1, Decimal(40), Decimal("39.5"))
    assert second == (2, 2, 1, Decimal(40), Decimal(20))


def test_a_month_that_lies_in_two_phases_counts_by_its_days() -> None:
    april = month("30", date(2024, 4, 1), date(2024, 4, 30))
    first, _second = quality("RiseSmart", [person(months=(april,))], DAY).phases
    assert first.given == Decimal(5), "the first phase ends on 5 April"


def test_answers_count_with_their_days_and_silence_counts_apart() -> None:
    asked = date(2024, 4, 8)
    questions = (
        Question(asked_on=asked, answered_on=asked + timedelta(days=4)),
        Question(asked_on=asked, answered_on=asked + timedelta(days=20), lapsed=True),
        Question(asked_on=asked, lapsed=True),
        Question(asked_on=asked),
    )
    found = quality("RiseSmart", [person(questions=questions)], DAY)
    assert (found.answered, found.silent, found.open) == (2, 1, 1)
    assert found.answer_days == (2, 4, 20)


def test_everybody_who_ended_is_in_one_outcome_or_unknown_with_its_reason() -> None:
    ended = {"ended_on": date(2024, 6, 1)}
    people = [
        person(1, **ended, outcome=FollowUpOutcome.SAME_SECTOR),
        person(2, **ended, outcome=FollowUpOutcome.TRAINING),
        person(3, **ended, outcome=FollowUpOutcome.UNKNOWN, reason=UnknownReason.NO_CONSENT),
        person(4, **ended),
        person(5, outcome=FollowUpOutcome.JOB_SEEKING),
    ]
    found = quality("RiseSmart", people, DAY)
    assert found.ended == 4
    assert sum(found.outcomes.values()) + sum(found.unknown.values()) == found.ended
    assert (found.outcomes[FollowUpOutcome.SAME_SECTOR], found.unknown[UnknownReason.NOT_ASKED_YET]) == (1, 1)


def test_a_period_holds_who_accepted_in_it_else_who_began_in_it() -> None:
    people = [
        person(1),
        person(2, accepted_on=None),
        person(3, accepted_on=None, started_on=None),
        person(4, accepted_on=date(2024, 2, 6)),
    ]
    found = of_period(people, date(2024, 1, 26), BEGAN)
    assert [one.number[-1] for one in found] == ["1", "2"]


def test_an_answer_about_a_phase_counts_where_months_are_missing() -> None:
    first = month("2", BEGAN, date(2024, 2, 29))
    told = tuple((number, Decimal(20)) for number in (1, 2, 3))
    found = quality("RiseSmart", [person(months=(first,), told=told)], date(2025, 3, 1)).phases
    assert [phase.given for phase in found] == [Decimal(20)] * 3
    caught_up = (first, month("22", date(2024, 3, 1), date(2024, 3, 31)))
    assert quality("RiseSmart", [person(months=caught_up, told=told)], DAY).phases[0].given == Decimal(24)


def test_a_job_that_was_lost_in_time_moves_the_phases() -> None:
    held = (Suspension(start=date(2024, 3, 1), end=date(2024, 4, 30)),)
    last = date(2024, 6, 5)
    assert quality("RiseSmart", [person(held=held)], last).phases == ()
    [first] = quality("RiseSmart", [person(held=held)], last + timedelta(days=1)).phases
    assert (first.number, first.people) == (1, 1)


def test_a_phase_that_stands_still_for_a_job_is_not_over() -> None:
    holds = (Suspension(start=date(2024, 5, 1)),)
    assert [phase.number for phase in quality("RiseSmart", [person(held=holds)], DAY).phases] == [1]


def closed(on: date, outcome: Outcome, reason: str) -> dict[str, Any]:
    return {"closed": Closing(on=on, outcome=outcome, reason=reason)}


def test_nobody_waits_who_did_not_begin_and_no_phase_is_lived_after_the_closing() -> None:
    people = [
        person(1, started_on=None),
        person(2, started_on=None, **closed(date(2024, 2, 20), Outcome.NOT_STARTED, "deceased")),
        person(3, **closed(date(2024, 5, 2), Outcome.WITHDRAWN, "withdrawn")),
    ]
    found = quality("RiseSmart", people, DAY)
    assert (found.waiting, found.started, found.ended) == (1, 1, 1)
    assert [(phase.number, phase.people) for phase in found.phases] == [(1, 1)]
    assert found.unknown[UnknownReason.NOT_ASKED_YET] == 1


def test_a_dismissal_that_was_told_twice_counts_once() -> None:
    asked = (Question(asked_on=BEGAN),)
    twice = person(2, questions=asked, **closed(date(2024, 3, 2), Outcome.NOT_STARTED, "double"))
    assert quality("RiseSmart", [person(1), twice], DAY) == quality("RiseSmart", [person(1)], DAY)


def test_who_goes_on_at_another_fund_counts_once_and_each_phase_where_it_was_lived() -> None:
    moved_on = date(2024, 4, 20)
    here = person(1, told=((1, Decimal(20)),), **closed(moved_on, Outcome.HANDED_OVER, "other_fund"))
    there = person(2, told=((2, Decimal(18)),), taken_over_on=moved_on, met_elsewhere=True)
    found = quality("RiseSmart", [here, there], DAY)
    assert (found.started, found.first_talk.people) == (1, 1)
    assert [(phase.people, phase.given) for phase in found.phases] == [(1, Decimal(20)), (1, Decimal(18))]
    before = quality("RiseSmart", [here], DAY)
    assert (before.started, before.waiting, before.ended, len(before.phases)) == (0, 0, 0, 1)


def test_hours_that_were_registered_after_the_question_lapsed_answer_it() -> None:
    asked = date(2024, 4, 6)
    lapsed = Question(asked_on=asked, lapsed=True, phase=1)
    march, april = (date(2024, 3, 1), date(2024, 3, 31)), (date(2024, 4, 1), date(2024, 4, 30))
    too_short = person(questions=(lapsed,), months=(month("8", *march, told_on=date(2024, 5, 2)),))
    found = quality("RiseSmart", [too_short], DAY)
    assert (found.answered, found.silent) == (0, 1), "the phase lasts until 5 April"
    late = person(questions=(lapsed,), months=(month("8", *april, told_on=date(2024, 5, 6)),))
    found = quality("RiseSmart", [late], DAY)
    assert (found.answered, found.silent, found.answer_days.median) == (1, 0, 30)
