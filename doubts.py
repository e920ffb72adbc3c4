"""A message of which nobody knows whether it left, because its sender or the mail server fell while it was handed over.

It is never sent again blindly. A person looks in the log of the mail server, or asks the provider of text messages, and
says here what is there; the message is found by its mark (`schemes.reaching.mark_of`).
"""

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from database import transaction
from models.errors import Refusal
from returned_mail.wanted import AGAIN, WITHDRAWN_SINCE, asked_no_more

_IN_DOUBT = f"""
    SELECT dossier, occasion, {WITHDRAWN_SINCE.format(moment="effect.planned_at")} AS withdrawn
    FROM effect WHERE effect = :effect AND state = 'unknown' AND split_part(dossier, '-', 1) = ANY (:funds) FOR UPDATE
"""
_ENDED = "UPDATE effect SET state = :state, ended_at = :at, problem = :problem WHERE effect = :effect"


async def settle(engine: AsyncEngine, effect: str, by: str, funds: Collection[str], *, arrived: bool) -> str:
    """What a person of these funds found: the message arrived, or it is sent again, unless nobody asks any more what it
    asks. Returns the state it has now: `sent`, `planned` or `withdrawn`.

    Raises:
        Refusal: about this message there is nothing to decide in these funds.
    """
    asked = {"effect": effect, "funds": list(funds)}
    async with transaction(engine) as connection:
        found = (await connection.execute(text(_IN_DOUBT), asked)).one_or_none()
        if found is None:
            raise Refusal(
                "NothingToSettle",
                f"Over het bericht {effect} valt voor {', '.join(funds)} niets te beslissen: "
                "het is van een ander fonds, of een collega besliste al.",
            )
        over = found.withdrawn or await asked_no_more(connection, found.dossier, found.occasion)
        state = "sent" if arrived else "withdrawn" if over else "planned"
        said = {"effect": effect, "at": datetime.now(UTC), "problem": f"decided by {by}"}
        again = state == "planned"
        await connection.execute(text(AGAIN if again else _ENDED), said if again else {**said, "state": state})
    return state
