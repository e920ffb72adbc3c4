"""The process that runs workflows and activities, keeps the post room open and sweeps up unstarted receipts."""

import gc

if __name__ == "__main__":
    gc.disable()  # until all is imported: what is imported stays, and looking through it again and again costs a fifth

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import asyncpg
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.api.workflowservice.v1 import SetWorkerDeploymentCurrentVersionRequest
from temporalio.client import Client
from temporalio.common import (
    VersioningBehavior,
    WorkerDeploymentVersion,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import PollerBehaviorAutoscaling, UnsandboxedWorkflowRunner, Worker, WorkerDeploymentConfig
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

import logs
from activities.agreements import Agreements
from activities.dossiers import Dossiers
from activities.grants import Grants
from activities.moving import Moves
from activities.payment_runs import PaymentRuns
from activities.post_room import PostRoom
from activities.receipts import Receipts
from activities.sending import MailServer
from activities.texting import Texting, TextServer
from activities.trajectories import Trajectories
from chores import again_and_again, beside_the_polls
from connection import connect
from database import lean_pool, make_engine
from schemes.reaching import Channel
from settings import Settings, current_settings
from starter import Starter
from workflows import EVERY
from workflows.payment_run import PaymentRun
from workflows.post_room import POST_ROOM, PostRoomOpen

log = structlog.get_logger("worker")
GRACE = timedelta(seconds=30)
"""What runs may finish when the worker is told to stop; compose waits ten seconds longer."""
NOT_YET = (
    RPCStatusCode.NOT_FOUND,
    RPCStatusCode.FAILED_PRECONDITION,
    RPCStatusCode.CANCELLED,
    RPCStatusCode.DEADLINE_EXCEEDED,
    RPCStatusCode.UNAVAILABLE,
)
"""A new build is not known at once, and a server under load gives up on an answer; asking again does no harm."""
COLLECTED = (10_000, 20, 20)
"""How many objects before the collector of cycles looks; Python's own 700 is meant for small programs."""
PASSED_THROUGH = ("activities", "models", "schemes", "workflows", "dateutil", "policies", "structlog")


def make_worker(client: Client, engine: AsyncEngine, pool: asyncpg.Pool, settings: Settings) -> Worker:
    """A worker of this build on the dossiers' task queue; `pool` is for what dossiers record."""
    dossiers, grants, receipts = Dossiers(pool), Grants(engine), Receipts(engine)
    runs = PaymentRuns(engine, settings.bank_folder, _banks_on_three(settings))
    restrictions = SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH)
    return Worker(
        client,
        task_queue=settings.temporal_task_queue,
        workflows=[*EVERY, PostRoomOpen, PaymentRun],
        activities=[
            dossiers.record,
            grants.used,
            grants.headcount,
            receipts.hand_over,
            *Moves(engine).every(),
            *Trajectories(engine).every(),
            Agreements(engine).evidence,
            _post_room(pool, settings).deliver,
            *runs.every(),
        ],
        workflow_runner=SandboxedWorkflowRunner(restrictions=restrictions)
        if settings.workflow_sandbox
        else UnsandboxedWorkflowRunner(),
        max_cached_workflows=settings.cached_workflows,
        max_concurrent_workflow_tasks=40,
        max_concurrent_activities=2 * settings.database_pool_size,
        max_concurrent_local_activities=2 * settings.database_pool_size,
        workflow_task_poller_behavior=PollerBehaviorAutoscaling(),
        activity_task_poller_behavior=PollerBehaviorAutoscaling(),
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=settings.sticky_timeout_seconds),
        graceful_shutdown_timeout=GRACE,
        deployment_config=WorkerDeploymentConfig(
            version=WorkerDeploymentVersion(settings.deployment_name, settings.build_id),
            use_worker_versioning=True,
            default_versioning_behavior=VersioningBehavior.PINNED,
        ),
    )


def _banks_on_three(settings: Settings) -> frozenset[str]:
    return frozenset(bic.strip().upper() for bic in settings.banks_on_version_3.split(",") if bic.strip())


def _post_room(pool: asyncpg.Pool, settings: Settings) -> PostRoom:
    sender, texting = f"{socket.gethostname()}-{os.getpid()}", _texting(pool, settings)
    carriers = {Channel.SMS: texting} if texting else None
    pace = settings.messages_per_minute
    return PostRoom(pool, _mail_server(settings), sender, carriers=carriers, per_minute=pace)


def _texting(pool: asyncpg.Pool, settings: Settings) -> Texting | None:
    if settings.sms_url is None:
        return None
    server = TextServer(settings.sms_url, settings.sms_token, settings.sms_sender, settings.portal_public_url)
    return Texting(pool, server)


def _mail_server(settings: Settings) -> MailServer:
    return MailServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        sender=settings.smtp_sender,
        user=settings.smtp_user,
        password=settings.smtp_password,
        starttls=settings.smtp_starttls,
        portal=settings.portal_public_url,
    )


async def promote(client: Client, settings: Settings, *, patience: float = 30.0) -> None:
    """Make this build the one that new dossiers, and those between two phases, go to.

    Raises:
        RPCError: after `patience` seconds Temporal still does not know the build, because no worker of it ever came
            up, or does not answer.
    """
    request = SetWorkerDeploymentCurrentVersionRequest(
        namespace=client.namespace,
        deployment_name=settings.deployment_name,
        build_id=settings.build_id,
        identity=client.identity,
        ignore_missing_task_queues=True,
    )
    deadline = asyncio.get_running_loop().time() + patience
    while True:
        try:
            await client.workflow_service.set_worker_deployment_current_version(request)
            return
        except RPCError as unknown:
            late = asyncio.get_running_loop().time() > deadline
            if late or unknown.status not in NOT_YET:
                raise
            await asyncio.sleep(0.1)


async def open_post_room(client: Client, settings: Settings) -> None:
    """See that the one post room is open."""
    await client.start_workflow(
        PostRoomOpen.run,
        id=POST_ROOM,
        task_queue=settings.temporal_task_queue,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
    )


@asynccontextmanager
async def working(client: Client, engine: AsyncEngine, settings: Settings, *, current: bool) -> AsyncIterator[Worker]:
    """A worker with all it does beside its polls, for as long as the block lasts; `current` promotes its build."""
    assert settings.database_url is not None
    async with (
        await lean_pool(settings.database_url, size=settings.database_pool_size) as pool,
        make_worker(client, engine, pool, settings) as worker,
    ):
        if current:
            await promote(client, settings)
        await open_post_room(client, settings)
        starter = Starter(client, engine, settings.temporal_task_queue)
        chores = beside_the_polls(engine, starter, settings, _texting(pool, settings))
        beside = [asyncio.create_task(again_and_again(chore)) for chore in chores]
        try:
            yield worker
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)


async def run(settings: Settings, *, current: bool = False) -> None:
    """Work until told to stop (SIGINT or SIGTERM), then finish what runs.

    Raises:
        Refusal: no database is set.
    """
    _collect_seldom()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    assert settings.database_url is not None
    engine = make_engine(settings.database_url, pool_size=settings.database_pool_size)
    client = await connect(settings)
    async with working(client, engine, settings, current=current):
        log.info("worker_started", build=settings.build_id, task_queue=settings.temporal_task_queue)
        await stop.wait()
        log.info("worker_stopping")
    await engine.dispose()


def _collect_seldom() -> None:
    """What was imported stays: the collector of cycles need not look through it."""
    gc.freeze()
    gc.set_threshold(*COLLECTED)
    gc.enable()


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a worker with the settings of the environment; `--promote` makes its build the current one.

    Raises:
        SystemExit: it was asked anything else: to go on would start a worker for who wanted to look.
    """
    asked = sys.argv[1:] if arguments is None else arguments
    if unknown := [one for one in asked if one != "--promote"]:
        raise SystemExit(
            f"worker.py kent alleen --promote, niet: {' '.join(unknown)}. Andere opdrachten: doorstroom --help."
        )
    settings = current_settings()
    logs.configure(settings.log_format, settings.log_level)
    asyncio.run(run(settings, current="--promote" in asked))
    # The SDK's native threads now and then abort at interpreter exit; everything is flushed and closed here.
    os._exit(0)


if __name__ == "__main__":
    main()
