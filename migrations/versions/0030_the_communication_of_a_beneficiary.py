"""Keep with a beneficiary the structured communication under which it wants to be paid"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    """Nobody gave one yet."""
    op.add_column("contact", sa.Column("communication", sa.String(), nullable=True))


def downgrade() -> None:
    """Payments say the number of the dossier again."""
    op.drop_column("contact", "communication")
