"""When an agency lags behind with the hours of a phase, seen by what it could have registered."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from schemes.hours_of_phases import Registered, Span, lags

PHASE = Span(date(2024, 2, 6), date(2024, 4, 5), 20)
HALF, FOUR_FIFTHS = Decimal(50), Decimal(80)


def month(last: date, hours: str) -> Registered:
    return Registered(hours=Decimal(hours), first=max(last.replace(day=1), PHASE.first), last=last)


@pytest.mark.parametrize(
    ("told", "percentage", "today", "behind"),
    [
        pytest.param([], HALF, date(2024, 3, 6), False, id="half of the time is not over"),
        pytest.param([], HALF, date(2024, 3, 7), True, id="nothing of a month that is over"),
        pytest.param([("2024-02-29", "5.99")], HALF, date(2024, 3, 7), True, id="24 of 60 days ask 8 hours"),
        pytest.param([("2024-02-29", "6")], HALF, date(2024, 3, 7), False, id="three quarters are let pass"),
        pytest.param([("2024-02-29", "8")], FOUR_FIFTHS, date(2024, 3, 26), False, id="March is not over yet"),
        pytest.param(
            [("2024-02-29", "8"), ("2024-03-20", "1")], FOUR_FIFTHS, date(2024, 3, 26), True, id="told until the 20th"
        ),
        pytest.param([("2024-02-29", "8")], FOUR_FIFTHS, date(2024, 4, 2), True, id="March is over"),
    ],
)
def test_an_agency_lags_by_what_it_could_have_registered(
    told: list[tuple[str, str]], percentage: Decimal, today: date, behind: bool
) -> None:
    months = [month(date.fromisoformat(last), hours) for last, hours in told]
    assert lags(months, PHASE, percentage, today) is behind


def test_a_phase_that_began_this_month_has_nothing_to_register_yet() -> None:
    short = Span(date(2024, 3, 2), date(2024, 3, 20), 10)
    assert not lags([], short, HALF, date(2024, 3, 15))
