"""What the intake looks at: one check per rule, passed or not, with its source and the facts it looked at."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Literal

from models.messages.message import Message

Blocking = Literal["complete", "refuse", "refer", "look"]
"""What a failed check asks for: the applicant completes the file (aanvullen), the fund refuses (weigeren), hands it to
another fund or kind (doorsturen, doorverwijzen), or a handler looks (controleren)."""


class Check(Message):
    """The answer of one rule. Values are what the rule looked at: ISO dates and plain numbers, never personal data."""

    code: str
    passed: bool
    blocking: Blocking
    source: str
    """Article, page or label of the domain brief where the rule comes from."""
    fields: tuple[str, ...] = ()
    """Names of the facts that must change for the check to pass."""
    values: dict[str, str] = {}
    """Includes `case` where one code has several sentences."""


def failed(checks: Iterable[Check]) -> tuple[Check, ...]:
    """The checks that did not pass, in the order in which they were made."""
    return tuple(check for check in checks if not check.passed)


def stated(**facts: date | Decimal | int | str | None) -> dict[str, str]:
    """Facts as the values of a check; what is not known is left out."""
    return {
        name: fact.isoformat() if isinstance(fact, date) else str(fact)
        for name, fact in facts.items()
        if fact is not None
    }
