"""A server that is away: a receipt stands, and what a person says is done, refused or answered later, never half."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from typing import Any

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError
from temporalio.service import RPCError

from benchmarks.product import application
from dispatch import ON_ITS_WAY
from models.errors import Refusal
from rehearsal.patience import patiently
from starter import Starter
from tests.patience import patient


async def test_a_receipt_stands_while_temporal_is_away_and_its_dossier_starts_afterwards(opened: Any) -> None:
    async with opened() as house:
        os.kill(house.stack.temporal.pid, signal.SIGKILL)
        given = await house.starter.receive(application())
        repeated = await house.value("SELECT started_at FROM receipt WHERE number = $1", given.number)
        assert (given.new, given.started, repeated) == (True, False, None)

        await house.stack.temporal.restart()
        await house.until("SELECT 1 FROM task WHERE task = $1", f"{given.number}/review/1")
        await house.until("SELECT started_at FROM receipt WHERE number = $1", given.number)
        assert (await house.verified()).faults == ()


async def test_what_is_said_while_postgresql_is_away_is_done_whole_or_not_at_all(opened: Any) -> None:
    async with opened() as house:
        number = (await house.starter.receive(application())).number
        await house.until("SELECT 1 FROM task WHERE task = $1", f"{number}/review/1")
        person = await house.starter.staff("ANT-handler-1")
        hasty = Starter(house.client, house.engine, house.settings.temporal_task_queue, patience=1.0)

        os.kill(house.stack.postgres.pid, signal.SIGKILL)
        await _sessions_end(house)
        with pytest.raises((OSError, DBAPIError)):
            await hasty.complete(f"{number}/review/1", person.person, "approve")
        with pytest.raises((OSError, DBAPIError)):
            await hasty.receive(application())
        with pytest.raises((OSError, DBAPIError)):
            await hasty.withdraw(number, person)

        await house.stack.postgres.restart()
        await house.starter.withdraw(number, person)
        await house.until("SELECT 1 FROM dossier WHERE number = $1 AND outcome = 'withdrawn'", number)
        assert await house.value("SELECT count(*) FROM event WHERE type = 'withdrawn'") == 1
        assert await house.value("SELECT count(*) FROM receipt") == 1
        assert (await house.verified()).faults == ()


async def test_a_command_that_temporal_never_answered_is_kept_and_goes_before_the_next_one(opened: Any) -> None:
    async with opened() as house:
        number = (await house.starter.receive(application())).number
        await house.until("SELECT 1 FROM task WHERE task = $1", f"{number}/review/1")
        hasty = Starter(house.client, house.engine, house.settings.temporal_task_queue, patience=1.0)

        os.kill(house.stack.temporal.pid, signal.SIGKILL)
        with pytest.raises((RPCError, Refusal)):
            await hasty.complete(f"{number}/review/1", "ANT-handler-1", "approve")
        assert await house.value("SELECT name FROM pending_command") == "complete_task"
        await asyncio.sleep(ON_ITS_WAY.total_seconds())

        await house.stack.temporal.restart()
        with pytest.raises(Refusal, match="Deze taak is al afgewerkt"):  # the first word counts, though it was lost
            await patiently(
                lambda: house.starter.complete(f"{number}/review/1", "ANT-handler-2", "ask", reasons=("x",))
            )
        assert await house.value("SELECT person FROM task WHERE task = $1", f"{number}/review/1") == "ANT-handler-1"
        await house.until("SELECT 1 WHERE NOT EXISTS (SELECT FROM pending_command)")
        assert (await house.verified()).faults == ()


async def test_a_command_that_nobody_repeats_is_sent_again_by_the_house(opened: Any) -> None:
    async with opened() as house:
        number = (await house.starter.receive(application())).number
        await house.until("SELECT 1 FROM task WHERE task = $1", f"{number}/review/1")
        person = await house.starter.staff("ANT-handler-1")
        hasty = Starter(house.client, house.engine, house.settings.temporal_task_queue, patience=1.0)
        os.kill(house.stack.temporal.pid, signal.SIGKILL)
        with pytest.raises((RPCError, Refusal)):
            await hasty.withdraw(number, person)
        await house.stack.temporal.restart()
        await house.until("SELECT 1 FROM dossier WHERE number = $1 AND outcome = 'withdrawn'", number)
        assert await house.value("SELECT count(*) FROM event WHERE type = 'withdrawn'") == 1


async def _sessions_end(house: Any) -> None:
    """A session outlives its postmaster for a moment."""
    async with patient():
        with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
            while True:
                await house.value("SELECT 1")
                await asyncio.sleep(0.02)
