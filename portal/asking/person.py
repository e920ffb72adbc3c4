"""One person in all dossiers: what is told once holds everywhere."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from models.errors import Refusal
from models.messages.commands import ReportFact
from portal.following.answered import LATER
from portal.house import House

SAME = """
    SELECT CAST(:number AS varchar) UNION
    SELECT other.dossier FROM participant me JOIN participant other ON other.person = me.person
    WHERE me.dossier = :number AND me.person <> ''
"""
"""A dossier and the others of the same person; who has no key is known in this one alone."""
OWN = f"party = 'participant' AND dossier IN ({SAME})"
"""The contacts of that person."""
_OPEN = f"""
    SELECT r.number FROM receipt r LEFT JOIN dossier d ON d.number = r.number
    WHERE r.kind = 'trajectory' AND d.outcome IS NULL AND r.number IN ({SAME}) ORDER BY 1
"""
"""The trajectories of that person that run, also one that was received and is about to start."""


async def change(connection: AsyncConnection, number: str, assigned: str, **values: Any) -> None:
    """Write something into every contact of the person of this dossier. `assigned`: columns and what they become."""
    await connection.execute(text(f"UPDATE contact SET {assigned} WHERE {OWN}"), {"number": number, **values})


async def tell_all(house: House, connection: AsyncConnection, number: str, fact: ReportFact) -> bool:
    """Tell every trajectory of the person that runs. Whether one could not hear it now: for that one it is kept.

    Raises:
        Refusal: a trajectory does not take it.
    """
    later = False
    for trajectory in (await connection.execute(text(_OPEN), {"number": number})).scalars().all():
        await house.starter.start(trajectory)
        try:
            await house.starter.report(trajectory, fact)
        except Refusal as refusal:
            if refusal.code not in (LATER, "DossierClosed"):
                raise
            later |= refusal.code == LATER
    return later
