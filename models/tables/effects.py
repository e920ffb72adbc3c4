"""The ledger of what leaves the house: claimed before it is sent, its outcome kept, never sent blindly again."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.tables.columns import document, instant


class Effect(SQLModel, table=True):
    """One mail.

    `state`: planned, claimed (in hand), sending, sent, merged (the same person already had it), unreachable (no
    address), refused or unknown.
    """

    __tablename__ = "effect"
    __table_args__ = (
        Index("effect_planned", "not_before", "effect", postgresql_where="state = 'planned'"),
        Index("effect_unsettled", "state", postgresql_where="state IN ('claimed', 'sending', 'unknown')"),
        Index("effect_dossier", "dossier"),
    )

    effect: str = Field(primary_key=True)
    dossier: str
    template: str
    occasion: str
    party: str
    role: str | None = None
    values: dict[str, Any] = document()
    dated: date
    """The dossier's own day, which the text uses."""
    state: str = "planned"
    attempts: int = 0
    not_before: datetime = instant()
    planned_at: datetime = instant()
    claimed_at: datetime | None = instant(default=None)
    claimed_by: str | None = None
    ended_at: datetime | None = instant(default=None)
    recipient: str | None = None
    """Keyed digest of the address, so that one person gets one mail for one occasion."""
    problem: str | None = None
