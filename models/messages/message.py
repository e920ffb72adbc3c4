"""The two shapes of every message: one that never changes and one that is a dossier's own memory."""

from pydantic import BaseModel, ConfigDict


class Message(BaseModel):
    """A fact or command: frozen, and unknown fields are refused, so that a typing error is seen at once."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class State(BaseModel):
    """Memory of a running workflow. Additive: new fields have a default and old states stay readable."""

    model_config = ConfigDict(extra="ignore", validate_assignment=False)
