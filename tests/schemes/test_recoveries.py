"""Claims: what is due, when it is written about, which plan stands; and that nobody is asked more than was paid."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import policies
from models.messages.events import RecoveryPart
from models.messages.words import Fund, Instrument
from schemes.recoveries import PlanError, Press, booked, check_plan, claimable, due_part, presses

TODAY = date(2026, 3, 2)
PROCEDURE = policies.in_force(Fund.ANTWERPEN, Instrument.FORMAL_TRAINING, date(2024, 1, 1)).procedure
CENTS = st.integers(1, 10_000_00).map(lambda cents: Decimal(cents) / 100)


def part(day: date, amount: str) -> RecoveryPart:
    return RecoveryPart(until=day, amount=Decimal(amount))


TWO = (part(date(2026, 4, 1), "100.00"), part(date(2026, 5, 1), "150.00"))


@pytest.mark.parametrize(
    ("received", "due"),
    [
        pytest.param("0", part(date(2026, 4, 1), "100.00"), id="nothing came"),
        pytest.param("40", part(date(2026, 4, 1), "60.00"), id="less than the first part"),
        pytest.param("100", part(date(2026, 5, 1), "150.00"), id="exactly the first part"),
        pytest.param("249.99", part(date(2026, 5, 1), "0.01"), id="a cent is missing"),
        pytest.param("250", None, id="all came"),
    ],
)
def test_the_first_part_that_is_not_covered_is_due(received: str, due: RecoveryPart | None) -> None:
    assert due_part(TWO, Decimal(received)) == due


def test_what_is_late_is_reminded_of_twice_and_then_a_person_looks() -> None:
    assert presses(date(2026, 4, 1), planned=False, procedure=PROCEDURE) == (
        Press(date(2026, 4, 9), "remind"),
        Press(date(2026, 4, 23), "remind"),
        Press(date(2026, 5, 7), "hand_to_staff"),
    )


def test_a_part_of_a_plan_is_announced_a_week_before() -> None:
    assert presses(date(2026, 4, 8), planned=True, procedure=PROCEDURE)[0] == Press(date(2026, 4, 1), "announce")


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        pytest.param((), "1 tot 36 delen", id="no part"),
        pytest.param((part(TODAY, "0"), part(date(2026, 4, 1), "250")), "meer dan nul", id="a part of nothing"),
        pytest.param((part(TODAY, "249.99"),), "openstaande bedrag", id="a cent too little"),
        pytest.param((part(date(2026, 3, 1), "250"),), "in volgorde", id="a day that was"),
        pytest.param(tuple(reversed(TWO)), "in volgorde", id="the wrong order"),
        pytest.param((part(TODAY, "100"), part(TODAY, "150")), "in volgorde", id="twice on one day"),
    ],
)
def test_a_plan_that_cannot_stand(parts: tuple[RecoveryPart, ...], says: str) -> None:
    with pytest.raises(PlanError, match=says):
        check_plan(parts, Decimal(250), TODAY)


def test_a_plan_that_stands() -> None:
    check_plan(TWO, Decimal(250), TODAY)


@given(CENTS, st.lists(st.tuples(st.sampled_from(["claim", "receive"]), CENTS), max_size=30))
def test_whatever_is_claimed_and_received_nobody_is_asked_more_than_was_paid(
    paid: Decimal, acts: list[tuple[str, Decimal]]
) -> None:
    recovered, claims, too_much, came = Decimal(0), list[Decimal](), Decimal(0), Decimal(0)
    for act, amount in acts:
        if act == "claim":
            claims.append(min(amount, claimable(paid, recovered, sum(claims, Decimal(0)))))
        elif claims:
            counted, excess = booked(amount, claims[0])
            came, recovered, too_much = came + amount, recovered + counted, too_much + excess
            claims = [claims[0] - counted, *claims[1:]] if counted < claims[0] else claims[1:]
        assert all(claim >= 0 for claim in claims)
        assert recovered + sum(claims) <= paid
        assert recovered + too_much == came, "nothing that came is lost"


@given(st.lists(CENTS, min_size=1, max_size=12), CENTS)
def test_what_is_due_of_a_plan_and_what_came_are_together_the_plan_so_far(
    amounts: list[Decimal], received: Decimal
) -> None:
    parts = [RecoveryPart(until=date(2026, 1 + place, 1), amount=amount) for place, amount in enumerate(amounts)]
    due = due_part(parts, received)
    if due is None:
        assert received >= sum(amounts)
    else:
        so_far = sum(one.amount for one in parts if one.until <= due.until)
        assert received + due.amount == so_far
