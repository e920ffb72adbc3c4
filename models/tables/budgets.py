"""The ledger of budgets: what each envelope may spend, who holds a part of it, and every move of room.

Triggers keep `envelope`, `holding`, `holding_cap` and `ledger_entry` (migration 0015): the application may read and
may not write them. People write `budget_act`; a row of it that two people agreed on changes its envelope by a trigger
too. All amounts are euro.
"""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlmodel import Field, SQLModel

from models.tables.columns import euros, instant

WAITING = "state = 'waiting'"
NAMED = (
    "envelope = fund || '/' || year || '/' || instrument || '/' || committee "
    "|| CASE WHEN rehearsed THEN '/rehearsal' ELSE '' END"
)


class Envelope(SQLModel, table=True):
    """Money that a board set apart for one year, instrument and joint committee ('*' is any)."""

    __tablename__ = "envelope"
    __table_args__ = (
        Index("envelope_year", "fund", "year"),
        CheckConstraint(NAMED, name="envelope_named"),
        CheckConstraint("committee IN ('111', '209', '*')", name="envelope_committee"),
        CheckConstraint("state IN ('open', 'closed')", name="envelope_state"),
        CheckConstraint(
            "reserved >= 0 AND recovered >= 0 AND recovered <= paid AND paid <= committed", name="envelope_order"
        ),
        CheckConstraint("reserved + committed - recovered <= budget", name="envelope_room"),
    )

    envelope: str = Field(primary_key=True)
    """`ANT/2026/formal_training/111`; of rehearsed dossiers `ANT/2026/formal_training/111/rehearsal`."""
    fund: str
    year: int
    instrument: str
    committee: str
    rehearsed: bool
    """Rehearsed dossiers have purses of their own, so that no rehearsal spends real money."""
    budget: Decimal = euros()
    reserved: Decimal = euros(default=Decimal(0))
    committed: Decimal = euros(default=Decimal(0))
    paid: Decimal = euros(default=Decimal(0))
    """Part of what is committed."""
    recovered: Decimal = euros(default=Decimal(0))
    """What came back of what was paid: room again."""
    state: str = "open"
    opened_at: datetime = instant()


class BudgetAct(SQLModel, table=True):
    """What one person proposes about an envelope and another decides. It changes nothing until it is approved."""

    __tablename__ = "budget_act"
    __table_args__ = (
        Index("budget_act_listed", "fund", "act"),
        CheckConstraint("sort IN ('open', 'raise', 'lower', 'shift', 'close')", name="budget_act_sort"),
        CheckConstraint("state IN ('proposed', 'approved', 'refused', 'withdrawn')", name="budget_act_state"),
        CheckConstraint("(amount IS NULL) = (sort = 'close') AND amount > 0", name="budget_act_amount"),
        CheckConstraint("(to_envelope IS NOT NULL) = (sort = 'shift')", name="budget_act_shift"),
        CheckConstraint(
            "to_envelope <> envelope AND split_part(to_envelope, '/', 1) = split_part(envelope, '/', 1) "
            "AND split_part(to_envelope, '/', 2) = split_part(envelope, '/', 2) "
            "AND split_part(to_envelope, '/', 5) = split_part(envelope, '/', 5)",
            name="budget_act_same_purse",
        ),
        CheckConstraint("fund = split_part(envelope, '/', 1)", name="budget_act_fund"),
        CheckConstraint("state = 'withdrawn' OR decided_by <> proposed_by", name="budget_act_four_eyes"),
        CheckConstraint(
            "(state = 'proposed') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)",
            name="budget_act_decided",
        ),
    )

    act: int | None = Field(default=None, primary_key=True)
    fund: str
    envelope: str
    sort: str
    amount: Decimal | None = euros(default=None)
    to_envelope: str | None = None
    reason: str
    proposed_by: str
    proposed_at: datetime = instant()
    state: str = "proposed"
    decided_by: str | None = None
    decided_at: datetime | None = instant(default=None)


class Holding(SQLModel, table=True):
    """What one dossier holds of an envelope, or its place in the line of those who wait for room."""

    __tablename__ = "holding"
    __table_args__ = (
        Index("holding_line", "envelope", "received_at", "dossier", postgresql_where=WAITING),
        Index("holding_listed", "fund", "year", "dossier"),
        Index("holding_to_tell", "dossier", postgresql_where="NOT told"),
        CheckConstraint(
            "state IN ('unbudgeted', 'reserved', 'waiting', 'committed', 'released')", name="holding_state"
        ),
        CheckConstraint(
            "reserved >= 0 AND recovered >= 0 AND recovered <= paid AND paid <= committed", name="holding_order"
        ),
        CheckConstraint("reserved + committed <= allowed", name="holding_allowed"),
        CheckConstraint("state <> 'waiting' OR reserved + committed < allowed", name="holding_waits"),
        CheckConstraint("state NOT IN ('committed', 'released') OR reserved = 0", name="holding_decided"),
        CheckConstraint("state <> 'released' OR committed = 0", name="holding_gone"),
    )

    dossier: str = Field(primary_key=True)
    fund: str
    year: int
    """The year of which room was asked; its envelope may be of a later one."""
    envelope: str | None = None
    state: str
    asked: Decimal = euros()
    """The whole of it, what was committed before included."""
    allowed: Decimal = euros()
    """What the dossier may hold in all; once it is decided, what it was granted."""
    reserved: Decimal = euros(default=Decimal(0))
    committed: Decimal = euros(default=Decimal(0))
    paid: Decimal = euros(default=Decimal(0))
    recovered: Decimal = euros(default=Decimal(0))
    reason: str | None = None
    """Why it waits or may have less: `short`, `no_envelope`, `closed`, `cap` or `place`."""
    received_at: datetime = instant()
    sequence: int
    """Place in the journal of the question that was asked last."""
    told: bool = True
    """False while the dossier has not heard that its turn came. The one column that the application writes."""


class HoldingCap(SQLModel, table=True):
    """A ceiling that a dossier shares with others: its part of one bucket."""

    __tablename__ = "holding_cap"
    __table_args__ = (
        Index("holding_cap_bucket", "bucket", "opens_on"),
        CheckConstraint("allowed >= 0 AND allowed <= amount", name="holding_cap_allowed"),
    )

    dossier: str = Field(primary_key=True)
    bucket: str = Field(primary_key=True)
    limit: Decimal = euros()
    amount: Decimal = euros()
    """The part of what was asked that falls under it."""
    allowed: Decimal = euros()
    opens_on: date
    since: date | None = None
    until: date | None = None
    """With a last day it is a place that one dossier has at a time."""


class LedgerEntry(SQLModel, table=True):
    """One move of room. Append-only; its sort says which column of holding and envelope it moves.

    `reservation` and `release` move `reserved`: set apart (+), made into a commitment (-), let go (-). `commitment`,
    `payment` and `recovery` move the column of that name. `lapse` lowers the budget of a closed year.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        Index("ledger_entry_envelope", "envelope", "entry"),
        Index("ledger_entry_dossier", "dossier", "entry"),
        CheckConstraint(
            "sort IN ('reservation', 'commitment', 'payment', 'release', 'recovery', 'lapse')",
            name="ledger_entry_sort",
        ),
        CheckConstraint("amount <> 0 AND (amount < 0 OR sort NOT IN ('release', 'lapse'))", name="ledger_entry_amount"),
        CheckConstraint(
            "(dossier IS NULL) = (sort = 'lapse') AND (sequence IS NULL) = (sort = 'lapse') "
            "AND (envelope IS NOT NULL OR sort <> 'lapse')",
            name="ledger_entry_whose",
        ),
    )

    entry: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    fund: str
    envelope: str | None = None
    dossier: str | None = None
    sequence: int | None = None
    """Place in the dossier's journal of the event that it follows from."""
    sort: str
    amount: Decimal = euros()
    at: datetime = instant()
    """The dossier's own time."""
