"""The two questions of every intake, whatever the instrument: is it in order, and what may be paid."""

from decimal import Decimal

from models.messages.facts import (
    CareerAccountFacts,
    Facts,
    OutplacementFacts,
    ProjectFacts,
    TrainingFacts,
    TrajectoryFacts,
    TransitionFacts,
)
from models.messages.policies import CareerAccountPolicy, Policy, ProjectPolicy, TrainingPolicy, TransitionPolicy
from schemes.amounts import (
    AmountDecision,
    Basis,
    career_account_amount,
    project_amount,
    training_amount,
    transition_amount,
)
from schemes.career_account import check_career_account
from schemes.checks import Check
from schemes.project import check_project
from schemes.training import check_training
from schemes.transition import check_transition


def check(facts: Facts, policy: Policy) -> tuple[Check, ...]:
    """Every intake rule of the instrument, passed or not. Outplacement has its own: the legal table of regimes.

    Raises TypeError when the policy belongs to another instrument.
    """
    match facts, policy:
        case TrainingFacts(), TrainingPolicy() if facts.instrument is policy.instrument:
            return check_training(facts, policy)
        case CareerAccountFacts(), CareerAccountPolicy():
            return check_career_account(facts, policy)
        case TransitionFacts(), TransitionPolicy():
            return check_transition(facts, policy)
        case ProjectFacts(), ProjectPolicy():
            return check_project(facts, policy)
        case ((OutplacementFacts() | TrajectoryFacts()), _):
            return ()
    raise TypeError(f"no intake of {facts.instrument} with a policy of {policy.instrument}")


def eligible_amount(
    facts: Facts, policy: Policy, used: Decimal = Decimal(0), basis: Basis = "attended"
) -> AmountDecision:
    """What may be paid in euros, before the cap per company, with its steps; `used` and `basis` as in schemes.amounts.

    Raises TypeError for outplacement, whose money follows invoices, and for a policy of another instrument.
    """
    match facts, policy:
        case TrainingFacts(), TrainingPolicy() if facts.instrument is policy.instrument:
            return training_amount(facts, policy, basis)
        case CareerAccountFacts(), CareerAccountPolicy():
            return career_account_amount(facts, policy, used)
        case TransitionFacts(), TransitionPolicy():
            return transition_amount(facts, policy, used)
        case ProjectFacts(), ProjectPolicy():
            return project_amount(facts, policy, used)
    raise TypeError(f"no amount for {facts.instrument} with a policy of {policy.instrument}")
