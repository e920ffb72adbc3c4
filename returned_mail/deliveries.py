"""What became of text messages: a provider takes one at once and knows only later whether it reached a telephone.

The house asks; so no door has to be open to a stranger, and who is away a while asks after all of them when it is back.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from database import glance, transaction
from returned_mail.taking_in import came_back

ASKED_UNTIL = timedelta(days=3)
"""So long a text may wait for a telephone that is off; after that nobody asks any more."""
HANDFUL = 50
Ask = Callable[[Mapping[str, Any]], Awaitable[str | None]]
"""Asks the provider after one message, by `effect` and `recipient`: queued, sent, delivered or failed; None when it
does not say.
"""

_WAITING = """
    SELECT effect, recipient FROM effect
    WHERE channel = 'sms' AND state = 'sent' AND delivered_at IS NULL AND ended_at > :since
        AND (asked_at IS NULL OR asked_at < :before)
    ORDER BY asked_at NULLS FIRST, ended_at LIMIT :most
"""
_DELIVERED = "UPDATE effect SET delivered_at = :at WHERE effect = :effect AND state = 'sent'"
_ASKED = "UPDATE effect SET asked_at = :at WHERE effect = :effect AND recipient = :recipient RETURNING true"
"""Unless it went to somebody else meanwhile: then what was heard is about a number that it does not stand for."""
AGAIN = timedelta(minutes=1)


async def ask_after(engine: AsyncEngine, ask: Ask, channels: Collection[str], *, again: timedelta = AGAIN) -> int:
    """Ask after texts of which nothing is known yet; returns of how many something was learnt.

    A text that failed goes another way, as a mail that came back does.
    """
    now = datetime.now(UTC)
    async with glance(engine) as connection:
        asked = {"since": now - ASKED_UNTIL, "before": now - again, "most": HANDFUL}
        waiting = (await connection.execute(text(_WAITING), asked)).mappings().all()
    learnt = 0
    for one in waiting:
        status = await ask(dict(one))
        effect, at = one["effect"], datetime.now(UTC)
        async with transaction(engine) as connection:
            if await connection.scalar(text(_ASKED), {**one, "at": at}) is None:
                continue
            if status == "delivered":
                await connection.execute(text(_DELIVERED), {"effect": effect, "at": at})
                learnt += 1
            elif status == "failed":
                learnt += await came_back(connection, effect, "failed", channels, at)
    return learnt
