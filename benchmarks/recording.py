"""`record` by local or by regular activity, side by side in one run: `python -m benchmarks.recording`."""

import argparse
import asyncio
import json
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import psutil
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio import workflow
from temporalio.client import Client

import database
import worker
from activities.dossiers import Dossiers
from benchmarks import product
from benchmarks.comparison import Sort, compare, over, percentiles, process, rate
from connection import connect
from embedded import EmbeddedStack, throwaway_directory
from models.messages.events import Recorded, Step
from settings import Settings
from workflows import journal

LOCAL, REGULAR = "local", "regular"
WORKERS = {
    LOCAL: "import worker; worker.main(['--promote'])",
    REGULAR: "from benchmarks import recording; recording.work_regularly()",
}


class RegularJournal(journal.Journal):
    """The journal as it would be with a regular activity."""

    async def _record(self, step: Step) -> Recorded:
        return await workflow.execute_activity_method(
            Dossiers.record, step, start_to_close_timeout=timedelta(seconds=10), retry_policy=journal.FOREVER
        )


def work_regularly() -> None:
    """Be the product's worker, but for how every dossier records."""
    journal.Journal._record = RegularJournal._record  # type: ignore[assignment, method-assign]
    worker.main(["--promote"])


class Variant:
    """Dossiers of one variant: a task queue and a worker of its own."""

    def __init__(self, client: Client, engine: AsyncEngine, name: str) -> None:
        self._client = client
        self._engine = engine
        self._starter = product.SurveyAtOnce(client, engine, name, patience=60)
        self.latencies: list[float] = []
        self._last = ""

    async def live(self) -> None:
        """One dossier."""
        self._last = await product.live(self._client, self._starter, self._engine, self.latencies)

    async def history(self) -> dict[str, int]:
        """Events of one history, and the server's state transitions."""
        description = await self._client.get_workflow_handle(self._last).describe()
        info = description.raw_description.workflow_execution_info
        return {"history_events": info.history_length, "state_transitions": info.state_transition_count}


async def measure(amount: int, in_flight: int, repeats: int) -> dict[str, Any]:
    """Both variants in turn on one stack."""
    async with AsyncExitStack() as leaving:
        directory = leaving.enter_context(throwaway_directory())
        stack = await leaving.enter_async_context(EmbeddedStack(directory))
        await database.migrate(stack.owner_url)
        client = await connect(stack.settings(Settings(_env_file=None)))
        engine = database.make_engine(stack.database_url, pool_size=30)
        await product.add_staff(engine)
        variants = {name: Variant(client, engine, name) for name in WORKERS}
        servers = {"temporal": psutil.Process(stack.temporal.pid)}
        for name, program in WORKERS.items():
            own = process("-c", program, **stack.environment(), **_environment(name))
            servers[f"{name} worker"] = await leaving.enter_async_context(own)
        lives = {name: variant.live for name, variant in variants.items()}
        for live in lives.values():
            await rate(live, amount=2 * in_flight, in_flight=in_flight)
        sorts = {name: Sort(live) for name, live in lives.items()}
        found = await compare(sorts, servers, amount=amount, in_flight=in_flight, repeats=repeats)
        return {
            "local_over_regular": round(over(found, LOCAL, REGULAR), 2),
            **{
                name: {
                    "per_second": [round(one, 2) for one in found[name].rates],
                    "cpu_ms": {server: [round(one, 1) for one in spent] for server, spent in found[name].cpu.items()},
                    "next_task_ms": percentiles(variant.latencies),
                    **await variant.history(),
                }
                for name, variant in variants.items()
            },
        }


def _environment(name: str) -> dict[str, str]:
    """A worker as a release runs it, with what keeps the variants apart."""
    return {
        "DOORSTROOM_BUILD_ID": name,
        "DOORSTROOM_DEPLOYMENT_NAME": name,
        "DOORSTROOM_TEMPORAL_TASK_QUEUE": name,
        "DOORSTROOM_WORKFLOW_SANDBOX": "false",
        "DOORSTROOM_LOG_LEVEL": "WARNING",
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.recording", description=__doc__)
    parser.add_argument("--amount", type=int, default=100, help="dossiers of each variant per repeat")
    parser.add_argument("--in-flight", type=int, default=16, help="dossiers at once")
    parser.add_argument("--repeats", type=int, default=3, help="how often each variant has its turn")
    arguments = parser.parse_args()
    print(json.dumps(asyncio.run(measure(arguments.amount, arguments.in_flight, arguments.repeats)), indent=1))
