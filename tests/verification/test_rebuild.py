"""Rebuilding writes the rows that `record` wrote, whatever became of them, and leaves the ledger of mails alone."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from activities.dossiers import Dossiers
from models.errors import Refusal
from models.messages import events as e
from verification import rebuild, verify
from verification.stored import PROJECTIONS


async def rows(engine: AsyncEngine, table: str) -> list[Any]:
    async with engine.connect() as connection:
        return list((await connection.execute(text(f"SELECT * FROM {table} ORDER BY 1, 2"))).all())


SPOILED = [
    *(f"DELETE FROM {table}" for table in PROJECTIONS),
    "UPDATE task SET role = 'finance', due = '2030-01-01', reasons = ARRAY['x']",
    "UPDATE dossier SET granted = 0, paid = 0, outcome = NULL, sequence = 3, head = 'x'",
    "INSERT INTO instalment VALUES ('ANT-2024-S-000001', 7, 'approval', 5)",
]


@pytest.mark.parametrize("statement", SPOILED)
async def test_what_was_spoiled_stands_as_before(
    engine: AsyncEngine, live: Any, made: Any, spoil: Any, statement: str
) -> None:
    await live(made.whole_life(made.number))
    before = {table: await rows(engine, table) for table in PROJECTIONS}
    await spoil(statement)
    assert not (await verify(engine, now=made.now)).clean

    assert await rebuild(engine, [made.number]) == 1

    assert {table: await rows(engine, table) for table in PROJECTIONS} == before
    assert (await verify(engine, now=made.now)).clean


async def test_all_dossiers_are_rebuilt_and_mails_and_holds_are_left_alone(
    engine: AsyncEngine, live: Any, made: Any, spoil: Any
) -> None:
    for number in ("ANT-2024-S-000001", "ANT-2024-S-000002"):
        await live(made.whole_life(number), number)
    await spoil("UPDATE effect SET state = 'sent'")
    await spoil("INSERT INTO task_hold VALUES ('ANT-2024-S-000001/review/1', 'ANT-handler-1', now())")
    ledger, holds = await rows(engine, "effect"), await rows(engine, "task_hold")
    await spoil("DELETE FROM task")

    assert await rebuild(engine) == 2

    assert (await verify(engine, now=made.now)).clean
    assert (await rows(engine, "effect"), await rows(engine, "task_hold")) == (ledger, holds)


async def test_a_rebuilt_dossier_takes_the_next_step(
    engine: AsyncEngine, live: Any, made: Any, spoil: Any, dossiers: Dossiers
) -> None:
    life = made.whole_life(made.number)
    await live(life[:3])
    await spoil("DELETE FROM dossier")
    await rebuild(engine, [made.number])

    ((_, head),) = await rows(engine, "(SELECT sequence, hash FROM event WHERE sequence = 10) AS last")
    event = e.Event(sequence=11, at=made.now, by="system", fact=e.PhaseEntered(phase="approval"))

    stands = await dossiers.record(e.Step(dossier=made.number, events=(event,), head=head))

    assert stands.sequence == 11
    assert (await verify(engine, now=made.received)).clean


async def test_a_broken_journal_is_not_turned_into_rows(engine: AsyncEngine, live: Any, made: Any, spoil: Any) -> None:
    await live(made.whole_life(made.number))
    await spoil("UPDATE event SET by = 'somebody' WHERE sequence = 3")
    await spoil("DELETE FROM task")

    with pytest.raises(Refusal, match=r"beschadigd \(event 3 \(phase_entered\) is veranderd"):
        await rebuild(engine, [made.number])

    assert await rows(engine, "task") == []


async def test_an_unknown_number_is_refused(engine: AsyncEngine) -> None:
    with pytest.raises(Refusal, match="ANT-2024-S-999999"):
        await rebuild(engine, ["ANT-2024-S-999999"])
