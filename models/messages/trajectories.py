"""What an employer's dossier reads of its trajectories."""

from datetime import date

from models.messages.message import Message


class Standing(Message):
    """How many trajectories an employer's dossier has, how many of them are not over, and not past their guidance."""

    registered: int
    guided: int
    """Neither closed nor past the end of the guidance; those not begun yet count."""
    open: int


class Guided(Message):
    """One person who started: who pays the guidance, since when, and until when if it ended."""

    trajectory: str
    case: str
    started_on: date
    ended_on: date | None = None
