"""How far a budget is used, measured out for the bar beside the numbers."""

from decimal import Decimal
from typing import NamedTuple, Protocol

FULL = 1000
"""Units over which a whole budget is drawn."""


class Used(Protocol):
    """Amounts of an envelope, in euro."""

    @property
    def budget(self) -> Decimal: ...
    @property
    def reserved(self) -> Decimal: ...
    @property
    def committed(self) -> Decimal: ...
    @property
    def paid(self) -> Decimal: ...
    @property
    def recovered(self) -> Decimal: ...


class Sums(NamedTuple):
    """Several envelopes together."""

    budget: Decimal
    reserved: Decimal
    committed: Decimal
    paid: Decimal
    recovered: Decimal
    left: Decimal


class Part(NamedTuple):
    """A stretch of the bar, from the left."""

    code: str
    start: int
    width: int


def place(amount: Decimal, budget: Decimal) -> int:
    """Where an amount lies on the bar; what is above the budget lies at its end."""
    return min(FULL, int(FULL * amount / budget)) if budget > 0 else 0


def parts(one: Used) -> tuple[Part, ...]:
    """Paid, committed and still to pay, reserved: each where the one before ends; what is left stays empty."""
    spent = max(one.paid - one.recovered, Decimal(0))
    ends = (spent, one.committed - one.recovered, one.committed - one.recovered + one.reserved)
    found, start = [], 0
    for code, amount in zip(("paid", "committed", "reserved"), ends, strict=True):
        end = max(place(amount, one.budget), start)
        if end > start:
            found.append(Part(code, start, end - start))
        start = end
    return tuple(found)


def together(envelopes: tuple[Used, ...]) -> Sums:
    """The sum of envelopes."""
    named = ("budget", "reserved", "committed", "paid", "recovered")
    budget, reserved, committed, paid, recovered = (
        sum((getattr(one, name) for one in envelopes), Decimal(0)) for name in named
    )
    return Sums(budget, reserved, committed, paid, recovered, budget - reserved - committed + recovered)
