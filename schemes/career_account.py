"""Intake of the career account (loopbaanrekening), a yearly amount per person (domain.md 3.2, P2).

The yearly amount is a cap, not a reason to refuse: `schemes.amounts` takes care of it.
"""

from models.messages.facts import CareerAccountFacts, ParticipantFacts
from models.messages.policies import CareerAccountPolicy
from schemes.checks import Check, stated
from schemes.completeness import (
    account_number_valid,
    documents_present,
    end_not_before_start,
    no_agency_workers,
    no_managers,
    nothing_missing,
)


def check_career_account(facts: CareerAccountFacts, policy: CareerAccountPolicy) -> tuple[Check, ...]:
    """All checks of an application on a career account, passed or not."""
    person = (ParticipantFacts(line=1, status=facts.status),)
    return (
        nothing_missing(employed_since=facts.employed_since),
        documents_present(facts.documents, policy.documents, "domain.md 3.2, example list"),
        employed_in_time(facts),
        within_look_back(facts, policy),
        no_agency_workers(person),
        no_managers(person),
        end_not_before_start(facts.starts_on, facts.ends_on),
        account_number_valid(facts.iban_valid),
    )


def employed_in_time(facts: CareerAccountFacts) -> Check:
    """Employed in the sector at the latest on the last day of the course (P2)."""
    late = facts.employed_since is not None and facts.employed_since > facts.ends_on
    return Check(
        code="NIET_IN_SECTOR",
        passed=not late,
        blocking="refuse",
        source="P2",
        fields=("employed_since",),
        values=stated(employed_since=facts.employed_since, ends_on=facts.ends_on),
    )


def within_look_back(facts: CareerAccountFacts, policy: CareerAccountPolicy) -> Check:
    """A claim reaches back as many calendar years as the fund allows: one, so the previous calendar year (P2)."""
    first_year = facts.filed_on.year - policy.lookback_years
    return Check(
        code="TE_VER_TERUG",
        passed=facts.ends_on.year >= first_year,
        blocking="refuse",
        source="P2",
        fields=("ends_on",),
        values=stated(ends_on=facts.ends_on, filed_on=facts.filed_on, first_year=first_year),
    )
