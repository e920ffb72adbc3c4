"""When dismissals are collective: by the law of employment cells and by the funds' own support. Two rules, kept apart.

Also the employment cell itself, and what a bankruptcy leaves to claim (domain.md 6.2).
"""

from datetime import date
from typing import Literal

from schemes.deadlines import Deadline, Term
from schemes.outplacement_sources import Source
from schemes.outplacement_terms import SIX_MONTHS, THREE_MONTHS
from schemes.regimes import RESTRUCTURING, Regime

LAW = Source(RESTRUCTURING, "P46")
FUND = Source("reglement van het fonds", "P14, P9")
INSOLVENCY = Source("Sociaal Interventiefonds van de VDAB", "P50, P51")

RESTRUCTURING_PERIOD = Term(amount=24, unit="months")
INSOLVENCY_CLAIM = Term(amount=30, unit="days")
BENEFIT_LOSS_WEEKS = (4, 52)
"""Weeks of benefit that a worker loses who does not register with the cell or refuses its guidance [P37]."""


def is_collective_by_law(staff: int, dismissed: int) -> bool:
    """Whether a cell is due by the number of people: 10 % from 100 staff, 10 from 21, 6 from 12, half below [P46].

    The source leaves 20 staff and fewer out unless early retirement (SWT) is asked for; that question is the clerk's.
    """
    if staff >= 100:
        return dismissed * 10 >= staff
    if staff > 20:
        return dismissed >= 10
    if staff >= 12:
        return dismissed >= 6
    return dismissed * 2 >= staff


def case_of_fund(staff: int, dismissed: int) -> Literal["individual", "multiple", "collective"]:
    """How the fund pays: multiple from 3 below 30 staff; collective from 10, 10 % or 30 above [P14][P9]."""
    if staff < 30:
        return "multiple" if dismissed >= 3 else "individual"
    if staff < 100:
        return "collective" if dismissed >= 10 else "individual"
    if staff < 300:
        return "collective" if dismissed * 10 >= staff else "individual"
    return "collective" if dismissed >= 30 else "individual"


def restructuring_ends(notified_on: date) -> Deadline:
    """The last day of the period of restructuring: at most two years from the notification [P46]."""
    return Deadline(start=notified_on, term=RESTRUCTURING_PERIOD)


def cell_ends(regime: Regime, last_dismissal_on: date) -> Deadline | None:
    """How long a cell stays open for a worker: 3 months below 45, 6 from 45 on, after the last dismissal [P28].

    So long the worker stays registered with it. None outside a collective dismissal.
    """
    terms = {Regime.COLLECTIVE_UNDER_45: THREE_MONTHS, Regime.COLLECTIVE_45_PLUS: SIX_MONTHS}
    term = terms.get(regime)
    return Deadline(start=last_dismissal_on, term=term) if term else None


def insolvency_claim_by(appointed_on: date) -> Deadline:
    """Until when the trustee claims the guidance of a bankruptcy: 30 days after the appointment [P50][P51].

    The Sociaal Interventiefonds pays 60 hours in 6 months for every worker, so the fund pays nothing.
    """
    return Deadline(start=appointed_on, term=INSOLVENCY_CLAIM)
