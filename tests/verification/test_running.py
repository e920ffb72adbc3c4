"""With Temporal at hand, verification compares who lives there with who lives in the database."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client
from temporalio.common import SearchAttributePair, TypedSearchAttributes

from starter import KIND
from verification import verify


async def test_a_dossier_without_a_workflow_and_a_workflow_without_a_dossier_are_found(
    engine: AsyncEngine, temporal_client: Client, live: Any, made: Any
) -> None:
    queue = f"test-{uuid.uuid4().hex[:8]}"
    both, only_row, only_workflow = (f"ANT-2024-S-{queue}-{letter}" for letter in "abc")
    for number in (both, only_row):
        await live([[made.opened(), made.task(number, "review", made.now.date())]], number)
    handles = [
        await temporal_client.start_workflow(
            "Subsidy",
            id=number,
            task_queue=queue,
            search_attributes=TypedSearchAttributes([SearchAttributePair(KIND, "subsidy")]),
        )
        for number in (both, only_workflow)
    ]

    try:
        outcome = await _seen(engine, temporal_client, queue, made)
    finally:
        for handle in handles:
            await handle.terminate()

    assert [(fault.dossier, fault.check, fault.text) for fault in outcome.faults] == [
        (only_row, "workflow", "het dossier is open, maar zijn workflow loopt niet"),
        (only_workflow, "workflow", "de workflow loopt, maar er is geen open dossier"),
    ]


async def _seen(engine: AsyncEngine, client: Client, queue: str, made: Any) -> Any:
    """Temporal's list runs a little behind, so look until both workflows are in it."""
    while len([one async for one in client.list_workflows(f"TaskQueue = '{queue}'")]) < 2:
        pass
    return await verify(engine, client=client, task_queue=queue, now=made.now, grace=timedelta(days=-36500))
