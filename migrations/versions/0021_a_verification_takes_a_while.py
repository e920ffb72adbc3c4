"""Know of a verification that it was asked for and has not ended: that of a whole fund runs in the background"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """What stands here ended when it was asked for."""
    op.add_column("verification_run", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE verification_run SET ended_at = at")
    op.create_index("verification_run_waits", "verification_run", ["run"], postgresql_where=sa.text("ended_at IS NULL"))


def downgrade() -> None:
    """Only what ended is kept."""
    op.execute("DELETE FROM verification_run WHERE ended_at IS NULL")
    op.drop_index("verification_run_waits", table_name="verification_run")
    op.drop_column("verification_run", "ended_at")
