"""What is followed costs nothing to those who are not: no statement more, and every question finds its index."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest

from activities import post_room, waiting_room
from activities.post_room import PostRoom
from activities.sending import MailServer
from embedded import EmbeddedMail

MANY = """
    INSERT INTO effect (effect, dossier, template, occasion, party, "values", dated, state, attempts, not_before,
        planned_at, person, leaves_on, left_at)
    SELECT 'e' || i, 'ANT-2024-T-' || i, 'receipt', '1', CASE WHEN i % 10 = 0 THEN 'participant' ELSE 'applicant' END,
        '{}', '2024-01-01', CASE WHEN i % 400 = 0 THEN 'planned' ELSE 'sent' END, 1, '2024-01-01'::timestamptz, now(),
        CASE WHEN i % 10 = 0 THEN 'person ' || i END,
        CASE WHEN i % 10 = 0 THEN '2020-01-01'::date + i % 1500 END,
        CASE WHEN i % 10 = 0 THEN '2020-01-01'::timestamptz + i % 1500 * interval '1 day' END
    FROM generate_series(1, 40000) i
"""
QUESTIONS: dict[str, tuple[str, str, str]] = {
    "claiming": (post_room._CLAIM, "timestamptz, int, varchar", "now(), 20, 'me'"),
    "claiming what was held up": (post_room._CLAIM_HELD_UP, "timestamptz, varchar", "now(), 'me'"),
    "the days of people": (waiting_room._TAKEN, "varchar[], date", "'{person 20,person 30}', '2024-01-01'"),
    "the last of a day": (waiting_room._LAST, "date", "'2024-01-02'"),
}


@pytest.fixture
async def full(pool: asyncpg.Pool) -> asyncpg.Pool:
    """A ledger of some years."""
    await pool.execute(MANY)
    await pool.execute("ANALYZE effect")
    return pool


async def test_every_question_of_the_post_room_finds_its_index(full: asyncpg.Pool) -> None:
    for name, (question, types, values) in QUESTIONS.items():
        async with full.acquire() as connection:
            await connection.execute(f"PREPARE asked ({types}) AS {question}")
            plan = json.loads(await connection.fetchval(f"EXPLAIN (FORMAT JSON) EXECUTE asked ({values})"))
            await connection.execute("DEALLOCATE asked")
        scans = [node["Node Type"] for node in _nodes(plan[0]["Plan"]) if node.get("Relation Name") == "effect"]
        assert scans, name
        assert "Seq Scan" not in scans, name


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", []):
        yield from _nodes(below)


class Counted:
    """The pool, counting what is asked of it."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self.statements = 0

    def __getattr__(self, name: str) -> Any:
        self.statements += name in ("execute", "fetch", "fetchrow", "fetchval")
        return getattr(self._pool, name)


async def test_a_mail_to_an_employer_costs_one_statement_and_a_handful_three(
    pool: asyncpg.Pool, plan: Any, mailbox: EmbeddedMail, wall: Any
) -> None:
    """Marked as sending together with the end of the one before it; claimed, addressed and closed by the handful."""
    counted = Counted(pool)
    server = MailServer(host="127.0.0.1", port=mailbox.port, sender="doorstroom@fonds.example")
    room = PostRoom(counted, server, "sender-1", now=wall.now)
    await room.deliver_planned()

    asked = []
    for handfuls in (1, 2):
        for place in range(20 * handfuls):
            await plan("receipt", occasion=f"{handfuls}-{place}")
        counted.statements = 0
        assert await room.deliver_planned() == 20 * handfuls
        asked.append(counted.statements)

    assert asked[1] - asked[0] == 20 + 3
