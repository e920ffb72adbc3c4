"""When guidance stood still for a new job, told by a journal or by two: worked cases, day by day."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from models.messages.standstills import Standstills

Told = tuple[str, int, dict[str, Any]]
MOVED = 20
"""The moment at which another fund went on."""


def says(fact: str, on: str, at: int = 1, **values: str) -> Told:
    return "reported", at, {"fact": fact, "on": f"2024-{on}", "values": values}


def stops(because: str = "new_job") -> Told:
    return "clock_stopped", 1, {"because": because}


def goes_on(days: int) -> Told:
    return "clock_resumed", 1, {"days": days}


def again(*told: Told) -> tuple[Told, ...]:
    """As a dossier that goes on says it at its first moment."""
    return says("taken_over", "06-03", MOVED), *((kind, MOVED, data) for kind, _, data in told if kind == "reported")


BEGUN, JOB, LOST = says("guidance_started", "02-05"), says("new_job", "03-01"), says("job_lost", "05-01")
ONCE = (BEGUN, JOB, stops(), LOST, goes_on(61))
LATER = says("new_job", "03-20")
MOVED_ON = (BEGUN, JOB, stops(), LATER, LOST, goes_on(42))
SECOND = (says("new_job", "07-01"), stops())


@pytest.mark.parametrize(
    ("told", "held"),
    [
        pytest.param((BEGUN, JOB), [], id="no clock stood still"),
        pytest.param((BEGUN, JOB, stops("ANT-2024-W-000001/offer/1"), goes_on(3)), [], id="a clock for a question"),
        pytest.param((BEGUN, JOB, stops()), ["03-01 -"], id="the person works"),
        pytest.param(ONCE, ["03-01 04-30"], id="until the day before the loss"),
        pytest.param((BEGUN, JOB, stops(), says("job_lost", "03-01"), goes_on(0)), ["03-01 03-01"], id="one day"),
        pytest.param((BEGUN, JOB, JOB, stops(), LOST, goes_on(61)), ["03-01 04-30"], id="told twice"),
        pytest.param((BEGUN, says("new_job", "02-01"), stops(), LOST, goes_on(86)), ["02-05 04-30"], id="before"),
        pytest.param((*ONCE, *SECOND), ["03-01 04-30", "07-01 -"], id="a second job"),
        pytest.param((BEGUN, JOB, stops(), LATER), ["03-20 -"], id="begun later, as was told"),
        pytest.param(MOVED_ON, ["03-20 04-30"], id="begun later, then lost"),
        pytest.param((BEGUN, LATER, stops(), JOB, LOST, goes_on(61)), ["03-01 04-30"], id="begun earlier"),
        pytest.param((BEGUN, JOB, stops(), LATER, LOST, goes_on(61)), ["03-01 04-30"], id="in an older story"),
        pytest.param((*MOVED_ON, *SECOND), ["03-20 04-30", "07-01 -"], id="begun later, and a second job"),
        pytest.param(
            (BEGUN, JOB, stops(), says("job_lost", "03-05"), LATER, LOST, goes_on(42)),
            ["03-20 04-30"],
            id="a loss that was not followed",
        ),
        pytest.param(
            (BEGUN, JOB, stops(), says("facts_corrected", "04-01", started_on="2024-03-11"), LOST, goes_on(61)),
            ["03-01 04-30"],
            id="a first day put right meanwhile",
        ),
        pytest.param(again(*ONCE), ["03-01 04-30"], id="said again elsewhere"),
        pytest.param(again(*MOVED_ON), ["03-20 04-30"], id="begun later, said again elsewhere"),
        pytest.param((*again(BEGUN, JOB), LOST, goes_on(61)), ["03-01 04-30"], id="lost at the other fund"),
        pytest.param((*MOVED_ON, *again(*MOVED_ON), *SECOND), ["03-20 04-30", "07-01 -"], id="both journals"),
        pytest.param((BEGUN, JOB, stops(), *again(BEGUN, JOB), LOST, goes_on(61)), ["03-01 04-30"], id="both, working"),
    ],
)
def test_guidance_stands_still_from_a_new_job_to_its_loss(told: tuple[Told, ...], held: list[str]) -> None:
    found = Standstills()
    for kind, at, data in told:
        found.take(kind, datetime(2024, 6, at, tzinfo=UTC), data)
    days = [f"{first:%m-%d} {last:%m-%d}" if last else f"{first:%m-%d} -" for first, last in found.held]
    assert days == held
    assert [one for one in found.held if one[1]] == list(found.over)


def test_the_first_day_is_the_one_that_was_put_right_last() -> None:
    found = Standstills()
    starts = []
    wrong = says("facts_corrected", "03-01", started_on="2024-02-01")
    for kind, at, data in (wrong, BEGUN, wrong, says("facts_corrected", "03-02", birth_year="1970")):
        found.take(kind, datetime(2024, 6, at, tzinfo=UTC), data)
        starts.append(found.started_on and f"{found.started_on:%m-%d}")
    assert starts == [None, "02-05", "02-01", "02-01"]
