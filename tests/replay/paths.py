"""Every path of every kind that the corpus of histories holds: what is filed, how it is played, how it must end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from models.messages.facts import Facts
from models.messages.words import Document, FollowUpOutcome
from rehearsal.parts import Move
from tests.replay.acting import Script
from tests.workflows.dismissed import dismissed
from tests.workflows.subsidies import FILED, PROOF, career, planned, training

WILLING = Script()
REFUSES = Move("refuse", ("budget",))
ASKS = Move("ask", ("unclear",))
OVERTURNS = Move("overturned", ("new_facts",))
UPHOLDS = Move("upheld", ("no_new_facts",))


@dataclass(frozen=True)
class Path:
    """One way through a kind. `filed`: facts, or the reference of a sample; `ends`: outcome and reason."""

    name: str
    filed: Facts | str
    ends: tuple[str, str]
    script: Script = WILLING


def script(
    *,
    moves: dict[str, Move | list[Move]] | None = None,
    silent: str | None = None,
    late: str | None = None,
    held: str | None = None,
    withdraws_in: str | None = None,
    objects: bool = False,
    told: dict[str, str] | None = None,
    said: dict[str, str] | None = None,
    put_right: dict[str, dict[str, str]] | None = None,
    late_hours: dict[str, str] | None = None,
    corrected: dict[str, dict[str, str]] | None = None,
) -> Script:
    """A script by its differences: one question that stays silent, one task that lies; a move may stand alone."""
    return Script(
        moves={step: [move] if isinstance(move, Move) else move for step, move in (moves or {}).items()},
        silent=frozenset({silent} if silent else ()),
        late=frozenset({late} if late else ()),
        held=frozenset({held} if held else ()),
        withdraws_in=withdraws_in,
        objects=objects,
        told=told or {},
        said=said or {},
        put_right=put_right or {},
        late_hours=late_hours or {},
        corrected=corrected or {},
    )


GRANTED, PARTLY = ("granted", "completed"), ("partially_granted", "completed")
WITHDRAWN = ("withdrawn", "withdrawn")
TOO_SHORT = training(5, hours=Decimal(3), asked=Decimal(180))
INCOMPLETE = training(5, documents=PROOF - {Document.INVOICE})
DOUBLE = training(5, duplicate_of="ANT-2024-S-000001")

SUBSIDY = (
    Path("main", planned(5), GRANTED),
    Path("automatic", training(), GRANTED),
    Path("approver", training(5), GRANTED),
    Path("board", training(26), GRANTED),
    Path("completed", INCOMPLETE, GRANTED),
    Path("corrected", training(asked=Decimal(40_000)), GRANTED),
    Path("never-completed", INCOMPLETE, ("lapsed", "completion"), script(silent="completion")),
    Path("clarified", training(5), GRANTED, script(moves={"review": ASKS})),
    Path(
        "never-clarified",
        training(5),
        ("lapsed", "clarification"),
        script(moves={"review": ASKS}, silent="clarification"),
    ),
    Path("escalated", training(5), GRANTED, script(late="review")),
    Path("taken-back", training(5), GRANTED, script(held="review")),
    Path("partly", training(5, attended=8), PARTLY),
    Path("partly-objected", training(5, attended=8), PARTLY, script(objects=True, moves={"objection": OVERTURNS})),
    Path("refused-at-intake", TOO_SHORT, ("refused", "rehearsed")),
    Path("refused-in-review", training(5), ("refused", "budget"), script(moves={"review": REFUSES})),
    Path("refused-by-board", training(26), ("refused", "budget"), script(moves={"board_unions": REFUSES})),
    Path("objection-followed", TOO_SHORT, GRANTED, script(objects=True, moves={"objection": OVERTURNS})),
    Path("objection-rejected", TOO_SHORT, ("refused", "rehearsed"), script(objects=True, moves={"objection": UPHOLDS})),
    Path("withdrawn-in-review", training(5), WITHDRAWN, script(withdraws_in="review")),
    Path("withdrawn-before-the-course", planned(), WITHDRAWN, script(withdraws_in="evidence")),
    Path("without-evidence", planned(), ("lapsed", "evidence"), script(silent="evidence")),
    Path("less-than-planned", planned(attended=8), GRANTED),
    Path("determination-refused", planned(5), ("refused", "budget"), script(moves={"determination": REFUSES})),
    Path("money-came-back", training(), GRANTED, script(moves={"payment": Move("returned", ("account_closed",))})),
    Path(
        "account-told-late",
        training(),
        GRANTED,
        script(moves={"payment": Move("returned", ("account_closed",))}, silent="account/1"),
    ),
    Path("survey-unanswered", training(), GRANTED, script(silent="survey")),
    Path("handed-over", training(postcode="3980", municipality="Tessenderlo"), ("handed_over", "rehearsed")),
    Path("double", DOUBLE, ("refused", "DUBBELE_AANVRAAG")),
    Path("only-looked-double", DOUBLE, GRANTED, script(moves={"admissibility": Move("admissible")})),
    Path("career-account", career(700), GRANTED),
    Path("career-account-ahead", career(400, "account-2", ends_on=date(2024, 5, 31)), GRANTED),
    Path("career-account-ceiling", career(600, starts_on=FILED, ends_on=FILED), PARTLY),
)
"""In this order: the last one meets the ceiling because of an earlier one."""

TRANSITION = "TRA-2024-001"
TRANSITION_SUPPORT = (
    Path("main", TRANSITION, GRANTED),
    Path("handed-over", "TRA-2024-003", ("handed_over", "rehearsed")),
    Path("never-signed", TRANSITION, ("lapsed", "unsigned"), script(silent="signature_expert")),
    Path("refused-by-board", TRANSITION, ("refused", "budget"), script(moves={"board_employers": REFUSES})),
    Path(
        "objection-followed",
        TRANSITION,
        GRANTED,
        script(objects=True, moves={"board_employers": REFUSES, "objection": OVERTURNS}),
    ),
    Path("withdrawn-in-approval", TRANSITION, WITHDRAWN, script(withdraws_in="approval")),
    Path(
        "report-never-came",
        TRANSITION,
        GRANTED,
        script(
            silent="interim_report",
            moves={"report_missing": [Move("ask_again", ("late",)), Move("no_payment", ("late",))]},
        ),
    ),
    Path(
        "recovered",
        TRANSITION,
        GRANTED,
        script(silent="retention", moves={"retention_check": Move("failed", ("left",))}),
    ),
)

PROJECT = "PRO-2024-001"
PROJECT_FINANCING = (
    Path("main", PROJECT, GRANTED),
    Path("handed-over", "PRO-2024-008", ("handed_over", "rehearsed")),
    Path("no-lever", "PRO-2024-011", ("refused", "rehearsed")),
    Path(
        "turns-out-training",
        PROJECT,
        ("handed_over", "DIT_IS_OPLEIDING"),
        script(moves={"no_training": Move("training", ("budget",))}),
    ),
    Path("refused-in-review", PROJECT, ("refused", "budget"), script(moves={"review": REFUSES})),
    Path("withdrawn-in-review", PROJECT, WITHDRAWN, script(withdraws_in="review")),
    Path("nothing-measured", PROJECT, GRANTED, script(silent="measurement")),
)

ONE_PHASE: dict[str, Any] = {
    "dismissal": "restructuring",
    "announced_on": date(2023, 12, 1),
    "age_on_announcement": 40,
    "offered_on": date(2024, 1, 15),
    "answer": "accepted",
    "started_on": date(2024, 2, 5),
}
THREE_PHASES = {name: ONE_PHASE[name] for name in ("offered_on", "answer", "started_on")}
WORKED_NOTICE: dict[str, Any] = {
    "notice_began_on": date(2024, 1, 15),
    "notice_weeks": Decimal(20),
    "indemnity_weeks": None,
    "contract_ended_on": date(2024, 6, 2),
}
TRAJECTORY = (
    Path("every-moment", dismissed(**THREE_PHASES), ("completed", "completed")),
    Path(
        "silent-at-the-end",
        dismissed(**ONE_PHASE),
        ("completed", "completed"),
        script(silent="follow_up/1", told={"follow_up/2": "consent_withdrawn"}),
    ),
    Path("died", dismissed(**ONE_PHASE), ("completed", "deceased"), script(told={"follow_up/2": "deceased"})),
    Path(
        "retired",
        dismissed(**ONE_PHASE),
        ("completed", "completed"),
        script(said={"follow_up/1": FollowUpOutcome.PENSION}),
    ),
    Path(
        "retired-by-mistake",
        dismissed(**ONE_PHASE),
        ("completed", "completed"),
        script(
            said={"follow_up/1": FollowUpOutcome.PENSION},
            put_right={"follow_up_3": {"moment": "end", "outcome": FollowUpOutcome.JOB_SEEKING}},
        ),
    ),
    Path(
        "hours-come-late",
        dismissed(**THREE_PHASES),
        ("completed", "completed"),
        script(silent="hours/1", late_hours={"guidance_2": "20"}),
    ),
    Path(
        "job-undone",
        dismissed(**THREE_PHASES),
        ("completed", "completed"),
        script(
            said={"status/1": FollowUpOutcome.SAME_SECTOR},
            put_right={"guidance_2": {"moment": "phase_1", "outcome": FollowUpOutcome.TRAINING}},
        ),
    ),
    Path("out-of-reach", dismissed(**ONE_PHASE, reachable=False), ("completed", "completed")),
    Path(
        "corrected-notice",
        dismissed(**WORKED_NOTICE),
        ("completed", "completed"),
        script(corrected={"offer": {"because": "illness", "contract_ended_on": "2024-07-14"}}),
    ),
    Path(
        "corrected-birth-date",
        dismissed(age_on_dismissal=45, dismissed_on=date(2024, 3, 1), contract_ended_on=date(2024, 3, 1)),
        ("not_started", "geen-verplichting"),
        script(corrected={"offer": {"because": "birth_date", "age_on_dismissal": "44"}}),
    ),
    Path(
        "corrected-start",
        dismissed(**ONE_PHASE),
        ("completed", "completed"),
        script(
            corrected={
                "guidance_1": {"because": "birth_date", "age_on_announcement": "45"},
                "follow_up_6": {"because": "mistake", "started_on": "2024-02-19"},
            }
        ),
    ),
)
"""Since people are asked at every moment; those of before are the samples of their builds."""

EVERY_PATH = {
    "subsidy": SUBSIDY,
    "transition_support": TRANSITION_SUPPORT,
    "project_financing": PROJECT_FINANCING,
    "trajectory": TRAJECTORY,
}
"""Other trajectories are played as the samples have them: an employer's dossier with a trajectory per person."""
