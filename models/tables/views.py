"""How people like to see their work list: saved views and own columns."""

from datetime import datetime

from sqlalchemy import ARRAY, Index, String
from sqlmodel import Field, SQLModel

from models.tables.columns import instant


class SavedView(SQLModel, table=True):
    """A tab with a typed question under a name, for its maker or for everybody of the fund."""

    __tablename__ = "saved_view"
    __table_args__ = (Index("saved_view_name", "person", "name", unique=True), Index("saved_view_fund", "fund"))

    id: int | None = Field(default=None, primary_key=True)
    person: str
    fund: str
    name: str
    tab: str
    asked: str
    shared: bool = False
    made_at: datetime = instant()


class OwnColumns(SQLModel, table=True):
    """The columns that one person wants to see in the work list, in order."""

    __tablename__ = "own_columns"

    person: str = Field(primary_key=True)
    columns: list[str] = Field(sa_type=ARRAY(String))
