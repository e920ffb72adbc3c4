"""Personal data that is erased when its term is over"""

import sqlalchemy as sa
from alembic import op

from migrations.rows import APPLICATION, hide, of_fund, show, where_it_exists

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    """What went is told for ever."""
    _table()
    for what, when, each in (("stands", "UPDATE OR DELETE", "ROW"), ("stays", "TRUNCATE", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER erasure_{what} BEFORE {when} ON erasure FOR EACH {each} "
            "EXECUTE FUNCTION refuse_rewriting()"
        )
    where_it_exists(
        APPLICATION,
        f"GRANT SELECT, INSERT ON erasure TO {APPLICATION}",
        f"REVOKE UPDATE, DELETE, TRUNCATE ON erasure FROM {APPLICATION}",
        f"GRANT USAGE ON SEQUENCE erasure_erasure_seq TO {APPLICATION}",
    )
    show("erasure", of_fund())


def _table() -> None:
    op.create_table(
        "erasure",
        sa.Column("erasure", sa.Integer(), nullable=False),
        sa.Column("dossier", sa.String(), nullable=False),
        sa.Column("fund", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("kinds", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.CheckConstraint("because IN ('term', 'request')", name="erasure_because"),
        sa.PrimaryKeyConstraint("erasure"),
    )
    op.create_index("erasure_dossier", "erasure", ["dossier", "erasure"])
    op.create_index("erasure_fund", "erasure", ["fund", "erasure"])


def downgrade() -> None:
    """Nothing is told of what went."""
    hide("erasure")
    op.drop_table("erasure")
