"""Find when a guidance began, and when somebody took the offer, without reading whole journals"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"

START = """type = 'reported' AND (
    data ->> 'fact' = 'guidance_started'
    OR data ->> 'fact' = 'facts_corrected' AND data -> 'values' ? 'started_on'
)"""
ACCEPTANCE = "type IN ('request_answered', 'answer_kept') AND data -> 'values' ->> 'answer' = 'accepted'"


def upgrade() -> None:
    """Two small indexes: of each dossier of a person one entry or two."""
    op.create_index("event_start", "event", ["dossier"], postgresql_where=sa.text(START))
    op.create_index("event_acceptance", "event", ["dossier"], postgresql_where=sa.text(ACCEPTANCE))


def downgrade() -> None:
    """Read whole journals again."""
    op.drop_index("event_acceptance", "event")
    op.drop_index("event_start", "event")
