from __future__ import annotations

import contextlib
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

import database


async def count(engine: AsyncEngine) -> int:
    async with database.transaction(engine) as connection:
        return int((await connection.execute(text("SELECT count(*) FROM note"))).scalar_one())


async def test_a_transaction_is_stored_whole_or_not_at_all(database_urls: Any) -> None:
    owner = database.make_engine(database_urls.owner)
    async with database.transaction(owner) as connection:
        await connection.execute(text("CREATE TABLE note (word text)"))
        await connection.execute(text("INSERT INTO note VALUES ('kept')"))
    with contextlib.suppress(ZeroDivisionError):
        async with database.transaction(owner) as connection:
            await connection.execute(text("INSERT INTO note VALUES ('lost')"))
            raise ZeroDivisionError
    assert await count(owner) == 1
    await owner.dispose()


async def test_each_database_is_migrated_and_its_own(
    new_database: Callable[[], AbstractAsyncContextManager[Any]],
) -> None:
    async with new_database() as first, new_database() as second:
        engines = [database.make_engine(urls.owner) for urls in (first, second)]
        for number, engine in enumerate(engines):
            async with database.transaction(engine) as connection:
                await connection.execute(text(f"CREATE TABLE only_{number} ()"))
                assert (await connection.execute(text("SELECT count(*) FROM alembic_version"))).scalar_one() == 1
            await database.migrate((first, second)[number].owner)
            await engine.dispose()
