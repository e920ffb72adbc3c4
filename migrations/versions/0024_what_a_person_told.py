"""What a person told of the own situation, and the house's word about asking"""

import sqlalchemy as sa
from alembic import op

from migrations.rows import hide, outside, show, staff

revision = "0024"
down_revision = "0023"

TOLD = ("elsewhere", "request", "previous", "since", "asked_on")


def upgrade() -> None:
    """What was noted before stands as it was: never corrected, and the day of the question not known."""
    op.add_column("request", sa.Column("moment", sa.String(), nullable=True))
    for name in TOLD:
        kind = sa.Date() if name in ("since", "asked_on") else sa.String()
        op.add_column("follow_up", sa.Column(name, kind, nullable=True))
    op.add_column("follow_up", sa.Column("corrections", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "follow_up_due",
        sa.Column("dossier", sa.String(), nullable=False),
        sa.Column("moment", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("because", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("dossier", "moment"),
    )
    show("follow_up_due", staff(), outside(("agency", "participant")))


def downgrade() -> None:
    """Forget it; the events say it again."""
    hide("follow_up_due")
    op.drop_table("follow_up_due")
    op.drop_column("follow_up", "corrections")
    for name in reversed(TOLD):
        op.drop_column("follow_up", name)
    op.drop_column("request", "moment")
