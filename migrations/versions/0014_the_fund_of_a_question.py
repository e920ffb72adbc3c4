"""Know the fund of a question by a column, so that what stands still is walked along an index"""

import sqlalchemy as sa
from alembic import op

from migrations.rows import hide, of_fund, own, show, staff

revision = "0014"
down_revision = "0013"

FUND = "split_part((dossier)::text, '-'::text, 1)"


def upgrade() -> None:
    """The column follows from the number; the wall asks by it too."""
    op.add_column("request", sa.Column("fund", sa.Text(), sa.Computed(FUND, persisted=True), nullable=True))
    op.create_index(
        "request_stands_still",
        "request",
        ["fund", "until", "request"],
        unique=False,
        postgresql_where=sa.text("state = 'open' AND stops_clock"),
    )
    hide("request")
    show("request", of_fund(), own())


def downgrade() -> None:
    """By the number again."""
    hide("request")
    show("request", staff(), own())
    op.drop_index("request_stands_still", table_name="request")
    op.drop_column("request", "fund")
