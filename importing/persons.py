"""The key of a person whose trajectory was received before keys were kept."""

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from database import transaction
from importing.keyed import person_key
from models.messages.words import Kind
from models.tables import Participant, Receipt

AT_ONCE = 500


async def fill_keys(engine: AsyncEngine, secret: bytes) -> int:
    """Give every person of a trajectory without a key its own; how many got one. May be interrupted and repeated."""
    filled = 0
    while True:
        async with transaction(engine) as connection:
            query = (
                select(Participant)
                .join(Receipt, col(Receipt.number) == col(Participant.dossier))
                .where(
                    col(Receipt.kind) == Kind.TRAJECTORY.value,
                    col(Participant.person).is_(None),
                    col(Participant.birth_date).is_not(None),
                )
                .limit(AT_ONCE)
            )
            found = (await connection.execute(query)).all()
            for one in found:
                key = person_key(secret, one.first_name, one.last_name, one.birth_date)
                mine = update(Participant).where(
                    col(Participant.dossier) == one.dossier, col(Participant.line) == one.line
                )
                await connection.execute(mine.values(person=key))
        filled += len(found)
        if len(found) < AT_ONCE:
            return filled
