"""Who has a task in hand: the work list's own table. Whether somebody may complete it is the workflow's."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.tables.columns import instant


class TaskHold(SQLModel, table=True):
    """A claim on an open task: taken, or given by a colleague with a reason and a word. The word is erasable."""

    __tablename__ = "task_hold"

    task: str = Field(primary_key=True)
    person: str = Field(index=True)
    since: datetime = instant()
    given_by: str | None = None
    reason: str | None = None
    note: str | None = None
