"""Who has a dossier open: a mark for colleagues, forgotten after a day."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from database import transaction
from models.tables import Presence

KEPT = timedelta(days=1)


async def touch(engine: AsyncEngine, number: str, person: str) -> None:
    """This person has the dossier on a page now."""
    now = datetime.now(UTC)
    mark = upsert(Presence).values(dossier=number, person=person, seen_at=now)
    async with transaction(engine) as connection:
        await connection.execute(
            mark.on_conflict_do_update(index_elements=["dossier", "person"], set_={"seen_at": now})
        )
        gone = delete(Presence).where(col(Presence.dossier) == number, col(Presence.seen_at) < now - KEPT)
        await connection.execute(gone)
