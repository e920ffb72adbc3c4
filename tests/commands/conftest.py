"""A house with a worker, and its command line as a person types it."""

from __future__ import annotations

import asyncio
import itertools
import json
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client
from typer.testing import CliRunner

from commands import app
from commands.example import EXAMPLE
from database import transaction
from embedded import EmbeddedMail, EmbeddedTemporal
from settings import Settings
from tests.patience import patient
from worker import working

STAFF = {
    "ANT-intake-1": ["intake"],
    "ANT-handler-1": ["handler"],
    "ANT-handler-2": ["handler", "finance"],
    "ANT-approver-1": ["approver", "handler"],
    "ANT-finance-1": ["finance"],
}


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Cli = Callable[..., Awaitable[Said]]


@pytest.fixture
def environment(
    monkeypatch: pytest.MonkeyPatch,
    database_urls: Any,
    temporal: EmbeddedTemporal,
    tmp_path: Path,
    numbers_of_its_own: None,  # noqa: ARG001
) -> str:
    """The variables that point the commands at this test's servers; gives the task queue."""
    name = f"test-{uuid.uuid4().hex[:8]}"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", database_urls.app)
    monkeypatch.setenv("DOORSTROOM_DATABASE_OWNER_URL", database_urls.owner)
    monkeypatch.setenv("DOORSTROOM_TEMPORAL_ADDRESS", temporal.address)
    monkeypatch.setenv("DOORSTROOM_TEMPORAL_TASK_QUEUE", name)
    monkeypatch.setenv("DOORSTROOM_DEPLOYMENT_NAME", name)
    monkeypatch.setenv("DOORSTROOM_STATE_DIRECTORY", str(tmp_path / "state"))
    return name


SERIES = itertools.count(1)


@pytest.fixture
async def numbers_of_its_own(engine: AsyncEngine) -> None:
    """Temporal is shared and remembers every number, so each test counts on from another one."""
    begin = next(SERIES) * 1000
    series = [f"ANT-{year}-{letter}" for year in range(2023, datetime.now(UTC).year + 1) for letter in "STPOJB"]
    async with transaction(engine) as connection:
        await connection.execute(
            text("INSERT INTO number_series SELECT unnest(CAST(:series AS text[])), :begin"),
            {"series": series, "begin": begin},
        )


@pytest.fixture
def cli(environment: str) -> Cli:
    """Types a command; `ok=True` (the rule) expects that it succeeds."""
    assert environment

    async def typed(*words: str, ok: bool = True, given: str | None = None) -> Said:
        result = await asyncio.to_thread(CliRunner().invoke, app, list(words), input=given)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        said = Said(result.exit_code, result.stdout, result.stderr)
        assert not ok or said.code == 0, said
        return said

    return typed


@pytest.fixture
async def house(
    cli: Cli, environment: str, temporal_client: Client, engine: AsyncEngine, database_urls: Any, mailbox: EmbeddedMail
) -> AsyncIterator[None]:
    """A worker and staff."""
    settings = Settings(
        database_url=database_urls.app,
        temporal_task_queue=environment,
        deployment_name=environment,
        smtp_host=mailbox.host,
        smtp_port=mailbox.port,
        _env_file=None,
    )
    for person, roles in STAFF.items():
        asked = [word for role in roles for word in ("--role", role)]
        name, email = f"Naam van {person}", f"{person.lower()}@fonds.example"
        await cli("staff", "add", person, "--fund", "ANT", "--name", name, "--email", email, *asked)
    async with working(temporal_client, engine, settings, current=True):
        yield


Eventually = Callable[..., Awaitable[Any]]


@pytest.fixture
def eventually(engine: AsyncEngine) -> Eventually:
    """Waits until a query has an answer that is true, and gives it."""

    async def asked(query: str, **values: Any) -> Any:
        async with patient():
            while True:
                async with transaction(engine) as connection:
                    found = await connection.scalar(text(query), values)
                if found:
                    return found
                await asyncio.sleep(0.05)

    return asked


@pytest.fixture
def application_file(tmp_path: Path) -> Callable[..., Path]:
    """The example as a file, with other facts where asked."""

    def written(key: str = "voorbeeld-0001", **facts: Any) -> Path:
        file = tmp_path / f"{key}.json"
        content = EXAMPLE | {"idempotency_key": key, "facts": EXAMPLE["facts"] | facts}
        file.write_text(json.dumps(content), "utf-8")
        return file

    return written
