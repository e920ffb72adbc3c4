"""A house that runs: worker, starter, staff and a database of its own."""

from __future__ import annotations

import random
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

from database import make_engine, transaction
from embedded import EmbeddedMail
from models.messages.words import Fund, Role
from models.tables import NumberSeries, StaffMember
from receipts import LETTERS
from settings import Settings
from starter import Starter
from worker import working

STAFF = {
    "ANT-intake-1": [Role.INTAKE],
    "ANT-handler-1": [Role.HANDLER],
    "ANT-handler-2": [Role.HANDLER, Role.FINANCE],
    "ANT-lead-1": [Role.TEAM_LEAD],
    "ANT-approver-1": [Role.APPROVER, Role.HANDLER],
    "ANT-approver-2": [Role.APPROVER],
    "ANT-board-1": [Role.BOARD],
    "ANT-board-2": [Role.BOARD],
    "ANT-finance-1": [Role.FINANCE],
}


@dataclass
class House:
    """Everything a story needs to be lived."""

    client: Client
    engine: AsyncEngine
    starter: Starter
    settings: Settings

    async def rows(self, query: str, **values: Any) -> list[dict[str, Any]]:
        """What stands in the database."""
        async with transaction(self.engine) as connection:
            return [dict(row) for row in (await connection.execute(text(query), values)).mappings()]


@asynccontextmanager
async def open_house(
    client: Client, engine: AsyncEngine, database_url: str, mail: EmbeddedMail
) -> AsyncIterator[House]:
    name = f"test-{uuid.uuid4().hex[:8]}"
    settings = Settings(
        database_url=database_url,
        temporal_task_queue=name,
        deployment_name=name,
        smtp_host=mail.host,
        smtp_port=mail.port,
        rehearsal_allowed=True,
        _env_file=None,
    )
    async with transaction(engine) as connection:
        people = [
            {
                "person": person,
                "fund": Fund.ANTWERPEN,
                "name": person,
                "email": f"{person.lower()}@fonds.example",
                "language": "nl",
                "roles": roles,
                "active": True,
            }
            for person, roles in STAFF.items()
        ]
        await connection.execute(insert(StaffMember), people)
        # Temporal is shared by all tests and remembers numbers; each database starts its series somewhere else.
        series = [
            {"series": f"{fund}-{year}-{letter}", "last": random.randrange(10**6, 10**9)}
            for fund in Fund
            for year in range(2023, 2028)
            for letter in LETTERS.values()
        ]
        await connection.execute(insert(NumberSeries), series)
    async with working(client, engine, settings, current=True):
        yield House(client, engine, Starter(client, engine, name), settings)


@pytest.fixture
async def house(
    temporal_client: Client, engine: AsyncEngine, database_urls: Any, mailbox: EmbeddedMail
) -> AsyncIterator[House]:
    async with open_house(temporal_client, engine, database_urls.app, mailbox) as running:
        yield running


@pytest.fixture(scope="module")
async def shared_house(new_database: Any, temporal_client: Client, mail_server: EmbeddedMail) -> AsyncIterator[House]:
    """One house for all tests of a module: their dossiers have nothing to do with each other."""
    async with new_database() as urls:
        engine = make_engine(urls.app)
        async with open_house(temporal_client, engine, urls.app, mail_server) as running:
            yield running
        await engine.dispose()
