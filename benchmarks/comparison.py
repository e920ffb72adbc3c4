"""Lives of dossiers and of bare workflows in turn, on one server, with what each process spent on them."""

import asyncio
import os
import statistics
import sys
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import psutil
from temporalio.client import Client

from benchmarks.floors import QUEUE

HOUSE = Path(__file__).resolve().parent.parent
HUMAN_STEPS = 4
Life = Callable[[], Awaitable[Any]]


@asynccontextmanager
async def process(*command: str, **environment: str) -> AsyncIterator[psutil.Process]:
    """A Python process of its own, told to stop at the end."""
    child = await asyncio.create_subprocess_exec(sys.executable, *command, cwd=HOUSE, env={**os.environ, **environment})
    try:
        yield psutil.Process(child.pid)
    finally:
        child.terminate()
        await child.wait()


def floor(client: Client, kind: Any) -> Life:
    """One life of a bare workflow with the same human steps."""

    async def live() -> None:
        handle = await client.start_workflow(kind.run, HUMAN_STEPS, id=f"floor-{uuid.uuid4().hex}", task_queue=QUEUE)
        for step in range(1, HUMAN_STEPS + 1):
            await handle.execute_update(kind.act, step)
        await handle.result()

    return live


@dataclass
class Measured:
    """What one sort of life cost: lives per second, and CPU milliseconds per life by process, once per repeat."""

    rates: list[float] = field(default_factory=list)
    cpu: dict[str, list[float]] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """The median of lives per second."""
        return statistics.median(self.rates)


@dataclass(frozen=True)
class Sort:
    """One sort of life, and what has to be arranged before and after its turn, outside the measurement."""

    live: Life
    before: Life | None = None
    after: Life | None = None


async def compare(
    sorts: Mapping[str, Sort], servers: Mapping[str, psutil.Process], *, amount: int, in_flight: int, repeats: int
) -> dict[str, Measured]:
    """Live `amount` of each sort, in turn, `repeats` times: so a machine that drifts drifts for all."""
    found = {name: Measured(cpu={server: [] for server in servers}) for name in sorts}
    for _ in range(repeats):
        for name, sort in sorts.items():
            if sort.before is not None:
                await sort.before()
            before = {server: cpu(one) for server, one in servers.items()}
            found[name].rates.append(await rate(sort.live, amount=amount, in_flight=in_flight))
            for server, one in servers.items():
                found[name].cpu[server].append((cpu(one) - before[server]) * 1000 / amount)
            if sort.after is not None:
                await sort.after()
    return found


async def rate(live: Life, *, amount: int, in_flight: int) -> float:
    """Lives per second, `in_flight` at a time."""
    left = iter(range(amount))

    async def client() -> None:
        for _ in left:
            await live()

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(in_flight)))
    return amount / (time.perf_counter() - began)


def over(found: Mapping[str, Measured], name: str, base: str) -> float:
    """How many times the rate of another sort, repeat by repeat; the median."""
    return statistics.median(a / b for a, b in zip(found[name].rates, found[base].rates, strict=True))


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    """p50 and p95 in milliseconds."""
    cuts = statistics.quantiles(seconds, n=100)
    return {"p50": round(cuts[49] * 1000, 1), "p95": round(cuts[94] * 1000, 1)}


def cpu(server: psutil.Process) -> float:
    """CPU seconds of a process so far, with its children: PostgreSQL works in them. The driver's are other servers."""
    family = [server] if server.pid == os.getpid() else [server, *server.children()]
    return sum(one.cpu_times().user + one.cpu_times().system for one in family)


async def stored_bytes(pool: asyncpg.Pool, temporal_file: Path) -> dict[str, int]:
    """What stands on disk now."""
    files = [temporal_file, temporal_file.with_name(temporal_file.name + "-wal")]
    return {
        "postgresql": int(await pool.fetchval("SELECT pg_database_size(current_database())")),
        "temporal": sum(one.stat().st_size for one in files if one.exists()),
    }
