"""The post room: every mail leaves once, to one person once, and what nobody knows goes to a person."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from aiosmtpd.controller import Controller

from activities.post_room import PostRoom
from activities.sending import MailServer
from embedded import EmbeddedMail
from embedded.refusals import free_port

NUMBER = "ANT-2024-S-000001"
Plan = Callable[..., Awaitable[str]]
State = Callable[[str], Awaitable[tuple[str, int]]]


def room_at(pool: asyncpg.Pool, port: int, name: str = "sender-1") -> PostRoom:
    return PostRoom(pool, MailServer(host="127.0.0.1", port=port, sender="doorstroom@fonds.example"), name)


@pytest.fixture
def room(pool: asyncpg.Pool, mailbox: EmbeddedMail) -> PostRoom:
    """A post room with a real mail server."""
    return room_at(pool, mailbox.port)


@pytest.fixture
async def plan(pool: asyncpg.Pool) -> Plan:
    """Plans a mail to a party of the dossier, whose address is known."""
    for party, email in (("applicant", "an@bedrijf.example"), ("participant", "an@bedrijf.example"), ("expert", None)):
        await pool.execute(
            "INSERT INTO contact VALUES ($1, $2, 'An Peeters', $3, NULL, 'nl', NULL)", NUMBER, party, email
        )

    async def planned(template: str = "receipt", party: str = "applicant", occasion: str = "1", **more: Any) -> str:
        effect = f"{NUMBER}/mail/{template}/{occasion}/{more.get('role', party)}"
        now = datetime.now(UTC)
        columns = {
            "effect": effect,
            "dossier": NUMBER,
            "template": template,
            "occasion": occasion,
            "party": party,
            "values": json.dumps({}),
            "dated": now.date(),
            "state": "planned",
            "attempts": 0,
            "not_before": now,
            "planned_at": now,
        } | more
        places = ", ".join(f"${place}" for place in range(1, len(columns) + 1))
        names = ", ".join(f'"{name}"' for name in columns)
        await pool.execute(f"INSERT INTO effect ({names}) VALUES ({places})", *columns.values())
        return effect

    return planned


@pytest.fixture
def state(pool: asyncpg.Pool) -> State:
    async def stands(effect: str) -> tuple[str, int]:
        row = await pool.fetchrow("SELECT state, attempts FROM effect WHERE effect = $1", effect)
        return row["state"], row["attempts"]

    return stands


async def due_now(pool: asyncpg.Pool) -> None:
    await pool.execute("UPDATE effect SET not_before = now() - interval '1 second'")


async def test_a_planned_mail_leaves_once_however_often_is_looked(
    room: PostRoom, plan: Plan, state: State, mailbox: EmbeddedMail
) -> None:
    effect = await plan()

    assert await room.deliver_planned() == 1
    assert await room.deliver_planned() == 0

    (mail,) = mailbox.messages()
    assert (mail["To"], mail["X-RcptTo"], mail["X-Doorstroom-Effect"]) == (
        "an@bedrijf.example",
        "an@bedrijf.example",
        effect,
    )
    assert mail["Auto-Submitted"] == "auto-generated"
    assert NUMBER in mail.get_content()
    assert await state(effect) == ("sent", 1)


async def test_two_senders_at_once_send_each_mail_once(pool: asyncpg.Pool, plan: Plan, mailbox: EmbeddedMail) -> None:
    for occasion in range(30):
        await plan(occasion=str(occasion))

    rooms = (room_at(pool, mailbox.port, f"sender-{serial}") for serial in (1, 2))
    sent = await asyncio.gather(*(room.deliver_planned() for room in rooms))

    assert sum(sent) == 30
    effects = [mail["X-Doorstroom-Effect"] for mail in mailbox.messages()]
    assert len(effects) == len(set(effects)) == 30


async def test_a_mail_is_in_hand_before_the_mail_server_hears_of_it(
    pool: asyncpg.Pool, plan: Plan, state: State
) -> None:
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
        await room_at(pool, port).deliver_planned()

    assert seen == ["sending"]
    assert await state(effect) == ("sent", 1)


async def test_one_person_in_two_roles_gets_one_mail_for_one_occasion(
    room: PostRoom, plan: Plan, state: State, mailbox: EmbeddedMail
) -> None:
    applicant, participant = await plan("closed", "applicant"), await plan("closed", "participant")
    another = await plan("closed", "participant", occasion="2")

    assert await room.deliver_planned() == 2

    states = sorted([(await state(applicant))[0], (await state(participant))[0]])
    assert states == ["merged", "sent"]
    assert (await state(another))[0] == "sent"
    assert len(mailbox.messages()) == 2


async def test_a_mail_to_a_role_goes_to_all_active_people_of_the_fund(
    room: PostRoom, plan: Plan, pool: asyncpg.Pool, mailbox: EmbeddedMail
) -> None:
    people = (("ANT-1", "ANT", True), ("ANT-2", "ANT", True), ("ANT-3", "ANT", False), ("LIM-1", "LIM", True))
    for person, fund, active in people:
        await pool.execute(
            "INSERT INTO staff_member VALUES ($1, $2, $1, $3, 'nl', '{handler}', $4)",
            person,
            fund,
            f"{person}@x.example",
            active,
        )
    values = json.dumps({"task": f"{NUMBER}/review/1", "until": "2024-03-18"})
    await plan("task_due", "staff", role="handler", values=values)

    await room.deliver_planned()

    (mail,) = mailbox.messages()
    assert mail["X-RcptTo"] == "ANT-1@x.example, ANT-2@x.example"


@pytest.mark.parametrize(("party", "role"), [("expert", None), ("agency", None), ("staff", "handler")])
async def test_a_mail_without_an_address_is_told_and_not_tried_again(
    room: PostRoom, plan: Plan, state: State, mailbox: EmbeddedMail, party: str, role: str | None
) -> None:
    effect = await plan(party=party, role=role)

    assert await room.deliver_planned() == 0

    assert (await state(effect))[0] == "unreachable"
    assert mailbox.messages() == []


async def test_while_the_mail_server_is_away_mails_wait_and_leave_later(
    room: PostRoom, plan: Plan, state: State, mailbox: EmbeddedMail, pool: asyncpg.Pool
) -> None:
    effect = await plan()
    await mailbox.stop()
    try:
        assert await room.deliver_planned() == 0
        assert await state(effect) == ("planned", 1)
        assert await pool.fetchval("SELECT not_before > now() FROM effect")
        assert await room.deliver_planned() == 0
        assert await state(effect) == ("planned", 1), "not tried again before its time"
    finally:
        await mailbox.start()
    await due_now(pool)

    assert await room.deliver_planned() == 1

    assert await state(effect) == ("sent", 2)
    assert len(mailbox.messages()) == 1


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
    pool: asyncpg.Pool, plan: Plan, state: State, at: str, answer: str, expected: str
) -> None:
    effect = await plan()
    async with smtp_server(Answering(at, answer)) as port:
        assert await room_at(pool, port).deliver_planned() == 0

    assert await state(effect) == (expected, 1)
    assert await pool.fetchval("SELECT problem FROM effect") == answer[:3]


async def test_a_refused_mail_does_not_hold_up_the_next(
    plan: Plan, state: State, room: PostRoom, mailbox: EmbeddedMail
) -> None:
    refused = await plan(party="expert")
    following = await plan("closed")

    assert await room.deliver_planned() == 1

    assert ((await state(refused))[0], (await state(following))[0]) == ("unreachable", "sent")
    assert len(mailbox.messages()) == 1


async def left_behind(pool: asyncpg.Pool, effect: str, state: str, ago: timedelta) -> None:
    await pool.execute(
        "UPDATE effect SET state = $2, claimed_at = $3, claimed_by = 'dead' WHERE effect = $1",
        effect,
        state,
        datetime.now(UTC) - ago,
    )


DEAD = {
    "sending when it died: nobody knows": ("sending", timedelta(minutes=5), "unknown", 0),
    "only in hand when it died: nothing left": ("claimed", timedelta(minutes=5), "sent", 1),
    "in hand of somebody who lives": ("claimed", timedelta(seconds=5), "claimed", 0),
    "being sent by somebody who lives": ("sending", timedelta(seconds=5), "sending", 0),
}


@pytest.mark.parametrize(("was", "ago", "becomes", "mails"), DEAD.values(), ids=DEAD.keys())
async def test_what_a_dead_sender_left_is_never_sent_blindly(
    room: PostRoom,
    plan: Plan,
    state: State,
    pool: asyncpg.Pool,
    mailbox: EmbeddedMail,
    was: str,
    ago: timedelta,
    becomes: str,
    mails: int,
) -> None:
    effect = await plan()
    await left_behind(pool, effect, was, ago)

    await room.deliver_planned()
    await room.deliver_planned()

    assert (await state(effect))[0] == becomes
    assert len(mailbox.messages()) == mails


async def test_a_connection_lost_while_sending_leaves_a_mail_in_doubt(
    pool: asyncpg.Pool, plan: Plan, state: State
) -> None:
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
        room = room_at(pool, port)
        assert await room.deliver_planned() == 0
        assert (await state(effect))[0] == "unknown"
        assert await room.deliver_planned() == 0

    assert await state(effect) == ("unknown", 1)


_VERBS = (b"EHLO", b"MAIL", b"RCPT", b"DATA", b"RSET", b"NOOP")
