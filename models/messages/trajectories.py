"""What an employer's dossier reads of its trajectories."""

from datetime import date

from models.messages.commands import ReportFact
from models.messages.message import Message
from models.messages.words import FollowUpOutcome


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


class Sought(Message):
    """Whose word is looked for in other dossiers, said between two days (inclusive) of the dossiers' own time."""

    number: str
    since: date
    on: date


class ToldEarlier(Message):
    """What the second trajectory of a person tells the earlier one, wherever that went on."""

    dossier: str
    earlier: str
    report: ReportFact


class ToldElsewhere(Message):
    """What the same person told in another dossier."""

    dossier: str
    outcome: FollowUpOutcome
    on: date
    since: date | None = None
