"""A door to this test's own database, staff, and numbers that no other test uses."""

from __future__ import annotations

import asyncio
import itertools
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

import receipts
from commands.example import EXAMPLE
from database import transaction
from embedded import EmbeddedMail
from models.tables import StaffMember
from settings import Settings
from starter import Starter
from tests.patience import patient
from worker import working

STAFF = {
    "ANT-handler-1": ["handler"],
    "ANT-handler-2": ["handler"],
    "ANT-all": ["handler", "approver", "finance"],
    "ANT-approver-1": ["approver"],
    "ANT-gone": ["handler"],
    "LIM-handler-1": ["handler"],
}
SERIES = itertools.count(1)
Rows = Callable[..., Awaitable[list[Any]]]


@pytest.fixture
def rows(engine: AsyncEngine) -> Rows:
    async def found(query: str, **values: Any) -> list[Any]:
        async with transaction(engine) as connection:
            return [tuple(row) for row in await connection.execute(text(query), values)]

    return found


@pytest.fixture(autouse=True)
async def people(engine: AsyncEngine) -> None:
    """Staff, and numbers that no other test uses: Temporal is shared."""
    members = [
        {
            "person": person,
            "fund": person[:3],
            "name": person,
            "email": f"{person.lower()}@fonds.example",
            "language": "nl",
            "roles": roles,
            "active": person != "ANT-gone",
        }
        for person, roles in STAFF.items()
    ]
    async with transaction(engine) as connection:
        await connection.execute(insert(StaffMember), members)
        await connection.execute(
            text("INSERT INTO number_series VALUES ('ANT-2024-S', :last)"), {"last": 500_000 + next(SERIES) * 100}
        )


LARGE: dict[str, Any] = {
    "hours": "40",
    "ends_on": "2024-02-08",
    "participants": [
        {"line": line, "status": "worker", "hours_planned": "40", "hours_attended": "40"} for line in range(1, 5)
    ],
    "stated_participants": 4,
    "cost": "4000",
    "asked": "800",
}


def made(key: str = "k", *, large: bool = False, **facts: Any) -> receipts.Application:
    stated = EXAMPLE["facts"] | (LARGE if large else {}) | facts
    return receipts.Application.model_validate(EXAMPLE | {"idempotency_key": key, "facts": stated})


@pytest.fixture
def application() -> Callable[..., receipts.Application]:
    """The example, under a key; `large` is expensive enough for an approver."""
    return made


@pytest.fixture
def queue() -> str:
    return f"test-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def starter(temporal_client: Client, engine: AsyncEngine, queue: str) -> Starter:
    return Starter(temporal_client, engine, queue)


@dataclass
class Lived:
    starter: Starter
    rows: Rows

    async def received(self, **facts: Any) -> str:
        number = (await self.starter.receive(made(uuid.uuid4().hex, **facts))).number
        await self.eventually("SELECT 1 FROM dossier WHERE number = :number AND waiting_on IS NOT NULL", number=number)
        return number

    async def open_task(self, number: str, step: str) -> str:
        found = await self.eventually(
            "SELECT task FROM task WHERE dossier = :number AND state = 'open' AND step = :step",
            number=number,
            step=step,
        )
        return str(found)

    async def eventually(self, query: str, **values: Any) -> Any:
        async with patient():
            while not (found := await self.rows(query, **values)):
                await asyncio.sleep(0.05)
        return found[0][0]


@pytest.fixture
async def lived(
    temporal_client: Client, engine: AsyncEngine, database_urls: Any, mailbox: EmbeddedMail, queue: str, rows: Rows
) -> AsyncIterator[Lived]:
    settings = Settings(
        database_url=database_urls.app,
        temporal_task_queue=queue,
        deployment_name=queue,
        smtp_host=mailbox.host,
        smtp_port=mailbox.port,
        _env_file=None,
    )
    async with working(temporal_client, engine, settings, current=True):
        yield Lived(Starter(temporal_client, engine, queue), rows)
