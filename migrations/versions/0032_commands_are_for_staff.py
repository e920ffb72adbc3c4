"""Show kept commands to staff alone: one may hold the account number of whoever answered, until the dossier says yes"""

from migrations.rows import hide, outside, show, staff

revision = "0032"
down_revision = "0031"

EVERYBODY = ("applicant", "expert", "agency", "participant")


def upgrade() -> None:
    """No page for others reads them."""
    hide("pending_command")
    show("pending_command", staff())


def downgrade() -> None:
    """Every party of a dossier sees them."""
    hide("pending_command")
    show("pending_command", staff(), outside(EVERYBODY))
