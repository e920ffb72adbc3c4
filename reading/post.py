"""What lies on paper: letters to print, what was posted, and messages that came back."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from models.errors import Defect
from models.messages.message import Message

WAITS = "('to_print', 'unreachable')"
"""States of a message whose letter a person has to print: it was asked for on paper, or no other address is known."""
AT_ONCE = 200
"""Letters that are printed in one go."""
_COLUMNS = """
    effect.effect, letter.letter, letter.dossier, letter.title, letter.language, letter.dated, letter.pages,
    effect.party, coalesce(dossier.rehearsed, false) AS rehearsed, contact.name,
    concat_ws(', ', nullif(contact.street, ''),
        nullif(concat_ws(' ', contact.postcode, contact.municipality), ''), nullif(contact.country, '')) AS address,
    effect.state, effect.posted_at, effect.posted_by, effect.channel
"""
_FROM = """
    FROM letter JOIN effect ON effect.effect = letter.effect
    LEFT JOIN dossier ON dossier.number = letter.dossier
    LEFT JOIN contact ON contact.dossier = effect.dossier AND contact.party = effect.party
"""
_TO_PRINT = f"""
    SELECT {_COLUMNS} {_FROM}
    WHERE letter.fund = ANY (:funds) AND letter.on_paper AND effect.state IN {WAITS}
    ORDER BY letter.made_at, letter.letter LIMIT :most
"""
_COUNT = f"""
    SELECT count(*) {_FROM} WHERE letter.fund = ANY (:funds) AND letter.on_paper AND effect.state IN {WAITS}
"""
_POSTED = f"""
    SELECT {_COLUMNS} {_FROM}
    WHERE letter.fund = ANY (:funds) AND letter.on_paper AND effect.state = 'posted'
    ORDER BY effect.posted_at DESC, letter.letter LIMIT :most
"""
_RETURNED = """
    SELECT effect.effect, effect.dossier, effect.party, effect.template, contact.name, contact.email,
        returned_mail.status, returned_mail.received_at, effect.state
    FROM returned_mail JOIN effect ON effect.effect = returned_mail.effect
    JOIN contact ON contact.dossier = effect.dossier AND contact.party = effect.party
    WHERE returned_mail.fund = ANY (:funds) AND returned_mail.sort = 'hard' AND contact.email_failed_at IS NOT NULL
    ORDER BY returned_mail.received_at DESC LIMIT :most
"""
_IN_DOUBT = """
    SELECT effect.effect, effect.dossier, effect.party, effect.template, coalesce(effect.channel, 'email') AS channel,
        effect.recipient, effect.claimed_at, contact.name, coalesce(dossier.rehearsed, false) AS rehearsed
    FROM effect
    LEFT JOIN dossier ON dossier.number = effect.dossier
    LEFT JOIN contact ON contact.dossier = effect.dossier AND contact.party = effect.party
    WHERE effect.state = 'unknown' AND split_part(effect.dossier, '-', 1) = ANY (:funds)
    ORDER BY effect.claimed_at, effect.effect LIMIT :most
"""
_DOUBTS = "SELECT count(*) FROM effect WHERE state = 'unknown' AND split_part(dossier, '-', 1) = ANY (:funds)"
_CONTENT = """
    SELECT letter.effect, letter.content FROM letter WHERE letter.fund = ANY (:funds) AND letter.effect = ANY (:effects)
"""


class OnPaper(Message):
    """A letter to print, or one that was posted. Personal."""

    effect: str
    letter: str
    dossier: str
    title: str
    language: str
    dated: date
    pages: int
    party: str
    rehearsed: bool
    name: str | None
    address: str
    state: str
    posted_at: datetime | None
    posted_by: str | None
    channel: str | None

    @property
    def file(self) -> str:
        """Its name within the dossier, such as `asked/follow_up/1/participant`."""
        return self.letter.split("/letter/", 1)[1]


class Returned(Message):
    """A mail that came back from an address that is still the one we know. Personal."""

    effect: str
    dossier: str
    party: str
    template: str
    name: str
    email: str | None
    status: str | None
    received_at: datetime
    state: str


class InDoubt(Message):
    """A message of which nobody knows whether it left. Personal."""

    effect: str
    dossier: str
    party: str
    template: str
    channel: str
    recipient: str | None
    claimed_at: datetime | None
    name: str | None
    rehearsed: bool


class Waiting(NamedTuple):
    """How much of the post waits for a person."""

    letters: int
    """To be printed."""
    in_doubt: int
    """Messages of which nobody knows whether they left."""


async def waiting(connection: AsyncConnection, funds: Collection[str]) -> Waiting:
    """What of the post waits for a person of these funds."""
    letters = await count(connection, funds)
    doubts = await connection.scalar(text(_DOUBTS), {"funds": list(funds)})
    return Waiting(letters, int(doubts or 0))


async def in_doubt(connection: AsyncConnection, funds: Collection[str], most: int = 50) -> tuple[InDoubt, ...]:
    """Messages that fell out of the hand of their sender, the oldest first."""
    rows = await connection.execute(text(_IN_DOUBT), {"funds": list(funds), "most": most})
    return tuple(InDoubt.model_validate(dict(row)) for row in rows.mappings())


async def to_print(connection: AsyncConnection, funds: Collection[str], most: int = AT_ONCE) -> tuple[OnPaper, ...]:
    """What waits to be printed, the oldest first."""
    return await _on_paper(connection, _TO_PRINT, funds, most)


async def posted(connection: AsyncConnection, funds: Collection[str], most: int = 50) -> tuple[OnPaper, ...]:
    """What was posted, the last first."""
    return await _on_paper(connection, _POSTED, funds, most)


async def count(connection: AsyncConnection, funds: Collection[str]) -> int:
    """How much waits to be printed."""
    found = await connection.scalar(text(_COUNT), {"funds": list(funds)})
    if found is None:
        raise Defect("er is niet geteld")
    return int(found)


async def returned(connection: AsyncConnection, funds: Collection[str], most: int = 50) -> tuple[Returned, ...]:
    """Mails that came back, the last first."""
    rows = await connection.execute(text(_RETURNED), {"funds": list(funds), "most": most})
    return tuple(Returned.model_validate(dict(row)) for row in rows.mappings())


async def contents(connection: AsyncConnection, funds: Collection[str], effects: Sequence[str]) -> list[bytes]:
    """The pages themselves, in the order that is asked; what is not of these funds is left out."""
    rows = await connection.execute(text(_CONTENT), {"funds": list(funds), "effects": list(effects)})
    known = {row.effect: bytes(row.content) for row in rows}
    return [known[effect] for effect in effects if effect in known]


async def _on_paper(connection: AsyncConnection, query: str, funds: Collection[str], most: int) -> tuple[OnPaper, ...]:
    rows = await connection.execute(text(query), {"funds": list(funds), "most": most})
    return tuple(OnPaper.model_validate(dict(row)) for row in rows.mappings())
