"""What the administrator of a fund does, and what an auditor had verified. No personal data: people are opaque ids."""

from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, CheckConstraint, Index, String
from sqlmodel import Field, SQLModel

from models.tables.columns import document, instant


class AdminEvent(SQLModel, table=True):
    """What was changed about somebody, by whom and when; of names and addresses only that they changed. Append-only."""

    __tablename__ = "admin_event"
    __table_args__ = (Index("admin_event_fund", "fund", "event"),)

    event: int | None = Field(default=None, primary_key=True)
    fund: str
    at: datetime = instant()
    by: str
    about: str
    what: str
    data: dict[str, Any] = document()


class RoleChange(SQLModel, table=True):
    """Power over money that one administrator proposes and another confirms."""

    __tablename__ = "role_change"
    __table_args__ = (
        Index("role_change_fund", "fund", "state"),
        Index("role_change_open", "person", unique=True, postgresql_where="state = 'proposed'"),
        CheckConstraint("state IN ('proposed', 'confirmed', 'declined')", name="role_change_state"),
        CheckConstraint("state <> 'confirmed' OR settled_by <> proposed_by", name="role_change_four_eyes"),
        CheckConstraint("settled_by <> person AND proposed_by <> person", name="role_change_not_of_oneself"),
    )

    change: int | None = Field(default=None, primary_key=True)
    fund: str
    person: str
    roles: list[str] = Field(sa_type=ARRAY(String))
    """All roles as they would be."""
    bench: str | None = None
    proposed_by: str
    proposed_at: datetime = instant()
    state: str = "proposed"
    settled_by: str | None = None
    settled_at: datetime | None = instant(default=None)


class VerificationRun(SQLModel, table=True):
    """What a verification found that somebody asked for on a page: of one dossier, or of the whole fund."""

    __tablename__ = "verification_run"
    __table_args__ = (
        Index("verification_run_last", "fund", "dossier", "run"),
        Index("verification_run_waits", "run", postgresql_where="ended_at IS NULL"),
    )

    run: int | None = Field(default=None, primary_key=True)
    fund: str
    dossier: str | None = None
    by: str
    at: datetime = instant()
    dossiers: int
    events: int
    faults: list[dict[str, str]] = document()
    ended_at: datetime | None = instant(default=None)
    """None while it is asked for or under way."""
