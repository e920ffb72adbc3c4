"""The curve of Kaplan and Meier against a worked case of the textbooks."""

from __future__ import annotations

import pytest

from figures.survival import Step, at, curve

HAPPENED = (6, 6, 6, 7, 10, 13, 16, 22, 23)
LOST = (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
"""Weeks of remission of 21 children on 6-MP: Freireich e.a., Blood 21 (1963) 699; Kleinbaum & Klein, table 2.1."""
REMISSION = [(week, True) for week in HAPPENED] + [(week, False) for week in LOST]
WORKED = [
    (6, 21, 3, 0.857, 0.720, 1.000),
    (7, 17, 1, 0.807, 0.653, 0.996),
    (10, 15, 1, 0.753, 0.586, 0.968),
    (13, 12, 1, 0.690, 0.510, 0.935),
    (16, 11, 1, 0.627, 0.439, 0.896),
    (22, 7, 1, 0.538, 0.337, 0.858),
    (23, 6, 1, 0.448, 0.249, 0.807),
]
"""As the textbook has it, with the band that survfit of R prints for it."""


@pytest.mark.parametrize("worked", WORKED, ids=lambda row: f"week {row[0]}")
def test_the_textbook_comes_out(worked: tuple[int, int, int, float, float, float]) -> None:
    step = next(one for one in curve(REMISSION) if one.time == worked[0])
    assert (step.time, step.at_risk, step.happened) == worked[:3]
    assert (step.staying, step.low, step.high) == pytest.approx(worked[3:], abs=0.0006)


def test_there_is_a_step_only_where_something_happened() -> None:
    assert [step.time for step in curve(REMISSION)] == [row[0] for row in WORKED]


def test_of_nobody_there_is_no_curve() -> None:
    assert curve([]) == ()
    assert at((), 30) is None


def test_when_nothing_happened_there_is_no_step() -> None:
    assert curve([(10, False), (20, False)]) == ()


def test_who_is_lost_on_the_day_it_happens_to_another_is_still_counted_then() -> None:
    (step,) = curve([(5, True), (5, False), (5, True), (5, False)])
    assert (step.at_risk, step.happened, step.staying) == (4, 2, 0.5)


def test_a_curve_may_reach_the_ground() -> None:
    assert curve([(1, True), (2, True)])[-1] == Step(2, 1, 1, 0.0, 0.0, 0.0)


def test_between_two_steps_the_first_holds() -> None:
    steps = curve(REMISSION)
    assert at(steps, 12) == at(steps, 10)
    assert at(steps, 5) is None
