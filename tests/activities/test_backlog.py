"""After a silence everything leaves that was due: spread, in order, nothing lost and nothing doubled."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from structlog.testing import capture_logs
from temporalio.testing import ActivityEnvironment

from activities.post_room import PostRoom
from activities.sending import MailServer
from embedded import EmbeddedMail
from schemes.calendar import BRUSSELS
from schemes.reaching import Channel, is_allowed
from tests.patience import patient

Told = Callable[..., Awaitable[str]]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BRUSSELS)


def number(place: int) -> str:
    return f"ANT-2024-T-{place:06}"


def spread(logs: Any) -> list[dict[str, Any]]:
    return [
        {name: line[name] for name in ("count", "since", "until")} for line in logs if line["event"] == "backlog_spread"
    ]


@pytest.fixture
async def crowd(person: Any, ask: Told, wall: Any) -> Callable[[int], Awaitable[list[str]]]:
    """So many people are asked something, a second after each other."""

    async def asked(count: int, **more: Any) -> list[str]:
        effects = []
        for place in range(count):
            await person(number(place), f"person {place}", **more)
            effects.append(await ask(number(place)))
            wall.forward(seconds=1)
        return effects

    return asked


async def test_after_three_days_what_was_due_leaves_evenly_in_order_and_the_log_says_so(
    room: PostRoom, crowd: Any, ledger: Any, wall: Any, mailbox: EmbeddedMail
) -> None:
    """Nobody sent from Friday evening until Monday noon."""
    wall.put(at("2024-03-15 17:00"))
    effects = await crowd(30)

    wall.put(at("2024-03-18 12:00"))
    with capture_logs() as logs:
        for _ in range(31):
            await room.deliver_planned()
            wall.forward(seconds=1)

    moments = [at("2024-03-18 12:00") + timedelta(seconds=place) for place in range(30)]
    assert [(row["effect"], row["left_at"], row["state"]) for row in await ledger()] == [
        (effect, moment, "sent") for effect, moment in zip(effects, moments, strict=True)
    ]
    assert [mail["X-Doorstroom-Effect"] for mail in mailbox.messages()] == effects
    assert spread(logs) == [
        {"count": 30, "since": "2024-03-15 16:00:00+00:00", "until": "2024-03-18 11:00:29+00:00"},
    ]


async def test_what_does_not_fit_before_seven_goes_on_the_next_working_morning(
    room_at: Any, mailbox: EmbeddedMail, crowd: Any, ledger: Any, wall: Any
) -> None:
    room = room_at(mailbox.port, per_minute=1)
    wall.put(at("2024-03-29 09:00"))
    await crowd(4)

    for moment in ("2024-03-29 18:58", "2024-03-29 18:59", "2024-04-02 09:00", "2024-04-02 09:01"):
        wall.put(at(moment))
        assert await room.deliver_planned() == 1

    days = [row["leaves_on"] for row in await ledger()]
    assert days == [date(2024, 3, 29), date(2024, 3, 29), date(2024, 4, 2), date(2024, 4, 2)]


async def test_a_night_without_messages_is_no_backlog(room: PostRoom, crowd: Any, wall: Any) -> None:
    wall.put(at("2024-03-12 20:00"))
    await crowd(2)

    with capture_logs() as logs:
        assert await room.deliver_planned() == 0
        wall.put(at("2024-03-13 09:00:05"))
        assert await room.deliver_planned() == 2

    assert spread(logs) == []


async def test_what_is_said_right_after_a_silence_counts_as_held_up(room: PostRoom, crowd: Any, wall: Any) -> None:
    """The workers were away too: only now dossiers wake, and plan what they could not plan."""
    await room.deliver_planned()
    wall.put(at("2024-03-15 10:00"))
    with capture_logs() as logs:
        await crowd(1)
        await room.deliver_planned()
        wall.put(at("2024-03-15 10:20"))

    assert spread(logs) == [
        {"count": 1, "since": "2024-03-12 13:00:00+00:00", "until": "2024-03-15 09:00:01+00:00"},
    ]


async def test_while_the_mail_server_is_away_nothing_is_spread_and_afterwards_all_is(
    room: PostRoom, crowd: Any, ledger: Any, wall: Any, mailbox: EmbeddedMail
) -> None:
    await mailbox.stop()
    effects = await crowd(3)
    with capture_logs() as logs:
        for _ in range(12):
            assert await room.deliver_planned() == 0
            wall.forward(minutes=20)
    assert spread(logs) == []
    await mailbox.start()

    with capture_logs() as logs:
        wall.put(at("2024-03-12 18:30"))
        for _ in range(4):
            await room.deliver_planned()
            wall.forward(seconds=1)

    assert [mail["X-Doorstroom-Effect"] for mail in mailbox.messages()] == effects
    rows = await ledger()
    assert [row["left_at"] for row in rows] == [at("2024-03-12 18:30") + timedelta(seconds=place) for place in range(3)]
    ((line),) = spread(logs)
    assert (line["count"], line["since"]) == (3, "2024-03-12 13:00:03+00:00")


async def test_on_one_calendar_a_silence_of_three_days_is_told_and_nobody_waits(
    room: PostRoom, person: Any, ask: Told, ledger: Any, wall: Any, pool: asyncpg.Pool
) -> None:
    wall.put(at("2026-11-22 03:00"))
    stands = "INSERT INTO house_clock VALUES (true, $1) ON CONFLICT (one) DO UPDATE SET moment = $1"
    await pool.execute(stands, at("2024-03-12 08:00"))
    await room.deliver_planned()
    for place in range(45):
        await person(number(place), f"person {place}", rehearsed=True)
        await ask(number(place), dated=date(2024, 3, 12) + timedelta(days=place % 3))
        wall.forward(seconds=1)

    await pool.execute(stands, at("2024-03-15 08:00"))
    with capture_logs() as logs:
        assert await room.deliver_planned() == 45

    assert [row["left_at"] for row in await ledger()] == [
        at("2024-03-15 09:00") + timedelta(seconds=place) for place in range(45)
    ]
    assert [line["count"] for line in spread(logs)] == [45]


async def test_the_open_post_room_spreads_by_itself_and_tells_before_it_closes(
    pool: asyncpg.Pool, mailbox: EmbeddedMail, crowd: Any, ledger: Any, wall: Any
) -> None:
    """Its clock runs here: seven messages at ten a second."""
    wall.put(at("2024-03-15 17:00"))
    await crowd(7)
    began, monday = time.monotonic(), at("2024-03-18 12:00")
    server = MailServer(host="127.0.0.1", port=mailbox.port, sender="doorstroom@fonds.example")
    room = PostRoom(
        pool, server, "open", per_minute=600, now=lambda: monday + timedelta(seconds=time.monotonic() - began)
    )
    environment = ActivityEnvironment()

    with capture_logs() as logs:
        opened = asyncio.create_task(environment.run(room.deliver))
        await caught(mailbox, 7)
        environment.worker_shutdown()
        async with patient():
            await opened

    moments = [row["left_at"] for row in await ledger()]
    assert moments == sorted(moments)
    assert moments[0] >= monday
    assert moments[-1] >= moments[0] + timedelta(seconds=0.6)
    assert {row["state"] for row in await ledger()} == {"sent"}
    assert [line["count"] for line in spread(logs)] == [7]


@pytest.fixture
async def process(
    database_urls: Any, mailbox: EmbeddedMail
) -> AsyncIterator[Callable[[datetime, str], Awaitable[Any]]]:
    """A sender in a process of its own."""
    senders = []

    async def start(moment: datetime, name: str) -> Any:
        script = str(Path(__file__).with_name("sending_process.py"))
        words = (script, database_urls.app, str(mailbox.port), moment.isoformat(), name)
        house = str(Path(__file__).parents[2])
        environment = {**os.environ, "PYTHONPATH": house}
        senders.append(await asyncio.create_subprocess_exec(sys.executable, *words, env=environment))
        return senders[-1]

    yield start
    for sender in senders:
        if sender.returncode is None:
            sender.kill()
            await sender.wait()


async def caught(mailbox: EmbeddedMail, count: int) -> None:
    async with patient():
        while len(mailbox.messages()) < count:
            await asyncio.sleep(0.01)


async def test_senders_killed_in_the_middle_of_a_backlog_lose_nothing_and_double_nothing(
    process: Any, crowd: Any, ask: Told, ledger: Any, wall: Any, mailbox: EmbeddedMail
) -> None:
    """Two senders die and the mail server goes away; every third person has a second message in another dossier."""
    wall.put(at("2024-03-14 17:00"))
    await crowd(120)
    for place in range(0, 120, 3):
        await ask(number(place), "follow_up/2")
        wall.forward(seconds=1)

    moment = at("2024-03-15 12:00")
    for name, mails in (("doomed-1", 20), ("doomed-2", 55)):
        sender = await process(moment, name)
        await caught(mailbox, mails)
        os.kill(sender.pid, signal.SIGKILL)
        await sender.wait()
        moment += timedelta(minutes=2)
    sender = await process(moment, "interrupted")
    await caught(mailbox, 80)
    await mailbox.restart()
    assert await sender.wait() == 0
    for day in ("2024-03-18 09:05", "2024-03-19 09:05"):
        sender = await process(at(day), "last")
        assert await sender.wait() == 0

    rows = await ledger()
    _holds(rows, [mail["X-Doorstroom-Effect"] for mail in mailbox.messages()])


def _holds(rows: list[asyncpg.Record], arrived: list[str]) -> None:
    assert max(Counter(arrived).values()) == 1
    sent = {row["effect"] for row in rows if row["state"] == "sent"}
    unknown = {row["effect"] for row in rows if row["state"] == "unknown"}
    assert len(sent) + len(unknown) == len(rows) == 160
    assert sent <= set(arrived) <= sent | unknown
    assert len(unknown) <= 3, "one for each time that something fell"
    days = defaultdict(list)
    for row in rows:
        days[row["person"]].append(row["leaves_on"])
        assert is_allowed(row["left_at"], Channel.EMAIL)
    assert all(mine == sorted(set(mine)) for mine in days.values())
