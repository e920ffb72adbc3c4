"""A file of a closure before it is received: its counts, its rows page by page, its faults, and how far it runs."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from models.tables import CohortFile, CohortLine

PAGE = 100
_STARTED = text(
    """
    SELECT count(*) AS people, count(r.started_at) AS started, count(d.number) AS running
    FROM receipt r LEFT JOIN dossier d ON d.number = r.number
    WHERE r.parent = :number AND r.kind = 'trajectory' OR r.number = :number
    """
)


class Counts(NamedTuple):
    """What a file holds, over all its rows; `expected` is euro, at most."""

    regimes: Mapping[str, int]
    ages: Mapping[str, int]
    agencies: Mapping[str, int]
    languages: Mapping[str, int]
    cases: Mapping[str, int]
    without_address: int
    inside: int
    known: Mapping[str, int]
    over: Mapping[str, int]
    near: Mapping[str, int]
    expected: Decimal


class Progress(NamedTuple):
    """Dossiers of a cohort: received, begun, and to be seen by everybody."""

    people: int
    started: int
    running: int


async def waiting(connection: AsyncConnection, funds: Iterable[str]) -> list[Any]:
    """Files that somebody looked at and nobody received, newest first."""
    query = select(CohortFile).where(col(CohortFile.fund).in_(list(funds)), col(CohortFile.state) == "preview")
    return list((await connection.execute(query.order_by(col(CohortFile.uploaded_at).desc()).limit(PAGE))).all())


async def file_of(connection: AsyncConnection, file: str) -> Any:
    """The file as it stands; None: there is none for who asks."""
    return (await connection.execute(select(CohortFile).where(col(CohortFile.file) == file))).one_or_none()


async def files_into(connection: AsyncConnection, number: str) -> list[Any]:
    """The files that were received into one employer dossier."""
    query = select(CohortFile).where(col(CohortFile.dossier) == number, col(CohortFile.state) == "received")
    return list((await connection.execute(query.order_by(col(CohortFile.received_at)))).all())


async def lines(
    connection: AsyncConnection, file: str, *, after: int = 0, faulty: bool = False, limit: int = PAGE
) -> tuple[list[Any], int | None]:
    """Rows in the order of the file, and the row behind which the next page begins."""
    query = select(CohortLine).where(col(CohortLine.file) == file, col(CohortLine.row) > after)
    if faulty:
        query = query.where(func.jsonb_array_length(col(CohortLine.faults)) > 0)
    found = list((await connection.execute(query.order_by(col(CohortLine.row)).limit(limit + 1))).all())
    return found[:limit], found[limit - 1].row if len(found) > limit else None


async def counts(connection: AsyncConnection, file: str) -> Counts:
    """What the rows without faults hold."""
    query = select(col(CohortLine.facts)).where(
        col(CohortLine.file) == file, col(CohortLine.row) > 0, func.jsonb_array_length(col(CohortLine.faults)) == 0
    )
    people = list((await connection.execute(query)).scalars())
    return Counts(
        regimes=_counted(one["regime"] for one in people),
        ages=_counted(one["age_group"] for one in people),
        agencies=_counted(one["agency"] for one in people),
        languages=_counted(one["language"] for one in people),
        cases=_counted(one["case"] for one in people),
        without_address=sum(not one["channels"] for one in people),
        inside=sum(bool(one["inside"]) for one in people),
        known=_counted(one["earlier"]["relation"] for one in people if one["earlier"] and not one["inside"]),
        over=_counted(day["what"] for one in people for day in one["over"]),
        near=_counted(day["what"] for one in people for day in one["near"]),
        expected=sum((Decimal(one["expected"]) for one in people), Decimal(0)),
    )


async def progress(connection: AsyncConnection, number: str) -> Progress:
    """How far a received file runs."""
    return Progress(*(await connection.execute(_STARTED, {"number": number})).one())


def last_day(days: list[dict[str, str]]) -> date | None:
    """The first of some last days."""
    return min((date.fromisoformat(one["day"]) for one in days), default=None)


def _counted(values: Iterable[str]) -> Mapping[str, int]:
    return dict(Counter(values).most_common())
