"""Servers of their own, so that what stands in Temporal and in the logs is what one run left there, and no other."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

from connection import data_converter
from database import make_engine
from embedded import EmbeddedMail, EmbeddedTemporal
from settings import Settings
from starter import Starter
from tests.patience import patient

WORKER = Path(__file__).resolve().parents[2] / "worker.py"


@dataclass(frozen=True)
class Place:
    """Servers, settings and the two sides of the house: who asks, and the log of who works."""

    client: Client
    engine: AsyncEngine
    starter: Starter
    settings: Settings
    environment: dict[str, str]
    log: Path


@asynccontextmanager
async def place(new_database: Any, mail: EmbeddedMail, directory: Path, **given: str) -> AsyncIterator[Place]:
    """A database and a Temporal of its own; `given` are more settings."""
    async with new_database() as urls, EmbeddedTemporal(directory, in_memory=True) as temporal:
        settings = Settings(
            database_url=urls.app,
            temporal_address=temporal.address,
            smtp_host=mail.host,
            smtp_port=mail.port,
            log_format="json",
            log_level="DEBUG",
            rehearsal_allowed=True,
            _env_file=None,
            **given,  # type: ignore[arg-type]
        )
        engine = make_engine(urls.app)
        client = await Client.connect(
            temporal.address, namespace=temporal.namespace, data_converter=data_converter(settings)
        )
        starter = Starter(client, engine, settings.temporal_task_queue, patience=30)
        yield Place(client, engine, starter, settings, _environment(settings), directory / "worker.log")
        await engine.dispose()


def _environment(settings: Settings) -> dict[str, str]:
    names = (
        *("database_url", "temporal_address", "smtp_host", "smtp_port"),
        *("log_format", "log_level", "rehearsal_allowed", "payload_keys"),
    )
    chosen = {name: getattr(settings, name) for name in names}
    own = {f"DOORSTROOM_{name.upper()}": str(value) for name, value in chosen.items() if value is not None}
    return {**os.environ, **own}


@asynccontextmanager
async def at_work(where: Place) -> AsyncIterator[None]:
    """The product's worker as a process of its own, writing its log to a file."""
    with where.log.open("ab") as log:
        worker = await asyncio.create_subprocess_exec(
            sys.executable,
            str(WORKER),
            "--promote",
            cwd=where.log.parent,
            env=where.environment,
            stdout=log,
            stderr=log,
        )
        try:
            async with patient():
                while "worker_started" not in where.log.read_text("utf-8"):
                    assert worker.returncode is None, where.log.read_text("utf-8")
                    await asyncio.sleep(0.05)
            yield
        finally:
            if worker.returncode is None:
                worker.send_signal(signal.SIGTERM)
            await worker.wait()


@pytest.fixture(scope="module")
def own_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the servers of a module keep their files."""
    return tmp_path_factory.mktemp("place")
