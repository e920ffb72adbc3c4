"""Looking again and again for what comes back; workers take turns."""

import asyncio
import contextlib
from collections.abc import Collection
from datetime import timedelta
from pathlib import Path

import asyncpg
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from returned_mail.deliveries import Ask, ask_after
from returned_mail.taking_in import look

PAUSE = timedelta(seconds=5)
AWAY = (SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError)
"""What is not there now may be there later."""


async def watch_for_ever(engine: AsyncEngine, folder: Path, channels: Collection[str], ask: Ask | None) -> None:
    """Take in mails that come back, and ask after texts where there is a provider to `ask`.

    `channels` are the ways out that this house has.
    """
    while True:
        with contextlib.suppress(*AWAY):
            await look(engine, folder, channels)
        with contextlib.suppress(*AWAY):
            if ask is not None:
                await ask_after(engine, ask, channels)
        await asyncio.sleep(PAUSE.total_seconds())
