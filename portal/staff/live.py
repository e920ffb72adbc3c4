"""A list that stands open hears that something happened: PostgreSQL announces, one listener per process tells it."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any
from weakref import WeakKeyDictionary

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse
from sqlalchemy.ext.asyncio import AsyncEngine

from portal.access.rights import Staff
from portal.access.visitor import Visitor
from portal.house import house_of
from portal.staff.listing import PATH

router = APIRouter()
CHANNEL = "work_list"
CALM = 1.0
"""Seconds in which what happens is gathered, so that a busy house does not make every list ask every moment."""
BEAT = 20.0
"""Seconds after which a silent line is used, so that nothing between takes it for dead."""
RETRY = 2.0
log = structlog.get_logger("portal")


class Announcements:
    """What happens on the work lists, for whoever listens. Holds one connection while somebody does, else none."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._ears: set[asyncio.Queue[str]] = set()
        self._listening: asyncio.Task[None] | None = None
        self.ready = asyncio.Event()

    @contextlib.asynccontextmanager
    async def heard(self) -> AsyncIterator[asyncio.Queue[str]]:
        """Everything announced while the block runs, as `fund/role/what/task`."""
        ear: asyncio.Queue[str] = asyncio.Queue(maxsize=1000)
        self._ears.add(ear)
        if self._listening is None:
            self._listening = asyncio.create_task(self._listen())
        try:
            yield ear
        finally:
            self._ears.discard(ear)
            if not self._ears and self._listening is not None:
                listening, self._listening = self._listening, None
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)

    async def _listen(self) -> None:
        """Listen, and listen again after a server that went away; what was missed meanwhile counts as something."""
        while True:
            try:
                await self._listen_once()
            except (OSError, ConnectionError) as fault:
                log.warning("listener_lost", error=type(fault).__name__)
            self.ready.clear()
            await asyncio.sleep(RETRY)
            self._pass_on(None, 0, CHANNEL, "//moved/")

    async def _listen_once(self) -> None:
        raw = await self._engine.raw_connection()
        try:
            wire: Any = raw.driver_connection
            await wire.add_listener(CHANNEL, self._pass_on)
            self.ready.set()
            while not wire.is_closed():
                await asyncio.sleep(RETRY)
        finally:
            raw.invalidate()

    def _pass_on(self, _wire: Any, _process: int, _channel: str, told: str) -> None:
        for ear in self._ears:
            with contextlib.suppress(asyncio.QueueFull):  # such a list asks again anyway
                ear.put_nowait(told)


_OF: WeakKeyDictionary[AsyncEngine, Announcements] = WeakKeyDictionary()


def announcements(engine: AsyncEngine) -> Announcements:
    """The one listener of this process."""
    return _OF.setdefault(engine, Announcements(engine))


@router.get(f"{PATH}/gebeurtenissen")
async def events(request: Request, visitor: Staff) -> Response:
    """Server-sent events: `new` with how many tasks came for the visitor, `moved` when counters may differ."""
    told = stream(announcements(house_of(request).engine), visitor)
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(told, media_type="text/event-stream", headers=headers)


async def stream(source: Announcements, visitor: Visitor) -> AsyncGenerator[str]:
    """What this visitor is told, gathered per `CALM` seconds; ends when the browser goes away."""
    async with source.heard() as ear:
        yield "retry: 5000\n\n"
        while True:
            try:
                first = await asyncio.wait_for(ear.get(), BEAT)
            except TimeoutError:
                yield ": quiet\n\n"
                continue
            await asyncio.sleep(CALM)
            happened = [first, *(ear.get_nowait() for _ in range(ear.qsize()))]
            mine = [parts for parts in (one.split("/", 3) for one in happened) if _concerns(parts, visitor)]
            new = sum(what == "new" and role in visitor.roles for _, role, what, _ in mine)
            if mine:
                yield f"event: {'new' if new else 'moved'}\ndata: {new}\n\n"


def _concerns(parts: list[str], visitor: Visitor) -> bool:
    """Somebody of this fund sees it; after an interruption everybody may."""
    return len(parts) == 4 and (not parts[0] or parts[0] in {fund.value for fund in visitor.funds})
