"""Facts that were put right, and who follows what is asked in a calendar of their own."""

from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, Index, String
from sqlmodel import Field, SQLModel

from models.tables.columns import document, instant


class Correction(SQLModel, table=True):
    """Facts as a party put them right, in the words of the rules: no names, no account numbers."""

    __tablename__ = "correction"
    __table_args__ = (Index("correction_dossier", "dossier", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    dossier: str
    request: str | None = None
    by: str
    at: datetime = instant()
    fields: list[str] = Field(sa_type=ARRAY(String))
    facts: dict[str, Any] = document()


class CalendarFeed(SQLModel, table=True):
    """A calendar that follows what is asked of one person; the key is the digest of the secret in its address."""

    __tablename__ = "calendar_feed"
    __table_args__ = (Index("calendar_feed_person", "person", unique=True),)

    feed: str = Field(primary_key=True)
    person: str
    party: str
    enterprise: str | None = None
    """The own enterprise of who made it; mandates are looked up each time."""
    dossiers: list[str] = Field(sa_type=ARRAY(String))
    agency: str | None = None
    language: str
    made_at: datetime = instant()
