"""What every page needs of the house, made once per process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import cast

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncEngine

from database import make_engine
from portal.access.sessions import Sessions
from settings import Settings
from starter import Starter


@dataclass(frozen=True)
class House:
    """The two ways to PostgreSQL and the one to Temporal.

    `engine` is the application's own role and writes the portal's small tables; `reading` is the role of pages, held to
    what a visitor may see by row-level security.
    """

    settings: Settings
    engine: AsyncEngine
    reading: AsyncEngine
    starter: Starter
    sessions: Sessions


@asynccontextmanager
async def open_house(settings: Settings, engine: AsyncEngine, starter: Starter) -> AsyncIterator[House]:
    """The house on these servers. Pages read as the role that is held to a visitor's rows.

    Raises:
        ValueError: no address is set under which pages may read, or no key by which a person is recognised.
    """
    if settings.import_key is None:
        raise ValueError("DOORSTROOM_IMPORT_KEY ontbreekt: het geheim waaraan een aanvraag herkend wordt.")
    if settings.portal_database_url is None:
        raise ValueError("DOORSTROOM_PORTAL_DATABASE_URL ontbreekt: PostgreSQL als de rol waaronder bladzijden lezen.")
    reading = make_engine(
        settings.portal_database_url,
        pool_size=settings.database_pool_size,
        max_overflow=settings.database_pool_overflow,
    )
    try:
        yield House(settings, engine, reading, starter, Sessions(engine))
    finally:
        await reading.dispose()


def house_of(request: Request) -> House:
    """The house of this process, from any request."""
    return cast(House, request.app.state.house)
