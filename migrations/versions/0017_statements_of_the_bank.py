"""Read back what the bank says and match every line once"""

import sqlalchemy as sa
from alembic import op

from migrations.rows import APPLICATION, hide, of_fund, show, where_it_exists

revision = "0017"
down_revision = "0016"

TABLES = ("bank_file", "bank_statement", "bank_entry", "bank_act")
COUNTED = sa.text("state <> 'repeated'")
MATCHED_ONCE = sa.text("state = 'matched' AND matched_as IN ('payment', 'return', 'run')")
UNMATCHED = sa.text("state = 'unmatched'")
SAID = (
    "file, place, identity, fund, account, says, booked_on, amount, direction, bank_reference, end_to_end, message_id, "
    "communication, reason"
)
"""What the bank said stays as it said it; what may be erased of a person is not in this list."""


def upgrade() -> None:
    """Staff see what the bank said of the accounts of their funds."""
    _files()
    _entries()
    _acts()
    op.execute(
        """
        CREATE FUNCTION refuse_other_words() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'what the bank said stands: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
        END $$
        """
    )
    op.execute(
        f"CREATE TRIGGER bank_entry_stands BEFORE UPDATE OF {SAID} ON bank_entry "
        "FOR EACH ROW EXECUTE FUNCTION refuse_other_words()"
    )
    for table in TABLES:
        show(table, of_fund())
    where_it_exists(APPLICATION, f"REVOKE UPDATE, DELETE, TRUNCATE ON bank_act FROM {APPLICATION}")


def downgrade() -> None:
    """Forget what the bank said."""
    for table in reversed(TABLES):
        hide(table)
        op.drop_table(table)
    op.execute("DROP FUNCTION refuse_other_words")


def _euros(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Numeric(precision=14, scale=2), nullable=nullable)


def _texts(*names: str, nullable: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=nullable) for name in names]


def _files() -> None:
    op.create_table(
        "bank_file",
        sa.Column("file", sa.BigInteger(), nullable=False),
        *_texts("fund", "sort", "name", "digest"),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        *_texts("by"),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("file"),
    )
    op.create_index("bank_file_digest", "bank_file", ["digest"], unique=True)
    op.create_index("bank_file_of_fund", "bank_file", ["fund", "file"])
    op.create_table(
        "bank_statement",
        sa.Column("file", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        *_texts("fund", "account", "reference"),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        _euros("opening", nullable=True),
        _euros("closing", nullable=True),
        _euros("credited"),
        _euros("debited"),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("file", "place"),
    )
    op.create_index("bank_statement_of_account", "bank_statement", ["fund", "account", "until"])


def _entries() -> None:
    op.create_table(
        "bank_entry",
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("file", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        *_texts("identity", "fund"),
        *_texts("account", nullable=True),
        *_texts("says"),
        sa.Column("booked_on", sa.Date(), nullable=False),
        _euros("amount", nullable=True),
        *_texts("direction", "bank_reference", "end_to_end", "message_id", "communication", nullable=True),
        *_texts("counterparty", "counterparty_iban", "text", "reason", nullable=True),
        *_texts("state"),
        *_texts("why", "matched_as", "matched_to", "dossier", nullable=True),
        *_texts("proposed_as", "proposed_to", "proposed_by", "decided_by", nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("entry"),
        *_checks(),
    )
    op.create_index("bank_entry_place", "bank_entry", ["file", "place"], unique=True)
    op.create_index("bank_entry_itself", "bank_entry", ["identity"], unique=True, postgresql_where=COUNTED)
    once = ["matched_as", "matched_to"]
    op.create_index("bank_entry_once", "bank_entry", once, unique=True, postgresql_where=MATCHED_ONCE)
    op.create_index("bank_entry_matched_to", "bank_entry", ["matched_to"])
    op.create_index("bank_entry_queue", "bank_entry", ["fund", "entry"], postgresql_where=UNMATCHED)
    op.create_index("bank_entry_booked", "bank_entry", ["fund", "account", "booked_on"])


def _checks() -> list[sa.CheckConstraint]:
    """As the model says them."""
    rules = {
        "state": "state IN ('matched', 'unmatched', 'set_aside', 'repeated')",
        "says": "says IN ('booked', 'accepted', 'rejected', 'executed', 'pending')",
        "money": "(says = 'booked') = (amount IS NOT NULL AND direction IS NOT NULL AND account IS NOT NULL)",
        "positive": "amount > 0",
        "direction": "direction IN ('credit', 'debit')",
        "matched": "(state = 'matched') = (matched_as IS NOT NULL AND matched_to IS NOT NULL)",
        "four_eyes": "decided_by <> proposed_by",
    }
    return [sa.CheckConstraint(rule, name=f"bank_entry_{name}") for name, rule in rules.items()]


def _acts() -> None:
    op.create_table(
        "bank_act",
        sa.Column("act", sa.BigInteger(), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        *_texts("fund", "sort"),
        *_texts("matched_as", "matched_to", "reason", nullable=True),
        *_texts("by"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("act"),
    )
    op.create_index("bank_act_entry", "bank_act", ["entry", "act"])
