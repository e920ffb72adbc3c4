"""Meetings of a board: what is on the agenda, and every vote that was cast."""

from datetime import date, datetime

from sqlalchemy import ARRAY, CheckConstraint, Index, String
from sqlmodel import Field, SQLModel

from models.tables.columns import instant


class Meeting(SQLModel, table=True):
    """A meeting of the board of one fund; at most one a day."""

    __tablename__ = "meeting"
    __table_args__ = (
        Index("meeting_fund_day", "fund", "day", unique=True),
        CheckConstraint("state IN ('planned', 'open', 'closed')", name="meeting_state"),
    )

    meeting: str = Field(primary_key=True)
    """`ANT-2026-11-25`: fund and day."""
    fund: str
    day: date
    place: str = ""
    remark: str = ""
    state: str = "planned"
    chair: str | None = None
    minutes: str = ""
    """Where the signed minutes are kept."""
    planned_by: str
    opened_at: datetime | None = instant(default=None)
    closed_at: datetime | None = instant(default=None)


class MeetingItem(SQLModel, table=True):
    """A dossier on the agenda; the tasks of both benches are one item."""

    __tablename__ = "meeting_item"
    __table_args__ = (
        Index("meeting_item_dossier", "dossier"),
        CheckConstraint("state IN ('open', 'decided', 'adjourned')", name="meeting_item_state"),
    )

    meeting: str = Field(primary_key=True)
    dossier: str = Field(primary_key=True)
    place: int
    state: str = "open"
    result: str | None = None
    reasons: list[str] = Field(sa_type=ARRAY(String))
    members: list[str] = Field(sa_type=ARRAY(String))
    """Who might vote when the item was closed, as `bench:person`."""
    spoke: list[str] = Field(sa_type=ARRAY(String))
    """Who wrote the outcome down, one of each bench."""
    closed_by: str | None = None
    closed_at: datetime | None = instant(default=None)


class Vote(SQLModel, table=True):
    """One vote as it was cast. Append-only: a correction is a later row, and the last one counts."""

    __tablename__ = "vote"
    __table_args__ = (
        Index("vote_item", "meeting", "dossier", "vote"),
        CheckConstraint("bench IN ('employers', 'unions')", name="vote_bench"),
        CheckConstraint("choice IN ('for', 'against', 'abstain')", name="vote_choice"),
    )

    vote: int | None = Field(default=None, primary_key=True)
    meeting: str
    dossier: str
    person: str
    bench: str
    choice: str
    at: datetime = instant()
