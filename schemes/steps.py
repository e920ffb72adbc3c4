"""The steps that staff take: which role, within which term, with which outcomes, and who may not take them.

Separation of duties is by person: a step names the earlier steps whose persons are excluded (covenant 1.3: each fund
decides with its own four eyes). Silence of staff never decides; it goes up one role at a time.
"""

from decimal import Decimal
from typing import Literal

from models.messages.message import Message
from models.messages.policies import Procedure
from models.messages.words import Role
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
    since_receipt=True,
)
APPROVAL = StaffStep(
    code="approval",
    role=Role.APPROVER,
    term="decision_term",
    outcomes=("approve", "reduce", "refuse"),
    needs_reason=("reduce", "refuse"),
    separated_from=("review",),
    since_receipt=True,
    priority=2,
)
BOARD_EMPLOYERS = StaffStep(
    code="board_employers",
    role=Role.BOARD,
    term="board_term",
    outcomes=("approve", "refuse"),
    needs_reason=("refuse",),
    separated_from=("review", "approval"),
    priority=2,
)
BOARD_UNIONS = BOARD_EMPLOYERS.model_copy(
    update={"code": "board_unions", "separated_from": ("review", "approval", "board_employers")}
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
    separated_from=("review", "approval", "determination"),
    priority=2,
)
OBJECTION = StaffStep(
    code="objection",
    role=Role.APPROVER,
    term="decision_term",
    outcomes=("upheld", "overturned"),
    needs_reason=("upheld", "overturned"),
    separated_from=("admissibility", "review", "approval", "board_employers", "board_unions", "determination"),
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


def term_of(step: StaffStep, procedure: Procedure) -> Term:
    """How long the step may take in this fund."""
    return Term.parse(getattr(procedure, step.term))
