"""What a fund may pay, before the cap per company: never above cost, never above what is asked (domain.md 3.4).

Every amount comes with the steps that led to it, so that a letter and an audit can show the calculation.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

from models.messages.facts import (
    BudgetLine,
    CareerAccountFacts,
    ParticipantFacts,
    ProjectFacts,
    TrainingFacts,
    TransitionFacts,
)
from models.messages.message import Message
from models.messages.policies import CareerAccountPolicy, ProjectPolicy, TrainingPolicy, TransitionPolicy
from schemes.completeness import eligible_people
from schemes.money import HUNDRED, cents, percentage

NOTHING = Decimal(0)
CONSULTANT_COSTS = ("advies", "begeleiding", "coaching", "meting", "verslag")
"""Cost of an external consultant in a project budget; purchases and training are not (domain.md 5, example)."""


class Step(Message):
    """One line of a calculation: what was looked at, the amount in euros after it, and the source of the rule."""

    rule: str
    amount: Decimal
    source: str


class AmountDecision(Message):
    """What may be paid, in euros and whole cents, and how that was found."""

    amount: Decimal
    steps: tuple[Step, ...]


Basis = Literal["attended", "planned"]


def training_amount(facts: TrainingFacts, policy: TrainingPolicy, basis: Basis = "attended") -> AmountDecision:
    """Rate x hours per participant with a contract, at most cost minus SME wallet and at most the amount asked.

    Attended hours count where they are known, unless `basis` is planned (an approval before the course). An unknown
    cost pays nothing, because support may never exceed it.
    """
    hours = sum((paid_hours(person, policy, basis) for person in eligible_people(facts.participants)), NOTHING)
    cost = NOTHING if facts.cost is None else max(facts.cost - facts.sme_wallet, NOTHING)
    return _lowest(
        Step(rule="rate_x_hours", amount=policy.rate_per_participant_hour * hours, source="P6, P1"),
        Step(rule="cost_minus_sme_wallet", amount=cost, source="domain.md 3.4"),
        asked=facts.asked,
    )


def paid_hours(person: ParticipantFacts, policy: TrainingPolicy, basis: Basis = "attended") -> Decimal:
    """Hours of one participant that count: none for who was absent or attended too small a part (informal: 80 %)."""
    planned = person.hours_planned
    if basis == "planned" or person.hours_attended is None:
        return planned
    if person.hours_attended * HUNDRED < planned * policy.minimum_attendance_percentage:
        return NOTHING
    return person.hours_attended


def career_account_amount(
    facts: CareerAccountFacts, policy: CareerAccountPolicy, used: Decimal = NOTHING
) -> AmountDecision:
    """The registration fee, no books or travel, up to what is left of the year in which the course ends (P2).

    `used` is what the account already paid or holds for that calendar year, in euros.
    """
    return _lowest(
        Step(rule="registration_fee", amount=facts.fee, source="P2"),
        Step(rule="left_of_the_year", amount=max(policy.yearly_amount - used, NOTHING), source="P2"),
        asked=facts.asked,
    )


def transition_amount(facts: TransitionFacts, policy: TransitionPolicy, used: Decimal = NOTHING) -> AmountDecision:
    """A share of the cost, at most so much per participant and per company in 24 months (domain.md 4, example).

    `used` is what the company was granted in the 24 months before, in euros.
    """
    people = len(eligible_people(facts.participants))
    return _lowest(
        Step(rule="share_of_cost", amount=percentage(facts.cost, policy.intervention_percentage), source="example"),
        Step(rule="maximum_per_participant", amount=policy.maximum_per_participant * people, source="example"),
        Step(rule="left_of_company", amount=max(policy.maximum_per_company - used, NOTHING), source="example"),
        asked=facts.asked,
    )


def project_amount(facts: ProjectFacts, policy: ProjectPolicy, used: Decimal = NOTHING) -> AmountDecision:
    """A share of the consultant's cost without VAT, at most so much per company in 24 months (domain.md 5, example).

    `used` is what the company was granted in the 24 months before, in euros.
    """
    cost = consultant_cost(facts.budget) if facts.budget else facts.cost
    return _lowest(
        Step(rule="share_of_cost", amount=percentage(cost, policy.intervention_percentage), source="example"),
        Step(rule="left_of_company", amount=max(policy.maximum_per_company - used, NOTHING), source="example"),
        asked=facts.asked,
    )


def consultant_cost(budget: Sequence[BudgetLine]) -> Decimal:
    """The budget lines that an external consultant invoices, in euros."""
    return sum((line.amount for line in budget if line.sort.casefold() in CONSULTANT_COSTS), NOTHING)


def _lowest(*limits: Step, asked: Decimal | None) -> AmountDecision:
    """The lowest of all limits and of the amount asked, never below zero; the steps show how it came down."""
    if asked is not None:
        limits = (*limits, Step(rule="asked", amount=asked, source="domain.md 3.4"))
    steps = tuple(step.model_copy(update={"amount": cents(step.amount)}) for step in limits)
    return AmountDecision(amount=max(min(step.amount for step in steps), NOTHING), steps=steps)
