"""The receipt of an application: the one thing written before Temporal knows of it, because it has legal force."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from models.messages.facts import Facts, TrainingFacts
from models.messages.message import Message
from models.messages.words import Fund, Kind, Language, Party
from models.tables import Contact, DocumentRow, NumberSeries, Participant, Receipt

LETTERS = {
    Kind.SUBSIDY: "S",
    Kind.TRANSITION_SUPPORT: "T",
    Kind.PROJECT_FINANCING: "P",
    Kind.OUTPLACEMENT: "O",
    Kind.TRAJECTORY: "J",
}


class PartyDetails(Message):
    """How a party is reached. Personal: goes into erasable rows only."""

    party: Party
    name: str
    email: str | None = None
    phone: str | None = None
    language: Language = Language.DUTCH
    iban: str | None = None


class Person(Message):
    """A participant by line number. Personal: goes into erasable rows only."""

    line: int
    first_name: str
    last_name: str
    birth_date: date | None = None


class Application(Message):
    """Everything an application brings; `facts` is all that the rules and Temporal ever see."""

    idempotency_key: str
    fund: Fund
    facts: Facts
    reference: str | None = None
    enterprise_number: str | None = None
    parent: str | None = None
    fingerprint: str | None = None
    received_at: datetime
    opens_at: datetime | None = None
    rehearsed: bool = False
    parties: tuple[PartyDetails, ...] = ()
    people: tuple[Person, ...] = ()
    documents: tuple[tuple[str, str], ...] = ()
    """Code and file name of what was attached."""
    typed: dict[str, str] = {}


async def write(connection: AsyncConnection, application: Application) -> tuple[str, bool]:
    """Write the receipt and all that belongs to it; returns its number, and whether it is new.

    The same idempotency key gives the same number, and nothing is written again.
    """
    standing = select(col(Receipt.number)).where(col(Receipt.idempotency_key) == application.idempotency_key)
    found = (await connection.execute(standing)).scalar_one_or_none()
    if found is not None:
        return found, False
    facts = await _recognised(connection, application)
    number = await next_number(connection, application.fund, Kind(facts.kind), application.received_at.year)
    opens_at = application.opens_at or application.received_at
    row = {
        "number": number,
        "idempotency_key": application.idempotency_key,
        "reference": application.reference,
        "fund": application.fund,
        "kind": facts.kind,
        "instrument": facts.instrument,
        "received_at": application.received_at,
        "facts": facts.model_dump(mode="json"),
        "typed": application.typed,
        "enterprise_number": application.enterprise_number,
        "parent": application.parent,
        "fingerprint": application.fingerprint,
        "rehearsed": application.rehearsed,
        "opens_at": opens_at,
    }
    inserted = upsert(Receipt).values(**row).on_conflict_do_nothing(index_elements=["idempotency_key"])
    if (await connection.execute(inserted.returning(col(Receipt.number)))).scalar_one_or_none() is None:
        return (await connection.execute(standing)).scalar_one(), False
    await _write_parties(connection, number, application, opens_at)
    return number, True


async def next_number(connection: AsyncConnection, fund: Fund, kind: Kind, year: int) -> str:
    """The next number of the series, such as ANT-2024-S-000123; the series row stays locked until the commit."""
    series = f"{fund}-{year}-{LETTERS[kind]}"
    counted = (
        upsert(NumberSeries)
        .values(series=series, last=1)
        .on_conflict_do_update(index_elements=["series"], set_={"last": col(col(NumberSeries.last)) + 1})
        .returning(col(NumberSeries.last))
    )
    last: int = (await connection.execute(counted)).scalar_one()
    return f"{series}-{last:06d}"


async def _recognised(connection: AsyncConnection, application: Application) -> Facts:
    """The facts, with the earlier application of which this one is a repetition, when there is one."""
    facts = application.facts
    if application.fingerprint is None or not isinstance(facts, TrainingFacts) or facts.duplicate_of is not None:
        return facts
    earlier = select(col(Receipt.number)).where(
        col(col(Receipt.fingerprint)) == application.fingerprint, col(col(Receipt.fund)) == application.fund
    )
    found = (await connection.execute(earlier.order_by(col(Receipt.number)).limit(1))).scalar_one_or_none()
    return facts if found is None else facts.model_copy(update={"duplicate_of": found})


async def _write_parties(connection: AsyncConnection, number: str, application: Application, at: datetime) -> None:
    rows: list[tuple[Any, list[dict[str, Any]]]] = [
        (Contact, [{"dossier": number, **party.model_dump(mode="json")} for party in application.parties]),
        (Participant, [{"dossier": number, **person.model_dump()} for person in application.people]),
        (
            DocumentRow,
            [
                {"dossier": number, "code": code, "name": name, "party": Party.APPLICANT, "received_at": at}
                for code, name in application.documents
            ],
        ),
    ]
    for table, values in rows:
        if values:
            await connection.execute(insert(table), values)


async def unstarted(connection: AsyncConnection, limit: int, received_before: datetime) -> list[str]:
    """Numbers of receipts whose workflow was not started yet, oldest first."""
    query = select(col(Receipt.number)).where(
        col(Receipt.started_at).is_(None), col(Receipt.received_at) <= received_before
    )
    found = await connection.execute(query.order_by(col(Receipt.received_at), col(col(Receipt.number))).limit(limit))
    return list(found.scalars())


async def count_unstarted(connection: AsyncConnection) -> int:
    """How many receipts wait for their workflow."""
    query = select(func.count()).where(col(Receipt.started_at).is_(None))
    return int((await connection.execute(query)).scalar_one())
