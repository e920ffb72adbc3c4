from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from embedded import EmbeddedRefusal, EmbeddedStack, Ports
from settings import Settings

HOUSE = Path(__file__).resolve().parents[2]

A_RUN = """
import asyncio, json, sys
from pathlib import Path
from embedded import EmbeddedStack

async def main():
    async with EmbeddedStack(Path(sys.argv[1]), temporal_in_memory=True) as stack:
        print(json.dumps([stack.postgres.pid, stack.temporal.pid]), flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""


def run_until(end: signal.Signals, directory: Path, path: str = os.environ["PATH"]) -> list[psutil.Process]:
    """Run the stack in a process of its own, end that with a signal, and give its two servers."""
    with subprocess.Popen(
        [sys.executable, "-c", A_RUN, str(directory)],
        cwd=HOUSE,
        env=os.environ | {"PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as run:
        assert run.stdout is not None
        servers = [psutil.Process(pid) for pid in json.loads(run.stdout.readline())]
        run.send_signal(end)
        if end == signal.SIGTERM:
            time.sleep(0.02)
            run.send_signal(end)  # as `timeout` and process supervisors do; the stop must go on
        run.wait(timeout=20)
    return servers


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_ending_a_run_ends_its_servers(used_directory: Path, end: signal.Signals) -> None:
    servers = run_until(end, used_directory)
    assert not any(server.is_running() for server in servers)


def test_kill_9_of_ours_ends_the_servers_where_the_system_can(used_directory: Path) -> None:
    can = shutil.which("setpriv") is not None
    servers = run_until(signal.SIGKILL, used_directory)
    ended, left = psutil.wait_procs(servers, timeout=10 if can else 0)
    assert len(ended) == (2 if can else 0)
    for server in left:
        server.kill()


async def test_a_run_after_kill_9_of_ours_takes_over_the_servers_left_behind(used_directory: Path) -> None:
    left_behind = run_until(signal.SIGKILL, used_directory, path="")  # without setpriv they do not notice our death
    assert all(server.is_running() for server in left_behind)
    async with EmbeddedStack(used_directory, temporal_in_memory=True) as stack:
        assert stack.postgres is not None
        assert not any(server.is_running() and server.status() != psutil.STATUS_ZOMBIE for server in left_behind)
        assert psutil.pid_exists(stack.postgres.pid)
        assert psutil.pid_exists(stack.temporal.pid)


async def test_a_refusal_leaves_nothing_running(used_directory: Path, taken_port: int) -> None:
    with pytest.raises(EmbeddedRefusal, match=str(taken_port)):
        await EmbeddedStack(used_directory, ports=Ports(mail=taken_port), temporal_in_memory=True).start()
    children = {child.name() for child in psutil.Process().children() if child.cwd().startswith(str(used_directory))}
    assert children == set()


async def test_a_database_that_is_named_goes_first(directory: Path) -> None:
    named = "postgresql+asyncpg://app:geheim@db.example/doorstroom"
    async with EmbeddedStack(directory, database_url=named, temporal_in_memory=True) as stack:
        settings = stack.settings(Settings(database_url=None))
        assert stack.postgres is None
        assert not (directory / "postgres").exists()
        assert (settings.database_url, settings.migration_url) == (named, named)
        assert settings.temporal_address == stack.temporal.address
        assert settings.smtp_port == stack.mail.port
        assert stack.environment()["DOORSTROOM_DATABASE_URL"] == named


def test_every_setting_a_sentence_names_exists() -> None:
    names = {f"DOORSTROOM_{name.upper()}" for name in Settings.model_fields}
    source = "".join(file.read_text() for file in (HOUSE / "embedded").glob("*.py"))
    named = set(re.findall(r"DOORSTROOM_[A-Z_]+", source))
    assert len(named) > 5
    assert named <= names
