"""`record`: everything one step of a dossier says, in one transaction; said twice, it is stored once."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Table, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.projections import Columns, Put, puts
from database import transaction
from models import chain
from models.messages.events import DossierOpened, Event, MailPlanned, Step
from models.tables import metadata

Row = dict[str, Any]


class Dossiers:
    """Writes the journal and everything that follows from it."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @activity.defn
    async def record(self, step: Step) -> int:
        """Append the step's events, update the projections and plan the mails; returns the last sequence.

        Events that stand already are left as they are, so a repeated step changes nothing.

        Raises:
            ApplicationError: (type JournalConflict, not retried) another fact stands under the same sequence, or a
                sequence is missing.
        """
        async with transaction(self._engine) as connection:
            standing, head = await _head(connection, step)
            fresh = [event for event in step.events if event.sequence > standing]
            if len(fresh) < len(step.events):
                await _same(connection, step, standing)
            if not fresh:
                return standing
            if fresh[0].sequence != standing + 1:
                raise _conflict(step.dossier, f"event {standing + 1} is missing")
            head = await _append(connection, step.dossier, fresh, head)
            last = {"sequence": fresh[-1].sequence, "head": head, "updated_at": fresh[-1].at}
            changes = [put for event in fresh for put in puts(step.dossier, event)]
            for put in merged([*changes, Put("dossier", (step.dossier,), last)]):
                await write(connection, put)
            await _plan(connection, step.dossier, fresh)
            return fresh[-1].sequence


def merged(changes: Iterable[Put]) -> Iterable[Put]:
    """One change per row, in the order in which rows were first touched."""
    rows: dict[tuple[str, tuple[str | int, ...]], Put] = {}
    for change in changes:
        earlier = rows.get((change.table, change.key))
        columns: Columns = {**earlier.columns, **change.columns} if earlier else dict(change.columns)
        opens = change.opens or bool(earlier and earlier.opens)
        rows[change.table, change.key] = Put(change.table, change.key, columns, opens)
    return rows.values()


def table_of(name: str) -> Table:
    """The table by its name."""
    return metadata.tables[name]


async def write(connection: AsyncConnection, put: Put) -> None:
    """Bring one row to what the change says."""
    table = table_of(put.table)
    key = dict(zip(table.primary_key.columns.keys(), put.key, strict=True))
    if put.opens:
        statement = upsert(table).values(**key, **put.columns)
        await connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=put.columns))
        return
    matches = [column == value for column, value in zip(table.primary_key.columns, put.key, strict=True)]
    await connection.execute(update(table).where(*matches).values(**put.columns))


def _conflict(dossier: str, text: str) -> ApplicationError:
    return ApplicationError(f"{dossier}: {text}", type="JournalConflict", non_retryable=True)


async def _head(connection: AsyncConnection, step: Step) -> tuple[int, str]:
    """How far the journal of this dossier stands, locking it for this transaction."""
    if isinstance(step.events[0].fact, DossierOpened) and step.events[0].sequence == 1:
        dossier = table_of("dossier")
        opened = next(puts(step.dossier, step.events[0])).columns
        blank = {"number": step.dossier, "sequence": 0, "head": chain.START, "updated_at": step.events[0].at}
        await connection.execute(upsert(dossier).values(**opened, **blank).on_conflict_do_nothing())
    table = table_of("dossier")
    found = (
        await connection.execute(
            select(table.c.sequence, table.c.head).where(table.c.number == step.dossier).with_for_update()
        )
    ).one_or_none()
    if found is None:
        raise _conflict(step.dossier, "the dossier was never opened")
    return found.sequence, found.head


async def _same(connection: AsyncConnection, step: Step, standing: int) -> None:
    """Refuse to pass over an event in silence when another kind of fact stands in its place."""
    table = table_of("event")
    repeated = {event.sequence: event.fact.type for event in step.events if event.sequence <= standing}
    found = await connection.execute(
        select(table.c.sequence, table.c.type).where(table.c.dossier == step.dossier, table.c.sequence.in_(repeated))
    )
    for sequence, stands in found:
        if stands != repeated[sequence]:
            raise _conflict(step.dossier, f"event {sequence} is {stands}, not {repeated[sequence]}")


async def _append(connection: AsyncConnection, dossier: str, events: list[Event], head: str) -> str:
    rows: list[Row] = []
    recorded_at = datetime.now(UTC)
    for event in events:
        data = chain.stored_data(event)
        digest = chain.chain(dossier, event, data, head)
        rows.append(
            {
                "dossier": dossier,
                "sequence": event.sequence,
                "type": event.fact.type,
                "at": event.at,
                "recorded_at": recorded_at,
                "by": event.by,
                "data": data,
                "previous": head,
                "hash": digest,
            }
        )
        head = digest
    await connection.execute(insert(table_of("event")), rows)
    return head


async def _plan(connection: AsyncConnection, dossier: str, events: list[Event]) -> None:
    """Put the planned mails into the ledger; one that stands there already is left alone."""
    now = datetime.now(UTC)
    rows: list[Row] = []
    for event in events:
        if isinstance(event.fact, MailPlanned):
            columns = event.fact.model_dump(mode="json", exclude={"type"})
            ledger = {"dossier": dossier, "dated": event.at.date(), "state": "planned", "attempts": 0}
            rows.append(columns | ledger | {"planned_at": now, "not_before": now})
    if rows:
        await connection.execute(upsert(table_of("effect")).on_conflict_do_nothing(), rows)
