"""Commands on their way to a dossier: written down before they are sent, gone when they are answered."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.tables.columns import document, instant


class PendingCommand(SQLModel, table=True):
    """What somebody told a dossier that has not answered yet: codes and opaque ids. Under `enclosed` stands what is
    personal in an answer, until the dossier says yes or no."""

    __tablename__ = "pending_command"
    __table_args__ = (Index("pending_command_sent", "sent_at"),)

    dossier: str = Field(primary_key=True)
    update_id: str = Field(primary_key=True)
    name: str
    command: dict[str, Any] = document()
    sent_at: datetime = instant()
