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


class RequestReminded(Message):
    type: Literal["request_reminded"] = "request_reminded"
    request: str
    times: int


class RequestExtended(Message):
    type: Literal["request_extended"] = "request_extended"
    request: str
    until: date


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


class RecoveryOrdered(Message):
    type: Literal["recovery_ordered"] = "recovery_ordered"
    recovery: str
    amount: Decimal
    reason: str


class RecoverySettled(Message):
    type: Literal["recovery_settled"] = "recovery_settled"
    recovery: str
    outcome: Literal["received", "written_off"]
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
    """What became of a person at a moment after the guidance; unknown always has a reason."""

    type: Literal["followed_up"] = "followed_up"
    moment: str
    outcome: FollowUpOutcome
    reason: UnknownReason | None = None
    told_by: Party | None = None


class RegimeChosen(Message):
    type: Literal["regime_chosen"] = "regime_chosen"
    regime: str
    rule: str
    source: str


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
    | Decided
    | GrantChanged
    | InstalmentPlanned
    | PaymentInstructed
    | PaymentConfirmed
    | PaymentReturned
    | RecoveryOrdered
    | RecoverySettled
    | MailPlanned
    | MessageWritten
    | ObjectionFiled
    | Reported
    | FollowedUp
    | RegimeChosen
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


class Recorded(Message):
    """Where the journal of a dossier stands: the last sequence and its hash."""

    sequence: int
    head: str
