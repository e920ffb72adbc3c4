"""What Temporal alone costs for the same human steps: two bare workflows without a database, rules or audit.

Run as a process of its own it is their worker, as `worker.py` is the product's.
"""

import asyncio
import signal
import sys
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import ApplicationError
from temporalio.worker import PollerBehaviorAutoscaling, UnsandboxedWorkflowRunner, Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

QUEUE = "floors"


@activity.defn
async def trivial(step: int) -> int:
    """An activity that does nothing: the least one can ask of Temporal."""
    return step


class _Floor:
    """A start, four human steps with a validator, each followed by one activity; ends after the last."""

    def __init__(self) -> None:
        self.asked = 0
        self.stored = 0

    async def steps(self, total: int) -> int:
        for step in range(total + 1):
            await workflow.wait_condition(lambda step=step: self.asked >= step)  # type: ignore[misc]
            await self.one(step)
            self.stored = step + 1
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self.stored

    async def one(self, step: int) -> None:
        """The activity of a step."""
        raise NotImplementedError

    @workflow.update
    async def act(self, step: int) -> int:
        """A person acts; the answer comes when the step's activity is done."""
        self.asked = step
        await workflow.wait_condition(lambda: self.stored > step)
        return step

    @act.validator
    def _may_act(self, step: int) -> None:
        if step != self.asked + 1:
            raise ApplicationError("not now")


@workflow.defn(name="RegularFloor")
class RegularFloor(_Floor):
    """One trivial regular activity per step."""

    async def one(self, step: int) -> None:
        """A regular activity."""
        await workflow.execute_activity(trivial, step, start_to_close_timeout=timedelta(seconds=10))

    @workflow.run
    async def run(self, total: int) -> int:
        """Live `total` human steps."""
        return await self.steps(total)


@workflow.defn(name="LocalFloor")
class LocalFloor(_Floor):
    """The leanest there is: one trivial local activity per step."""

    async def one(self, step: int) -> None:
        """A local activity."""
        await workflow.execute_local_activity(trivial, step, start_to_close_timeout=timedelta(seconds=10))

    @workflow.run
    async def run(self, total: int) -> int:
        """Live `total` human steps."""
        return await self.steps(total)


FLOORS: Sequence[type[Any]] = (RegularFloor, LocalFloor)


async def work(address: str, *, sandbox: bool) -> None:
    """Work until told to stop, with the pollers, the slots and the sandbox (or none) of the product's worker."""
    client = await Client.connect(address, data_converter=pydantic_data_converter)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with Worker(
        client,
        task_queue=QUEUE,
        workflows=FLOORS,
        activities=[trivial],
        workflow_runner=SandboxedWorkflowRunner() if sandbox else UnsandboxedWorkflowRunner(),
        max_concurrent_workflow_tasks=40,
        max_concurrent_activities=20,
        max_concurrent_local_activities=20,
        workflow_task_poller_behavior=PollerBehaviorAutoscaling(),
        activity_task_poller_behavior=PollerBehaviorAutoscaling(),
    ):
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], sandbox="--sandbox" in sys.argv))
