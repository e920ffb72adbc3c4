"""What came of a transition: who followed enough, who kept the job, and the money that hangs on it (domain.md 4)."""

from collections.abc import Mapping
from decimal import Decimal

from models.messages.facts import ParticipantFacts, ProjectFacts, TransitionFacts
from models.messages.policies import ProjectPolicy, TransitionPolicy
from schemes.amounts import AmountDecision, Step, project_amount, transition_amount
from schemes.completeness import eligible_people
from schemes.money import cents, percentage


def followed_enough(facts: TransitionFacts, policy: TransitionPolicy) -> tuple[ParticipantFacts, ...]:
    """The participants with at least the minimum of hours (P3); where attended hours are unknown, the plan counts."""
    return tuple(
        person
        for person in eligible_people(facts.participants)
        if (facts.hours if person.hours_attended is None else person.hours_attended) >= policy.minimum_hours
    )


def determined(
    facts: TransitionFacts | ProjectFacts, policy: TransitionPolicy | ProjectPolicy, granted: Decimal
) -> AmountDecision:
    """The final amount in euro, never above the grant.

    Of a transition each participant stands for an equal part of the grant, and one who followed too little brings none
    [assumption]; of a project the cost counts as it was in the end.

    Raises:
        TypeError: the policy belongs to another instrument.
    """
    steps = [Step(rule="granted", amount=granted, source="covenant act. 14, 15")]
    match facts, policy:
        case TransitionFacts(), TransitionPolicy():
            people = len(eligible_people(facts.participants))
            share = granted * len(followed_enough(facts, policy)) / people if people else Decimal(0)
            steps.append(Step(rule="participants_with_enough_hours", amount=cents(share), source="P3, [assumption]"))
            found = transition_amount(facts, policy)
        case ProjectFacts(), ProjectPolicy():
            found = project_amount(facts, policy)
        case _:
            raise TypeError(f"no determination of {facts.instrument} with a policy of {policy.instrument}")
    steps.append(Step(rule="by_final_cost", amount=found.amount, source="example"))
    return AmountDecision(amount=min(step.amount for step in steps), steps=tuple(steps))


def all_retained(values: Mapping[str, str], facts: TransitionFacts) -> bool:
    """Whether every participant who counts is stated to be still in the new job.

    `values` holds `retained` for everybody, or `retained.<line>` for one. Only "yes" is yes; who is not named is not.
    """
    people = eligible_people(facts.participants)
    everybody = values.get("retained", "")
    return bool(people) and all(values.get(f"retained.{person.line}", everybody) == "yes" for person in people)


def result_slice(paid: Decimal, percent: Decimal) -> Decimal:
    """The part of what was paid (euro) that is claimed back when the job was not kept (domain.md 4, example)."""
    return cents(percentage(paid, percent))
