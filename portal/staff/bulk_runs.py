"""Doing one thing with many tasks, in the background: kept task by task, so that a restart forgets and repeats nothing.

Every step takes one task that waits, under a lock that others skip, does what is asked through the one door everybody
uses, and writes down how it went in the same transaction that held the lock.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel import col
from temporalio.service import RPCError

from database import glance, transaction
from models.errors import Refusal
from models.messages.words import HandOverReason
from models.tables import BulkItem, BulkRun, TaskHold
from portal.language import marked as _
from portal.refusals import Refused
from portal.staff.grace import GRACE
from starter import Starter

PACE = timedelta(seconds=1)
"""What one answer takes at most, so that a whole run goes out together after the grace."""
AT_ONCE = 4
RETRY = 2.0
log = structlog.get_logger("portal")

NEXT = text(
    """SELECT item.run, item.place, item.task, item.to_person AS colleague, item.state, item.before, asked.person,
        asked.hand, asked.outcome, asked.reasons, asked.until, asked.to_person, asked.goes_out_at
    FROM bulk_item AS item JOIN bulk_run AS asked USING (run)
    WHERE item.state IN ('waiting', 'returning')
      AND (asked.state, item.state) IN (('running', 'waiting'), ('undoing', 'returning'))
    ORDER BY item.run, item.place LIMIT 1 FOR UPDATE OF item SKIP LOCKED"""
)
AFTER = {"running": "ended", "undoing": "undone"}


async def draft(
    engine: AsyncEngine, person: str, back: str, tasks: Iterable[tuple[str, str | None]], hand: str | None = None
) -> int:
    """Note which tasks somebody chose (each with the colleague who would get it); nothing happens yet."""
    async with transaction(engine) as connection:
        asked = insert(BulkRun).values(person=person, back=back, hand=hand, reasons=[], made_at=datetime.now(UTC))
        run = int((await connection.execute(asked.returning(col(BulkRun.run)))).scalar_one() or 0)
        rows = [
            {"run": run, "place": place, "task": task, "to_person": to, "state": "waiting"}
            for place, (task, to) in enumerate(tasks)
        ]
        if rows:
            await connection.execute(insert(BulkItem), rows)
    return run


async def run_of(engine: AsyncEngine, run: int, person: str) -> Any:
    """The run as its maker sees it; None for anybody else."""
    async with glance(engine) as connection:
        asked = select(BulkRun).where(col(BulkRun.run) == run, col(BulkRun.person) == person)
        return (await connection.execute(asked)).one_or_none()


async def items_of(engine: AsyncEngine, run: int) -> list[Any]:
    """Its tasks, in order, with what became of them."""
    async with glance(engine) as connection:
        asked = select(BulkItem).where(col(BulkItem.run) == run).order_by(col(BulkItem.place))
        return list((await connection.execute(asked)).all())


async def start(engine: AsyncEngine, run: int, person: str, **asked: Any) -> None:
    """Let a draft begin.

    Raises:
        Refusal: it began already, or it is another's.
    """
    now = datetime.now(UTC)
    async with transaction(engine) as connection:
        count = select(func.count()).select_from(BulkItem).where(col(BulkItem.run) == run)
        pace = PACE * int(await connection.scalar(count) or 0) / AT_ONCE
        begun = (
            update(BulkRun)
            .where(col(BulkRun.run) == run, col(BulkRun.person) == person, col(BulkRun.state) == "draft")
            .values(state="running", started_at=now, goes_out_at=now + GRACE + pace, **asked)
        )
        if (await connection.execute(begun.returning(col(BulkRun.run)))).scalar_one_or_none() is None:
            raise Refused("RunBegan", _("Dit is al begonnen. Ververs de bladzijde om te zien hoe ver het staat."))


async def stop(engine: AsyncEngine, run: int, person: str) -> None:
    """Leave alone what was not done yet; what was done stays done."""
    async with transaction(engine) as connection:
        halted = update(BulkRun).where(
            col(BulkRun.run) == run, col(BulkRun.person) == person, col(BulkRun.state) == "running"
        )
        if (await connection.execute(halted.values(state="stopped", ended_at=datetime.now(UTC)))).rowcount:
            rest = update(BulkItem).where(col(BulkItem.run) == run, col(BulkItem.state) == "waiting")
            await connection.execute(rest.values(state="skipped"))


async def take_back(engine: AsyncEngine, run: int, person: str) -> None:
    """Undo everything that was done, as far as that still can be.

    Raises:
        Refusal: it is not finished, was undone already, or is another's.
    """
    async with transaction(engine) as connection:
        undoing = update(BulkRun).where(
            col(BulkRun.run) == run, col(BulkRun.person) == person, col(BulkRun.state).in_(("ended", "stopped"))
        )
        if (await connection.execute(undoing.values(state="undoing", ended_at=None))).rowcount == 0:
            raise Refused("NothingToUndo", _("Er is niets om ongedaan te maken, of het is al aan de gang."))
        done = update(BulkItem).where(col(BulkItem.run) == run, col(BulkItem.state) == "done")
        await connection.execute(done.values(state="returning"))


class Runs:
    """Carries out what is started, in this process and beside others."""

    def __init__(self, engine: AsyncEngine, starter: Starter) -> None:
        self._engine = engine
        self._starter = starter
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """There is something to do."""
        self._woken.set()

    @contextlib.asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Carry out runs while the block runs; what waited for a process is taken up at once."""
        hands = [asyncio.create_task(self._work()) for _ in range(AT_ONCE)]
        try:
            yield
        finally:
            for hand in hands:
                hand.cancel()
            await asyncio.gather(*hands, return_exceptions=True)

    async def _work(self) -> None:
        while True:
            try:
                while await self.step():
                    continue
            except (RPCError, OSError) as fault:  # it waits under its lock's end, and is tried again
                log.warning("bulk_waits", error=type(fault).__name__)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), RETRY)
            self._woken.clear()

    async def step(self) -> bool:
        """Do one task; False when none waits."""
        async with transaction(self._engine) as connection:
            item = (await connection.execute(NEXT)).one_or_none()
            if item is not None:
                became = await (self._do(connection, item) if item.state == "waiting" else self._return(item))
                where = (col(BulkItem.run) == item.run, col(BulkItem.place) == item.place)
                await connection.execute(update(BulkItem).where(*where).values(**became))
        await self._finish()
        return item is not None

    async def _do(self, connection: AsyncConnection, item: Any) -> dict[str, Any]:
        before = await connection.scalar(select(col(TaskHold.person)).where(col(TaskHold.task) == item.task))
        try:
            await self._act(item)
        except Refusal as refusal:
            return {"state": "refused", "why": refusal.message, "code": refusal.code}
        return {"state": "done", "before": before}

    async def _act(self, item: Any) -> None:
        starter, task, person = self._starter, item.task, item.person
        match item.hand:
            case "claim":
                await starter.claim(task, person)
            case "release":
                await starter.release(task, person)
            case "snooze":
                await starter.snooze(task, person, item.until)
            case "assign":
                to = item.colleague or item.to_person
                await starter.reassign(task, person, to, reason=HandOverReason.WORKLOAD)
            case "complete":
                grace = max(item.goes_out_at - datetime.now(UTC), timedelta(minutes=1))
                await starter.complete(task, person, item.outcome, reasons=tuple(item.reasons), grace=grace)
            case _:
                raise Refusal("NoHand", "Zeg wat er met de taken moet gebeuren.")

    async def _return(self, item: Any) -> dict[str, Any]:
        """Take back one act; what was so before stays so."""
        starter, task, person = self._starter, item.task, item.person
        try:
            match item.hand:
                case "claim" if item.before is None:
                    await starter.release(task, person)
                case "release" if item.before == person:
                    await starter.claim(task, person)
                case "snooze":
                    await starter.wake(task, person)
                case "assign" if item.before is None:
                    await starter.release(task, item.colleague or item.to_person)
                case "assign":
                    await starter.reassign(task, person, item.before)
                case "complete":
                    await starter.undo(task, person)
        except Refusal as refusal:
            return {"state": "kept", "why": refusal.message, "code": refusal.code}
        return {"state": "returned"}

    async def _finish(self) -> None:
        """Close the runs that have nothing left to do."""
        async with transaction(self._engine) as connection:
            for state, over in AFTER.items():
                left = select(BulkItem).where(
                    col(BulkItem.run) == col(BulkRun.run), col(BulkItem.state).in_(("waiting", "returning"))
                )
                ended = update(BulkRun).where(col(BulkRun.state) == state, ~left.exists())
                await connection.execute(ended.values(state=over, ended_at=datetime.now(UTC)))
