"""What an import needs beside the files: what is known already, and the start of what it stored."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col
from temporalio.service import RPCError

import policies
from database import transaction
from importing import Application, Batch, Fault
from models.errors import Refusal
from models.messages.facts import ProjectFacts
from models.messages.words import Fund, Instrument, Kind, Outcome
from models.tables import DossierRow, Receipt
from receipts import LETTERS
from schemes.calendar import local_date
from schemes.project import OtherProject
from starter import Starter

AT_ONCE = 16
"""Starts on their way to Temporal at the same time."""
PATIENCE = 10.0
Progress = Callable[[int], None]


def everyone(batch: Batch) -> Iterator[Application]:
    """Every application of a batch, an employer dossier before the trajectories in it."""
    for application in batch.applications:
        yield application
        yield from application.trajectories


def ungoverned(batch: Batch, fund: Fund) -> tuple[Fault, ...]:
    """Instruments for which the fund has no policy today, as faults of the files: their dossiers could never start."""
    faults = []
    for instrument in sorted({application.instrument for application in everyone(batch)}):
        try:
            policies.in_force(fund, instrument, local_date(datetime.now(UTC)))
        except Refusal as refusal:
            faults.append(Fault(file="alle bestanden", row=None, column=None, message=refusal.message))
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


async def start_all(starter: Starter, numbers: Sequence[str], progress: Progress = lambda _: None) -> int:
    """Start dossiers, some at once, trajectories after their parents; returns how many.

    When Temporal goes away nothing is lost: the sweep of a worker starts the rest later.
    """
    desk, away, started = asyncio.Semaphore(AT_ONCE), asyncio.Event(), 0

    async def start(number: str) -> None:
        nonlocal started
        async with desk:
            if away.is_set():
                return
            try:
                await asyncio.wait_for(starter.start(number), timeout=PATIENCE)
            except (RPCError, TimeoutError, RuntimeError):  # a client that never connected raises the last one
                away.set()
                return
            started += 1
            progress(1)

    for last in (False, True):
        await asyncio.gather(*(start(number) for number in numbers if _trajectory(number) is last))
    return started


def _trajectory(number: str) -> bool:
    return f"-{LETTERS[Kind.TRAJECTORY]}-" in number
