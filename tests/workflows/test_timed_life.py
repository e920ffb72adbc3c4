"""The life that `make bench` times comes to its end."""

from __future__ import annotations

from benchmarks import product
from models.messages.words import Outcome
from tests.workflows.conftest import House


async def test_a_timed_life_closes_with_its_money_paid(house: House) -> None:
    await product.add_staff(house.engine)
    starter = product.SurveyAtOnce(house.client, house.engine, house.settings.temporal_task_queue)
    seen: list[float] = []
    number = await product.live(house.client, starter, house.engine, seen)
    (row,) = await house.rows("SELECT outcome, paid, granted FROM dossier WHERE number = :number", number=number)
    assert (row["outcome"], row["paid"]) == (Outcome.GRANTED, row["granted"])
    assert len(seen) == 2, "two tasks followed another"
