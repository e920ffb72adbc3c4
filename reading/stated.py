"""What a party stated of its dossier, as it stands after corrections: facts, people and documents."""

from datetime import date, datetime
from typing import NamedTuple

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from models.messages.facts import Facts
from models.tables import Correction, DocumentRow, Participant, Receipt

_FACTS: TypeAdapter[Facts] = TypeAdapter(Facts)


class Person(NamedTuple):
    """A participant by the line that facts use, with the name as it still stands."""

    line: int
    name: str
    birth_date: date | None


class Brought(NamedTuple):
    """A document that a party handed in."""

    code: str
    name: str
    received_at: datetime


async def facts(connection: AsyncConnection, number: str) -> Facts | None:
    """The facts as they were last put right; None for whom the application is not shown."""
    corrected = select(col(Correction.facts)).where(col(Correction.dossier) == number)
    found = await connection.scalar(corrected.order_by(col(Correction.id).desc()).limit(1))
    if found is None:
        found = await connection.scalar(select(col(Receipt.facts)).where(col(Receipt.number) == number))
    return None if found is None else _FACTS.validate_python(found)


async def people(connection: AsyncConnection, number: str) -> tuple[Person, ...]:
    """The participants of a dossier, by line."""
    query = select(Participant).where(col(Participant.dossier) == number).order_by(col(Participant.line))
    return tuple(
        Person(row.line, f"{row.first_name} {row.last_name}", row.birth_date) for row in await connection.execute(query)
    )


async def brought(connection: AsyncConnection, number: str, party: str) -> tuple[Brought, ...]:
    """The documents of one party, the newest first."""
    columns = (col(DocumentRow.code), col(DocumentRow.name), col(DocumentRow.received_at))
    query = select(*columns).where(col(DocumentRow.dossier) == number, col(DocumentRow.party) == party)
    return tuple(Brought(*row) for row in await connection.execute(query.order_by(col(DocumentRow.id).desc())))
