"""A whole house on files, with its worker as a process of its own, so that everything in it can be killed."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

from connection import connect
from database import lean_pool, make_engine, migrate
from embedded import EmbeddedStack, EmbeddedWorker, Ports, throwaway_directory
from rehearsal.cast import engage
from settings import Settings
from starter import Starter
from verification import Verification, verify

AS_RELEASED = {
    "DOORSTROOM_WORKFLOW_SANDBOX": "false",
    "DOORSTROOM_LOG_FORMAT": "json",
    "DOORSTROOM_LOG_LEVEL": "WARNING",
    "DOORSTROOM_BUILD_ID": "chaos",
}


@dataclass(frozen=True)
class House:
    """The servers, the worker, and the people's way in."""

    directory: Path
    stack: EmbeddedStack
    worker: EmbeddedWorker
    settings: Settings
    client: Client
    engine: AsyncEngine
    pool: asyncpg.Pool
    starter: Starter

    async def kill_worker(self) -> None:
        """Kill -9; it is watched and comes back by itself."""
        os.kill(self.worker.pid, signal.SIGKILL)

    async def kill_temporal(self) -> None:
        """Kill -9, then start it again on the same file."""
        os.kill(self.stack.temporal.pid, signal.SIGKILL)
        await self.stack.temporal.restart()

    async def kill_postgres(self) -> None:
        """Kill -9 of the postmaster, then start it again on the same data."""
        assert self.stack.postgres is not None
        os.kill(self.stack.postgres.pid, signal.SIGKILL)
        await self.stack.postgres.restart()

    async def value(self, query: str, *values: Any) -> Any:
        """One value from the database."""
        return await self.pool.fetchval(query, *values)

    async def until(self, query: str, *values: Any, patience: float = 60.0) -> Any:
        """Wait until a query has an answer that is true, and give it."""
        async with asyncio.timeout(patience):
            while not (found := await self.value(query, *values)):
                await asyncio.sleep(0.05)
        return found

    async def verified(self) -> Verification:
        """The whole verification, with nothing excused for being recent."""
        return await verify(self.engine, client=self.client)


Open = Callable[..., AbstractAsyncContextManager[House]]


@pytest.fixture(scope="session")
def opened() -> Open:
    """Opens a house, with another worker where a test asks for one: `async with opened() as house`."""

    @asynccontextmanager
    async def open_house(kind: type[EmbeddedWorker] = EmbeddedWorker, **environment: str) -> AsyncIterator[House]:
        async with AsyncExitStack() as leaving:
            directory = leaving.enter_context(throwaway_directory())
            stack = EmbeddedStack(directory, ports=Ports(temporal_ui=None))
            await stack.start()
            leaving.push_async_callback(stack.stop)
            await migrate(stack.owner_url)
            settings = stack.settings(Settings(rehearsal_allowed=True, _env_file=None))
            engine = make_engine(stack.database_url, pool_size=20)
            leaving.push_async_callback(engine.dispose)
            await engage(engine)
            client = await connect(settings)
            pool = await leaving.enter_async_context(await lean_pool(stack.database_url, size=20))
            worker = kind(stack, directory, **AS_RELEASED | environment)
            await leaving.enter_async_context(worker)
            starter = Starter(client, engine, settings.temporal_task_queue)
            yield House(directory, stack, worker, settings, client, engine, pool, starter)

    return open_house
