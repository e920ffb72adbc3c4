"""A closure that comes as one file, and a dossier that goes on where another one stopped."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from models.tables.columns import document, instant


class CohortFile(SQLModel, table=True):
    """A file with dismissed people of one employer, looked at before it is received. Nobody's name stands in it."""

    __tablename__ = "cohort_file"
    __table_args__ = (
        Index("cohort_file_fund", "fund", "uploaded_at"),
        Index("cohort_file_dossier", "dossier", postgresql_where="dossier IS NOT NULL"),
    )

    file: str = Field(primary_key=True)
    """Opaque: of the fund, the announcement and the content, so that the same file is the same preview."""
    fund: str
    enterprise_number: str
    employer_name: str
    dismissal: str
    bankrupt: bool
    announced_on: date | None = None
    name: str
    person: str
    """Who brought it, opaque."""
    uploaded_at: datetime = instant()
    people: int
    faults: int
    state: str = "preview"
    """`preview` or `received`."""
    received_at: datetime | None = instant(default=None)
    dossier: str | None = None
    """The employer dossier it became, or was added to."""
    new: int = 0
    """People of this file who were not known yet when it was received."""


class CohortLine(SQLModel, table=True):
    """One row of such a file until it is received. Erasable: once received its people stand in dossiers."""

    __tablename__ = "cohort_line"

    file: str = Field(primary_key=True)
    row: int = Field(primary_key=True)
    name: str
    facts: dict[str, Any] = document()
    """Coded: regime, age group, agency, language, channels, days that are near or over, amount expected."""
    faults: list[dict[str, str | None]] = document()
    """Column and sentence of what has to be repaired."""
    application: dict[str, Any] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    """What is received when somebody says so; none of a row with faults."""


class HandedOn(SQLModel, table=True):
    """A dossier that another fund goes on with, and what it goes on from. Never shown to who is outside."""

    __tablename__ = "handed_on"
    __table_args__ = (Index("handed_on_predecessor", "predecessor"),)

    number: str = Field(primary_key=True)
    """The dossier that goes on."""
    predecessor: str
    carried: dict[str, Any] = document()
    at: datetime = instant()
