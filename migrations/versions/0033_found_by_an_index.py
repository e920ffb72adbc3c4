"""Find by an index when a guidance began, when somebody took the offer, and which post waits for a hand"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"

START = """type = 'reported' AND (
    data ->> 'fact' = 'guidance_started'
    OR data ->> 'fact' = 'facts_corrected' AND data -> 'values' ? 'started_on'
)"""
BY_HAND = "state IN ('to_print', 'unreachable')"
ACCEPTANCE = "type IN ('request_answered', 'answer_kept') AND data -> 'values' ->> 'answer' = 'accepted'"


def upgrade() -> None:
    """Small indexes: of each dossier of a person one entry or two, and of the post what a person has to do."""
    op.create_index("event_start", "event", ["dossier"], postgresql_where=sa.text(START))
    op.create_index("event_acceptance", "event", ["dossier"], postgresql_where=sa.text(ACCEPTANCE))
    op.create_index("effect_by_hand", "effect", ["state"], postgresql_where=sa.text(BY_HAND))


def downgrade() -> None:
    """Read whole journals again."""
    op.drop_index("effect_by_hand", "effect")
    op.drop_index("event_acceptance", "event")
    op.drop_index("event_start", "event")
