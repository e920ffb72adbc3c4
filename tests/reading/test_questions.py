"""What is asked of an agency, and hours by phase, when the answers come late, in months, or never."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from reading.asked_of_agency import known_since, standing
from reading.guided import hours_of, said_since_asked

AT = datetime(2024, 4, 4, 22, 30, tzinfo=UTC)
"""Half past midnight on 5 April in Brussels: the phase ended on the fourth."""


def told(kind: str, **data: Any) -> Any:
    return SimpleNamespace(type=kind, data=data, at=AT)


def asked(name: str, **more: str) -> Any:
    return told("request_opened", request=f"J/{name}", code=name.split("/")[0], **more)


def lapsed(name: str) -> Any:
    return told("request_lapsed", request=f"J/{name}", code=name.split("/")[0])


def kept(code: str, **values: str) -> Any:
    return told("answer_kept", code=code, values=values)


def answered(name: str, **values: str) -> Any:
    return told("request_answered", request=f"J/{name}", code=name.split("/")[0], values=values)


def phase(number: int) -> Any:
    return told("phase_entered", phase=f"guidance_{number}")


FIRST = (phase(1), asked("hours/1"), lapsed("hours/1"), phase(2))
SECOND = (asked("hours/2"), lapsed("hours/2"), phase(3))


@pytest.mark.parametrize(
    ("events", "hours"),
    [
        pytest.param((*FIRST, kept("hours", hours="20", phase="guidance_1")), {1: 20}, id="late, with its phase"),
        pytest.param((*FIRST, kept("hours", hours="20")), {1: 20}, id="late, in an older story"),
        pytest.param((phase(1), kept("hours", hours="20")), {1: 20}, id="before it was asked"),
        pytest.param(
            (phase(1), phase(2), asked("hours/1"), phase(3), answered("hours/1", hours="8")),
            {2: 8},
            id="first question",
        ),
        pytest.param(
            (*FIRST, *SECOND, kept("hours", hours="9", phase="guidance_2"), kept("hours", hours="20")),
            {1: 20, 2: 9},
            id="each to its own",
        ),
        pytest.param((*FIRST, kept("hours", hours="-3"), kept("hours", hours="NaN")), {}, id="no number"),
    ],
)
def test_hours_are_of_the_phase_about_which_they_were_asked(events: tuple[Any, ...], hours: dict[int, int]) -> None:
    found = {int(one.phase[-1]): one.hours for one in hours_of(list(events))}
    assert found == {number: Decimal(told) for number, told in hours.items()}


def left(events: tuple[Any, ...], *rows: tuple[str, str], **known: Any) -> list[str]:
    """The questions that are left, of these with their state, in the order in which they were asked."""
    asked_of = [
        SimpleNamespace(
            request=f"J/{name}",
            code=name.split("/")[0],
            state=state,
            until=date(2024, 4, 20),
            opened_at=AT + timedelta(days=place),
        )
        for place, (name, state) in enumerate(rows)
    ]
    months = [SimpleNamespace(told_on=day) for day in known.get("months", ())]
    since = known_since(list(events), months, known.get("ended_on"))
    return [one.request for one in standing(asked_of, closed=False, known=since)]


def test_a_question_that_was_answered_late_is_asked_no_more() -> None:
    assert left(FIRST, ("hours/1", "lapsed")) == ["J/hours/1"]
    assert left((*FIRST, kept("hours", hours="20", phase="guidance_1")), ("hours/1", "lapsed")) == []
    assert left((*FIRST, kept("start", started_on="2024-02-05")), ("hours/1", "lapsed")) == ["J/hours/1"]
    silent = (asked("agency_outcome/1", moment="end"), lapsed("agency_outcome/1"))
    of_earlier = kept("agency_outcome", outcome="werkzoekend", moment="phase_1")
    assert left((*silent, of_earlier), ("agency_outcome/1", "lapsed")) == ["J/agency_outcome/1"]
    of_this = kept("agency_outcome", outcome="werkzoekend", moment="end")
    assert left((*silent, of_this), ("agency_outcome/1", "lapsed")) == []
    of_no_moment = (asked("agency_outcome/1"), lapsed("agency_outcome/1"))
    assert left((*of_no_moment, of_this), ("agency_outcome/1", "lapsed")) == []


def test_hours_that_were_registered_up_to_the_end_of_the_phase_are_asked_no_more() -> None:
    days = {date(2024, 4, 3): ["J/hours/1"], date(2024, 4, 4): [], date(2024, 4, 30): []}
    for day, asked_still in days.items():
        assert left(FIRST, ("hours/1", "lapsed"), months=[day]) == asked_still
    assert left(FIRST, ("hours/1", "lapsed"), months=[date(2024, 3, 20)], ended_on=date(2024, 3, 20)) == []


def test_a_question_after_which_another_was_taken_back_is_asked_no_more() -> None:
    assert left((), ("agency_outcome/1", "lapsed"), ("agency_outcome/2", "cancelled")) == []
    assert left((), ("agency_outcome/1", "cancelled"), ("agency_outcome/2", "lapsed")) == ["J/agency_outcome/2"]


def test_a_question_about_hours_asks_nobody_anew_what_became_of_the_person() -> None:
    said = (asked("agency_outcome/1"), answered("agency_outcome/1", outcome="werkzoekend"), asked("hours/2"))
    assert said_since_asked(list(said)) == {"werkzoekend"}
