"""Who may come in, for whom, by which door, and what was seen of them. What names a person is erasable, the audit holds
opaque ids and keyed digests only."""

from datetime import date, datetime, timedelta
from hashlib import sha256

from sqlalchemy import ARRAY, CheckConstraint, Index, Integer, LargeBinary, String, text
from sqlmodel import Field, SQLModel

from models.tables.columns import instant

DOSSIER_LINK_LASTS = timedelta(days=14)
"""How long a link to one dossier lets in."""


def link_digest(secret: str) -> str:
    """By which a link is found; who reads the table cannot use it."""
    return sha256(secret.encode()).hexdigest()


class PortalAccount(SQLModel, table=True):
    """Somebody outside who signs in by a link: a contact of an employer, an expert or a caseworker of an agency.

    `person` is opaque and is what events carry. Erasable.
    """

    __tablename__ = "portal_account"
    __table_args__ = (
        Index("portal_account_email", text("lower(email)")),
        Index("portal_account_enterprise", "enterprise_number"),
    )

    person: str = Field(primary_key=True)
    party: str
    email: str
    name: str
    language: str = "nl"
    enterprise_number: str | None = None
    agency: str | None = None
    rights: list[str] = Field(sa_type=ARRAY(String))
    """Of `read`, `apply` and `answer`."""
    active: bool = True


class Mandate(SQLModel, table=True):
    """A person or an organisation (accountant, HR service) that acts for an enterprise, between two days inclusive."""

    __tablename__ = "mandate"
    __table_args__ = (
        CheckConstraint("num_nonnulls(holder_enterprise, holder_person) = 1", name="mandate_has_one_holder"),
        CheckConstraint("ends_on >= starts_on", name="mandate_ends_after_it_starts"),
        Index("mandate_enterprise", "enterprise_number"),
        Index("mandate_holder_enterprise", "holder_enterprise"),
        Index("mandate_holder_person", "holder_person"),
    )

    mandate: str = Field(primary_key=True)
    enterprise_number: str
    holder_enterprise: str | None = None
    holder_person: str | None = None
    rights: list[str] = Field(sa_type=ARRAY(String))
    starts_on: date
    ends_on: date | None = None
    given_by: str
    given_at: datetime = instant()


class SignInJourney(SQLModel, table=True):
    """A browser that went to the identity provider and has not come back; the key is the digest of its `state`."""

    __tablename__ = "sign_in_journey"

    journey: str = Field(primary_key=True)
    door: str
    nonce: str
    verifier: str
    opens: str
    ends_at: datetime = instant()


class LoginLink(SQLModel, table=True):
    """A link in a mail: one purpose, one person or one party of one dossier, an end. The key is a digest of its secret.

    `mail` is planned, sending, sent, refused or unknown: a link is mailed once, and who gets none asks for another.
    """

    __tablename__ = "login_link"
    __table_args__ = (Index("login_link_ends", "ends_at"), Index("login_link_dossier", "dossier"))

    link: str = Field(primary_key=True)
    purpose: str
    address: str
    """Keyed digest of the mail address."""
    person: str | None = None
    dossier: str | None = None
    party: str | None = None
    opens: str
    """The page it leads to."""
    made_at: datetime = instant()
    ends_at: datetime = instant()
    used_at: datetime | None = instant(default=None)
    mail: str = "planned"


class Attempts(SQLModel, table=True):
    """How often something was tried from one place since `began_at`; `source` is a keyed digest."""

    __tablename__ = "attempts"

    what: str = Field(primary_key=True)
    source: str = Field(primary_key=True)
    began_at: datetime = instant()
    times: int


class SignIn(SQLModel, table=True):
    """Who signed in, how, and whether it worked. Only grows."""

    __tablename__ = "sign_in"
    __table_args__ = (Index("sign_in_person", "person", "at"), Index("sign_in_at", "at"))

    id: int | None = Field(default=None, sa_type=Integer, primary_key=True)
    person: str | None = None
    how: str
    outcome: str
    source: str
    at: datetime = instant()


class SensitiveRead(SQLModel, table=True):
    """Who saw personal data of which dossier. Only grows."""

    __tablename__ = "sensitive_read"
    __table_args__ = (Index("sensitive_read_dossier", "dossier", "at"),)

    id: int | None = Field(default=None, sa_type=Integer, primary_key=True)
    person: str
    party: str
    dossier: str
    what: str
    at: datetime = instant()


class KeptForm(SQLModel, table=True):
    """What somebody typed when the session had ended, sealed, until it is shown again or an hour has passed."""

    __tablename__ = "kept_form"

    form: str = Field(primary_key=True)
    sealed: bytes = Field(sa_type=LargeBinary)
    ends_at: datetime = instant()
