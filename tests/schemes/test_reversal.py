"""The plan of a reversal: what it says it will do, in order, for every standing of the money."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import policies
from models.messages.words import Fund, Instrument, Outcome
from schemes.reversal import EFFECTS, ReversalError, Standing, plan_reversal

PROCEDURE = policies.in_force(Fund.ANTWERPEN, Instrument.FORMAL_TRAINING, date(2024, 1, 1)).procedure
CENTS = st.integers(0, 9_000_00).map(lambda cents: Decimal(cents) / 100)


def standing(**known: str | int) -> Standing:
    return Standing.model_validate({"asked": "1000", "granted": "1000", "paid": "0"} | known)


@pytest.mark.parametrize(
    ("known", "amount", "effects"),
    [
        pytest.param({}, "600", "stops_instalments 400; releases_budget 400; new_letter", id="nothing is paid yet"),
        pytest.param({"paid": "400"}, "600", "stops_instalments 400; releases_budget 400; new_letter", id="less paid"),
        pytest.param(
            {"paid": "700"},
            "600",
            "stops_instalments 300; releases_budget 300; claims_back 100; new_letter",
            id="more is paid",
        ),
        pytest.param({"paid": "1000"}, "0", "claims_back 1000; new_letter", id="all was paid, nothing was right"),
        pytest.param(
            {"paid": "400", "instructed": "300"},
            "600",
            "waits_for_payment 300; stops_instalments 300; releases_budget 300; claims_back 100; new_letter",
            id="a payment is on its way",
        ),
        pytest.param(
            {"paid": "1000", "recovered": "100", "claimed": "200"},
            "600",
            "claims_back 100; new_letter",
            id="part came back and part is asked already",
        ),
        pytest.param(
            {"conditions": 2},
            "0",
            "stops_instalments 1000; releases_budget 1000; ends_conditions; new_letter",
            id="conditions fall with the grant",
        ),
        pytest.param({"granted": "600"}, "900", "decides_anew; new_letter", id="more than was granted"),
    ],
)
def test_the_plan_says_what_follows(known: dict[str, str | int], amount: str, effects: str) -> None:
    plan = plan_reversal(standing(**known), Decimal(amount), PROCEDURE)
    told = (f"{one.code} {one.amount}" if one.amount is not None else one.code for one in plan.effects)
    assert "; ".join(told) == effects


@pytest.mark.parametrize(
    ("known", "amount", "says"),
    [
        pytest.param({}, "1000", "verandert niets", id="the same amount"),
        pytest.param({"paid": "1000", "recovered": "400"}, "600", "verandert niets", id="it came back already"),
        pytest.param({"granted": "0"}, "10", "niets toegekend", id="nothing was granted"),
        pytest.param({}, "-0.01", "negatief", id="below nothing"),
    ],
)
def test_what_changes_nothing_is_refused(known: dict[str, str | int], amount: str, says: str) -> None:
    with pytest.raises(ReversalError, match=says):
        plan_reversal(standing(**known), Decimal(amount), PROCEDURE)


@pytest.mark.parametrize(
    ("granted", "amount", "level"),
    [
        pytest.param("5000", "100", "approver", id="up to the limit of the board"),
        pytest.param("5000.01", "100", "board", id="what was granted was above it"),
        pytest.param("100", "5000.01", "board", id="what should be granted is above it"),
    ],
)
def test_who_agrees_follows_from_the_highest_amount(granted: str, amount: str, level: str) -> None:
    assert plan_reversal(standing(granted=granted), Decimal(amount), PROCEDURE).level == level


@pytest.mark.parametrize(
    ("amount", "outcome"), [("0", Outcome.REFUSED), ("999.99", Outcome.PARTIALLY_GRANTED), ("1200", Outcome.GRANTED)]
)
def test_the_outcome_follows_from_what_was_asked(amount: str, outcome: Outcome) -> None:
    assert plan_reversal(standing(), Decimal(amount), PROCEDURE).outcome == outcome


@given(CENTS, CENTS, CENTS, CENTS, CENTS)
def test_the_ledger_balances_whatever_the_standing(
    granted: Decimal, paid: Decimal, recovered: Decimal, claimed: Decimal, amount: Decimal
) -> None:
    assume(recovered + claimed <= paid <= granted)
    now = Standing(asked=None, granted=granted, paid=paid, recovered=recovered, claimed=claimed)
    try:
        plan = plan_reversal(now, amount, PROCEDURE)
    except ReversalError:
        assume(False)
        raise
    assert paid <= plan.granted <= granted, "never below what was paid, never above what was granted"
    assert recovered + claimed + plan.claim <= paid, "never claims more than was paid"
    if not plan.anew:
        assert paid - recovered - claimed - plan.claim <= amount, "nobody keeps more than the right amount"
    places = [EFFECTS.index(one.code) for one in plan.effects]
    assert places == sorted(places)
    assert all(one.amount is None or one.amount > 0 for one in plan.effects)
