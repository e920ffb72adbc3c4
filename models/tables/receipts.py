"""The receipt of an application: the one thing written before Temporal knows of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Computed, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.tables.columns import document, instant

AGENCY = "CASE WHEN kind::text = 'trajectory'::text THEN facts ->> 'agency'::text ELSE NULL::text END"
"""As PostgreSQL spells it, so that models and migrations can be compared."""


class Receipt(SQLModel, table=True):
    """An application as received. `typed` is what the applicant typed (personal, erasable); `facts` what rules read."""

    __tablename__ = "receipt"
    __table_args__ = (
        UniqueConstraint("idempotency_key"),
        Index("receipt_unstarted", "received_at", postgresql_where="started_at IS NULL"),
        Index("receipt_fingerprint", "fingerprint"),
        Index("receipt_employer", "enterprise_number"),
        Index("receipt_parent", "parent"),
        Index("receipt_agency", "agency", postgresql_where="agency IS NOT NULL"),
    )

    number: str = Field(primary_key=True)
    idempotency_key: str
    reference: str | None = Field(default=None, index=True)
    """The number the applicant or an earlier system gave it."""
    fund: str
    kind: str
    instrument: str
    received_at: datetime = instant()
    facts: dict[str, Any] = document()
    typed: dict[str, Any] = document()
    enterprise_number: str | None = None
    parent: str | None = None
    agency: str | None = Field(default=None, sa_column=Column(Text, Computed(AGENCY, persisted=True)))
    """The agency that guides this trajectory, by which it finds its own; follows from the facts."""
    fingerprint: str | None = None
    """Keyed digest by which the same application is recognised when it comes again."""
    rehearsed: bool = False
    opens_at: datetime = instant()
    """When the dossier's own clock starts: the receipt itself, or in a rehearsal the day of filing."""
    started_at: datetime | None = instant(default=None)


class NumberSeries(SQLModel, table=True):
    """Next number per fund, year and kind; a row lock makes the series gapless within a transaction."""

    __tablename__ = "number_series"

    series: str = Field(primary_key=True)
    last: int
