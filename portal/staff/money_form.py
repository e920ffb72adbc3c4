"""What the forms about the money of a dossier share: what was typed, and where the money stands."""

from decimal import Decimal
from typing import NamedTuple

from fastapi import HTTPException

from importing.notations import amount as read_amount
from models.errors import Refusal
from portal.access.rows import Rows
from reading import staff_dossier
from reading.reversal import Money, money


class Typed(NamedTuple):
    """The form as it was filled in."""

    amount: str = ""
    reason: str = ""

    def euros(self) -> Decimal:
        """The amount.

        Raises:
            Refusal: it cannot be read.
        """
        try:
            return read_amount(self.amount)
        except ValueError:
            raise Refusal("AmountUnreadable", "Dit is geen bedrag. Schrijf bijvoorbeeld 1.250,50.") from None


async def standing_of(rows: Rows, number: str) -> Money:
    """Where the money of a dossier stands.

    Raises:
        HTTPException: 404, the same for a dossier of others as for one that does not exist.
    """
    found = await money(rows, number)
    if found is None or await staff_dossier.staff_dossier(rows, number) is None:
        raise HTTPException(404)
    return found
