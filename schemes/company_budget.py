"""What one employer or person may have of a fund together, and the ceilings a dossier falls under (domain.md 3.2, 3.4).

Headcounts are those of 30 September of the year before, frozen for the year; amounts are euros.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from models.messages.events import Cap
from models.messages.facts import CareerAccountFacts, Facts, ProjectFacts, TrainingFacts, TransitionFacts
from models.messages.headcounts import Headcount
from models.messages.policies import (
    CareerAccountPolicy,
    CompanyBudget,
    HeadcountBudget,
    Policy,
    ProjectPolicy,
    TrainingPolicy,
    TransitionPolicy,
)
from schemes.checks import Check, stated
from schemes.completeness import eligible_people
from schemes.money import cents

WINDOW = timedelta(days=730)
"""24 months, the window of the ceilings per company (domain.md 4 and 5, example)."""


def counted_on(year: int) -> date:
    """The day whose headcount gives the budget of a calendar year (P1, P6)."""
    return date(year - 1, 9, 30)


def yearly_budget(heads: int, rule: HeadcountBudget) -> Decimal:
    """The budget of a calendar year in euros for so many heads of one status; nobody has none.

    Opleidingsbudget (P1): 4 heads 1 040, 5 heads 1 315, 100 heads 2 740. Bedrijfsbudget West-Vlaanderen (P4, P6):
    20 workers 3 000, 21 workers 3 020, 100 workers 4 600; 120 employees 3 600.
    """
    if heads <= 0:
        return Decimal(0)
    if heads < rule.small_below:
        return rule.per_head_when_small * heads
    return max(rule.fixed + rule.per_head * max(heads - rule.heads_included, 0), rule.minimum)


def by_status(amount: Decimal, facts: TrainingFacts) -> tuple[Decimal, Decimal]:
    """The amount divided over workers and employees by the number of participants; the parts add up to it."""
    people = eligible_people(facts.participants)
    workers = sum(1 for person in people if person.status == "worker")
    share = cents(amount * workers / len(people)) if people else Decimal(0)
    return share, amount - share if people else Decimal(0)


def budget_of(policy: Policy) -> CompanyBudget | None:
    """The budget per company that a policy has, or None."""
    return policy.company_budget if isinstance(policy, TrainingPolicy) else None


def headcount_known(facts: Facts, headcount: Headcount | None, day: date) -> Check:
    """The headcount of every status that takes part is known; a new company has none yet: a handler decides."""
    missing = _unknown(facts, headcount)
    return Check(
        code="PERSONEEL_ONBEKEND",
        passed=not missing,
        blocking="look",
        source="domain.md 3.4",
        fields=(),
        values=stated(day=day, missing=",".join(missing) or None),
    )


def _unknown(facts: Facts, headcount: Headcount | None) -> tuple[str, ...]:
    if not isinstance(facts, TrainingFacts):
        return ()
    present = {f"{person.status}s" for person in eligible_people(facts.participants)}
    return tuple(sorted(status for status in present if headcount is None or getattr(headcount, status) is None))


def caps(
    amount: Decimal, facts: Facts, policy: Policy, *, company: str | None, opened_on: date, headcount: Headcount | None
) -> tuple[Cap, ...]:
    """Every ceiling that an amount falls under. What the rules cannot count (`company` or headcount unknown) has none.

    `company` names the employer within the fund, such as "ANT/0417497106"; `headcount` is that of the budget year.
    """
    match facts, policy:
        case CareerAccountFacts(), CareerAccountPolicy():
            account = f"career_account/{facts.account}/{facts.ends_on.year}"
            return (Cap(bucket=account, limit=policy.yearly_amount, amount=amount),)
        case TrainingFacts(), TrainingPolicy(company_budget=CompanyBudget() as rules) if company and headcount:
            return _of_training(amount, facts, rules, company, headcount)
        case TransitionFacts(), TransitionPolicy(maximum_per_company=limit) if company:
            return (_window(amount, facts, limit, company, opened_on),)
        case ProjectFacts(), ProjectPolicy(maximum_per_company=limit) if company:
            return (_window(amount, facts, limit, company, opened_on), *_of_lever(amount, facts, company))
    return ()


def _window(amount: Decimal, facts: Facts, limit: Decimal, company: str, opened_on: date) -> Cap:
    return Cap(bucket=f"{company}/{facts.instrument}", limit=limit, amount=amount, since=opened_on - WINDOW)


def _of_training(
    amount: Decimal, facts: TrainingFacts, rules: CompanyBudget, company: str, headcount: Headcount
) -> tuple[Cap, ...]:
    workers, employees = by_status(amount, facts)
    parts = (
        ("workers", workers, headcount.workers, rules.workers),
        ("employees", employees, headcount.employees, rules.employees),
    )
    return tuple(
        Cap(bucket=f"{company}/{status}/{headcount.year}", limit=yearly_budget(heads, rule), amount=part)
        for status, part, heads, rule in parts
        if part > 0 and heads is not None
    )


def _of_lever(amount: Decimal, facts: ProjectFacts, company: str) -> tuple[Cap, ...]:
    """One running project per lever and company (domain.md 5, example): a place, not an amount."""
    if facts.lever is None:
        return ()
    since, until = facts.starts_on, max(facts.starts_on, facts.ends_on)
    return (Cap(bucket=f"{company}/lever/{facts.lever}", limit=amount, amount=amount, since=since, until=until),)


def short_reason(facts: Facts) -> str:
    """Why a ceiling leaves less than was asked, as a code."""
    match facts:
        case CareerAccountFacts():
            return "account_used"
        case TransitionFacts() | ProjectFacts():
            return "window_used"
    return "company_budget_used"


LEFT: Mapping[str, str] = {
    "company_budget_used": "left_of_budget",
    "account_used": "left_of_the_year",
    "window_used": "left_of_company",
}
"""The line of the sum by which a ceiling is told."""


def lowered(steps: tuple[str, ...], reason: str, allowed: Decimal) -> tuple[str, ...]:
    """The steps of a sum with what a ceiling left (euro), in place of what the rules thought was left."""
    rule = LEFT.get(reason)
    if rule is None:
        return steps
    return (*(step for step in steps if not step.startswith(f"{rule}: ")), f"{rule}: {cents(allowed)}")


def committee_of(facts: Facts) -> Literal["111", "209", "*"]:
    """The joint committee whose envelope pays: 111 workers, 209 employees, `*` where the application names none."""
    match facts:
        case CareerAccountFacts(status=status):
            return "111" if status == "worker" else "209" if status == "employee" else "*"
        case TrainingFacts(joint_committee=named) | TransitionFacts(joint_committee=named):
            return "111" if named.startswith("111") else "209" if named.startswith("209") else "*"
    return "*"
