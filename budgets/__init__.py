"""Envelopes of money: opened, raised, lowered, shifted and closed by two people; the database does the sums."""

from budgets.acts import DECIDES, PROPOSES, Budgets
from budgets.purses import Purse

__all__ = ["DECIDES", "PROPOSES", "Budgets", "Purse"]
