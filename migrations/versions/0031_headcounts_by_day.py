"""Keep the headcounts of every year beside each other, since a budget asks that of its own year"""

import sqlalchemy as sa
from alembic import op

from migrations.rows import APPLICATION, where_it_exists

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """What was listed is of the day that stands beside it."""
    op.create_table(
        "headcount",
        sa.Column("establishment_number", sa.String(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("workers", sa.Integer(), nullable=False),
        sa.Column("employees", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("establishment_number", "counted_on"),
    )
    op.execute("INSERT INTO headcount SELECT establishment_number, headcount_on, workers, employees FROM employer")
    where_it_exists(APPLICATION, f"GRANT SELECT, INSERT, UPDATE, DELETE ON headcount TO {APPLICATION}")


def downgrade() -> None:
    """An employer keeps the one headcount of its newest list."""
    op.drop_table("headcount")
