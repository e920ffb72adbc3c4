"""The one append-only table. Triggers and rights refuse UPDATE, DELETE and TRUNCATE; see the first migration."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from models.tables.columns import document, instant

OF_THE_START = """type = 'reported' AND (
    data ->> 'fact' = 'guidance_started'
    OR data ->> 'fact' = 'facts_corrected' AND data -> 'values' ? 'started_on'
)"""
"""Events that tell on which day a guidance began; a question that says it so is answered by an index."""
OF_THE_ACCEPTANCE = "type IN ('request_answered', 'answer_kept') AND data -> 'values' ->> 'answer' = 'accepted'"
"""Events that tell that somebody took the offer."""


class EventRow(SQLModel, table=True):
    """What happened, in the dossier's own order; `hash` covers this event and, through `previous`, all before."""

    __tablename__ = "event"
    __table_args__ = (
        Index("event_start", "dossier", postgresql_where=text(OF_THE_START)),
        Index("event_acceptance", "dossier", postgresql_where=text(OF_THE_ACCEPTANCE)),
    )

    dossier: str = Field(primary_key=True)
    sequence: int = Field(primary_key=True)
    type: str
    at: datetime = instant()
    recorded_at: datetime = instant()
    by: str
    data: dict[str, Any] = document()
    previous: str
    hash: str = Field(unique=True)
