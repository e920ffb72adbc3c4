"""Letters as they left the house, or lie ready to be printed. Personal: a row can be erased, and never changes."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from models.tables.columns import instant


class LetterRow(SQLModel, table=True):
    """One letter. The key is the business key (`ANT-2026-S-000123/letter/decision/1`): it exists once."""

    __tablename__ = "letter"
    __table_args__ = (
        CheckConstraint(
            "objection_until IS NOT NULL"
            " OR template NOT IN ('decision_partial', 'decision_refused', 'decision_reversed')",
            name="objection_told",
        ),
        Index("letter_dossier", "dossier", "made_at"),
        Index("letter_on_paper", "fund", "made_at", postgresql_where="on_paper"),
    )

    letter: str = Field(primary_key=True)
    dossier: str
    fund: str
    template: str
    party: str
    language: str
    title: str
    dated: date
    """The day on the letter: the dossier's own."""
    objection_until: date | None = None
    """The last day to object, inclusive; a decision that gives less than was asked cannot be kept without it."""
    on_paper: bool = False
    """No mail address was known: somebody prints it."""
    digest: str
    """sha256 of the content."""
    content: bytes
    pages: int
    effect: str = Field(unique=True)
    """The mail that carries it."""
    made_at: datetime = instant()
