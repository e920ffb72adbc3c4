"""Pay in runs that two people sign, each line once"""

import sqlalchemy as sa
from alembic import op

from migrations.rows import hide, of_fund, show, staff

revision = "0016"
down_revision = "0015"

LIVE = "state IN ('included', 'sealed', 'accepted', 'executed', 'unknown')"
SHOWN = {
    "payment_run": of_fund(),
    "payment_signature": staff("run"),
    "payment_line": of_fund(),
    "account_check": staff(),
}
"""Parties outside see the payment itself, never in which run it stands."""

ACCOUNT_CHANGED = """
    CREATE FUNCTION note_account() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        stated text := upper(regexp_replace(NEW.iban, '\\s', '', 'g'));
    BEGIN
        IF stated <> '' AND stated IS DISTINCT FROM upper(regexp_replace(OLD.iban, '\\s', '', 'g')) THEN
            INSERT INTO account_check (dossier, party, digest, state, changed_by, changed_at)
            VALUES (
                NEW.dossier, NEW.party, encode(sha256(convert_to(stated, 'UTF8')), 'hex'), 'to_verify',
                coalesce(nullif(current_setting('doorstroom.person', true), ''), 'unknown'), now()
            )
            ON CONFLICT DO NOTHING;
        END IF;
        RETURN NULL;
    END $$
"""
"""Whichever room changes an account, and whatever it forgets: the change is noted. Who writes may say who did it."""
ANSWERED_BY_HAND = """
    CREATE FUNCTION refuse_answer_of_paid_task() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        holding text;
    BEGIN
        PERFORM FROM payment WHERE dossier = NEW.dossier AND state = 'instructed' FOR SHARE;
        SELECT line.run INTO holding FROM payment JOIN payment_line AS line USING (payment)
        WHERE payment.dossier = NEW.dossier AND payment.state = 'instructed'
            AND line.state IN ('included', 'sealed', 'accepted', 'executed');
        IF holding IS NOT NULL THEN
            RAISE EXCEPTION 'in_payment_run' USING DETAIL = holding;
        END IF;
        RETURN NEW;
    END $$
"""
"""What a run pays nobody answers by hand or for the bank, whose own files speak as `bank:`; or it would be paid twice.
The lock makes it one or the other: sealing a run locks the payment too, and looks at what was answered."""


def upgrade() -> None:
    """Four tables and two guards."""
    for tables in (_runs, _signatures, _lines, _accounts):
        tables()
    op.create_index("payment_instructed", "payment", ["dossier"], postgresql_where=sa.text("state = 'instructed'"))
    op.execute(ACCOUNT_CHANGED)
    op.execute(
        "CREATE TRIGGER account_changed AFTER UPDATE OF iban ON contact FOR EACH ROW "
        "WHEN (NEW.iban IS DISTINCT FROM OLD.iban AND NEW.iban IS NOT NULL) EXECUTE FUNCTION note_account()"
    )
    op.execute(ANSWERED_BY_HAND)
    op.execute(
        "CREATE TRIGGER paid_by_a_run BEFORE INSERT ON pending_command FOR EACH ROW "
        "WHEN (NEW.name = 'complete_task' AND NEW.command ->> 'task' LIKE '%/payment/%' "
        "OR NEW.name = 'settle_payment' AND NEW.update_id NOT LIKE 'bank:%') "
        "EXECUTE FUNCTION refuse_answer_of_paid_task()"
    )
    for table, condition in SHOWN.items():
        show(table, condition)


def downgrade() -> None:
    """Payments one by one, by hand."""
    for table in SHOWN:
        hide(table)
    op.execute("DROP TRIGGER paid_by_a_run ON pending_command")
    op.execute("DROP FUNCTION refuse_answer_of_paid_task")
    op.execute("DROP TRIGGER account_changed ON contact")
    op.execute("DROP FUNCTION note_account")
    op.drop_index("payment_instructed", table_name="payment")
    for table in ("account_check", "payment_line", "payment_signature", "payment_run"):
        op.drop_table(table)


def _runs() -> None:
    op.create_table(
        "payment_run",
        sa.Column("run", sa.String(), nullable=False),
        sa.Column("fund", sa.String(), nullable=False),
        sa.Column("rehearsed", sa.Boolean(), nullable=False),
        sa.Column("execution_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("total", sa.Numeric(14, 2), nullable=False),
        sa.Column("message_id", sa.String(), nullable=True),
        sa.Column("file_name", sa.String(), nullable=True),
        sa.Column("file_hash", sa.String(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'signing', 'sealed', 'handing_over', 'handed_over', 'unknown', 'settled', 'discarded')",
            name="payment_run_state",
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'signing', 'discarded') OR (content IS NOT NULL AND file_hash IS NOT NULL "
            "AND message_id IS NOT NULL AND file_name IS NOT NULL)",
            name="payment_run_content",
        ),
        sa.PrimaryKeyConstraint("run"),
        sa.UniqueConstraint("message_id"),
    )
    op.create_index("payment_run_fund", "payment_run", ["fund", "run"])


def _signatures() -> None:
    op.create_table(
        "payment_signature",
        sa.Column("run", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("on_behalf_of", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("run", "person"),
    )


def _lines() -> None:
    op.create_table(
        "payment_line",
        sa.Column("line", sa.String(length=35), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("run", "payment", "dossier", "fund")),
        sa.Column("instalment", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Numeric(14, 2), nullable=False) for name in ("gross", "withheld", "amount")),
        sa.Column("natural_person", sa.Boolean(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("iban", sa.String(), nullable=False),
        sa.Column("communication", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('included', 'held', 'excluded', 'sealed', 'accepted', 'executed', 'rejected', 'returned', "
            "'unknown', 'discarded')",
            name="payment_line_state",
        ),
        sa.CheckConstraint("gross = withheld + amount AND withheld >= 0", name="payment_line_net"),
        sa.CheckConstraint(f"NOT ({LIVE}) OR amount > 0", name="payment_line_positive"),
        sa.PrimaryKeyConstraint("line"),
    )
    live = sa.text(LIVE)
    op.create_index("payment_line_live", "payment_line", ["payment"], unique=True, postgresql_where=live)
    by_instalment = ["dossier", "instalment"]
    op.create_index("payment_line_live_instalment", "payment_line", by_instalment, unique=True, postgresql_where=live)
    op.create_index("payment_line_run", "payment_line", ["run", "line"])
    op.create_index("payment_line_payment", "payment_line", ["payment"])
    unknown = sa.text("state = 'unknown'")
    op.create_index("payment_line_unknown", "payment_line", ["fund", "line"], postgresql_where=unknown)


def _accounts() -> None:
    op.create_table(
        "account_check",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("dossier", "party", "digest", "state")),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verified_by", sa.String(), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("name_check", sa.String(), nullable=True),
        sa.CheckConstraint("state IN ('to_verify', 'verified', 'refused')", name="account_check_state"),
        sa.CheckConstraint("verified_by <> changed_by", name="account_check_second_person"),
        sa.CheckConstraint("state = 'to_verify' OR verified_by IS NOT NULL", name="account_check_by_somebody"),
        sa.CheckConstraint("name_check IN ('match', 'close', 'no_match', 'not_possible')", name="account_check_name"),
        sa.PrimaryKeyConstraint("dossier", "party", "digest"),
    )
    to_verify = sa.text("state = 'to_verify'")
    op.create_index("account_check_open", "account_check", ["dossier"], postgresql_where=to_verify)
