"""Links that carry an answer"""

import sqlalchemy as sa
from alembic import op

from migrations.rows import hide, show

revision = "0026"
down_revision = "0024"


def upgrade() -> None:
    """A link is seen by nobody: whoever holds its secret is shown the page of its question."""
    op.create_table(
        "answer_link",
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("paper", sa.String(), nullable=True),
        sa.Column("dossier", sa.String(), nullable=False),
        sa.Column("fund", sa.String(), nullable=False),
        sa.Column("request", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("moment", sa.String(), nullable=True),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("effect", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("link"),
    )
    op.create_index("answer_link_paper", "answer_link", ["paper"], unique=True)
    op.create_index("answer_link_dossier", "answer_link", ["dossier"])
    op.create_index("answer_link_ends", "answer_link", ["ends_at"])
    show("answer_link", "false")


def downgrade() -> None:
    """Forget them."""
    hide("answer_link")
    op.drop_table("answer_link")
