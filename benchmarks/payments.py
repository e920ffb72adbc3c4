"""From payable to a file for the bank and back: payments per second, and lines of a statement matched per second.

Everything real: collected, signed by two, sealed and handed over on a PostgreSQL that syncs to disk; the rehearsed bank
reads that file and writes the statement, which is read, kept and matched as one that came from outside.
"""

import argparse
import asyncio
import json
import os
import resource
import sys
import time
from collections.abc import Awaitable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
from rich.console import Console
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncEngine

import database
from banking import statements
from benchmarks import due
from embedded import EmbeddedPostgres, throwaway_directory
from models.messages.commands import Actor
from models.messages.payment_runs import RunOpening, RunStanding, SignRun
from models.messages.words import Party, Role
from rehearsal.bank import EXACT, RehearsedBank
from treasury import collecting, handing_over, intake, sealing, signing

RUN = f"{due.FUND}-2026-B-0001"
FIRST, SECOND = (
    Actor(person=f"{due.FUND}-finance-{nr}", party=Party.STAFF, fund=due.FUND, roles=frozenset({Role.FINANCE}))
    for nr in (1, 2)
)
OUT = ("collect", "sign", "seal", "hand over")
"""What lies between a payment that is due and its file."""


Answer = TypeVar("Answer")


class Watch:
    """Seconds of each part, by name."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    async def over(self, part: str, work: Awaitable[Answer]) -> Answer:
        """Wait for it, and add how long it took."""
        began = time.perf_counter()
        answer = await work
        self.seconds[part] = self.seconds.get(part, 0) + time.perf_counter() - began
        return answer


async def measure(payments: int) -> dict[str, Any]:
    """One run of so many lines, out and back, on a database of its own."""
    with throwaway_directory() as place:
        async with EmbeddedPostgres(place, fsync=True) as server:
            await database.migrate(server.owner_url)
            owner = await asyncpg.connect(server.owner_url.replace("+asyncpg", ""))
            engine = database.make_engine(server.app_url)
            try:
                await due.fill(owner, payments)
                watch = Watch()
                standing = await _out(engine, watch, place / "bank")
                assert (standing.lines, standing.held) == (payments, 0), standing
                content = await owner.fetchval("SELECT content FROM payment_run")
                statement = await _back(engine, watch, content)
                kept = await owner.fetchrow(_KEPT)
                assert set(kept) == {payments}, kept
            finally:
                await engine.dispose()
                await owner.close()
    return _told(payments, watch.seconds, len(content), statement)


_KEPT = """
    SELECT (SELECT count(*) FROM bank_entry WHERE state = 'matched' AND matched_as = 'payment') AS matched,
        (SELECT count(*) FROM payment_line WHERE state = 'executed') AS executed,
        (SELECT count(*) FROM pending_command WHERE name = 'settle_payment') AS told
"""


async def _out(engine: AsyncEngine, watch: Watch, folder: Path) -> RunStanding:
    """From payable to the file."""
    opening = RunOpening(run=RUN, fund=due.FUND, rehearsed=False, by=FIRST)
    await watch.over("collect", collecting.collect(engine, opening))
    for person in (FIRST, SECOND):
        await watch.over("sign", signing.sign(engine, SignRun(run=RUN, by=person)))
    await watch.over("seal", sealing.seal(engine, RUN))
    return await watch.over("hand over", handing_over.hand_over(engine, RUN, folder))


async def _back(engine: AsyncEngine, watch: Watch, content: bytes) -> int:
    """What the bank answers, and its statement; the bytes of that."""
    bank = RehearsedBank(1, EXACT)
    bank.receive(content)
    (answer, told), *rest = bank.answers(date.max)
    await watch.over("answer", intake.take_in(engine, told, answer, "bench"))
    ((name, statement),) = rest
    await watch.over("match", intake.take_in(engine, statement, name, "bench"))
    began = time.perf_counter()
    for _ in statements.read(statement):
        pass
    watch.seconds["of which reading"] = time.perf_counter() - began
    return len(statement)


def _told(payments: int, seconds: dict[str, float], file: int, statement: int) -> dict[str, Any]:
    out = sum(seconds[part] for part in OUT)
    return {
        "lines": payments,
        "per_second": {
            "payments, from payable to file": round(payments / out),
            "lines of a statement, read, kept and matched": round(payments / seconds["match"]),
        },
        "seconds": {part: round(taken, 2) for part, taken in seconds.items()},
        "megabytes": {"order": round(file / 1e6, 1), "statement": round(statement / 1e6, 1)},
        "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "load": round(os.getloadavg()[0], 1),
    }


def _show(found: dict[str, Any]) -> None:
    table = Table(title=f"{found['lines']} payments, out and back")
    for column in ("part", "seconds", "lines per second"):
        table.add_column(column, justify="right")
    for part, taken in found["seconds"].items():
        table.add_row(part, f"{taken:.2f}", f"{found['lines'] / taken:.0f}" if taken else "")
    for name, rate in found["per_second"].items():
        table.add_row(name, "", str(rate))
    Console(file=sys.stderr).print(table)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.payments", description=__doc__)
    parser.add_argument("--lines", type=int, default=100_000, help="payments of the run")
    result = asyncio.run(measure(parser.parse_args().lines))
    _show(result)
    print(json.dumps(result, indent=1))
