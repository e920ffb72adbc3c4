"""Keep what is done with many tasks at once, and let nothing lie in hands when a task is over"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

OVER = """
    CREATE FUNCTION let_go_of_task() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        DELETE FROM task_hold WHERE task = NEW.task;
        DELETE FROM task_snooze WHERE task = NEW.task;
        DELETE FROM task_follow_up WHERE task = NEW.task;
        RETURN NULL;
    END $$
"""
"""What somebody has in hand is what is open: so a list of it never grows with what was done."""


def upgrade() -> None:
    """Two tables, and a broom."""
    op.create_table(
        "bulk_run",
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("back", sa.String(), nullable=False),
        sa.Column("hand", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("reasons", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("to_person", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("goes_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("run"),
    )
    op.create_index("bulk_run_person", "bulk_run", ["person", "run"], unique=False)
    op.create_table(
        "bulk_item",
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("to_person", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("why", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("run", "place"),
    )
    op.create_index(
        "bulk_item_to_do",
        "bulk_item",
        ["run", "place"],
        unique=False,
        postgresql_where=sa.text("state IN ('waiting', 'returning')"),
    )
    op.execute(OVER)
    op.execute(
        "CREATE TRIGGER task_over AFTER UPDATE OF state ON task FOR EACH ROW "
        "WHEN (NEW.state IN ('done', 'cancelled') AND OLD.state <> NEW.state) EXECUTE FUNCTION let_go_of_task()"
    )


def downgrade() -> None:
    """Forget what was done at once."""
    op.execute("DROP TRIGGER task_over ON task")
    op.execute("DROP FUNCTION let_go_of_task")
    op.drop_table("bulk_item")
    op.drop_table("bulk_run")
