"""Intake of transition support: reskilling toward another job, planned by company, fund and expert (domain.md 4)."""

from models.messages.facts import TransitionFacts
from models.messages.policies import TransitionPolicy
from schemes.budgets import budget_adds_up, instalments_add_up
from schemes.checks import Check, failed, stated
from schemes.completeness import (
    account_number_valid,
    documents_present,
    end_not_before_start,
    no_agency_workers,
    no_managers,
    people_as_counted,
)


def check_transition(facts: TransitionFacts, policy: TransitionPolicy) -> tuple[Check, ...]:
    """The checks of a transition dossier: admissibility first, and papers only of who is admissible.

    A company that is refused or referred is not asked to complete a file that leads to nothing.
    """
    admissibility = (
        is_reskilling(facts),
        enough_hours(facts, policy),
        has_external_expert(facts),
        not_begun(facts),
        no_agency_workers(facts.participants),
        no_managers(facts.participants),
    )
    if any(check.blocking in ("refuse", "refer") for check in failed(admissibility)):
        return admissibility
    return (
        *admissibility,
        documents_present(facts.documents, policy.documents, "domain.md 4, example list"),
        council_asked(facts),
        budget_adds_up(facts.cost, facts.budget),
        instalments_add_up(facts.asked, facts.instalments),
        people_as_counted(facts.participants, facts.participant_count),
        end_not_before_start(facts.starts_on, facts.ends_on),
        account_number_valid(facts.iban_valid),
    )


def is_reskilling(facts: TransitionFacts) -> Check:
    """Several new competences for a new or thoroughly changing job; the same job is ordinary training (P3)."""
    return Check(
        code="GEEN_OMSCHOLING",
        passed=not facts.same_function,
        blocking="refer",
        source="P3",
        fields=("same_function",),
    )


def enough_hours(facts: TransitionFacts, policy: TransitionPolicy) -> Check:
    """At least 80 hours per participant, possibly spread (P3)."""
    return Check(
        code="UREN_TE_WEINIG",
        passed=facts.hours >= policy.minimum_hours,
        blocking="refuse",
        source="P3",
        fields=("hours",),
        values=stated(case="transition", hours=facts.hours, minimum=policy.minimum_hours),
    )


def has_external_expert(facts: TransitionFacts) -> Check:
    """Company, fund and external expert draw up the plan together, beforehand (covenant act. 14).

    Without an expert the company may still look for one, unless it has begun already.
    """
    return Check(
        code="GEEN_EXTERNE_EXPERT",
        passed=facts.has_expert,
        blocking="refuse" if facts.started_before_filing else "complete",
        source="covenant act. 14",
        fields=("has_expert",),
        values=stated(
            case="begun" if facts.started_before_filing else None, starts_on=facts.starts_on, filed_on=facts.filed_on
        ),
    )


def not_begun(facts: TransitionFacts) -> Check:
    """A plan is made before the start; with an expert on board a handler looks at what was begun [assumption]."""
    return Check(
        code="AL_BEGONNEN",
        passed=not (facts.started_before_filing and facts.has_expert),
        blocking="look",
        source="covenant act. 14, [assumption]",
        fields=("started_before_filing",),
        values=stated(starts_on=facts.starts_on, filed_on=facts.filed_on),
    )


def council_asked(facts: TransitionFacts) -> Check:
    """The works council or union delegation advised, favourably or not, or there is none (domain.md 4, assumption)."""
    return Check(
        code="ADVIES_ONTBREEKT",
        passed=facts.council_advice != "missing",
        blocking="complete",
        source="domain.md 4, [assumption]",
        fields=("council_advice",),
    )
