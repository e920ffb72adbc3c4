"""Mails leave the house here: claimed in the ledger before they are sent, and never sent blindly again."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
from temporalio import activity

from activities.sending import Addressee, Books, Claimed, MailServer, SendingDesk
from models.messages.words import Language, Party

OPEN_CLAIM = timedelta(seconds=60)
"""A claim older than this belongs to a sender that died; whether its mail left nobody knows."""
PAUSE = 2.0
"""Seconds without a mail after which the mail server is left and dead senders are looked for."""
GATHERING = 0.2
"""Seconds between the first mail that is planned and taking a handful: so a busy hour has full hands."""
HANDFUL = 20

_CLAIM = """
    UPDATE effect SET state = 'claimed', claimed_at = $1, claimed_by = $3, attempts = attempts + 1
    WHERE effect IN (
        SELECT effect FROM effect WHERE state = 'planned' AND not_before <= $1
        ORDER BY not_before, effect LIMIT $2 FOR UPDATE SKIP LOCKED
    )
    RETURNING *
"""
_CONTACTS = "SELECT * FROM contact WHERE dossier = ANY($1::varchar[])"
_STAFF = "SELECT email, language FROM staff_member WHERE fund = $1 AND $2 = ANY(roles) AND active ORDER BY person"
_DOUBT = """
    UPDATE effect SET
        state = CASE state WHEN 'sending' THEN 'unknown' ELSE 'planned' END,
        problem = CASE state WHEN 'sending' THEN 'the sender stopped while sending' END
    WHERE state IN ('claimed', 'sending') AND claimed_at < $1
"""


class PostRoom:
    """Sends what is planned, one mail at a time."""

    def __init__(self, pool: asyncpg.Pool, server: MailServer, sender_id: str) -> None:
        self._pool = pool
        self._server = server
        self._sender_id = sender_id
        self._books: Books = []

    @activity.defn
    async def deliver(self) -> None:
        """Send planned mails until this worker stops; PostgreSQL wakes it when one is planned.

        The connection to the mail server is kept until nothing was planned for a while.
        """
        sent = 0
        async with _announcements(self._pool) as announced, self._desk() as desk:
            leaving = asyncio.create_task(_ring_at_shutdown(announced))
            await self._clear_up()
            while not activity.is_worker_shutdown():
                activity.heartbeat(sent)
                announced.clear()
                sent += await self._send_due(desk, activity.heartbeat)
                try:
                    await asyncio.wait_for(announced.wait(), PAUSE)
                    await asyncio.sleep(GATHERING)
                except TimeoutError:
                    await desk.leave()
                    await self._clear_up()
            leaving.cancel()

    async def deliver_planned(self) -> int:
        """Send everything that is planned and due now; returns how many left the house."""
        async with self._desk() as desk:
            await self._clear_up()
            return await self._send_due(desk)

    async def _send_due(self, desk: SendingDesk, beat: Callable[..., None] = lambda *_: None) -> int:
        """Mails are taken in hand by the handful (`claimed`), and each is marked `sending` before the mail server hears
        of it: what a sender that died had only in hand is planned again, what it was sending nobody knows.
        """
        sent, beaten = 0, time.monotonic()
        await desk.close_books()
        while not _stopping() and (handful := await self._claim()):
            for effect in handful:
                if time.monotonic() - beaten > 1:
                    beat(sent)
                    beaten = time.monotonic()
                sent += await desk.send(effect)
            await desk.close_books()
            if len(handful) < HANDFUL:
                break
        return sent

    @asynccontextmanager
    async def _desk(self) -> AsyncIterator[SendingDesk]:
        desk = SendingDesk(self._pool, self._server, self._books)
        try:
            yield desk
        finally:
            await desk.leave()

    async def _claim(self) -> list[Claimed]:
        claimed = await self._pool.fetch(_CLAIM, datetime.now(UTC), HANDFUL, self._sender_id)
        contacts = await self._pool.fetch(_CONTACTS, [effect["dossier"] for effect in claimed]) if claimed else []
        known = {(contact["dossier"], contact["party"]): contact for contact in contacts}
        return [(effect := _read(row), await self._addressee(effect, known)) for row in claimed]

    async def _addressee(self, effect: dict[str, Any], contacts: Mapping[tuple[str, str], Any]) -> Addressee | None:
        if effect["party"] == Party.STAFF:
            people = await self._pool.fetch(_STAFF, effect["dossier"].split("-")[0], effect["role"])
            if not people:
                return None
            return Addressee("", Language(people[0]["language"]), tuple(person["email"] for person in people))
        contact = contacts.get((effect["dossier"], effect["party"]))
        if contact is None or not contact["email"]:
            return None
        return Addressee(contact["name"], Language(contact["language"]), (contact["email"],))

    async def _clear_up(self) -> None:
        """What a dead sender had in hand is planned again; what it was sending goes to a person."""
        await self._pool.execute(_DOUBT, datetime.now(UTC) - OPEN_CLAIM)


def _read(row: asyncpg.Record) -> dict[str, Any]:
    return {**row, "values": json.loads(row["values"])}


async def _ring_at_shutdown(announced: asyncio.Event) -> None:
    await activity.wait_for_worker_shutdown()
    announced.set()


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
            with contextlib.suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                await connection.remove_listener("effect_planned", ring)


def _stopping() -> bool:
    return activity.in_activity() and activity.is_worker_shutdown()
