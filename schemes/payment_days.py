"""Days of a payment run: until when it may be signed, and until when the bank has to speak.

Numbers of bank days are the house's own. [assumption]
"""

from datetime import date

from schemes.calendar import ONE_DAY, next_bank_day

DAYS_TO_SIGN = 10
"""Bank days after the wished day of execution until which a run may still be signed."""
DAYS_OF_THE_BANK = 5
"""Bank days after the execution in which the bank says what became of every line."""

DAYS_OF_A_RETURN = 5
"""Bank days after a confirmation in which the bank of the beneficiary may bring the money back: three by the rulebook
of the SEPA credit transfer, and two until our own statement says so [assumption]."""


def add_bank_days(day: date, amount: int) -> date:
    """The last of `amount` bank days after the day; the day itself does not count."""
    for _ in range(amount):
        day = next_bank_day(day + ONE_DAY)
    return day


def last_day_to_sign(execution_on: date) -> date:
    """The last day on which a run may be signed, inclusive."""
    return add_bank_days(execution_on, DAYS_TO_SIGN)


def last_day_of_the_bank(execution_on: date) -> date:
    """The last day, inclusive, on which the bank's word is waited for."""
    return add_bank_days(execution_on, DAYS_OF_THE_BANK)


def last_day_of_a_return(confirmed_on: date) -> date:
    """The last day, inclusive, on which what was paid may still come back by itself."""
    return add_bank_days(confirmed_on, DAYS_OF_A_RETURN)
