"""What people arrange about their work: given tasks, put aside, looked at again, stood in for; and what they write"""

import sqlalchemy as sa
from alembic import op

from migrations.rows import hide, of_fund, own, show, staff

revision = "0011"
down_revision = "0010"

LEFT = """
    CREATE FUNCTION give_back_tasks() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO hand_event (at, act, person, task, dossier)
            SELECT now(), 'left', NEW.person, task, split_part(task, '/', 1) FROM task_hold WHERE person = NEW.person;
        DELETE FROM task_hold WHERE person = NEW.person;
        DELETE FROM task_snooze WHERE person = NEW.person;
        RETURN NULL;
    END $$
"""
"""Whoever says that somebody left, by page or by hand: the tasks lie on the list of the team that moment."""
SEEN = {
    "task_snooze": (staff("task"),),
    "task_follow_up": (staff("task"),),
    "hand_event": (of_fund("split_part(person, '-', 1)"), staff()),
    "absence": (of_fund(),),
    "presence": (staff(),),
    "message": (staff(), own()),
}


def upgrade() -> None:
    """Six tables, three columns, and two guards."""
    for name in ("given_by", "reason", "note"):
        op.add_column("task_hold", sa.Column(name, sa.String(), nullable=True))
    _tables_of_tasks()
    _tables_of_people()
    _conversation()
    op.execute(LEFT)
    op.execute(
        "CREATE TRIGGER staff_left AFTER UPDATE OF active ON staff_member FOR EACH ROW "
        "WHEN (OLD.active AND NOT NEW.active) EXECUTE FUNCTION give_back_tasks()"
    )
    op.execute(
        "CREATE TRIGGER hand_event_stands BEFORE UPDATE OR DELETE ON hand_event "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    for table, conditions in SEEN.items():
        show(table, *conditions)


def _tables_of_tasks() -> None:
    op.create_table(
        "task_snooze",
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("task", "person"),
    )
    op.create_index(op.f("ix_task_snooze_person"), "task_snooze", ["person"])
    op.create_table(
        "task_follow_up",
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("task"),
    )
    op.create_index("task_follow_up_day", "task_follow_up", ["on_day", "task"])
    op.create_table(
        "hand_event",
        sa.Column("event", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("on_behalf_of", sa.String(), nullable=True),
        sa.Column("task", sa.String(), nullable=True),
        sa.Column("dossier", sa.String(), nullable=True),
        sa.Column("to_person", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("event"),
    )
    op.create_index("hand_event_dossier", "hand_event", ["dossier", "event"])
    op.create_index("hand_event_person", "hand_event", ["person", "event"])


def _tables_of_people() -> None:
    op.create_table(
        "absence",
        sa.Column("absence", sa.Integer(), nullable=False),
        sa.Column("fund", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("substitute", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_by", sa.String(), nullable=True),
        sa.CheckConstraint("starts_on <= ends_on", name="absence_in_order"),
        sa.CheckConstraint("person <> substitute", name="absence_substitute_another"),
        sa.PrimaryKeyConstraint("absence"),
    )
    op.create_index("absence_person", "absence", ["person", "ends_on"])
    op.create_index("absence_substitute", "absence", ["substitute", "ends_on"])
    op.create_table(
        "presence",
        sa.Column("dossier", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("dossier", "person"),
    )


def _conversation() -> None:
    op.create_table(
        "message",
        sa.Column("message", sa.Integer(), nullable=False),
        sa.Column("dossier", sa.String(), nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("by_party", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("message"),
    )
    op.create_index("message_dossier", "message", ["dossier", "party", "message"])
    op.create_index("message_unread", "message", ["dossier"], postgresql_where=sa.text("read_at IS NULL"))


def downgrade() -> None:
    """Forget all of it."""
    for table in SEEN:
        hide(table)
    op.execute("DROP TRIGGER hand_event_stands ON hand_event")
    op.execute("DROP TRIGGER staff_left ON staff_member")
    op.execute("DROP FUNCTION give_back_tasks")
    for table in ("message", "presence", "absence", "hand_event", "task_follow_up", "task_snooze"):
        op.drop_table(table)
    for name in ("note", "reason", "given_by"):
        op.drop_column("task_hold", name)
