"""What can have been in a month of guidance, and what cannot, with the field that is wrong."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemes.guided_hours import Course, HoursFault, Registration, faults, last_day, possible_days

MAY = date(2024, 5, 1)
RUNNING = Course(today=date(2024, 6, 3), started_on=date(2024, 2, 5))


def typed(**changed: Any) -> Registration:
    return Registration(**{"month": MAY, "hours": Decimal("7.5"), "sessions": 3} | changed)


def test_a_month_that_can_have_been_has_no_faults() -> None:
    assert faults(typed(), RUNNING) == {}
    assert faults(typed(hours=Decimal(0), sessions=0), RUNNING) == {}


@pytest.mark.parametrize(
    ("changed", "course", "field", "fault"),
    [
        pytest.param({"hours": Decimal("-0.5")}, {}, "hours", HoursFault.NEGATIVE, id="negative hours"),
        pytest.param({"hours": Decimal("744.01")}, {}, "hours", HoursFault.TOO_MANY, id="25 hours in a day"),
        pytest.param({"hours": Decimal("7.505")}, {}, "hours", HoursFault.TOO_FINE, id="parts of a minute"),
        pytest.param({"sessions": 0}, {}, "sessions", HoursFault.NO_SESSIONS, id="hours without a session"),
        pytest.param({"hours": Decimal(0)}, {}, "hours", HoursFault.NO_HOURS, id="a session without hours"),
        pytest.param({"sessions": -1}, {}, "sessions", HoursFault.SESSIONS, id="negative sessions"),
        pytest.param({"sessions": 201}, {}, "sessions", HoursFault.SESSIONS, id="too many sessions"),
        pytest.param({"month": date(2024, 7, 1)}, {}, "month", HoursFault.FUTURE, id="a month to come"),
        pytest.param({"month": date(2024, 1, 1)}, {}, "month", HoursFault.BEFORE_START, id="before the start"),
        pytest.param({}, {"ended_on": date(2024, 4, 30)}, "month", HoursFault.AFTER_END, id="after the end"),
        pytest.param({}, {"started_on": None}, "first_on", HoursFault.NOT_STARTED, id="nothing began"),
        pytest.param(
            {"first_on": date(2024, 4, 30)}, {}, "first_on", HoursFault.FIRST_ELSEWHERE, id="a talk in another month"
        ),
        pytest.param(
            {"first_on": date(2024, 5, 9)},
            {"started_on": date(2024, 5, 10)},
            "first_on",
            HoursFault.FIRST_BEFORE_START,
            id="a talk before the start",
        ),
        pytest.param(
            {"first_on": date(2024, 5, 9)},
            {"started_on": None, "today": date(2024, 5, 8)},
            "first_on",
            HoursFault.FIRST_FUTURE,
            id="a talk to come",
        ),
    ],
)
def test_what_cannot_have_been_names_its_field(
    changed: dict[str, Any], course: dict[str, Any], field: str, fault: HoursFault
) -> None:
    assert faults(typed(**changed), RUNNING.model_copy(update=course)) == {field: fault}


@pytest.mark.parametrize(
    ("course", "days"),
    [
        pytest.param({}, 31, id="a whole month"),
        pytest.param({"started_on": date(2024, 5, 30)}, 2, id="began on the last but one day"),
        pytest.param({"ended_on": date(2024, 5, 1)}, 1, id="ended on the first day"),
        pytest.param({"today": date(2024, 5, 3)}, 3, id="the month still runs"),
        pytest.param({"started_on": date(2024, 6, 1)}, 0, id="began after it"),
    ],
)
def test_hours_fit_in_the_days_of_the_guidance(course: dict[str, Any], days: int) -> None:
    lived = RUNNING.model_copy(update=course)
    assert possible_days(typed(), lived) == days
    if days:
        assert "hours" not in faults(typed(hours=Decimal(24 * days)), lived)
        assert faults(typed(hours=Decimal(24 * days) + Decimal("0.01")), lived)["hours"] is HoursFault.TOO_MANY


def test_a_first_talk_begins_the_guidance() -> None:
    waiting = Course(today=date(2024, 5, 20))
    assert faults(typed(first_on=date(2024, 5, 14)), waiting) == {}


def test_a_running_month_is_told_until_today() -> None:
    assert last_day(typed(), RUNNING) == date(2024, 5, 31)
    assert last_day(typed(), Course(today=date(2024, 5, 20))) == date(2024, 5, 20)


def test_the_month_in_which_the_guidance_ended_is_told_until_that_day() -> None:
    ended = Course(today=date(2024, 6, 3), started_on=date(2024, 2, 5), ended_on=date(2024, 5, 5))
    assert last_day(typed(), ended) == date(2024, 5, 5)
    assert last_day(typed(), ended.model_copy(update={"ended_on": date(2024, 6, 1)})) == date(2024, 5, 31)


@given(
    month=st.dates(date(2023, 1, 1), date(2025, 12, 31)).map(lambda day: day.replace(day=1)),
    hours=st.decimals(allow_nan=True, allow_infinity=True, places=None) | st.decimals(0, 900, places=2),
    sessions=st.integers(-3, 400),
    first_on=st.none() | st.dates(date(2023, 1, 1), date(2025, 12, 31)),
    started_on=st.none() | st.dates(date(2023, 1, 1), date(2025, 12, 31)),
)
def test_what_has_no_faults_is_heard(
    month: date, hours: Decimal, sessions: int, first_on: date | None, started_on: date | None
) -> None:
    told = Registration.model_construct(month=month, hours=hours, sessions=sessions, first_on=first_on)
    course = Course(today=date(2024, 9, 16), started_on=started_on)
    if not faults(told, course):
        assert told.told().first_day == month
