"""Who has a task in hand: one person, who may have it."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from database import transaction
from models.errors import Refusal
from models.tables import TaskRow
from starter import Starter


@pytest.fixture
async def task(engine: AsyncEngine) -> str:
    """An open task, as `record` would leave it; nobody has to run for who holds it."""
    name = "ANT-2024-S-000001/approval/1"
    now = datetime.now(UTC)
    row = {
        "task": name,
        "dossier": "ANT-2024-S-000001",
        "fund": "ANT",
        "kind": "subsidy",
        "step": "approval",
        "role": "handler",
        "due": date(2024, 3, 18),
        "derivation": "",
        "priority": 2,
        "outcomes": ["approve"],
        "excluded": ["ANT-all"],
        "silence": "",
        "state": "open",
        "opened_at": now,
        "reminders": 0,
        "escalations": 0,
        "reasons": [],
    }
    async with transaction(engine) as connection:
        await connection.execute(insert(TaskRow).values(row))
    return name


async def holder(rows: Any) -> list[Any]:
    return [person for (person,) in await rows("SELECT person FROM task_hold")]


async def test_one_of_two_who_claim_at_once_gets_the_task(starter: Starter, task: str, rows: Any) -> None:
    both = ("ANT-handler-1", "ANT-handler-2")

    answers = await asyncio.gather(*(starter.claim(task, person) for person in both), return_exceptions=True)

    (winner,) = await holder(rows)
    refusals = [answer for answer in answers if answer is not None]
    assert winner in both
    assert [refusal.code for refusal in refusals if isinstance(refusal, Refusal)] == ["TaskHeld"]
    assert winner in str(refusals[0])


async def test_claiming_twice_is_claiming_once(starter: Starter, task: str, rows: Any) -> None:
    await starter.claim(task, "ANT-handler-1")
    await starter.claim(task, "ANT-handler-1")

    assert await holder(rows) == ["ANT-handler-1"]


REFUSED = {
    "somebody of another fund": ("LIM-handler-1", "WrongRole"),
    "somebody without the role": ("ANT-approver-1", "WrongRole"),
    "somebody who took an earlier step": ("ANT-all", "FourEyes"),
    "somebody who left": ("ANT-gone", "UnknownPerson"),
    "somebody unknown": ("nobody", "UnknownPerson"),
}


@pytest.mark.parametrize(("person", "code"), REFUSED.values(), ids=REFUSED.keys())
async def test_who_may_not_take_a_task_hears_why(
    starter: Starter, task: str, rows: Any, person: str, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        await starter.claim(task, person)

    assert refused.value.code == code
    assert await holder(rows) == []


async def test_a_task_that_is_done_cannot_be_claimed(starter: Starter, task: str, rows: Any) -> None:
    await rows("UPDATE task SET state = 'done' RETURNING 1")

    with pytest.raises(Refusal, match="niet \\(meer\\) open"):
        await starter.claim(task, "ANT-handler-1")


async def test_only_the_holder_releases(starter: Starter, task: str, rows: Any) -> None:
    await starter.claim(task, "ANT-handler-1")

    await starter.release(task, "ANT-handler-2")
    assert await holder(rows) == ["ANT-handler-1"]

    await starter.release(task, "ANT-handler-1")
    assert await holder(rows) == []


async def test_a_colleague_takes_over(starter: Starter, task: str, rows: Any) -> None:
    await starter.claim(task, "ANT-handler-1")

    await starter.reassign(task, "ANT-handler-1", "ANT-handler-2")

    assert await holder(rows) == ["ANT-handler-2"]


async def test_a_colleague_who_may_not_take_over_leaves_the_task_where_it_was(
    starter: Starter, task: str, rows: Any
) -> None:
    await starter.claim(task, "ANT-handler-1")

    with pytest.raises(Refusal, match="Vier ogen"):
        await starter.reassign(task, "ANT-handler-1", "ANT-all")

    assert await holder(rows) == ["ANT-handler-1"]
