"""A server as a child process: started apart from our terminal, stopped politely, found again after we were killed."""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

_GLANCE_SECONDS = 0.02


@dataclass(frozen=True)
class Account:
    """The user a server runs as when we are root."""

    name: str
    uid: int
    gid: int


class ServerProcess:
    """One running child in a session of its own, so that Ctrl-C in our terminal reaches us and not the server."""

    def __init__(self, command: Sequence[str], *, log: Path, cwd: Path, account: Account | None = None) -> None:
        """Start `command`; what it writes is appended to `log`.

        Where the system can, the server is told to stop when the thread that started it is gone, so when we are killed.
        """
        with log.open("ab") as output:
            self._log_start = output.tell()
            self._child = subprocess.Popen(
                [*ending_with_us(), *command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=cwd,
                env=plain_environment(),
                start_new_session=True,
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
            )
        self._log = log

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def alive(self) -> bool:
        """Whether it runs; a child that died is buried here, so a zombie is not taken for a server."""
        return self._child.poll() is None

    async def ended(self) -> int:
        """Wait until it ends by itself; its exit code."""
        await _until(lambda: not self.alive)
        return self._child.wait()

    def said(self) -> str:
        """What this process wrote to its log."""
        with self._log.open("rb") as log:
            log.seek(self._log_start)
            return log.read().decode(errors="replace")

    async def stop(self, polite: signal.Signals, *, patience: float = 30.0) -> None:
        """Send `polite`, wait `patience` seconds, then kill; returns when the process is gone."""
        for sign in (polite, signal.SIGKILL):
            if not self.alive:
                return
            self._child.send_signal(sign)
            await _until(lambda: not self.alive, patience)


def plain_environment() -> dict[str, str]:
    """What a server needs to know of our environment: nothing secret, nothing that changes its language."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC", "HOME": "/nonexistent"}


def ending_with_us() -> list[str]:
    """Words before a command that make the system interrupt it at our death; none where the system lacks them."""
    program = shutil.which("setpriv")
    return [program, "--pdeathsig", "SIGINT"] if program else []


def command_of(pid: int) -> str | None:
    """The command line of a live process, or None when there is none (a zombie has none either)."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip() or None
    except OSError:
        if Path("/proc/self").exists():
            return None
    listing = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return listing.stdout.strip() or None


async def stop_orphan(pid: int, mark: str, polite: signal.Signals, *, patience: float = 30.0) -> None:
    """Stop a server an earlier run of ours left behind: only when the command line of `pid` contains `mark`.

    Process numbers are used again, so a number in a file proves nothing by itself.
    """

    def gone() -> bool:
        return mark not in (command_of(pid) or "")

    for sign in (polite, signal.SIGKILL):
        if gone():
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, sign)
        await _until(gone, patience)


async def _until(reached: Callable[[], bool], seconds: float = math.inf) -> None:
    """Wait for something outside Python, which cannot set an event for us."""
    until = time.monotonic() + seconds
    while not reached() and time.monotonic() < until:
        await asyncio.sleep(_GLANCE_SECONDS)
