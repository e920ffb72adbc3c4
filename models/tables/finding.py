"""By what people find a dossier again: derived from receipt, employer, contact and participant, erased with them."""

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel


class DossierWords(SQLModel, table=True):
    """The words of one dossier, folded: small letters without accents. Kept by triggers; holds personal data."""

    __tablename__ = "dossier_words"
    __table_args__ = (
        Index(
            "dossier_words_open",
            "words",
            postgresql_using="gin",
            postgresql_ops={"words": "gin_trgm_ops"},
            postgresql_where=text("NOT closed"),
        ),
        Index(
            "dossier_words_closed",
            "words",
            postgresql_using="gin",
            postgresql_ops={"words": "gin_trgm_ops"},
            postgresql_where=text("closed"),
        ),
    )

    dossier: str = Field(primary_key=True)
    closed: bool = False
    employer: str | None = None
    """Name of the employer as it is shown."""
    enterprise_number: str | None = None
    employer_words: str = ""
    """Name and enterprise number of the employer."""
    people: str = ""
    """Names of contacts and participants."""
    words: str = ""
    """All of it, with the number, the applicant's own reference and what was typed."""
