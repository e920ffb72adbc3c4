"""Projections written again from the events: what `record` wrote step by step, in one transaction per dossier."""

from collections.abc import AsyncIterator, Iterable
from typing import Any

from sqlalchemy import Table, delete, select, tuple_
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from database import transaction
from models.errors import Refusal
from models.tables import metadata
from verification.findings import Progress
from verification.journal import Journal
from verification.stored import PAGE, PROJECTIONS, Stored, belongs, read


async def rebuild(
    engine: AsyncEngine, numbers: Iterable[str] | None = None, progress: Progress = lambda _: None
) -> int:
    """Write the projections of these dossiers anew, or of all; returns how many. The mail ledger is not touched.

    Raises:
        Refusal: nothing stands about a dossier, or its journal is broken; the dossiers before it are done.
    """
    done = 0
    if numbers is not None:
        for number in numbers:
            await _rebuild(engine, number)
            done += 1
            progress(1)
        return done
    async for number in _with_events(engine):
        await _rebuild(engine, number)
        done += 1
        progress(1)
    return done


async def _with_events(engine: AsyncEngine) -> AsyncIterator[str]:
    journal = metadata.tables["event"]
    after = ""
    while True:
        query = select(journal.c.dossier).where(journal.c.dossier > after).distinct()
        async with transaction(engine) as connection:
            page = list((await connection.execute(query.order_by(journal.c.dossier).limit(PAGE))).scalars())
        if not page:
            return
        for number in page:
            yield number
        after = page[-1]


async def _rebuild(engine: AsyncEngine, number: str) -> None:
    async with transaction(engine) as connection:
        table = metadata.tables["dossier"]
        await connection.execute(select(table.c.number).where(table.c.number == number).with_for_update())
        (stored,) = await read(connection, [number])
        if not stored.events:
            raise Refusal("UnknownDossier", f"Van dossier {number} staat er geen enkel event. Kijk het nummer na.")
        journal = Journal(stored)
        if broken := [fault.text for fault in journal.faults if fault.check == "journal"]:
            raise Refusal(
                "BrokenJournal",
                f"Het journaal van {number} is beschadigd ({broken[0]}). Zet eerst een reservekopie terug.",
            )
        await _replace(connection, stored, journal)


async def _replace(connection: AsyncConnection, stored: Stored, journal: Journal) -> None:
    """Rows are overwritten in place, never first removed: who waits for the lock on one must find it."""
    folded = journal.rows
    for name in PROJECTIONS:
        table, rows = metadata.tables[name], folded.get(name, {})
        key = tuple_(*table.primary_key.columns)
        strays = delete(table).where(belongs(table) == stored.number)
        if rows:
            strays = strays.where(key.not_in(list(rows)))
        await connection.execute(strays)
        for place, columns in rows.items():
            await _put(connection, table, place, columns)


async def _put(connection: AsyncConnection, table: Table, place: tuple[Any, ...], columns: dict[str, Any]) -> None:
    """The whole row: a column that no event speaks of is empty again."""
    key = dict(zip(table.primary_key.columns.keys(), place, strict=True))
    told = (column.name for column in table.c if not column.primary_key and column.computed is None)
    values = {name: columns.get(name) for name in told}
    written = upsert(table).values(key | values)
    await connection.execute(written.on_conflict_do_update(index_elements=list(key), set_=values))
