"""Verifications that an auditor asks for. One dossier is looked at at once; a whole fund in the background.

A verification that was asked for and not ended is taken up by whichever portal comes first, also after a restart.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import structlog
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from database import make_engine, transaction
from models.messages.words import Fund
from models.tables import VerificationRun
from portal.house import House
from verification import Verification, verify

MOST_FAULTS = 200
"""How many faults are kept of one verification; the command line tells them all."""
PAUSE = 10.0
log = structlog.get_logger("portal")


async def verified(engine: AsyncEngine, fund: Fund, by: str, dossier: str) -> Verification:
    """Verify one dossier now, and keep the result."""
    found = await verify(engine, number=dossier)
    now = datetime.now(UTC)
    async with transaction(engine) as connection:
        run = {"fund": fund, "dossier": dossier, "by": by, "at": now}
        await connection.execute(insert(VerificationRun).values(**run, **_result(found)))
    return found


async def ask(engine: AsyncEngine, fund: Fund, by: str) -> None:
    """Ask for a verification of a whole fund; while one is asked for already, that one is it."""
    async with transaction(engine) as connection:
        waits = select(col(VerificationRun.run)).where(
            col(VerificationRun.fund) == fund, col(VerificationRun.ended_at).is_(None)
        )
        if (await connection.execute(waits)).first() is None:
            run = {"fund": fund, "by": by, "at": datetime.now(UTC), "dossiers": 0, "events": 0, "faults": []}
            await connection.execute(insert(VerificationRun).values(**run))


class Verifier:
    """Carries out what was asked for, one fund at a time, in this process and beside others."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """There is something to do."""
        self._woken.set()

    @contextlib.asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Look at what was asked for while the block runs."""
        hand = asyncio.create_task(self._work())
        try:
            yield
        finally:
            hand.cancel()
            await asyncio.gather(hand, return_exceptions=True)

    async def _work(self) -> None:
        while True:
            try:
                while await self.step():
                    continue
            except OSError as fault:  # the database is away: it stays asked for
                log.warning("verification_waits", error=type(fault).__name__)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), PAUSE)
            self._woken.clear()

    async def step(self) -> bool:
        """Verify one fund under a lock that others skip; False when nothing was asked for."""
        async with transaction(self._house.engine) as connection:
            asked = select(col(VerificationRun.run), col(VerificationRun.fund)).where(
                col(VerificationRun.ended_at).is_(None)
            )
            first = asked.order_by(col(VerificationRun.run)).limit(1).with_for_update(skip_locked=True)
            run = (await connection.execute(first)).one_or_none()
            if run is None:
                return False
            url = self._house.settings.database_url
            assert url is not None, "a portal that is served has a database"
            found = await asyncio.to_thread(asyncio.run, _apart(url, run.fund))
            kept = update(VerificationRun).where(col(VerificationRun.run) == run.run)
            await connection.execute(kept.values(**_result(found)))
        return True


async def _apart(url: str, fund: str) -> Verification:
    """In a thread, with a connection of its own: hashing a fund's journal takes a while, and pages go on."""
    engine = make_engine(url, pool_size=1)
    try:
        return await verify(engine, fund=fund)
    finally:
        await engine.dispose()


def _result(found: Verification) -> dict[str, Any]:
    return {
        "dossiers": found.dossiers,
        "events": found.events,
        "faults": [fault.model_dump(mode="json") for fault in found.faults[:MOST_FAULTS]],
        "ended_at": datetime.now(UTC),
    }
