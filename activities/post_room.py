"""Mails leave the house here: claimed in the ledger before they are sent, and never sent blindly again."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
from temporalio import activity

from activities.addressing import Addressing
from activities.books import Books
from activities.carriers import Addressee, Carrier, Claimed, Paper
from activities.letters import LetterDesk
from activities.sending import MailServer, SendingDesk
from activities.waiting_room import WaitingRoom
from database import LOST
from schemes.reaching import Channel

OPEN_CLAIM = timedelta(seconds=60)
"""A claim older than this belongs to a sender that died; whether its mail left nobody knows."""
PAUSE = 2.0
"""Seconds without a mail after which the mail server is left and dead senders are looked for."""
GATHERING = 0.2
"""Seconds between the first mail that is planned and taking a handful: so a busy hour has full hands."""
BEAT = 3.0
"""Seconds between two signs of life, also while one message takes long."""
HANDFUL = 20
PER_MINUTE = 60
SERVER_IS_AWAY = timedelta(seconds=30)
"""Until when messages that are late wait for a mail server that does not answer."""

_CLAIM = """
    UPDATE effect SET state = 'claimed', claimed_at = $1, claimed_by = $3, attempts = attempts + 1
    WHERE effect IN (
        SELECT effect FROM effect WHERE state = 'planned' AND not_before <= $1
        ORDER BY not_before, effect LIMIT $2 FOR UPDATE SKIP LOCKED
    )
    RETURNING *
"""
_CLAIM_HELD_UP = """
    UPDATE effect SET state = 'claimed', claimed_at = $1, claimed_by = $2, attempts = attempts + 1
    WHERE effect IN (
        SELECT effect FROM effect
        WHERE state = 'planned' AND party = 'participant' AND (not_before <= $1 OR left_at < $1 - interval '1 hour')
        FOR UPDATE SKIP LOCKED
    )
    RETURNING *
"""
"""Also what waits for another attempt: it goes in its place."""
_DOUBT = """
    UPDATE effect SET
        state = CASE state WHEN 'sending' THEN 'unknown' ELSE 'planned' END,
        problem = CASE state WHEN 'sending' THEN 'the sender stopped while sending' END
    WHERE state IN ('claimed', 'sending') AND claimed_at < $1
"""


class PostRoom:
    """Sends what is planned, one message at a time."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        server: MailServer,
        sender_id: str,
        *,
        carriers: Mapping[Channel, Carrier] | None = None,
        per_minute: int = PER_MINUTE,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`carriers` are the ways out besides mail and paper; `per_minute` is how many messages leave for participants
        in a minute at most; `now` is the clock on the wall.
        """
        self._pool = pool
        self._server = server
        self._sender_id = sender_id
        self._now = now
        self._carriers = {Channel.LETTER: Paper(LetterDesk(pool, server.portal)), **(carriers or {})}
        self._addressing = Addressing(pool, self._carriers)
        self._waiting = WaitingRoom(pool, sender_id, per_minute, now)
        self._books = Books(pool, now, {Channel.EMAIL, *self._carriers})

    @activity.defn
    async def deliver(self) -> None:
        """Send planned mails until this worker stops; PostgreSQL wakes it when one is planned.

        The connection to the mail server is kept until nothing was planned for a while.
        """
        async with _announcements(self._pool) as announced, self._desk() as desk, _beside(_beat(), _ring(announced)):
            await self._waiting.open()
            await self._clear_up()
            while not activity.is_worker_shutdown():
                announced.clear()
                await self._send_due(desk)
                try:
                    await asyncio.wait_for(announced.wait(), PAUSE)
                    await asyncio.sleep(GATHERING)
                except TimeoutError:
                    self._waiting.tell()
                    await desk.leave()
                    await self._clear_up()
            self._waiting.tell()

    async def deliver_planned(self) -> int:
        """Send everything that is planned and due now; returns how many left the house."""
        async with self._desk() as desk:
            await self._waiting.open()
            await self._clear_up()
            sent = await self._send_due(desk)
            self._waiting.tell()
            return sent

    async def _send_due(self, desk: SendingDesk) -> int:
        """Mails are taken in hand by the handful (`claimed`), and each is marked `sending` before the mail server hears
        of it: what a sender that died had only in hand is planned again, what it was sending nobody knows.
        """
        sent, more = 0, True
        await desk.close_books()
        await self._waiting.look()
        while more and not _stopping():
            handful, more = await self._claim(desk)
            for one in handful:
                sent += await desk.send(one)
            await desk.close_books()
        return sent

    @asynccontextmanager
    async def _desk(self) -> AsyncIterator[SendingDesk]:
        desk = SendingDesk(self._pool, self._server, self._books, self._carriers)
        try:
            yield desk
        finally:
            await desk.leave()

    async def _claim(self, desk: SendingDesk) -> tuple[list[Claimed], bool]:
        """Messages that may leave now, and whether more are due."""
        claimed = await self._in_hand(_CLAIM, self._now(), HANDFUL, self._sender_id)
        more = len(claimed) == HANDFUL
        waiting = [(effect, to) for effect, to in claimed if isinstance(to, Addressee) and to.person]
        if not waiting:
            return claimed, more
        others = [one for one in claimed if not isinstance(one[1], Addressee) or not one[1].person]
        if any(self._waiting.is_late(*one) for one in waiting):
            if not await desk.answers():
                await self._waiting.hold(waiting, SERVER_IS_AWAY)
                return others, more
            held_up = await self._in_hand(_CLAIM_HELD_UP, self._now(), self._sender_id)
            waiting += [(effect, to) for effect, to in held_up if isinstance(to, Addressee)]
            others += [one for one in held_up if not isinstance(one[1], Addressee)]
            more = True
        return others + list(await self._waiting.ready(waiting, HANDFUL)), more

    async def _in_hand(self, claim: str, *values: object) -> list[Claimed]:
        rows = await self._pool.fetch(claim, *values)
        return await self._addressing.of([_read(row) for row in rows], self._now())

    async def _clear_up(self) -> None:
        """What a dead sender had in hand is planned again; what it was sending goes to a person."""
        await self._pool.execute(_DOUBT, self._now() - OPEN_CLAIM)


def _read(row: asyncpg.Record) -> dict[str, Any]:
    return {**row, "values": json.loads(row["values"])}


async def _beat() -> None:
    while True:
        activity.heartbeat()
        await asyncio.sleep(BEAT)


async def _ring(announced: asyncio.Event) -> None:
    """Wake who waits for mails when this worker stops."""
    await activity.wait_for_worker_shutdown()
    announced.set()


@asynccontextmanager
async def _beside(*works: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """What goes on as long as this does, and no longer."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()


@asynccontextmanager
async def _announcements(pool: asyncpg.Pool) -> AsyncIterator[asyncio.Event]:
    """An event that PostgreSQL sets when a mail is planned."""
    announced = asyncio.Event()

    def ring(*_: object) -> None:
        announced.set()

    async with pool.acquire() as connection:
        await connection.add_listener("effect_planned", ring)
        try:
            yield announced
        finally:
            with contextlib.suppress(*LOST, OSError):
                await connection.remove_listener("effect_planned", ring)


def _stopping() -> bool:
    return activity.in_activity() and activity.is_worker_shutdown()
