"""What an agency tells of the guidance of one person: clock hours and sessions, month by month."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field, ValidationError, model_validator

from models.messages.message import Message

MONTH = r"^20[0-9]{2}-(0[1-9]|1[0-2])$"
HOURS_A_DAY = 24
Hours = Annotated[Decimal, Field(ge=0, le=31 * HOURS_A_DAY, max_digits=5, decimal_places=2)]


class GuidedMonth(Message):
    """Hours and sessions of one person in one month; `first_on` is the day of the first talk, when it was this month.

    Told again, a month replaces what was told of it before.
    """

    month: str = Field(pattern=MONTH)
    hours: Hours
    sessions: int = Field(ge=0, le=999)
    first_on: date | None = None

    @model_validator(mode="after")
    def _fits_the_month(self) -> "GuidedMonth":
        if self.hours > HOURS_A_DAY * self.last_day.day:
            raise ValueError("more than 24 hours a day")
        if self.first_on is not None and self.first_on.strftime("%Y-%m") != self.month:
            raise ValueError("the first talk was in another month")
        return self

    @property
    def first_day(self) -> date:
        """First day of the month."""
        return date(int(self.month[:4]), int(self.month[5:]), 1)

    @property
    def last_day(self) -> date:
        """Last day of the month."""
        year, month = int(self.month[:4]), int(self.month[5:])
        return date(year, month, monthrange(year, month)[1])

    def values(self) -> dict[str, str]:
        """As a report carries it."""
        told = {"month": self.month, "hours": f"{self.hours.normalize():f}", "sessions": str(self.sessions)}
        return told | ({"first_on": self.first_on.isoformat()} if self.first_on else {})

    @classmethod
    def told(cls, values: Mapping[str, str]) -> "GuidedMonth | None":
        """What the values of a report say; None when they cannot be read."""
        named = {name: value for name, value in values.items() if name in cls.model_fields}
        try:
            return cls.model_validate({"sessions": "0"} | named)
        except ValidationError:
            return None
