"""What an import needs beside the files: what is known already, and the start of what it stored."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

from temporalio.service import RPCError

import policies
from importing import Application, Batch, Fault
from models.errors import Refusal
from models.messages.words import Fund, Kind
from receipts import LETTERS
from schemes.calendar import local_date
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
