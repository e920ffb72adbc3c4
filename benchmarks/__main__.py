"""`make bench`: dossiers per second beside what Temporal alone can do on the same server, in one run."""

import argparse
import asyncio
import json
import os
import platform
import statistics
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
from benchmarks.comparison import Life, Measured, Sort, compare, floor, over, percentiles, process, rate, stored_bytes
from benchmarks.floors import FLOORS
from benchmarks.mails import Mails
from connection import connect
from embedded import EmbeddedStack, throwaway_directory
from embedded.refusals import free_port
from settings import Settings

RELEASE = {"DOORSTROOM_BUILD_ID": "bench", "DOORSTROOM_LOG_LEVEL": "WARNING"}
DOSSIER, SENDING = "doorstroom", "doorstroom, post room open"
REGULAR, LOCAL = "bare, regular activities", "bare, local activities"


@dataclass
class Bench:
    """What is measured, on one stack."""

    client: Client
    pool: asyncpg.Pool
    stack: EmbeddedStack
    sorts: dict[str, Sort]
    servers: dict[str, psutil.Process]
    mails: Mails
    latencies: list[float]
    numbers: list[str]

    async def at(self, in_flight: int, *, amount: int, repeats: int) -> dict[str, Any]:
        """One row of the result."""
        self.latencies.clear()
        found = await compare(self.sorts, self.servers, amount=amount, in_flight=in_flight, repeats=repeats)
        return {
            "in_flight": in_flight,
            "per_second": {name: [round(one, 2) for one in measured.rates] for name, measured in found.items()},
            "over_regular": {name: round(over(found, name, REGULAR), 2) for name in (DOSSIER, SENDING)},
            "over_local": {name: round(over(found, name, LOCAL), 2) for name in (DOSSIER, SENDING)},
            "next_task_ms": percentiles(self.latencies),
            "cpu_ms": {name: _cpu_of(measured) for name, measured in found.items()},
            "load": round(os.getloadavg()[0], 1),
        }

    async def weight(self, amount: int) -> dict[str, Any]:
        """History and bytes of one dossier, its mails sent."""
        assert self.stack.temporal.database_file is not None
        before = await stored_bytes(self.pool, self.stack.temporal.database_file)
        await rate(self.sorts[SENDING].live, amount=amount, in_flight=16)
        await self.mails.emptied()
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
    return {server: _median(spent) for server, spent in measured.cpu.items()}


def _median(found: list[float]) -> float:
    return round(statistics.median(found), 1)


async def measure(amount: int, flights: list[int], repeats: int, *, sandbox: bool) -> dict[str, Any]:
    """Everything in one run on one stack: files, fsync on, Temporal's file with WAL and full sync.

    `sandbox` holds for the product and the bare workflows alike; a release runs without.
    """
    runner = {"DOORSTROOM_WORKFLOW_SANDBOX": str(sandbox).lower()}
    asked = ("--sandbox",) if sandbox else ()
    port = free_port()
    with throwaway_directory() as directory, throwaway_directory() as mailbox:
        async with EmbeddedStack(directory) as stack:
            await database.migrate(stack.owner_url)
            promoted = "import worker; worker.main(['--promote'])"
            environment = {**stack.environment(), **RELEASE, **runner, "DOORSTROOM_SMTP_PORT": str(port)}
            async with (
                process("-m", "benchmarks.mails", str(mailbox), str(port)) as catcher,
                process("-c", promoted, **environment) as worker,
                process("-m", "benchmarks.floors", stack.temporal.address, *asked) as bare,
                await database.lean_pool(stack.database_url) as pool,
            ):
                bench = await _bench(pool, stack, {"worker": worker, "bare worker": bare, "mail server": catcher})
                for sort in bench.sorts.values():
                    await rate(sort.live, amount=32, in_flight=16)
                await bench.mails.emptied()
                rows = [await bench.at(one, amount=amount, repeats=repeats) for one in flights]
                return {
                    "machine": _machine(),
                    "sandbox": sandbox,
                    "rows": rows,
                    "mail": {
                        "delivered": bench.mails.delivered,
                        "cpu_ms": {server: _median(spent) for server, spent in bench.mails.per_mail.items()},
                    },
                    "dossier": await bench.weight(amount),
                }


async def _bench(pool: Any, stack: EmbeddedStack, workers: dict[str, psutil.Process]) -> Bench:
    """People and lives on this stack; a dossier alone is timed with the post room closed, and its mails leave after."""
    settings = stack.settings(Settings(_env_file=None, build_id="bench"))
    client = await connect(settings)
    engine = database.make_engine(stack.database_url, pool_size=30)
    await product.add_staff(engine)
    starter = product.SurveyAtOnce(client, engine, settings.temporal_task_queue, patience=60)
    latencies: list[float] = []
    numbers: list[str] = []

    def living(noted: list[float]) -> Life:
        async def live() -> None:
            numbers.append(await product.live(client, starter, engine, noted))

        return live

    assert stack.postgres is not None
    servers = {
        "temporal": psutil.Process(stack.temporal.pid),
        "postgresql": psutil.Process(stack.postgres.pid),
        "driver": psutil.Process(),
        **workers,
    }
    mails = Mails(client, settings, pool, servers)
    sorts = {
        DOSSIER: Sort(living(latencies), before=mails.close),
        REGULAR: Sort(floor(client, FLOORS[0])),
        LOCAL: Sort(floor(client, FLOORS[1]), after=mails.open),
        SENDING: Sort(living([]), after=mails.emptied),
    }
    return Bench(client, pool, stack, sorts, servers, mails, latencies, numbers)


def _machine() -> dict[str, Any]:
    return {"cores": psutil.cpu_count(), "python": platform.python_version(), "system": platform.platform()}


def _show(found: dict[str, Any]) -> None:
    table = Table(title="Dossiers per second, receipt to closing, four human steps (median of the repeats)")
    for column in ("in flight", "sort", "per second", "x regular", "x local", "next task p50 / p95 ms"):
        table.add_column(column, justify="right")
    for row in found["rows"]:
        for name, rates in row["per_second"].items():
            ratios = [f"{row[base][name]:.2f}" if name in row[base] else "" for base in ("over_regular", "over_local")]
            seen = row["next_task_ms"]
            next_task = f"{seen['p50']} / {seen['p95']}" if name == DOSSIER else ""
            table.add_row(str(row["in_flight"]), name, f"{_median(rates):.1f}", *ratios, next_task)
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
