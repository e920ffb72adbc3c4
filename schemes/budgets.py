"""A budget and planned instalments add up to what the form says (domain.md 4 and 5)."""

from collections.abc import Sequence
from decimal import Decimal

from models.messages.facts import BudgetLine, PlannedInstalment
from schemes.checks import Check, stated
from schemes.money import cents


def budget_adds_up(cost: Decimal, lines: Sequence[BudgetLine]) -> Check:
    """The total cost is the sum of the budget lines."""
    return _adds_up("BEGROTING_KLOPT_NIET", "cost", cost, [line.amount for line in lines])


def instalments_add_up(asked: Decimal, instalments: Sequence[PlannedInstalment]) -> Check:
    """The support asked is the sum of the planned instalments."""
    return _adds_up("SCHIJVEN_KLOPPEN_NIET", "asked", asked, [part.amount for part in instalments])


def _adds_up(code: str, field: str, stated_total: Decimal, amounts: Sequence[Decimal]) -> Check:
    total = sum(amounts, Decimal(0))
    return Check(
        code=code,
        passed=cents(total) == cents(stated_total),
        blocking="complete",
        source="[assumption]",
        fields=(field,),
        values=stated(total=total, stated=stated_total),
    )
