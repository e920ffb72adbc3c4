"""A rehearsed clerk looks whether a message arrived whose sender fell."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from database import lean_pool, transaction
from models.tables import Effect
from rehearsal.post import Post
from schemes.reaching import mark_of
from tests.conftest import DatabaseUrls

TODAY = date(2025, 3, 3)
AT_TEN = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)


def lost(effect: str, channel: str = "email") -> dict[str, object]:
    """A message that was being handed over when its sender fell."""
    return {
        "effect": effect,
        "dossier": "ANT-2024-T-000001",
        "template": "trajectory_follow_up",
        "occasion": effect,
        "party": "participant",
        "values": {},
        "dated": TODAY,
        "state": "unknown",
        "channel": channel,
        "recipient": "digest",
        "attempts": 1,
        "planned_at": AT_TEN,
        "not_before": AT_TEN,
    }


async def test_what_arrived_is_noted_and_what_did_not_leaves_again(
    engine: AsyncEngine, database_urls: DatabaseUrls
) -> None:
    async with transaction(engine) as connection:
        await connection.execute(insert(Effect), [lost("arrived"), lost("texted", "sms"), lost("gone")])
    async with await lean_pool(database_urls.app, size=2) as pool:

        def arrived() -> set[str]:
            return {mark_of("arrived"), mark_of("texted", "digest"), mark_of("gone", "digest")}

        post = Post(pool, engine, arrived)
        await post.settle()
        rows = await pool.fetch("SELECT effect, state FROM effect ORDER BY effect")

    assert {row["effect"]: row["state"] for row in rows} == {"arrived": "sent", "gone": "planned", "texted": "sent"}
    assert post.settled == 3
