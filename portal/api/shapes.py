"""What the API shows: names for outside, which stay as they are whatever the house calls things inside.

Amounts are euros as text with two decimals, so that no cent is lost; days are local days in Brussels, inclusive;
moments are in UTC.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema

from models.messages.words import Fund, Instrument, Kind, Outcome, Party, Role

NUMBER = r"^[A-Z]{3}-[0-9]{4}-[STPOJ]-[0-9]{6,9}$"
Euros = Annotated[
    Decimal,
    PlainSerializer(lambda amount: f"{amount:.2f}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^-?[0-9]+\.[0-9]{2}$", "examples": ["1250.50"]}),
]


class Shape(BaseModel):
    """Something the API shows."""

    model_config = ConfigDict(frozen=True)


class State(StrEnum):
    """How far a dossier is: its receipt was given, it is being handled, it is over."""

    RECEIVED = "received"
    OPEN = "open"
    CLOSED = "closed"


class Awaited(Shape):
    """On whom a dossier waits, since when, until when, and what happens otherwise."""

    on: str = Field(description="A party, `staff` or `calendar`", examples=["applicant"])
    reason: str | None = Field(description="Code of the request, the step or the reason", examples=["completion"])
    since: datetime | None = None
    until: date | None = Field(default=None, description="Last day, inclusive")
    otherwise: str | None = Field(default=None, description="Code of what silence leads to", examples=["lapses"])


class Dossier(Shape):
    """Where a dossier stands."""

    number: str = Field(pattern=NUMBER, examples=["ANT-2025-S-000123"])
    fund: Fund
    kind: Kind
    instrument: Instrument
    state: State
    version: int = Field(description="Grows with everything that happens; 0 while it is only received", examples=[7])
    parent: str | None = Field(default=None, description="The dossier it came from, such as an outplacement")
    received_at: datetime
    phase: str | None = Field(default=None, description="Code of the phase", examples=["admission"])
    policy: str | None = Field(default=None, description="The rules that govern it", examples=["ANT/formal_training"])
    waiting: Awaited | None = Field(default=None, description="The first thing it waits for; nothing once closed")
    asked: Euros | None = Field(default=None, description="Asked, in euro")
    granted: Euros = Field(default=Decimal(0), description="Granted, in euro")
    paid: Euros = Field(default=Decimal(0), description="Paid, in euro")
    recovered: Euros = Field(default=Decimal(0), description="Received back, in euro")
    outcome: Outcome | None = None
    outcome_reason: str | None = Field(default=None, description="Code of the reason", examples=["no_evidence"])
    closed_at: datetime | None = None
    rehearsal: bool = Field(default=False, description="True: an exercise, no real dossier")


class Wait(Shape):
    """One thing that has to happen."""

    on: str = Field(description="A party, a role of staff, or `calendar`", examples=["applicant"])
    what: str = Field(description="Code of the request, the step or the reason", examples=["completion"])
    key: str | None = Field(default=None, description="Name by which it is answered", examples=["completion"])
    since: datetime | None = None
    until: date | None = Field(default=None, description="Last day, inclusive")
    derivation: str | None = Field(default=None, description="How the last day follows from the rules")
    otherwise: str | None = Field(default=None, description="Code of what silence leads to")
    wants: list[str] = Field(
        default=[], description="Documents and fields that are asked; alternatives with `/` between"
    )


class Waiting(Shape):
    """Everything that an open dossier waits for; nothing once it is closed."""

    number: str = Field(pattern=NUMBER)
    waits: list[Wait]


class Actor(StrEnum):
    """What sort of somebody did something."""

    HOUSE = "house"
    STAFF = "staff"
    SYSTEM = "system"
    APPLICANT = "applicant"
    EXPERT = "expert"
    AGENCY = "agency"
    PARTICIPANT = "participant"
    OTHER = "other"


class Entry(Shape):
    """One thing that happened, in codes."""

    sequence: int = Field(ge=1, description="Place in the dossier")
    at: datetime
    type: str = Field(description="Code of what happened", examples=["request_opened"])
    by: Actor
    person: str | None = Field(default=None, description="Opaque name of who did it; with `people:read` only")
    data: dict[str, Any] = Field(description="Codes, days and amounts that belong to it")


class Document(Shape):
    """A document by its kind; the content is not given here."""

    code: str = Field(examples=["invoice"])
    party: Party = Field(description="Who sent it")
    received_at: datetime
    file_name: str | None = Field(default=None, description="With `people:read` only")


class DocumentKept(Shape):
    """A document that arrived whole and is one that is accepted."""

    code: str = Field(examples=["invoice"])
    file_name: str = Field(examples=["factuur.pdf"])
    size: int = Field(description="Bytes")
    sha256: str = Field(description="Digest of the content, to compare with yours")


class Payment(Shape):
    """A payment and what became of it."""

    payment: str = Field(description="Its name", examples=["ANT-2025-S-000123/payment/1/1"])
    dossier: str = Field(pattern=NUMBER)
    instalment: int
    amount: Euros
    account_of: Party = Field(description="Whose account it goes to")
    state: str = Field(examples=["confirmed"])
    reference: str | None = Field(default=None, description="Of the bank")
    instructed_at: datetime
    ended_at: datetime | None = None


class Task(Shape):
    """A step that waits for staff."""

    task: str = Field(examples=["ANT-2025-S-000123/review/1"])
    dossier: str = Field(pattern=NUMBER)
    fund: Fund
    kind: Kind
    step: str = Field(examples=["review"])
    role: Role
    due: date = Field(description="Last day, inclusive")
    derivation: str = Field(description="How the last day follows from the rules")
    outcomes: list[str]
    amount: Euros | None = None
    advice: str | None = Field(default=None, description="The outcome that follows from the rules")
    in_hand: bool = Field(description="Whether somebody has taken it")
    holder: str | None = Field(default=None, description="Opaque name of who has it; with `people:read` only")


class Page(Shape):
    """A part of a list."""

    next: str | None = Field(default=None, description="Give this as `cursor` for the next page; null: this was all")


class DossierPage(Page):
    """A page of dossiers, in the order of their numbers."""

    dossiers: list[Dossier]


class EntryPage(Page):
    """A page of what happened, the oldest first."""

    entries: list[Entry]


class DocumentPage(Page):
    """A page of documents, in the order in which they came."""

    documents: list[Document]


class PaymentPage(Page):
    """A page of payments."""

    payments: list[Payment]


class TaskPage(Page):
    """A page of the work list, the most urgent first."""

    tasks: list[Task]


class GuidedMonth(Shape):
    """Hours that an agency registered of one month."""

    month: str = Field(examples=["2024-05"])
    hours: Euros = Field(description="Clock hours, with two decimals", examples=["7.50"])
    sessions: int
    first_on: date | None = Field(default=None, description="Day of the first talk, if it was in this month")
    told_at: datetime


class GuidedHours(Shape):
    """All months of one participant."""

    number: str = Field(pattern=NUMBER)
    months: list[GuidedMonth]


class Question(Shape):
    """Something that is asked of an agency."""

    number: str = Field(pattern=NUMBER)
    key: str = Field(description="Name by which it is answered", examples=["ANT-2025-J-000123/start/1"])
    what: str = Field(description="Code of the request", examples=["start"])
    until: date = Field(description="Last day, inclusive")
    overdue: bool = Field(description="Whether that day passed without answer; it still helps")


class Questions(Shape):
    """Everything that is asked, what is late first."""

    questions: list[Question]


class Accepted(Shape):
    """What was asked is done and stored."""

    dossier: str = Field(pattern=NUMBER)
    version: int = Field(description="Of the dossier, with this in it", examples=[8])
    repeated: bool = Field(default=False, description="True: it was already so, and nothing happened twice")


class ReceiptGiven(Shape):
    """An application was received; from here on it cannot be lost."""

    number: str = Field(pattern=NUMBER, examples=["ANT-2025-S-000123"])
    started: bool = Field(description="False: the dossier opens in a moment")
    trajectories: list[str] = Field(default=[], description="Numbers of the people in a notification of dismissals")
