"""What the bank says: files that were read, the statements in them, and every line with what became of it.

Names and account numbers of who paid or was paid stand in `bank_entry`, and can be erased there.
"""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlmodel import Field, SQLModel

from models.tables.columns import euros, instant

MATCHED_ONCE = "state = 'matched' AND matched_as IN ('payment', 'return', 'run')"
COUNTED = "state <> 'repeated'"
UNMATCHED = "state = 'unmatched'"


class BankFile(SQLModel, table=True):
    """A file of the bank, taken in once: its digest tells it from every other."""

    __tablename__ = "bank_file"
    __table_args__ = (
        Index("bank_file_digest", "digest", unique=True),
        Index("bank_file_of_fund", "fund", "file"),
    )

    file: int | None = Field(default=None, sa_type=BigInteger, primary_key=True)
    fund: str
    sort: str
    """`pain.002`, `camt.053` or `camt.054`."""
    name: str
    digest: str
    """SHA-256 of its bytes, in hexadecimal."""
    received_at: datetime = instant()
    by: str
    """Who uploaded it, or `watched_folder`."""
    entries: int


class BankStatement(SQLModel, table=True):
    """One statement of one account in a camt file, with the balances it states."""

    __tablename__ = "bank_statement"
    __table_args__ = (Index("bank_statement_of_account", "fund", "account", "until"),)

    file: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    place: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    fund: str
    account: str
    reference: str
    since: date | None = None
    until: date | None = None
    opening: Decimal | None = euros(default=None)
    closing: Decimal | None = euros(default=None)
    credited: Decimal = euros()
    debited: Decimal = euros()
    entries: int


class BankEntry(SQLModel, table=True):
    """One line: money that was booked, or a word of the bank on an order of ours.

    What is matched as a payment, a return or a run is matched once: the index `bank_entry_once` sees to it. The same
    line in another file has the same `identity`, and counts once by `bank_entry_itself`.
    """

    __tablename__ = "bank_entry"
    __table_args__ = (
        Index("bank_entry_place", "file", "place", unique=True),
        Index("bank_entry_itself", "identity", unique=True, postgresql_where=COUNTED),
        Index("bank_entry_once", "matched_as", "matched_to", unique=True, postgresql_where=MATCHED_ONCE),
        Index("bank_entry_matched_to", "matched_to"),
        Index("bank_entry_queue", "fund", "entry", postgresql_where=UNMATCHED),
        Index("bank_entry_booked", "fund", "account", "booked_on"),
        CheckConstraint("state IN ('matched', 'unmatched', 'set_aside', 'repeated')", name="bank_entry_state"),
        CheckConstraint("says IN ('booked', 'accepted', 'rejected', 'executed', 'pending')", name="bank_entry_says"),
        CheckConstraint(
            "(says = 'booked') = (amount IS NOT NULL AND direction IS NOT NULL AND account IS NOT NULL)",
            name="bank_entry_money",
        ),
        CheckConstraint("amount > 0", name="bank_entry_positive"),
        CheckConstraint("direction IN ('credit', 'debit')", name="bank_entry_direction"),
        CheckConstraint(
            "(state = 'matched') = (matched_as IS NOT NULL AND matched_to IS NOT NULL)", name="bank_entry_matched"
        ),
        CheckConstraint("decided_by <> proposed_by", name="bank_entry_four_eyes"),
    )

    entry: int | None = Field(default=None, sa_type=BigInteger, primary_key=True)
    file: int = Field(sa_type=BigInteger)
    place: int
    identity: str
    fund: str
    account: str | None = None
    """The account of the fund; none where the bank speaks of an order."""
    says: str
    booked_on: date
    amount: Decimal | None = euros(default=None)
    direction: str | None = None
    bank_reference: str | None = None
    end_to_end: str | None = None
    message_id: str | None = None
    communication: str | None = None
    counterparty: str | None = None
    counterparty_iban: str | None = None
    text: str | None = None
    reason: str | None = None
    """The bank's code for a return or a rejection, such as AC04."""
    state: str
    why: str | None = None
    """Why it was not matched, is repeated or was set aside: a code."""
    matched_as: str | None = None
    """`payment`, `return`, `run` (a sum), `recovery`, or `status` (a word on an order)."""
    matched_to: str | None = None
    """The payment line, run or recovery."""
    dossier: str | None = None
    proposed_as: str | None = None
    proposed_to: str | None = None
    proposed_by: str | None = None
    """A first person matched it by hand; a second one has to agree."""
    decided_by: str | None = None
    decided_at: datetime | None = instant(default=None)


class BankAct(SQLModel, table=True):
    """What a person did with a line that was not matched by itself; only added to."""

    __tablename__ = "bank_act"
    __table_args__ = (Index("bank_act_entry", "entry", "act"),)

    act: int | None = Field(default=None, sa_type=BigInteger, primary_key=True)
    entry: int = Field(sa_type=BigInteger)
    fund: str
    sort: str
    """`proposed`, `matched`, `set_aside` or `undone`."""
    matched_as: str | None = None
    matched_to: str | None = None
    reason: str | None = None
    by: str
    at: datetime = instant()
