"""How a rehearsed applicant puts right what was stated wrong."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from models.messages.facts import Facts, TrainingFacts


def corrected(facts: Facts, wants: Iterable[str]) -> Facts:
    """The same facts with the named fields as they should have been."""
    changes: dict[str, Any] = {}
    asked = set(wants)
    if "iban_valid" in asked:
        changes["iban_valid"] = True
    if isinstance(facts, TrainingFacts):
        changes |= _training(facts, asked)
    return facts.model_copy(update=changes)


def _training(facts: TrainingFacts, asked: set[str]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    last = facts.filed_on - timedelta(days=7)
    if {"starts_on", "ends_on"} & asked:
        starts = facts.starts_on if facts.starts_on and facts.starts_on <= last else last
        ends = max(starts, min(facts.ends_on or last, last)) if facts.filed == "after" else max(starts, last)
        changes |= {"starts_on": starts, "ends_on": ends}
    if "asked" in asked:
        changes["asked"] = _payable(facts)
    if "cost" in asked:
        changes["cost"] = (facts.asked or Decimal(0)) + facts.sme_wallet
    if "participants" in asked:
        born = {"born_after_handover": False}
        changes["participants"] = tuple(person.model_copy(update=born) for person in facts.participants)
    if "stated_participants" in asked:
        changes["stated_participants"] = len(facts.participants)
    return changes


def _payable(facts: TrainingFacts) -> Decimal:
    """An amount (euro) that can be right: what was paid, and no more than five euro per planned hour."""
    cost = (facts.cost or Decimal(0)) - facts.sme_wallet
    return max(min(cost, 5 * (facts.hours or Decimal(0)) * len(facts.participants)), Decimal(1))
