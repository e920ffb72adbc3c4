"""A file of a closure, kept while somebody looks at it; received whole, or not at all, when that one says so."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel import col

import receipts
from database import transaction
from importing.applications import Application
from importing.cohort_dossiers import Inside, inside_of, place_of
from importing.cohorts import Announced, Cohort, Row, as_employer
from importing.known_people import KnownPeople, key_of
from importing.office import Office
from importing.storing import Rehearsed, Stored, as_received, receive_trajectory
from models.errors import Refusal
from models.messages.facts import TrajectoryFacts
from models.messages.words import Fund, Kind, Party
from models.tables import CohortFile, CohortLine, Contact, Receipt
from schemes.calendar import local_date
from schemes.cohorts import outlook
from schemes.outplacement_amounts import OutplacementRates

KEPT_FOR = timedelta(days=7)
"""How long a file that nobody received is kept: its rows name people."""
SHARED = 0
"""The row under which what holds for everybody is kept, with the rows and as erasable."""
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended(:closure, 0))")


async def preview(
    engine: AsyncEngine,
    cohort: Cohort,
    announced: Announced,
    rates: OutplacementRates,
    *,
    name: str,
    person: str,
    secret: bytes,
) -> str:
    """Keep a file that was read, with all that can be said of it; returns the name of the preview.

    Nothing stands in a dossier yet. The same file of the same closure has the same name; one that was received stays.

    Raises:
        Refusal: another fund goes on with this closure.
    """
    file = hashlib.sha256(f"{announced.key(secret)}{cohort.digest}".encode()).hexdigest()[:32]
    now = datetime.now(UTC)
    async with transaction(engine) as connection:
        await _forget_old(connection, now)
        standing = select(col(CohortFile.state)).where(col(CohortFile.file) == file).with_for_update()
        if await connection.scalar(standing) == "received":
            return file
        await discard(connection, file)
        people = KnownPeople()
        await people.look_up(connection, (key_of(row.application) for row in cohort.rows if row.application))
        own = (await place_of(connection, announced, secret)).number
        inside = await inside_of(connection, own)
        rows = [inside.held_against(one, name) for one in cohort.rows]
        row = {name: getattr(announced, name) for name in _OF_THE_FILE} | {"file": file, "name": name, "dossier": own}
        counts = {"people": len(rows), "faults": sum(1 for one in rows if one.faults), "new": 0}
        more = {"person": person, "uploaded_at": now, "state": "preview"}
        await connection.execute(insert(CohortFile).values(**row, **counts, **more))
        shared = {"row": SHARED, "name": announced.employer_name, "facts": {}, "faults": []}
        shared["application"] = announced.model_dump(mode="json")
        lines = [_line(one, people, inside, local_date(now), rates) for one in rows]
        await connection.execute(insert(CohortLine), [{"file": file} | line for line in (shared, *lines)])
    return file


_OF_THE_FILE = ("fund", "enterprise_number", "employer_name", "dismissal", "bankrupt", "announced_on")


async def receive(engine: AsyncEngine, file: str, secret: bytes, rehearsed: Rehearsed = Rehearsed.NO) -> str:
    """Receipts of the employer dossier and of everybody who is not in it yet, in one transaction; returns its number.

    Received twice it is the same dossier. The workers start what was received.

    Raises:
        Refusal: the file is gone, something in it has to be repaired first, or another fund goes on with the closure.
    """
    async with transaction(engine) as connection:
        query = select(CohortFile).where(col(CohortFile.file) == file).with_for_update()
        standing = (await connection.execute(query)).one_or_none()
        if standing is None:
            raise Refusal("CohortGone", "Deze lijst is er niet meer. Laad ze opnieuw op.")
        if standing.state == "received":
            return str(standing.dossier)
        if standing.faults:
            raise Refusal(
                "CohortFaulty", "Deze lijst kan nog niet ontvangen worden: herstel eerst de rijen met fouten."
            )
        rows = (await connection.execute(select(CohortLine).where(col(CohortLine.file) == file))).all()
        announced = Announced.model_validate(next(row.application for row in rows if row.row == SHARED))
        people = tuple(Application.model_validate(row.application) for row in rows if row.row != SHARED)
        office = Office(local_date(datetime.now(UTC)), secret, announced.fund)
        number, new = await receive_people(connection, people, announced, office, rehearsed)
        await connection.execute(delete(CohortLine).where(col(CohortLine.file) == file))
        done = {"state": "received", "received_at": datetime.now(UTC), "dossier": number, "new": new}
        await connection.execute(update(CohortFile).where(col(CohortFile.file) == file).values(**done))
    return number


async def receive_people(
    connection: AsyncConnection,
    people: tuple[Application, ...],
    announced: Announced,
    office: Office,
    rehearsed: Rehearsed = Rehearsed.NO,
) -> tuple[str, int]:
    """The employer dossier of a closure with these people in it, in the caller's transaction; how many were new.

    Raises:
        Refusal: another fund goes on with this closure, or somebody else in it has the number of one of them.
    """
    await connection.execute(_ONE_AT_A_TIME, {"closure": announced.key(office.secret)})
    number, key = await place_of(connection, announced, office.secret)
    if number is None:
        employer = as_employer(people, announced, office).model_copy(update={"key": key})
        number = (await receipts.write(connection, as_received(employer, None, rehearsed)))[0]
    fresh, known, stored = (await inside_of(connection, number)).newcomers(people), KnownPeople(), Stored()
    await known.look_up(connection, map(key_of, fresh))
    for one in fresh:
        own = one.model_copy(update={"key": f"{number}/{one.reference}"})
        await receive_trajectory(connection, own, stored, number, known, rehearsed)
    return number, len(stored.new)


async def discard(connection: AsyncConnection, file: str) -> None:
    """Forget a file that was not received."""
    await connection.execute(delete(CohortLine).where(col(CohortLine.file) == file))
    waiting = (col(CohortFile.file) == file) & (col(CohortFile.state) == "preview")
    await connection.execute(delete(CohortFile).where(waiting))


async def announced_in(connection: AsyncConnection, file: str) -> Announced | None:
    """What holds for everybody of a file that waits."""
    query = select(col(CohortLine.application)).where(col(CohortLine.file) == file, col(CohortLine.row) == SHARED)
    found = await connection.scalar(query)
    return None if found is None else Announced.model_validate(found)


async def announced_of(connection: AsyncConnection, number: str) -> Announced | None:
    """What holds for everybody of an employer dossier that was received, to add somebody to it."""
    row = (await connection.execute(select(Receipt).where(col(Receipt.number) == number))).one_or_none()
    if row is None or row.kind != Kind.OUTPLACEMENT or row.facts["dismissal"] == "individual":
        return None
    named = (
        select(col(Contact.name))
        .join(Receipt, col(Receipt.number) == col(Contact.dossier))
        .where(col(Receipt.parent) == number, col(Contact.party) == Party.APPLICANT.value)
    )
    known = {name: row.facts[name] for name in ("dismissal", "bankrupt", "announced_on")}
    name = await connection.scalar(named.limit(1)) or row.enterprise_number
    return Announced(
        fund=Fund(row.fund),
        enterprise_number=row.enterprise_number,
        employer_name=name,
        agency=row.facts.get("agency") or "",
        **known,
    )


async def _forget_old(connection: AsyncConnection, now: datetime) -> None:
    old = select(col(CohortFile.file)).where(
        col(CohortFile.state) == "preview", col(CohortFile.uploaded_at) < now - KEPT_FOR
    )
    for file in (await connection.execute(old)).scalars().all():
        await discard(connection, file)


def _line(one: Row, people: KnownPeople, inside: Inside, today: date, rates: OutplacementRates) -> dict[str, Any]:
    faults = [{"column": fault.column, "message": fault.message} for fault in one.faults]
    line: dict[str, Any] = {"row": one.row, "name": one.name, "facts": {}, "faults": faults, "application": None}
    application = one.application
    if application is None or not isinstance(application.facts, TrajectoryFacts):
        return line
    personal, earlier = application.personal, people.earlier(application)
    line["application"] = application.model_dump(mode="json")
    line["facts"] = outlook(application.facts, today, rates).model_dump(mode="json") | {
        "agency": application.facts.agency or "",
        "language": personal.language,
        "channels": [name for name in ("email", "phone", "street") if getattr(personal, name)],
        "inside": inside.people.get(key_of(application) or ""),
        "earlier": earlier.model_dump() if earlier else None,
    }
    return line
