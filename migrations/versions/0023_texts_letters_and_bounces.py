"""Messages by telephone and on paper, and what comes back"""

import sqlalchemy as sa
from alembic import op

from migrations.rows import hide, of_fund, show

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """What was printed before was noted nowhere: it stands as waiting until a person says that it was posted."""
    for name in ("delivered_at", "asked_at", "posted_at"):
        op.add_column("effect", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("effect", sa.Column("posted_by", sa.String(), nullable=True))
    op.create_index(
        "effect_not_delivered",
        "effect",
        ["asked_at", "ended_at"],
        postgresql_where="channel = 'sms' AND state = 'sent' AND delivered_at IS NULL",
    )
    op.create_table(
        "returned_mail",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("sort", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=True),
        sa.Column("effect", sa.String(), nullable=True),
        sa.Column("dossier", sa.String(), nullable=True),
        sa.Column("fund", sa.String(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("sort IN ('hard', 'soft', 'ignored')", name="returned_mail_sort"),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_index("returned_mail_fund", "returned_mail", ["fund", "received_at"], postgresql_where="fund IS NOT NULL")
    show("returned_mail", of_fund())


def downgrade() -> None:
    """Forget it."""
    hide("returned_mail")
    op.drop_table("returned_mail")
    op.drop_index("effect_not_delivered", table_name="effect")
    for name in ("posted_by", "posted_at", "asked_at", "delivered_at"):
        op.drop_column("effect", name)
