"""What a verification tells: how much it looked at, and everything that cannot be true."""

from collections.abc import Callable
from typing import Literal

from pydantic import computed_field

from models.messages.message import Message

Check = Literal[
    "journal",
    "next_event",
    "receipt",
    "mail",
    "projection",
    "payment",
    "ledger",
    "bank",
    "workflow",
    "followed",
    "moved",
]
Progress = Callable[[int], None]
"""Told how many dossiers more were done."""


class Fault(Message):
    """One thing that cannot be true; the text is plain Dutch and names the row."""

    dossier: str
    check: Check
    text: str


class Verification(Message):
    """The outcome of one verification."""

    dossiers: int
    events: int
    faults: tuple[Fault, ...]

    @computed_field  # type: ignore[prop-decorator]
    @property
    def clean(self) -> bool:
        """Whether nothing was found."""
        return not self.faults
