"""Who is signed in. Personal and short-lived: rows are erased when the session ends."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.tables.columns import document, instant


class PortalSession(SQLModel, table=True):
    """One signed-in browser. The key is a digest: who reads this table cannot sign in with it."""

    __tablename__ = "portal_session"
    __table_args__ = (Index("portal_session_ends", "ends_at"), Index("portal_session_person", "person"))

    session: str = Field(primary_key=True)
    person: str
    visitor: dict[str, Any] = document()
    began_at: datetime = instant()
    seen_at: datetime = instant()
    ends_at: datetime = instant()
