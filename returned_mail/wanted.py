"""Whether anybody still wants a message that did not leave, or not for sure: what it asks may be answered meanwhile."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

WITHDRAWN_SINCE = """
    EXISTS (
        SELECT FROM event
        WHERE event.dossier = effect.dossier AND type = 'mails_withdrawn' AND recorded_at > {moment}
            AND data ->> 'party' = effect.party AND (
                data ->> 'occasion' IS NULL OR starts_with(effect.occasion || '/', (data ->> 'occasion') || '/')
            )
    )
"""
"""Whether the story took a message of `effect` back after a moment, while it was out of reach."""
AGAIN = """
    UPDATE effect SET state = 'planned', problem = :problem, not_before = :at, claimed_by = NULL, ended_at = NULL,
        recipient = NULL, channel = NULL, leaves_on = NULL, left_at = NULL
    WHERE effect = :effect
"""
"""It asks for another turn, and goes where and by which way the person is reached now."""
_ENDED = "SELECT state <> 'open' FROM request WHERE request = :request FOR SHARE"
"""Whether nobody asks any more what was asked; an answer that is being written down at this moment is waited for."""


async def asked_no_more(connection: AsyncConnection, dossier: str, occasion: str) -> bool:
    """Whether the question that a message is about, if it is about one, has ended. Its code and turn come first in the
    occasion, after the number where it tells of another last day.
    """
    question = occasion.removeprefix(f"{dossier}/").split("/")[:2]
    return bool(await connection.scalar(text(_ENDED), {"request": "/".join((dossier, *question))}))
