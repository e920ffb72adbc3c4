"""Records the corpus of histories: `python -m tests.replay.record [BUILD [KIND-PATH ...]]`, from the project's root.

Every path of every kind is lived on real servers with the code as it is, and its history written as JSON to
`tests/histories/BUILD/KIND-PATH.json`; what the build had before is replaced, unless paths are named: then these are
added. Histories hold no personal data.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path as File
from typing import Any

import asyncpg
from temporalio.client import Client

import logs
import receipts
from connection import data_converter
from database import lean_pool, make_engine, migrate
from embedded import EmbeddedMail, EmbeddedPostgres, EmbeddedTemporal, throwaway_directory
from importing import Application
from importing.storing import Rehearsed, as_received
from models.messages.words import Kind
from rehearsal.cast import engage
from rehearsal.performance import futures
from rehearsal.samples import SAMPLES, samples
from settings import Settings
from starter import Starter
from tests.replay.acting import ScriptedPlayer
from tests.replay.paths import EVERY_PATH, WILLING, Path
from tests.workflows.subsidies import application
from worker import working

HISTORIES = File(__file__).resolve().parent.parent / "histories"
NEEDLESS = frozenset({"identity", "taskId", "requestId", "meteringMetadata", "workerVersion"})
"""What a replay never looks at, and what names the machine of the recording."""
TODAY = date(2026, 1, 31)
"""The samples are brought to before this day, so that a new recording has the same dates."""


@dataclass(frozen=True)
class Recorder:
    """A house in which paths are lived, and the directory for what they leave behind."""

    client: Client
    starter: Starter
    pool: asyncpg.Pool
    directory: File

    async def record_all(self, only: frozenset[str] = frozenset()) -> int:
        """Live every path, or those named `KIND-PATH`; returns how many histories were written.

        Raises:
            AssertionError: a path did not end as its name promises.
        """
        filed = {one.reference: one for one in samples(TODAY).applications}
        otherwise: list[str] = []
        for kind, paths in EVERY_PATH.items():
            for path in (path for path in paths if not only or f"{kind}-{path.name}" in only):
                number, ended = await self.live(path, filed)
                await self.keep(number, f"{kind}-{path.name}")
                if ended != path.ends:
                    otherwise.append(f"{kind}-{path.name} ended {ended}, not {path.ends}")
        assert not otherwise, "\n".join(otherwise)
        for one in filed.values():
            if one.kind is Kind.OUTPLACEMENT and not only:
                await self.record_outplacement(one)
        return len(list(self.directory.iterdir()))

    async def live(self, path: Path, filed: dict[str, Application]) -> tuple[str, tuple[str, str]]:
        """Live one path to its end; returns the number of the dossier, its outcome and the reason."""
        if isinstance(path.filed, str):
            received = self.again(filed[path.filed], None, path.name)
        else:
            received = application(path.filed)
        number = (await self.starter.receive(received)).number
        await ScriptedPlayer(self.starter, self.pool, path.script).live(number)
        ended = await self.pool.fetchrow("SELECT outcome, reason FROM dossier WHERE number = $1", number)
        return number, (ended["outcome"], ended["reason"])

    async def record_outplacement(self, employer: Application) -> None:
        """Live an employer's dossier with its trajectories, each by what the samples say became of the person."""
        number = (await self.starter.receive(self.again(employer, None, "lived"))).number
        people = {
            one.reference: (await self.starter.receive(self.again(one, number, "lived"))).number
            for one in employer.trajectories
        }
        known = futures([SAMPLES], people)
        for reference, person in people.items():
            await ScriptedPlayer(self.starter, self.pool, WILLING, known).live(person)
            await self.keep(person, f"trajectory-{reference}")
        await ScriptedPlayer(self.starter, self.pool, WILLING, known).live(number)
        await self.keep(number, f"outplacement-{employer.reference}")

    def again(self, filed: Application, parent: str | None, path: str) -> receipts.Application:
        """A sample as it is received, once for each path."""
        received = as_received(filed, parent, Rehearsed.FROM_FILING)
        key = f"{received.idempotency_key}/{path}"
        return received.model_copy(update={"idempotency_key": key, "fingerprint": None, "enterprise_number": key})

    async def keep(self, number: str, name: str) -> None:
        """Write the history of a dossier, as short as a replay can use it."""
        handle = self.client.get_workflow_handle(number)
        await handle.result()  # its last event stands a moment after its closing stands in the database
        history = await handle.fetch_history()
        text = json.dumps(lean(json.loads(history.to_json())), separators=(",", ":"))
        (self.directory / f"{name}.json").write_text(text + "\n", "utf-8")
        print(name, file=sys.stderr)


def lean(part: Any) -> Any:
    """A history without what a replay never looks at."""
    if isinstance(part, dict):
        return {name: lean(value) for name, value in part.items() if name not in NEEDLESS}
    return [lean(value) for value in part] if isinstance(part, list) else part


@asynccontextmanager
async def recorder(directory: File) -> AsyncIterator[Recorder]:
    """Servers and a worker of this code, for as long as the block lasts."""
    async with AsyncExitStack() as stack:
        place = stack.enter_context(throwaway_directory())
        postgres = await stack.enter_async_context(EmbeddedPostgres(place, fsync=False))
        temporal = await stack.enter_async_context(EmbeddedTemporal(place, in_memory=True))
        mail = await stack.enter_async_context(EmbeddedMail(place))
        await migrate(postgres.owner_url)
        given: dict[str, Any] = {"database_url": postgres.app_url, "smtp_host": mail.host, "smtp_port": mail.port}
        settings = Settings(temporal_address=temporal.address, _env_file=None, **given)
        assert settings.database_url is not None
        engine = make_engine(settings.database_url)
        stack.push_async_callback(engine.dispose)
        await engage(engine)
        client = await Client.connect(
            temporal.address, namespace=temporal.namespace, data_converter=data_converter(settings)
        )
        await stack.enter_async_context(working(client, engine, settings, current=True))
        pool = await stack.enter_async_context(await lean_pool(settings.database_url, size=5))
        yield Recorder(client, Starter(client, engine, settings.temporal_task_queue), pool, directory)


async def record(build: str) -> int:
    """Replace the histories of a build; the old ones stay when a path goes wrong."""
    fresh = HISTORIES / f".{build}"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    async with recorder(fresh) as ready:
        count = await ready.record_all()
    shutil.rmtree(HISTORIES / build, ignore_errors=True)
    fresh.rename(HISTORIES / build)
    return count


async def add(build: str, only: frozenset[str]) -> int:
    """Record paths that the build did not have yet, beside those it has."""
    fresh = HISTORIES / f".{build}"
    fresh.mkdir(parents=True, exist_ok=True)
    async with recorder(fresh) as ready:
        count = await ready.record_all(only)
    for written in fresh.iterdir():
        written.rename(HISTORIES / build / written.name)
    fresh.rmdir()
    return count


def stored() -> Iterator[File]:
    """Every history of every build."""
    return iter(sorted(HISTORIES.glob("[0-9]*/*.json")))


if __name__ == "__main__":
    logs.configure("text", "WARNING")
    asked = sys.argv[1] if len(sys.argv) > 1 else version("doorstroom")
    named = frozenset(sys.argv[2:])
    print(asyncio.run(add(asked, named) if named else record(asked)), "histories")
