"""The one way to PostgreSQL: an engine, a transaction and the migrations.

Nobody else commits: who writes does so inside `transaction()`, so that a step is stored whole or not at all.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg
from pydantic_core import from_json
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.util import greenlet_spawn

if TYPE_CHECKING:
    from alembic.config import Config

AWAY = ("08", "53", "57")
"""Classes of SQLSTATE with which a server says that it starts, stops or is full."""
LOST = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What asyncpg raises when the server is away; the third is its word for an answer that broke off in the middle."""
_HOUSE = Path(__file__).resolve().parent


def make_engine(url: str, *, pool_size: int = 10, max_overflow: int = 5, acquire_timeout: float = 5.0) -> AsyncEngine:
    """Build the engine of one process and one event loop; close it with `await engine.dispose()`.

    `acquire_timeout` is in seconds: a caller that waits longer for a connection gets `sqlalchemy.exc.TimeoutError`
    instead of burning its own time limit. After a restart of the server one caller meets a dead connection, and with
    it all others are replaced: cheaper than asking before every use. What a query was given stays out of its errors.
    The connection that was used last is used first, because it has its statements prepared.
    """
    return create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=max_overflow,
        pool_timeout=acquire_timeout,
        pool_use_lifo=True,
        hide_parameters=True,
        json_deserializer=from_json,
        connect_args={
            "timeout": acquire_timeout,
            "server_settings": {"application_name": "doorstroom", "timezone": "UTC"},
        },
    )


async def lean_pool(url: str, *, size: int = 10, acquire_timeout: float = 5.0) -> asyncpg.Pool:
    """A pool of asyncpg's own connections for the one hot path, `record`, which says all it has in one statement.

    Nothing is reset when a connection goes back, because that path leaves nothing behind. Each statement finds its rows
    by their key, so it is planned once and not anew for every value.
    """
    parsed = make_url(url)
    options = {"ssl": parsed.query["ssl"]} if "ssl" in parsed.query else {}
    return await asyncpg.create_pool(
        host=parsed.host,
        port=parsed.port,
        user=parsed.username,
        password=parsed.password,
        database=parsed.database,
        min_size=1,
        max_size=size,
        timeout=acquire_timeout,
        reset=_nothing,
        server_settings={
            "application_name": "doorstroom",
            "timezone": "UTC",
            "plan_cache_mode": "force_generic_plan",
        },
        **options,
    )


async def _nothing(_: asyncpg.Connection) -> None:
    return None


@asynccontextmanager
async def transaction(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Give a connection in a transaction: committed when the block ends, rolled back when it raises."""
    async with engine.begin() as connection:
        yield connection


@asynccontextmanager
async def glance(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Give a connection for one reading: each query stands alone, which spares the trips of a transaction."""
    async with engine.connect() as connection:
        yield await connection.execution_options(isolation_level="AUTOCOMMIT")


@asynccontextmanager
async def errand(engine: AsyncEngine) -> AsyncIterator[asyncpg.Connection]:
    """Give asyncpg's own connection for one statement that stands alone: for what people wait for, at a third of the
    price of a glance.

    Raises:
        ConnectionError: the connection was lost meanwhile.
    """
    borrowed = await _borrowed(engine)
    connection = borrowed.driver_connection
    assert connection is not None
    whole = False
    try:
        yield connection
        whole = True
    except LOST as fault:
        whole = not connection.is_closed()
        if whole:
            raise
        raise ConnectionError(str(fault)) from fault
    finally:
        await greenlet_spawn(borrowed.close if whole else borrowed.invalidate)


async def _borrowed(engine: AsyncEngine) -> PoolProxiedConnection:
    """A connection of the engine's pool that is not known to be dead."""
    while True:
        try:
            borrowed = await greenlet_spawn(engine.sync_engine.pool.connect)
        except engine.dialect.loaded_dbapi.Error as fault:
            if (getattr(fault, "sqlstate", None) or "")[:2] not in AWAY:
                raise
            raise ConnectionError(str(fault)) from fault
        if borrowed.driver_connection is not None and not borrowed.driver_connection.is_closed():
            return borrowed
        await greenlet_spawn(borrowed.invalidate)  # the server went away since


def migration_config(owner_url: str) -> Config:
    """Alembic's configuration for this database.

    The address is `config.attributes["url"]` and no ini option, because a '%' in a password upsets ini files.
    """
    from alembic.config import Config

    config = Config(_HOUSE / "alembic.ini")
    config.attributes["url"] = owner_url
    return config


async def migrate(owner_url: str, *, revision: str = "head") -> None:
    """Bring the tables to `revision` as their owner; at `head` already, this changes nothing.

    Runs in a thread because Alembic is synchronous and `migrations/env.py` may want an event loop of its own. It is
    imported here and above, because a worker that comes back after a crash has no time for it.
    """
    from alembic import command

    await asyncio.to_thread(command.upgrade, migration_config(owner_url), revision)
