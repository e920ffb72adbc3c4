"""One mail at the mail server: in the ledger before the server hears of it, and after that what the server said."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from structlog.testing import capture_logs
from temporalio.testing import ActivityEnvironment

from activities import post_room
from activities.books import Books, Ended
from activities.carriers import Addressee, Outcome
from activities.post_room import PostRoom
from activities.sending import MailServer
from embedded import EmbeddedMail
from embedded.refusals import free_port
from models.messages.words import Language
from schemes.reaching import Channel
from tests.activities.conftest import FOLLOWED
from tests.patience import patient


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
    """Answers the hello, the sender, the address or the content of every mail in one way."""

    def __init__(self, at: str, answer: str) -> None:
        self._at, self._answer = at, answer

    def _says(self, at: str) -> str:
        return self._answer if self._at == at else "250 OK"

    async def handle_EHLO(self, _server: Any, session: Any, _envelope: Any, host: str, says: list[str]) -> list[str]:  # noqa: N802
        session.host_name = host
        return [self._answer] if self._at == "hello" else says

    async def handle_MAIL(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        envelope.mail_from = address
        return self._says("sender")

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        envelope.rcpt_tos.append(address)
        return self._says("address")

    async def handle_DATA(self, *_: Any) -> str:  # noqa: N802
        return self._says("content")


@asynccontextmanager
async def smtp_server(handler: Any, **more: Any) -> AsyncIterator[int]:
    server = Controller(handler, hostname="127.0.0.1", port=free_port(), **more)
    await asyncio.to_thread(server.start)
    try:
        yield server.port
    finally:
        await asyncio.to_thread(server.stop)


ANSWERS = {
    "an address that does not exist": ("address", "550 5.1.1 no such person", "refused", True),
    "an address without a reason": ("address", "553 no such person", "refused", True),
    "a mailbox that is full": ("address", "452 try again later", "planned", False),
    "a mailbox that is full, said for good": ("address", "552 5.2.2 full", "planned", False),
    "a server that will not relay for us": ("address", "554 5.7.1 relay denied", "planned", False),
    "a server that will not have us": ("address", "550 5.7.1 your address is on a list", "planned", False),
    "a sender that is not allowed": ("sender", "550 5.7.1 not your address", "planned", False),
    "a house that is not let in": ("hello", "554 go away", "planned", False),
    "content that is not wanted": ("content", "554 spam", "refused", False),
    "a server that is busy": ("content", "451 busy", "planned", False),
}


@pytest.mark.parametrize(("at", "answer", "expected", "blamed"), ANSWERS.values(), ids=ANSWERS.keys())
async def test_what_the_mail_server_says_decides(
    pool: asyncpg.Pool, room_at: Any, plan: Any, state: Any, at: str, answer: str, expected: str, blamed: bool
) -> None:
    effect = await plan()
    async with smtp_server(Answering(at, answer)) as port:
        assert await room_at(port).deliver_planned() == 0

    assert await state(effect) == (expected, 1)
    assert await pool.fetchval("SELECT problem FROM effect") == answer[:3]
    assert await pool.fetchval(BLAMED) is blamed


BLAMED = "SELECT bool_or(email_failed_at IS NOT NULL) FROM contact WHERE email IS NOT NULL"


async def test_a_password_that_is_not_right_any_more_holds_mails_up_and_loses_none(
    pool: asyncpg.Pool, plan: Any, state: Any, wall: Any
) -> None:
    """The operator reads the code in the log; after the password is put right everything leaves."""
    effect, right = await plan(), "old"

    def let_in(_server: Any, _session: Any, _envelope: Any, _mechanism: Any, given: Any) -> AuthResult:
        return AuthResult(success=given.password == right.encode(), handled=False)

    async with smtp_server(Answering("nothing", ""), authenticator=let_in, auth_require_tls=False) as port:
        server = MailServer("127.0.0.1", port, "doorstroom@fonds.example", user="doorstroom", password="new")
        with capture_logs() as logs:
            assert await PostRoom(pool, server, "sender-1", now=wall.now).deliver_planned() == 0
        assert await state(effect) == ("planned", 1)
        assert [(line["event"], line["code"], line["log_level"]) for line in logs] == [
            ("mail_server_refuses_the_house", 535, "warning")
        ]
        wall.forward(seconds=2)
        right = "new"
        assert await PostRoom(pool, server, "sender-1", now=wall.now).deliver_planned() == 1

    assert await state(effect) == ("sent", 2)


class WithoutSome(Answering):
    """Knows nobody at some addresses."""

    def __init__(self, *missing: str) -> None:
        super().__init__("nothing", "")
        self._missing = missing
        self.got: list[list[str]] = []

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if address in self._missing:
            return "550 5.1.1 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.got.append(envelope.rcpt_tos)
        return "250 OK"


async def test_a_colleague_without_a_mailbox_keeps_no_mail_from_the_others(
    pool: asyncpg.Pool, room_at: Any, plan: Any, state: Any
) -> None:
    for person, mailbox in (("1", "een@fonds.example"), ("2", "weg@fonds.example"), ("3", "zoë@fonds.example")):
        member = "INSERT INTO staff_member VALUES ($1, 'ANT', $1, $2, 'nl', '{handler}', true)"
        await pool.execute(member, f"ANT-handler-{person}", mailbox)
    effect = await plan("task_due", "staff", role="handler")
    server = WithoutSome("weg@fonds.example")
    async with smtp_server(server) as port:
        with capture_logs() as logs:
            assert await room_at(port).deliver_planned() == 1
        assert server.got == [["een@fonds.example"]]
        assert await state(effect) == ("sent", 1)
        warned = [line for line in logs if line["event"] == "mail_without_some"]
        assert [(line["missed"], line["of"]) for line in warned] == [(2, 3)]
    nobody = await plan("task_due", "staff", role="handler", occasion="2")
    async with smtp_server(WithoutSome("weg@fonds.example", "een@fonds.example")) as port:
        assert await room_at(port).deliver_planned() == 0
    assert await state(nobody) == ("refused", 1)


async def test_an_address_to_which_no_mail_can_go_is_noted_and_holds_up_no_other(
    pool: asyncpg.Pool, room: PostRoom, plan: Any, state: Any, mailbox: EmbeddedMail
) -> None:
    await pool.execute("UPDATE contact SET email = 'ayşe@gmail.com' WHERE party = 'applicant'")
    never, following = await plan(), await plan("closed", "participant")

    assert await room.deliver_planned() == 1

    assert ((await state(never)), (await state(following))) == (("refused", 1), ("sent", 1))
    assert len(mailbox.messages()) == 1
    assert await pool.fetchval("SELECT email_failed_at IS NOT NULL FROM contact WHERE party = 'applicant'")


class Telephones:
    """A way out to telephones that takes everything, or breaks."""

    def __init__(self, wrong: Exception | None = None) -> None:
        self._wrong = wrong

    def takes(self, template: str) -> bool:
        return template == "trajectory_follow_up"

    async def send(self, effect: dict[str, Any], addressee: Addressee) -> Outcome:  # noqa: ARG002 - as a carrier is asked
        if self._wrong is not None:
            raise self._wrong
        return Outcome("sent")


async def test_who_cannot_be_mailed_is_told_by_another_way(
    pool: asyncpg.Pool, room_at: Any, mailbox: EmbeddedMail, person: Any, ask: Any, ledger: Any
) -> None:
    await person(FOLLOWED, email="ayşe@gmail.com", phone="0470 12 34 56")
    await ask()

    room = room_at(mailbox.port, carriers={Channel.SMS: Telephones()})
    await room.deliver_planned()
    await room.deliver_planned()

    (row,) = await ledger()
    assert (row["state"], row["channel"]) == ("sent", "sms")
    assert await pool.fetchval("SELECT count(*) FROM pending_command WHERE name = 'report_fact'") == 1


async def test_a_mail_that_cannot_be_written_goes_to_a_person_and_holds_up_no_other(
    pool: asyncpg.Pool, room: PostRoom, plan: Any, state: Any
) -> None:
    values = json.dumps({"task": "ANT-2024-S-000001/review/1", "until": "morgen"})
    await pool.execute(
        "INSERT INTO staff_member VALUES ('ANT-1', 'ANT', 'N', 'h@fonds.example', 'nl', '{handler}', true)"
    )
    never, following = await plan("task_due", "staff", role="handler", values=values), await plan("closed")

    with capture_logs() as logs:
        assert await room.deliver_planned() == 1

    assert ((await state(never)), (await state(following))) == (("refused", 1), ("sent", 1))
    assert await pool.fetchval("SELECT problem FROM effect WHERE effect = $1", never) == "ValueError"
    assert [(line["event"], line["log_level"]) for line in logs] == [("message_failed", "error")]


async def test_a_way_out_that_breaks_leaves_its_message_in_doubt_and_holds_up_no_other(
    room_at: Any, mailbox: EmbeddedMail, person: Any, ask: Any, plan: Any, state: Any
) -> None:
    await person(FOLLOWED, phone="0470 12 34 56", channel="sms")
    doubtful, following = await ask(), await plan("closed")

    assert await room_at(mailbox.port, carriers={Channel.SMS: Telephones(KeyError("status"))}).deliver_planned() == 1

    assert ((await state(doubtful))[0], (await state(following))[0]) == ("unknown", "sent")


async def test_a_sender_shows_that_it_lives_while_one_mail_takes_long(
    room_at: Any, plan: Any, state: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post_room, "BEAT", 0.05)
    beats: list[int] = []
    during: list[int] = []

    class Slow(Answering):
        async def handle_DATA(self, *_: Any) -> str:  # noqa: N802
            before = len(beats)
            await asyncio.sleep(1)
            during.append(len(beats) - before)
            return "250 OK"

    effect, environment = await plan(), ActivityEnvironment()
    environment.on_heartbeat = lambda *_: beats.append(1)
    async with smtp_server(Slow("nothing", "")) as port:
        opened = asyncio.create_task(environment.run(room_at(port).deliver))
        async with patient():
            while not during:
                await asyncio.sleep(0.05)
            environment.worker_shutdown()
            await opened
        ended = len(beats)
        await asyncio.sleep(0.2)

    assert during[0] >= 5
    assert len(beats) == ended, "who stopped gives no sign of life"
    assert (await state(effect))[0] == "sent"


async def test_what_is_noted_while_the_books_are_written_is_written_too(
    pool: asyncpg.Pool, plan: Any, state: Any, wall: Any
) -> None:
    """Two desks have the same books when one of them is slow: a lock on its row holds the first one up here."""
    books = Books(pool, wall.now, {Channel.EMAIL})
    slow, noted, also = [await _in_hand(pool, await plan(occasion=one)) for one in ("1", "2", "3")]
    to = Addressee("An", Language.DUTCH, ("an@bedrijf.example",))
    async with pool.acquire() as other, other.transaction():
        await other.execute("SELECT FROM effect WHERE effect = $1 FOR UPDATE", slow["effect"])
        marking = asyncio.create_task(books.mark_sending(slow, to))
        await asyncio.sleep(0.2)
        books.note(Ended(noted, to, Outcome("sent")))
    assert await marking
    books.note(Ended(slow, to, Outcome("sent")))
    books.note(Ended(also, to, Outcome("refused", "554")))

    async with pool.acquire() as other, other.transaction():
        await other.execute("SELECT FROM effect WHERE effect = $1 FOR UPDATE", also["effect"])
        closing = [asyncio.create_task(books.close()) for _ in range(2)]
        await asyncio.sleep(0.2)
    await asyncio.gather(*closing)

    assert [(await state(one["effect"]))[0] for one in (slow, noted, also)] == ["sent", "sent", "refused"]


async def _in_hand(pool: asyncpg.Pool, effect: str) -> dict[str, Any]:
    row = await pool.fetchrow(
        "UPDATE effect SET state = 'claimed', claimed_by = 'sender-1', attempts = 1, claimed_at = now() "
        "WHERE effect = $1 RETURNING *",
        effect,
    )
    return dict(row)


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
