"""What may be paid: worked cases, and properties that hold for any facts."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.messages.facts import (
    BudgetLine,
    CareerAccountFacts,
    ParticipantFacts,
    ProjectFacts,
    Status,
    TrainingFacts,
    TransitionFacts,
)
from models.messages.policies import CareerAccountPolicy, Policy, ProjectPolicy, TrainingPolicy, TransitionPolicy
from models.messages.words import Fund, Instrument
from policies import in_force
from schemes.amounts import career_account_amount, project_amount, training_amount, transition_amount
from schemes.money import cents, euro

FILED = date(2024, 6, 3)


def policy_of(instrument: Instrument) -> Policy:
    return in_force(Fund.ANTWERPEN, instrument, FILED)


def person(line: int, status: Status, planned: str, attended: str | None) -> ParticipantFacts:
    hours = None if attended is None else Decimal(attended)
    return ParticipantFacts(line=line, status=status, hours_planned=Decimal(planned), hours_attended=hours)


def training(people: list[ParticipantFacts], **changes: Any) -> TrainingFacts:
    facts = {
        "instrument": Instrument.FORMAL_TRAINING,
        "filed_on": FILED,
        "filed": "after",
        "starts_on": FILED,
        "ends_on": FILED,
        "hours": Decimal(8),
        "participants": people,
        "cost": Decimal(10000),
        "asked": None,
        "postcode": "2000",
        "municipality": "Antwerpen",
        "joint_committee": "111",
        "documents": (),
        "iban_valid": True,
        "known_on": FILED,
    }
    return TrainingFacts(**(facts | changes))


def training_policy(instrument: Instrument) -> TrainingPolicy:
    policy = policy_of(instrument)
    assert isinstance(policy, TrainingPolicy)
    return policy


@pytest.mark.parametrize(
    ("people", "changes", "expected"),
    [
        ([person(1, "worker", "8", "8"), person(2, "employee", "8", "6")], {}, "175.00"),
        ([person(1, "worker", "8", "0"), person(2, "worker", "8", "8")], {}, "100.00"),
        ([person(1, "worker", "8", None)], {}, "100.00"),
        ([person(1, "agency_worker", "8", "8"), person(2, "manager", "8", "8")], {}, "0.00"),
        ([person(1, "worker", "8", "8")], {"cost": Decimal(90), "sme_wallet": Decimal("20.5")}, "69.50"),
        ([person(1, "worker", "8", "8")], {"cost": Decimal(90), "sme_wallet": Decimal(100)}, "0.00"),
        ([person(1, "worker", "8", "8")], {"asked": Decimal(80)}, "80.00"),
        ([person(1, "worker", "8", "8")], {"cost": None}, "0.00"),
        ([], {}, "0.00"),
    ],
    ids=[
        "P6 rate x hours attended",
        "P1 who was absent pays nothing",
        "hours planned while nobody attended yet",
        "P1 agency workers and managers pay nothing",
        "3.4 never above cost minus wallet",
        "3.4 a wallet above the cost leaves nothing",
        "never above what is asked",
        "an unknown cost pays nothing",
        "nobody",
    ],
)
def test_formal_training(people: list[ParticipantFacts], changes: dict[str, Any], expected: str) -> None:
    decision = training_amount(training(people, **changes), training_policy(Instrument.FORMAL_TRAINING))
    assert str(decision.amount) == expected


@pytest.mark.parametrize(
    ("attended", "expected"), [("40", "200.00"), ("32", "160.00"), ("31.5", "0.00")], ids=["all", "80 %", "under 80 %"]
)
def test_informal_training_pays_who_attended_at_least_four_fifths(attended: str, expected: str) -> None:
    facts = training([person(1, "worker", "40", attended)], instrument=Instrument.INFORMAL_TRAINING)
    assert str(training_amount(facts, training_policy(Instrument.INFORMAL_TRAINING)).amount) == expected


def test_an_approval_before_the_course_counts_planned_hours() -> None:
    facts = training([person(1, "worker", "8", "0")])
    decision = training_amount(facts, training_policy(Instrument.FORMAL_TRAINING), basis="planned")
    assert [(step.rule, str(step.amount)) for step in decision.steps] == [
        ("rate_x_hours", "100.00"),
        ("cost_minus_sme_wallet", "10000.00"),
    ]


@pytest.mark.parametrize(
    ("fee", "asked", "used", "expected"),
    [
        ("400", "450", "0", "400.00"),
        ("1940", "1940", "0", "1000.00"),
        ("700", "700", "600", "400.00"),
        ("5", "5", "1000", "0.00"),
    ],
    ids=["P2 no books or travel", "P2 yearly maximum", "P2 what is left of the year", "P2 nothing left"],
)
def test_career_account(fee: str, asked: str, used: str, expected: str) -> None:
    policy = policy_of(Instrument.CAREER_ACCOUNT)
    assert isinstance(policy, CareerAccountPolicy)
    facts = CareerAccountFacts(
        filed_on=FILED,
        filed_by="person",
        status="worker",
        employed_since=None,
        purpose="training",
        starts_on=FILED,
        ends_on=FILED,
        hours=Decimal(8),
        fee=Decimal(fee),
        asked=Decimal(asked),
        documents=frozenset(),
        iban_valid=True,
        account="a",
    )
    assert str(career_account_amount(facts, policy, Decimal(used)).amount) == expected


@pytest.mark.parametrize(
    ("cost", "heads", "asked", "used", "expected"),
    [
        ("10000", 2, "6000", "0", "5000.00"),
        ("30000", 2, "15000", "0", "10000.00"),
        ("90000", 9, "45000", "0", "25000.00"),
        ("90000", 9, "45000", "20000", "5000.00"),
        ("10000", 2, "4000", "0", "4000.00"),
        ("0.03", 2, "1", "0", "0.02"),
    ],
    ids=["half", "5 000 a head", "25 000 a company", "what is left in 24 months", "asked", "half a cent goes up"],
)
def test_transition_support(cost: str, heads: int, asked: str, used: str, expected: str) -> None:
    policy = policy_of(Instrument.TRANSITION_SUPPORT)
    assert isinstance(policy, TransitionPolicy)
    facts = TransitionFacts(
        filed_on=FILED,
        joint_committee="111",
        same_function=False,
        bottleneck=True,
        has_expert=True,
        quotes=1,
        starts_on=FILED,
        ends_on=FILED,
        hours=Decimal(80),
        participants=tuple(person(line, "worker", "80", None) for line in range(heads)),
        participant_count=heads,
        cost=Decimal(cost),
        asked=Decimal(asked),
        council_advice="favourable",
        started_before_filing=False,
        budget=(),
        instalments=(),
        documents=frozenset(),
        iban_valid=True,
    )
    assert str(transition_amount(facts, policy, Decimal(used)).amount) == expected


@pytest.mark.parametrize(
    ("budget", "cost", "used", "expected"),
    [
        ({"advies": "8000"}, "8000", "0", "4000.00"),
        ({"advies": "8000", "aankoop": "5000"}, "13000", "0", "4000.00"),
        ({"begeleiding": "60000"}, "60000", "0", "10000.00"),
        ({"begeleiding": "60000"}, "60000", "9000", "1000.00"),
        ({}, "3000", "0", "1500.00"),
    ],
    ids=["half", "purchases do not count", "10 000 a company", "what is left in 24 months", "no budget yet"],
)
def test_project_financing(budget: dict[str, str], cost: str, used: str, expected: str) -> None:
    policy = policy_of(Instrument.PROJECT_FINANCING)
    assert isinstance(policy, ProjectPolicy)
    facts = ProjectFacts(
        filed_on=FILED,
        lever="workable_work",
        looks_like_training=False,
        running_in_lever=None,
        has_expert=True,
        quotes=2,
        starts_on=FILED,
        ends_on=FILED,
        participant_count=3,
        cost=Decimal(cost),
        asked=Decimal(99999),
        publication_consent=True,
        budget=tuple(BudgetLine(line=1, sort=sort, amount=Decimal(amount)) for sort, amount in budget.items()),
        instalments=(),
        documents=frozenset(),
        iban_valid=True,
    )
    assert str(project_amount(facts, policy, Decimal(used)).amount) == expected


MONEY = st.decimals(min_value=0, max_value=99999, places=2)
HOURS = st.decimals(min_value=0, max_value=200, places=1)
PEOPLE = st.lists(
    st.builds(
        ParticipantFacts,
        line=st.integers(1, 40),
        status=st.sampled_from(["worker", "employee", "agency_worker", "manager"]),
        hours_planned=HOURS,
        hours_attended=st.none() | HOURS,
    ),
    max_size=6,
)


@given(people=PEOPLE, cost=st.none() | MONEY, wallet=MONEY, asked=st.none() | MONEY)
def test_no_training_gets_more_than_it_cost_or_asked(
    people: list[ParticipantFacts], cost: Decimal | None, wallet: Decimal, asked: Decimal | None
) -> None:
    facts = training(people, cost=cost, sme_wallet=wallet, asked=asked)

    amount = training_amount(facts, training_policy(Instrument.FORMAL_TRAINING)).amount

    assert 0 <= amount <= max((cost or Decimal(0)) - wallet, Decimal(0))
    assert asked is None or amount <= asked
    assert amount == cents(amount)


@pytest.mark.parametrize(
    ("amount", "written"),
    [("0.005", "0,01"), ("0.0049", "0,00"), ("7500", "7500,00"), ("1.115", "1,12"), ("-0.005", "-0,01")],
)
def test_half_a_cent_goes_up(amount: str, written: str) -> None:
    assert euro(Decimal(amount)) == written
