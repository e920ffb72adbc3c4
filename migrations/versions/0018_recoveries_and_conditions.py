"""Claim money back in parts, and hold a grant to its conditions"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.rows import hide, outside, show, staff

revision = "0018"
down_revision = "0017"

AMONG_STAFF_BEFORE = (
    "{checked,task_opened,task_reminded,task_escalated,task_answered,task_reopened,task_completed,task_cancelled,"
    "mail_planned}"
)
AMONG_STAFF = AMONG_STAFF_BEFORE.replace("}", ",budget_asked,budget_heard,reversal_proposed,reversal_settled}")
"""What somebody thinks was wrong is the fund's own until it decides again; the letter of that tells it."""
MONEY_BEFORE = (
    "{grant_changed,instalment_planned,payment_instructed,payment_confirmed,payment_returned,recovery_ordered,"
    "recovery_settled}"
)
MONEY = MONEY_BEFORE.replace(
    "}", ",recovery_approved,recovery_planned,recovery_reminded,recovery_received,condition_settled}"
)


def upgrade() -> None:
    """Who agreed, what came in, and by when the rest is due."""
    op.add_column("recovery", sa.Column("received", sa.Numeric(14, 2), nullable=False, server_default="0"))
    op.add_column("recovery", sa.Column("proposed_by", sa.String(), nullable=True))
    op.add_column("recovery", sa.Column("approved_by", sa.String(), nullable=True))
    op.add_column("recovery", sa.Column("communication", sa.String(), nullable=True))
    op.add_column("recovery", sa.Column("until", sa.Date(), nullable=True))
    op.add_column("recovery", sa.Column("plan", postgresql.JSONB(), nullable=True))
    op.add_column("recovery", sa.Column("reminders", sa.Integer(), nullable=False, server_default="0"))
    op.create_check_constraint("received_within_claim", "recovery", "received >= 0 AND received <= amount")
    op.create_check_constraint("claimed_by_two", "recovery", "approved_by IS NULL OR approved_by <> proposed_by")
    op.create_index(
        "recovery_communication",
        "recovery",
        ["communication"],
        unique=False,
        postgresql_where=sa.text("communication IS NOT NULL"),
    )
    _show_events(AMONG_STAFF, MONEY)


def downgrade() -> None:
    """In one piece again; what was received in parts stands in the events."""
    _show_events(AMONG_STAFF_BEFORE, MONEY_BEFORE)
    op.drop_index("recovery_communication", table_name="recovery")
    op.drop_constraint("claimed_by_two", "recovery", type_="check")
    op.drop_constraint("received_within_claim", "recovery", type_="check")
    for column in ("reminders", "plan", "until", "communication", "approved_by", "proposed_by", "received"):
        op.drop_column("recovery", column)


def _show_events(hidden: str, money: str) -> None:
    """As it stood in 0005, with other types left out."""
    talked_of, of_others = f"type <> ALL ('{hidden}')", f"type <> ALL ('{money}')"
    hide("event")
    show(
        "event",
        staff(),
        outside(("applicant",), talked_of),
        outside(("expert", "agency", "participant"), f"{talked_of} AND {of_others}"),
    )
