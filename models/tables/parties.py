"""Who takes part. Personal data lives here and in `receipt.typed` only, and can be erased without touching events."""

from datetime import date, datetime

from sqlalchemy import ARRAY, Index, String, text
from sqlmodel import Field, SQLModel

from models.tables.columns import instant


class StaffMember(SQLModel, table=True):
    """A member of staff of one fund; `person` is opaque and is what events carry."""

    __tablename__ = "staff_member"

    person: str = Field(primary_key=True)
    fund: str = Field(index=True)
    name: str
    email: str
    language: str = "nl"
    roles: list[str] = Field(sa_type=ARRAY(String))
    active: bool = True
    bench: str | None = None
    """The side a member of the board sits on: `employers` or `unions`."""
    team: str | None = None
    """The group of colleagues this person works in."""


class Employer(SQLModel, table=True):
    """An establishment of an enterprise, as the fund knows it."""

    __tablename__ = "employer"

    establishment_number: str = Field(primary_key=True)
    enterprise_number: str = Field(index=True)
    fund: str
    name: str
    postcode: str
    municipality: str
    joint_committee_workers: str | None = None
    joint_committee_employees: str | None = None
    workers: int = 0
    employees: int = 0
    headcount_on: date
    iban: str | None = None
    contact_name: str | None = None
    email: str | None = None
    phone: str | None = None
    language: str = "nl"
    stopped_on: date | None = None


class Contact(SQLModel, table=True):
    """How a party of a dossier is reached. Erasable."""

    __tablename__ = "contact"
    __table_args__ = (Index("contact_email", text("lower(email)")),)

    dossier: str = Field(primary_key=True)
    party: str = Field(primary_key=True)
    name: str
    email: str | None = None
    phone: str | None = None
    language: str = "nl"
    iban: str | None = None


class Participant(SQLModel, table=True):
    """A person in a dossier, by the line number that facts use. Erasable."""

    __tablename__ = "participant"

    dossier: str = Field(primary_key=True)
    line: int = Field(primary_key=True)
    first_name: str
    last_name: str
    birth_date: date | None = None


class DocumentRow(SQLModel, table=True):
    """A document by name and kind; the content is kept outside the database."""

    __tablename__ = "document"
    __table_args__ = (Index("document_dossier", "dossier"),)

    id: int | None = Field(default=None, primary_key=True)
    dossier: str
    code: str
    name: str
    party: str
    received_at: datetime = instant()
