"""The receipt of an application: the one thing written before Temporal knows of it, because it has legal force."""

import contextlib
import json
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

import asyncpg
from sqlalchemy import exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from models.messages.facts import Facts, TrainingFacts
from models.messages.message import Message
from models.messages.words import Fund, Kind, Language, Party
from models.tables import Envelope, HandedOn, Receipt

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
    communication: str | None = None
    """Twelve digits of a structured communication that payments shall carry."""
    street: str | None = None
    postcode: str | None = None
    municipality: str | None = None
    country: str | None = None


class Person(Message):
    """A participant by line number. Personal: goes into erasable rows only."""

    line: int
    first_name: str
    last_name: str
    birth_date: date | None = None
    person: str | None = None
    """Keyed digest by which the same person is known in every dossier."""


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


class Written(NamedTuple):
    """What stands now of an application, as far as it opens a dossier."""

    number: str
    new: bool
    fund: Fund
    kind: str
    instrument: str
    facts: Facts
    """With the earlier application of which this one is a repetition, when there is one."""
    opens_at: datetime
    parent: str | None
    rehearsed: bool
    enterprise_number: str | None
    budgeted: bool
    """Whether its fund keeps envelopes of money."""


async def write(connection: AsyncConnection, application: Application) -> tuple[str, bool]:
    """Write the receipt and all that belongs to it, in the caller's transaction; its number, and whether it is new.

    The same idempotency key gives the same number, and nothing is written again.
    """
    sql, values = _statement(application)
    with contextlib.suppress(IntegrityError):  # the same key was written meanwhile
        async with connection.begin_nested():
            row = (await connection.exec_driver_sql(sql, tuple(values))).one()
            return row.number, row.new
    row = (await connection.exec_driver_sql(sql, tuple(values))).one()
    return row.number, row.new


async def write_alone(connection: asyncpg.Connection, application: Application) -> Written:
    """The same in one trip and a commit of its own."""
    sql, values = _statement(application)
    try:
        row = await connection.fetchrow(sql, *values)
    except asyncpg.UniqueViolationError:  # the same key was written meanwhile
        row = await connection.fetchrow(sql, *values)
    facts = application.facts
    if row["duplicate_of"] is not None:
        facts = facts.model_copy(update={"duplicate_of": row["duplicate_of"]})
    opens_at = application.opens_at or application.received_at
    told = (facts, opens_at, application.parent, application.rehearsed)
    whose = (application.enterprise_number, row["budgeted"])
    return Written(row["number"], row["new"], application.fund, facts.kind, facts.instrument, *told, *whose)


_WRITE = """
    WITH standing AS (SELECT number FROM receipt WHERE idempotency_key = $1),
    earlier AS (SELECT number FROM receipt WHERE fingerprint = $2 AND fund = $3 ORDER BY number LIMIT 1),
    counted AS (
        INSERT INTO number_series (series, last) SELECT $4, 1 WHERE NOT EXISTS (SELECT FROM standing)
        ON CONFLICT (series) DO UPDATE SET last = number_series.last + 1 RETURNING series, last
    ),
    written AS (
        INSERT INTO receipt (
            number, idempotency_key, fund, facts, reference, kind, instrument, received_at, typed, enterprise_number,
            parent, fingerprint, rehearsed, opens_at
        )
        SELECT
            series || '-' || lpad(last::text, greatest(6, length(last::text)), '0'), $1, $3,
            $5::jsonb || coalesce((SELECT jsonb_build_object('duplicate_of', number) FROM earlier), '{}'),
            $6, $7, $8, $9, $10::jsonb, $11, $12, $13, $14, $15
        FROM counted
        RETURNING number
    )
"""
"""The row of the series stays locked until the commit, and a number whose receipt is not written is not taken: a second
application of the same key that came at the same moment fails whole."""
_BUDGETED = "EXISTS (SELECT FROM envelope WHERE fund = $3 AND rehearsed = $14)"
_BELONGING = {
    "contact": (
        "dossier, party, name, email, phone, language, iban, communication, street, postcode, municipality, country"
    ),
    "participant": "dossier, line, first_name, last_name, birth_date, person",
    "document": "dossier, code, name, party, received_at",
}


@lru_cache(maxsize=8)
def _text(tables: tuple[str, ...]) -> str:
    """The statement for an application that brings rows of these tables, each as one JSON list after the rest."""
    parts = [
        f"""{table}_rows AS (
            INSERT INTO {table} ({columns}) SELECT {columns.replace("dossier", "written.number", 1)}
            FROM written, jsonb_populate_recordset(NULL::{table}, ${place}::jsonb)
        )"""
        for place, table in enumerate(tables, 16)
        for columns in (_BELONGING[table],)
    ]
    return f"""{", ".join([_WRITE, *parts])}
        SELECT number, true AS new, (SELECT number FROM earlier) AS duplicate_of, {_BUDGETED} AS budgeted FROM written
        UNION ALL SELECT number, false, NULL, {_BUDGETED} FROM standing"""


def _statement(application: Application) -> tuple[str, list[Any]]:
    facts, opens_at = application.facts, application.opens_at or application.received_at
    recognisable = isinstance(facts, TrainingFacts) and facts.duplicate_of is None
    brought = _brought(application, opens_at)
    values = [
        application.idempotency_key,
        application.fingerprint if recognisable else None,
        application.fund,
        f"{application.fund}-{application.received_at.year}-{LETTERS[Kind(facts.kind)]}",
        facts.model_dump_json(),
        application.reference,
        facts.kind,
        facts.instrument,
        application.received_at,
        json.dumps(application.typed),
        application.enterprise_number,
        application.parent,
        application.fingerprint,
        application.rehearsed,
        opens_at,
        *(json.dumps(rows) for rows in brought.values()),
    ]
    return _text(tuple(brought)), values


def _brought(application: Application, at: datetime) -> dict[str, list[dict[str, Any]]]:
    """The rows that belong to a receipt, by table; a table without rows is left out."""
    documents = [
        {"code": code, "name": name, "party": Party.APPLICANT, "received_at": at.isoformat()}
        for code, name in application.documents
    ]
    rows = {
        "contact": [party.model_dump(mode="json") for party in application.parties],
        "participant": [person.model_dump(mode="json") for person in application.people],
        "document": documents,
    }
    return {table: listed for table, listed in rows.items() if listed}


async def unstarted(connection: AsyncConnection, limit: int, received_before: datetime) -> list[str]:
    """Numbers of receipts whose workflow was not started yet, oldest first."""
    query = select(col(Receipt.number)).where(
        col(Receipt.started_at).is_(None), col(Receipt.received_at) <= received_before
    )
    found = await connection.execute(query.order_by(col(Receipt.received_at), col(col(Receipt.number))).limit(limit))
    return list(found.scalars())


async def standing(connection: AsyncConnection, number: str) -> Any:
    """The row of a receipt, whether its fund keeps envelopes of money (`budgeted`), and from what it goes on."""
    kept = exists().where(col(Envelope.fund) == col(Receipt.fund), col(Envelope.rehearsed) == col(Receipt.rehearsed))
    carried = select(col(HandedOn.carried)).where(col(HandedOn.number) == number).scalar_subquery()
    query = select(Receipt, kept.label("budgeted"), carried.label("carried")).where(col(Receipt.number) == number)
    return (await connection.execute(query)).one()


async def count_unstarted(connection: AsyncConnection) -> int:
    """How many receipts wait for their workflow."""
    query = select(func.count()).where(col(Receipt.started_at).is_(None))
    return int((await connection.execute(query)).scalar_one())
