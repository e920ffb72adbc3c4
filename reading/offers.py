"""What an employer may know of the people it dismissed: how its own offer stands. No outcome, no guidance, no hours."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

PAGE = 100


class Offered(NamedTuple):
    """One person: the day of the offer, whether it was told later, and until when the employer is asked something."""

    number: str
    name: str
    offered_on: date | None
    told: bool
    asked_until: date | None


_OFFERS = text(
    """
    SELECT r.number, coalesce(p.first_name || ' ' || p.last_name, '') AS name,
        CAST(r.facts ->> 'offered_on' AS date) AS offered_on,
        EXISTS (SELECT FROM request q WHERE q.dossier = r.number AND q.code = 'offer' AND q.state = 'answered') AS told,
        (SELECT min(q.until) FROM request q
         WHERE q.dossier = r.number AND q.party = 'applicant' AND q.state = 'open') AS asked_until
    FROM receipt r
    LEFT JOIN participant p ON p.dossier = r.number AND p.line = 1
    WHERE r.parent = :number AND r.kind = 'trajectory' AND r.number > :after
        AND EXISTS (SELECT FROM receipt own WHERE own.number = :number)
    ORDER BY r.number LIMIT :limit
    """
)


async def offers(connection: AsyncConnection, number: str, after: str = "") -> tuple[list[Offered], str | None]:
    """The people of one employer dossier, in the order of their numbers, and the cursor of the next page."""
    values = {"number": number, "after": after, "limit": PAGE + 1}
    found = [Offered(*row) for row in await connection.execute(_OFFERS, values)]
    return found[:PAGE], found[PAGE - 1].number if len(found) > PAGE else None
