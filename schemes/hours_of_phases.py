"""Hours of guidance that were registered month by month, held against the phases of the law (domain.md 6.2, 6.4)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple, Self

from models.messages.message import Message
from schemes.calendar import ONE_DAY

REGISTERED = "hours_registered"
"""The fact that tells a trajectory the hours of a month."""
CENT = Decimal("0.01")
PERCENT = Decimal(100)
TOLERATED = Decimal("0.75")
"""The part of the hours due below which somebody is told: guidance is not given in equal portions. [example]"""


class Registered(Message):
    """Hours of one month, between two days of it."""

    hours: Decimal
    first: date
    last: date

    def within(self, started_on: date | None, ended_on: date | None = None) -> Self:
        """On the days of the guidance alone, both included: its hours lie on no other."""
        first, last = max(self.first, started_on or self.first), min(self.last, ended_on or self.last)
        return self.model_copy(update={"first": first, "last": last})


class Span(NamedTuple):
    """The days of a phase, both included, with the hours that the law gives it."""

    first: date
    last: date
    hours: int


def hours_in(months: Iterable[Registered], span: Span) -> Decimal:
    """Hours within a phase; a month that lies in two phases counts by days [assumption], to a hundredth of an hour."""
    total = Decimal(0)
    for one in months:
        days = (one.last - one.first).days + 1
        within = (min(one.last, span.last) - max(one.first, span.first)).days + 1
        if days > 0 and within > 0:
            total += one.hours * within / days
    return total.quantize(CENT)


def registered_up_to(months: Iterable[Registered], day: date) -> bool:
    """Whether hours were registered up to and including a day: then nobody has to be asked for them."""
    return any(one.last >= day for one in months)


def alert_on(span: Span, percentage: Decimal) -> date:
    """The first day after a part of the phase's time is over, days that stood still included."""
    days = (span.last - span.first).days + 1
    return span.first + timedelta(days=int(days * percentage / PERCENT))


def lags(months: Iterable[Registered], span: Span, percentage: Decimal, today: date) -> bool:
    """Whether, with this part of the time over, clearly fewer hours were registered than the time that was registered.

    A month is registered when it is over: what counts is the time until the last month that ended, or until the last
    day that was registered. Nothing registered of a phase that began in this month is no lag yet.
    """
    known = tuple(months)
    if today < alert_on(span, percentage):
        return False
    month_before = today.replace(day=1) - ONE_DAY
    until = min(max([month_before, *(one.last for one in known if one.last <= today)]), span.last)
    days = (until - span.first).days + 1
    if days <= 0:
        return False
    due = span.hours * Decimal(days) / ((span.last - span.first).days + 1)
    return hours_in(known, span) < due * TOLERATED


def spans(started_on: date, phases: Iterable[tuple[int, date]]) -> tuple[Span, ...]:
    """The days of each phase, by its hours and last day: the first begins with the first session."""
    found: list[Span] = []
    for hours, last in phases:
        found.append(Span(found[-1].last + ONE_DAY if found else started_on, last, hours))
    return tuple(found)


def delivered(months: Iterable[Registered], answered: Mapping[int, Decimal], phases: Sequence[Span]) -> Decimal:
    """All hours of one person: those by month, and what was answered above them about a phase, by its number."""
    known = tuple(months)
    total = sum((one.hours for one in known), Decimal(0))
    for number, hours in answered.items():
        by_month = hours_in(known, phases[number - 1]) if number <= len(phases) else Decimal(0)
        total += max(hours - by_month, Decimal(0))
    return total
