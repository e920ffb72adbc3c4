"""What reaches people: a channel, an allowed hour, one message to a person on a day"""

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
