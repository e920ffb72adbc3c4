"""What a grant may be made to hang on, as it is asked of who advises and of who decides."""

from typing import Any, NamedTuple

from models.errors import Refusal
from reading.staff_dossier import StaffDossier, Task
from schemes.conditions import DECIDES, Condition, possible, unknown

GRANTING = frozenset({"approve", "reduce"})
"""Answers that grant something."""


class Offered(NamedTuple):
    """The conditions of a form; what a colleague named already is not taken back here."""

    all: tuple[Condition, ...]
    named: frozenset[str]


def offered(found: StaffDossier, task: Task) -> Offered:
    """The conditions that an answer to this task may carry; none where the step decides on nothing."""
    if task.step not in DECIDES:
        return Offered((), frozenset())
    said = (entry.data for entry in found.timeline.entries if entry.type in ("task_completed", "decided"))
    return Offered(possible(found.timeline.dossier.instrument), frozenset(_standing(said)))


def _standing(said: Any) -> set[str]:
    """What was named since the last decision."""
    named: set[str] = set()
    for data in said:
        named = set() if "decision" in data else named | set(data.get("conditions", ()))
    return named


def chosen(found: StaffDossier, task: Task, outcome: str, codes: tuple[str, ...]) -> tuple[str, ...]:
    """The conditions that go with an answer; an answer that grants nothing carries none.

    Raises:
        Refusal: one of them is not on the list of this instrument.
    """
    if task.step not in DECIDES or outcome not in GRANTING:
        return ()
    if unknown(codes, found.timeline.dossier.instrument):
        raise Refusal("UnknownCondition", "Een van de voorwaarden past niet bij dit instrument. Kies uit de lijst.")
    return codes
