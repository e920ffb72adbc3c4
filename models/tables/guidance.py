"""Hours of guidance as agencies registered them. Every row follows from the events alone, as all projections."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Numeric
from sqlmodel import Field, SQLModel

from models.tables.columns import instant


class GuidedHours(SQLModel, table=True):
    """What was told last of one person and one month (2024-05). `told_by` is the opaque name of who told it."""

    __tablename__ = "guided_hours"
    __table_args__ = (CheckConstraint("hours >= 0 AND sessions >= 0", name="guided_hours_positive"),)

    dossier: str = Field(primary_key=True)
    month: str = Field(primary_key=True)
    hours: Decimal = Field(sa_type=Numeric(6, 2))
    sessions: int
    first_on: date | None = None
    """Day of the first talk, when it was in this month."""
    told_on: date
    """Last day of what was registered."""
    told_by: str
    at: datetime = instant()
