"""What was erased and why: who, when and which kinds, never what stood there. Rows are added and never changed."""

from datetime import datetime

from sqlalchemy import ARRAY, CheckConstraint, Index, String
from sqlmodel import Field, SQLModel

from models.tables.columns import instant


class Erasure(SQLModel, table=True):
    """Personal data of one dossier that went. A dossier of which the books stay longer is erased in two turns."""

    __tablename__ = "erasure"
    __table_args__ = (
        CheckConstraint("because IN ('term', 'request')", name="erasure_because"),
        Index("erasure_dossier", "dossier", "erasure"),
        Index("erasure_fund", "fund", "erasure"),
    )

    erasure: int | None = Field(default=None, primary_key=True)
    dossier: str
    fund: str
    at: datetime = instant()
    by: str
    because: str
    """`term`: it was kept long enough; `request`: the person asked for it."""
    kinds: list[str] = Field(sa_type=ARRAY(String))
    rows: int
    """How many rows went or were emptied."""
    whole: bool
    """Nothing personal is left of this dossier; False: its books stay until their own term."""
