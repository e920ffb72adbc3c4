"""What staff and a party outside write to each other about a dossier: for the pages of both.

A message is a row that can be erased; the dossier is told that it was written, and mails whoever is outside.
"""

from datetime import UTC, datetime
from typing import NamedTuple

import structlog
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col
from temporalio.service import RPCError

from database import transaction
from models.errors import Refusal
from models.messages.commands import Actor
from models.messages.words import Party
from models.tables import WrittenMessage
from portal.house import House

LONGEST = 4000
"""Characters of one message."""
log = structlog.get_logger("conversation")


class Message(NamedTuple):
    """One message; `by_party` wrote it. Not read yet by the other side: `read_at` is empty."""

    message: int
    party: str
    by_party: str
    person: str
    text: str
    at: datetime
    read_at: datetime | None

    @property
    def to_staff_unread(self) -> bool:
        """Whether the fund has still to read it."""
        return self.by_party != Party.STAFF and self.read_at is None


async def messages(connection: AsyncConnection, number: str, party: Party | None = None) -> tuple[Message, ...]:
    """The conversation with a party, or with all of them, the oldest first; as far as the connection shows it."""
    query = select(*(getattr(WrittenMessage, name) for name in Message._fields)).where(
        col(WrittenMessage.dossier) == number
    )
    if party is not None:
        query = query.where(col(WrittenMessage.party) == party)
    return tuple(Message(*row) for row in await connection.execute(query.order_by(col(WrittenMessage.message))))


async def write(house: House, number: str, party: Party, by: Actor, text: str) -> int:
    """Write to the other side; `party` is the party outside that takes part. What it wrote before counts as read.

    The caller has seen that `by` may see this dossier. A dossier that is closed sends no mail any more; the message
    stays.

    Raises:
        Refusal: there is no text, or too much of it.
    """
    said = "\n".join(line.rstrip() for line in text.replace("\r", "").strip().split("\n"))
    if not said:
        raise Refusal("EmptyMessage", "Schrijf eerst uw bericht.")
    if len(said) > LONGEST:
        raise Refusal("LongMessage", f"Een bericht telt hoogstens {LONGEST} tekens; dit zijn er {len(said)}.")
    row = {"dossier": number, "party": party, "by_party": by.party, "person": by.person, "text": said}
    async with transaction(house.engine) as connection:
        await _read(connection, number, party, by.party)
        added = insert(WrittenMessage).values(**row, at=datetime.now(UTC)).returning(col(WrittenMessage.message))
        message = int(await connection.scalar(added) or 0)
    to = party if by.party is Party.STAFF else Party.STAFF
    try:
        await house.starter.note_message(number, str(message), by, to)
    except (Refusal, RPCError) as late:  # the message stands; a command without an answer is sent again by the sweep
        log.info("message_not_told_yet", dossier=number, error=type(late).__name__)
    return message


async def mark_read(house: House, number: str, party: Party, reader: Party) -> None:
    """Somebody of `reader` has read what the other side wrote."""
    async with transaction(house.engine) as connection:
        await _read(connection, number, party, reader)


async def _read(connection: AsyncConnection, number: str, party: Party, reader: Party) -> None:
    theirs = update(WrittenMessage).where(
        col(WrittenMessage.dossier) == number,
        col(WrittenMessage.party) == party,
        col(WrittenMessage.by_party) != reader,
        col(WrittenMessage.read_at).is_(None),
    )
    await connection.execute(theirs.values(read_at=datetime.now(UTC)))
