"""The memory of one running dossier: what `continue_as_new` carries on."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal

from models.messages.commands import AnswerRequest, CompleteTask, FileObjection, ReportFact, SettlePayment, Withdraw
from models.messages.events import AnyEvent, BudgetState, PlannedMoment, RecoveryPart
from models.messages.facts import Facts
from models.messages.message import State
from models.messages.policies import Policy
from models.messages.words import Document, FollowUpOutcome, Fund, Outcome, Party, Role, UnknownReason


class OpenTask(State):
    """A task waiting for a person. `due` is the last day, inclusive."""

    task: str
    step: str
    role: Role
    due: date
    outcomes: tuple[str, ...]
    excluded: tuple[str, ...] = ()
    needs_reason: tuple[str, ...] = ()
    reopened: int = 0
    """Sequence of the last time an answer was taken back; 0 when that never happened."""
    reopenings: int = 0


class HeldAnswer(State):
    """An answer that was given and has not gone out yet, under the sequence of the event that tells it."""

    command: CompleteTask
    sequence: int
    goes_out_at: datetime


class DoneTask(State):
    """How a task ended, kept so that a second click gets the same answer."""

    step: str
    outcome: str
    person: str
    sequence: int
    on: date
    reasons: tuple[str, ...] = ()
    amount: Decimal | None = None


class OpenRequest(State):
    """A question to a party outside, with its last day."""

    code: str
    party: Party
    until: date
    wants: tuple[tuple[Document, ...], ...] = ()
    silence: str = "lapses"


class LastAnswer(State):
    """The last answer under a code, by which a second click is told from a new answer."""

    answer: AnswerRequest
    at: datetime
    sequence: int


class ClosedPeriod(State):
    """A period in which the fund's clock stood still, from `start` up to and including `end`; open while that is None.

    Dossiers that opened before story 5 also hold the day on which it ran again.
    """

    start: date
    end: date | None = None


class AskedBeside(State):
    """A task that the story does not wait for, and when its person is pressed next."""

    escalates_to: Role
    next_at: datetime
    reminded: bool
    escalations: int = 0


ClaimStage = Literal["approval", "open", "overdue", "employers", "unions"]


class Claim(State):
    """Money that is claimed back: to be agreed on, asked, late, or before the two benches of the board."""

    recovery: str
    amount: Decimal
    reason: str
    term: str
    stage: ClaimStage
    task: str
    received: Decimal = Decimal(0)
    communication: str = ""
    parts: tuple[RecoveryPart, ...] = ()
    """What has to come and until when; in one part, unless a plan was agreed."""
    due: date | None = None
    pressed: int = 0
    """How often somebody was written to, for the part that is due on `due`."""


class Duty(State):
    """A condition of the grant that is not settled: it was asked, or a person decides what the silence means."""

    condition: str
    task: str = ""
    reminders: int = 0


class Reversal(State):
    """A decision that somebody wants turned back, and who still has to agree."""

    reversal: str
    amount: Decimal
    reason: str
    level: Literal["approver", "board"]
    task: str
    agreed: bool = False
    condition: str = ""
    """The condition for which the grant should be lowered; it holds again when nobody agrees."""


class AskedAbout(State):
    """About which moment of the follow-up a person was asked, and on which day."""

    moment: str
    on: date


class Followed(State):
    """What is known of a person at one moment of the follow-up."""

    outcome: FollowUpOutcome
    reason: UnknownReason | None = None
    told_by: Party | None = None
    since: date | None = None
    corrections: int = 0


class BudgetStanding(State):
    """What was asked of the budget of a year and what came of it; amounts in euro."""

    sequence: int
    """Of the question in the journal, by which a late answer is known."""
    year: int
    state: BudgetState
    allowed: Decimal
    reason: str | None = None
    told: bool = False
    """Whether the applicant was told that the dossier waits for room."""


class PaidOut(State):
    """A payment that was confirmed: what it would take to pay it once more when it comes back (euro)."""

    instalment: int
    amount: Decimal
    account_of: Party
    on: date | None = None
    """The day of the confirmation; None in a dossier that lives an older story."""


class Carried(State):
    """With what a dossier goes on at another fund."""

    predecessor: str
    from_fund: Fund
    phase: str
    documents: set[Document] = set()
    answers: dict[str, AnswerRequest] = {}
    reports: list[ReportFact] = []
    suspensions: list[ClosedPeriod] = []
    notes: dict[str, str] = {}
    followed: dict[str, Followed] = {}
    """What is known of the person, by moment of the follow-up."""
    questions: dict[str, AskedAbout] = {}
    """Under their names there: an answer to one of them is about its moment still."""
    told: list[AnyEvent] = []
    """What stays true and is said again, so that every reading of the new dossier is whole."""


STORY = 6
"""The manner in which a dossier lives that opens now; one that opened before keeps its own to its end, because its
history has to be replayed. 2: claims of two people, conditions, reversals. 3: an outplacement whose dates may move, and
questions that reach people by more than mail. 4: a last word may be put right before it is firm. 5: hours that come
late are of the phase about which they were asked, and a second answer about a job undoes the first. 6: what was claimed
for a result is not claimed again when a decision is taken anew."""


class DossierState(State):
    """Everything a dossier remembers. Made by `starter` from the receipt, carried on by continue-as-new."""

    schema_version: int = 1
    number: str
    fund: Fund
    facts: Facts
    policy: Policy
    received_at: datetime
    """When it was received; in a rehearsal the moment at which the dossier's own clock starts."""
    parent: str | None = None
    enterprise_number: str | None = None
    """Whose ceilings the dossier falls under."""
    rehearsed: bool = False
    clock_shift: timedelta = timedelta(0)

    phase: str = ""
    sequence: int = 0
    recorded: int = 0
    head: str = "0" * 64
    """Hash of the last stored event; before the first it is all zeros."""
    occurrences: dict[str, int] = {}

    documents: set[Document] = set()
    tasks: dict[str, OpenTask] = {}
    held: dict[str, HeldAnswer] = {}
    """Open tasks whose answer was given and may still be taken back."""
    done: dict[str, DoneTask] = {}
    acted: dict[str, str] = {}
    acted_for: dict[str, str] = {}
    """The absent colleague on whose behalf a step was taken, who takes no excluding step either."""
    requests: dict[str, OpenRequest] = {}
    answers: dict[str, AnswerRequest] = {}
    answered: dict[str, int] = {}
    """Requests that were answered, by full name, with the sequence of the answer."""
    last_answers: dict[str, LastAnswer] = {}
    suspensions: list[ClosedPeriod] = []
    reports: list[ReportFact] = []
    messages: dict[str, int] = {}
    """Messages that were noted, with the sequence of that."""
    settlements: dict[str, SettlePayment] = {}
    paid_out: dict[str, PaidOut] = {}
    """Payments that were confirmed, by key."""
    came_back: dict[str, str] = {}
    """Confirmed payments that the bank brought back since, with its reason."""
    withdrawal: Withdraw | None = None
    objection: FileObjection | None = None

    carried: Carried | None = None
    """With what it opens, when another fund had it before; told by its first step, and forgotten then."""
    story: int = 1
    """Which manner of deciding and claiming back it lives, given when it opens; the one it opened with to its end."""
    lived: bool = False
    """All phases are over; what is left is beside them, such as money that is still to come back."""
    beside: dict[str, AskedBeside] = {}
    claims: dict[str, Claim] = {}
    claimed: dict[str, Decimal] = {}
    """Claims that ended, with what was received on each."""
    receipts: dict[str, int] = {}
    """References of the bank under which money came back, with the sequence of that."""
    recovered: Decimal = Decimal(0)
    conditions: set[str] = set()
    """What the next decision shall hang on, as who advises and who decides said."""
    duties: dict[str, Duty] = {}
    reversal: Reversal | None = None

    followed: dict[str, Followed] = {}
    """What is known, by moment of the follow-up."""
    moments: dict[str, PlannedMoment] = {}
    """Which moments apply, as they were last planned."""
    questions: dict[str, AskedAbout] = {}
    """What was asked of the person about the moments, by the full name of the question."""

    budgeted: bool | None = None
    """Whether the fund keeps envelopes; None: this dossier opened before there were budgets, and asks nothing until its
    journal says that they are kept."""
    budget: BudgetStanding | None = None
    """What is reserved or waited for; None: nothing was asked since the last decision."""

    asked: Decimal | None = None
    granted: Decimal = Decimal(0)
    instructed: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)
    decisions: int = 0
    decided_on: date | None = None
    outcome: Outcome | None = None
    checked_by_itself: bool = False
    notes: dict[str, str] = {}
    """Small coded facts a kind keeps between its phases, such as the chosen regime."""


class Ending(State):
    """What a dossier's workflow returns."""

    number: str
    outcome: Outcome
    reason: str
    granted: Decimal
    paid: Decimal
