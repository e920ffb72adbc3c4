"""The process that runs workflows and activities, keeps the post room open and sweeps up unstarted receipts."""

import gc

if __name__ == "__main__":
    gc.disable()  # until all is imported: what is imported stays, and looking through it again and again costs a fifth

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import asyncpg
import structlog
from sqlalchemy.exc import SQLAlchemyError
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
from connection import connect
from database import lean_pool, make_engine
from erasure import Retention, erase_for_ever
from metrics import ProductMetrics
from returned_mail.watching import watch_for_ever
from schemes.reaching import Channel
from settings import Settings, current_settings
from starter import Starter
from treasury.watching import look
from workflows import EVERY
from workflows.payment_run import PaymentRun
from workflows.post_room import POST_ROOM, PostRoomOpen

log = structlog.get_logger("worker")
SWEEP_PAUSE = timedelta(seconds=5)
COUNT_PAUSE = 15.0
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
            Moves(engine).move_people,
            *Trajectories(engine).every(),
            Agreements(engine).evidence,
            _post_room(pool, settings).deliver,
            *runs.every(),
        ],
        workflow_runner=SandboxedWorkflowRunner(restrictions=restrictions)
        if settings.workflow_sandbox
        else UnsandboxedWorkflowRunner(),
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


def _retention(settings: Settings) -> Retention:
    return Retention(people_years=settings.retention_years, books_years=settings.retention_books_years)


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


async def sweep_for_ever(starter: Starter) -> None:
    """Again and again: start receipts that were not started, send commands that were not answered, tell of room."""
    while True:
        with contextlib.suppress(RPCError, SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            while started := await starter.sweep(older_than=SWEEP_PAUSE):  # a closure comes as thousands
                log.info("receipts_started", count=started)
            while answered := await starter.redeliver():  # the bank may have spoken of thousands
                log.info("commands_redelivered", count=answered)
            if told := await starter.tell_of_room():
                log.info("dossiers_told_of_room", count=told)
        await asyncio.sleep(SWEEP_PAUSE.total_seconds())


async def read_bank_for_ever(engine: AsyncEngine, starter: Starter, bank_folder: Path) -> None:
    """Take in what the bank puts in its folder, again and again; workers take turns."""
    while True:
        with contextlib.suppress(RPCError, SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            if taken := await look(engine, bank_folder):
                await starter.bank_spoke({one.fund for one in taken})
        await asyncio.sleep(SWEEP_PAUSE.total_seconds())


async def _watch_what_returns(engine: AsyncEngine, pool: asyncpg.Pool, settings: Settings) -> None:
    texting = _texting(pool, settings)
    channels = frozenset(Channel) if texting else frozenset(Channel) - {Channel.SMS}
    await watch_for_ever(engine, settings.returned_mail_folder, channels, texting.status if texting else None)


async def count_for_ever(engine: AsyncEngine, port: int) -> None:
    """Offer the product's numbers to Prometheus; while the database is away the last ones stand."""
    metrics = ProductMetrics()
    metrics.serve(port)
    while True:
        with contextlib.suppress(SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            async with engine.connect() as connection:
                await metrics.refresh(connection)
        await asyncio.sleep(COUNT_PAUSE)


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
        beside = [
            asyncio.create_task(sweep_for_ever(starter)),
            asyncio.create_task(read_bank_for_ever(engine, starter, settings.bank_folder)),
            asyncio.create_task(_watch_what_returns(engine, pool, settings)),
            asyncio.create_task(erase_for_ever(engine, _retention(settings), settings.upload_directory)),
        ]
        if settings.product_metrics_port is not None:
            beside.append(asyncio.create_task(count_for_ever(engine, settings.product_metrics_port)))
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
    """Run a worker with the settings of the environment; `--promote` makes its build the current one."""
    asked = sys.argv[1:] if arguments is None else arguments
    settings = current_settings()
    logs.configure(settings.log_format, settings.log_level)
    asyncio.run(run(settings, current="--promote" in asked))
    # The SDK's native threads now and then abort at interpreter exit; everything is flushed and closed here.
    os._exit(0)


if __name__ == "__main__":
    main()
