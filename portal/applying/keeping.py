"""What is kept only for a while: drafts that nobody sends, and documents that never became part of a dossier."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from models.tables import Upload
from portal.applying import drafts
from portal.documents.uploads import LOOSE_FOR, Uploads


async def erase_expired(engine: AsyncEngine, uploads: Uploads, now: datetime) -> int:
    """Erase what was kept long enough, content before rows; returns how many drafts and documents went.

    For the sweep of a worker, once a day or oftener: what is interrupted is found again the next time.
    """
    old = await drafts.expired(engine, now)
    gone = await uploads.forget(col(Upload.draft).in_(old)) if old else 0
    gone += await drafts.erase(engine, old, now) if old else 0
    stale = col(Upload.began_at) < now - LOOSE_FOR
    unfinished = (col(Upload.state) == "arriving") | col(Upload.draft).is_(None)
    return gone + await uploads.forget(stale & unfinished)
