"""Premiums to natural persons: what is granted is gross; tax is withheld and the rest is paid (domain.md 3.3, P13).

Which percentage holds stands in the policy of the fund; where it says nothing, nothing is withheld. [assumption]
"""

from decimal import Decimal

from models.messages.message import Message
from models.messages.words import Instrument, Party
from schemes.money import HUNDRED, cents, percentage

NOTHING = Decimal(0)
PER_DAY = Decimal(5)
"""Euro for each day of training of a job-seeker (P13)."""
MOST_DAYS = 220
"""Days that count at most (P13)."""


class Premium(Message):
    """An amount in euro and whole cents: gross is what is granted, net what is paid."""

    gross: Decimal
    withheld: Decimal
    net: Decimal


def withhold(gross: Decimal, percent: Decimal) -> Premium:
    """Split a gross amount (euro); half a cent of tax goes up, so that net and tax are the gross to the cent.

    Raises:
        ValueError: the percentage is below 0 or above 100.
    """
    if not 0 <= percent <= HUNDRED:
        raise ValueError(f"a percentage of {percent} cannot be withheld")
    withheld = cents(percentage(gross, percent))
    return Premium(gross=cents(gross), withheld=withheld, net=cents(gross) - withheld)


def job_seeker_premium(days: int) -> Decimal:
    """The gross premium of a job-seeker for so many days of training: 5 euro a day, at most 220 days (P13)."""
    return PER_DAY * min(max(days, 0), MOST_DAYS)


def natural_person(instrument: Instrument, account_of: Party) -> bool:
    """Whether the money goes to a person and not to an enterprise: only a person holds a career account (P2)."""
    return account_of is Party.PARTICIPANT or instrument is Instrument.CAREER_ACCOUNT
