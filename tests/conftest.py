"""The real servers a test may ask for: started on first use, once per run, so a pure test starts none.

Every test gets a PostgreSQL database of its own, copied from one that was migrated once. Temporal is shared: tests keep
apart by task queue and workflow id.
"""

from __future__ import annotations

import gc
import itertools
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import TimeSkipper, TimeSkippingConfig

import database
from embedded import (
    APPLICATION,
    DATABASE,
    OWNER,
    PORTAL,
    EmbeddedMail,
    EmbeddedPostgres,
    EmbeddedTemporal,
    throwaway_directory,
)


@dataclass(frozen=True)
class DatabaseUrls:
    """One migrated, empty database seen by each of its roles."""

    app: str
    owner: str
    portal: str


MEMORY = Path("/dev/shm")
ROOM_IN_MEMORY = 4 * 2**30
"""Bytes: a run was seen to take less than one of the four."""

NewDatabase = Callable[[], AbstractAsyncContextManager[DatabaseUrls]]


def pytest_configure() -> None:
    """Servers of tests keep their files in memory where it has room: a database takes a tenth of the time there."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM_IN_MEMORY:
        tempfile.tempdir = os.environ["TMPDIR"] = str(MEMORY)


def pytest_collection_finish() -> None:
    """What was imported and collected stays: looking through it holds up a turn of a workflow for a second or more."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def server_directory() -> Iterator[Path]:
    """Where the servers of this run keep their files."""
    with throwaway_directory() as directory:
        yield directory


@pytest.fixture(scope="session")
async def postgres(server_directory: Path) -> AsyncIterator[EmbeddedPostgres]:
    """PostgreSQL whose own database is migrated and stays empty: the template of all others. Never connect to it."""
    async with EmbeddedPostgres(server_directory, fsync=False) as server:
        await database.migrate(server.owner_url)
        yield server


@pytest.fixture(scope="session")
def new_database(postgres: EmbeddedPostgres) -> NewDatabase:
    """Makes databases for fixtures of any scope: `async with new_database() as urls`."""
    numbers = itertools.count(1)

    @asynccontextmanager
    async def make() -> AsyncIterator[DatabaseUrls]:
        name = f"test_{next(numbers)}"
        await postgres.create_database(name, template=DATABASE)
        try:
            yield DatabaseUrls(
                app=postgres.url(APPLICATION, name),
                owner=postgres.url(OWNER, name),
                portal=postgres.url(PORTAL, name),
            )
        finally:
            await postgres.drop_database(name)

    return make


@pytest.fixture
async def database_urls(new_database: NewDatabase) -> AsyncIterator[DatabaseUrls]:
    """A database of this test alone."""
    async with new_database() as urls:
        yield urls


@pytest.fixture
async def engine(database_urls: DatabaseUrls) -> AsyncIterator[AsyncEngine]:
    """The application's engine on this test's database."""
    engine = database.make_engine(database_urls.app)
    yield engine
    await engine.dispose()


@pytest.fixture
async def portal_engine(database_urls: DatabaseUrls) -> AsyncIterator[AsyncEngine]:
    """The engine of pages on this test's database: it shows what a visitor may see, and nothing by itself."""
    engine = database.make_engine(database_urls.portal)
    yield engine
    await engine.dispose()


@pytest.fixture(scope="session")
async def temporal(server_directory: Path) -> AsyncIterator[EmbeddedTemporal]:
    """Temporal in memory, on which a test may skip time."""
    async with EmbeddedTemporal(server_directory, in_memory=True, time_skipping=True) as server:
        yield server


@pytest.fixture(scope="session")
async def temporal_client(temporal: EmbeddedTemporal) -> Client:
    """A client that carries our messages as the product's own does, unencrypted."""
    return await Client.connect(temporal.address, namespace=temporal.namespace, data_converter=pydantic_data_converter)


@pytest.fixture(scope="session")
def time_skipper(temporal_client: Client) -> TimeSkipper:
    """Skips time for workflows started through `time_skipper.client`, only when told by `fast_forward(handle, time)`.

    Left to itself it would run to a deadline before a test has played the people who act before it.
    """
    return TimeSkipper(temporal_client, config=TimeSkippingConfig(enabled=False))


@pytest.fixture(scope="session")
async def mail_server(server_directory: Path) -> AsyncIterator[EmbeddedMail]:
    """A mail catcher for houses whose mails nobody reads."""
    async with EmbeddedMail(server_directory) as server:
        yield server


@pytest.fixture
async def mailbox(tmp_path: Path) -> AsyncIterator[EmbeddedMail]:
    """A mail catcher of this test alone: what the house of an earlier test still sends is not in it."""
    async with EmbeddedMail(tmp_path) as server:
        yield server
