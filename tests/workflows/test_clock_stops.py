"""The days on which the clock of the fund stands still are given back, and not one day more."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from models.messages.words import Document, Party
from tests.workflows.subsidies import FILED, PROOF, Subsidy, apply, training


@pytest.fixture
def house(shared_house: Any) -> Any:
    return shared_house


async def asked(house: Any) -> Subsidy:
    """Received on Monday 4 March 2024 and asked for its invoice at once; staff has until Monday 18 March."""
    play = await apply(house, training(5, documents=PROOF - {Document.INVOICE}))
    await play.awaits("applicant", "completion")
    return play


@pytest.mark.parametrize(
    ("answered", "stood_still", "due"),
    [
        pytest.param(FILED, 0, date(2024, 3, 18), id="the same day"),
        pytest.param(date(2024, 3, 5), 1, date(2024, 3, 18), id="the next day: the day of the receipt never counted"),
        pytest.param(date(2024, 3, 6), 2, date(2024, 3, 19), id="one working day"),
        pytest.param(date(2024, 3, 9), 5, date(2024, 3, 22), id="on a Saturday"),
        pytest.param(date(2024, 3, 11), 7, date(2024, 3, 22), id="over a weekend"),
    ],
)
async def test_the_day_on_which_the_answer_comes_counts_again(
    house: Any, answered: date, stood_still: int, due: date
) -> None:
    play = await asked(house)
    await play.moves(answered)
    await play.says("completion", Party.APPLICANT, Document.INVOICE)
    assert await play.due("review") == due
    (resumed,) = await play.events("clock_resumed")
    assert resumed["data"]["days"] == stood_still


async def test_a_clock_that_stood_still_twice_gives_back_both(house: Any) -> None:
    play = await asked(house)
    await play.moves(date(2024, 3, 6))
    await play.says("completion", Party.APPLICANT, Document.INVOICE)
    await play.does("review", "ANT-handler-1", "ask", reasons=("unclear",))
    await play.awaits("applicant", "clarification")
    await play.moves(date(2024, 3, 8))
    await play.says("clarification", Party.APPLICANT)
    await play.awaits("staff", "review")
    assert [event["data"]["days"] for event in await play.events("clock_resumed")] == [2, 2]
    assert await play.due("review") == date(2024, 3, 21), "5, 6 and 7 March stood still"
