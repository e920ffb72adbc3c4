"""Keep who is signed in to the portal, and give the application what it needs of every later table"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"

APPLICATION = "doorstroom_app"


def upgrade() -> None:
    """From here on a new table is the application's to use without saying so each time."""
    op.create_table(
        "portal_session",
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("visitor", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("session"),
    )
    op.create_index("portal_session_ends", "portal_session", ["ends_at"])
    op.create_index("portal_session_person", "portal_session", ["person"])
    _if_there_is_an_application(
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON portal_session TO {APPLICATION}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APPLICATION}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO {APPLICATION}",
    )


def downgrade() -> None:
    """Forget who is signed in."""
    _if_there_is_an_application(
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON SEQUENCES FROM {APPLICATION}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM {APPLICATION}",
    )
    op.drop_table("portal_session")


def _if_there_is_an_application(*statements: str) -> None:
    """The role is made by whoever runs PostgreSQL; without it the owner does everything."""
    body = "".join(f"{statement}; " for statement in statements)
    there = f"EXISTS (SELECT FROM pg_roles WHERE rolname = '{APPLICATION}')"
    op.execute(f"DO $$ BEGIN IF {there} THEN {body} END IF; END $$")
