"""One act on many tasks: what was asked, and what became of every task. A restarted process goes on where it was."""

from datetime import date, datetime

from sqlalchemy import ARRAY, Index, String
from sqlmodel import Field, SQLModel

from models.tables.columns import instant

TO_DO = "state IN ('waiting', 'returning')"


class BulkRun(SQLModel, table=True):
    """What one person does with many tasks at once: a draft until it is started."""

    __tablename__ = "bulk_run"
    __table_args__ = (Index("bulk_run_person", "person", "run"),)

    run: int | None = Field(default=None, primary_key=True)
    person: str
    back: str
    """The list from which it was made."""
    hand: str | None = None
    outcome: str | None = None
    reasons: list[str] = Field(sa_type=ARRAY(String))
    until: date | None = None
    to_person: str | None = None
    state: str = "draft"
    """`draft`, `running`, `ended`, `stopped`, `undoing` or `undone`."""
    made_at: datetime = instant()
    started_at: datetime | None = instant(default=None)
    goes_out_at: datetime | None = instant(default=None)
    """Until when everything can be taken back, and when its answers go out together."""
    ended_at: datetime | None = instant(default=None)


class BulkItem(SQLModel, table=True):
    """One task of it. `why` is the refusal in Dutch, `code` the one by which it is told in another language."""

    __tablename__ = "bulk_item"
    __table_args__ = (Index("bulk_item_to_do", "run", "place", postgresql_where=TO_DO),)

    run: int = Field(primary_key=True)
    place: int = Field(primary_key=True)
    task: str
    to_person: str | None = None
    """The colleague who gets this one, when they are spread."""
    state: str = "waiting"
    """`waiting`, `done`, `refused`, `skipped`, `returning`, `returned` or `kept`."""
    before: str | None = None
    """In whose hands it was."""
    why: str | None = None
    code: str | None = None
