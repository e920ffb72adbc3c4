"""Keep the code of a refusal beside its words, so that a report tells it in the language of who reads it"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """What was refused before has words alone."""
    op.add_column("bulk_item", sa.Column("code", sa.String(), nullable=True))


def downgrade() -> None:
    """Words alone again."""
    op.drop_column("bulk_item", "code")
