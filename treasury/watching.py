"""The folder where the bank puts its files: each is taken in once and goes to `done`, or to `refused` with the reason.

Several workers may look: one at a time does. Who dies between keeping a file and moving it leaves it there; the next
look knows it by its digest and only moves it.
"""

import asyncio
import os
import time
from datetime import timedelta
from pathlib import Path

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from database import transaction
from models.errors import Refusal
from treasury.intake import TakenIn, take_in

log = structlog.get_logger("bank")

WATCHED = "watched_folder"
"""Who brought a file that nobody uploaded."""
AT_REST = timedelta(seconds=2)
"""A file that changed less than this ago is still being written."""
_ALONE = "SELECT pg_try_advisory_xact_lock(hashtextextended('watched bank folder', 0))"


async def look(engine: AsyncEngine, bank_folder: Path, *, at_rest: timedelta = AT_REST) -> list[TakenIn]:
    """Take in every file that lies in `in`, oldest first; what another one is looking at is left to that one.

    Raises:
        OSError: the folder cannot be read or written.
    """
    inbox = bank_folder / "in"
    waiting = await asyncio.to_thread(_waiting, inbox, at_rest)
    if not waiting:
        return []
    async with transaction(engine) as alone:
        if not await alone.scalar(text(_ALONE)):
            return []
        taken = [await _take(engine, inbox, place) for place in waiting]
    return [one for one in taken if one is not None]


async def _take(engine: AsyncEngine, inbox: Path, place: Path) -> TakenIn | None:
    try:
        content = await asyncio.to_thread(place.read_bytes)
    except FileNotFoundError:  # another worker was here before us
        return None
    try:
        taken = await take_in(engine, content, place.name, WATCHED)
    except Refusal as refusal:
        log.warning("bank_file_refused", file=place.name, code=refusal.code)
        await asyncio.to_thread(_put_away, place, inbox / "refused", refusal.message)
        return None
    log.info("bank_file_read", file=place.name, entries=taken.entries, repeated=taken.repeated)
    await asyncio.to_thread(_put_away, place, inbox / "done")
    return taken


def _waiting(inbox: Path, at_rest: timedelta) -> list[Path]:
    if not inbox.is_dir():
        return []
    last = time.time() - at_rest.total_seconds()
    found = [(place.stat().st_mtime, place) for place in inbox.iterdir() if _is_whole(place)]
    return [place for changed, place in sorted(found) if changed <= last]


def _is_whole(place: Path) -> bool:
    """What a program is still writing has another name, by the custom of those who put files down for others."""
    return place.is_file() and not place.name.startswith(".") and place.suffix not in (".tmp", ".part")


def _put_away(place: Path, folder: Path, reason: str | None = None) -> None:
    """Move it, under another name when one of that name lies there; the reason lies beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    to, nth = folder / place.name, 1
    while to.exists():
        nth += 1
        to = folder / f"{place.stem}-{nth}{place.suffix}"
    if reason is not None:
        to.with_name(f"{to.name}.txt").write_text(f"{reason}\n", "utf-8")
    os.replace(place, to)
