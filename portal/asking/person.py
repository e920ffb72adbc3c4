"""One person in all dossiers: what is told once holds everywhere."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from models.errors import Refusal
from models.messages.commands import ReportFact
from portal.following.answered import LATER
from portal.house import House

_SAME = """
    SELECT CAST(:number AS varchar) UNION
    SELECT other.dossier FROM participant me JOIN participant other ON other.person = me.person
    WHERE me.dossier = :number AND me.person <> ''
"""
"""A dossier and the others of the same person; who has no key is known in this one alone."""
OWN = f"party = 'participant' AND dossier IN ({_SAME})"
"""The contacts of that person."""
_OPEN = f"SELECT number FROM dossier WHERE kind = 'trajectory' AND outcome IS NULL AND number IN ({_SAME}) ORDER BY 1"


async def change(connection: AsyncConnection, number: str, assigned: str, **values: Any) -> None:
    """Write something into every contact of the person of this dossier. `assigned`: columns and what they become."""
    await connection.execute(text(f"UPDATE contact SET {assigned} WHERE {OWN}"), {"number": number, **values})


async def tell_all(house: House, connection: AsyncConnection, number: str, fact: ReportFact) -> None:
    """Tell every trajectory of the person that runs; what one cannot hear now is kept until it can.

    Raises:
        Refusal: a trajectory does not take it.
    """
    for trajectory in (await connection.execute(text(_OPEN), {"number": number})).scalars().all():
        try:
            await house.starter.report(trajectory, fact)
        except Refusal as refusal:
            if refusal.code not in (LATER, "DossierClosed"):
                raise
