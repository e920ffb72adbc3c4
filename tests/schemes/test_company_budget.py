"""The worked cases of the public pages, and which ceilings a dossier falls under."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.messages.facts import ProjectFacts, TrainingFacts
from models.messages.headcounts import Headcount
from models.messages.policies import CompanyBudget, HeadcountBudget, Policy
from models.messages.words import Fund, Instrument
from policies import in_force
from schemes.company_budget import by_status, caps, committee_of, counted_on, headcount_known, yearly_budget
from tests.workflows.subsidies import career, training

WITH_BUDGETS = date(2027, 3, 1)
COMPANY = "ANT/0417497106"
HEADS = Headcount(year=2027, workers=4, employees=100)


def rules(fund: Fund) -> CompanyBudget:
    policy = in_force(fund, Instrument.FORMAL_TRAINING, WITH_BUDGETS)
    assert policy.instrument is Instrument.FORMAL_TRAINING
    assert policy.company_budget is not None
    return policy.company_budget


@pytest.mark.parametrize(
    ("heads", "euros"),
    [
        pytest.param(0, "0", id="nobody"),
        pytest.param(1, "260", id="one"),
        pytest.param(4, "1040", id="P1-4-heads"),
        pytest.param(5, "1315", id="P1-5-heads"),
        pytest.param(100, "2740", id="P1-100-heads"),
    ],
)
def test_the_opleidingsbudget_follows_the_heads_of_september(heads: int, euros: str) -> None:
    for rule in (rules(Fund.ANTWERPEN).workers, rules(Fund.ANTWERPEN).employees):
        assert yearly_budget(heads, rule) == Decimal(euros)


@pytest.mark.parametrize(
    ("status", "heads", "euros"),
    [
        pytest.param("workers", 0, "0", id="no-workers"),
        pytest.param("workers", 1, "3000", id="one-worker"),
        pytest.param("workers", 20, "3000", id="P6-20-workers"),
        pytest.param("workers", 21, "3020", id="P6-21-workers"),
        pytest.param("workers", 100, "4600", id="P6-100-workers"),
        pytest.param("employees", 99, "3000", id="99-employees"),
        pytest.param("employees", 100, "3000", id="100-employees"),
        pytest.param("employees", 120, "3600", id="P4-120-employees"),
    ],
)
def test_the_bedrijfsbudget_of_west_vlaanderen_has_its_own_rules(status: str, heads: int, euros: str) -> None:
    rule: HeadcountBudget = getattr(rules(Fund.WEST_VLAANDEREN), status)
    assert yearly_budget(heads, rule) == Decimal(euros)


@given(heads=st.integers(0, 2000), fund=st.sampled_from(list(Fund)))
def test_more_heads_never_give_less_budget(heads: int, fund: Fund) -> None:
    for rule in (rules(fund).workers, rules(fund).employees):
        assert yearly_budget(heads + 1, rule) >= yearly_budget(heads, rule)


def test_the_day_that_counts_is_30_september_of_the_year_before() -> None:
    assert counted_on(2027) == date(2026, 9, 30)


def mixed(workers: int, employees: int, others: int = 0) -> TrainingFacts:
    statuses = ["worker"] * workers + ["employee"] * employees + ["agency_worker"] * others
    facts = training(len(statuses))
    people = [person.model_copy(update={"status": s}) for person, s in zip(facts.participants, statuses, strict=True)]
    return facts.model_copy(update={"participants": tuple(people)})


@pytest.mark.parametrize(
    ("people", "parts"),
    [
        pytest.param((2, 0), ("100.00", "0.00"), id="workers"),
        pytest.param((0, 2), ("0.00", "100.00"), id="employees"),
        pytest.param((1, 2), ("33.33", "66.67"), id="both"),
        pytest.param((1, 1, 2), ("50.00", "50.00"), id="agency workers do not count"),
        pytest.param((0, 0, 2), ("0", "0"), id="nobody counts"),
    ],
)
def test_an_amount_is_divided_by_the_number_of_participants(people: tuple[int, ...], parts: tuple[str, str]) -> None:
    assert by_status(Decimal(100), mixed(*people)) == tuple(map(Decimal, parts))


@given(cents=st.integers(0, 10**7), workers=st.integers(0, 30), employees=st.integers(0, 30))
def test_the_parts_of_a_divided_amount_add_up_to_it(cents: int, workers: int, employees: int) -> None:
    amount = Decimal(cents) / 100
    parts = by_status(amount, mixed(workers, employees))
    assert sum(parts) == (amount if workers + employees else 0)
    assert min(parts) >= 0


def in_2027(instrument: Instrument) -> Policy:
    return in_force(Fund.ANTWERPEN, instrument, WITH_BUDGETS)


def test_a_training_falls_under_the_budget_of_each_status_that_takes_part() -> None:
    policy = in_2027(Instrument.FORMAL_TRAINING)
    found = caps(Decimal(900), mixed(1, 2), policy, company=COMPANY, opened_on=date(2027, 3, 1), headcount=HEADS)
    assert [(cap.bucket, cap.limit, cap.amount, cap.since) for cap in found] == [
        ("ANT/0417497106/workers/2027", Decimal(1040), Decimal(300), None),
        ("ANT/0417497106/employees/2027", Decimal(2740), Decimal(600), None),
    ]


@pytest.mark.parametrize(
    ("company", "headcount"),
    [
        pytest.param(None, HEADS, id="no employer"),
        pytest.param(COMPANY, None, id="no headcount"),
        pytest.param(COMPANY, Headcount(year=2027, workers=None, employees=None), id="headcount not known"),
    ],
)
def test_what_cannot_be_counted_has_no_ceiling(company: str | None, headcount: Headcount | None) -> None:
    policy = in_2027(Instrument.FORMAL_TRAINING)
    day = date(2027, 3, 1)
    assert caps(Decimal(900), mixed(1, 2), policy, company=company, opened_on=day, headcount=headcount) == ()


def test_a_policy_without_company_budgets_has_no_ceiling() -> None:
    policy = in_force(Fund.ANTWERPEN, Instrument.FORMAL_TRAINING, date(2024, 3, 1))
    day = date(2024, 3, 1)
    assert caps(Decimal(900), mixed(1, 2), policy, company=COMPANY, opened_on=day, headcount=HEADS) == ()


def test_the_career_account_counts_by_person_and_the_year_in_which_the_course_ends() -> None:
    policy = in_2027(Instrument.CAREER_ACCOUNT)
    facts = career(400, "account-7", starts_on=date(2026, 12, 1), ends_on=date(2027, 1, 15))
    (cap,) = caps(Decimal(400), facts, policy, company=None, opened_on=date(2027, 3, 1), headcount=None)
    assert (cap.bucket, cap.limit, cap.amount) == ("career_account/account-7/2027", Decimal(1000), Decimal(400))


def project(**changed: object) -> ProjectFacts:
    facts = {
        "filed_on": date(2027, 3, 1),
        "lever": "workable_work",
        "looks_like_training": False,
        "running_in_lever": None,
        "has_expert": True,
        "quotes": 2,
        "starts_on": date(2027, 4, 1),
        "ends_on": date(2027, 12, 1),
        "participant_count": 5,
        "cost": Decimal(8000),
        "asked": Decimal(4000),
        "publication_consent": True,
        "budget": (),
        "instalments": (),
        "documents": frozenset(),
        "iban_valid": True,
    }
    return ProjectFacts.model_validate(facts | changed)


def test_a_project_has_a_window_of_24_months_and_its_lever_for_itself() -> None:
    policy, day = in_2027(Instrument.PROJECT_FINANCING), date(2027, 3, 1)
    window, lever = caps(Decimal(4000), project(), policy, company=COMPANY, opened_on=day, headcount=None)
    assert (window.bucket, window.limit, window.since) == (
        "ANT/0417497106/project_financing",
        Decimal(10_000),
        date(2025, 3, 1),
    )
    assert (lever.bucket, lever.since, lever.until) == (
        "ANT/0417497106/lever/workable_work",
        date(2027, 4, 1),
        date(2027, 12, 1),
    )
    alone = caps(Decimal(4000), project(lever=None), policy, company=COMPANY, opened_on=day, headcount=None)
    assert [cap.bucket for cap in alone] == ["ANT/0417497106/project_financing"]


@pytest.mark.parametrize(
    ("headcount", "people", "missing"),
    [
        pytest.param(HEADS, (1, 1), None, id="known"),
        pytest.param(None, (1, 1), "employees,workers", id="nothing known"),
        pytest.param(Headcount(year=2027, workers=None, employees=3), (1, 1), "workers", id="workers not known"),
        pytest.param(Headcount(year=2027, workers=None, employees=3), (0, 1), None, id="nobody of the unknown status"),
    ],
)
def test_an_unknown_headcount_is_for_a_person_to_look_at(
    headcount: Headcount | None, people: tuple[int, int], missing: str | None
) -> None:
    check = headcount_known(mixed(*people), headcount, date(2026, 9, 30))
    assert (check.passed, check.blocking, check.values.get("missing")) == (missing is None, "look", missing)


@pytest.mark.parametrize(
    ("named", "committee"), [("111", "111"), ("209", "209"), ("111.3", "111"), ("200", "*"), ("", "*")]
)
def test_a_training_is_paid_from_the_envelope_of_its_joint_committee(named: str, committee: str) -> None:
    assert committee_of(training(joint_committee=named)) == committee


@pytest.mark.parametrize(("status", "committee"), [("worker", "111"), ("employee", "209"), ("manager", "*")])
def test_a_career_account_is_paid_from_the_envelope_of_the_status_of_the_person(status: str, committee: str) -> None:
    assert committee_of(career(100, status=status)) == committee
