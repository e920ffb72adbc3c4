"""Personal data of a closed dossier, erased when its term is over or when the person asks; what was counted stays.

Erased are names, contacts, free text, documents, letters and links, in one transaction per dossier that also says who
did it, when, why and which kinds. Codes, dates, amounts and outcomes stand in events and projections and stay, so every
figure stays what it was. Never while a dossier, a question, a payment, a claim or an objection in it is open.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, NamedTuple

import structlog
from sqlalchemy import insert, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from database import LOST, glance, transaction
from models.errors import Refusal
from models.messages.message import Message
from models.tables import Erasure
from schemes.calendar import local_date
from schemes.retention import Retention, Spent, spent

__all__ = ["Erased", "Retention", "due", "erase", "erase_for_ever", "sweep"]

Because = Literal["term", "request"]
ONCE_A_DAY = timedelta(days=1)
AT_ONCE = 200
SYSTEM = "system"
FAULTS = (SQLAlchemyError, *LOST, OSError)
"""What is wrong with a file or with PostgreSQL, now or with one dossier; the next day it may be right."""
log = structlog.get_logger("erasure")


class Kind(NamedTuple):
    """One sort of personal data and how it goes; `books`: it proves what was paid, and stays as long as the books."""

    name: str
    statements: tuple[str, ...]
    books: bool = False


OF_A_TASK = "task IN (SELECT task FROM task WHERE dossier = :number)"
KINDS = (
    Kind("names", ("DELETE FROM participant WHERE dossier = :number",), books=True),
    Kind("contacts", ("DELETE FROM contact WHERE dossier = :number",)),
    Kind(
        "typed",
        (
            "UPDATE receipt SET typed = '{}', reference = NULL WHERE number = :number "
            "AND (typed <> '{}' OR reference IS NOT NULL)",
        ),
        books=True,
    ),
    Kind("messages", ("DELETE FROM message WHERE dossier = :number",)),
    Kind("notes", (f"UPDATE task_hold SET note = NULL WHERE note IS NOT NULL AND {OF_A_TASK}",)),
    Kind(
        "links",
        ("DELETE FROM answer_link WHERE dossier = :number", "DELETE FROM login_link WHERE dossier = :number"),
    ),
    Kind(
        "addresses",
        (
            "UPDATE effect SET recipient = NULL, person = NULL, problem = NULL WHERE dossier = :number "
            "AND num_nonnulls(recipient, person, problem) > 0",
        ),
    ),
    Kind("letters", ("DELETE FROM letter WHERE dossier = :number",), books=True),
    Kind("documents", ("DELETE FROM document WHERE dossier = :number",), books=True),
)
FILES = "DELETE FROM upload WHERE dossier = :number RETURNING stored"
"""Files go with the documents: their content first, so that what is interrupted is found again."""

STANDING = """
SELECT d.number, d.fund, d.outcome IS NULL AS open, d.closed_at,
    (SELECT max(ended_at) FROM payment WHERE dossier = d.number AND state = 'confirmed') AS paid_at,
    EXISTS (SELECT FROM task WHERE dossier = d.number AND state IN ('open', 'held')) AS task,
    EXISTS (SELECT FROM request WHERE dossier = d.number AND state = 'open') AS request,
    EXISTS (SELECT FROM payment WHERE dossier = d.number AND state = 'instructed') AS payment,
    EXISTS (SELECT FROM recovery WHERE dossier IN (d.number, d.parent) AND state IN ('ordered', 'approved')) AS claim,
    EXISTS (SELECT FROM dossier AS child WHERE child.parent = d.number AND child.outcome IS NULL) AS trajectory,
    EXISTS (SELECT FROM pending_command WHERE dossier = d.number) AS command,
    EXISTS (SELECT FROM effect WHERE dossier = d.number
        AND state IN ('planned', 'claimed', 'sending', 'unknown', 'to_print')) AS mail,
    EXISTS (SELECT FROM erasure WHERE dossier = d.number) AS partly,
    EXISTS (SELECT FROM erasure WHERE dossier = d.number AND whole) AS wholly
FROM dossier AS d
"""
OPEN = {
    "open": "het dossier is nog open",
    "task": "er staat nog een taak open, of een antwoord dat nog teruggenomen kan worden",
    "request": "er staat nog een vraag open",
    "payment": "er is nog een betaling onderweg",
    "claim": "er loopt nog een terugvordering",
    "trajectory": "er lopen nog trajecten in dit dossier",
    "command": "er is iets aan het dossier verteld dat nog niet verwerkt is",
    "mail": "er moet nog een bericht vertrekken",
}
"""What keeps personal data from being erased: it is still needed."""


class Erased(Message):
    """What went of one dossier."""

    dossier: str
    kinds: tuple[str, ...]
    rows: int
    whole: bool
    """Nothing personal is left; False: the books stay until their own term."""


async def erase(
    engine: AsyncEngine, number: str, terms: Retention, directory: Path, *, by: str, because: Because, now: datetime
) -> Erased:
    """Erase what may go of one dossier; asked by the person also before its term. Twice is once.

    Raises:
        Refusal: there is no such dossier, something in it is open, its term is not over, or its files are not here.
    """
    async with transaction(engine) as connection:
        await connection.execute(text("SELECT FROM dossier WHERE number = :number FOR UPDATE"), {"number": number})
        row = (await connection.execute(text(f"{STANDING} WHERE d.number = :number"), {"number": number})).mappings()
        stands = row.one_or_none()
        if stands is None:
            raise Refusal("UnknownDossier", f"Er is geen dossier {number}.")
        over = may_go(stands, terms, because, local_date(now))
        kinds, rows = await _go(connection, number, directory, books=over.books)
        gone = Erased(dossier=number, kinds=kinds, rows=rows, whole=over.books)
        if rows or (over.books and not stands["wholly"]):
            told = gone.model_dump(exclude={"kinds"}) | {"kinds": list(kinds), "fund": stands["fund"]}
            await connection.execute(insert(Erasure).values(at=now, by=by, because=because, **told))
    log.info("erased", dossier=number, kinds=",".join(kinds), rows=rows, because=because)
    return gone


def may_go(stands: Mapping[Any, Any], terms: Retention, because: Because, today: date) -> Spent:
    """Which terms are over; a person who asks need not wait for the first one.

    Raises:
        Refusal: something is open, or it is too early.
    """
    reasons = [why for name, why in OPEN.items() if stands[name]]
    if reasons:
        raise Refusal(
            "StillOpen",
            f"Van dossier {stands['number']} wordt nog niets gewist: {'; '.join(reasons)}. Sluit dat eerst af.",
        )
    closed_on = local_date(stands["closed_at"])
    paid_on = local_date(stands["paid_at"]) if stands["paid_at"] else None
    if because == "request":
        early = terms.model_copy(update={"people_years": 0})
        return Spent(people=True, books=paid_on is None or spent(early, closed_on, paid_on, today).books)
    over = spent(terms, closed_on, paid_on, today)
    if not over.people:
        raise Refusal(
            "TermNotOver",
            f"Dossier {stands['number']} is afgesloten op {closed_on:%d/%m/%Y}; de bewaartermijn van "
            f"{terms.people_years} jaar is nog niet om. Vraagt de persoon het zelf, gebruik dan --because request.",
        )
    return over


async def due(
    engine: AsyncEngine, terms: Retention, now: datetime, limit: int = AT_ONCE, *, but: Collection[str] = ()
) -> tuple[str, ...]:
    """Dossiers of which a term is over and nothing is open, the oldest first; `but` those that were tried already."""
    query = f"""
        SELECT * FROM ({STANDING}) AS standing
        WHERE NOT wholly AND closed_at < :before AND NOT ({" OR ".join(OPEN)})
        ORDER BY closed_at, number
    """
    before = now - timedelta(days=365 * terms.people_years)
    async with glance(engine) as connection:
        found = (await connection.execute(text(query), {"before": before})).mappings().all()
    today, numbers = local_date(now), list[str]()
    for stands in found:
        paid_on = local_date(stands["paid_at"]) if stands["paid_at"] else None
        over = spent(terms, local_date(stands["closed_at"]), paid_on, today)
        if stands["number"] not in but and (over.books or (over.people and not stands["partly"])):
            numbers.append(stands["number"])
    return tuple(numbers[:limit])


async def sweep(engine: AsyncEngine, terms: Retention, directory: Path, now: datetime) -> tuple[Erased, ...]:
    """Erase everything of which the term is over, dossier by dossier; what cannot go now is left for the next day, and
    keeps nothing back that can.

    Raises:
        SQLAlchemyError, one of LOST, OSError: PostgreSQL does not say what is due.
    """
    gone, tried = list[Erased](), set[str]()
    while numbers := await due(engine, terms, now, but=tried):
        tried.update(numbers)
        for number in numbers:
            try:
                gone.append(await erase(engine, number, terms, directory, by=SYSTEM, because="term", now=now))
            except Refusal as refusal:
                log.warning("not_erased", dossier=number, code=refusal.code)
            except FAULTS as fault:
                log.warning("not_erased", dossier=number, error=type(fault).__name__)
    return tuple(gone)


async def erase_for_ever(engine: AsyncEngine, terms: Retention, directory: Path) -> None:
    """Once a day, while a worker runs; several workers do no harm. What fails is tried again the next day."""
    while True:
        try:
            if gone := await sweep(engine, terms, directory, datetime.now(UTC)):
                log.info("swept", dossiers=len(gone))
        except FAULTS as fault:
            log.warning("not_swept", error=type(fault).__name__)
        await asyncio.sleep(ONCE_A_DAY.total_seconds())


async def _go(connection: AsyncConnection, number: str, directory: Path, *, books: bool) -> tuple[tuple[str, ...], int]:
    """What goes, by kind, and how many rows it was."""
    kinds, rows = [], 0
    for kind in KINDS:
        if kind.books and not books:
            continue
        count = 0
        for statement in kind.statements:
            count += (await connection.execute(text(statement), {"number": number})).rowcount
        if kind.name == "documents":
            stored = (await connection.execute(text(FILES), {"number": number})).scalars().all()
            await asyncio.to_thread(_unlink, directory, stored)
            count += len(stored)
        if count:
            kinds.append(kind.name)
            rows += count
    return tuple(kinds), rows


def _unlink(directory: Path, stored: Sequence[str]) -> None:
    """Take files away, before the rows that name them are gone for good.

    Raises:
        Refusal: the folder of documents is not on this machine.
    """
    if stored and not directory.is_dir():
        raise Refusal(
            "FolderAway",
            f"De map met documenten ({directory}) is hier niet: zet DOORSTROOM_UPLOAD_DIRECTORY en probeer opnieuw.",
        )
    for name in stored:
        (directory / name).unlink(missing_ok=True)
