"""Days that somebody names in an address or a form: near enough that hours, months and holidays are known."""

from datetime import date
from typing import Annotated

from fastapi import Form, Query
from pydantic import AfterValidator, BeforeValidator

from schemes.calendar import LAST_YEAR

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(LAST_YEAR, 12, 31)


def likely(day: date) -> date:
    """The day itself. Raises ValueError for one that nobody means."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(f"{day} is not a likely day")
    return day


def _if_any(typed: str | None) -> str | None:
    return typed or None


Likely = Annotated[date, AfterValidator(likely)]
AskedDay = Annotated[Likely | None, BeforeValidator(_if_any), Query()]
"""A day in an address; a field that was emptied asks for none."""
TypedDay = Annotated[Likely | None, Form()]
"""A day in a form, which may stay empty."""
