"""One person in several dossiers, a closure that comes as one file, and dossiers that another fund goes on with"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.rows import APPLICATION, hide, of_fund, show, staff, where_it_exists

revision = "0027"
down_revision = "0026"

JSON = postgresql.JSONB(astext_type=sa.Text())
INSTANT = sa.DateTime(timezone=True)
OF_ITS_FUND = "EXISTS (SELECT FROM cohort_file AS whole WHERE whole.file = cohort_line.file)"
"""A row shows where its file does."""


def upgrade() -> None:
    """Nothing was handed on before, and no file waits."""
    _files()
    _lines_and_successors()
    for table in TABLES:
        where_it_exists(APPLICATION, f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {APPLICATION}")
    show("cohort_file", of_fund())
    show("cohort_line", OF_ITS_FUND)
    show("handed_on", staff("number"), staff("predecessor"))


def _files() -> None:
    op.create_table(
        "cohort_file",
        sa.Column("file", sa.String(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("fund", "enterprise_number", "employer_name")),
        sa.Column("dismissal", sa.String(), nullable=False),
        sa.Column("bankrupt", sa.Boolean(), nullable=False),
        sa.Column("announced_on", sa.Date(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("uploaded_at", INSTANT, nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("faults", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("received_at", INSTANT, nullable=True),
        sa.Column("dossier", sa.String(), nullable=True),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("file"),
    )
    op.create_index("cohort_file_fund", "cohort_file", ["fund", "uploaded_at"])
    known = sa.text("dossier IS NOT NULL")
    op.create_index("cohort_file_dossier", "cohort_file", ["dossier"], postgresql_where=known)


def _lines_and_successors() -> None:
    op.create_table(
        "cohort_line",
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("faults", JSON, nullable=False),
        sa.Column("application", JSON, nullable=True),
        sa.PrimaryKeyConstraint("file", "row"),
    )
    op.create_table(
        "handed_on",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("predecessor", sa.String(), nullable=False),
        sa.Column("carried", JSON, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("handed_on_predecessor", "handed_on", ["predecessor"])


TABLES = ("cohort_file", "cohort_line", "handed_on")


def downgrade() -> None:
    """Files that wait are forgotten."""
    for table in reversed(TABLES):
        hide(table)
        op.drop_table(table)
