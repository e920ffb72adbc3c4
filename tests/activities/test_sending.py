"""One mail at the mail server: in the ledger before the server hears of it, and after that what the server said."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest
from aiosmtpd.controller import Controller

from embedded.refusals import free_port


async def test_a_mail_is_in_hand_before_the_mail_server_hears_of_it(room_at: Any, plan: Any, state: Any) -> None:
    """The server looks into the ledger at the moment it gets the mail."""
    seen: list[str] = []
    loop = asyncio.get_running_loop()

    class Looking:
        async def handle_DATA(self, *_: Any) -> str:  # noqa: N802 - the name that aiosmtpd calls
            future = asyncio.run_coroutine_threadsafe(state(effect), loop)
            seen.append((await asyncio.wrap_future(future))[0])
            return "250 OK"

    effect = await plan()
    async with smtp_server(Looking()) as port:
        await room_at(port).deliver_planned()

    assert seen == ["sending"]
    assert await state(effect) == ("sent", 1)


class Answering:
    """Answers the address or the content of every mail in one way."""

    def __init__(self, at: str, answer: str) -> None:
        self._at, self._answer = at, answer

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if self._at == "address":
            return self._answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, *_: Any) -> str:  # noqa: N802
        return self._answer


@asynccontextmanager
async def smtp_server(handler: Any) -> AsyncIterator[int]:
    server = Controller(handler, hostname="127.0.0.1", port=free_port())
    await asyncio.to_thread(server.start)
    try:
        yield server.port
    finally:
        await asyncio.to_thread(server.stop)


ANSWERS = {
    "an address that does not exist": ("address", "550 no such person", "refused"),
    "a mailbox that is full": ("address", "452 try again later", "planned"),
    "content that is not wanted": ("content", "554 spam", "refused"),
    "a server that is busy": ("content", "451 busy", "planned"),
}


@pytest.mark.parametrize(("at", "answer", "expected"), ANSWERS.values(), ids=ANSWERS.keys())
async def test_what_the_mail_server_says_decides(
    pool: asyncpg.Pool, room_at: Any, plan: Any, state: Any, at: str, answer: str, expected: str
) -> None:
    effect = await plan()
    async with smtp_server(Answering(at, answer)) as port:
        assert await room_at(port).deliver_planned() == 0

    assert await state(effect) == (expected, 1)
    assert await pool.fetchval("SELECT problem FROM effect") == answer[:3]


async def test_a_connection_lost_while_sending_leaves_a_mail_in_doubt(room_at: Any, plan: Any, state: Any) -> None:
    """The server took the content and vanished before it answered: it may have the mail, it may not."""

    async def vanish(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := (await reader.readline()).upper():
            if line == b".\r\n":
                break
            writer.write(b"354 go on\r\n" if line.startswith(b"DATA") else b"250 OK\r\n") if line[
                :4
            ] in _VERBS else None
        writer.close()

    effect = await plan()
    server = await asyncio.start_server(vanish, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        room = room_at(port)
        assert await room.deliver_planned() == 0
        assert (await state(effect))[0] == "unknown"
        assert await room.deliver_planned() == 0

    assert await state(effect) == ("unknown", 1)


_VERBS = (b"EHLO", b"MAIL", b"RCPT", b"DATA", b"RSET", b"NOOP")
