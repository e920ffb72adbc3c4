"""Euros: rounded in one place, written in one way."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
HUNDRED = Decimal(100)


def cents(amount: Decimal) -> Decimal:
    """The amount in whole cents; half a cent goes up (away from zero), as people calculate on paper."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def percentage(amount: Decimal, percent: Decimal) -> Decimal:
    """That many percent of an amount, in euros, not yet rounded."""
    return amount * percent / HUNDRED


def euro(amount: Decimal) -> str:
    """Written as a Belgian form has it: decimal comma, no thousands separator, always two decimals."""
    return f"{cents(amount):f}".replace(".", ",")
