"""The one append-only table. Triggers and rights refuse UPDATE, DELETE and TRUNCATE; see the first migration."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from models.tables.columns import document, instant


class EventRow(SQLModel, table=True):
    """What happened, in the dossier's own order; `hash` covers this event and, through `previous`, all before."""

    __tablename__ = "event"

    dossier: str = Field(primary_key=True)
    sequence: int = Field(primary_key=True)
    type: str
    at: datetime = instant()
    recorded_at: datetime = instant()
    by: str
    data: dict[str, Any] = document()
    previous: str
    hash: str = Field(unique=True)
