"""What a party and the fund write to each other about a dossier."""

import contextlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from database import transaction
from models.errors import Refusal
from models.messages.words import Party
from models.tables import WrittenMessage
from portal.access.visitor import Visitor
from portal.house import House


class Said(NamedTuple):
    """One message. `by_party` tells who of both wrote it."""

    by_party: str
    text: str
    at: datetime
    read_at: datetime | None


async def write(house: House, visitor: Visitor, number: str, text: str) -> None:
    """Keep what a party outside writes to the fund, and let the dossier tell that it was written.

    A dossier that is closed, or hears it later, does not keep somebody from writing.
    """
    party = visitor.party.value
    row = {"dossier": number, "party": party, "by_party": party, "person": visitor.person, "text": text}
    written = insert(WrittenMessage).values(**row, at=datetime.now(UTC)).returning(col(WrittenMessage.message))
    async with transaction(house.engine) as connection:
        message = (await connection.execute(written)).scalar_one()
    with contextlib.suppress(Refusal):
        await house.starter.note_message(number, str(message), visitor.actor(), Party.STAFF)


async def said(connection: AsyncConnection, number: str, party: Party) -> Sequence[Said]:
    """The conversation with one party, oldest first."""
    query = select(WrittenMessage).where(
        col(WrittenMessage.dossier) == number, col(WrittenMessage.party) == party.value
    )
    rows = await connection.execute(query.order_by(col(WrittenMessage.message)))
    return [Said(row.by_party, row.text, row.at, row.read_at) for row in rows]


async def mark_read(connection: AsyncConnection, number: str, party: Party) -> None:
    """The party has what the fund wrote on a page, and says so."""
    unread = update(WrittenMessage).where(
        col(WrittenMessage.dossier) == number,
        col(WrittenMessage.party) == party.value,
        col(WrittenMessage.by_party) == Party.STAFF.value,
        col(WrittenMessage.read_at).is_(None),
    )
    await connection.execute(unread.values(read_at=datetime.now(UTC)))
