"""What people arrange about their work: put aside, look again, stand in for each other, and who has what open."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from models.tables.columns import instant


class TaskSnooze(SQLModel, table=True):
    """A task that one person does not want to see before a day; colleagues still do."""

    __tablename__ = "task_snooze"

    task: str = Field(primary_key=True)
    person: str = Field(primary_key=True, index=True)
    until: date
    at: datetime = instant()


class TaskFollowUp(SQLModel, table=True):
    """The day on which somebody wants to look at a task again; the last day by law is another one and stays."""

    __tablename__ = "task_follow_up"
    __table_args__ = (Index("task_follow_up_day", "on_day", "task"),)

    task: str = Field(primary_key=True)
    on_day: date
    person: str
    at: datetime = instant()


class HandEvent(SQLModel, table=True):
    """Who did what with a task on the work list, beside its dossier. Append-only; opaque ids and codes alone."""

    __tablename__ = "hand_event"
    __table_args__ = (Index("hand_event_dossier", "dossier", "event"), Index("hand_event_person", "person", "event"))

    event: int | None = Field(default=None, primary_key=True)
    at: datetime = instant()
    act: str
    person: str
    on_behalf_of: str | None = None
    task: str | None = None
    dossier: str | None = None
    to_person: str | None = None
    reason: str | None = None
    day: date | None = None


class Absence(SQLModel, table=True):
    """When somebody is away, both days inclusive, and who stands in. Never changed: ended early, or announced anew."""

    __tablename__ = "absence"
    __table_args__ = (
        Index("absence_person", "person", "ends_on"),
        Index("absence_substitute", "substitute", "ends_on"),
        CheckConstraint("starts_on <= ends_on", name="absence_in_order"),
        CheckConstraint("person <> substitute", name="absence_substitute_another"),
    )

    absence: int | None = Field(default=None, primary_key=True)
    fund: str
    person: str
    substitute: str
    starts_on: date
    ends_on: date
    set_by: str
    set_at: datetime = instant()
    cancelled_at: datetime | None = instant(default=None)
    cancelled_by: str | None = None


class Presence(SQLModel, table=True):
    """When somebody last had a dossier open."""

    __tablename__ = "presence"

    dossier: str = Field(primary_key=True)
    person: str = Field(primary_key=True)
    seen_at: datetime = instant()
