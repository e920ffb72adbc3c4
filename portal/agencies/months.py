"""Months as addresses and forms write them, and who is guided in one."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from portal.agencies.registering import GUIDING, WAITING
from reading.guided import Guided
from schemes.guided_hours import Course, Registration, possible_days

NAMED = {"hours": "uren", "sessions": "gesprekken", "first_on": "eerste-gesprek"}
"""Fields of a month, by the names that a form gives them."""
_MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
SETTLING = 10
"""Until this day of a month, the month before is what an agency comes to fill in."""


def a_month(text: str) -> date | None:
    """The first day of a month written as 2024-05; None when it is none."""
    return date(int(text[:4]), int(text[5:]), 1) if _MONTH.fullmatch(text) else None


def as_month(day: date) -> str:
    """The month of a day: 2024-05."""
    return f"{day:%Y-%m}"


def beside(month: date, steps: int) -> date:
    """The month that lies so many months later, or before."""
    year, place = divmod(month.year * 12 + month.month - 1 + steps, 12)
    return date(year, place + 1, 1)


def usual(today: date) -> date:
    """The month to fill in on a day."""
    return beside(today.replace(day=1), -1 if today.day <= SETTLING else 0)


def guided_in(found: Iterable[Guided], month: date, courses: dict[str, Course]) -> list[Guided]:
    """Who was guided in a month, or may have had a first talk in it; whom hours were registered of in any case."""
    return [one for one in found if one.month(as_month(month)) or _was_guided(one, month, courses[one.number])]


def _was_guided(one: Guided, month: date, course: Course) -> bool:
    if one.closed is not None or month > course.today:
        return False
    if one.started_on is None:
        return one.phase == WAITING
    days = possible_days(_nothing(month), course)
    return days > 0 and (one.ended_on is not None or one.phase in GUIDING)


def _nothing(month: date) -> Registration:
    return Registration(month=month, hours=Decimal(0), sessions=0)
