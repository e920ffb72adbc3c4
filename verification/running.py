"""Whether Temporal and the database agree on which dossiers live. Needs Temporal; everything else does not."""

import asyncio
from collections.abc import AsyncIterator

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from models.tables import DossierRow
from verification.findings import Fault

PAUSE = 0.02
"""Seconds between two questions about one dossier: a verification may not slow the house down."""


async def check_workflows(connection: AsyncConnection, client: Client, task_queue: str) -> AsyncIterator[Fault]:
    """Open dossiers whose workflow does not run, and running workflows of dossiers that are closed or unknown.

    The list of Temporal runs a little behind, so every difference is looked up before it is told.
    """
    query = f"TaskQueue = '{task_queue}' AND ExecutionStatus = 'Running' AND DossierKind IS NOT NULL"
    running = {found.id async for found in client.list_workflows(query, page_size=1000)}
    standing = select(col(DossierRow.number)).where(col(DossierRow.outcome).is_(None)).order_by(col(DossierRow.number))
    stream = await connection.stream_scalars(standing.execution_options(yield_per=1000))
    dead: list[str] = []
    async for number in stream:
        if number in running:
            running.discard(number)
        else:
            dead.append(number)
    for number in dead:
        if not await _runs(client, number):
            yield Fault(dossier=number, check="workflow", text="het dossier is open, maar zijn workflow loopt niet")
    for number in sorted(running):
        if await _runs(client, number) and not await _may_run(connection, number):
            text = "de workflow loopt, maar er is geen open dossier"
            yield Fault(dossier=number, check="workflow", text=text)


async def _runs(client: Client, number: str) -> bool:
    await asyncio.sleep(PAUSE)
    try:
        found = await client.get_workflow_handle(number).describe()
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return False
        raise
    return found.status is WorkflowExecutionStatus.RUNNING


async def _may_run(connection: AsyncConnection, number: str) -> bool:
    open_still = select(col(DossierRow.number)).where(
        col(DossierRow.number) == number, col(DossierRow.outcome).is_(None)
    )
    return await connection.scalar(open_still) is not None
