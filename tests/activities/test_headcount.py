"""The headcount of an employer: all its establishments of the fund on 30 September, or nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

import receipts
from activities.grants import Grants
from database import transaction
from models.messages.headcounts import CompanyYear
from models.messages.words import Fund
from models.tables import Employer, HeadcountRow
from tests.workflows.subsidies import training

DAY = date(2026, 9, 30)
EARLIER, LATER = date(2025, 9, 30), date(2027, 9, 30)
COMPANY = "0417497106"


Heads = dict[date, tuple[int, int]]


def place(number: int, heads: Heads, **changed: Any) -> tuple[dict[str, Any], Heads]:
    row = {
        "establishment_number": f"2{number:09d}",
        "enterprise_number": COMPANY,
        "fund": Fund.ANTWERPEN,
        "name": "Snuvotron",
        "postcode": "2000",
        "municipality": "Antwerpen",
        "headcount_on": max(heads),
        "stopped_on": None,
        "language": "nl",
    }
    return row | changed, heads


def now(workers: int, employees: int) -> Heads:
    return {DAY: (workers, employees)}


async def counted(engine: AsyncEngine, *places: tuple[dict[str, Any], Heads]) -> tuple[int | None, int | None]:
    application = receipts.Application(
        idempotency_key="one",
        fund=Fund.ANTWERPEN,
        facts=training(),
        enterprise_number=COMPANY,
        received_at=datetime(2027, 3, 1, 9, tzinfo=UTC),
    )
    async with transaction(engine) as connection:
        number, _ = await receipts.write(connection, application)
        for row, heads in places:
            await connection.execute(insert(Employer), row)
            for day, (workers, employees) in heads.items():
                told = {"counted_on": day, "workers": workers, "employees": employees}
                told["establishment_number"] = row["establishment_number"]
                await connection.execute(insert(HeadcountRow), told)
    found = await Grants(engine).headcount(CompanyYear(number=number, year=2027))
    assert found.year == 2027
    return found.workers, found.employees


ELSEWHERE = {"fund": Fund.LIMBURG}
OTHER = {"enterprise_number": "0403170701"}


@pytest.mark.parametrize(
    ("places", "heads"),
    [
        pytest.param([place(1, now(4, 3))], (4, 3), id="one establishment"),
        pytest.param([place(1, now(4, 3)), place(2, now(10, 0))], (14, 3), id="two establishments"),
        pytest.param(
            [place(1, now(4, 3)), place(2, now(10, 0), **ELSEWHERE)], (4, 3), id="another fund counts its own"
        ),
        pytest.param([place(1, now(4, 3)), place(2, now(10, 0), **OTHER)], (4, 3), id="another employer"),
        pytest.param([place(1, now(4, 3), stopped_on=date(2026, 12, 1))], (4, 3), id="stopped after the day"),
        pytest.param([place(1, now(4, 3)), place(2, now(9, 9), stopped_on=DAY)], (4, 3), id="one had stopped"),
        pytest.param([], (None, None), id="nobody knows the employer"),
        pytest.param([place(1, {EARLIER: (4, 3)})], (None, None), id="of another year"),
        pytest.param([place(1, now(4, 3)), place(2, {EARLIER: (1, 1)})], (None, None), id="one of another year"),
        pytest.param([place(1, {EARLIER: (9, 9), **now(4, 3), LATER: (7, 7)})], (4, 3), id="its own of three years"),
        pytest.param([place(1, now(0, 0))], (0, 0), id="counted and nobody"),
    ],
)
async def test_heads_are_summed_over_the_establishments_of_the_fund(
    engine: AsyncEngine, places: list[tuple[dict[str, Any], Heads]], heads: tuple[int | None, int | None]
) -> None:
    assert await counted(engine, *places) == heads
