"""`make bench`: dossiers per second beside what Temporal alone can do on the same server, in one run."""

import argparse
import asyncio
import json
import os
import statistics
import sys
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
from temporalio.client import Client

import database
from benchmarks import product
from benchmarks.floors import FLOORS, QUEUE
from connection import connect
from embedded import EmbeddedStack, throwaway_directory
from settings import Settings

HOUSE = Path(__file__).resolve().parent.parent
HUMAN_STEPS = 4


@asynccontextmanager
async def process(*command: str, **environment: str) -> AsyncIterator[psutil.Process]:
    """A process of its own, told to stop at the end."""
    child = await asyncio.create_subprocess_exec(sys.executable, *command, cwd=HOUSE, env={**os.environ, **environment})
    try:
        yield psutil.Process(child.pid)
    finally:
        child.terminate()
        await child.wait()


def cpu(server: psutil.Process, *, children: bool) -> float:
    """CPU seconds of a process so far; PostgreSQL works in its children."""
    family = [server, *server.children()] if children else [server]
    return sum(one.cpu_times().user + one.cpu_times().system for one in family)


async def rate(live: Callable[[], Awaitable[Any]], *, amount: int, in_flight: int) -> float:
    """Lives per second, `in_flight` at a time."""
    left = iter(range(amount))

    async def client() -> None:
        for _ in left:
            await live()

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(in_flight)))
    return amount / (time.perf_counter() - began)


def floor(client: Client, kind: Any) -> Callable[[], Awaitable[None]]:
    """One life of a bare workflow with the same human steps."""

    async def live() -> None:
        handle = await client.start_workflow(kind.run, HUMAN_STEPS, id=f"floor-{uuid.uuid4().hex}", task_queue=QUEUE)
        for step in range(1, HUMAN_STEPS + 1):
            await handle.execute_update(kind.act, step)
        await handle.result()

    return live


async def history(client: Client, number: str) -> tuple[int, int]:
    """Events of a dossier's history, and the server's state transitions."""
    description = await client.get_workflow_handle(number).describe()
    info = description.raw_description.workflow_execution_info
    return info.history_length, info.state_transition_count


async def measure(amount: int, flights: list[int], repeats: int) -> dict[str, Any]:
    """Everything in one run on one stack."""
    with throwaway_directory() as directory:
        async with EmbeddedStack(directory) as stack:
            await database.migrate(stack.owner_url)
            settings = stack.settings(Settings(_env_file=None, build_id="bench"))
            client = await connect(settings)
            engine = database.make_engine(stack.database_url, pool_size=30)
            await product.add_staff(engine)
            starter = product.SurveyAtOnce(client, engine, settings.temporal_task_queue, patience=60)
            async with (
                process(
                    "-c",
                    "import worker; worker.main(['--promote'])",
                    **stack.environment(),
                    DOORSTROOM_BUILD_ID="bench",
                    DOORSTROOM_LOG_LEVEL="WARNING",
                ) as worker,
                process("-m", "benchmarks.floors", stack.temporal.address) as bare,
            ):
                return await _compare(client, engine, starter, worker, bare, stack, amount, flights, repeats)


async def _compare(client, engine, starter, worker, bare, stack, amount, flights, repeats):
    latencies: list[float] = []
    numbers: list[str] = []

    async def live() -> None:
        numbers.append(await product.live(client, starter, engine, latencies))

    lives = {"doorstroom": live, "regular": floor(client, FLOORS[0]), "local": floor(client, FLOORS[1])}
    for one in lives.values():
        await rate(one, amount=16, in_flight=8)
    results: dict[str, Any] = {}
    servers = {
        "temporal": psutil.Process(stack.temporal.pid),
        "worker": worker,
        "floor worker": bare,
        "postgresql": psutil.Process(stack.postgres.pid),
        "driver": psutil.Process(),
    }
    for in_flight in flights:
        rates: dict[str, list[float]] = {name: [] for name in lives}
        spent: dict[str, dict[str, list[float]]] = {name: {s: [] for s in servers} for name in lives}
        latencies.clear()
        for _ in range(repeats):
            for name, one in lives.items():
                before = {s: cpu(p, children=s == "postgresql") for s, p in servers.items()}
                rates[name].append(await rate(one, amount=amount, in_flight=in_flight))
                for s, p in servers.items():
                    spent[name][s].append((cpu(p, children=s == "postgresql") - before[s]) * 1000 / amount)
        cuts = statistics.quantiles(latencies, n=100)
        results[str(in_flight)] = {
            "rate": {name: [round(one, 2) for one in found] for name, found in rates.items()},
            "over_regular": round(statistics.median(a / b for a, b in zip(rates["doorstroom"], rates["regular"])), 2),
            "over_local": round(statistics.median(a / b for a, b in zip(rates["doorstroom"], rates["local"])), 2),
            "next_task_ms": {"p50": round(cuts[49] * 1000, 1), "p95": round(cuts[94] * 1000, 1)},
            "cpu_ms": {
                name: {s: round(statistics.median(v), 1) for s, v in per.items()} for name, per in spent.items()
            },
        }
        print(json.dumps(results[str(in_flight)]), file=sys.stderr)
    results["history"] = await history(client, numbers[-1])
    return results


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--amount", type=int, default=150)
    parser.add_argument("--in-flight", type=int, nargs="+", default=[16, 64])
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()
    print(json.dumps(asyncio.run(measure(arguments.amount, arguments.in_flight, arguments.repeats)), indent=1))
