"""Reading the coded values of an answer: a day, an amount; what cannot be read is nothing."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation


def day_in(values: Mapping[str, str], name: str) -> date | None:
    """A day written as 2024-03-31, or None."""
    try:
        return date.fromisoformat(values.get(name, ""))
    except ValueError:
        return None


def amount_in(values: Mapping[str, str], name: str) -> Decimal | None:
    """An amount in euros written as 1234.56, at least zero, or None."""
    try:
        amount = Decimal(values.get(name, ""))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and amount >= 0 else None
