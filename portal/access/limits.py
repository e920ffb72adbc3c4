"""How often something may be tried: counted in PostgreSQL, so that all portals count together and a restart forgets
nothing."""

from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import case, delete
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from database import transaction
from models.tables import Attempts


class Limit(NamedTuple):
    """At most `times` within `within`, counted from the first."""

    what: str
    times: int
    within: timedelta


DOORS = Limit("door", 60, timedelta(minutes=10))
"""Sign-ins by a provider, from one place: an office shares one address."""
LINKS_ASKED = Limit("link_asked", 20, timedelta(hours=1))
"""Links asked for from one place."""
LINKS_MAILED = Limit("link_mailed", 4, timedelta(hours=1))
"""Links mailed to one address."""
LINKS_TRIED = Limit("link_tried", 30, timedelta(minutes=10))
"""Links opened from one place, right or wrong."""
LONGEST = timedelta(hours=1)
BELIEVED = 1.0
"""Seconds for which is believed that a place is over its limit, so that a flood does not reach PostgreSQL."""
_over: WeakKeyDictionary[AsyncEngine, dict[tuple[str, str], float]] = WeakKeyDictionary()


class TooOften(Exception):
    """Tried more often than is allowed; `first` is true for the one that went over, `after` is when it may again."""

    def __init__(self, limit: Limit, *, first: bool) -> None:
        super().__init__(limit.what)
        self.limit = limit
        self.first = first
        self.after = limit.within


async def count(engine: AsyncEngine, limit: Limit, source: str) -> None:
    """Count one more.

    Raises:
        TooOften: it is one too many.
    """
    over, told = _over.setdefault(engine, {}), (limit.what, source)
    if over.get(told, 0.0) > monotonic():
        raise TooOften(limit, first=False)
    times = await _counted(engine, limit, source)
    if times > limit.times:
        for place in [place for place, until in over.items() if until <= monotonic()]:
            del over[place]
        over[told] = monotonic() + BELIEVED
        raise TooOften(limit, first=times == limit.times + 1)


async def _counted(engine: AsyncEngine, limit: Limit, source: str) -> int:
    """How often it was tried, this time included."""
    now = datetime.now(UTC)
    fresh = col(Attempts.began_at) < now - limit.within
    counted = upsert(Attempts).values(what=limit.what, source=source, began_at=now, times=1)
    counted = counted.on_conflict_do_update(
        index_elements=["what", "source"],
        set_={
            "times": case((fresh, 1), else_=col(Attempts.times) + 1),
            "began_at": case((fresh, now), else_=col(Attempts.began_at)),
        },
    )
    async with transaction(engine) as connection:
        return int((await connection.execute(counted.returning(col(Attempts.times)))).scalar_one())


async def forget(engine: AsyncEngine) -> None:
    """Throw away what no limit counts any more."""
    async with transaction(engine) as connection:
        await connection.execute(delete(Attempts).where(col(Attempts.began_at) < datetime.now(UTC) - LONGEST))
