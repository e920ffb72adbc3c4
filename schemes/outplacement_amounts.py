"""What the fund pays for outplacement (domain.md 6.3). Amounts are euros; the numbers come from the policy.

The cases are those of the predecessors of the funds (2021 pages): workers (PC 111) through a framework agency [P9],
employees (PC 209) and legal duty by phases [P52], collective dismissals by shared invoices [P9][P54].
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal, NamedTuple

from pydantic import ConfigDict, Field

from models.messages.message import Message
from schemes.dismissals import DismissalFacts
from schemes.money import cents
from schemes.outplacement_terms import SIX_MONTHS
from schemes.regimes import OLDER_WORKER, Regime, has_year_of_service, known_age

NOTHING = Decimal(0)
AGENCY_DAYS = 230
"""Days worked for agencies in the two years before, which replace the year of service [P9]."""

JointCommittee = Literal["111", "209"]


class OutplacementRates(Message):
    """The dated numbers of a fund. An `OutplacementPolicy` fits: `model_validate(policy)` takes the fields it needs."""

    model_config = ConfigDict(frozen=True, extra="ignore", from_attributes=True)

    employer_share_per_person: Decimal = Field(ge=0)
    employer_share_maximum_percentage: Decimal = Field(ge=0, le=100)
    first_phase_amount: Decimal = Field(ge=0)
    second_phase_amount: Decimal = Field(ge=0)
    long_guidance_amount: Decimal = Field(ge=0)


class TrainingBudgetRates(Message):
    """The budget of a worker from whose indemnity four weeks were withheld [P53]."""

    maximum: Decimal = Field(ge=0)
    travel_per_phase: Decimal = Field(ge=0)


class SharedCost(NamedTuple):
    """Invoices of a collective or multiple dismissal, divided; `net` is what the public refund leaves."""

    net: Decimal
    employer: Decimal
    fund: Decimal


class SupportCase(StrEnum):
    """Who pays the guidance of one person."""

    EMPLOYER_DOSSIER = "employer_dossier"
    """Collective dismissal: the invoices are shared in the employer's dossier."""
    PUBLIC_FUND = "public_fund"
    """Bankruptcy: the public insolvency fund pays, so the fund does not."""
    FRAMEWORK_AGENCY = "framework_agency"
    """Free for worker and employer: the fund pays its framework agency."""
    NO_DUTY = "no_duty"
    DUTY_WEEKS_WITHHELD = "duty_weeks_withheld"
    DUTY_INDEMNITY = "duty_indemnity"
    DUTY_WORKED_NOTICE = "duty_worked_notice"
    NONE = "none"
    """No support: urgent cause, pension age, or too short a service."""


class IndividualSupport(NamedTuple):
    """What the fund pays the employer for one person, by part."""

    case: SupportCase
    first: Decimal
    second: Decimal

    @property
    def total(self) -> Decimal:
        """Both parts together, in euros."""
        return self.first + self.second


def shared_cost(people: int, invoices: Decimal, public_refund: Decimal, rates: OutplacementRates) -> SharedCost:
    """Divide the invoices of a collective or multiple dismissal between employer and fund.

    net = invoices - public refund; employer = the amount per person, at most a percentage of net; the fund pays the
    rest, so that the parts always add up to net. Ten people, 20 000 invoiced and 9 000 refunded: employer 3 000, fund
    8 000. Raises ValueError for nobody, a negative amount, or a refund above the invoices.
    """
    if people < 1:
        raise ValueError("Vul het aantal deelnemers in: minstens één.")
    if invoices < 0 or public_refund < 0:
        raise ValueError("De facturen en de terugbetaling door de overheid kunnen niet negatief zijn.")
    if public_refund > invoices:
        raise ValueError("De terugbetaling door de overheid is hoger dan de facturen: kijk beide bedragen na.")
    net = cents(invoices - public_refund)
    ceiling = cents(net * rates.employer_share_maximum_percentage / 100)
    employer = min(cents(rates.employer_share_per_person * people), ceiling)
    return SharedCost(net, employer, net - employer)


def support_case(
    regime: Regime, facts: DismissalFacts, joint_committee: JointCommittee, agency_days: int = 0
) -> SupportCase:
    """Which row of the case table fits one dismissal.

    A medical force majeure after which the law still asked guidance counts as a duty with nothing withheld. Special
    45+ on request counts as a duty, because the employer must guide once asked. Raises FactMissing without an age
    where the framework agency depends on it.
    """
    match regime:
        case Regime.BANKRUPTCY:
            return SupportCase.PUBLIC_FUND
        case Regime.COLLECTIVE_UNDER_45 | Regime.COLLECTIVE_45_PLUS:
            return SupportCase.EMPLOYER_DOSSIER
        case Regime.EXCLUDED_URGENT_CAUSE | Regime.PENSION_AGE:
            return SupportCase.NONE
        case Regime.NO_DUTY:
            return _without_duty(facts, joint_committee, agency_days)
        case _ if facts.notice_began_on is not None:
            return SupportCase.DUTY_WORKED_NOTICE
        case _ if facts.four_weeks_withheld:
            return SupportCase.DUTY_WEEKS_WITHHELD
        case _:
            return SupportCase.DUTY_INDEMNITY


def _without_duty(facts: DismissalFacts, joint_committee: JointCommittee, agency_days: int) -> SupportCase:
    """Employees by phases; workers under 45 free through the framework agency after a year, or 230 agency days."""
    if joint_committee == "209":
        return SupportCase.NO_DUTY
    long_enough = has_year_of_service(facts) or agency_days >= AGENCY_DAYS
    if long_enough and known_age(facts) < OLDER_WORKER:
        return SupportCase.FRAMEWORK_AGENCY
    return SupportCase.NONE


def individual_support(
    case: SupportCase, started_on: date | None, ended_on: date | None, rates: OutplacementRates
) -> IndividualSupport:
    """What the fund pays the employer for one person, by the first session and the last one so far.

    The first part of `NO_DUTY` is earned by starting; every second part by guidance that lasts longer than six
    calendar months. Zero where another pot pays or nobody started. Raises ValueError when the end is before the start.
    """
    if started_on is None:
        return IndividualSupport(case, NOTHING, NOTHING)
    if ended_on is not None and ended_on < started_on:
        raise ValueError("Het einde van de begeleiding ligt vóór het begin: kijk beide dagen na.")
    is_long = ended_on is not None and ended_on > SIX_MONTHS.after(started_on)
    match case:
        case SupportCase.NO_DUTY:
            return IndividualSupport(case, rates.first_phase_amount, rates.second_phase_amount if is_long else NOTHING)
        case SupportCase.DUTY_INDEMNITY | SupportCase.DUTY_WORKED_NOTICE:
            return IndividualSupport(case, NOTHING, rates.long_guidance_amount if is_long else NOTHING)
        case _:
            return IndividualSupport(case, NOTHING, NOTHING)


def training_budget(
    case: SupportCase, phases_followed: int, courses: Sequence[Decimal], rates: TrainingBudgetRates
) -> Decimal:
    """The training budget of a worker in euros: travel per 20-hour phase plus proven course costs, up to a maximum.

    Only where four weeks were withheld [P53]. Raises ValueError for a negative number or cost.
    """
    if phases_followed < 0 or any(course < 0 for course in courses):
        raise ValueError("Het aantal fasen en de kost van een opleiding kunnen niet negatief zijn.")
    if case is not SupportCase.DUTY_WEEKS_WITHHELD:
        return NOTHING
    return min(cents(rates.travel_per_phase * phases_followed + sum(courses, NOTHING)), rates.maximum)
