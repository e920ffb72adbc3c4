"""The journal and the post room on a database of this test's own."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from activities.dossiers import Dossiers
from activities.post_room import PostRoom
from activities.sending import MailServer
from database import lean_pool
from embedded import EmbeddedMail
from schemes.calendar import BRUSSELS

NUMBER = "ANT-2024-S-000001"
FOLLOWED = "ANT-2024-T-000001"
QUESTION = "trajectory_follow_up"
TUESDAY = datetime(2024, 3, 12, 14, 0, tzinfo=BRUSSELS)
Plan = Callable[..., Awaitable[str]]
State = Callable[[str], Coroutine[Any, Any, tuple[str, int]]]
RoomAt = Callable[..., PostRoom]


class Wall:
    """The clock on the wall of the post room: it stands until a test puts it elsewhere."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        return self.moment

    def put(self, moment: datetime) -> None:
        self.moment = moment.astimezone(UTC)

    def forward(self, **by: float) -> None:
        self.moment += timedelta(**by)


@pytest.fixture
def wall() -> Wall:
    """A working day, at two in the afternoon."""
    return Wall(TUESDAY)


@pytest.fixture
async def pool(database_urls: Any) -> AsyncIterator[asyncpg.Pool]:
    """Connections as a worker has them."""
    async with await lean_pool(database_urls.app, size=4) as connections:
        yield connections


@pytest.fixture
def dossiers(pool: asyncpg.Pool) -> Dossiers:
    """The journal."""
    return Dossiers(pool)


@pytest.fixture
def room_at(pool: asyncpg.Pool, wall: Wall) -> RoomAt:
    """A post room with the mail server at a port."""

    def room(port: int, name: str = "sender-1", **more: Any) -> PostRoom:
        server = MailServer(host="127.0.0.1", port=port, sender="doorstroom@fonds.example")
        return PostRoom(pool, server, name, now=wall.now, **more)

    return room


@pytest.fixture
def room(room_at: RoomAt, mailbox: EmbeddedMail) -> PostRoom:
    """A post room with a real mail server."""
    return room_at(mailbox.port)


@pytest.fixture
async def plan(pool: asyncpg.Pool, wall: Wall) -> Plan:
    """Plans a mail to a party of the dossier, whose address is known."""
    for party, email in (("applicant", "an@bedrijf.example"), ("participant", "an@bedrijf.example"), ("expert", None)):
        await pool.execute(
            "INSERT INTO contact VALUES ($1, $2, 'An Peeters', $3, NULL, 'nl', NULL)", NUMBER, party, email
        )

    async def planned(template: str = "receipt", party: str = "applicant", occasion: str = "1", **more: Any) -> str:
        effect = f"{NUMBER}/mail/{template}/{occasion}/{more.get('role', party)}"
        now = wall.now()
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


@pytest.fixture
def person(pool: asyncpg.Pool) -> Callable[..., Awaitable[None]]:
    """Somebody in a trajectory, and how this one is reached."""

    async def known(dossier: str, person: str | None = "an", *, rehearsed: bool = False, **contact: Any) -> None:
        await pool.execute(
            "INSERT INTO receipt (number, fund, kind, instrument, idempotency_key, fingerprint, facts, typed, "
            "received_at, opens_at, rehearsed) "
            "VALUES ($1, 'ANT', 'trajectory', 'outplacement', $1, $1, '{}', '{}', now(), now(), $2)",
            dossier,
            rehearsed,
        )
        await pool.execute(
            "INSERT INTO participant (dossier, line, first_name, last_name, person) "
            "VALUES ($1, 1, 'An', 'Peeters', $2)",
            dossier,
            person,
        )
        reached = {"email": "an@thuis.example", "language": "nl", "name": "An Peeters"} | contact
        names, places = ", ".join(reached), ", ".join(f"${place}" for place in range(2, len(reached) + 2))
        await pool.execute(
            f"INSERT INTO contact (dossier, party, {names}) VALUES ($1, 'participant', {places})",
            dossier,
            *reached.values(),
        )

    return known


@pytest.fixture
def ask(plan: Any) -> Plan:
    """A question to a participant, planned now."""

    async def planned(dossier: str = FOLLOWED, occasion: str = "follow_up/1", **more: Any) -> str:
        effect = f"{dossier}/mail/{QUESTION}/{occasion}/participant"
        values = json.dumps({"until": "2024-03-26", "request": f"{dossier}/follow_up/1", "months": "3"})
        told = {"effect": effect, "dossier": dossier, "values": values, **more}
        await plan(QUESTION, "participant", occasion=occasion, **told)
        return effect

    return planned


@pytest.fixture
def ledger(pool: asyncpg.Pool) -> Callable[[], Awaitable[list[asyncpg.Record]]]:
    async def rows() -> list[asyncpg.Record]:
        found: list[asyncpg.Record] = await pool.fetch("SELECT * FROM effect ORDER BY planned_at, effect")
        return found

    return rows
