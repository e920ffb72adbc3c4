"""What an agency may register of hours: nothing that cannot have been, such as 25 hours in a day or a month to come.

Hours are clock hours of 60 minutes, individual or in a group; a session is one talk or workshop. Source: the phases
of 20 hours of domain.md 6.2 are clock hours [P25]; that a month is told as a whole is a choice of this house.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from models.messages.guidance import HOURS_A_DAY, GuidedMonth
from models.messages.message import Message

CENTIHOUR = Decimal("0.01")
MOST_SESSIONS = 200
"""In one month: more is a typing error."""


class Course(Message):
    """What is known of the guidance of one person, on a day of its own calendar."""

    today: date
    started_on: date | None = None
    ended_on: date | None = None


class Registration(Message):
    """A month as somebody typed it: nothing in it was checked. `month` is its first day."""

    month: date
    hours: Decimal
    sessions: int
    first_on: date | None = None

    def told(self) -> GuidedMonth:
        """The month as a dossier hears it; raises ValueError for what has faults."""
        month = f"{self.month:%Y-%m}"
        return GuidedMonth(month=month, hours=self.hours, sessions=self.sessions, first_on=self.first_on)


class HoursFault(StrEnum):
    """Why a month cannot be registered as it was typed."""

    FUTURE = "month_future"
    BEFORE_START = "month_before_start"
    AFTER_END = "month_after_end"
    NEGATIVE = "hours_negative"
    TOO_FINE = "hours_too_fine"
    TOO_MANY = "hours_too_many"
    NO_SESSIONS = "hours_without_session"
    SESSIONS = "sessions_impossible"
    NO_HOURS = "session_without_hours"
    NOT_STARTED = "not_started"
    FIRST_ELSEWHERE = "first_in_other_month"
    FIRST_FUTURE = "first_future"
    FIRST_BEFORE_START = "first_before_start"


def faults(told: Registration, course: Course) -> dict[str, HoursFault]:
    """What is wrong, by field: `month`, `hours`, `sessions` or `first_on`; empty when it can have been."""
    found: dict[str, HoursFault] = {}
    start = course.started_on or told.first_on
    if fault := _month(told, course, start):
        found["month"] = fault
    if fault := _first(told, course):
        found["first_on"] = fault
    if fault := _hours(told, course, start):
        found["hours"] = fault
    if fault := _sessions(told):
        found["sessions"] = fault
    return found


def possible_days(told: Registration, course: Course) -> int:
    """Days of the month on which this person can have been guided."""
    start, month = course.started_on or told.first_on or told.month, _last_day(told.month)
    last = min(month, course.today, course.ended_on or month)
    return max((last - max(told.month, start)).days + 1, 0)


def last_day(told: Registration, course: Course) -> date:
    """The last day of what is registered: of the month, of the guidance, or today when the month still runs."""
    month = _last_day(told.month)
    return min(month, course.today, course.ended_on or month)


def _last_day(month: date) -> date:
    return GuidedMonth(month=f"{month:%Y-%m}", hours=Decimal(0), sessions=0).last_day


def _month(told: Registration, course: Course, start: date | None) -> HoursFault | None:
    if told.month > course.today:
        return HoursFault.FUTURE
    if start is not None and _last_day(told.month) < start:
        return HoursFault.BEFORE_START
    if course.ended_on is not None and told.month > course.ended_on:
        return HoursFault.AFTER_END
    return None


def _first(told: Registration, course: Course) -> HoursFault | None:
    if told.first_on is None:
        return HoursFault.NOT_STARTED if course.started_on is None else None
    if told.first_on.replace(day=1) != told.month:
        return HoursFault.FIRST_ELSEWHERE
    if told.first_on > course.today:
        return HoursFault.FIRST_FUTURE
    if course.started_on is not None and told.first_on < course.started_on:
        return HoursFault.FIRST_BEFORE_START
    return None


def _hours(told: Registration, course: Course, start: date | None) -> HoursFault | None:
    if not told.hours.is_finite() or told.hours < 0:
        return HoursFault.NEGATIVE
    if told.hours > HOURS_A_DAY * 31:
        return HoursFault.TOO_MANY
    if told.hours != told.hours.quantize(CENTIHOUR):
        return HoursFault.TOO_FINE
    days = possible_days(told, course)
    if start is not None and days and told.hours > HOURS_A_DAY * days:
        return HoursFault.TOO_MANY
    return HoursFault.NO_HOURS if told.hours == 0 and 0 < told.sessions <= MOST_SESSIONS else None


def _sessions(told: Registration) -> HoursFault | None:
    if not 0 <= told.sessions <= MOST_SESSIONS:
        return HoursFault.SESSIONS
    return HoursFault.NO_SESSIONS if told.sessions == 0 and told.hours.is_finite() and told.hours > 0 else None
