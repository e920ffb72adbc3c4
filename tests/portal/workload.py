"""Work for the handlers of a test: tasks with days around today, in front of pages that need no workflow."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from database import transaction
from models.tables import Employer, Receipt, TaskHold, TaskRow
from schemes.calendar import BRUSSELS


def today() -> date:
    """The day that pages take for today."""
    return datetime.now(BRUSSELS).date()


def task(serial: int, **changes: Any) -> dict[str, Any]:
    """One open review, due `serial` days from today."""
    fund, step = changes.get("fund", "ANT"), changes.get("step", "review")
    return {
        "task": f"{fund}-2026-S-{serial:06d}/{step}/1",
        "dossier": f"{fund}-2026-S-{serial:06d}",
        "fund": fund,
        "kind": "subsidy",
        "step": step,
        "role": "handler",
        "due": today() + timedelta(days=serial),
        "derivation": "10 werkdagen",
        "priority": 3,
        "outcomes": ["approve", "refuse"],
        "excluded": [],
        "silence": "escalates:team_lead",
        "amount": 1250,
        "state": "open",
        "opened_at": datetime(2026, 11, 1, tzinfo=UTC),
        "escalations": 0,
        "reasons": [],
    } | changes


async def put(engine: AsyncEngine, table: Any, *rows: dict[str, Any]) -> None:
    """Write these rows."""
    async with transaction(engine) as connection:
        for row in rows:
            await connection.execute(insert(table), row)


async def hold(engine: AsyncEngine, name: str, person: str) -> None:
    """Put a task in somebody's hands."""
    await put(engine, TaskHold, {"task": name, "person": person, "since": datetime.now(UTC)})


async def describe(engine: AsyncEngine, serial: int, employer: str) -> None:
    """Give a dossier an employer by which it can be found."""
    enterprise = f"0400.{serial:03d}.000"
    firm = {
        "establishment_number": f"2.{enterprise}",
        "enterprise_number": enterprise,
        "fund": "ANT",
        "name": employer,
        "postcode": "2000",
        "municipality": "Antwerpen",
        "headcount_on": date(2026, 9, 30),
    }
    number = f"ANT-2026-S-{serial:06d}"
    receipt = {
        "number": number,
        "idempotency_key": number,
        "fund": "ANT",
        "kind": "subsidy",
        "instrument": "formal_training",
        "received_at": datetime(2026, 11, 1, tzinfo=UTC),
        "opens_at": datetime(2026, 11, 1, tzinfo=UTC),
        "started_at": datetime(2026, 11, 1, tzinfo=UTC),
        "facts": {},
        "typed": {},
        "enterprise_number": enterprise,
    }
    await put(engine, Employer, firm)
    await put(engine, Receipt, receipt)


async def ordinary_day(engine: AsyncEngine, tasks: int = 12) -> None:
    """A day with late, urgent and quiet tasks, mine and others', of two roles and two funds."""
    rows = [task(serial, due=today() + timedelta(days=serial - 2)) for serial in range(1, tasks + 1)]
    await put(engine, TaskRow, *rows, task(90, fund="LIM"), task(91, role="approver", step="approval"))
    for serial, name in ((1, "Gieterij De Zandvorm"), (2, "Van Hool & Zonen nv"), (3, '=HYPERLINK("x")')):
        await describe(engine, serial, name)
    await hold(engine, rows[0]["task"], "ANT-handler-1")
    await hold(engine, rows[2]["task"], "ANT-handler-2")
