"""Replays histories on the code as it is: `python -m tests.replay.replay FILE...`, from the root of the project.

A file is what `temporal workflow show --output json` writes; encrypted ones need DOORSTROOM_PAYLOAD_KEYS. Says of each
whether it goes the same way, and ends with code 1 when one does not.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner, WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

import logs
from connection import data_converter
from settings import Settings, current_settings
from worker import PASSED_THROUGH
from workflows import EVERY


def replayer(workflows: Iterable[type[Any]], settings: Settings, *, sandboxed: bool = True) -> Replayer:
    """Replays as a worker of this code would, in the sandbox or without."""
    restrictions = SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH)
    runner: WorkflowRunner = UnsandboxedWorkflowRunner()
    if sandboxed:
        runner = SandboxedWorkflowRunner(restrictions=restrictions)
    return Replayer(workflows=list(workflows), data_converter=data_converter(settings), workflow_runner=runner)


def history(path: Path) -> WorkflowHistory:
    """A stored history."""
    return WorkflowHistory.from_json(path.stem, path.read_text("utf-8"))


async def replay(paths: Iterable[Path], settings: Settings) -> int:
    """Replay each file and say how it went; returns how many went another way."""
    failed = 0
    for path in paths:
        found = await replayer(EVERY, settings).replay_workflow(history(path), raise_on_replay_failure=False)
        failed += found.replay_failure is not None
        print(f"{path.name}: {found.replay_failure or 'goes the same way'}")
    return failed


if __name__ == "__main__":
    logs.configure("text", "CRITICAL")
    sys.exit(min(asyncio.run(replay(map(Path, sys.argv[1:]), current_settings())), 1))
