"""From what an import read to receipts and started dossiers: all receipts in one transaction, the starts afterwards."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel import col
from temporalio.service import RPCError

import policies
import receipts
from database import transaction
from importing import Application, Batch, EmployerRow, Fault
from importing.attachments import documents
from models.errors import Refusal
from models.messages.facts import ProjectFacts, TrajectoryFacts
from models.messages.words import Fund, Instrument, Kind, Outcome, Party
from models.tables import DossierRow, Employer, Receipt
from schemes.calendar import start_of_day
from schemes.project import OtherProject
from starter import Starter

HEADCOUNT_ON = date(2023, 9, 30)
"""The day that the columns of the employers' list name."""
DESK_OPENS = timedelta(hours=9)
AT_ONCE = 16
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Admission:
    """What an import did: numbers of new dossiers (parents first), and how many applications were known already."""

    new: tuple[str, ...]
    known: int
    employers: int


def everyone(batch: Batch) -> Iterator[Application]:
    """Every application of a batch, an employer dossier before the trajectories in it."""
    for application in batch.applications:
        yield application
        yield from application.trajectories


def ungoverned(batch: Batch) -> tuple[Fault, ...]:
    """Applications of a day for which the fund has no policy, as faults of the files."""
    faults = []
    for application in everyone(batch):
        try:
            policies.in_force(application.fund, application.instrument, application.filed_on)
        except Refusal as refusal:
            text = f"{application.reference}: {refusal.message}"
            faults.append(Fault(file="aanvragen", row=None, column=None, message=text))
    return tuple(faults)


async def known_projects(engine: AsyncEngine, fund: Fund) -> tuple[OtherProject, ...]:
    """Projects received before that may still run: the rule of one project per lever looks at them."""
    ended = (Outcome.REFUSED, Outcome.WITHDRAWN, Outcome.LAPSED, Outcome.HANDED_OVER)
    query = (
        select(col(Receipt.reference), col(Receipt.number), col(Receipt.enterprise_number), col(Receipt.facts))
        .join(DossierRow, col(DossierRow.number) == col(Receipt.number), isouter=True)
        .where(
            col(Receipt.fund) == fund,
            col(Receipt.instrument) == Instrument.PROJECT_FINANCING,
            col(DossierRow.outcome).is_(None) | col(DossierRow.outcome).not_in(ended),
        )
    )
    async with transaction(engine) as connection:
        rows = (await connection.execute(query)).all()
    return tuple(
        OtherProject(
            reference=row.reference or row.number,
            enterprise=row.enterprise_number or "",
            facts=ProjectFacts.model_validate(row.facts),
        )
        for row in rows
    )


async def admit(
    engine: AsyncEngine, batch: Batch, *, rehearsed: bool = False, progress: Progress = lambda _: None
) -> Admission:
    """Write employers and receipts, all of them or none. What was received before is left as it is.

    With `rehearsed` every dossier gets a clock of its own that begins on the day of filing.
    """
    new: list[str] = []
    known = 0
    async with transaction(engine) as connection:
        employers = await _write_employers(connection, batch)
        contacts = await _contacts(connection, everyone(batch))
        for application in batch.applications:
            parent: str | None = None
            for one in (application, *application.trajectories):
                receipt = as_receipt(one, contacts, parent=parent, rehearsed=rehearsed)
                number, fresh = await receipts.write(connection, receipt)
                parent = parent or number
                new += [number] if fresh else []
                known += not fresh
                progress(1)
    return Admission(tuple(sorted(new, key=_trajectories_last)), known, employers)


async def start_all(starter: Starter, numbers: Sequence[str], progress: Progress = lambda _: None) -> int:
    """Start dossiers, some at once; returns how many. When Temporal goes away, the sweep starts the rest later."""
    desk, started, away = asyncio.Semaphore(AT_ONCE), 0, asyncio.Event()

    async def start(number: str) -> None:
        nonlocal started
        async with desk:
            if away.is_set():
                return
            try:
                await asyncio.wait_for(starter.start(number), timeout=10)
            except (RPCError, TimeoutError, RuntimeError):
                away.set()
                return
            started += 1
            progress(1)

    parents = [number for number in numbers if not _trajectories_last(number)]
    for part in (parents, [number for number in numbers if _trajectories_last(number)]):
        await asyncio.gather(*(start(number) for number in part))
    return started


def as_receipt(
    application: Application,
    contacts: Mapping[str, receipts.PartyDetails],
    *,
    parent: str | None = None,
    rehearsed: bool = False,
) -> receipts.Application:
    """The receipt of one application. It counts as received when it was filed, at nine in the morning."""
    personal, facts = application.personal, application.facts
    if parent is not None and isinstance(facts, TrajectoryFacts):
        facts = facts.model_copy(update={"employer_dossier": parent})
    papers = ((code.value, name) for name in personal.attachments for code in sorted(documents((name,))))
    return receipts.Application(
        idempotency_key=f"import/{application.fund.value}/{application.reference}",
        fund=application.fund,
        facts=facts,
        reference=application.reference,
        enterprise_number=personal.enterprise_number,
        parent=parent,
        fingerprint=application.fingerprint,
        received_at=_filed_at(application.filed_on),
        rehearsed=rehearsed,
        parties=tuple(_parties(application, contacts.get(personal.enterprise_number))),
        people=tuple(
            receipts.Person(
                line=person.line,
                first_name=person.first_name,
                last_name=person.last_name,
                birth_date=person.birth_date,
            )
            for person in personal.people
        ),
        documents=tuple(papers),
        typed=dict(personal.typed),
    )


def _filed_at(day: date) -> datetime:
    return start_of_day(day) + DESK_OPENS


def _parties(application: Application, employer: receipts.PartyDetails | None) -> Iterator[receipts.PartyDetails]:
    """Who takes part. The employer of an outplacement is reached as the list of employers says."""
    personal = application.personal
    own = receipts.PartyDetails(
        party=Party.APPLICANT,
        name=personal.contact_name or personal.employer_name,
        email=personal.email or None,
        phone=personal.phone or None,
        language=personal.language,
        iban=personal.iban or None,
    )
    match application.kind:
        case Kind.TRAJECTORY:
            yield own.model_copy(update={"party": Party.PARTICIPANT})
            if employer is not None:
                yield employer
        case Kind.OUTPLACEMENT:
            yield employer or own
        case _:
            yield own
    if agency := getattr(application.facts, "agency", None):
        yield receipts.PartyDetails(party=Party.AGENCY, name=agency)
    if expert := personal.texts.get("Externe expert"):
        yield receipts.PartyDetails(party=Party.EXPERT, name=expert)


async def _contacts(
    connection: AsyncConnection, applications: Iterable[Application]
) -> dict[str, receipts.PartyDetails]:
    """How employers are reached, by enterprise number; of several establishments the first."""
    needed = sorted({one.personal.enterprise_number for one in applications})
    query = select(Employer).where(col(Employer.enterprise_number).in_(needed), col(Employer.email).is_not(None))
    rows = (await connection.execute(query.order_by(col(Employer.establishment_number).desc()))).all()
    return {
        row.enterprise_number: receipts.PartyDetails(
            party=Party.APPLICANT,
            name=row.contact_name or row.name,
            email=row.email,
            phone=row.phone,
            language=row.language,
            iban=row.iban,
        )
        for row in rows
    }


async def _write_employers(connection: AsyncConnection, batch: Batch) -> int:
    """Employers as the newest list has them; an establishment that also stands among the stopped ones stopped."""
    fund = batch.applications[0].fund if batch.applications else Fund.ANTWERPEN
    rows = {employer.establishment_number: _employer(employer, fund) for employer in batch.employers}
    if not rows:
        return 0
    statement = upsert(Employer)
    kept = {name: statement.excluded[name] for name in next(iter(rows.values())) if name != "establishment_number"}
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["establishment_number"], set_=kept), list(rows.values())
    )
    return len(rows)


def _employer(row: EmployerRow, fund: Fund) -> dict[str, object]:
    return {
        "establishment_number": row.establishment_number,
        "enterprise_number": row.enterprise_number,
        "fund": fund,
        "name": row.name,
        "postcode": row.postcode,
        "municipality": row.municipality,
        "joint_committee_workers": row.joint_committee_workers or None,
        "joint_committee_employees": row.joint_committee_employees or None,
        "workers": row.workers,
        "employees": row.employees,
        "headcount_on": HEADCOUNT_ON,
        "iban": row.iban or None,
        "contact_name": row.contact_name or None,
        "email": row.email or None,
        "phone": row.phone or None,
        "language": row.language,
        "stopped_on": row.stopped_on,
    }


def _trajectories_last(number: str) -> bool:
    return f"-{receipts.LETTERS[Kind.TRAJECTORY]}-" in number
