"""Orders about receipts: a dossier that becomes another one."""

from datetime import datetime

from models.messages.facts import Facts
from models.messages.message import Message
from models.messages.words import Fund


class HandOver(Message):
    """Make a new application of a dossier, at another fund or for another instrument."""

    dossier: str
    fund: Fund
    facts: Facts
    opens_at: datetime


class Reference(Message):
    """A dossier by its number."""

    number: str
