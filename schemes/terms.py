"""Terms: how long something may take. Days, weeks, calendar months and working days are never converted.

15 days is not two weeks and four weeks is not a month (domain.md 7).
"""

import re
from datetime import date, timedelta
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from models.messages.message import Message
from schemes.calendar import add_working_days, next_working_day, previous_working_day

Unit = Literal["days", "weeks", "months", "working_days"]

LONGEST = 3660
"""No term of a fund is longer than ten years; a typing error is."""

_COMPACT = re.compile(
    r"(?P<amount>-?\d{1,4}) (?P<unit>working day|day|week|month)s?(?P<before> before)?(?P<shift>, next working day)?"
)


class Term(Message):
    """An amount of one unit. Negative counts back ("5 working days before"), for reminders and notices.

    With `shift_to_working_day` a last day on a weekend or legal holiday moves to the next working day, or to the
    previous one when counting back, so that a notice never comes later than the term says. The flag is off by
    default: no source found says that it holds for the statutory outplacement terms (domain.md 7). A term in working
    days never ends on another day, flag or not.

    A policy may write a term as text; see `parse`.
    """

    amount: int = Field(ge=-LONGEST, le=LONGEST)
    unit: Unit
    shift_to_working_day: bool = False

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        return _fields(value) if isinstance(value, str) else value

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "15 working days", "3 months", "30 days, next working day", "5 working days before" or "-2 weeks".

        Raises ValueError (pydantic's ValidationError) naming the text when it is none of these.
        """
        return cls.model_validate(text)

    def __str__(self) -> str:
        """The compact text that `parse` reads back."""
        unit = self.unit.replace("_", " ")
        singular = unit.removesuffix("s") if abs(self.amount) == 1 else unit
        return f"{self.amount} {singular}{', next working day' if self.shift_to_working_day else ''}"

    @property
    def ends_on_working_day(self) -> bool:
        """Whether the last day is moved off weekends and legal holidays."""
        return self.shift_to_working_day or self.unit == "working_days"

    def unshifted(self, day: date) -> date:
        """The last day counted from `day`, which itself does not count, before any move to a working day."""
        match self.unit:
            case "days":
                return day + timedelta(days=self.amount)
            case "weeks":
                return day + timedelta(weeks=self.amount)
            case "months":
                return add_months(day, self.amount)
            case "working_days":
                return add_working_days(day, self.amount)

    def after(self, day: date) -> date:
        """The last day of the term counted from `day`, inclusive; for a negative term a day before it."""
        last = self.unshifted(day)
        if not self.ends_on_working_day:
            return last
        return next_working_day(last) if self.amount >= 0 else previous_working_day(last)


def add_months(day: date, months: int) -> date:
    """The same day of the month some calendar months on, or the last day of a shorter month (31 Jan + 1 = 28 Feb)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise ValueError(f"{months} months from {day} is outside the calendar")


def _fields(text: str) -> dict[str, Any]:
    """The fields of a term written as text; raises ValueError naming the text."""
    found = _COMPACT.fullmatch(" ".join(text.split()).lower())
    if found is None:
        raise ValueError(f"{text!r} is not a term; write for example '15 working days', '3 months' or '30 days'")
    amount = int(found["amount"])
    if found["before"]:
        if amount < 0:
            raise ValueError(f"{text!r} counts back twice; write 'before' or a minus, not both")
        amount = -amount
    unit = found["unit"].replace(" ", "_") + "s"
    return {"amount": amount, "unit": unit, "shift_to_working_day": bool(found["shift"])}
