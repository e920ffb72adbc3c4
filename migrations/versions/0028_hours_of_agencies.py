"""Hours that agencies registered, by month"""

import sqlalchemy as sa
from alembic import op

from migrations.rows import hide, outside, show, staff

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """One row for one person and month; staff of the fund, the agency and the person see it."""
    op.create_table(
        "guided_hours",
        sa.Column("dossier", sa.String(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("hours", sa.Numeric(6, 2), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=True),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("told_by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("hours >= 0 AND sessions >= 0", name="guided_hours_positive"),
        sa.PrimaryKeyConstraint("dossier", "month"),
    )
    show("guided_hours", staff(), outside(("agency", "participant")))


def downgrade() -> None:
    """Forget them; the events say them again."""
    hide("guided_hours")
    op.drop_table("guided_hours")
