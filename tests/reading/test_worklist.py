"""The work list: the right tasks in the right order, in pages, along the index however long the list is."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncEngine

import database
from database import transaction
from models.errors import Refusal
from models.messages.words import Fund, Role
from models.tables import TaskHold, TaskRow
from reading.worklist import WaitingTask, WorkListQuery, question, tasks

FIRST_DUE = date(2024, 3, 4)


def row(serial: int, **changes: Any) -> dict[str, Any]:
    return {
        "task": f"ANT-2024-S-{serial:06d}/review/1",
        "dossier": f"ANT-2024-S-{serial:06d}",
        "fund": "ANT",
        "kind": "subsidy",
        "step": "review",
        "role": "handler",
        "due": FIRST_DUE + timedelta(days=serial // 3),
        "derivation": "10 werkdagen",
        "priority": 3,
        "outcomes": ["approve", "refuse"],
        "excluded": [],
        "silence": "escalates:team_lead",
        "state": "open",
        "opened_at": datetime(2024, 3, 1, tzinfo=UTC),
        "reminders": 0,
        "escalations": 0,
        "reasons": [],
    } | changes


async def fill(engine: AsyncEngine, rows: list[dict[str, Any]]) -> None:
    async with transaction(engine) as connection:
        await connection.execute(insert(TaskRow), rows)


async def listed(engine: AsyncEngine, query: WorkListQuery) -> list[str]:
    async with engine.connect() as connection:
        return [task.task for task in (await tasks(connection, query)).tasks]


async def test_pages_together_are_the_whole_list_in_order(engine: AsyncEngine) -> None:
    rows = [
        row(serial, fund=["ANT", "LIM"][serial % 2], role=["handler", "approver", "board"][serial % 3])
        for serial in range(25)
    ]
    await fill(engine, rows)
    query = WorkListQuery(limit=4)
    found: list[WaitingTask] = []

    async with engine.connect() as connection:
        while True:
            page = await tasks(connection, query)
            found += page.tasks
            if page.next is None:
                break
            assert len(page.tasks) == 4
            query = query.model_copy(update={"after": page.next})

    assert [task.task for task in found] == [
        one["task"] for one in sorted(rows, key=lambda one: (one["due"], one["task"]))
    ]


async def test_a_task_finished_between_two_pages_shifts_nothing(engine: AsyncEngine) -> None:
    await fill(engine, [row(serial) for serial in range(6)])
    async with engine.connect() as connection:
        first = await tasks(connection, WorkListQuery(limit=3))
    async with transaction(engine) as connection:
        await connection.execute(
            text("UPDATE task SET state = 'done' WHERE task = :task"), {"task": first.tasks[0].task}
        )

    rest = await listed(engine, WorkListQuery(limit=10, after=first.next))

    assert rest == [row(serial)["task"] for serial in (3, 4, 5)]


NARROWED = {
    "one fund": (WorkListQuery(funds=(Fund.LIMBURG,)), [1]),
    "one role": (WorkListQuery(roles=(Role.BOARD,)), [2]),
    "one dossier": (WorkListQuery(dossier="ANT-2024-S-000000"), [0]),
    "late": (WorkListQuery(late_on=FIRST_DUE + timedelta(days=1)), [0, 1, 2, 5]),
    "for a person: four eyes and other hands leave some out": (WorkListQuery(person="ANT-handler-1"), [0, 1, 2, 6]),
    "for a colleague of who has it in hand": (WorkListQuery(person="ANT-handler-2"), [0, 1, 2, 5]),
    "everything": (WorkListQuery(), [0, 1, 2, 5, 6]),
}


@pytest.mark.parametrize(("query", "expected"), NARROWED.values(), ids=NARROWED.keys())
async def test_the_list_is_narrowed(engine: AsyncEngine, query: WorkListQuery, expected: list[int]) -> None:
    await fill(
        engine,
        [
            row(0),
            row(1, fund="LIM"),
            row(2, role="board"),
            row(3, state="done"),
            row(4, state="cancelled"),
            row(5, due=FIRST_DUE, excluded=["ANT-handler-1"]),
            row(6),
        ],
    )
    async with transaction(engine) as connection:
        hold = {"task": row(6)["task"], "person": "ANT-handler-1", "since": datetime.now(UTC)}
        await connection.execute(insert(TaskHold).values(hold))
    assert sorted(await listed(engine, query)) == [row(serial)["task"] for serial in expected]


async def test_who_has_a_task_in_hand_is_shown(engine: AsyncEngine) -> None:
    await fill(engine, [row(0)])
    async with transaction(engine) as connection:
        hold = {"task": row(0)["task"], "person": "ANT-handler-1", "since": datetime.now(UTC)}
        await connection.execute(insert(TaskHold).values(hold))

    async with engine.connect() as connection:
        (task,) = (await tasks(connection, WorkListQuery())).tasks

    assert task.holder == "ANT-handler-1"


async def test_a_cursor_of_another_list_is_refused(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        with pytest.raises(Refusal, match="geen plaats in de werklijst"):
            await tasks(connection, WorkListQuery(after="yesterday"))


SOUGHT = {
    "everything": WorkListQuery(),
    "a handler": WorkListQuery(funds=(Fund.ANTWERPEN,), roles=(Role.HANDLER,)),
    "a later page": WorkListQuery(
        roles=(Role.HANDLER,), after=f"{FIRST_DUE + timedelta(days=200)}~ANT-2024-S-000600/review/1"
    ),
    "for a person": WorkListQuery(funds=(Fund.ANTWERPEN,), roles=(Role.HANDLER, Role.FINANCE), person="ANT-handler-1"),
}


@pytest.mark.parametrize("query", SOUGHT.values(), ids=SOUGHT.keys())
async def test_a_page_walks_the_index_and_sorts_nothing_long(
    engine: AsyncEngine, database_urls: Any, query: WorkListQuery
) -> None:
    await fill(
        engine,
        [row(serial, fund=list(Fund)[serial % 8], role=["handler", "finance"][serial % 2]) for serial in range(4000)],
    )
    owner = database.make_engine(database_urls.owner)
    async with owner.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("ANALYZE task"))
    await owner.dispose()

    statement, values = question(query)
    async with engine.connect() as connection:
        found = await connection.scalar(text(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}"), values)
    plan = found if isinstance(found, list) else json.loads(found or "[]")

    nodes = list(_nodes(plan[0]["Plan"]))
    assert {node["Index Name"] for node in nodes if node.get("Relation Name") == "task"} == {"task_list"}
    walked = sum(node["Actual Rows"] * node["Actual Loops"] for node in nodes if node.get("Relation Name") == "task")
    assert walked <= (query.limit + 1) * len(query.funds) * len(query.roles)
    assert max(node["Actual Rows"] for node in nodes) <= (query.limit + 1) * len(query.funds) * 2


def _nodes(node: dict[str, Any]) -> Any:
    yield node
    for below in node.get("Plans", ()):
        yield from _nodes(below)
