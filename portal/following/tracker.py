"""The steps of a dossier as its applicant knows them: fewer than the phases of its story, in the same order."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from models.messages.words import Kind
from reading.dossiers import Standing

TRACKS: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    Kind.SUBSIDY: (
        ("check", ("intake",)),
        ("decision", ("review", "approval")),
        ("proof", ("evidence",)),
        ("amount", ("determination",)),
        ("payment", ("payment",)),
        ("survey", ("follow_up",)),
    ),
    Kind.TRANSITION_SUPPORT: (
        ("check", ("intake",)),
        ("sign", ("signing",)),
        ("decision", ("review", "approval")),
        ("first_part", ("first_payment",)),
        ("work", ("execution",)),
        ("report", ("final_report",)),
        ("employment", ("employment",)),
        ("amount", ("determination",)),
        ("payment", ("payment",)),
        ("retention", ("retention",)),
    ),
    Kind.PROJECT_FINANCING: (
        ("check", ("intake", "classification")),
        ("decision", ("review", "approval")),
        ("first_part", ("first_payment",)),
        ("work", ("execution",)),
        ("report", ("final_report",)),
        ("amount", ("determination",)),
        ("payment", ("payment",)),
        ("measurement", ("measurement",)),
    ),
    Kind.OUTPLACEMENT: (
        ("check", ("intake",)),
        ("public_refund", ("public_refund",)),
        ("agreement", ("agreement",)),
        ("guidance", ("guidance",)),
        ("invoices", ("invoices",)),
        ("amount", ("determination", "approval")),
        ("payment", ("payment",)),
        ("follow_up", ("follow_up",)),
    ),
    Kind.TRAJECTORY: (
        ("offer", ("regime", "offer")),
        ("answer", ("answer",)),
        ("start", ("start",)),
        ("guidance", ("guidance_1", "guidance_2", "guidance_3", "ending")),
        ("follow_up", ("follow_up_3", "follow_up_6", "follow_up_12")),
    ),
}
"""Per kind every step with the phases that it stands for; a test holds them against the stories."""


class Step(NamedTuple):
    """One step and how far it is."""

    code: str
    state: Literal["done", "now", "coming"]


def track(dossier: Standing) -> tuple[Step, ...]:
    """Where a dossier is. One that ended before its last step shows what was done, and nothing as coming."""
    steps = TRACKS[dossier.kind]
    here = next((place for place, (_, phases) in enumerate(steps) if dossier.phase in phases), 0)
    if dossier.outcome is not None or dossier.waiting_for == "objection_term":
        ended = len(steps) if here == len(steps) - 1 else here + 1
        return tuple(Step(code, "done") for code, _ in steps[:ended])
    return tuple(
        Step(code, "done" if place < here else "now" if place == here else "coming")
        for place, (code, _) in enumerate(steps)
    )
