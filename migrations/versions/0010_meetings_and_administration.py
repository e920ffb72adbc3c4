"""Meetings of the boards with their votes, and what administrators and auditors do"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.rows import APPLICATION, hide, of_fund, show, staff, where_it_exists

revision = "0010"
down_revision = "0009"

STANDING = ("vote", "admin_event")
"""Tables whose rows are added and never changed."""
SHOWN = {
    "meeting": of_fund(),
    "meeting_item": staff(),
    "vote": staff(),
    "admin_event": of_fund(),
    "role_change": of_fund(),
    "verification_run": of_fund(),
}


def upgrade() -> None:
    """Staff see what belongs to their fund."""
    op.add_column("staff_member", sa.Column("bench", sa.String(), nullable=True))
    op.add_column("staff_member", sa.Column("team", sa.String(), nullable=True))
    for tables in (_meetings, _agenda, _powers, _administration):
        tables()
    op.execute(
        """
        CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
                USING ERRCODE = 'insufficient_privilege';
        END $$
        """
    )
    for table in STANDING:
        op.execute(
            f"CREATE TRIGGER {table}_stands BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_rewriting()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_stays BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()"
        )
        where_it_exists(APPLICATION, f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {APPLICATION}")
    for table, condition in SHOWN.items():
        show(table, condition)


def downgrade() -> None:
    """No meetings, no administration."""
    for table in SHOWN:
        hide(table)
    for table in ("verification_run", "role_change", "admin_event", "vote", "meeting_item", "meeting"):
        op.drop_table(table)
    op.execute("DROP FUNCTION refuse_rewriting")
    op.drop_column("staff_member", "team")
    op.drop_column("staff_member", "bench")


def _meetings() -> None:
    op.create_table(
        "meeting",
        sa.Column("meeting", sa.String(), nullable=False),
        sa.Column("fund", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("remark", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("chair", sa.String(), nullable=True),
        sa.Column("minutes", sa.String(), nullable=False),
        sa.Column("planned_by", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('planned', 'open', 'closed')", name="meeting_state"),
        sa.PrimaryKeyConstraint("meeting"),
    )
    op.create_index("meeting_fund_day", "meeting", ["fund", "day"], unique=True)


def _agenda() -> None:
    op.create_table(
        "meeting_item",
        sa.Column("meeting", sa.String(), nullable=False),
        sa.Column("dossier", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("result", sa.String(), nullable=True),
        sa.Column("reasons", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("members", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("spoke", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('open', 'decided', 'adjourned')", name="meeting_item_state"),
        sa.PrimaryKeyConstraint("meeting", "dossier"),
    )
    op.create_index("meeting_item_dossier", "meeting_item", ["dossier"])
    op.create_table(
        "vote",
        sa.Column("vote", sa.Integer(), nullable=False),
        sa.Column("meeting", sa.String(), nullable=False),
        sa.Column("dossier", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("bench", sa.String(), nullable=False),
        sa.Column("choice", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("bench IN ('employers', 'unions')", name="vote_bench"),
        sa.CheckConstraint("choice IN ('for', 'against', 'abstain')", name="vote_choice"),
        sa.PrimaryKeyConstraint("vote"),
    )
    op.create_index("vote_item", "vote", ["meeting", "dossier", "vote"])


def _administration() -> None:
    op.create_table(
        "admin_event",
        sa.Column("event", sa.Integer(), nullable=False),
        sa.Column("fund", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("event"),
    )
    op.create_index("admin_event_fund", "admin_event", ["fund", "event"])
    op.create_table(
        "verification_run",
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("fund", sa.String(), nullable=False),
        sa.Column("dossier", sa.String(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dossiers", sa.Integer(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("faults", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("run"),
    )
    op.create_index("verification_run_last", "verification_run", ["fund", "dossier", "run"])


def _powers() -> None:
    op.create_table(
        "role_change",
        sa.Column("change", sa.Integer(), nullable=False),
        sa.Column("fund", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("roles", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("bench", sa.String(), nullable=True),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("settled_by", sa.String(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('proposed', 'confirmed', 'declined')", name="role_change_state"),
        sa.CheckConstraint("state <> 'confirmed' OR settled_by <> proposed_by", name="role_change_four_eyes"),
        sa.CheckConstraint("settled_by <> person AND proposed_by <> person", name="role_change_not_of_oneself"),
        sa.PrimaryKeyConstraint("change"),
    )
    op.create_index("role_change_fund", "role_change", ["fund", "state"])
    op.create_index(
        "role_change_open", "role_change", ["person"], unique=True, postgresql_where=sa.text("state = 'proposed'")
    )
