"""Money that is claimed back: which part is due, when somebody is written to about it, and whether a plan may stand.

No source gives terms of recovery; the values are examples (policies), the order of things is a choice: written to twice
after the last day, then a person looks; only the board lets a claim go (domain.md 3.4, [assumption]).
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Literal, NamedTuple

from models.messages.events import RecoveryPart
from models.messages.policies import Procedure
from schemes.terms import Term

MOST_PARTS = 36
BEFORE_A_PART = Term(amount=-7, unit="days")

Act = Literal["announce", "remind", "hand_to_staff"]


class PlanError(ValueError):
    """The plan cannot stand; the text says why, in Dutch."""


class Press(NamedTuple):
    """Something to be done about a part, on a day."""

    on: date
    act: Act


def due_part(parts: Sequence[RecoveryPart], received: Decimal) -> RecoveryPart | None:
    """The first part that is not covered yet, with what is still missing of it in euro; None when all has come."""
    wanted = Decimal(0)
    for part in parts:
        wanted += part.amount
        if received < wanted:
            return RecoveryPart(until=part.until, amount=wanted - received)
    return None


def presses(due: date, *, planned: bool, procedure: Procedure) -> tuple[Press, ...]:
    """What is done about a part that is due, in order: a part of a plan is announced, what is late is reminded of."""
    first = (Press(BEFORE_A_PART.after(due), "announce"),) if planned else ()
    reminders = tuple(Press(Term.parse(text).after(due), "remind") for text in procedure.recovery_reminders)
    return (
        *first,
        *reminders,
        Press(Term.parse(procedure.recovery_overdue_after).after(due), "hand_to_staff"),
    )


def check_plan(parts: Sequence[RecoveryPart], open_amount: Decimal, today: date) -> None:
    """Raises PlanError unless the parts are the open amount (euro), in order of their days, none in the past."""
    if not 1 <= len(parts) <= MOST_PARTS:
        raise PlanError(f"Een afbetalingsplan heeft 1 tot {MOST_PARTS} delen.")
    if any(part.amount <= 0 for part in parts):
        raise PlanError("Elk deel is meer dan nul euro.")
    if sum(part.amount for part in parts) != open_amount:
        raise PlanError(f"De delen samen zijn niet het openstaande bedrag van {open_amount} euro.")
    days = [part.until for part in parts]
    if days[0] < today or any(later <= earlier for earlier, later in pairwise(days)):
        raise PlanError("De dagen staan in volgorde, en de eerste is vandaag of later.")


def claimable(paid: Decimal, recovered: Decimal, claimed: Decimal) -> Decimal:
    """What may still be claimed back, in euro: what was paid, less what came back and what is being claimed already."""
    return max(paid - recovered - claimed, Decimal(0))


def booked(amount: Decimal, open_amount: Decimal) -> tuple[Decimal, Decimal]:
    """How much of what came in (euro) counts for the claim, and how much is too much."""
    counted = min(amount, open_amount)
    return counted, amount - counted
