"""An address that does not work: it is noted, the dossier hears of it once, and the message goes another way."""

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

from activities.carriers import Addressee, Outcome
from embedded import EmbeddedMail
from embedded.refusals import free_port
from models.messages.commands import ReportFact
from models.messages.words import Party
from schemes.reaching import Channel

Told = Callable[..., Awaitable[str]]
DOSSIER = "ANT-2024-T-000001"
FAILED = datetime(2024, 3, 1, tzinfo=UTC)
PENDING = "SELECT dossier, name, command FROM pending_command"


class Telephones:
    """A way out to telephones that always answers the same."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.numbers: list[str] = []

    def takes(self, template: str) -> bool:
        return template == "trajectory_follow_up"

    async def send(self, effect: dict[str, Any], addressee: Addressee) -> Outcome:  # noqa: ARG002 - as a carrier is asked
        self.numbers.append(addressee.addresses[0])
        return self.outcome


@asynccontextmanager
async def refusing(answer: str) -> AsyncIterator[int]:
    """A mail server that knows nobody."""

    class Nobody:
        async def handle_RCPT(self, *_: Any) -> str:  # noqa: N802 - the name that aiosmtpd calls
            return answer

    server = Controller(Nobody(), hostname="127.0.0.1", port=free_port())
    await asyncio.to_thread(server.start)
    try:
        yield server.port
    finally:
        await asyncio.to_thread(server.stop)


async def told(pool: asyncpg.Pool) -> list[tuple[str, dict[str, str]]]:
    """What waits to be told to dossiers."""
    rows = await pool.fetch(PENDING)
    assert {row["name"] for row in rows} <= {"report_fact"}
    reports = [(row["dossier"], ReportFact.model_validate(json.loads(row["command"]))) for row in rows]
    assert {(report.fact, report.by.party) for _, report in reports} <= {("channel_failed", Party.SYSTEM)}
    return [(dossier, report.values) for dossier, report in reports]


async def test_a_mail_that_reaches_nobody_goes_to_the_telephone_and_the_dossier_hears_of_it(
    room_at: Any, ask: Told, person: Any, ledger: Any, pool: asyncpg.Pool, wall: Any
) -> None:
    telephones = Telephones(Outcome("sent"))
    await person(DOSSIER, phone="0470 12 34 56")
    await ask()
    async with refusing("550 nobody of that name") as port:
        room = room_at(port, carriers={Channel.SMS: telephones})
        await room.deliver_planned()
        await room.deliver_planned()

    (row,) = await ledger()
    assert (row["state"], row["channel"], telephones.numbers) == ("sent", "sms", ["0470 12 34 56"])
    assert await pool.fetchval("SELECT email_failed_at FROM contact WHERE dossier = $1", DOSSIER) == wall.now()
    assert await told(pool) == [(DOSSIER, {"channel": "email", "left": "sms"})]


async def test_when_no_way_is_left_the_dossier_hears_that_too(
    room_at: Any, ask: Told, person: Any, ledger: Any, pool: asyncpg.Pool
) -> None:
    await person(DOSSIER)
    await ask()
    async with refusing("550 nobody of that name") as port:
        await room_at(port).deliver_planned()
        await ask(occasion="follow_up/2")
        await room_at(port).deliver_planned()

    rows = await ledger()
    assert [(row["state"], row["problem"]) for row in rows] == [
        ("refused", "550"),
        ("unreachable", "no address is known"),
    ]
    assert await told(pool) == [(DOSSIER, {"channel": "email", "left": ""})]


NOWHERE: dict[str, tuple[dict[str, Any], str]] = {
    "only a telephone, in a house without text messages": ({"email": None, "phone": "0470 12 34 56"}, "sms"),
    "an address that had failed, and no other": ({"email_failed_at": FAILED, "phone": None}, "email"),
    "nothing at all": ({"email": None}, "email"),
}


@pytest.mark.parametrize(("contact", "channel"), NOWHERE.values(), ids=NOWHERE.keys())
async def test_who_is_reached_by_no_way_of_the_house_is_lost_and_not_silent(
    room_at: Any, ask: Told, person: Any, pool: asyncpg.Pool, contact: dict[str, Any], channel: str
) -> None:
    await person(DOSSIER, **contact)
    for question in (1, 2):
        await ask(occasion=f"follow_up/{question}")
        await room_at(free_port()).deliver_planned()
    assert await pool.fetchval("SELECT count(*) FROM effect WHERE state = 'unreachable'") == 2
    assert await told(pool) == [(DOSSIER, {"channel": channel, "left": ""})], "once"


@pytest.mark.parametrize(("heard", "again"), [("channel_failed", 0), ("channel_mended", 1)])
async def test_what_a_dossier_knows_already_is_not_told_again(
    room_at: Any, ask: Told, person: Any, pool: asyncpg.Pool, heard: str, again: int
) -> None:
    await person(DOSSIER, email=None)
    data = {"fact": heard, "values": {"channel": "email"} | ({"left": ""} if heard == "channel_failed" else {})}
    await pool.execute(
        "INSERT INTO event (dossier, sequence, type, data, hash, previous, at, recorded_at, by) "
        "VALUES ($1, 1, 'reported', $2, '', '', now(), now(), 'system')",
        *(DOSSIER, json.dumps(data)),
    )
    await ask()
    await room_at(free_port()).deliver_planned()
    assert len(await told(pool)) == again


async def test_a_message_that_has_no_words_for_the_one_way_there_is_loses_nobody(
    room_at: Any, plan: Any, person: Any, pool: asyncpg.Pool, ledger: Any
) -> None:
    await person(DOSSIER, email=None, phone="0470")
    await plan("deadline_moved", "participant", effect=f"{DOSSIER}/mail/deadline_moved/1", dossier=DOSSIER)
    await room_at(free_port(), carriers={Channel.SMS: Telephones(Outcome("sent"))}).deliver_planned()
    assert [row["state"] for row in await ledger()] == ["unreachable"]
    assert await told(pool) == []


async def test_a_number_that_fails_makes_room_for_mail(
    room_at: Any, mailbox: EmbeddedMail, ask: Told, person: Any, ledger: Any, pool: asyncpg.Pool
) -> None:
    wrong = Telephones(Outcome("refused", "404", wrong_address=True))
    room = room_at(mailbox.port, carriers={Channel.SMS: wrong})
    await person(DOSSIER, phone="0470", channel="sms")
    await ask()

    await room.deliver_planned()
    await room.deliver_planned()

    (row,) = await ledger()
    assert (row["state"], row["channel"], len(mailbox.messages())) == ("sent", "email", 1)
    assert await pool.fetchval(
        "SELECT phone_failed_at IS NOT NULL AND email_failed_at IS NULL FROM contact WHERE dossier = $1", DOSSIER
    )
    assert await told(pool) == [(DOSSIER, {"channel": "sms", "left": "email"})]


async def test_an_address_that_was_put_right_meanwhile_is_not_blamed(
    room_at: Any, ask: Told, person: Any, pool: asyncpg.Pool
) -> None:
    class Mended(Telephones):
        async def send(self, effect: dict[str, Any], addressee: Addressee) -> Outcome:
            await pool.execute("UPDATE contact SET phone = '0499' WHERE dossier = $1", DOSSIER)
            return await super().send(effect, addressee)

    wrong = Mended(Outcome("refused", "404", wrong_address=True))
    await person(DOSSIER, phone="0470", channel="sms")
    await ask()

    await room_at(free_port(), carriers={Channel.SMS: wrong}).deliver_planned()

    assert await pool.fetchval("SELECT phone_failed_at IS NULL FROM contact WHERE dossier = $1", DOSSIER)
    assert await told(pool) == []


ELSEWHERE = {
    "an employer's address is noted, and no dossier told": ("applicant", "550 nobody", True),
    "a full mailbox is nobody's address": ("participant", "452 full", False),
}


@pytest.mark.parametrize(("party", "answer", "noted"), ELSEWHERE.values(), ids=ELSEWHERE.keys())
async def test_only_a_person_who_is_followed_and_only_for_good(
    room_at: Any, plan: Any, person: Any, pool: asyncpg.Pool, party: str, answer: str, noted: bool
) -> None:
    await person("ANT-2024-T-000009")
    await plan("closed", party)
    async with refusing(answer) as port:
        await room_at(port).deliver_planned()

    failed = "SELECT bool_or(email_failed_at IS NOT NULL) FROM contact WHERE party = $1"
    assert await pool.fetchval(failed, party) is noted
    assert await told(pool) == []


async def test_what_a_telephone_cannot_say_now_is_said_later_on_the_same_day(
    room_at: Any, mailbox: EmbeddedMail, ask: Told, person: Any, ledger: Any, wall: Any
) -> None:
    busy = Telephones(Outcome("planned", "503", again=timedelta(seconds=30)))
    room = room_at(mailbox.port, carriers={Channel.SMS: busy})
    await person(DOSSIER, phone="0470", channel="sms")
    await ask()
    await room.deliver_planned()
    busy.outcome = Outcome("sent")
    await room.deliver_planned()
    assert len(busy.numbers) == 1
    wall.forward(seconds=31)

    assert await room.deliver_planned() == 1

    (row,) = await ledger()
    assert (row["state"], row["left_at"]) == ("sent", wall.now())
