"""Staff of two funds and open tasks, as `record` would leave them: nobody has to run for what people arrange."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncEngine

from absences import today
from database import transaction
from models.tables import StaffMember, TaskRow
from worklist import WorkList

STAFF = {
    "ANT-handler-1": ["handler"],
    "ANT-handler-2": ["handler"],
    "ANT-handler-3": ["handler"],
    "ANT-lead-1": ["team_lead"],
    "ANT-approver-1": ["approver"],
    "ANT-approver-2": ["approver"],
    "ANT-admin-1": ["administrator"],
    "ANT-intake-1": ["intake"],
    "LIM-handler-1": ["handler"],
    "LIM-lead-1": ["team_lead"],
}
DOSSIER = "ANT-2024-S-000001"
Rows = Callable[..., Awaitable[list[Any]]]
MakeTask = Callable[..., Awaitable[str]]


@pytest.fixture
def rows(engine: AsyncEngine) -> Rows:
    async def found(query: str, **values: Any) -> list[Any]:
        async with transaction(engine) as connection:
            answer = await connection.execute(text(query), values)
            return [tuple(row) for row in answer] if answer.returns_rows else []

    return found


@pytest.fixture(autouse=True)
async def people(engine: AsyncEngine) -> None:
    members = [
        {
            "person": person,
            "fund": person[:3],
            "name": person,
            "email": f"{person.lower()}@fonds.example",
            "language": "nl",
            "roles": roles,
            "active": True,
        }
        for person, roles in STAFF.items()
    ]
    async with transaction(engine) as connection:
        await connection.execute(insert(StaffMember), members)


@pytest.fixture
def worklist(engine: AsyncEngine) -> WorkList:
    return WorkList(engine)


@pytest.fixture
def make_task(engine: AsyncEngine) -> MakeTask:
    """Makes an open task; ten days are left for it."""

    async def made(
        step: str = "review", role: str = "handler", *, due: date | None = None, excluded: tuple[str, ...] = ()
    ) -> str:
        row = {
            "task": f"{DOSSIER}/{step}/1",
            "dossier": DOSSIER,
            "fund": "ANT",
            "kind": "subsidy",
            "step": step,
            "role": role,
            "due": due or today() + timedelta(days=10),
            "derivation": "",
            "priority": 2,
            "outcomes": ["approve"],
            "excluded": list(excluded),
            "silence": "",
            "state": "open",
            "opened_at": datetime.now(UTC),
            "reminders": 0,
            "escalations": 0,
            "reasons": [],
        }
        async with transaction(engine) as connection:
            await connection.execute(insert(TaskRow).values(row))
        return str(row["task"])

    return made


@pytest.fixture
async def task(make_task: MakeTask) -> str:
    return await make_task()
