"""Orders about receipts: a dossier that becomes another one."""

from datetime import date, datetime

from models.messages.dossier import Carried
from models.messages.facts import Facts
from models.messages.message import Message, later
from models.messages.words import Fund


class HandOver(Message):
    """Make a new application of a dossier, at another fund or for another instrument."""

    dossier: str
    fund: Fund
    facts: Facts
    opens_at: datetime
    parent: str | None = later(None)
    """Of a dossier that goes on: the dossier it belongs to there."""
    carried: Carried | None = later(None)
    """Where it goes on; None: it begins anew, as another application."""


class PeopleOf(Message):
    """The people of an employer's dossier with which another fund goes on, as `parent` there."""

    dossier: str
    fund: Fund
    parent: str
    on: date


class Reference(Message):
    """A dossier by its number."""

    number: str
