"""Hours that agencies registered, by month"""

import sqlalchemy as sa
from alembic import op

from migrations.rows import hide, outside, show, staff

revision = "0028"
down_revision = "0027"

ACCEPTED_ON = """
    CREATE FUNCTION accepted_on(dossier text) RETURNS date LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
    BEGIN ATOMIC
        SELECT (facts ->> 'answered_on')::date FROM receipt
        WHERE number = dossier AND kind = 'trajectory' AND facts ->> 'answer' = 'accepted'
            AND (split_part(dossier, '-', 1) = ANY (seen('funds')) OR concerns(dossier));
    END
"""
"""When somebody took the offer, as it was received: an agency sees no receipt, and counts from this day."""


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
    op.execute(ACCEPTED_ON)


def downgrade() -> None:
    """Forget them; the events say them again."""
    op.execute("DROP FUNCTION accepted_on")
    hide("guided_hours")
    op.drop_table("guided_hours")
