"""What the fund pays: the case table of the predecessors and the shared invoices of a collective dismissal."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemes.dismissals import DismissalFacts, FactMissing
from schemes.outplacement_amounts import (
    JointCommittee,
    OutplacementRates,
    SupportCase,
    TrainingBudgetRates,
    individual_support,
    shared_cost,
    support_case,
    training_budget,
)
from schemes.regimes import Regime

RATES = OutplacementRates(
    employer_share_per_person=Decimal(300),
    employer_share_maximum_percentage=Decimal(50),
    first_phase_amount=Decimal(1600),
    second_phase_amount=Decimal(700),
    long_guidance_amount=Decimal(500),
)
BUDGET = TrainingBudgetRates(maximum=Decimal(1250), travel_per_phase=Decimal(70))


def dismissal(**changed: Any) -> DismissalFacts:
    facts = {
        "dismissal": "individual",
        "dismissed_on": date(2024, 6, 3),
        "service_began_on": date(2020, 6, 1),
        "contract_ended_on": date(2024, 6, 3),
        "age_on_dismissal": 40,
    }
    return DismissalFacts.model_validate(facts | changed)


@pytest.mark.parametrize(
    ("people", "invoices", "refund", "net", "employer", "fund"),
    [
        pytest.param(10, "20000", "9000", "11000", "3000", "8000", id="P54-example"),
        pytest.param(10, "20000", "0", "20000", "3000", "17000", id="P9-no-refund"),
        pytest.param(10, "6000", "0", "6000", "3000", "3000", id="exactly-half"),
        pytest.param(10, "5999.99", "0", "5999.99", "3000", "2999.99", id="half-rounds-to-a-cent"),
        pytest.param(10, "5999.97", "0", "5999.97", "2999.99", "2999.98", id="just-under-half"),
        pytest.param(10, "20000", "15000", "5000", "2500", "2500", id="at-most-half"),
        pytest.param(1, "20000", "20000", "0", "0", "0", id="all-refunded"),
        pytest.param(3, "0", "0", "0", "0", "0", id="no-invoices-yet"),
    ],
)
def test_employer_and_fund_share_what_the_public_refund_leaves(
    people: int, invoices: str, refund: str, net: str, employer: str, fund: str
) -> None:
    shared = shared_cost(people, Decimal(invoices), Decimal(refund), RATES)
    assert shared == (Decimal(net), Decimal(employer), Decimal(fund))


@pytest.mark.parametrize(
    ("people", "invoices", "refund", "sentence"),
    [
        pytest.param(0, 100, 0, "aantal deelnemers", id="nobody"),
        pytest.param(1, -1, 0, "negatief", id="negative-invoices"),
        pytest.param(1, 100, -1, "negatief", id="negative-refund"),
        pytest.param(1, 100, 101, "hoger dan de facturen", id="refund-above-invoices"),
    ],
)
def test_amounts_that_cannot_be_are_refused(people: int, invoices: int, refund: int, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        shared_cost(people, Decimal(invoices), Decimal(refund), RATES)


cents = st.decimals(0, 1_000_000, places=2)


@settings(deadline=None, derandomize=True)
@given(st.integers(1, 500), cents, cents)
def test_the_parts_always_add_up_and_nobody_pays_less_than_nothing(people: int, left: Decimal, refund: Decimal) -> None:
    shared = shared_cost(people, left + refund, refund, RATES)
    assert shared.employer + shared.fund == shared.net == left
    assert 0 <= shared.employer <= min(Decimal(300) * people, left)
    assert shared.fund >= 0


@pytest.mark.parametrize(
    ("regime", "committee", "changed", "case"),
    [
        pytest.param(Regime.NO_DUTY, "111", {}, SupportCase.FRAMEWORK_AGENCY, id="P9-worker"),
        pytest.param(Regime.NO_DUTY, "111", {"service_began_on": date(2023, 6, 3)}, SupportCase.FRAMEWORK_AGENCY,
                     id="P9-worker-exactly-one-year"),
        pytest.param(Regime.NO_DUTY, "111", {"service_began_on": date(2023, 6, 4)}, SupportCase.NONE,
                     id="P9-worker-a-day-short"),
        pytest.param(Regime.NO_DUTY, "111", {"service_began_on": date(2024, 1, 1), "age_on_dismissal": 45},
                     SupportCase.NONE, id="P9-worker-of-45"),
        pytest.param(Regime.NO_DUTY, "209", {}, SupportCase.NO_DUTY, id="P52-employee"),
        pytest.param(Regime.NO_DUTY, "209", {"service_began_on": date(2024, 1, 1)}, SupportCase.NO_DUTY,
                     id="P52-employee-asks-no-service"),
        pytest.param(Regime.GENERAL_INDEMNITY, "209", {"four_weeks_withheld": True}, SupportCase.DUTY_WEEKS_WITHHELD,
                     id="P52-withheld"),
        pytest.param(Regime.GENERAL_INDEMNITY, "209", {"four_weeks_withheld": False}, SupportCase.DUTY_INDEMNITY,
                     id="P52-nothing-withheld"),
        pytest.param(Regime.SPECIAL_45_PLUS, "111", {}, SupportCase.DUTY_INDEMNITY, id="P52-special-indemnity"),
        pytest.param(Regime.SPECIAL_45_PLUS, "111", {"notice_began_on": date(2024, 6, 10)},
                     SupportCase.DUTY_WORKED_NOTICE, id="P52-special-notice"),
        pytest.param(Regime.GENERAL_NOTICE, "209", {"notice_began_on": date(2024, 6, 10)},
                     SupportCase.DUTY_WORKED_NOTICE, id="P52-notice"),
        pytest.param(Regime.COLLECTIVE_45_PLUS, "111", {}, SupportCase.EMPLOYER_DOSSIER, id="P54-45-plus"),
        pytest.param(Regime.COLLECTIVE_UNDER_45, "111", {}, SupportCase.EMPLOYER_DOSSIER, id="P54-under-45"),
        pytest.param(Regime.BANKRUPTCY, "111", {}, SupportCase.PUBLIC_FUND, id="P50-bankruptcy"),
        pytest.param(Regime.EXCLUDED_URGENT_CAUSE, "209", {}, SupportCase.NONE, id="urgent-cause"),
        pytest.param(Regime.PENSION_AGE, "209", {}, SupportCase.NONE, id="pension-age"),
    ],
)  # fmt: skip
def test_each_dismissal_fits_one_row_of_the_case_table(
    regime: Regime, committee: JointCommittee, changed: dict[str, Any], case: SupportCase
) -> None:
    assert support_case(regime, dismissal(**changed), committee) is case


@pytest.mark.parametrize(
    ("agency_days", "case"),
    [
        pytest.param(229, SupportCase.NONE, id="P9-229-days"),
        pytest.param(230, SupportCase.FRAMEWORK_AGENCY, id="P9-230-days"),
    ],
)
def test_230_agency_days_replace_the_year_of_service(agency_days: int, case: SupportCase) -> None:
    assert support_case(Regime.NO_DUTY, dismissal(service_began_on=date(2024, 1, 1)), "111", agency_days) is case


def test_a_worker_of_unknown_age_is_not_refused_but_asked() -> None:
    with pytest.raises(FactMissing, match="geboortedatum"):
        support_case(Regime.NO_DUTY, dismissal(age_on_dismissal=None), "111")


STARTED = date(2024, 8, 31)
SIX_MONTHS = date(2025, 2, 28)
LONGER = date(2025, 3, 1)


@pytest.mark.parametrize(
    ("case", "ended_on", "first", "second"),
    [
        pytest.param(SupportCase.NO_DUTY, None, 1600, 0, id="P52-started"),
        pytest.param(SupportCase.NO_DUTY, SIX_MONTHS, 1600, 0, id="P52-exactly-six-months"),
        pytest.param(SupportCase.NO_DUTY, LONGER, 1600, 700, id="P52-longer"),
        pytest.param(SupportCase.DUTY_WEEKS_WITHHELD, LONGER, 0, 0, id="P52-withheld"),
        pytest.param(SupportCase.DUTY_INDEMNITY, SIX_MONTHS, 0, 0, id="P52-indemnity-six-months"),
        pytest.param(SupportCase.DUTY_INDEMNITY, LONGER, 0, 500, id="P52-indemnity-longer"),
        pytest.param(SupportCase.DUTY_WORKED_NOTICE, SIX_MONTHS, 0, 0, id="P52-notice-six-months"),
        pytest.param(SupportCase.DUTY_WORKED_NOTICE, LONGER, 0, 500, id="P52-notice-longer"),
        pytest.param(SupportCase.FRAMEWORK_AGENCY, LONGER, 0, 0, id="P9-agency-is-paid-directly"),
        pytest.param(SupportCase.PUBLIC_FUND, LONGER, 0, 0, id="P50-bankruptcy"),
        pytest.param(SupportCase.EMPLOYER_DOSSIER, LONGER, 0, 0, id="P54-shared-elsewhere"),
        pytest.param(SupportCase.NONE, LONGER, 0, 0, id="none"),
    ],
)
def test_support_for_one_person_follows_the_case_and_the_length(
    case: SupportCase, ended_on: date | None, first: int, second: int
) -> None:
    support = individual_support(case, STARTED, ended_on, RATES)
    assert (support.first, support.second) == (Decimal(first), Decimal(second))
    assert support.total == first + second


@pytest.mark.parametrize("case", SupportCase)
def test_nothing_is_paid_for_who_never_started(case: SupportCase) -> None:
    assert individual_support(case, None, None, RATES).total == 0


def test_guidance_cannot_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="vóór het begin"):
        individual_support(SupportCase.NO_DUTY, STARTED, date(2024, 8, 30), RATES)


@pytest.mark.parametrize(
    ("phases", "courses", "budget"),
    [
        pytest.param(3, ["1040"], "1250", id="exactly-the-maximum"),
        pytest.param(3, ["1039.99"], "1249.99", id="a-cent-below"),
        pytest.param(3, ["600", "600"], "1250", id="above"),
        pytest.param(1, [], "70", id="travel-only"),
        pytest.param(0, [], "0", id="nothing"),
    ],
)
def test_the_training_budget_has_a_maximum(phases: int, courses: list[str], budget: str) -> None:
    costs = [Decimal(course) for course in courses]
    assert training_budget(SupportCase.DUTY_WEEKS_WITHHELD, phases, costs, BUDGET) == Decimal(budget)


def test_the_training_budget_is_for_who_had_four_weeks_withheld() -> None:
    assert training_budget(SupportCase.DUTY_INDEMNITY, 3, [Decimal(500)], BUDGET) == 0
    with pytest.raises(ValueError, match="negatief"):
        training_budget(SupportCase.DUTY_WEEKS_WITHHELD, -1, [], BUDGET)
