"""What the portal throws away when its time is over: drafts nobody sent, loose documents, counted attempts."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import structlog
from fastapi import APIRouter, FastAPI
from sqlalchemy.exc import SQLAlchemyError

from portal.access import limits
from portal.applying import keeping
from portal.applying.sending import uploads_of
from portal.asking import links
from portal.house import House

EVERY = timedelta(hours=1)
log = structlog.get_logger("portal")


async def tidy(house: House, now: datetime) -> int:
    """Erase what was kept long enough; returns how many drafts and documents went. Twice is once."""
    await limits.forget(house.engine)
    await links.forget(house.engine, now)
    return await keeping.erase_expired(house.engine, uploads_of(house), now)


@asynccontextmanager
async def _tidying(app: FastAPI) -> AsyncIterator[None]:
    """While the portal is served, once an hour; what fails is tried again the next time."""
    keeper = asyncio.create_task(_keep(app.state.house))
    try:
        yield
    finally:
        keeper.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeper


async def _keep(house: House) -> None:
    while True:
        try:
            if gone := await tidy(house, datetime.now(UTC)):
                log.info("erased", drafts_and_documents=gone)
        except (SQLAlchemyError, OSError) as fault:
            log.warning("not_erased", error=type(fault).__name__)
        await asyncio.sleep(EVERY.total_seconds())


router = APIRouter(lifespan=_tidying)
