"""What the fund pays an employer for all the people of one dossier, with the steps of the sum (domain.md 6.3)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from models.messages.facts import OutplacementFacts
from models.messages.message import Message
from models.messages.policies import OutplacementPolicy
from models.messages.trajectories import Guided
from schemes.calendar import ONE_DAY
from schemes.checks import Check
from schemes.outplacement_amounts import (
    NOTHING,
    OutplacementRates,
    SupportCase,
    individual_support,
    shared_cost,
)
from schemes.terms import add_months

INDIVIDUAL_MONTHS, COLLECTIVE_MONTHS = 18, 12
"""Notice, offer, answer and start (half a year) with the longest guidance, twelve and six months [assumption]."""


class EmployerSupport(Message):
    """The amount in euros with the steps that lead to it."""

    amount: Decimal
    steps: tuple[str, ...]


def planned_end(facts: OutplacementFacts) -> date:
    """About when the guidance of everybody is over, to tell the employer; the trajectories themselves know exactly."""
    months = INDIVIDUAL_MONTHS if facts.dismissal == "individual" else COLLECTIVE_MONTHS
    return add_months(facts.notified_on, months)


def has_cell(facts: OutplacementFacts) -> bool:
    """Whether a public refund must be asked first: with a restructuring or closure comes an employment cell [P55]."""
    return facts.dismissal != "individual" and not facts.bankrupt


def check_notification(facts: OutplacementFacts, policy: OutplacementPolicy) -> tuple[Check, ...]:
    """What a clerk should look at: an agency with which the fund has no agreement (covenant, action 20)."""
    known = facts.agency in policy.agencies
    values = {} if known else {"case": "other" if facts.agency else "several"}
    return (
        Check(
            code="BUREAU_ONBEKEND",
            passed=known,
            blocking="look",
            source="covenant, act. 20",
            fields=("agency",),
            values=values,
        ),
    )


def may_be_paid(people: Sequence[Guided], today: date, rates: OutplacementRates) -> bool:
    """Whether there is anything to ask invoices for: shared costs, or a case that gives support."""
    return _sharing(people) > 0 or any(_of(person, today, rates) > NOTHING for person in people)


def employer_support(
    people: Sequence[Guided], invoiced: Decimal, refund: Decimal, today: date, rates: OutplacementRates
) -> EmployerSupport:
    """What the fund pays for the people who started: shared invoices, or the amounts of each person's case.

    The amounts per person never go above what the invoices leave after the public refund, so that nobody earns by a
    dismissal [assumption]. Somebody still guided counts until `today`. Raises ValueError for a refund above the
    invoices.
    """
    if sharing := _sharing(people):
        shared = shared_cost(sharing, invoiced, refund, rates)
        sums = (f"invoices: {invoiced}", f"public_refund: -{refund}", f"employer_share: -{shared.employer}")
        return EmployerSupport(amount=shared.fund, steps=(*sums, f"fund: {shared.fund}"))
    if refund > invoiced:
        raise ValueError("De terugbetaling door de overheid is hoger dan de facturen: kijk beide bedragen na.")
    parts = [(person.case, amount) for person in people if (amount := _of(person, today, rates)) > NOTHING]
    total = sum((amount for _, amount in parts), NOTHING)
    net = invoiced - refund
    steps = (*(f"{case}: {amount}" for case, amount in parts), f"invoices_after_refund: {net}")
    return EmployerSupport(amount=min(total, net), steps=(*steps, f"fund: {min(total, net)}"))


def _sharing(people: Sequence[Guided]) -> int:
    return sum(person.case == SupportCase.EMPLOYER_DOSSIER for person in people)


def _of(person: Guided, today: date, rates: OutplacementRates) -> Decimal:
    ended_on = person.ended_on or max(today - ONE_DAY, person.started_on)
    return individual_support(SupportCase(person.case), person.started_on, ended_on, rates).total
