"""Framework agreements of a fund with agencies, and what was delivered under them. Amounts are euros without VAT."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from models.messages.message import Message

Euros = Annotated[Decimal, Field(ge=0, decimal_places=2)]


class Agreement(Message):
    """What one agency may ask for one person between two days, both inclusive; `valid_until` None: no end is agreed.

    A phase costs its price from its minimum hours on. Guidance in an employment cell is counted by the hour, and so is
    all guidance where no prices per phase are agreed.
    """

    agency: str
    valid_from: date
    valid_until: date | None = None
    phase_prices: tuple[Euros, ...] = ()
    phase_hours: tuple[Decimal, ...] = ()
    """Minimum hours of each phase that has a price."""
    below_minimum: Literal["pro_rata", "nothing"] = "pro_rata"
    """What a phase costs that did not reach its hours."""
    hour_price: Euros | None = None
    least_hours: Decimal = Field(default=Decimal(0), ge=0)
    """By the hour nothing is owed below this number of hours of one person."""

    @model_validator(mode="after")
    def _priced(self) -> "Agreement":
        if len(self.phase_prices) != len(self.phase_hours):
            raise ValueError("each phase has a price and its minimum hours")
        if any(hours <= 0 for hours in self.phase_hours):
            raise ValueError("the minimum hours of a phase are more than none")
        if not self.phase_prices and self.hour_price is None:
            raise ValueError("there is no price per phase and none per hour")
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise ValueError("the last day is before the first")
        return self

    def holds_on(self, day: date) -> bool:
        """Whether it binds both sides on this day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


class Delivered(Message):
    """What is registered of one person: hours in all, and how many phases began. Nobody started: `started_on` None."""

    trajectory: str
    agency: str | None
    started_on: date | None
    hours: Decimal
    begun: int
    """Phases of the guidance that were entered."""
    regime: str | None
    """The regime of the law, as the dossier chose it."""
    agreement: int | None
    """Which agreement held on the day of the start, by its place; None: none did."""


class Evidence(Message):
    """Everything invoices of one employer's dossier are held against."""

    agreements: tuple[Agreement, ...]
    people: tuple[Delivered, ...]
