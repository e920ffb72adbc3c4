"""What reaches people: a channel, an allowed hour, one message to a person on a day"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

CHANNELS = "channel IN ('email', 'sms', 'letter')"
KNOWN = sa.text("person IS NOT NULL")
IN_THE_DAY = sa.text("person IS NOT NULL AND state IN ('sending', 'sent', 'unknown', 'to_print', 'posted')")
OF_AN_EFFECT = ("channel", "leaves_on", "left_at", "person")
OF_A_CONTACT = (
    "channel",
    "street",
    "postcode",
    "municipality",
    "country",
    "email_failed_at",
    "phone_failed_at",
    "address_failed_at",
    "left_on",
)
OF_ONE_ROW = ("house_clock", "post_room_look")


def upgrade() -> None:
    """A message that left before knows neither its channel nor its day."""
    for name in OF_AN_EFFECT:
        op.add_column("effect", _column(name))
    op.create_check_constraint("effect_channel", "effect", CHANNELS)
    op.create_index("effect_person", "effect", ["person", "leaves_on"], postgresql_where=KNOWN)
    op.create_index("effect_turn", "effect", ["leaves_on", "left_at"], postgresql_where=KNOWN)
    op.create_index("effect_once_a_day", "effect", ["person", "leaves_on"], unique=True, postgresql_where=IN_THE_DAY)
    for name in OF_A_CONTACT:
        op.add_column("contact", _column(name))
    op.create_check_constraint("contact_channel", "contact", CHANNELS)
    op.add_column("participant", _column("person"))
    op.create_index("participant_person", "participant", ["person"], postgresql_where=KNOWN)
    for name in OF_ONE_ROW:
        op.create_table(
            name,
            sa.Column("one", sa.Boolean(), nullable=False),
            sa.Column("moment", sa.DateTime(timezone=True), nullable=False),
            sa.CheckConstraint("one", name=f"{name}_one"),
            sa.PrimaryKeyConstraint("one"),
        )


def downgrade() -> None:
    """Everybody is reached by mail, at any hour."""
    for name in OF_ONE_ROW:
        op.drop_table(name)
    op.drop_index("participant_person", table_name="participant")
    op.drop_column("participant", "person")
    op.drop_constraint("contact_channel", "contact")
    for name in reversed(OF_A_CONTACT):
        op.drop_column("contact", name)
    op.drop_index("effect_once_a_day", table_name="effect")
    op.drop_index("effect_turn", table_name="effect")
    op.drop_index("effect_person", table_name="effect")
    op.drop_constraint("effect_channel", "effect")
    for name in reversed(OF_AN_EFFECT):
        op.drop_column("effect", name)


def _column(name: str) -> sa.Column[object]:
    """A moment, a day or a word, as its name says; none of them need be known."""
    kinds: dict[str, sa.types.TypeEngine[Any]] = {"_at": sa.DateTime(timezone=True), "_on": sa.Date()}
    return sa.Column(name, kinds.get(name[-3:], sa.String()), nullable=True)
