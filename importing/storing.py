"""A batch becomes receipts: all of them in one transaction, or none; what was received before stays as it is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel import col

import receipts
from database import transaction
from importing.applications import Application, Batch, EmployerRow, Heads, PersonalData
from importing.attachments import documents
from importing.known_people import KnownPeople, key_of, noticed
from models.messages.facts import TrajectoryFacts
from models.messages.words import Fund, Kind, Party
from models.tables import Employer, HeadcountRow
from schemes.calendar import start_of_day

MORNING = timedelta(hours=9)


@dataclass
class Stored:
    """What an import did: the numbers given, and how many applications were there already."""

    numbers: dict[str, str] = field(default_factory=dict)
    """Number of the dossier by the reference of the file."""
    new: list[str] = field(default_factory=list)
    known: int = 0
    employers: int = 0


class Rehearsed(Enum):
    """Whether the dossiers of a batch may have their clock moved, and where it starts."""

    NO = "no"
    FROM_TODAY = "from_today"
    FROM_FILING = "from_filing"
    """On the morning of the day each was filed."""


async def store(engine: AsyncEngine, batch: Batch, fund: Fund, rehearsed: Rehearsed = Rehearsed.NO) -> Stored:
    """Write the receipts of a batch; their workflows are started afterwards."""
    stored = Stored()
    async with transaction(engine) as connection:
        await _employers(connection, batch, fund, stored)
        people = KnownPeople()
        everybody = (one for application in batch.applications for one in application.trajectories)
        await people.look_up(connection, map(key_of, everybody))
        known = {row.enterprise_number: row for row in batch.employers}
        for application in (_reachable(one, known) for one in batch.applications):
            number = await _receive(connection, application, stored, None, rehearsed)
            for trajectory in application.trajectories:
                await receive_trajectory(connection, trajectory, stored, number, people, rehearsed)
    return stored


async def receive_trajectory(
    connection: AsyncConnection,
    trajectory: Application,
    stored: Stored,
    parent: str,
    people: KnownPeople,
    rehearsed: Rehearsed = Rehearsed.NO,
) -> None:
    """Write the receipt of one dismissed person, with what is known of other trajectories of the same person."""
    named = noticed(trajectory, people.earlier(trajectory))
    people.received(trajectory, await _receive(connection, named, stored, parent, rehearsed))


async def _receive(
    connection: AsyncConnection, application: Application, stored: Stored, parent: str | None, rehearsed: Rehearsed
) -> str:
    number, new = await receipts.write(connection, as_received(application, parent, rehearsed))
    stored.numbers[application.reference] = number
    if new:
        stored.new.append(number)
    else:
        stored.known += 1
    return number


def _reachable(application: Application, employers: Mapping[str, EmployerRow]) -> Application:
    """An employer's dossier made of a list of dismissals is answered to the contact of the employers' file."""
    employer = employers.get(application.personal.enterprise_number)
    if application.kind is not Kind.OUTPLACEMENT or employer is None:
        return application
    contact = {"contact_name": employer.contact_name, "email": employer.email, "phone": employer.phone}
    account = {"language": employer.language, "iban": employer.iban}
    personal = application.personal.model_copy(update={**contact, **account})
    return application.model_copy(update={"personal": personal})


def as_received(application: Application, parent: str | None, rehearsed: Rehearsed) -> receipts.Application:
    """The application in the form in which everything is received, its personal data apart from its facts."""
    personal = application.personal
    facts = application.facts
    if isinstance(facts, TrajectoryFacts) and parent is not None:
        facts = facts.model_copy(update={"employer_dossier": parent})
    opened = start_of_day(application.filed_on) + MORNING
    return receipts.Application(
        idempotency_key=f"import/{application.fund}/{application.key or application.reference}",
        fund=application.fund,
        facts=facts,
        reference=application.reference,
        enterprise_number=personal.enterprise_number,
        parent=parent,
        fingerprint=application.fingerprint,
        received_at=datetime.now(UTC),  # terms of the fund run from here; which policy holds, the day of filing says
        opens_at=opened if rehearsed is Rehearsed.FROM_FILING else None,
        rehearsed=rehearsed is not Rehearsed.NO,
        parties=tuple(_parties(application, invented=rehearsed is not Rehearsed.NO)),
        people=tuple(
            receipts.Person(
                line=person.line,
                first_name=person.first_name,
                last_name=person.last_name,
                birth_date=person.birth_date,
                person=person.key,
            )
            for person in personal.people
        ),
        documents=tuple((_code(name), name) for name in personal.attachments),
        typed=dict(personal.typed) | dict(personal.texts),
    )


def _parties(application: Application, *, invented: bool) -> Iterator[receipts.PartyDetails]:
    personal = application.personal
    reached: dict[str, Any] = {
        "email": personal.email or None,
        "phone": personal.phone or None,
        "language": personal.language,
        "iban": personal.iban or None,
    }
    person = personal.people[0].name if personal.people else personal.employer_name
    if application.kind is Kind.TRAJECTORY:
        yield receipts.PartyDetails(party=Party.PARTICIPANT, name=person, **reached, **_address(personal))
        yield receipts.PartyDetails(party=Party.APPLICANT, name=personal.employer_name)
    else:
        yield receipts.PartyDetails(party=Party.APPLICANT, name=personal.contact_name or person, **reached)
    if expert := personal.texts.get("Externe expert"):
        address = "expert@adviesbureau.example" if invented else None
        yield receipts.PartyDetails(party=Party.EXPERT, name=expert, email=address)
    agency = getattr(application.facts, "agency", None)
    if agency:
        address = f"trajecten@{agency.lower().replace(' ', '-')}.example" if invented else None
        yield receipts.PartyDetails(party=Party.AGENCY, name=agency, email=address)


def _address(personal: PersonalData) -> dict[str, str | None]:
    """Where letters go; a place without a street is no address."""
    names = ("street", "postcode", "municipality", "country")
    return {name: (getattr(personal, name) or None) if personal.street else None for name in names}


def _code(name: str) -> str:
    return next(iter(sorted(documents((name,)))), "other")


async def _employers(connection: AsyncConnection, batch: Batch, fund: Fund, stored: Stored) -> None:
    """What lists of employers tell; one of an earlier year adds its headcounts, and leaves newer contacts alone."""
    for start in range(0, len(batch.employers), 500):
        some = batch.employers[start : start + 500]
        described, counted = upsert(Employer), upsert(HeadcountRow)
        rows = [_employer(row, fund) for row in some]
        newer = {name: described.excluded[name] for name in rows[0] if name != "establishment_number"}
        not_older = described.excluded.headcount_on >= col(Employer.headcount_on)
        await connection.execute(
            described.on_conflict_do_update(index_elements=["establishment_number"], set_=newer, where=not_older), rows
        )
        heads = {name: counted.excluded[name] for name in ("workers", "employees")}
        await connection.execute(
            counted.on_conflict_do_update(index_elements=["establishment_number", "counted_on"], set_=heads),
            [_headcount(row.establishment_number, one) for row in some for one in row.heads],
        )
    stored.employers = len(batch.employers)


def _headcount(establishment: str, heads: Heads) -> dict[str, Any]:
    return {"establishment_number": establishment} | heads.model_dump(exclude={"staff"})


def _employer(row: EmployerRow, fund: Fund) -> dict[str, Any]:
    return {
        "establishment_number": row.establishment_number,
        "enterprise_number": row.enterprise_number,
        "fund": fund,
        "name": row.name,
        "postcode": row.postcode,
        "municipality": row.municipality,
        "joint_committee_workers": row.joint_committee_workers or None,
        "joint_committee_employees": row.joint_committee_employees or None,
        "workers": row.heads[-1].workers,
        "employees": row.heads[-1].employees,
        "headcount_on": row.heads[-1].counted_on,
        "iban": row.iban or None,
        "contact_name": row.contact_name or None,
        "email": row.email or None,
        "phone": row.phone or None,
        "language": row.language,
        "stopped_on": row.stopped_on,
    }
