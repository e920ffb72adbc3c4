"""The product's worker as a process of its own on the one-machine stack, so that it can die alone."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from embedded.process import ending_with_us
from embedded.stack import EmbeddedStack

HOUSE = Path(__file__).resolve().parent.parent
GRACE_SECONDS = 40.0
"""A little longer than the worker gives what runs."""


class EmbeddedWorker:
    """Starts `worker.py` with its build made current, and starts it again when it ended by itself."""

    program = HOUSE / "worker.py"

    def __init__(self, stack: EmbeddedStack, directory: Path, **settings: str) -> None:
        self._environment = {**os.environ, **stack.environment(), **settings}
        self._log = directory / "worker.log"
        self._child: asyncio.subprocess.Process | None = None
        self._watch: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int:
        """The process, for who wants to kill it."""
        assert self._child is not None
        return self._child.pid

    async def start(self) -> None:
        """Start it, and watch over it."""
        await self._launch()
        self._watch = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """Let it finish what runs, then end it."""
        if self._watch is not None:
            self._watch.cancel()
        if self._child is None or self._child.returncode is not None:
            return
        self._child.terminate()
        try:
            await asyncio.wait_for(self._child.wait(), GRACE_SECONDS)
        except TimeoutError:
            self._child.kill()
            await self._child.wait()

    async def fall(self) -> None:
        """Die in the middle of what runs, and stay down until it is started again."""
        if self._watch is not None:
            self._watch.cancel()
        if self._child is not None and self._child.returncode is None:
            self._child.kill()
            await self._child.wait()

    async def _launch(self) -> None:
        with self._log.open("ab") as log:
            self._child = await asyncio.create_subprocess_exec(
                *ending_with_us(),
                sys.executable,
                str(self.program),
                "--promote",
                cwd=HOUSE,
                env=self._environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    async def _keep(self) -> None:
        while self._child is not None:
            await self._child.wait()
            await asyncio.sleep(0.2)
            await self._launch()

    async def __aenter__(self) -> EmbeddedWorker:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()
