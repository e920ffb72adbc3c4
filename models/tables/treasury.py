"""Payments on their way to the bank: runs, who signed them, their lines, and accounts that somebody has to look at.

That no payment stands in two lines is said by two partial unique indexes, and by nothing else.
"""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, LargeBinary
from sqlmodel import Field, SQLModel

from models.tables.columns import euros, instant

LIVE = "state IN ('included', 'sealed', 'accepted', 'executed', 'unknown')"
"""A line in such a state holds its payment: no other line may take it."""
RUN_STATES = "'draft', 'signing', 'sealed', 'handing_over', 'handed_over', 'unknown', 'settled', 'discarded'"
LINE_STATES = (
    "'included', 'held', 'excluded', 'sealed', 'accepted', 'executed', 'rejected', 'returned', 'unknown', 'discarded'"
)


class PaymentRun(SQLModel, table=True):
    """One file to the bank of one fund. Rehearsed money and real money never share one.

    `unknown`: nobody knows whether the file reached the bank until a person says so.
    """

    __tablename__ = "payment_run"
    __table_args__ = (
        Index("payment_run_fund", "fund", "run"),
        CheckConstraint(f"state IN ({RUN_STATES})", name="payment_run_state"),
        CheckConstraint(
            "state IN ('draft', 'signing', 'discarded') OR (content IS NOT NULL AND file_hash IS NOT NULL "
            "AND message_id IS NOT NULL AND file_name IS NOT NULL)",
            name="payment_run_content",
        ),
    )

    run: str = Field(primary_key=True)
    """`ANT-2026-B-0001`: fund, year, B, serial."""
    fund: str
    rehearsed: bool
    execution_on: date
    """A bank day."""
    state: str = "draft"
    made_by: str
    made_at: datetime = instant()
    lines: int = 0
    """How many lines were sealed; 0 before."""
    total: Decimal = euros(default=Decimal(0))
    """Their sum; 0 before."""
    message_id: str | None = Field(default=None, unique=True)
    file_name: str | None = None
    file_hash: str | None = None
    """SHA-256 of `content`."""
    content: bytes | None = Field(default=None, sa_type=LargeBinary)
    """The file as it is handed over, byte for byte."""
    reason: str | None = None
    """Why it was discarded."""
    sealed_at: datetime | None = instant(default=None)
    handed_over_at: datetime | None = instant(default=None)
    ended_at: datetime | None = instant(default=None)


class PaymentSignature(SQLModel, table=True):
    """A person of finance who signed the lines as they are now; every change of a line takes it away."""

    __tablename__ = "payment_signature"

    run: str = Field(primary_key=True)
    person: str = Field(primary_key=True)
    on_behalf_of: str | None = None
    """The absent colleague whose role was lent."""
    at: datetime = instant()


class PaymentLine(SQLModel, table=True):
    """One payment in one run. `amount` is what the bank pays: gross less what was withheld. Holds personal data."""

    __tablename__ = "payment_line"
    __table_args__ = (
        Index("payment_line_live", "payment", unique=True, postgresql_where=LIVE),
        Index("payment_line_live_instalment", "dossier", "instalment", unique=True, postgresql_where=LIVE),
        Index("payment_line_run", "run", "line"),
        Index("payment_line_payment", "payment"),
        Index("payment_line_unknown", "fund", "line", postgresql_where="state = 'unknown'"),
        CheckConstraint(f"state IN ({LINE_STATES})", name="payment_line_state"),
        CheckConstraint("gross = withheld + amount AND withheld >= 0", name="payment_line_net"),
        CheckConstraint(f"NOT ({LIVE}) OR amount > 0", name="payment_line_positive"),
    )

    line: str = Field(primary_key=True, max_length=35)
    """The EndToEndId."""
    run: str
    payment: str
    dossier: str
    fund: str
    instalment: int
    gross: Decimal = euros()
    withheld: Decimal = euros(default=Decimal(0))
    amount: Decimal = euros()
    natural_person: bool = False
    """Whether the premium belongs on the yearly list for the tax slip."""
    holder: str
    iban: str
    """Without spaces; empty when none is known."""
    communication: str | None = None
    """The twelve digits of a structured communication that the beneficiary gave."""
    state: str
    reason: str | None = None
    by: str
    changed_at: datetime = instant()


class AccountCheck(SQLModel, table=True):
    """An account that nobody knew yet: nothing is paid to it until a second person looked.

    The account itself stands with the contact; here is its digest.
    """

    __tablename__ = "account_check"
    __table_args__ = (
        Index("account_check_open", "dossier", postgresql_where="state = 'to_verify'"),
        CheckConstraint("state IN ('to_verify', 'verified', 'refused')", name="account_check_state"),
        CheckConstraint("verified_by <> changed_by", name="account_check_second_person"),
        CheckConstraint("state = 'to_verify' OR verified_by IS NOT NULL", name="account_check_by_somebody"),
        CheckConstraint("name_check IN ('match', 'close', 'no_match', 'not_possible')", name="account_check_name"),
    )

    dossier: str = Field(primary_key=True)
    party: str = Field(primary_key=True)
    digest: str = Field(primary_key=True)
    """SHA-256 of the account without spaces, in capitals."""
    state: str = "to_verify"
    changed_by: str
    """Who brought the account, `unknown` when nobody said so."""
    changed_at: datetime = instant()
    verified_by: str | None = None
    verified_at: datetime | None = instant(default=None)
    name_check: str | None = None
    """What the bank answered on whether the name belongs to the account."""
