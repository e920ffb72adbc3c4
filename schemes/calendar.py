"""Belgian legal holidays, bank closing days and the local day in Brussels.

Two calendars, because they differ: working days (Monday to Friday without the ten legal holidays of the Act of
4 January 1974, domain.md 7) count terms and bank days (without the TARGET closing days) carry payments.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

from dateutil.easter import easter

BRUSSELS = ZoneInfo("Europe/Brussels")
ONE_DAY = timedelta(days=1)
SATURDAY = 5
FIRST_YEAR, FIRST_BANK_YEAR, LAST_YEAR = 1950, 2002, 2100


class LegalHoliday(StrEnum):
    """The ten legal holidays; the value is the name the `holidays` library gives them, against which tests hold us."""

    NEW_YEAR = "New Year's Day"
    EASTER_MONDAY = "Easter Monday"
    LABOUR_DAY = "Labor Day"
    ASCENSION = "Ascension Day"
    WHIT_MONDAY = "Pentecost Monday"
    NATIONAL_DAY = "National Day"
    ASSUMPTION = "Assumption Day"
    ALL_SAINTS = "All Saints' Day"
    ARMISTICE = "Armistice Day"
    CHRISTMAS = "Christmas Day"


_MONTH_AND_DAY = {
    LegalHoliday.NEW_YEAR: (1, 1),
    LegalHoliday.LABOUR_DAY: (5, 1),
    LegalHoliday.NATIONAL_DAY: (7, 21),
    LegalHoliday.ASSUMPTION: (8, 15),
    LegalHoliday.ALL_SAINTS: (11, 1),
    LegalHoliday.ARMISTICE: (11, 11),
    LegalHoliday.CHRISTMAS: (12, 25),
}
_DAYS_AFTER_EASTER = {LegalHoliday.EASTER_MONDAY: 1, LegalHoliday.ASCENSION: 39, LegalHoliday.WHIT_MONDAY: 50}
_BANKS_CLOSED = ((1, 1), (5, 1), (12, 25), (12, 26))
_BANKS_CLOSED_AROUND_EASTER = (-2, 1)


def _holidays_of(year: int) -> Mapping[date, LegalHoliday]:
    """The ten days that article 1 of the royal decree of 18 April 1974 names; where two fall together, one name."""
    named = [(date(year, *day), name) for name, day in _MONTH_AND_DAY.items()]
    named += [(easter(year) + ONE_DAY * after, name) for name, after in _DAYS_AFTER_EASTER.items()]
    days: dict[date, LegalHoliday] = {}
    for day, name in sorted(named):
        days.setdefault(day, name)
    return MappingProxyType(days)


def _closing_days_of(year: int) -> frozenset[date]:
    around_easter = (easter(year) + ONE_DAY * after for after in _BANKS_CLOSED_AROUND_EASTER)
    return frozenset({date(year, *day) for day in _BANKS_CLOSED} | set(around_easter))


_LEGAL_HOLIDAYS = {year: _holidays_of(year) for year in range(FIRST_YEAR, LAST_YEAR + 1)}
_BANK_CLOSING_DAYS = {year: _closing_days_of(year) for year in range(FIRST_BANK_YEAR, LAST_YEAR + 1)}


def legal_holidays(year: int) -> Mapping[date, LegalHoliday]:
    """The legal holidays of a year: ten days, or nine when Ascension falls on 1 May, as in 2008.

    Raises LookupError for a year outside 1950-2100: what is so far away is a defect, not a term.
    """
    if year not in _LEGAL_HOLIDAYS:
        raise LookupError(f"the legal holidays of {year} are not known, only those of {FIRST_YEAR}-{LAST_YEAR}")
    return _LEGAL_HOLIDAYS[year]


def bank_closing_days(year: int) -> frozenset[date]:
    """TARGET closing days besides weekends: 1/1, Good Friday, Easter Monday, 1/5, 25/12 and 26/12 (domain.md 7).

    Raises LookupError for a year outside 2002-2100.
    """
    if year not in _BANK_CLOSING_DAYS:
        raise LookupError(f"the bank closing days of {year} are not known, only those of {FIRST_BANK_YEAR}-{LAST_YEAR}")
    return _BANK_CLOSING_DAYS[year]


def legal_holiday(day: date) -> LegalHoliday | None:
    """Which legal holiday a day is, if any."""
    return legal_holidays(day.year).get(day)


def is_weekend(day: date) -> bool:
    """Saturday or Sunday."""
    return day.weekday() >= SATURDAY


def is_working_day(day: date) -> bool:
    """Monday to Friday and no legal holiday."""
    return not is_weekend(day) and legal_holiday(day) is None


def is_bank_day(day: date) -> bool:
    """A day on which TARGET is open, so that a payment can be executed."""
    return not is_weekend(day) and day not in bank_closing_days(day.year)


def next_working_day(day: date) -> date:
    """The day itself when it is a working day, else the first one after it."""
    while not is_working_day(day):
        day += ONE_DAY
    return day


def previous_working_day(day: date) -> date:
    """The day itself when it is a working day, else the last one before it."""
    while not is_working_day(day):
        day -= ONE_DAY
    return day


def next_bank_day(day: date) -> date:
    """The day itself when banks are open, else the first open day after it."""
    while not is_bank_day(day):
        day += ONE_DAY
    return day


def add_working_days(day: date, amount: int) -> date:
    """The last of `amount` working days after the day (before it, when negative); the day itself does not count."""
    step = ONE_DAY if amount >= 0 else -ONE_DAY
    for _ in range(abs(amount)):
        day += step
        while not is_working_day(day):
            day += step
    return day


def working_days_between(start: date, end: date) -> int:
    """Number of working days after `start` up to and including `end`; 0 when `end` is not after `start`."""
    return sum(is_working_day(start + ONE_DAY * step) for step in range(1, (end - start).days + 1))


def local_date(moment: datetime) -> date:
    """The day it is in Brussels at an aware moment. Raises ValueError for a moment without time zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone before it has a local date")
    return moment.astimezone(BRUSSELS).date()


def start_of_day(day: date) -> datetime:
    """The first instant of a local day, in UTC, so that the difference of two instants holds over summer time."""
    return datetime.combine(day, time.min, BRUSSELS).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """The first instant that no longer belongs to the day: the start of the next local day, in UTC.

    So a last day counts entirely, its last microsecond included, and a timer set to this instant never fires early.
    """
    return start_of_day(day + ONE_DAY)


def is_over(last_day: date, now: datetime) -> bool:
    """True from the first instant after the last day; until 23:59:59.999999 in Brussels the day still counts."""
    return now >= end_of_day(last_day)
