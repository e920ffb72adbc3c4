"""What an applicant is still filling in, and files that were uploaded. Personal, and erasable whole."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from models.tables.columns import document, instant


class Draft(SQLModel, table=True):
    """An application that was not sent yet; once sent, what was typed stands in its receipt and goes from here."""

    __tablename__ = "draft"
    __table_args__ = (
        Index("draft_person", "person"),
        Index("draft_enterprise", "enterprise_number"),
        Index("draft_unsent", "saved_at", postgresql_where="sent_as IS NULL"),
    )

    draft: str = Field(primary_key=True)
    person: str
    enterprise_number: str | None = None
    """For whom it is made; colleagues who act for the same enterprise see it. None: the person's alone."""
    instrument: str
    typed: dict[str, Any] = document()
    version: int = 0
    began_at: datetime = instant()
    saved_at: datetime = instant()
    sent_as: str | None = None
    sent_at: datetime | None = instant(default=None)


class Upload(SQLModel, table=True):
    """A file of a draft or a dossier. Its content is kept outside the database, under `stored`."""

    __tablename__ = "upload"
    __table_args__ = (
        Index("upload_draft", "draft"),
        Index("upload_dossier", "dossier"),
        Index("upload_loose", "began_at", postgresql_where="handed_in_at IS NULL"),
    )

    upload: str = Field(primary_key=True)
    draft: str | None = None
    dossier: str | None = None
    person: str
    party: str
    code: str
    """Which document it is."""
    name: str
    size: int = Field(sa_type=BigInteger)
    """Bytes, as announced before it was sent."""
    arrived: int = Field(default=0, sa_type=BigInteger)
    """Bytes that are there; the next part begins here."""
    media_type: str | None = None
    sha256: str | None = None
    state: str
    """arriving, kept."""
    stored: str
    began_at: datetime = instant()
    handed_in_at: datetime | None = instant(default=None)
    """When it became part of a dossier: only from then on staff see it."""
