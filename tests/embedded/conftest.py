"""A directory per test, and what stands in the way of a server there."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from embedded import EmbeddedPostgres, throwaway_directory


@pytest.fixture
def directory() -> Iterator[Path]:
    """A state directory that PostgreSQL's user may enter."""
    with throwaway_directory() as place:
        yield place


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port on loopback another program listens on."""
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        yield stranger.getsockname()[1]


@pytest.fixture(scope="session")
def made_directory() -> Iterator[Path]:
    """A state directory in which PostgreSQL ran once: making its data is the slow part of a start."""

    async def make(directory: Path) -> None:
        async with EmbeddedPostgres(directory, fsync=False):
            pass

    with throwaway_directory() as place, ThreadPoolExecutor(1) as elsewhere:
        elsewhere.submit(asyncio.run, make(place)).result()  # this thread's loop is already running
        yield place


@pytest.fixture
def used_directory(directory: Path, made_directory: Path) -> Path:
    """This test's own copy of a directory that was used before."""
    subprocess.run(["cp", "-a", str(made_directory / "postgres"), str(directory)], check=True)
    return directory


@pytest.fixture
def zombie() -> Iterator[int]:
    """The process id of a child that ended and that nobody asked about yet."""
    child = subprocess.Popen(["true"])
    while psutil.Process(child.pid).status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.005)
    yield child.pid
    child.wait()
