"""What people may still do when nobody offered, beyond what the fund itself watches: terms that are told, with source.

Nothing here is decided by the fund. Sources are pages of domain.md 6.2; the Act of 5 September 2001 could be read only
as its table of contents.
"""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from schemes.deadlines import Deadline, Suspension, Term
from schemes.outplacement_sources import Source
from schemes.outplacement_terms import THREE_MONTHS
from schemes.regimes import JOBS_DEAL, MEDICAL_ENDED, RETURN_TO_WORK, SPECIAL_ACT, Regime

VDAB_TERM = Term(amount=12, unit="months")
JUSTIFICATION_TERM = Term(amount=1, unit="months")
RETURN_TO_WORK_TERM = Term(amount=45, unit="days")
EMPLOYER_SANCTION = Decimal(1500)
ADMINISTRATION_COST = Decimal(300)
"""Euro, what an employer pays for a worker of 45 or older who got no guidance: 1 500 and 300 of costs [P35][P36]."""
RETURN_TO_WORK_PAYMENT = Decimal(1800)

SANCTION = Source(f"{SPECIAL_ACT}; Vlaamse sanctieregeling sinds 1 januari 2019", "P29, P35, P36")
VOLUNTARY = Source("cao 51 van 10 februari 1992", "P39, P9")
MEDICAL_END = Source(RETURN_TO_WORK, "P43, P44; P45 noemt 15 dagen")
MEDICAL_BEFORE = Source(JOBS_DEAL, "P14")


class Voluntary(NamedTuple):
    """An offer that no law asks: a third-party agency guides, the employer pays."""

    source: Source
    answer_by: Deadline


def voluntary_offer(regime: Regime, offered_on: date, notify_term: Term) -> Voluntary | None:
    """An offer where the law asks none falls under collective agreement 51; None where the law asks one.

    The agreement names no term to answer; `notify_term` is the fund's own (policy).
    """
    if regime not in (Regime.NO_DUTY, Regime.EXCLUDED_URGENT_CAUSE, Regime.PENSION_AGE):
        return None
    return Voluntary(VOLUNTARY, Deadline(start=offered_on, term=notify_term))


def vdab_deadline(regime: Regime, default_notice_on: date, jobs: tuple[tuple[date, date], ...] = ()) -> Deadline | None:
    """Until when a worker of 45 or older who got no offer after a notice of default may turn to VDAB: 12 months.

    `jobs` are the first and the last day of new jobs since; one that was lost within three months holds the clock
    [P35]. None outside the special regime, where the revived pay is the sanction [P32], or no sanction was found.
    """
    if regime not in (Regime.SPECIAL_45_PLUS, Regime.SPECIAL_45_PLUS_ON_REQUEST):
        return None
    held = tuple(Suspension(start=began, end=lost) for began, lost in jobs if lost <= THREE_MONTHS.after(began))
    return Deadline(start=default_notice_on, term=VDAB_TERM, suspensions=held)


def justification_deadline(asked_on: date) -> Deadline:
    """Until when an employer shows VDAB that there was an offer, or why there was none: one month [P35][P36]."""
    return Deadline(start=asked_on, term=JUSTIFICATION_TERM)


def sanction() -> Decimal:
    """What the employer pays in euro when the proof does not come: 1 500 and 300 of costs [P35][P36]."""
    return EMPLOYER_SANCTION + ADMINISTRATION_COST


def return_to_work_deadline(contract_ended_on: date) -> Deadline | None:
    """Since 1 April 2024, after medical force majeure: until when the employer pays 1 800 euro to the fund Terug Naar
    Werk, 45 days [P43][P44]; one source says 15 [P45]. None for an end before, when there was outplacement [P14]."""
    if contract_ended_on < MEDICAL_ENDED:
        return None
    return Deadline(start=contract_ended_on, term=RETURN_TO_WORK_TERM)
