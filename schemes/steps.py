"""The steps that staff take: which role, within which term, with which outcomes, and who may not take them.

Separation of duties is by person: a step names the earlier steps whose persons are excluded (covenant 1.3: each fund
decides with its own four eyes). Silence of staff never decides; it goes up one role at a time.
"""

from decimal import Decimal
from typing import Literal

from models.messages.message import Message
from models.messages.policies import Procedure
from models.messages.words import FollowUpOutcome, Role, UnknownReason
from schemes.terms import Term

TermName = Literal["review_term", "decision_term", "board_term", "payment_term"]


class StaffStep(Message):
    """One step of a procedure. `since_receipt`: its term runs from the receipt, with the clock stops of the dossier."""

    code: str
    role: Role
    term: TermName
    outcomes: tuple[str, ...]
    needs_reason: tuple[str, ...] = ()
    separated_from: tuple[str, ...] = ()
    escalates_to: Role = Role.TEAM_LEAD
    since_receipt: bool = False
    priority: int = 3


ADMISSIBILITY = StaffStep(
    code="admissibility",
    role=Role.INTAKE,
    term="review_term",
    outcomes=("admissible", "refuse", "refer"),
    needs_reason=("refuse", "refer"),
    since_receipt=True,
)
REVIEW = StaffStep(
    code="review",
    role=Role.HANDLER,
    term="review_term",
    outcomes=("approve", "ask", "refuse"),
    needs_reason=("ask", "refuse"),
    separated_from=("objection",),
    since_receipt=True,
)
APPROVAL = StaffStep(
    code="approval",
    role=Role.APPROVER,
    term="decision_term",
    outcomes=("approve", "reduce", "refuse"),
    needs_reason=("reduce", "refuse"),
    separated_from=("review", "objection"),
    since_receipt=True,
    priority=2,
)
BOARD_EMPLOYERS = StaffStep(
    code="board_employers",
    role=Role.BOARD,
    term="board_term",
    outcomes=("approve", "refuse"),
    needs_reason=("refuse",),
    separated_from=("signature_fund", "review", "approval"),
    priority=2,
)
BOARD_UNIONS = BOARD_EMPLOYERS.model_copy(
    update={"code": "board_unions", "separated_from": ("signature_fund", "review", "approval", "board_employers")}
)
DETERMINATION = StaffStep(
    code="determination",
    role=Role.HANDLER,
    term="review_term",
    outcomes=("confirm", "ask", "refuse"),
    needs_reason=("ask", "refuse"),
)
PAYMENT = StaffStep(
    code="payment",
    role=Role.FINANCE,
    term="payment_term",
    outcomes=("confirmed", "returned"),
    needs_reason=("returned",),
    separated_from=("review", "approval", "report_review", "determination"),
    priority=2,
)
OBJECTION = StaffStep(
    code="objection",
    role=Role.APPROVER,
    term="decision_term",
    outcomes=("upheld", "overturned"),
    needs_reason=("upheld", "overturned"),
    separated_from=(
        *("admissibility", "signature_fund", "no_training", "review", "approval"),
        *("board_employers", "board_unions", "determination"),
    ),
    priority=1,
)
RECOVERY = StaffStep(
    code="recovery",
    role=Role.FINANCE,
    term="payment_term",
    outcomes=("received", "written_off"),
    needs_reason=("written_off",),
    separated_from=("payment",),
)
RECOVERY_APPROVAL = StaffStep(
    code="recovery_approval",
    role=Role.APPROVER,
    term="decision_term",
    outcomes=("approve", "refuse"),
    needs_reason=("refuse",),
    separated_from=("recovery_order", "determination", "report_missing", "retention_check", "reversal_proposal"),
)
"""Whoever found that money has to come back does not agree to it."""
RECOVERY_LATE = StaffStep(
    code="recovery_late",
    role=Role.FINANCE,
    term="payment_term",
    outcomes=("received", "ask_again", "write_off"),
    needs_reason=("write_off",),
    separated_from=("payment",),
)
RECOVERY_EXCESS = StaffStep(
    code="recovery_excess",
    role=Role.FINANCE,
    term="payment_term",
    outcomes=("paid_back", "kept_apart"),
    needs_reason=("kept_apart",),
)
WRITE_OFF_EMPLOYERS = BOARD_EMPLOYERS.model_copy(
    update={"code": "write_off_board_employers", "separated_from": ("recovery_late", "recovery_approval")}
)
WRITE_OFF_UNIONS = WRITE_OFF_EMPLOYERS.model_copy(
    update={
        "code": "write_off_board_unions",
        "separated_from": ("recovery_late", "recovery_approval", "write_off_board_employers"),
    }
)
CONDITION_MISSING = StaffStep(
    code="condition_missing",
    role=Role.HANDLER,
    term="review_term",
    outcomes=("ask_again", "waive", "lower"),
    needs_reason=("waive", "lower"),
)
QUALITY_CHECK = StaffStep(
    code="quality_check",
    role=Role.HANDLER,
    term="review_term",
    outcomes=("confirm", "look"),
    needs_reason=("look",),
    since_receipt=True,
)
"""A sample of what nobody has to look at; `look` makes it an ordinary review."""
REVERSAL_APPROVAL = StaffStep(
    code="reversal_approval",
    role=Role.APPROVER,
    term="decision_term",
    outcomes=("approve", "refuse"),
    needs_reason=("refuse",),
    separated_from=("reversal_proposal",),
    priority=2,
)
REVERSAL_EMPLOYERS = BOARD_EMPLOYERS.model_copy(
    update={"code": "reversal_board_employers", "separated_from": ("reversal_proposal",)}
)
REVERSAL_UNIONS = BOARD_EMPLOYERS.model_copy(
    update={"code": "reversal_board_unions", "separated_from": ("reversal_proposal", "reversal_board_employers")}
)

SIGNATURE_FUND = StaffStep(
    code="signature_fund",
    role=Role.HANDLER,
    term="review_term",
    outcomes=("sign", "refuse"),
    needs_reason=("refuse",),
)
NO_TRAINING = StaffStep(
    code="no_training",
    role=Role.HANDLER,
    term="review_term",
    outcomes=("project", "training"),
    needs_reason=("training",),
    since_receipt=True,
)
REPORT_REVIEW = StaffStep(
    code="report_review",
    role=Role.HANDLER,
    term="review_term",
    outcomes=("accept", "ask"),
    needs_reason=("ask",),
)
REPORT_MISSING = StaffStep(
    code="report_missing",
    role=Role.TEAM_LEAD,
    term="decision_term",
    outcomes=("ask_again", "no_payment", "recover"),
    needs_reason=("ask_again", "no_payment", "recover"),
    escalates_to=Role.APPROVER,
)
CHANGE = StaffStep(
    code="change",
    role=Role.HANDLER,
    term="review_term",
    outcomes=("approve", "refuse"),
    needs_reason=("refuse",),
)
RETENTION = StaffStep(
    code="retention_check",
    role=Role.TEAM_LEAD,
    term="decision_term",
    outcomes=("retained", "failed"),
    needs_reason=("retained", "failed"),
    separated_from=("determination",),
    escalates_to=Role.APPROVER,
)

NOTIFICATION = ADMISSIBILITY.model_copy(update={"outcomes": ("admissible", "refuse"), "needs_reason": ("refuse",)})
CHECK_FINDING = StaffStep(
    code="check_finding",
    role=Role.INTAKE,
    term="review_term",
    outcomes=("checked", "stop"),
    needs_reason=("stop",),
)
PHONE = StaffStep(
    code="phone",
    role=Role.HANDLER,
    term="review_term",
    outcomes=(
        *(outcome for outcome in FollowUpOutcome if outcome is not FollowUpOutcome.UNKNOWN),
        *(reason for reason in UnknownReason if reason is not UnknownReason.NOT_ASKED_YET),
    ),
    priority=4,
)
"""Somebody calls a person who did not answer; the outcome is what was told, or why it is still not known."""
EARLIER_TRAJECTORY = StaffStep(
    code="earlier_trajectory",
    role=Role.INTAKE,
    term="review_term",
    outcomes=("both_run", "resume_first", "stop_double"),
)
"""The same person was dismissed before: what this second dismissal is to the first."""
HOURS_BEHIND = StaffStep(
    code="hours_behind", role=Role.HANDLER, term="review_term", outcomes=("agency_told", "as_agreed")
)
"""Hours of guidance lag behind the time of their phase: somebody talks to the agency (domain.md 6.4, 80 %)."""
CALL_BACK = StaffStep(
    code="call_back", role=Role.HANDLER, term="review_term", outcomes=("helped", "not_reached"), priority=2
)
"""The person asked for help: somebody calls."""
CONDOLENCE = StaffStep(code="condolence", role=Role.HANDLER, term="review_term", outcomes=("written",), priority=2)
"""The person died: somebody writes a word to the family, or tells that it was not so."""

Level = Literal["automatic", "approver", "board"]


def decision_level(amount: Decimal, procedure: Procedure, checked_by_itself: bool) -> Level:
    """Who decides on an amount in euro: nobody when every check passed by itself and the amount is small.

    Both limits are inclusive on the lower side. Source: domain.md 3.3 (example values, to be set by each board).
    """
    if checked_by_itself and amount <= procedure.automatic_up_to:
        return "automatic"
    return "approver" if amount <= procedure.board_above else "board"


def deciders(level: Level) -> tuple[StaffStep, ...]:
    """The steps that together make a decision of this level; the board is jointly run, so both benches speak."""
    return {"automatic": (), "approver": (APPROVAL,), "board": (BOARD_EMPLOYERS, BOARD_UNIONS)}[level]


def settlement_deciders(level: Level) -> tuple[StaffStep, ...]:
    """The same for an amount that is settled long after the receipt: its term runs from the determination.

    Who determined the amount does not decide on it.
    """
    settled = {"since_receipt": False}
    return tuple(
        step.model_copy(update=settled | {"separated_from": (*step.separated_from, DETERMINATION.code)})
        for step in deciders(level)
    )


def term_of(step: StaffStep, procedure: Procedure) -> Term:
    """How long the step may take in this fund."""
    return Term.parse(getattr(procedure, step.term))
