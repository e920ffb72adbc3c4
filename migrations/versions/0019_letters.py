"""Keep the letters that left the house"""

import sqlalchemy as sa
from alembic import op

from migrations.rows import hide, of_fund, own, show

revision = "0019"
down_revision = "0018"

OBJECTION_TOLD = (
    "objection_until IS NOT NULL OR template NOT IN ('decision_partial', 'decision_refused', 'decision_reversed')"
)
"""A term to object binds nobody who was not told of it."""


def upgrade() -> None:
    """A letter is read by staff of the fund and by whom it was written to; it may be erased, never changed."""
    op.create_table(
        "letter",
        sa.Column("letter", sa.String(), nullable=False),
        sa.Column("dossier", sa.String(), nullable=False),
        sa.Column("fund", sa.String(), nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("objection_until", sa.Date(), nullable=True),
        sa.Column("on_paper", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("effect", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(OBJECTION_TOLD, name="objection_told"),
        sa.PrimaryKeyConstraint("letter"),
        sa.UniqueConstraint("effect"),
    )
    op.create_index("letter_dossier", "letter", ["dossier", "made_at"])
    op.create_index("letter_on_paper", "letter", ["fund", "made_at"], postgresql_where="on_paper")
    op.execute("CREATE TRIGGER letter_stands BEFORE UPDATE ON letter FOR EACH ROW EXECUTE FUNCTION refuse_change()")
    show("letter", of_fund(), own())


def downgrade() -> None:
    """Forget them."""
    hide("letter")
    op.drop_table("letter")
