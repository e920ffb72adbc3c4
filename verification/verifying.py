"""The whole verification: one reading of the database as it stands at one moment."""

import gc
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from temporalio.client import Client

from verification.bank import check_bank
from verification.findings import Fault, Progress, Verification
from verification.followed import check_followed
from verification.journal import Journal
from verification.ledger import check_ledger
from verification.life import Moment, check_next_event, check_receipt
from verification.mails import check_mails
from verification.money import check_payments
from verification.moves import check_moves
from verification.running import check_workflows
from verification.standing import check_projections
from verification.stored import Stored, every_dossier, read

GRACE = timedelta(minutes=1)


async def verify(
    engine: AsyncEngine,
    *,
    client: Client | None = None,
    task_queue: str = "dossiers",
    now: datetime | None = None,
    grace: timedelta = GRACE,
    progress: Progress = lambda _: None,
    fund: str | None = None,
    number: str | None = None,
) -> Verification:
    """Look at every dossier and its money, at those of one fund or at one alone; with `client` also at its workflow.

    Changes nothing. What is less than `grace` old may still be on its way and is not held against a dossier.
    """
    moment = Moment(now or datetime.now(UTC), grace)
    dossiers = events = 0
    faults: list[Fault] = []
    async with engine.connect() as plain:
        connection = await _as_of_one_moment(plain)
        async for page in _pages(connection, fund, number):
            with _nothing_collected():
                for stored in page:
                    dossiers += 1
                    events += len(stored.events)
                    faults += _faults(stored, moment)
            progress(len(page))
        faults += await check_ledger(connection, fund, number)
        faults += await check_bank(connection, moment, fund, number)
        faults += await check_moves(connection, fund, number)
    if client is not None:
        async with engine.connect() as connection:
            faults += [fault async for fault in check_workflows(connection, client, task_queue)]
    return Verification(dossiers=dossiers, events=events, faults=tuple(faults))


async def _pages(connection: AsyncConnection, fund: str | None, number: str | None) -> AsyncIterator[list[Stored]]:
    if number is not None:
        yield await read(connection, [number])
        return
    async for page in every_dossier(connection, of=f"{fund}-" if fund else ""):
        yield page


async def _as_of_one_moment(connection: AsyncConnection) -> AsyncConnection:
    """A step stored while we read is seen whole or not at all."""
    return await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """What is made of a page goes with the page and has no cycles: looking for them would cost a sixth."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _faults(stored: Stored, moment: Moment) -> Iterator[Fault]:
    journal = Journal(stored)
    yield from journal.faults
    if journal.readable:
        yield from check_projections(stored, journal)
        yield from check_payments(journal)
    yield from check_receipt(stored, moment)
    yield from check_next_event(stored, moment)
    yield from check_mails(stored, journal, moment)
    yield from check_followed(stored)
