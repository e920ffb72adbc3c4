"""What agreement and hours justify, worked out to the cent, and what a handler is told of the invoices beside it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.messages.agreements import Agreement, Delivered, Evidence
from schemes.agreements import Reason, check_invoices, invoiced_lines, justified
from schemes.regimes import Regime
from schemes.sentences import sentence

PHASES = Agreement(
    agency="RiseSmart",
    valid_from=date(2023, 1, 1),
    valid_until=date(2024, 12, 31),
    phase_prices=(Decimal("780.00"), Decimal("540.00"), Decimal("480.00")),
    phase_hours=(Decimal(20), Decimal(20), Decimal(20)),
    hour_price=Decimal("32.50"),
)
ALL_OR_NOTHING = PHASES.model_copy(update={"below_minimum": "nothing"})
BY_HOUR = Agreement(agency="SBS", valid_from=date(2023, 1, 1), hour_price=Decimal("34.00"), least_hours=Decimal(4))


def person(number: int = 1, **changed: Any) -> Delivered:
    values: dict[str, Any] = {
        "trajectory": f"ANT-2024-J-{number:06}",
        "agency": "RiseSmart",
        "started_on": date(2024, 2, 5),
        "hours": Decimal(20),
        "begun": 1,
        "regime": Regime.SPECIAL_45_PLUS,
        "agreement": 0,
    }
    return Delivered(**values | changed)


@pytest.mark.parametrize(
    ("agreement", "changed", "amount", "reason"),
    [
        pytest.param(PHASES, {}, "780.00", None, id="one phase, all its hours"),
        pytest.param(PHASES, {"hours": Decimal("19.99")}, "779.61", Reason.HOURS_MISSING, id="a minute short"),
        pytest.param(PHASES, {"hours": Decimal("7.5")}, "292.50", Reason.HOURS_MISSING, id="7.5 of 20 hours"),
        pytest.param(PHASES, {"hours": Decimal(0)}, "0.00", Reason.HOURS_MISSING, id="no hours at all"),
        pytest.param(PHASES, {"hours": Decimal(60)}, "780.00", None, id="more hours than the phase that began"),
        pytest.param(PHASES, {"hours": Decimal(40), "begun": 2}, "1320.00", None, id="two phases"),
        pytest.param(PHASES, {"hours": Decimal(60), "begun": 3}, "1800.00", None, id="all three"),
        pytest.param(
            PHASES, {"hours": Decimal(45), "begun": 3}, "1440.00", Reason.HOURS_MISSING, id="5 of 20 in the third"
        ),
        pytest.param(PHASES, {"hours": Decimal(5), "begun": 0}, "0.00", Reason.HOURS_MISSING, id="no phase began"),
        pytest.param(
            ALL_OR_NOTHING,
            {"hours": Decimal(39), "begun": 2},
            "780.00",
            Reason.HOURS_MISSING,
            id="a phase that is not whole costs nothing",
        ),
        pytest.param(
            PHASES,
            {"regime": Regime.COLLECTIVE_UNDER_45, "hours": Decimal("30.25")},
            "983.13",
            None,
            id="a cell is counted by the hour",
        ),
        pytest.param(
            PHASES.model_copy(update={"hour_price": None}),
            {"regime": Regime.COLLECTIVE_45_PLUS},
            "0.00",
            Reason.NO_AGREEMENT,
            id="nothing was agreed for a cell",
        ),
        pytest.param(BY_HOUR, {"hours": Decimal("12.25")}, "416.50", None, id="by the hour"),
        pytest.param(BY_HOUR, {"hours": Decimal("3.75")}, "0.00", Reason.HOURS_MISSING, id="below the least hours"),
        pytest.param(BY_HOUR, {"hours": Decimal(4)}, "136.00", None, id="just the least hours"),
        pytest.param(None, {}, "0.00", Reason.NO_AGREEMENT, id="no agreement that day"),
        pytest.param(PHASES, {"started_on": None}, "0.00", Reason.NOT_STARTED, id="who never began"),
    ],
)
def test_what_one_person_may_cost(
    agreement: Agreement | None, changed: dict[str, Any], amount: str, reason: Reason | None
) -> None:
    found = justified(person(**changed), agreement)
    assert (f"{found.amount:.2f}", found.reason) == (amount, reason)


PEOPLE = (
    person(1),
    person(2, hours=Decimal("7.5")),
    person(3, agreement=None),
    person(4, started_on=None, hours=Decimal(0), begun=0, agreement=None),
)
EVIDENCE = Evidence(agreements=(PHASES,), people=PEOPLE)


def test_a_total_within_what_the_hours_justify_is_in_order() -> None:
    (check,) = check_invoices(EVIDENCE, Decimal("1072.50"), {})
    assert check.passed
    assert check.values["justified"] == "1072.50"


def test_a_total_above_it_is_looked_at_with_the_reasons_counted() -> None:
    (check,) = check_invoices(EVIDENCE, Decimal("1072.51"), {})
    assert (check.code, check.passed, check.blocking) == ("FACTUUR_EN_UREN", False, "look")
    assert check.values == {
        "invoiced": "1072.51",
        "justified": "1072.50",
        "difference": "0.01",
        "people": "3",
        "registered": "47.5",
        "hours_missing": "1",
        "no_agreement": "1",
    }


def test_without_any_hours_the_handler_reads_that_none_are_registered() -> None:
    evidence = Evidence(agreements=(PHASES,), people=(person(hours=Decimal(0)),))
    (check,) = check_invoices(evidence, Decimal(780), {})
    assert (check.passed, check.values["case"]) == (False, "no_hours")


def test_lines_per_person_tell_of_whom_more_is_asked_and_why_the_widest_apart_first() -> None:
    lines = {one.trajectory: Decimal(780) for one in PEOPLE} | {"ANT-2024-J-000009": Decimal(100)}
    total, unknown, *people = check_invoices(EVIDENCE, Decimal(3220), lines)
    assert (total.values["difference"], unknown.code, unknown.values) == (
        "2147.50",
        "FACTUUR_ANDER_PERSOON",
        {"count": "1", "invoiced": "100"},
    )
    assert [(one.values["trajectory"], one.values["difference"], one.values["case"]) for one in people] == [
        ("ANT-2024-J-000003", "780", "no_agreement"),
        ("ANT-2024-J-000004", "780", "not_started"),
        ("ANT-2024-J-000002", "487.50", "hours_missing"),
    ]


def test_who_is_asked_too_much_for_all_the_hours_is_told_too() -> None:
    evidence = Evidence(agreements=(PHASES,), people=(person(),))
    _, line = check_invoices(evidence, Decimal(800), {"ANT-2024-J-000001": Decimal(800)})
    assert (line.values["case"], line.values["difference"]) == ("price", "20.00")


def test_a_closure_of_thousands_names_forty_people_and_counts_all() -> None:
    people = tuple(person(number, hours=Decimal(10)) for number in range(1, 1401))
    lines = {one.trajectory: Decimal(780) for one in people}
    total, *named = check_invoices(Evidence(agreements=(PHASES,), people=people), Decimal(1_092_000), lines)
    assert (len(named), total.values["hours_missing"], total.values["justified"]) == (40, "1400", "546000.00")


def test_amounts_per_person_are_read_from_an_answer_and_what_is_none_is_left_out() -> None:
    values = {"invoiced": "900", "line.ANT-2024-J-000001": "400.50", "line.ANT-2024-J-000002": "veel"}
    assert invoiced_lines(values) == {"ANT-2024-J-000001": Decimal("400.50")}


@given(hours=st.decimals(0, 400, places=2), more=st.decimals(0, 50, places=2), begun=st.integers(0, 3))
def test_more_hours_never_justify_less_and_never_more_than_the_price(hours: Decimal, more: Decimal, begun: int) -> None:
    for agreement in (PHASES, ALL_OR_NOTHING):
        less = justified(person(hours=hours, begun=begun), agreement).amount
        greater = justified(person(hours=hours + more, begun=begun), agreement).amount
        assert less <= greater <= sum(agreement.phase_prices[:begun], Decimal(0))


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_every_check_can_be_read_in_the_language_of_the_handler(language: str) -> None:
    lines = {one.trajectory: Decimal(780) for one in PEOPLE} | {"ANT-2024-J-000009": Decimal(100)}
    found = [*check_invoices(EVIDENCE, Decimal(3220), lines)]
    found += check_invoices(
        Evidence(agreements=(PHASES,), people=(person(),)), Decimal(800), {PEOPLE[0].trajectory: Decimal(800)}
    )
    found += check_invoices(Evidence(agreements=(PHASES,), people=(person(hours=Decimal(0)),)), Decimal(1), {})
    texts = [sentence(check, language) for check in found]
    assert len(set(texts)) == 8
    assert not any("{" in text for text in texts)


def test_the_handler_reads_the_sum_as_it_was_made() -> None:
    (check,) = check_invoices(EVIDENCE, Decimal("1260"), {})
    assert sentence(check) == (
        "De facturen vragen 1260,00 euro. De overeenkomst en 47,5 geregistreerde uren van 3 gestarte deelnemers "
        "verantwoorden 1072,50 euro: 187,50 euro minder. Uren ontbreken bij 1 van hen; 1 begonnen op een dag zonder "
        "overeenkomst."
    )
