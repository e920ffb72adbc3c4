"""Keep which other systems may speak to the house, their tokens, and what they asked under which key"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Three tables that pages never read: no policy shows them to the portal's reading role."""
    op.create_table(
        "api_client",
        sa.Column("client", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("funds", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("enterprises", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("agency", sa.String(), nullable=True),
        sa.Column("scopes", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("client"),
    )
    _what_they_hold_and_asked()


def _what_they_hold_and_asked() -> None:
    op.create_table(
        "api_token",
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("client", sa.String(), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token"),
    )
    op.create_index("api_token_ends", "api_token", ["ends_at"])
    op.create_index("api_token_client", "api_token", ["client"])
    op.create_table(
        "api_request",
        sa.Column("client", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("answer", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.PrimaryKeyConstraint("client", "key"),
    )
    op.create_index("api_request_begun", "api_request", ["begun_at"])


def downgrade() -> None:
    """No system speaks to the house any more."""
    for table in ("api_request", "api_token", "api_client"):
        op.drop_table(table)
