"""What staff and a party outside write to each other. Personal, and erased with the dossier's other texts."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.tables.columns import instant


class WrittenMessage(SQLModel, table=True):
    """One message. `party` is the party outside that takes part in it, `by_party` who of both wrote it."""

    __tablename__ = "message"
    __table_args__ = (
        Index("message_dossier", "dossier", "party", "message"),
        Index("message_unread", "dossier", postgresql_where="read_at IS NULL"),
    )

    message: int | None = Field(default=None, primary_key=True)
    dossier: str
    party: str
    by_party: str
    person: str
    text: str
    at: datetime = instant()
    read_at: datetime | None = instant(default=None)
    """When somebody of the other side had it on a page."""
