"""Keep what applicants are filling in, and what they uploaded"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.rows import hide, own, show, staff

revision = "0008"
down_revision = "0007"

HANDED_IN = "handed_in_at IS NOT NULL"


def upgrade() -> None:
    """Pages see files of a dossier once they were handed in; drafts and loose files are their owner's alone."""
    _drafts()
    _uploads()
    show("draft", "false")
    show("upload", f"({HANDED_IN} AND ({staff()} OR {own()}))")


def downgrade() -> None:
    """Forget drafts and uploads."""
    for table in ("upload", "draft"):
        hide(table)
        op.drop_table(table)


def _drafts() -> None:
    op.create_table(
        "draft",
        sa.Column("draft", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("enterprise_number", sa.String(), nullable=True),
        sa.Column("instrument", sa.String(), nullable=False),
        sa.Column("typed", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_as", sa.String(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("draft"),
    )
    op.create_index("draft_person", "draft", ["person"])
    op.create_index("draft_enterprise", "draft", ["enterprise_number"])
    op.create_index("draft_unsent", "draft", ["saved_at"], postgresql_where="sent_as IS NULL")


def _uploads() -> None:
    op.create_table(
        "upload",
        sa.Column("upload", sa.String(), nullable=False),
        sa.Column("draft", sa.String(), nullable=True),
        sa.Column("dossier", sa.String(), nullable=True),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("arrived", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("stored", sa.String(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("upload"),
    )
    op.create_index("upload_draft", "upload", ["draft"])
    op.create_index("upload_dossier", "upload", ["dossier"])
    op.create_index("upload_loose", "upload", ["began_at"], postgresql_where=HANDED_IN.replace("NOT NULL", "NULL"))
