"""Column sorts that return in several tables."""

from typing import Any

from sqlalchemy import DateTime, Numeric
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field


def instant(**more: Any) -> Any:
    """An instant, stored with its zone."""
    return Field(sa_type=DateTime(timezone=True), **more)


def euros(**more: Any) -> Any:
    """An amount in euro, exact to the cent."""
    return Field(sa_type=Numeric(14, 2), **more)


def document(**more: Any) -> Any:
    """A JSON document."""
    return Field(sa_type=JSONB, **more)
