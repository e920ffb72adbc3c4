"""How the sector covenant pays: an effort part, and a result part as far as commitments are met (covenant art. 2)."""

from decimal import Decimal
from typing import NamedTuple

from schemes.money import cents, percentage

EFFORT_PERCENTAGE = Decimal(70)


class CovenantPayment(NamedTuple):
    """The two parts of a covenant subsidy, in euros."""

    effort: Decimal
    result: Decimal

    @property
    def total(self) -> Decimal:
        """Both parts together, in euros."""
        return self.effort + self.result


def covenant_payment(subsidy: Decimal, met: int, commitments: int) -> CovenantPayment:
    """70 % for the effort, and of the other 30 % as much as result commitments were met.

    With fewer than half met the result part is nothing; exactly half still pays in proportion (covenant art. 2: "minder
    dan de helft"). Partly met effort has no formula: people assess it. 1 166 000 euro and 3 commitments: 816 200, and
    349 800 for 3, 233 200 for 2 and nothing for 1 met. Raises ValueError when the numbers cannot be.
    """
    if subsidy < 0:
        raise ValueError("Een subsidie is niet negatief.")
    if commitments < 1 or not 0 <= met <= commitments:
        raise ValueError(f"Van {commitments} resultaatsverbintenissen kunnen er geen {met} gehaald zijn.")
    effort = cents(percentage(subsidy, EFFORT_PERCENTAGE))
    if 2 * met < commitments:
        return CovenantPayment(effort, Decimal(0))
    return CovenantPayment(effort, cents((subsidy - effort) * met / commitments))
