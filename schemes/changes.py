"""A change of a running project: another last day or a lower amount, read with suspicion (domain.md 4, 5)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from models.messages.message import Message
from schemes.money import cents, euro
from schemes.terms import add_months

EXTENSION_MONTHS = 6
"""How many months later than agreed a project may end on request (domain.md 5, example)."""


class ChangeError(ValueError):
    """What is wished cannot be; the text is plain Dutch and shown to the person."""


class Change(Message):
    """What is wished: another last day (inclusive), a lower grant in euro, or both."""

    ends_on: date | None = None
    amount: Decimal | None = None


def read_change(values: Mapping[str, str]) -> Change:
    """The change that coded values ask for: `ends_on` as an ISO day, `amount` in euro with a decimal point.

    Raises:
        ChangeError: nothing is asked, something unknown is, or a value cannot be read.
    """
    if not values or values.keys() - {"ends_on", "amount"}:
        raise ChangeError("Zeg wat er verandert: een nieuwe einddatum (ends_on), een lager bedrag (amount) of beide.")
    try:
        ends_on = date.fromisoformat(values["ends_on"]) if "ends_on" in values else None
    except ValueError:
        raise ChangeError("De einddatum (ends_on) is geen datum. Schrijf ze als 2025-06-30.") from None
    try:
        amount = Decimal(values["amount"]) if "amount" in values else None
    except InvalidOperation:
        amount = Decimal("NaN")
    if amount is not None and not amount.is_finite():
        raise ChangeError("Het bedrag (amount) is geen getal. Schrijf het als 1250.00.")
    return Change(ends_on=ends_on, amount=None if amount is None else cents(amount))


def check_change(change: Change, *, starts_on: date, latest: date | None, granted: Decimal, paid: Decimal) -> None:
    """Whether a change can be put to the fund. Amounts in euro; `latest`: no last day after this one.

    Raises:
        ChangeError: the last day lies before the start or after `latest`; the amount is not lower than the grant, or is
            below what was paid.
    """
    if change.ends_on is not None and change.ends_on < starts_on:
        raise ChangeError(f"De einddatum kan niet voor het begin liggen ({starts_on:%d/%m/%Y}).")
    if change.ends_on is not None and latest is not None and change.ends_on > latest:
        raise ChangeError(f"Een verlenging kan tot ten laatste {latest:%d/%m/%Y}. Kies een vroegere einddatum.")
    if change.amount is not None and change.amount >= granted:
        raise ChangeError(f"Een wijziging kan het toegekende bedrag ({euro(granted)} euro) alleen verlagen.")
    if change.amount is not None and change.amount < paid:
        raise ChangeError(f"Er is al {euro(paid)} euro betaald. Kies een bedrag dat daar niet onder ligt.")


def latest_end(agreed: date) -> date:
    """The last day to which a project may be extended, from the day agreed at the decision."""
    return add_months(agreed, EXTENSION_MONTHS)
