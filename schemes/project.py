"""Intake of project financing: one of three levers, with an expert, and no training offer (domain.md 5)."""

from collections.abc import Iterable, Sequence

from models.messages.facts import BudgetLine, ProjectFacts
from models.messages.message import Message
from models.messages.policies import ProjectPolicy
from schemes.budgets import budget_adds_up, instalments_add_up
from schemes.checks import Check, failed, stated
from schemes.completeness import account_number_valid, documents_present, end_not_before_start
from schemes.terms import add_months

TRAINING_COST = "opleiding"


def check_project(facts: ProjectFacts, policy: ProjectPolicy) -> tuple[Check, ...]:
    """The checks of a project: admissibility first, and papers only of who is admissible."""
    admissibility = (
        no_training(facts),
        in_a_lever(facts),
        lever_free(facts),
        not_finished(facts),
        not_begun(facts),
        has_external_expert(facts),
    )
    if any(check.blocking in ("refuse", "refer") for check in failed(admissibility)):
        return admissibility
    return (
        *admissibility,
        documents_present(facts.documents, policy.documents, "domain.md 5, example list"),
        enough_quotes(facts, policy),
        short_enough(facts, policy),
        budget_adds_up(facts.cost, facts.budget),
        instalments_add_up(facts.asked, facts.instalments),
        end_not_before_start(facts.starts_on, facts.ends_on),
        account_number_valid(facts.iban_valid),
    )


def no_training(facts: ProjectFacts) -> Check:
    """Explicitly not a training offer: what is only training belongs to a subsidy dossier (covenant §1.3.3.2)."""
    return Check(
        code="DIT_IS_OPLEIDING",
        passed=not facts.looks_like_training,
        blocking="refer",
        source="covenant §1.3.3.2",
        fields=("looks_like_training",),
        values=stated(people=facts.participant_count),
    )


def in_a_lever(facts: ProjectFacts) -> Check:
    """Sustainable employability, workable work or engaged leadership (covenant act. 15)."""
    return Check(
        code="GEEN_HEFBOOM",
        passed=facts.lever is not None,
        blocking="refuse",
        source="covenant act. 15",
        fields=("lever",),
    )


def lever_free(facts: ProjectFacts) -> Check:
    """One running project per lever and company (domain.md 5, example)."""
    return Check(
        code="HEFBOOM_LOOPT_AL",
        passed=facts.running_in_lever is None,
        blocking="refuse",
        source="domain.md 5, example",
        fields=("running_in_lever",),
        values=stated(
            case=None if facts.running_until else "open",
            lever=facts.lever,
            running=facts.running_in_lever,
            until=facts.running_until,
        ),
    )


def not_finished(facts: ProjectFacts) -> Check:
    """The project was not over before it was asked for: it is drawn up together, beforehand (covenant act. 15)."""
    return Check(
        code="PROJECT_AL_AFGEROND",
        passed=facts.ends_on >= facts.filed_on or facts.ends_on < facts.starts_on,
        blocking="refuse",
        source="covenant act. 15",
        fields=("ends_on", "filed_on"),
        values=stated(starts_on=facts.starts_on, ends_on=facts.ends_on, filed_on=facts.filed_on),
    )


def not_begun(facts: ProjectFacts) -> Check:
    """A project that runs but was not finished before the application is looked at by a handler [assumption]."""
    return Check(
        code="AL_BEGONNEN",
        passed=not (facts.starts_on < facts.filed_on <= facts.ends_on),
        blocking="look",
        source="covenant act. 15, [assumption]",
        fields=("starts_on", "filed_on"),
        values=stated(starts_on=facts.starts_on, filed_on=facts.filed_on),
    )


def has_external_expert(facts: ProjectFacts) -> Check:
    """Set up with an external consultant (covenant §1.3.3.2)."""
    return Check(
        code="GEEN_EXTERNE_EXPERT",
        passed=facts.has_expert,
        blocking="complete",
        source="covenant §1.3.3.2",
        fields=("has_expert",),
        values=stated(starts_on=facts.starts_on, filed_on=facts.filed_on),
    )


def enough_quotes(facts: ProjectFacts, policy: ProjectPolicy) -> Check:
    """Above a cost, at least two quotes (domain.md 5, example)."""
    needed = policy.minimum_quotes if facts.cost > policy.quotes_above else 0
    return Check(
        code="OFFERTES_TE_WEINIG",
        passed=facts.quotes >= needed,
        blocking="complete",
        source="domain.md 5, example",
        fields=("quotes",),
        values=stated(quotes=facts.quotes, needed=needed, above=policy.quotes_above),
    )


def short_enough(facts: ProjectFacts, policy: ProjectPolicy) -> Check:
    """At most twelve months; six more on request, so a handler looks (domain.md 5, example)."""
    return Check(
        code="TERMIJN_TE_LANG",
        passed=facts.ends_on < add_months(facts.starts_on, policy.maximum_months),
        blocking="look",
        source="domain.md 5, example",
        fields=("ends_on",),
        values=stated(starts_on=facts.starts_on, ends_on=facts.ends_on, months=policy.maximum_months),
    )


def looks_like_training(budget: Sequence[BudgetLine]) -> bool:
    """Whether more than half of the cost is training: then it is no project (covenant §1.3.3.2; half by assumption)."""
    total = sum(line.amount for line in budget)
    training = sum(line.amount for line in budget if TRAINING_COST in line.sort.casefold())
    return training * 2 > total


class OtherProject(Message):
    """A project the fund already knows, as far as the rule of one project per lever needs it."""

    reference: str
    enterprise: str
    """The enterprise number, or any key that is the same for one enterprise."""
    facts: ProjectFacts


def running_in_lever(application: OtherProject, others: Iterable[OtherProject]) -> OtherProject | None:
    """The project of the same enterprise in the same lever, filed earlier, that still runs on the day of filing.

    One that would itself be turned down runs nowhere: it must be in a lever and no training (domain.md 5, example).
    """
    asked = application.facts
    candidates = (
        other
        for other in others
        if other.reference != application.reference
        and other.enterprise == application.enterprise
        and asked.lever is not None
        and other.facts.lever == asked.lever
        and not other.facts.looks_like_training
        and (other.facts.filed_on, other.reference) < (asked.filed_on, application.reference)
        and other.facts.filed_on <= other.facts.ends_on
        and other.facts.ends_on >= asked.filed_on
    )
    return min(candidates, key=lambda other: (other.facts.filed_on, other.reference), default=None)
