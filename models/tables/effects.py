"""The ledger of what leaves the house: claimed before it is sent, its outcome kept, never sent blindly again."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from models.tables.columns import document, instant

CHANNELS = "channel IN ('email', 'sms', 'letter')"
IN_THE_DAY = "person IS NOT NULL AND state IN ('sending', 'sent', 'unknown', 'to_print', 'posted')"
"""What counts as the one message of a day: it left, or it may have left, or it lies ready on paper."""


class Effect(SQLModel, table=True):
    """One message: a mail, and to a person who is followed also a text message or a letter.

    `state`: planned, claimed (in hand), sending, sent, merged (the same person already had it), unreachable (no
    address), refused, unknown, withdrawn (nobody wants it any more), bounced (it came back), to_print or posted (on
    paper).
    """

    __tablename__ = "effect"
    __table_args__ = (
        Index("effect_planned", "not_before", "effect", postgresql_where="state = 'planned'"),
        Index("effect_unsettled", "state", postgresql_where="state IN ('claimed', 'sending', 'unknown')"),
        Index("effect_by_hand", "state", postgresql_where="state IN ('to_print', 'unreachable')"),
        Index("effect_dossier", "dossier"),
        Index("effect_person", "person", "leaves_on", postgresql_where=text("person IS NOT NULL")),
        Index("effect_turn", "leaves_on", "left_at", postgresql_where=text("person IS NOT NULL")),
        Index("effect_once_a_day", "person", "leaves_on", unique=True, postgresql_where=text(IN_THE_DAY)),
        Index(
            "effect_not_delivered",
            "asked_at",
            "ended_at",
            postgresql_where=text("channel = 'sms' AND state = 'sent' AND delivered_at IS NULL"),
        ),
        CheckConstraint(CHANNELS, name="effect_channel"),
    )

    effect: str = Field(primary_key=True)
    dossier: str
    template: str
    occasion: str
    party: str
    role: str | None = None
    values: dict[str, Any] = document()
    dated: date
    """The dossier's own day, which the text uses."""
    state: str = "planned"
    attempts: int = 0
    not_before: datetime = instant()
    planned_at: datetime = instant()
    claimed_at: datetime | None = instant(default=None)
    claimed_by: str | None = None
    ended_at: datetime | None = instant(default=None)
    recipient: str | None = None
    """Keyed digest of the address, so that one person gets one mail for one occasion."""
    problem: str | None = None
    channel: str | None = None
    """By which way it left: email, sms or letter."""
    leaves_on: date | None = None
    """Of a message to a participant, the local day in the dossier's own time on which it left, or is to leave."""
    left_at: datetime | None = instant(default=None)
    """The moment of that day."""
    delivered_at: datetime | None = instant(default=None)
    """When we heard that a text reached the telephone."""
    asked_at: datetime | None = instant(default=None)
    """When the provider was last asked after it."""
    posted_at: datetime | None = instant(default=None)
    posted_by: str | None = None
    """Who put a letter in the post, or said that it had been."""
    person: str | None = None
    """Who it is for over all dossiers: the key of the participant, else a keyed digest of the address."""


class HouseClock(SQLModel, table=True):
    """What time it is for all rehearsed dossiers together; written only by a rehearsal, and empty in a real house."""

    __tablename__ = "house_clock"
    __table_args__ = (CheckConstraint("one", name="house_clock_one"),)

    one: bool = Field(default=True, primary_key=True)
    moment: datetime = instant()


class PostRoomLook(SQLModel, table=True):
    """When the post room last looked at what is planned, in the time of the house: after a silence much is due."""

    __tablename__ = "post_room_look"
    __table_args__ = (CheckConstraint("one", name="post_room_look_one"),)

    one: bool = Field(default=True, primary_key=True)
    moment: datetime = instant()
