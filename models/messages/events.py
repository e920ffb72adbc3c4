"""Facts in the past tense. Everything else, timeline, projections, audit, is a reading of these.

An event holds codes, dates, amounts and opaque person ids; never a name, address, birth date or free text.
Days are local dates in Brussels and inclusive; amounts are euros.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal, Protocol

from pydantic import Field

from models.messages.message import Message, later
from models.messages.words import (
    Document,
    FollowUpOutcome,
    Fund,
    Instrument,
    Kind,
    Outcome,
    Party,
    Role,
    UnknownReason,
)


class CheckResult(Message):
    """One automatic check: what was looked at, by which source, and what failing it means."""

    code: str
    passed: bool
    consequence: Literal["complete", "refuse", "refer", "look"]
    source: str
    values: dict[str, str] = {}


class DossierOpened(Message):
    type: Literal["dossier_opened"] = "dossier_opened"
    kind: Kind
    instrument: Instrument
    fund: Fund
    policy: str
    received_at: datetime
    rehearsed: bool
    parent: str | None = None
    asked: Decimal | None = None


class PhaseEntered(Message):
    type: Literal["phase_entered"] = "phase_entered"
    phase: str


class Checked(Message):
    type: Literal["checked"] = "checked"
    checks: tuple[CheckResult, ...]


class TaskOpened(Message):
    type: Literal["task_opened"] = "task_opened"
    task: str
    fund: Fund
    kind: Kind
    step: str
    role: Role
    due: date
    derivation: str
    priority: int
    outcomes: tuple[str, ...]
    silence: str
    excluded: tuple[str, ...] = ()
    amount: Decimal | None = None
    advice: str | None = None
    """The outcome that follows from the rules, for the person to follow or not."""
    beside: bool = later(False)
    """The story goes on meanwhile: on whom the dossier waits does not change by it."""


class TaskReminded(Message):
    type: Literal["task_reminded"] = "task_reminded"
    task: str
    times: int


class TaskEscalated(Message):
    type: Literal["task_escalated"] = "task_escalated"
    task: str
    role: Role
    times: int


class TaskAnswered(Message):
    """A person answered a task; nothing follows from it before `goes_out_at`, until when it may be taken back."""

    type: Literal["task_answered"] = "task_answered"
    task: str
    step: str
    outcome: str
    person: str
    goes_out_at: datetime
    reasons: tuple[str, ...] = ()
    amount: Decimal | None = None
    on_behalf_of: str | None = None
    conditions: tuple[str, ...] = later(())


class TaskReopened(Message):
    """The held answer was taken back: the task is open again for the same people."""

    type: Literal["task_reopened"] = "task_reopened"
    task: str
    times: int


class TaskCompleted(Message):
    type: Literal["task_completed"] = "task_completed"
    task: str
    step: str
    outcome: str
    person: str
    reasons: tuple[str, ...] = ()
    amount: Decimal | None = None
    on_behalf_of: str | None = later(None)
    conditions: tuple[str, ...] = later(())
    """What the grant shall hang on, where the step says so."""


class TaskCancelled(Message):
    type: Literal["task_cancelled"] = "task_cancelled"
    task: str
    reason: str


class RequestOpened(Message):
    type: Literal["request_opened"] = "request_opened"
    request: str
    code: str
    party: Party
    wants: tuple[str, ...]
    until: date
    derivation: str
    silence: str
    stops_clock: bool
    beside: bool = later(False)
    """The story goes on meanwhile: on whom the dossier waits does not change by it."""
    moment: str | None = later(None)
    """About which moment of the follow-up it asks."""


class RequestReminded(Message):
    type: Literal["request_reminded"] = "request_reminded"
    request: str
    times: int


class RequestExtended(Message):
    """A question has another last day: more time was given, or the day it counts from moved (then `derivation`)."""

    type: Literal["request_extended"] = "request_extended"
    request: str
    until: date
    derivation: str | None = later(None)


class RequestAnswered(Message):
    type: Literal["request_answered"] = "request_answered"
    request: str
    code: str
    documents: tuple[Document, ...] = ()
    values: dict[str, str] = {}


class RequestLapsed(Message):
    type: Literal["request_lapsed"] = "request_lapsed"
    request: str
    code: str


class RequestCancelled(Message):
    """Nothing is asked any more: the dossier took another way."""

    type: Literal["request_cancelled"] = "request_cancelled"
    request: str
    code: str
    reason: str


class AnswerKept(Message):
    """Part of an answer, or one that came before it was asked or after the last day: kept, and used when it serves."""

    type: Literal["answer_kept"] = "answer_kept"
    code: str
    documents: tuple[Document, ...] = ()
    values: dict[str, str] = {}


class FactsCorrected(Message):
    type: Literal["facts_corrected"] = "facts_corrected"
    fields: tuple[str, ...]


class ClockStopped(Message):
    type: Literal["clock_stopped"] = "clock_stopped"
    because: str


class ClockResumed(Message):
    type: Literal["clock_resumed"] = "clock_resumed"
    days: int


class Waited(Message):
    """The dossier rests until a day: nobody has to do anything before, or it waits again for who was asked already."""

    type: Literal["waited"] = "waited"
    on: Party = Party.CALENDAR
    reason: str
    until: date
    then: str


class Decided(Message):
    type: Literal["decided"] = "decided"
    decision: int
    outcome: Outcome
    level: Literal["automatic", "handler", "approver", "board"]
    asked: Decimal | None
    granted: Decimal
    reasons: tuple[str, ...]
    persons: tuple[str, ...]
    steps: tuple[str, ...] = ()
    """How the amount was computed, one step a line, amounts only."""
    conditions: tuple[str, ...] = later(())
    """What the grant hangs on: each becomes a question to the applicant with a last day of its own."""


class ConditionSettled(Message):
    """A condition of a grant ended: it was met, a person let it go, or the grant is lowered for it."""

    type: Literal["condition_settled"] = "condition_settled"
    condition: str
    outcome: Literal["met", "waived", "lowered", "dropped"]
    reasons: tuple[str, ...] = ()


class Effect(Message):
    """One thing that turning back a decision brings about, with its amount in euro where it has one."""

    code: str
    amount: Decimal | None = None


class ReversalProposed(Message):
    """Somebody found that a decision was wrong, and says what it should be and what that brings about."""

    type: Literal["reversal_proposed"] = "reversal_proposed"
    reversal: str
    amount: Decimal
    """What should have been granted."""
    reason: str
    level: Literal["approver", "board"]
    effects: tuple[Effect, ...]


class ReversalSettled(Message):
    """The decision is turned back, by who had to agree; or it stays."""

    type: Literal["reversal_settled"] = "reversal_settled"
    reversal: str
    outcome: Literal["carried_out", "refused"]
    effects: tuple[Effect, ...] = ()
    """What it brings about now: a payment may have gone out since it was proposed."""


class Cap(Message):
    """A ceiling that several dossiers share, in euro: what is held under one bucket never exceeds its limit.

    `amount` is the part of the asked amount that falls under it. Caps of one question cover different parts (workers
    and employees), so what is allowed is the asked amount less what does not fit under each cap.
    """

    bucket: str
    """Such as "ANT/0417497106/workers/2026"; opaque: no name and no account number."""
    limit: Decimal
    amount: Decimal
    since: date | None = None
    """First day of a sliding window: what dossiers opened before it hold does not count. None: all of the bucket."""
    until: date | None = later(None)
    """A place that only one dossier has from `since` until this day: nothing is allowed while another's days overlap,
    whatever the amounts. None: an ordinary ceiling."""


class BudgetAsked(Message):
    """Room is asked for an amount that goes to decision: the whole of it, what was committed before included.

    The ledger decides in the same transaction (triggers on the dossier's row). The question stands, and what is
    reserved is kept, until `Decided` or `Closed`: both take it back, and what is not granted is released. Nothing else
    is said in the same step after it.
    """

    type: Literal["budget_asked"] = "budget_asked"
    amount: Decimal
    year: int
    committee: Literal["111", "209", "*"]
    caps: tuple[Cap, ...] = ()


BudgetState = Literal["reserved", "waiting", "unbudgeted"]


class BudgetHeard(Message):
    """What the ledger answered: `allowed` in euro is less than asked when a cap is nearly used, or nothing."""

    type: Literal["budget_heard"] = "budget_heard"
    state: BudgetState
    allowed: Decimal
    reason: str | None = None
    """Why less is allowed than was asked, or why the dossier waits; None: all is."""


class GrantChanged(Message):
    """Final determination or an approved change moved the grant."""

    type: Literal["grant_changed"] = "grant_changed"
    granted: Decimal
    reason: str


class InstalmentPlanned(Message):
    type: Literal["instalment_planned"] = "instalment_planned"
    instalment: int
    moment: str
    amount: Decimal


class PaymentInstructed(Message):
    type: Literal["payment_instructed"] = "payment_instructed"
    payment: str
    instalment: int
    amount: Decimal
    account_of: Party


class PaymentConfirmed(Message):
    type: Literal["payment_confirmed"] = "payment_confirmed"
    payment: str
    reference: str
    paid: Decimal
    """Total paid in this dossier, this payment included."""


class PaymentReturned(Message):
    type: Literal["payment_returned"] = "payment_returned"
    payment: str
    reason: str
    paid: Decimal | None = later(None)
    """Total paid in this dossier without it, when it had been confirmed before it came back."""


class RecoveryOrdered(Message):
    type: Literal["recovery_ordered"] = "recovery_ordered"
    recovery: str
    amount: Decimal
    reason: str


class RecoveryPart(Message):
    """A part of a claim, to be paid back on a day at the latest."""

    until: date
    amount: Decimal


class RecoveryApproved(Message):
    """A second person agrees that money is claimed back: from now on it is asked, under a communication of its own."""

    type: Literal["recovery_approved"] = "recovery_approved"
    recovery: str
    person: str
    communication: str
    until: date


class RecoveryPlanned(Message):
    """It may be paid back in parts."""

    type: Literal["recovery_planned"] = "recovery_planned"
    recovery: str
    parts: tuple[RecoveryPart, ...]


class RecoveryReminded(Message):
    """Who has to pay back was reminded: before a part is due, or after the last day."""

    type: Literal["recovery_reminded"] = "recovery_reminded"
    recovery: str
    times: int
    until: date


class RecoveryReceived(Message):
    """Money came back, once under each reference of the bank."""

    type: Literal["recovery_received"] = "recovery_received"
    recovery: str
    amount: Decimal
    reference: str
    booked_on: date
    received: Decimal
    """Total received on this claim, never more than was claimed."""
    recovered: Decimal
    """Total received back in this dossier."""
    excess: Decimal = Decimal(0)
    """Part of the amount that was more than what was still to be paid back."""


class RecoverySettled(Message):
    type: Literal["recovery_settled"] = "recovery_settled"
    recovery: str
    outcome: Literal["received", "written_off", "declined"]
    recovered: Decimal
    """Total received back in this dossier."""


class MailPlanned(Message):
    """A mail leaves the house once: the key is the business key of the effect."""

    type: Literal["mail_planned"] = "mail_planned"
    effect: str
    template: str
    occasion: str
    party: Party
    role: Role | None = None
    values: dict[str, str] = {}


class MailsWithdrawn(Message):
    """What is planned to a party and did not leave yet is not wanted any more: it stays in the house.

    With an `occasion` only the mails of that question, its reminders included; without one, all of that party.
    """

    type: Literal["mails_withdrawn"] = "mails_withdrawn"
    party: Party
    because: str
    occasion: str | None = None


class MessageWritten(Message):
    """Somebody of the fund or of a party outside wrote to the other; the text is a row that can be erased."""

    type: Literal["message_written"] = "message_written"
    message: str
    by_party: Party
    to: Party


class ObjectionFiled(Message):
    type: Literal["objection_filed"] = "objection_filed"
    ground: str


class Reported(Message):
    """A party or system told something about the course of the dossier, such as a new job or a stop."""

    type: Literal["reported"] = "reported"
    fact: str
    on: date
    values: dict[str, str] = {}


class FollowedUp(Message):
    """What became of a person at a moment of the follow-up; unknown always has a reason. Said again about the same
    moment it corrects what was said before: both stay, the last one counts."""

    type: Literal["followed_up"] = "followed_up"
    moment: str
    outcome: FollowUpOutcome
    reason: UnknownReason | None = None
    told_by: Party | None = None
    since: date | None = later(None)
    """Since when it is so, as who told it says."""
    asked_on: date | None = later(None)
    """The day on which the person was asked; None: the person was spared the question."""
    request: str | None = later(None)
    """The question to the person, by its full name."""
    elsewhere: str | None = later(None)
    """The other dossier in which the same person told it shortly before."""
    previous: FollowUpOutcome | None = later(None)
    """What was noted of this moment before."""
    corrections: int = later(0)
    """How often it was said again."""


class PlannedMoment(Message):
    """A moment of the follow-up: the day on which is asked, or why it does not apply to this person."""

    moment: str
    due: date | None = None
    because: str | None = None
    """Why nothing is asked; None: it applies, on a day that is not known while `due` is empty."""


class MomentsPlanned(Message):
    """Which moments of the follow-up apply to this person and when; what is not named stays as it was."""

    type: Literal["moments_planned"] = "moments_planned"
    moments: tuple[PlannedMoment, ...]


class RegimeChosen(Message):
    type: Literal["regime_chosen"] = "regime_chosen"
    regime: str
    rule: str
    source: str
    because: str | None = later(None)
    """Why it is chosen again: a fact that was corrected. None: the first time."""


class MovedDate(Message):
    """A day that a dossier lived by; without `before` there was none, without `after` there is none any more."""

    what: str
    before: date | None = None
    after: date | None = None


class DatesMoved(Message):
    """Days that moved because of one thing that was told, and no others."""

    type: Literal["dates_moved"] = "dates_moved"
    because: str
    moved: tuple[MovedDate, ...]


class HandedOver(Message):
    type: Literal["handed_over"] = "handed_over"
    to_fund: Fund
    to_instrument: Instrument
    reason: str


class Withdrawn(Message):
    type: Literal["withdrawn"] = "withdrawn"
    reason: str


class ClockMoved(Message):
    """Only in a rehearsal: the dossier's own clock was put forward."""

    type: Literal["clock_moved"] = "clock_moved"
    to: datetime


class Closed(Message):
    type: Literal["closed"] = "closed"
    outcome: Outcome
    reason: str


AnyEvent = Annotated[
    DossierOpened
    | PhaseEntered
    | Checked
    | TaskOpened
    | TaskReminded
    | TaskEscalated
    | TaskAnswered
    | TaskReopened
    | TaskCompleted
    | TaskCancelled
    | RequestOpened
    | RequestReminded
    | RequestExtended
    | RequestAnswered
    | RequestLapsed
    | RequestCancelled
    | AnswerKept
    | FactsCorrected
    | ClockStopped
    | ClockResumed
    | Waited
    | BudgetAsked
    | BudgetHeard
    | Decided
    | ConditionSettled
    | ReversalProposed
    | ReversalSettled
    | GrantChanged
    | InstalmentPlanned
    | PaymentInstructed
    | PaymentConfirmed
    | PaymentReturned
    | RecoveryOrdered
    | RecoveryApproved
    | RecoveryPlanned
    | RecoveryReminded
    | RecoveryReceived
    | RecoverySettled
    | MailPlanned
    | MailsWithdrawn
    | MessageWritten
    | ObjectionFiled
    | Reported
    | FollowedUp
    | MomentsPlanned
    | RegimeChosen
    | DatesMoved
    | HandedOver
    | Withdrawn
    | ClockMoved
    | Closed,
    Field(discriminator="type"),
]


class Placed(Protocol):
    """An event in its place, as it is written or as it is read."""

    @property
    def sequence(self) -> int: ...
    @property
    def at(self) -> datetime: ...
    @property
    def by(self) -> str: ...
    @property
    def fact(self) -> AnyEvent: ...


class Event(Message):
    """An event in its place: the sequence within the dossier, the dossier's own time, and who did it."""

    sequence: int
    at: datetime
    by: str
    fact: AnyEvent


class Step(Message):
    """Everything one step of a workflow has to say; `record` stores it in one transaction."""

    dossier: str
    events: tuple[Event, ...]
    head: str
    """Hash of the event before the first of these."""


class BudgetAnswer(Message):
    """What the ledger holds for a dossier, in euro; `sequence` is the place of the question in the journal."""

    sequence: int
    state: BudgetState
    allowed: Decimal
    reason: str | None = None


class Recorded(Message):
    """Where the journal of a dossier stands: the last sequence and its hash."""

    sequence: int
    head: str
    budget: BudgetAnswer | None = None
    """What the ledger decided, when the step asked it."""
    budgeted: bool | None = None
    """Whether the fund keeps envelopes; None: stored by a build that did not know of them."""
