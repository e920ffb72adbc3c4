"""Facts that were put right, and calendars of duties"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.rows import hide, outside, show, staff

revision = "0012"
down_revision = "0011"

SHOWN = {
    "correction": (staff(), outside(("applicant", "participant"))),
    "calendar_feed": ("false",),
}


def upgrade() -> None:
    """Corrections are seen by whom they concern; a calendar by nobody, its address is its key."""
    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier", sa.String(), nullable=False),
        sa.Column("request", sa.String(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fields", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("correction_dossier", "correction", ["dossier", "id"])
    op.create_table(
        "calendar_feed",
        sa.Column("feed", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("enterprise", sa.String(), nullable=True),
        sa.Column("dossiers", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("agency", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("feed"),
    )
    op.create_index("calendar_feed_person", "calendar_feed", ["person"], unique=True)
    for table, conditions in SHOWN.items():
        show(table, *conditions)


def downgrade() -> None:
    """Forget both."""
    for table in SHOWN:
        hide(table)
        op.drop_table(table)
