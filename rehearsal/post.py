"""The post of a rehearsal on one calendar: the clock of the house, and waiting until a day's messages have left."""

import asyncio
import time
from datetime import date, datetime

import asyncpg

from rehearsal.patience import patiently

LOOK_AGAIN = 0.05
PATIENCE = 180.0
"""Seconds in which the post of a day has to leave."""
_STANDS = """
    INSERT INTO house_clock (one, moment) VALUES (true, $1)
    ON CONFLICT (one) DO UPDATE SET moment = $1
"""
_LEFT_BEHIND = "SELECT EXISTS (SELECT FROM effect WHERE state IN ('planned', 'claimed', 'sending'))"


class Post:
    """What leaves the house, seen from outside."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self.pool = pool

    async def stands_on(self, moment: datetime) -> None:
        """Put the clock of the house on a moment."""
        await patiently(lambda: self.pool.execute(_STANDS, moment))

    async def leaves(self, today: date) -> None:
        """Wait until everything that was planned on this day has left: a rehearsed message never waits for its hour.

        Raises:
            TimeoutError: it does not leave.
        """
        until = time.monotonic() + PATIENCE
        while await patiently(lambda: self.pool.fetchval(_LEFT_BEHIND)):
            if time.monotonic() > until:
                raise TimeoutError(f"the post of {today} does not leave")
            await asyncio.sleep(LOOK_AGAIN)
