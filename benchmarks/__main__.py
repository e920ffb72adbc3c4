"""`make bench`: dossiers per second beside what Temporal alone can do on the same server, in one run."""

import argparse
import asyncio
import json
import platform
import sys
from dataclasses import dataclass
from typing import Any

import asyncpg
import psutil
from rich.console import Console
from rich.table import Table
from temporalio.client import Client

import database
from benchmarks import product
from benchmarks.comparison import Measured, compare, floor, over, percentiles, process, rate, stored_bytes
from benchmarks.floors import FLOORS
from connection import connect
from embedded import EmbeddedStack, throwaway_directory
from settings import Settings

RELEASE = {"DOORSTROOM_BUILD_ID": "bench", "DOORSTROOM_LOG_LEVEL": "WARNING"}
DOSSIER, REGULAR, LOCAL = "doorstroom", "bare, regular activities", "bare, local activities"


@dataclass
class Bench:
    """What is measured, on one stack."""

    client: Client
    pool: asyncpg.Pool
    stack: EmbeddedStack
    lives: dict[str, Any]
    servers: dict[str, psutil.Process]
    latencies: list[float]
    numbers: list[str]

    async def at(self, in_flight: int, *, amount: int, repeats: int) -> dict[str, Any]:
        """One row of the result."""
        self.latencies.clear()
        found = await compare(self.lives, self.servers, amount=amount, in_flight=in_flight, repeats=repeats)
        return {
            "in_flight": in_flight,
            "per_second": {name: [round(one, 2) for one in measured.rates] for name, measured in found.items()},
            "over_regular": round(over(found, DOSSIER, REGULAR), 2),
            "over_local": round(over(found, DOSSIER, LOCAL), 2),
            "next_task_ms": percentiles(self.latencies),
            "cpu_ms": {name: _cpu_of(measured) for name, measured in found.items()},
        }

    async def weight(self, amount: int) -> dict[str, Any]:
        """History and bytes of one dossier."""
        assert self.stack.temporal.database_file is not None
        before = await stored_bytes(self.pool, self.stack.temporal.database_file)
        await rate(self.lives[DOSSIER], amount=amount, in_flight=16)
        after = await stored_bytes(self.pool, self.stack.temporal.database_file)
        description = await self.client.get_workflow_handle(self.numbers[-1]).describe()
        info = description.raw_description.workflow_execution_info
        return {
            "history_events": info.history_length,
            "history_bytes": info.history_size_bytes,
            "state_transitions": info.state_transition_count,
            "bytes": {where: round((after[where] - before[where]) / amount) for where in after},
        }


def _cpu_of(measured: Measured) -> dict[str, float]:
    return {server: round(sorted(spent)[len(spent) // 2], 1) for server, spent in measured.cpu.items()}


async def measure(amount: int, flights: list[int], repeats: int, *, sandbox: bool) -> dict[str, Any]:
    """Everything in one run on one stack: files, fsync on, Temporal's file with WAL and full sync.

    `sandbox` holds for the product and the bare workflows alike; a release runs without.
    """
    runner = {"DOORSTROOM_WORKFLOW_SANDBOX": str(sandbox).lower()}
    asked = ("--sandbox",) if sandbox else ()
    with throwaway_directory() as directory:
        async with EmbeddedStack(directory) as stack:
            await database.migrate(stack.owner_url)
            settings = stack.settings(Settings(_env_file=None, build_id="bench"))
            client = await connect(settings)
            engine = database.make_engine(stack.database_url, pool_size=30)
            await product.add_staff(engine)
            starter = product.SurveyAtOnce(client, engine, settings.temporal_task_queue, patience=60)
            promoted = "import worker; worker.main(['--promote'])"
            async with (
                process("-c", promoted, **stack.environment(), **RELEASE, **runner) as worker,
                process("-m", "benchmarks.floors", stack.temporal.address, *asked) as bare,
                await database.lean_pool(stack.database_url) as pool,
            ):
                bench = _bench(client, pool, stack, starter, engine, {"worker": worker, "bare worker": bare})
                for live in bench.lives.values():
                    await rate(live, amount=32, in_flight=16)
                rows = [await bench.at(one, amount=amount, repeats=repeats) for one in flights]
                return {"machine": _machine(), "sandbox": sandbox, "rows": rows, "dossier": await bench.weight(amount)}


def _bench(client: Client, pool: Any, stack: EmbeddedStack, starter: Any, engine: Any, workers: Any) -> Bench:
    latencies: list[float] = []
    numbers: list[str] = []

    async def live() -> None:
        numbers.append(await product.live(client, starter, engine, latencies))

    assert stack.postgres is not None
    servers = {
        "temporal": psutil.Process(stack.temporal.pid),
        "postgresql": psutil.Process(stack.postgres.pid),
        "driver": psutil.Process(),
        **workers,
    }
    lives = {DOSSIER: live, REGULAR: floor(client, FLOORS[0]), LOCAL: floor(client, FLOORS[1])}
    return Bench(client, pool, stack, lives, servers, latencies, numbers)


def _machine() -> dict[str, Any]:
    return {"cores": psutil.cpu_count(), "python": platform.python_version(), "system": platform.platform()}


def _show(found: dict[str, Any]) -> None:
    table = Table(title="Dossiers per second, receipt to closing, four human steps (median of the repeats)")
    for column in ("in flight", DOSSIER, REGULAR, LOCAL, "x regular", "x local", "next task p50 / p95 ms"):
        table.add_column(column, justify="right")
    for row in found["rows"]:
        medians = [
            f"{sorted(row['per_second'][name])[len(row['per_second'][name]) // 2]:.1f}" for name in row["cpu_ms"]
        ]
        next_task = f"{row['next_task_ms']['p50']} / {row['next_task_ms']['p95']}"
        table.add_row(
            str(row["in_flight"]), *medians, f"{row['over_regular']:.2f}", f"{row['over_local']:.2f}", next_task
        )
    Console(file=sys.stderr).print(table)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--amount", type=int, default=150, help="lives of each sort per repeat")
    parser.add_argument("--in-flight", type=int, nargs="+", default=[16, 64], help="lives at once")
    parser.add_argument("--repeats", type=int, default=3, help="how often each sort has its turn")
    parser.add_argument("--sandbox", action="store_true", help="run all workflows in Temporal's sandbox, as tests do")
    given = parser.parse_args()
    result = asyncio.run(measure(given.amount, given.in_flight, given.repeats, sandbox=given.sandbox))
    _show(result)
    print(json.dumps(result, indent=1))
