"""Whose files these are and how they are read."""

from dataclasses import dataclass, field
from datetime import date

from models.messages.words import Fund


@dataclass(frozen=True)
class Office:
    """The fund the files belong to, the day they were handed over, and the secret of its opaque keys."""

    known_on: date
    secret: bytes = field(repr=False)
    fund: Fund = Fund.ANTWERPEN
