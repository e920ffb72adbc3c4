"""What people and systems may tell a running dossier. Imperatives; each names who speaks."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal

from models.messages.events import RecoveryPart
from models.messages.facts import Facts
from models.messages.message import Message, later
from models.messages.words import Document, Fund, Party, Role


class Actor(Message):
    """Who speaks: an opaque id, and for staff the roles held within one fund at this moment."""

    person: str
    party: Party
    fund: Fund | None = None
    roles: frozenset[Role] = frozenset()
    for_person: str | None = later(None)
    """The absent colleague whose roles these are, when somebody substitutes; four eyes hold for both."""


class CompleteTask(Message):
    """A member of staff finishes a task with one of its outcomes. `amount` in euro where the step asks one.

    With `grace` the answer is held that long before anything follows from it, and may be taken back meanwhile.
    """

    task: str
    outcome: str
    by: Actor
    reasons: tuple[str, ...] = ()
    amount: Decimal | None = None
    grace: timedelta = later(timedelta(0))
    conditions: tuple[str, ...] = later(())
    """What the grant shall hang on, where the step decides on one."""


class UndoTask(Message):
    """A held answer is taken back before it goes out, by who gave it or by a team lead of the fund."""

    task: str
    by: Actor


class AnswerRequest(Message):
    """A party answers what was asked, or sends it before it is asked: then it is kept.

    `request` is the code of the request ("completion", "evidence", ...), or its full name with its occurrence, by which
    a second click is recognised. `facts` replaces the stated facts when the answer corrects them; `values` holds coded
    answers such as the outcome of a follow-up question.
    """

    request: str
    by: Actor
    documents: frozenset[Document] = frozenset()
    facts: Facts | None = None
    values: dict[str, str] = {}


class ExtendRequest(Message):
    """A member of staff gives one dossier more time, until a day (inclusive)."""

    request: str
    until: date
    by: Actor
    reason: str


class Withdraw(Message):
    """The applicant takes the application back."""

    by: Actor
    reason: str = "applicant"


class FileObjection(Message):
    """The applicant objects to a decision within the term."""

    by: Actor
    ground: str


class NoteMessage(Message):
    """A message was written between the fund and a party outside; `message` is its number."""

    message: str
    to: Party
    by: Actor


class ReportFact(Message):
    """A party or system tells something unasked: a new job, a job lost, guidance stopped, a change wished."""

    fact: str
    on: date
    by: Actor
    values: dict[str, str] = {}


class SettlePayment(Message):
    """The bank's word on a payment, from a system."""

    payment: str
    outcome: Literal["confirmed", "returned"]
    reference: str


class OrderRecovery(Message):
    """Staff proposes to claim money back, in euro; somebody else has to agree."""

    amount: Decimal
    reason: str
    by: Actor


class PlanRecovery(Message):
    """Finance lets a claim be paid back in parts, at the request of who has to pay."""

    recovery: str
    parts: tuple[RecoveryPart, ...]
    by: Actor


class RecoveryPaid(Message):
    """Money came back on a claim; a second word under the same reference of the bank changes nothing."""

    recovery: str
    amount: Decimal
    reference: str
    booked_on: date


class ReverseDecision(Message):
    """An approver proposes that another amount (euro) should have been granted, nothing included."""

    amount: Decimal
    reason: str
    by: Actor


class MoveClock(Message):
    """Rehearsals only: put the dossier's own clock forward."""

    to: datetime


class Accepted(Message):
    """The answer to every command: the fact is stored under this sequence."""

    dossier: str
    sequence: int
    repeated: bool = False
    """True when the same was already done before: nothing happened twice."""
    wakes_at: datetime | None = None
    """Of a clock that was moved: when the dossier acts by itself next, in its own time."""
