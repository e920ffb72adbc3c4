"""A rehearsal from files to the last closing: receive, start, live, send the mails, verify, and sum up."""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from database import lean_pool
from importing import Batch, ImportRefused, import_files, read_simulation
from importing.office import Office
from importing.storing import Rehearsed, Stored, store
from models.errors import Refusal
from models.messages.words import Fund, Kind
from rehearsal.cast import engage, hands
from rehearsal.meanwhile import Meanwhile
from rehearsal.parts import Part
from rehearsal.patience import patiently
from rehearsal.player import Player, Stuck
from rehearsal.trajectory import Future, TrajectoryPart
from rehearsal.treasury import Treasurer, counted
from settings import Settings
from starter import Starter
from verification.verifying import verify

SECRET = hashlib.sha256(b"a rehearsal keeps no secrets").digest()
"""Key of the opaque marks of invented people; a real office has its own (DOORSTROOM_IMPORT_KEY)."""
ORDER = (Kind.SUBSIDY, Kind.TRANSITION_SUPPORT, Kind.PROJECT_FINANCING, Kind.TRAJECTORY, Kind.OUTPLACEMENT)
"""An employer's dossier is lived after its trajectories, because each has a clock of its own."""

Told = Callable[[str, int, int], None]
"""Hears what is going on: which act, how far, of how many."""


@dataclass(frozen=True)
class Stage:
    """What a rehearsal is played on."""

    settings: Settings
    engine: AsyncEngine
    pool: asyncpg.Pool
    starter: Starter


@asynccontextmanager
async def stage(settings: Settings, engine: AsyncEngine, starter: Starter) -> AsyncIterator[Stage]:
    """A stage, where the settings allow one.

    Raises:
        Refusal: rehearsed people may not act here.
    """
    if not settings.rehearsal_allowed or settings.database_url is None:
        raise Refusal(
            "NoRehearsal", "Hier mag niet geoefend worden. Zet DOORSTROOM_REHEARSAL_ALLOWED=true op een oefenomgeving."
        )
    async with await lean_pool(settings.database_url, size=20) as pool:
        yield Stage(settings, engine, pool, starter)


def read(paths: Sequence[Path], known_on: date, fund: Fund = Fund.ANTWERPEN) -> Batch:
    """Read the files of an office.

    Raises:
        ImportRefused: with every fault by row and column.
    """
    batch = import_files(paths, Office(known_on=known_on, secret=SECRET, fund=fund))
    if batch.faults:
        raise ImportRefused(batch.faults)
    return batch


async def receive(
    on: Stage, batch: Batch, clock: Rehearsed = Rehearsed.FROM_FILING, told: Told = lambda *_: None
) -> Stored:
    """Write the receipts and start every dossier."""
    await engage(on.engine)
    stored = await store(on.engine, batch, Fund.ANTWERPEN, clock)
    done = 0

    def started(some: int) -> None:
        nonlocal done
        done += some
        told("starten", done, len(stored.new))

    await on.starter.start_all(stored.new, started)
    return stored


def futures(paths: Sequence[Path], numbers: Mapping[str, str]) -> dict[str, Future]:
    """What became of the people of the outplacement files, by the number of their trajectory."""
    told: dict[str, Future] = {}
    for path in (one for given in paths for one in (sorted(given.iterdir()) if given.is_dir() else [given])):
        try:
            rows = read_simulation(path)
        except ImportRefused:
            continue
        told |= {numbers[name]: Future.of(row) for name, row in rows.items() if name in numbers}
    return told


def away(batch: Batch, numbers: Mapping[str, str]) -> dict[str, str]:
    """Who never started, by number of the trajectory, with the reason that the files tell."""
    people = (one for application in batch.applications for one in application.trajectories)
    return {
        numbers[one.reference]: one.guidance.not_started_because
        for one in people
        if one.guidance is not None and one.guidance.not_started_because
    }


async def live(
    on: Stage, part: Part, *, in_flight: int = 16, told: Told = lambda *_: None, treasurer: Treasurer | None = None
) -> Player:
    """Live every open rehearsed dossier to its closing, and those that are handed over on the way too.

    With a treasurer what is due is paid by files, again and again; without one finance confirms each payment by hand.

    Raises:
        Stuck: one does not end, or waits for money that nobody can pay.
    """
    player = Player(on.starter, on.pool, part, treasurer)
    while True:
        await patiently(on.starter.sweep)
        numbers = await patiently(partial(_open, on.pool))
        if not numbers:
            return player
        done = 0

        def closed(_: str, total: int = len(numbers)) -> None:
            nonlocal done
            done += 1
            told("beleven", done, total)

        for kind in ORDER:
            await player.live_all([number for number, own in numbers if own == kind], in_flight=in_flight, told=closed)
        if treasurer is not None and not await treasurer.pay() and await _wait_for_money(on.pool):
            raise Stuck("money is waited for, and nothing can be paid")


async def _wait_for_money(pool: asyncpg.Pool) -> bool:
    waiting = """
        SELECT EXISTS (SELECT FROM payment JOIN dossier ON dossier.number = payment.dossier
            WHERE dossier.rehearsed AND payment.state = 'instructed')
    """
    return bool(await pool.fetchval(waiting))


async def catch_up(on: Stage, until: datetime, *, in_flight: int = 16, told: Told = lambda *_: None) -> None:
    """Live every open rehearsed dossier up to a moment, and leave what waits then to whoever comes.

    Raises:
        Stuck: one waits for nobody.
    """
    player = Meanwhile(on.starter, on.pool, until, TrajectoryPart({}, {}))
    lived: set[str] = set()
    while new := [one for one in await patiently(partial(_open, on.pool)) if one[0] not in lived]:
        done = 0

        def caught_up(_: str, total: int = len(new)) -> None:
            nonlocal done
            done += 1
            told("beleven", done, total)

        for kind in ORDER:
            await player.live_all([number for number, own in new if own == kind], in_flight=in_flight, told=caught_up)
        lived |= {number for number, _ in new}
        await patiently(on.starter.sweep)
    await _take_in_hand(on)


async def _take_in_hand(on: Stage) -> None:
    """Of what waits for staff, somebody has one task in two on the desk."""
    rows = await on.pool.fetch("SELECT task, fund, role, excluded FROM task WHERE state = 'open' ORDER BY task")
    for row in rows[::2]:
        await on.starter.claim(row["task"], hands(row["fund"], row["role"], row["excluded"], 0, row["task"]))


async def opening_moments(pool: asyncpg.Pool) -> tuple[dict[str, datetime], dict[str, str]]:
    """When each rehearsed dossier comes in, and the employer's dossier of each person."""
    rows = await pool.fetch("SELECT number, opens_at, parent FROM receipt WHERE rehearsed ORDER BY opens_at, number")
    return {row["number"]: row["opens_at"] for row in rows}, {
        row["number"]: row["parent"] for row in rows if row["parent"]
    }


async def _open(pool: asyncpg.Pool) -> list[tuple[str, str]]:
    rows = await pool.fetch(
        """
        SELECT number, receipt.kind FROM receipt LEFT JOIN dossier USING (number)
        WHERE receipt.rehearsed AND dossier.outcome IS NULL ORDER BY receipt.opens_at, number
        """
    )
    return [(row["number"], row["kind"]) for row in rows]


async def post(pool: asyncpg.Pool, *, patience: float = 120.0) -> None:
    """Wait until every planned mail has left or cannot."""
    until = time.monotonic() + patience
    pending = "SELECT count(*) FROM effect WHERE state IN ('planned', 'claimed', 'sending')"
    while await pool.fetchval(pending) and time.monotonic() < until:
        await asyncio.sleep(0.2)


async def summary(on: Stage, player: Player, seconds: float) -> dict[str, Any]:
    """What happened, in numbers that are counted in the database."""
    found = await verify(on.engine, grace=timedelta(0))
    return {
        "dossiers": await _counted(on.pool, "SELECT kind, outcome, count(*) FROM dossier GROUP BY 1, 2 ORDER BY 1, 2"),
        "tasks": await _counted(on.pool, "SELECT step, outcome, count(*) FROM task GROUP BY 1, 2 ORDER BY 1, 2"),
        "decisions": await _counted(
            on.pool, "SELECT level, outcome, count(*) FROM decision GROUP BY 1, 2 ORDER BY 1, 2"
        ),
        "mails": await _counted(on.pool, "SELECT template, state, count(*) FROM effect GROUP BY 1, 2 ORDER BY 1, 2"),
        "payments": {
            "planned": await on.pool.fetchval("SELECT count(*) FROM payment"),
            "returned": await on.pool.fetchval("SELECT count(*) FROM payment WHERE state = 'returned'"),
            "confirmed": await on.pool.fetchval("SELECT count(*) FROM payment WHERE state = 'confirmed'"),
            "euros": str(
                await on.pool.fetchval("SELECT coalesce(sum(amount), 0) FROM payment WHERE state = 'confirmed'")
            ),
        },
        "treasury": await counted(on.pool),
        "follow_up": await _counted(
            on.pool, "SELECT moment, outcome, count(*) FROM follow_up GROUP BY 1, 2 ORDER BY 1, 2"
        ),
        "acts": player.played.acts,
        "refusals": player.played.refusals,
        "verify": found.model_dump(mode="json"),
        "seconds": round(seconds, 1),
    }


async def _counted(pool: asyncpg.Pool, query: str) -> dict[str, dict[str, int]]:
    counted: dict[str, dict[str, int]] = {}
    for first, second, count in await pool.fetch(query):
        counted.setdefault(first, {})[second or "open"] = count
    return counted
