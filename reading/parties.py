"""Names of people, from the rows that may be erased: events carry opaque ids only."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from models.tables import Contact, StaffMember


async def names(connection: AsyncConnection, dossier: str, persons: Iterable[str]) -> Mapping[str, str]:
    """Names by staff id and, for the parties of this dossier, by party; who was erased has none."""
    staff = select(col(StaffMember.person), col(StaffMember.name)).where(
        col(StaffMember.person).in_(sorted(set(persons)))
    )
    contacts = select(col(Contact.party), col(Contact.name)).where(col(Contact.dossier) == dossier)
    found = [*(await connection.execute(contacts)).all(), *(await connection.execute(staff)).all()]
    return {person: name for person, name in found if name}
