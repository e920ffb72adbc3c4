"""Hours that an agency registered become one row a month; what cannot be read becomes none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from activities.projections import Rows
from models.messages import events as e
from models.messages.guidance import GuidedMonth

NUMBER = "ANT-2024-J-000001"
AT = datetime(2024, 6, 3, 9, tzinfo=UTC)


@dataclass
class Told:
    sequence: int
    at: datetime
    by: str
    fact: Any


def folded(*values: dict[str, str]) -> dict[tuple[str | int, ...], dict[str, Any]]:
    rows = Rows(NUMBER)
    for sequence, told in enumerate(values, 1):
        fact = e.Reported(fact="hours_registered", on=date(2024, 5, 31), values=told)
        rows.apply(Told(sequence, AT, "agency-1", fact))
    return rows.rows.get("guided_hours", {})


def test_a_month_becomes_a_row_with_who_told_it_and_when() -> None:
    told = {"month": "2024-05", "hours": "7.5", "sessions": "3", "first_on": "2024-05-02"}
    assert folded(told) == {
        (NUMBER, "2024-05"): {
            "hours": Decimal("7.5"),
            "sessions": 3,
            "first_on": date(2024, 5, 2),
            "told_on": date(2024, 5, 31),
            "told_by": "agency-1",
            "at": AT,
        }
    }


def test_a_month_told_again_replaces_the_month_and_leaves_the_others() -> None:
    april, may = {"month": "2024-04", "hours": "4", "sessions": "2"}, {"month": "2024-05", "hours": "6"}
    rows = folded(april, may | {"first_on": "2024-05-02"}, may | {"hours": "2.25"})
    assert {month: (row["hours"], row["first_on"]) for (_, month), row in rows.items()} == {
        "2024-04": (Decimal(4), None),
        "2024-05": (Decimal("2.25"), None),
    }


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"hours": "-1"}, id="negative"),
        pytest.param({"hours": "744.5"}, id="more than 24 hours a day"),
        pytest.param({"month": "2024-02", "hours": "697"}, id="more than 24 hours a day in February"),
        pytest.param({"hours": "veel"}, id="no number"),
        pytest.param({"hours": "NaN"}, id="not a number"),
        pytest.param({"month": "2024-13"}, id="no month"),
        pytest.param({"sessions": "-1"}, id="negative sessions"),
        pytest.param({"sessions": "1.5"}, id="half a session"),
        pytest.param({"first_on": "2024-04-30"}, id="first talk in another month"),
    ],
)
def test_what_cannot_be_is_no_row(changed: dict[str, str]) -> None:
    assert folded({"month": "2024-05", "hours": "7.5", "sessions": "3"} | changed) == {}


def test_what_a_report_carries_reads_back_as_it_was() -> None:
    month = GuidedMonth(month="2024-05", hours=Decimal("20"), sessions=4, first_on=date(2024, 5, 2))
    assert month.values()["hours"] == "20"
    assert GuidedMonth.told(month.values()) == month
