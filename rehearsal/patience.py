"""A rehearsed person who finds the house closed comes back later, and says the same again."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from temporalio.service import RPCError, RPCStatusCode

from database import LOST
from models.errors import Refusal

COME_BACK = 0.25
"""Seconds until the next try."""
PATIENCE = 120.0
"""Seconds after which nobody believes any more that the house will open."""

_CLOSED = (RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED)
_CLOSED_CLASSES = ("08", "53", "57")
"""Classes of SQLSTATE: the connection is lost, resources are short, an operator or a crash stops the server."""

Answered = TypeVar("Answered")


async def patiently(act: Callable[[], Awaitable[Answered]]) -> Answered:
    """The answer to an act, repeated as it is while a server is away: what arrived already is not done twice.

    Raises:
        Exception: what the act raises for any other reason, or after `PATIENCE`.
    """
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return await act()
        except Exception as fault:
            if not away(fault) or time.monotonic() > until:
                raise
        await asyncio.sleep(COME_BACK)


def away(fault: BaseException | None) -> bool:
    """Whether this only says that PostgreSQL, Temporal or the worker is away now."""
    if isinstance(fault, Refusal):
        return fault.code == "NoAnswerYet"
    if isinstance(fault, RPCError):
        return fault.status in _CLOSED
    if isinstance(fault, DBAPIError):
        return fault.connection_invalidated or away(fault.orig.__cause__ if fault.orig else None)
    if isinstance(fault, asyncpg.PostgresError):
        return (fault.sqlstate or "")[:2] in _CLOSED_CLASSES
    lost = (OSError, PoolTimeout, *LOST)
    return isinstance(fault, lost) and not isinstance(fault, FileNotFoundError)
