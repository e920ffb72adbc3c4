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
from models.tables import Employer
from tests.workflows.subsidies import training

DAY = date(2026, 9, 30)
COMPANY = "0417497106"


def place(number: int, workers: int, employees: int, **changed: Any) -> dict[str, Any]:
    row = {
        "establishment_number": f"2{number:09d}",
        "enterprise_number": COMPANY,
        "fund": Fund.ANTWERPEN,
        "name": "Snuvotron",
        "postcode": "2000",
        "municipality": "Antwerpen",
        "workers": workers,
        "employees": employees,
        "headcount_on": DAY,
        "stopped_on": None,
        "language": "nl",
    }
    return row | changed


async def counted(engine: AsyncEngine, *places: dict[str, Any]) -> tuple[int | None, int | None]:
    application = receipts.Application(
        idempotency_key="one",
        fund=Fund.ANTWERPEN,
        facts=training(),
        enterprise_number=COMPANY,
        received_at=datetime(2027, 3, 1, 9, tzinfo=UTC),
    )
    async with transaction(engine) as connection:
        number, _ = await receipts.write(connection, application)
        for row in places:
            await connection.execute(insert(Employer), row)
    found = await Grants(engine).headcount(CompanyYear(number=number, year=2027))
    assert found.year == 2027
    return found.workers, found.employees


ELSEWHERE = {"fund": Fund.LIMBURG}
OTHER = {"enterprise_number": "0403170701"}


@pytest.mark.parametrize(
    ("places", "heads"),
    [
        pytest.param([place(1, 4, 3)], (4, 3), id="one establishment"),
        pytest.param([place(1, 4, 3), place(2, 10, 0)], (14, 3), id="two establishments"),
        pytest.param([place(1, 4, 3), place(2, 10, 0, **ELSEWHERE)], (4, 3), id="another fund counts its own"),
        pytest.param([place(1, 4, 3), place(2, 10, 0, **OTHER)], (4, 3), id="another employer"),
        pytest.param([place(1, 4, 3, stopped_on=date(2026, 12, 1))], (4, 3), id="stopped after the day"),
        pytest.param([place(1, 4, 3), place(2, 9, 9, stopped_on=DAY)], (4, 3), id="one had stopped"),
        pytest.param([], (None, None), id="nobody knows the employer"),
        pytest.param([place(1, 4, 3, headcount_on=date(2025, 9, 30))], (None, None), id="of another year"),
        pytest.param(
            [place(1, 4, 3), place(2, 1, 1, headcount_on=date(2025, 9, 30))], (None, None), id="one of another year"
        ),
    ],
)
async def test_heads_are_summed_over_the_establishments_of_the_fund(
    engine: AsyncEngine, places: list[dict[str, Any]], heads: tuple[int | None, int | None]
) -> None:
    assert await counted(engine, *places) == heads
