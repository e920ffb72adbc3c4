"""Hold the answer to a task for as long as it may be taken back"""

import sqlalchemy as sa
from alembic import op

from migrations.rows import hide, outside, show, staff

revision = "0005"
down_revision = "0004"

AMONG_STAFF = (
    "{checked,task_opened,task_reminded,task_escalated,task_answered,task_reopened,task_completed,task_cancelled,"
    "mail_planned}"
)
AMONG_STAFF_BEFORE = AMONG_STAFF.replace("task_answered,task_reopened,", "")
"""An answer that may be taken back is nobody's business outside."""
MONEY = (
    "{grant_changed,instalment_planned,payment_instructed,payment_confirmed,payment_returned,recovery_ordered,"
    "recovery_settled}"
)


def upgrade() -> None:
    """When it goes out, for whom it was given, and how often it was taken back."""
    op.add_column("task", sa.Column("on_behalf_of", sa.String(), nullable=True))
    op.add_column("task", sa.Column("goes_out_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("task", sa.Column("reopened", sa.Integer(), nullable=False, server_default="0"))
    op.create_index(
        "task_held", "task", ["goes_out_at", "task"], unique=False, postgresql_where=sa.text("state = 'held'")
    )
    _show_events(AMONG_STAFF)


def downgrade() -> None:
    """Without them again: no answer may be held at that moment."""
    _show_events(AMONG_STAFF_BEFORE)
    op.drop_index("task_held", table_name="task")
    op.drop_column("task", "reopened")
    op.drop_column("task", "goes_out_at")
    op.drop_column("task", "on_behalf_of")


def _show_events(hidden: str) -> None:
    """As it stood in 0004, with other types left out."""
    talked_of, money = f"type <> ALL ('{hidden}')", f"type <> ALL ('{MONEY}')"
    hide("event")
    show(
        "event",
        staff(),
        outside(("applicant",), talked_of),
        outside(("expert", "agency", "participant"), f"{talked_of} AND {money}"),
    )
