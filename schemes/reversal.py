"""A decision that was wrong is put right by a plan that says what it will do before anything is done.

Pure: the same standing and the same amount give the same plan, for the page, the command line and the story alike.
What was paid is not unpaid: it is claimed back, and the grant stays as high as what was paid (the ledger's own rule).
More than was granted is not paid out by a reversal: the dossier is decided on again, within the budget.
"""

from decimal import Decimal
from typing import Literal

from models.messages.events import Effect
from models.messages.message import Message
from models.messages.policies import Procedure
from models.messages.words import Outcome
from schemes.steps import decision_level

EFFECTS = (
    *("waits_for_payment", "decides_anew", "stops_instalments", "releases_budget", "claims_back"),
    *("ends_conditions", "new_letter"),
)
"""In the order in which they are carried out."""


class ReversalError(ValueError):
    """Nothing to turn back, or not to this amount; the text says why, in Dutch."""


class Standing(Message):
    """Where the money of a dossier stands, in euro."""

    asked: Decimal | None
    granted: Decimal
    paid: Decimal
    instructed: Decimal = Decimal(0)
    """Instructed and not confirmed yet: it may have left the house."""
    recovered: Decimal = Decimal(0)
    claimed: Decimal = Decimal(0)
    """Being claimed back already, and not received yet."""
    conditions: int = 0
    """How many conditions are not settled yet."""


class Plan(Message):
    """What turning back a decision means. `granted` stands as the grant afterwards: never below what was paid."""

    amount: Decimal
    granted: Decimal
    outcome: Literal[Outcome.GRANTED, Outcome.PARTIALLY_GRANTED, Outcome.REFUSED]
    level: Literal["approver", "board"]
    anew: bool
    claim: Decimal
    effects: tuple[Effect, ...]


def plan_reversal(standing: Standing, amount: Decimal, procedure: Procedure) -> Plan:
    """What it means that `amount` (euro) should have been granted.

    Raises:
        ReversalError: nothing was granted, or it would change nothing.
    """
    entitled = standing.granted - _given_up(standing)
    if standing.granted <= 0:
        raise ReversalError("Er is niets toegekend dat herzien kan worden. Tegen een weigering kan bezwaar.")
    if amount < 0:
        raise ReversalError("Het bedrag kan niet negatief zijn.")
    if amount == entitled:
        raise ReversalError("Dit is al het bedrag van de beslissing; er verandert niets.")
    anew = amount > standing.granted
    gone = standing.paid + standing.instructed
    granted = standing.granted if anew else max(amount, gone)
    claim = Decimal(0) if anew else max(gone - standing.recovered - standing.claimed - amount, Decimal(0))
    level = decision_level(max(standing.granted, amount), procedure, checked_by_itself=False)
    return Plan(
        amount=amount,
        granted=granted,
        outcome=_outcome(amount, standing.asked),
        level="board" if level == "board" else "approver",
        anew=anew,
        claim=claim,
        effects=tuple(_effects(standing, standing.granted - granted, claim, anew=anew, nothing=amount <= 0)),
    )


def _given_up(standing: Standing) -> Decimal:
    """What stands as granted only because it was paid: it came back, or is being claimed."""
    return standing.recovered + standing.claimed if standing.paid >= standing.granted else Decimal(0)


def _outcome(
    amount: Decimal, asked: Decimal | None
) -> Literal[Outcome.GRANTED, Outcome.PARTIALLY_GRANTED, Outcome.REFUSED]:
    if amount <= 0:
        return Outcome.REFUSED
    return Outcome.GRANTED if asked is None or amount >= asked else Outcome.PARTIALLY_GRANTED


def _effects(standing: Standing, released: Decimal, claim: Decimal, *, anew: bool, nothing: bool) -> list[Effect]:
    effects = []
    if standing.instructed > 0:
        effects.append(Effect(code="waits_for_payment", amount=standing.instructed))
    if anew:
        return [*effects, Effect(code="decides_anew"), Effect(code="new_letter")]
    if released > 0:
        effects.append(Effect(code="stops_instalments", amount=released))
        effects.append(Effect(code="releases_budget", amount=released))
    if claim > 0:
        effects.append(Effect(code="claims_back", amount=claim))
    if nothing and standing.conditions:
        effects.append(Effect(code="ends_conditions"))
    return [*effects, Effect(code="new_letter")]
