"""Who takes part. Personal data lives here and in `receipt.typed` only, and can be erased without touching events."""

from datetime import date, datetime

from sqlalchemy import ARRAY, CheckConstraint, Index, String, text
from sqlmodel import Field, SQLModel

from models.tables.columns import instant
from models.tables.effects import CHANNELS


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
    """Day of the newest list that told of it. It and the two counts are for the build before, which knew one day."""
    iban: str | None = None
    contact_name: str | None = None
    email: str | None = None
    phone: str | None = None
    language: str = "nl"
    stopped_on: date | None = None


class HeadcountRow(SQLModel, table=True):
    """How many people an establishment had on a day, as the office listed it; the days of other years stay."""

    __tablename__ = "headcount"

    establishment_number: str = Field(primary_key=True)
    counted_on: date = Field(primary_key=True)
    workers: int
    employees: int


class Contact(SQLModel, table=True):
    """How a party of a dossier is reached. Erasable.

    Where something came back is noted beside it, until the address is put right.
    """

    __tablename__ = "contact"
    __table_args__ = (
        Index("contact_email", text("lower(email)")),
        CheckConstraint(CHANNELS, name="contact_channel"),
    )

    dossier: str = Field(primary_key=True)
    party: str = Field(primary_key=True)
    name: str
    email: str | None = None
    phone: str | None = None
    language: str = "nl"
    iban: str | None = None
    communication: str | None = None
    """Twelve digits that our payments shall carry, as the beneficiary gave them."""
    channel: str | None = None
    """How this party wants to be reached: email, sms or letter."""
    street: str | None = None
    postcode: str | None = None
    municipality: str | None = None
    country: str | None = None
    email_failed_at: datetime | None = instant(default=None)
    phone_failed_at: datetime | None = instant(default=None)
    address_failed_at: datetime | None = instant(default=None)
    left_on: date | None = None
    """The day on which we heard that this person died or went away: nothing is sent any more."""


class Participant(SQLModel, table=True):
    """A person in a dossier, by the line number that facts use. Erasable."""

    __tablename__ = "participant"
    __table_args__ = (Index("participant_person", "person", postgresql_where=text("person IS NOT NULL")),)

    dossier: str = Field(primary_key=True)
    line: int = Field(primary_key=True)
    first_name: str
    last_name: str
    birth_date: date | None = None
    person: str | None = None
    """Keyed digest of name and birth date: the same person has the same one in every dossier of the house."""


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
