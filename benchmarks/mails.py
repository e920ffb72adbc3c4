"""The post room beside the dossiers: closed while they are timed and then opened until every mail has left, or open.

Run as a process of its own it is the mail server: the world outside, which is nobody's driver.
"""

import asyncio
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import psutil
from temporalio.client import Client

from benchmarks.comparison import cpu
from embedded import EmbeddedMail
from settings import Settings
from worker import open_post_room
from workflows.post_room import POST_ROOM

LAST_BEAT = 10.0
"""Seconds within which a sender hears that it is to stop: it tells Temporal no sooner that it lives."""
_WAITING = "SELECT count(*) FROM effect WHERE state IN ('planned', 'claimed', 'sending')"


@dataclass
class Mails:
    """Opens and closes the post room, and counts what a mail costs."""

    client: Client
    settings: Settings
    pool: asyncpg.Pool
    servers: Mapping[str, psutil.Process]
    per_mail: dict[str, list[float]] = field(default_factory=dict)
    """CPU milliseconds of each server for one mail, once per time that the room was opened."""
    delivered: int = 0

    async def close(self) -> None:
        """Let the one sender stop."""
        await self.client.get_workflow_handle(POST_ROOM).terminate("the dossiers are timed alone")
        await asyncio.sleep(LAST_BEAT)

    async def open(self) -> None:
        """Open the room and wait until every mail that was planned has left.

        Raises:
            RuntimeError: mails left while the room was closed, or one did not leave.
        """
        planned = await self.pool.fetchval("SELECT count(*) FROM effect WHERE state = 'planned'")
        if planned != await self.pool.fetchval("SELECT count(*) FROM effect WHERE state <> 'sent'"):
            raise RuntimeError("the post room was not closed")
        before = {server: cpu(one) for server, one in self.servers.items()}
        await open_post_room(self.client, self.settings)
        await self.emptied()
        for server, one in self.servers.items():
            self.per_mail.setdefault(server, []).append((cpu(one) - before[server]) * 1000 / max(planned, 1))
        self.delivered += planned

    async def emptied(self) -> None:
        """Wait until every mail has left.

        Raises:
            RuntimeError: one did not leave.
        """
        while await self.pool.fetchval(_WAITING):
            await asyncio.sleep(0.2)
        if await self.pool.fetchval("SELECT count(*) FROM effect WHERE state <> 'sent'"):
            raise RuntimeError("a mail did not leave")


async def catch(directory: Path, port: int) -> None:
    """Catch mails until told to stop."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with EmbeddedMail(directory, port=port):
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(catch(Path(sys.argv[1]), int(sys.argv[2])))
