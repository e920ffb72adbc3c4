"""Hold every promise of money against the budget it is made from"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import acts, caps, ledger
from migrations.rows import APPLICATION, hide, of_fund, outside, show, staff, where_it_exists

revision = "0015"
down_revision = "0014"

ASKED = (
    ("reserving", sa.Numeric(14, 2)),
    ("budget_year", sa.Integer()),
    ("committee", sa.String()),
    ("caps", postgresql.JSONB(none_as_null=True, astext_type=sa.Text())),
)
SHOWN = {
    "envelope": (of_fund(),),
    "budget_act": (of_fund(),),
    "holding": (of_fund(), outside(("applicant",))),
    "holding_cap": (staff(),),
    "ledger_entry": (of_fund(),),
}
KEPT_BY_TRIGGERS = ("envelope", "holding", "holding_cap", "ledger_entry")
FUNCTIONS = (
    *(ledger.POST_ENTRY, ledger.MOVE, ledger.LOCK_ENVELOPES, ledger.SERVE_LINE, ledger.FITTING_ENVELOPE),
    *(caps.SPELLED_BUCKET, caps.LOCK_BUCKETS, caps.HELD_UNDER_CAPS, caps.BUCKET_USED, caps.PLACE_TAKEN, caps.CAP_ROOM),
    *(ledger.PLACE_OF, ledger.ASK_ROOM, ledger.SETTLE_ROOM, ledger.DOSSIER_MOVES),
    *(acts.STANDS, acts.OPEN, acts.CLOSE, acts.APPLY, acts.PLACE_IN_LINE),
)
ASKS = "NEW.reserving IS NOT NULL AND NEW.outcome IS NULL"
MOVES = (
    "NEW.sequence > OLD.sequence AND (NEW.reserving IS NOT NULL OR (NEW.granted, NEW.paid, NEW.recovered, NEW.outcome, "
    "NEW.reserving) IS DISTINCT FROM (OLD.granted, OLD.paid, OLD.recovered, OLD.outcome, OLD.reserving))"
)
"""A step that moves the journal on and says something of money; writing a row again (rebuild) is no such step."""


def upgrade() -> None:
    """Five tables, the functions that keep them, and the triggers that call these."""
    for name, sort in ASKED:
        op.add_column("dossier", sa.Column(name, sort, nullable=True))
    for tables in (_envelopes, _acts, _holdings, _caps, _entries):
        tables()
    for function in FUNCTIONS:
        op.execute(function)
    _triggers()
    for table in KEPT_BY_TRIGGERS:
        where_it_exists(APPLICATION, f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {table} FROM {APPLICATION}")
    where_it_exists(APPLICATION, f"GRANT UPDATE (told) ON holding TO {APPLICATION}")
    for table, conditions in SHOWN.items():
        show(table, *conditions)


def downgrade() -> None:
    """No budgets: whoever asks is allowed."""
    op.execute("DROP TRIGGER dossier_asks_room ON dossier")
    op.execute("DROP TRIGGER dossier_moves_room ON dossier")
    for table in SHOWN:
        hide(table)
    for function in reversed(FUNCTIONS):
        name = function.split("FUNCTION ", 1)[1].split("(", 1)[0]
        op.execute(f"DROP FUNCTION {name} CASCADE")
    for table in SHOWN:
        op.drop_table(table)
    for name, _ in ASKED:
        op.drop_column("dossier", name)


def _triggers() -> None:
    for name, moment, function in (
        ("ledger_entry_posts", "AFTER INSERT ON ledger_entry FOR EACH ROW", "post_entry"),
        ("ledger_entry_stands", "BEFORE UPDATE OR DELETE ON ledger_entry FOR EACH ROW", "refuse_rewriting"),
        ("ledger_entry_stays", "BEFORE TRUNCATE ON ledger_entry FOR EACH STATEMENT", "refuse_rewriting"),
        ("dossier_asks_room", f"AFTER INSERT ON dossier FOR EACH ROW WHEN ({ASKS})", "dossier_moves_room"),
        ("dossier_moves_room", f"AFTER UPDATE ON dossier FOR EACH ROW WHEN ({MOVES})", "dossier_moves_room"),
        ("budget_act_stands", "BEFORE INSERT OR UPDATE OR DELETE ON budget_act FOR EACH ROW", "act_stands"),
        ("budget_act_stays", "BEFORE TRUNCATE ON budget_act FOR EACH STATEMENT", "refuse_rewriting"),
        (
            "budget_act_applies",
            "AFTER UPDATE ON budget_act FOR EACH ROW WHEN (NEW.state = 'approved')",
            "apply_act",
        ),
    ):
        op.execute(f"CREATE TRIGGER {name} {moment} EXECUTE FUNCTION {function}()")


def _text(name: str, *, empty: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(), nullable=empty)


def _euros(*names: str, empty: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Numeric(14, 2), nullable=empty) for name in names]


def _number(name: str, *, empty: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=empty)


def _moment(name: str, *, empty: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=empty)


def _envelopes() -> None:
    op.create_table(
        "envelope",
        *(_text("envelope"), _text("fund"), _number("year"), _text("instrument"), _text("committee")),
        sa.Column("rehearsed", sa.Boolean(), nullable=False),
        *_euros("budget", "reserved", "committed", "paid", "recovered"),
        *(_text("state"), _moment("opened_at")),
        sa.CheckConstraint(
            "envelope = fund || '/' || year || '/' || instrument || '/' || committee "
            "|| CASE WHEN rehearsed THEN '/rehearsal' ELSE '' END",
            name="envelope_named",
        ),
        sa.CheckConstraint("committee IN ('111', '209', '*')", name="envelope_committee"),
        sa.CheckConstraint("state IN ('open', 'closed')", name="envelope_state"),
        sa.CheckConstraint(
            "reserved >= 0 AND recovered >= 0 AND recovered <= paid AND paid <= committed", name="envelope_order"
        ),
        sa.CheckConstraint("reserved + committed - recovered <= budget", name="envelope_room"),
        sa.PrimaryKeyConstraint("envelope"),
    )
    op.create_index("envelope_year", "envelope", ["fund", "year"])


def _acts() -> None:
    op.create_table(
        "budget_act",
        *(_number("act"), _text("fund"), _text("envelope"), _text("sort"), *_euros("amount", empty=True)),
        *(_text("to_envelope", empty=True), _text("reason"), _text("proposed_by"), _moment("proposed_at")),
        *(_text("state"), _text("decided_by", empty=True), _moment("decided_at", empty=True)),
        sa.CheckConstraint("sort IN ('open', 'raise', 'lower', 'shift', 'close')", name="budget_act_sort"),
        sa.CheckConstraint("state IN ('proposed', 'approved', 'refused', 'withdrawn')", name="budget_act_state"),
        sa.CheckConstraint("(amount IS NULL) = (sort = 'close') AND amount > 0", name="budget_act_amount"),
        sa.CheckConstraint("(to_envelope IS NOT NULL) = (sort = 'shift')", name="budget_act_shift"),
        sa.CheckConstraint(
            "to_envelope <> envelope AND split_part(to_envelope, '/', 1) = split_part(envelope, '/', 1) "
            "AND split_part(to_envelope, '/', 2) = split_part(envelope, '/', 2) "
            "AND split_part(to_envelope, '/', 5) = split_part(envelope, '/', 5)",
            name="budget_act_same_purse",
        ),
        sa.CheckConstraint("fund = split_part(envelope, '/', 1)", name="budget_act_fund"),
        sa.CheckConstraint("state = 'withdrawn' OR decided_by <> proposed_by", name="budget_act_four_eyes"),
        sa.CheckConstraint(
            "(state = 'proposed') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)",
            name="budget_act_decided",
        ),
        sa.PrimaryKeyConstraint("act"),
    )
    op.create_index("budget_act_listed", "budget_act", ["fund", "act"])


def _holdings() -> None:
    op.create_table(
        "holding",
        *(_text("dossier"), _text("fund"), _number("year"), _text("envelope", empty=True), _text("state")),
        *_euros("asked", "allowed", "reserved", "committed", "paid", "recovered"),
        *(_text("reason", empty=True), _moment("received_at"), _number("sequence")),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "state IN ('unbudgeted', 'reserved', 'waiting', 'committed', 'released')", name="holding_state"
        ),
        sa.CheckConstraint(
            "reserved >= 0 AND recovered >= 0 AND recovered <= paid AND paid <= committed", name="holding_order"
        ),
        sa.CheckConstraint("reserved + committed <= allowed", name="holding_allowed"),
        sa.CheckConstraint("state <> 'waiting' OR reserved + committed < allowed", name="holding_waits"),
        sa.CheckConstraint("state NOT IN ('committed', 'released') OR reserved = 0", name="holding_decided"),
        sa.CheckConstraint("state <> 'released' OR committed = 0", name="holding_gone"),
        sa.PrimaryKeyConstraint("dossier"),
    )
    waits = sa.text("state = 'waiting'")
    op.create_index("holding_line", "holding", ["envelope", "received_at", "dossier"], postgresql_where=waits)
    op.create_index("holding_listed", "holding", ["fund", "year", "dossier"])
    op.create_index("holding_to_tell", "holding", ["dossier"], postgresql_where=sa.text("NOT told"))


def _caps() -> None:
    op.create_table(
        "holding_cap",
        *(_text("dossier"), _text("bucket"), *_euros("limit", "amount", "allowed")),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint("allowed >= 0 AND allowed <= amount", name="holding_cap_allowed"),
        sa.PrimaryKeyConstraint("dossier", "bucket"),
    )
    op.create_index("holding_cap_bucket", "holding_cap", ["bucket", "opens_on"])


def _entries() -> None:
    op.create_table(
        "ledger_entry",
        sa.Column("entry", sa.BigInteger(), nullable=False),
        *(_text("fund"), _text("envelope", empty=True), _text("dossier", empty=True)),
        *(_number("sequence", empty=True), _text("sort"), *_euros("amount"), _moment("at")),
        sa.CheckConstraint(
            "sort IN ('reservation', 'commitment', 'payment', 'release', 'recovery', 'lapse')",
            name="ledger_entry_sort",
        ),
        sa.CheckConstraint(
            "amount <> 0 AND (amount < 0 OR sort NOT IN ('release', 'lapse'))", name="ledger_entry_amount"
        ),
        sa.CheckConstraint(
            "(dossier IS NULL) = (sort = 'lapse') AND (sequence IS NULL) = (sort = 'lapse') "
            "AND (envelope IS NOT NULL OR sort <> 'lapse')",
            name="ledger_entry_whose",
        ),
        sa.PrimaryKeyConstraint("entry"),
    )
    op.create_index("ledger_entry_envelope", "ledger_entry", ["envelope", "entry"])
    op.create_index("ledger_entry_dossier", "ledger_entry", ["dossier", "entry"])
