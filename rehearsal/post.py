"""The post of a rehearsal on one calendar: the clock of the house, and waiting until a day's messages have left.

Where a sender fell with a message in its hands, somebody looks whether it arrived, as in a real house.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Collection
from datetime import date, datetime

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

import doubts
from models.errors import Refusal
from models.messages.words import Role
from rehearsal.patience import patiently
from schemes.reaching import Channel, mark_of

LOOK_AGAIN = 0.05
PATIENCE = 180.0
"""Seconds in which the post of a day has to leave."""
_STANDS = """
    INSERT INTO house_clock (one, moment) VALUES (true, $1)
    ON CONFLICT (one) DO UPDATE SET moment = $1
"""
_IN_DOUBT = """
    SELECT effect, split_part(dossier, '-', 1) AS fund, channel, recipient FROM effect WHERE state = 'unknown'
    ORDER BY effect
"""
_LEFT_BEHIND = "SELECT EXISTS (SELECT FROM effect WHERE state IN ('planned', 'claimed', 'sending'))"


class Post:
    """What leaves the house, seen from outside. `arrived` tells the marks of all that servers outside ever took."""

    def __init__(self, pool: asyncpg.Pool, engine: AsyncEngine, arrived: Callable[[], Collection[str]]) -> None:
        self.pool = pool
        self.settled = 0
        """Messages of which a person had to say whether they left."""
        self._engine = engine
        self._arrived = arrived

    async def stands_on(self, moment: datetime) -> None:
        """Put the clock of the house on a moment."""
        await patiently(lambda: self.pool.execute(_STANDS, moment))

    async def leaves(self, today: date) -> None:
        """Wait until everything that was planned on this day has left: a rehearsed message never waits for its hour.
        What is in doubt is settled.

        Raises:
            TimeoutError: it does not leave.
        """
        until = time.monotonic() + PATIENCE
        while await patiently(lambda: self.pool.fetchval(_LEFT_BEHIND)) or await self.settle():
            if time.monotonic() > until:
                raise TimeoutError(f"the post of {today} does not leave")
            await asyncio.sleep(LOOK_AGAIN)

    async def settle(self) -> int:
        """Look up every message that is in doubt; how many there were."""
        found = await patiently(lambda: self.pool.fetch(_IN_DOUBT))
        arrived = await asyncio.to_thread(self._arrived) if found else ()
        for row in found:
            mark = mark_of(row["effect"], row["recipient"] if row["channel"] == Channel.SMS else None)
            who, fund = f"{row['fund']}-{Role.INTAKE}-1", row["fund"]
            with contextlib.suppress(Refusal):  # its own sender came back, and knew
                await doubts.settle(self._engine, row["effect"], who, [fund], arrived=mark in arrived)
        self.settled += len(found)
        return len(found)
