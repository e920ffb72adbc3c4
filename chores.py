"""What a worker does beside its polls, again and again; several workers take turns or do no harm."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import NamedTuple

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.service import RPCError

from activities.texting import Texting
from database import LOST
from dispatch import ON_ITS_WAY
from erasure import Retention, erase_for_ever
from metrics import ProductMetrics
from returned_mail import taking_in as returned_mail
from returned_mail.deliveries import ask_after
from schemes.reaching import Channel
from settings import Settings
from starter import Starter
from treasury.watching import look

AWAY = (RPCError, SQLAlchemyError, *LOST, OSError)
"""What is not there now may be there later."""
OFTEN, NOW_AND_THEN = timedelta(seconds=5), timedelta(seconds=15)

log = structlog.get_logger("worker")


class Chore(NamedTuple):
    """Something to do, and how long to wait before it is done again."""

    name: str
    act: Callable[[], Awaitable[object]]
    pause: timedelta


def beside_the_polls(
    engine: AsyncEngine, starter: Starter, settings: Settings, texting: Texting | None
) -> tuple[Chore, ...]:
    """What this worker does; `texting` is None where nobody is reached by telephone."""
    terms = Retention(people_years=settings.retention_years, books_years=settings.retention_books_years)
    port = settings.product_metrics_port
    channels = frozenset(Channel) if texting else frozenset(Channel) - {Channel.SMS}
    return (
        Chore("receipts", partial(_start_receipts, starter), OFTEN),
        Chore("commands", _SendAgain(starter), OFTEN),
        Chore("room", partial(_tell_of_room, starter), OFTEN),
        Chore("bank", partial(_read_bank, engine, starter, settings), OFTEN),
        Chore("returned", partial(returned_mail.look, engine, settings.returned_mail_folder, channels), OFTEN),
        *(() if texting is None else (Chore("texts", partial(ask_after, engine, texting.status, channels), OFTEN),)),
        Chore("erasure", partial(erase_for_ever, engine, terms, settings.upload_directory), NOW_AND_THEN),
        *(() if port is None else (Chore("metrics", partial(_count, engine, port), NOW_AND_THEN),)),
    )


async def again_and_again(chore: Chore) -> None:
    """For as long as the worker lives. What is away comes back; a defect is told, and ends nothing."""
    while True:
        try:
            await chore.act()
        except AWAY as away:
            log.debug("chore_waits", chore=chore.name, error=type(away).__name__)
        except Exception:
            log.exception("chore_failed", chore=chore.name)
        await asyncio.sleep(chore.pause.total_seconds())


async def _start_receipts(starter: Starter) -> None:
    """Those younger than a pause are being started by whoever received them."""
    while started := await starter.sweep(older_than=OFTEN):  # a closure comes as thousands
        log.info("receipts_started", count=started)


class _SendAgain:
    """What was not answered is sent again when nobody waits for it any more. A worker that starts may be the first one
    after a crash of everything: then nobody waits, and no term shall end before a word that was in time is heard."""

    def __init__(self, starter: Starter) -> None:
        self._starter = starter
        self._older_than: timedelta | None = ON_ITS_WAY

    async def __call__(self) -> None:
        answered = await self._starter.redeliver(older_than=self._older_than)
        self._older_than = None
        if answered:
            log.info("commands_redelivered", count=answered)


async def _tell_of_room(starter: Starter) -> None:
    if told := await starter.tell_of_room():
        log.info("dossiers_told_of_room", count=told)


async def _read_bank(engine: AsyncEngine, starter: Starter, settings: Settings) -> None:
    """Take in what the bank puts in its folder."""
    if taken := await look(engine, settings.bank_folder):
        await starter.bank_spoke({one.fund for one in taken})


async def _count(engine: AsyncEngine, port: int) -> None:
    """Offer the product's numbers to Prometheus; while the database is away the last ones stand."""
    metrics = ProductMetrics()
    metrics.serve(port)
    while True:
        try:
            async with engine.connect() as connection:
                await metrics.refresh(connection)
        except AWAY as away:
            log.debug("chore_waits", chore="metrics", error=type(away).__name__)
        await asyncio.sleep(NOW_AND_THEN.total_seconds())
