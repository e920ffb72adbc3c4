"""The two shapes of every message: one that never changes and one that is a dossier's own memory."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Message(BaseModel):
    """A fact or command: frozen, and unknown fields are refused, so that a typing error is seen at once."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class State(BaseModel):
    """Memory of a running workflow. Additive: new fields have a default and old states stay readable."""

    model_config = ConfigDict(extra="ignore", validate_assignment=False)


def later(default: Any) -> Any:
    """A field that came after the first build. While it says nothing it is left out, so that a dossier pinned to an
    older build can read the message, and a fact that is said again reads as it stands."""
    return Field(default=default, exclude_if=lambda value: value == default)
