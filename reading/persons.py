"""Other dossiers of the same person, by the keyed digest of name and birth date."""

from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


class Elsewhere(NamedTuple):
    """Another dossier of the same person."""

    number: str
    kind: str
    phase: str | None
    outcome: str | None


_ELSEWHERE = text(
    """
    SELECT DISTINCT r.number, r.kind, d.phase, d.outcome
    FROM participant mine
    JOIN participant theirs ON theirs.person = mine.person AND theirs.dossier <> mine.dossier
    JOIN receipt r ON r.number = theirs.dossier
    LEFT JOIN dossier d ON d.number = r.number
    WHERE mine.dossier = :number AND mine.person IS NOT NULL
    ORDER BY r.number
    """
)
_LINKED = text(
    """
    SELECT r.number, r.kind, d.phase, d.outcome FROM handed_on h
    JOIN receipt r ON r.number = CASE WHEN h.number = :number THEN h.predecessor ELSE h.number END
    LEFT JOIN dossier d ON d.number = r.number
    WHERE h.number = :number OR h.predecessor = :number
    """
)


class Related(NamedTuple):
    """Other dossiers of the people in one, and the dossier at the fund before or after."""

    elsewhere: list[Elsewhere]
    linked: list[Elsewhere]


async def related(connection: AsyncConnection, number: str) -> Related:
    """What a dossier has to do with, as far as who asks may see it."""
    asked = {"number": number}
    same = [Elsewhere(*row) for row in await connection.execute(_ELSEWHERE, asked)]
    linked = [Elsewhere(*row) for row in await connection.execute(_LINKED, asked)]
    return Related([one for one in same if one.number not in {other.number for other in linked}], linked)
