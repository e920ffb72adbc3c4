"""Mails that came back, by the digest of their file: each is taken in once. Holds no address."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from models.tables.columns import instant


class ReturnedMail(SQLModel, table=True):
    """One file. `status` is the code of RFC 3463, such as 5.1.1."""

    __tablename__ = "returned_mail"
    __table_args__ = (
        CheckConstraint("sort IN ('hard', 'soft', 'ignored')", name="returned_mail_sort"),
        Index("returned_mail_fund", "fund", "received_at", postgresql_where=text("fund IS NOT NULL")),
    )

    digest: str = Field(primary_key=True)
    sort: str
    status: str | None = None
    effect: str | None = None
    """The message that came back; None for an automatic answer."""
    dossier: str | None = None
    fund: str | None = None
    received_at: datetime = instant()
