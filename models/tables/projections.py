"""What pages and commands read. Every row follows from the events alone and can be rebuilt from them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ARRAY, CheckConstraint, Column, Computed, Index, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from models.tables.columns import document, euros, instant

OPEN_TASK = "state = 'open'"
HELD_TASK = "state = 'held'"
STANDS_STILL = "state = 'open' AND stops_clock"
FUND = "split_part((dossier)::text, '-'::text, 1)"
"""As PostgreSQL spells it, so that models and migrations can be compared."""


class DossierRow(SQLModel, table=True):
    """Where a dossier stands, and on whom it waits, since when, until when, and what happens otherwise."""

    __tablename__ = "dossier"
    __table_args__ = (
        Index("dossier_open_due", "waiting_until", "number", postgresql_where="outcome IS NULL"),
        Index("dossier_fund", "fund", "kind", "number"),
        Index("dossier_parent", "parent"),
        CheckConstraint("paid <= granted", name="paid_within_grant"),
    )

    number: str = Field(primary_key=True)
    fund: str
    kind: str
    instrument: str
    policy: str
    parent: str | None = None
    rehearsed: bool = False
    received_at: datetime = instant()
    phase: str = ""
    waiting_on: str | None = None
    waiting_for: str | None = None
    waiting_since: datetime | None = instant(default=None)
    waiting_until: date | None = None
    otherwise: str | None = None
    asked: Decimal | None = euros(default=None)
    granted: Decimal = euros(default=Decimal(0))
    paid: Decimal = euros(default=Decimal(0))
    recovered: Decimal = euros(default=Decimal(0))
    reserving: Decimal | None = euros(default=None)
    """The amount for which room is asked of a budget, from the question to the decision; by it triggers move money."""
    budget_year: int | None = None
    committee: str | None = None
    caps: list[dict[str, Any]] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    outcome: str | None = None
    reason: str | None = None
    closed_at: datetime | None = instant(default=None)
    sequence: int = 0
    head: str = ""
    updated_at: datetime = instant()


class TaskRow(SQLModel, table=True):
    """A step that waits for, or was taken by, a member of staff."""

    __tablename__ = "task"
    __table_args__ = (
        Index("task_list", "fund", "role", "due", "task", postgresql_where=OPEN_TASK),
        Index("task_dossier", "dossier"),
        Index("task_done", "person", "ended_at", "task", postgresql_where="state = 'done'"),
        Index("task_held", "goes_out_at", "task", postgresql_where=HELD_TASK),
    )

    task: str = Field(primary_key=True)
    dossier: str
    fund: str
    kind: str
    step: str
    role: str
    due: date
    derivation: str
    priority: int
    outcomes: list[str] = Field(sa_type=ARRAY(String))
    excluded: list[str] = Field(sa_type=ARRAY(String))
    silence: str
    amount: Decimal | None = euros(default=None)
    advice: str | None = None
    state: str
    """`open`, `held` (answered, and the answer may be taken back until `goes_out_at`), `done` or `cancelled`."""
    opened_at: datetime = instant()
    reminders: int = 0
    escalations: int = 0
    outcome: str | None = None
    person: str | None = None
    reasons: list[str] = Field(sa_type=ARRAY(String))
    on_behalf_of: str | None = None
    """The absent colleague for whom `person` substituted."""
    goes_out_at: datetime | None = instant(default=None)
    reopened: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """How often an answer was taken back."""
    ended_at: datetime | None = instant(default=None)


class RequestRow(SQLModel, table=True):
    """A question to a party outside."""

    __tablename__ = "request"
    __table_args__ = (
        Index("request_open", "until", "request", postgresql_where=OPEN_TASK),
        Index("request_stands_still", "fund", "until", "request", postgresql_where=STANDS_STILL),
    )

    request: str = Field(primary_key=True)
    dossier: str = Field(index=True)
    fund: str | None = Field(default=None, sa_column=Column(Text, Computed(FUND, persisted=True)))
    """The fund in the number: a column, because under row-level security no index looks into a number."""
    code: str
    party: str
    wants: list[str] = Field(sa_type=ARRAY(String))
    until: date
    derivation: str
    silence: str
    stops_clock: bool
    state: str
    reminders: int = 0
    opened_at: datetime = instant()
    ended_at: datetime | None = instant(default=None)
    moment: str | None = None
    """About which moment of the follow-up it asks."""


class DecisionRow(SQLModel, table=True):
    """A formal outcome with its reasons; a later decision in the same dossier does not overwrite an earlier one."""

    __tablename__ = "decision"

    dossier: str = Field(primary_key=True)
    decision: int = Field(primary_key=True)
    outcome: str
    level: str
    asked: Decimal | None = euros(default=None)
    granted: Decimal = euros()
    reasons: list[str] = Field(sa_type=ARRAY(String))
    persons: list[str] = Field(sa_type=ARRAY(String))
    steps: list[str] = Field(sa_type=ARRAY(String))
    decided_at: datetime = instant()


class InstalmentRow(SQLModel, table=True):
    """A planned part of a grant."""

    __tablename__ = "instalment"

    dossier: str = Field(primary_key=True)
    instalment: int = Field(primary_key=True)
    moment: str
    amount: Decimal = euros()


class PaymentRow(SQLModel, table=True):
    """A payment instruction and what became of it. The key makes paying twice impossible."""

    __tablename__ = "payment"
    __table_args__ = (
        Index("payment_instructed", "dossier", postgresql_where="state = 'instructed'"),
        CheckConstraint("amount > 0", name="payment_positive"),
    )

    payment: str = Field(primary_key=True)
    dossier: str = Field(index=True)
    instalment: int
    amount: Decimal = euros()
    account_of: str
    state: str
    reference: str | None = None
    instructed_at: datetime = instant()
    ended_at: datetime | None = instant(default=None)


class RecoveryRow(SQLModel, table=True):
    """Money claimed back: `ordered` by one, `approved` by another, then `received`, `written_off` or `declined`."""

    __tablename__ = "recovery"
    __table_args__ = (
        CheckConstraint("received >= 0 AND received <= amount", name="received_within_claim"),
        CheckConstraint("approved_by IS NULL OR approved_by <> proposed_by", name="claimed_by_two"),
        Index("recovery_communication", "communication", postgresql_where="communication IS NOT NULL"),
    )

    recovery: str = Field(primary_key=True)
    dossier: str = Field(index=True)
    amount: Decimal = euros()
    reason: str
    state: str
    received: Decimal = euros(default=Decimal(0), sa_column_kwargs={"server_default": "0"})
    proposed_by: str | None = None
    approved_by: str | None = None
    communication: str | None = None
    """Twelve digits, by which what comes in on the account is matched."""
    until: date | None = None
    """The last day to pay back; of a plan that of its last part."""
    plan: list[dict[str, str]] | None = document(default=None)
    """Parts with `until` and `amount`, when it is paid back in more than one."""
    reminders: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    ordered_at: datetime = instant()
    ended_at: datetime | None = instant(default=None)


class FollowUpRow(SQLModel, table=True):
    """What became of a person, at each moment it was asked."""

    __tablename__ = "follow_up"

    dossier: str = Field(primary_key=True)
    moment: str = Field(primary_key=True)
    outcome: str
    reason: str | None = None
    told_by: str | None = None
    at: datetime = instant()
    since: date | None = None
    """Since when it is so, as who told it says."""
    asked_on: date | None = None
    """The day on which the person was asked; empty: spared the question."""
    request: str | None = None
    elsewhere: str | None = None
    """The other dossier in which the same person told it."""
    previous: str | None = None
    """What was noted before it was corrected."""
    corrections: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class FollowUpDueRow(SQLModel, table=True):
    """Which moments of the follow-up apply to a person, and when; without a row nothing is planned yet."""

    __tablename__ = "follow_up_due"

    dossier: str = Field(primary_key=True)
    moment: str = Field(primary_key=True)
    due_on: date | None = None
    """The day on which is asked; empty while that is not known, or when nothing is."""
    because: str | None = None
    """Why the moment does not apply; empty: it applies."""
