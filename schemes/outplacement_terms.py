"""Terms, phases and value that the law gives each regime of outplacement (domain.md 6.2).

None of the statutory terms moves to a working day: no source was found that says so, hence "no shift, warn earlier"
(domain.md 7). `None` means that the regime knows no such term.
"""

from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from schemes.deadlines import Deadline, Suspension, Term
from schemes.dismissals import DismissalFacts, FactMissing
from schemes.money import cents
from schemes.regimes import Regime

FIFTEEN_DAYS = Term(amount=15, unit="days")
FOUR_WEEKS = Term(amount=4, unit="weeks")
THIRTY_NINE_WEEKS = Term(amount=39, unit="weeks")
ONE_MONTH = Term(amount=1, unit="months")
THREE_MONTHS = Term(amount=3, unit="months")
SIX_MONTHS = Term(amount=6, unit="months")

GENERAL = frozenset({Regime.GENERAL_INDEMNITY, Regime.GENERAL_NOTICE})
SPECIAL = frozenset({Regime.SPECIAL_45_PLUS, Regime.SPECIAL_45_PLUS_ON_REQUEST})

_DEFAULT_NOTICE = {
    Regime.GENERAL_INDEMNITY: THIRTY_NINE_WEEKS,  # P24
    Regime.GENERAL_NOTICE: FOUR_WEEKS,  # P26
    Regime.SPECIAL_45_PLUS: ONE_MONTH,  # P29
}
_EMPLOYER_RESPONSE = {
    Regime.GENERAL_INDEMNITY: FOUR_WEEKS,  # P24
    Regime.SPECIAL_45_PLUS: ONE_MONTH,  # P29
}
_ANSWER = {
    Regime.GENERAL_INDEMNITY: FOUR_WEEKS,  # P24
    Regime.GENERAL_NOTICE: FOUR_WEEKS,  # P26
    Regime.SPECIAL_45_PLUS: ONE_MONTH,  # P27
    Regime.SPECIAL_45_PLUS_ON_REQUEST: ONE_MONTH,  # P27
    Regime.MEDICAL_FORCE_MAJEURE: FOUR_WEEKS,  # Act of 7 April 2019 (jobs deal)
}
_TWELVE_MONTHS = ((20, 2), (20, 6), (20, 12))  # P25, P30
_PHASES: dict[Regime, tuple[tuple[int, int], ...]] = {
    Regime.GENERAL_INDEMNITY: _TWELVE_MONTHS,
    Regime.GENERAL_NOTICE: _TWELVE_MONTHS,
    Regime.SPECIAL_45_PLUS: _TWELVE_MONTHS,
    Regime.SPECIAL_45_PLUS_ON_REQUEST: _TWELVE_MONTHS,
    Regime.COLLECTIVE_UNDER_45: ((30, 3),),  # P23
    Regime.COLLECTIVE_45_PLUS: ((60, 6),),  # P23
    Regime.BANKRUPTCY: ((60, 6),),  # P50
    Regime.MEDICAL_FORCE_MAJEURE: ((30, 3),),  # P14
}

LEAST_VALUE = Decimal(1800)
GREATEST_VALUE = Decimal(5500)


class Phase(NamedTuple):
    """Hours of guidance the agency owes from the end of the phase before until the deadline of this one."""

    number: int
    hours: int
    deadline: Deadline


def way_to_start(regime: Regime) -> Literal["none", "register", "request", "offer"]:
    """How guidance comes about: an offer of the employer, after a wish in so many words [P40], by registering with the
    cell or the public fund without any offer, or not by law."""
    if regime in (Regime.NO_DUTY, Regime.EXCLUDED_URGENT_CAUSE, Regime.PENSION_AGE):
        return "none"
    if regime in (Regime.BANKRUPTCY, Regime.COLLECTIVE_UNDER_45, Regime.COLLECTIVE_45_PLUS):
        return "register"
    return "request" if regime is Regime.SPECIAL_45_PLUS_ON_REQUEST else "offer"


def offer_deadline(regime: Regime, facts: DismissalFacts) -> Deadline | None:
    """Until when the employer offers: 15 days after the end of the contract, or 4 weeks after the start of the notice.

    [P24][P25][P27]; None without a spontaneous duty. Raises FactMissing when worked notice has no first day.
    """
    match regime:
        case Regime.GENERAL_NOTICE:
            if facts.notice_began_on is None:
                raise FactMissing("notice_began_on", "Het begin van de opzegtermijn ontbreekt: vul die dag in.")
            return Deadline(start=facts.notice_began_on, term=FOUR_WEEKS)
        case Regime.GENERAL_INDEMNITY | Regime.SPECIAL_45_PLUS | Regime.MEDICAL_FORCE_MAJEURE:
            return Deadline(start=facts.contract_ended_on, term=FIFTEEN_DAYS)
        case _:
            return None


def default_notice_deadline(regime: Regime, facts: DismissalFacts) -> Deadline | None:
    """Until when a worker without an offer may give notice of default: 39 weeks, 4 weeks or 1 month after that day."""
    term, offer = _DEFAULT_NOTICE.get(regime), offer_deadline(regime, facts)
    return Deadline(start=offer.last_day, term=term) if term and offer else None


def employer_response_deadline(regime: Regime, default_notice_on: date) -> Deadline | None:
    """Until when the employer offers after a notice of default: 4 weeks or 1 month; no term found for worked notice."""
    term = _EMPLOYER_RESPONSE.get(regime)
    return Deadline(start=default_notice_on, term=term) if term else None


def answer_deadline(regime: Regime, offered_on: date) -> Deadline | None:
    """Until when the worker answers an offer: 4 weeks or 1 month; None where the law asks no answer."""
    term = _ANSWER.get(regime)
    return Deadline(start=offered_on, term=term) if term else None


def phases(regime: Regime, started_on: date, suspensions: tuple[Suspension, ...] = ()) -> tuple[Phase, ...]:
    """The phases counted from the first session, each ending on its own month date; empty without a statutory volume.

    20 hours in 2 months, 20 in the next 4, 20 in the next 6; collective 30 hours in 3 months or 60 in 6.
    `suspensions` hold the clock, as during a new job.
    """
    return tuple(
        Phase(
            number, hours, Deadline(start=started_on, term=Term(amount=months, unit="months"), suspensions=suspensions)
        )
        for number, (hours, months) in enumerate(_PHASES.get(regime, ()), start=1)
    )


def resumption_window(regime: Regime, job_began_on: date, job_lost_on: date) -> Deadline | None:
    """Until when a worker who lost a new job asks to resume: 4 weeks after the loss [P24].

    None when the job lasted longer than three months or the regime knows no resumption. For the special regime
    [P34] names no term; the four weeks of the general one are taken over (assumption of domain.md 6.4).
    """
    if regime not in GENERAL | SPECIAL or job_lost_on > THREE_MONTHS.after(job_began_on):
        return None
    return Deadline(start=job_lost_on, term=FOUR_WEEKS)


def return_deadline(regime: Regime, job_began_on: date) -> Deadline | None:
    """Until when somebody in a new job may still come back: lost within three months, told within four weeks [P24].

    None where the regime knows no resumption; the three months of a cell are practice, not law [P28].
    """
    if regime not in GENERAL | SPECIAL:
        return None
    return Deadline(start=job_began_on, term=THREE_MONTHS).extend(FOUR_WEEKS)


def resumption_offer_deadline(regime: Regime, asked_on: date) -> Deadline | None:
    """Until when the employer offers again after a request to resume: 15 days, general regime only [P24]."""
    return Deadline(start=asked_on, term=FIFTEEN_DAYS) if regime in GENERAL else None


def guidance_value(regime: Regime, facts: DismissalFacts) -> Decimal | None:
    """Least value of the guidance in euros, where the law sets one.

    With indemnity: one twelfth of the gross yearly wage, at least 1 800 and at most 5 500, both bounds pro rata for
    part-time work [P21]; the wage is taken as really paid, so it is not reduced a second time (reading of "pro rata",
    to be checked). Medical force majeure: 1 800. Raises FactMissing without a wage.
    """
    if regime is Regime.MEDICAL_FORCE_MAJEURE:
        return LEAST_VALUE
    if regime is not Regime.GENERAL_INDEMNITY:
        return None
    if facts.gross_yearly_wage is None:
        raise FactMissing("gross_yearly_wage", "Het bruto jaarloon ontbreekt: vul het in om de waarde te berekenen.")
    least, greatest = (bound * facts.employment_fraction for bound in (LEAST_VALUE, GREATEST_VALUE))
    value = min(max(facts.gross_yearly_wage / 12, least), greatest)
    return cents(value)
