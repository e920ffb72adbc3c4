"""How far a payment run is, for the row of steps above it; and how states are marked beside their words."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

State = Literal["done", "now", "coming"]
STAGES = ("collect", "check", "sign", "hand_over", "answer")
REACHED: Mapping[str, int] = {
    "draft": 1,
    "signing": 2,
    "sealed": 3,
    "handing_over": 3,
    "unknown": 3,
    "handed_over": 4,
    "settled": 5,
    "discarded": 1,
}
"""The stage that a run in this state is in."""


class Stage(NamedTuple):
    """One step of a run."""

    code: str
    state: State


def stages(state: str) -> tuple[Stage, ...]:
    """The steps of a run in this state; one that was discarded goes nowhere any more."""
    here = REACHED[state]
    now: State = "coming" if state == "discarded" else "now"
    return tuple(
        Stage(code, "done" if place < here else now if place == here else "coming") for place, code in enumerate(STAGES)
    )


def run_tone(state: str) -> str:
    """How the state of a run is marked, beside its word."""
    tones = {"signing": "accent", "draft": "accent", "unknown": "bad", "settled": "good"}
    return tones.get(state, "")


def line_tone(state: str) -> str:
    """How the state of a line is marked, beside its word."""
    bad = dict.fromkeys(("rejected", "returned", "unknown"), "bad")
    return ({"executed": "good", "accepted": "accent", "held": "warn"} | bad).get(state, "")
