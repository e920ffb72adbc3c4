"""What every page needs of the house, made once per process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import cast

from fastapi import Request
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from database import glance, make_engine
from models.errors import Refusal
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
        Refusal: no address is set under which pages may read, its role is the wrong one, or there is no key by which
            a person is recognised.
    """
    if settings.import_key is None:
        raise Refusal(
            "SettingMissing", "DOORSTROOM_IMPORT_KEY ontbreekt: het geheim waaraan een aanvraag herkend wordt."
        )
    if settings.portal_database_url is None:
        raise Refusal(
            "SettingMissing",
            "DOORSTROOM_PORTAL_DATABASE_URL ontbreekt: PostgreSQL als de rol waaronder bladzijden lezen.",
        )
    reading = make_engine(
        settings.portal_database_url,
        pool_size=settings.database_pool_size,
        max_overflow=settings.database_pool_overflow,
    )
    try:
        await _held_to_rows(reading)
        yield House(settings, engine, reading, starter, Sessions(engine))
    finally:
        await reading.dispose()


async def _held_to_rows(reading: AsyncEngine) -> None:
    """Pages read as a role that sees a visitor's rows and no other: one above the wall would show everything to all.

    Raises:
        Refusal: the role stands above row-level security, or may not read a dossier.
    """
    async with glance(reading) as connection:
        role = (await connection.execute(text(_ROLE))).one()
    if role.above:
        raise Refusal("WrongRole", _WRONG.format(role.name, "ziet alle rijen. Neem doorstroom_portal."))
    if not role.reads:
        raise Refusal(
            "WrongRole", _WRONG.format(role.name, "mag geen dossier lezen. Voer eerst 'doorstroom migrate' uit.")
        )


_WRONG = "DOORSTROOM_PORTAL_DATABASE_URL: de rol {} {}"
_ROLE = """
    SELECT rolname AS name, has_table_privilege('dossier', 'SELECT') AS reads, rolsuper OR rolbypassrls
        OR EXISTS (SELECT FROM pg_class WHERE relname = 'dossier' AND pg_has_role(relowner, 'MEMBER'))
        OR EXISTS (SELECT FROM pg_policies, unnest(roles) AS allowed
            WHERE tablename = 'dossier' AND policyname = 'house' AND pg_has_role(allowed, 'MEMBER')) AS above
    FROM pg_roles WHERE rolname = current_user
"""
"""Above the wall: a superuser, the owner of the tables, and the role of the house itself (migrations/rows.py)."""


def house_of(request: Request) -> House:
    """The house of this process, from any request."""
    return cast(House, request.app.state.house)
