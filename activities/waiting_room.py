"""Messages to participants wait here for their turn: an allowed hour, one a day, and a crowd in order.

Messages of real dossiers wait in `not_before`. Rehearsed ones never wait: they leave at once, and `left_at` is the
moment at which they would have left in their own time.
"""

import datetime as dt
import math
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
import structlog

from activities.carriers import Addressee
from schemes.calendar import BRUSSELS, local_date, next_working_day
from schemes.reaching import Turns, is_allowed, next_allowed, pace

log = structlog.get_logger("post_room")
LATE = timedelta(hours=1)
"""A message this long after its moment was held up: by the post room, the worker or a server that was away."""
SETTLES = timedelta(minutes=10)
"""So long after a silence what is planned counts as held up too: dossiers wake and say what they could not say."""
REHEARSED_AT = dt.time(10)
"""When a message of a rehearsed dossier leaves on its day, unless the clock of the house stands elsewhere."""
COUNTED = "('planned', 'claimed', 'sending', 'sent', 'unknown', 'to_print', 'posted')"

_TAKEN = f"""
    SELECT person, leaves_on, effect, planned_at, state IN ('planned', 'claimed') AS waits FROM effect
    WHERE person = ANY($1::varchar[]) AND state IN {COUNTED} AND (leaves_on >= $2 OR state IN ('planned', 'claimed'))
"""
_LAST = f"""
    SELECT leaves_on, max(left_at) AS last FROM effect
    WHERE person IS NOT NULL AND leaves_on >= $1 AND channel IS DISTINCT FROM 'letter' AND state IN {COUNTED}
    GROUP BY leaves_on
"""
_PLAN_AGAIN = """
    UPDATE effect SET state = 'planned', claimed_by = NULL, not_before = wait.not_before, person = wait.person,
        leaves_on = wait.leaves_on, left_at = wait.left_at
    FROM unnest($1::varchar[], $2::int[], $3::timestamptz[], $4::varchar[], $5::date[], $6::timestamptz[])
        AS wait (effect, attempts, not_before, person, leaves_on, left_at)
    WHERE effect.effect = wait.effect AND effect.attempts = wait.attempts AND state = 'claimed' AND claimed_by = $7
"""
_SILENCE = "SELECT (SELECT moment FROM post_room_look) AS looked, (SELECT moment FROM house_clock) AS clock"
_LOOKED = """
    INSERT INTO post_room_look (one, moment) SELECT true, coalesce((SELECT moment FROM house_clock), $1)
    ON CONFLICT (one) DO UPDATE SET moment = EXCLUDED.moment
    WHERE post_room_look.moment NOT BETWEEN EXCLUDED.moment - interval '1 minute' AND EXCLUDED.moment
"""

Waiting = tuple[dict[str, Any], Addressee]
"""A message to a participant in hand."""
Order = tuple[datetime, str]
Taken = defaultdict[str | None, list[tuple[date, Order | None]]]
"""By person, the days with a message, each with its place in the order while it waits still."""


@dataclass
class Backlog:
    """What was due while nobody sent."""

    count: int = 0
    since: datetime | None = None
    until: datetime | None = None

    def add(self, since: datetime, until: datetime) -> None:
        """One more message, due since one moment and leaving at the other."""
        self.count += 1
        self.since = min(since, self.since or since)
        self.until = max(until, self.until or until)


class WaitingRoom:
    """Gives each message its moment."""

    def __init__(self, pool: asyncpg.Pool, sender_id: str, per_minute: int, now: Callable[[], datetime]) -> None:
        self._pool = pool
        self._sender_id = sender_id
        self._gap = pace(per_minute)
        self._now = now
        self._silence: tuple[datetime, datetime] | None = None
        """Since when nobody looked, and until when what is planned follows from that."""
        self._backlog = Backlog()
        self._looked = -math.inf

    async def open(self) -> None:
        """Hear since when nobody looked at what is planned."""
        row = await self._pool.fetchrow(_SILENCE)
        looked, now = row["looked"], row["clock"] or self._now()
        self._silence = (looked, now + SETTLES) if looked is not None and now - looked > LATE else None

    async def look(self) -> None:
        """Keep that the post room is open; once a second is enough."""
        if time.monotonic() - self._looked > 1:
            await self._pool.execute(_LOOKED, self._now())
            self._looked = time.monotonic()

    def tell(self) -> None:
        """Nothing more is due: say what was caught up with."""
        if self._backlog.count:
            told, self._backlog = self._backlog, Backlog()
            log.info("backlog_spread", count=told.count, since=str(told.since), until=str(told.until))

    def is_late(self, effect: Mapping[str, Any], to: Addressee) -> bool:
        """Whether its moment passed long ago; in a rehearsal, whether its day is over."""
        if _lives_apart(to):
            return False
        if to.clock is not None:
            return (effect["leaves_on"] or next_working_day(effect["dated"])) < local_date(to.clock)
        return self._now() - _wanted(effect, to) > LATE

    async def hold(self, waiting: list[Waiting], pause: timedelta) -> None:
        """Put them back: they cannot leave at this moment, and it is kept when they should have."""
        for effect, to in waiting:
            if effect["left_at"] is None:
                wanted = _wanted(effect, to)
                effect |= {"person": to.person, "leaves_on": local_date(wanted), "left_at": wanted}
        await self._plan_again(waiting, [self._now() + pause] * len(waiting))

    async def ready(self, waiting: list[Waiting], most: int) -> list[Waiting]:
        """Those that may leave now, `most` at most; the others are planned for their moment. In order of planning."""
        waiting = sorted(waiting, key=_order)
        await self._give_turns(waiting)
        now = self._now()
        ready = [one for one in waiting if one[1].rehearsed or one[0]["left_at"] <= now][:most]
        kept = {effect["effect"] for effect, _ in ready}
        left = [one for one in waiting if one[0]["effect"] not in kept]
        moments = [
            now + timedelta(microseconds=place - len(left)) if to.rehearsed else max(effect["left_at"], now)
            for place, (effect, to) in enumerate(left)
        ]
        await self._plan_again(left, moments)
        return ready

    def _has_turn(self, effect: Mapping[str, Any], to: Addressee) -> bool:
        """Whether the moment it was given holds: a rehearsed one never waits for it, a real one may be too late."""
        turn = effect["left_at"]
        if turn is None or _lives_apart(to):
            return turn is not None
        if to.clock is not None:
            return bool(effect["leaves_on"] >= local_date(to.clock))
        now = self._now()
        today = effect["leaves_on"] == local_date(now)
        return today and is_allowed(now, to.channel) and turn <= now <= turn + LATE

    async def _give_turns(self, waiting: list[Waiting]) -> None:
        """Who has a turn keeps it, unless it has passed or something planned before for the same person waits still."""
        taken = await self._taken(waiting)
        fresh = [one for one in waiting if not self._has_turn(*one) or _gives_way(one, taken[one[1].person])]
        anew = {effect["effect"] for effect, _ in fresh}
        one_by_one, apart = await self._lasts(fresh), Turns()
        for effect, to in waiting:
            assert to.person is not None
            turns = apart if _lives_apart(to) else one_by_one
            if effect["effect"] not in anew:
                turns.take(to.person, effect["leaves_on"])
                continue
            own = self._own(effect, to)
            days = {
                max(day, local_date(own)) if before else day
                for day, before in taken[to.person]
                if before is None or before < _order((effect, to))
            }
            turn = turns.give(to.person, own, to.channel, days)
            self._count(effect, to, turn)
            effect |= {"person": to.person, "leaves_on": local_date(turn), "left_at": turn}

    def _count(self, effect: Mapping[str, Any], to: Addressee, turn: datetime) -> None:
        """Note what was held up."""
        if self.is_late(effect, to):
            self._backlog.add(_wanted(effect, to), turn)
        elif self._silence is not None and self._own(effect, to) <= self._silence[1]:
            self._backlog.add(self._silence[0], turn)

    async def _taken(self, waiting: list[Waiting]) -> Taken:
        """The days people have a message; of one that waits still, with its place in the order."""
        since = min(local_date(self._own(*one)) for one in waiting)
        people = sorted({to.person for _, to in waiting if to.person})
        mine = {effect["effect"] for effect, _ in waiting}
        taken: Taken = defaultdict(list)
        for row in await self._pool.fetch(_TAKEN, people, since):
            if row["effect"] not in mine:
                order = (row["planned_at"], row["effect"]) if row["waits"] else None
                taken[row["person"]].append((row["leaves_on"], order))
        return taken

    async def _lasts(self, fresh: list[Waiting]) -> Turns:
        """Those that leave one by one go after whoever was given a moment before."""
        paced = [one for one in fresh if not _lives_apart(one[1])]
        if not paced:
            return Turns(gap=self._gap)
        since = min(local_date(self._own(*one)) for one in paced)
        rows = await self._pool.fetch(_LAST, since)
        return Turns({row["leaves_on"]: row["last"] for row in rows}, self._gap)

    def _own(self, effect: Mapping[str, Any], to: Addressee) -> datetime:
        """The moment it is for this message."""
        if not to.rehearsed:
            return self._now()
        planned = _rehearsed_at(effect)
        if to.clock is None or local_date(to.clock) < effect["dated"]:
            return planned
        return min(to.clock, planned) if local_date(to.clock) == effect["dated"] else to.clock

    async def _plan_again(self, waiting: list[Waiting], moments: list[datetime]) -> None:
        if waiting:
            effects = [effect for effect, _ in waiting]
            told = [[effect[name] for effect in effects] for name in ("person", "leaves_on", "left_at")]
            numbers = [effect["attempts"] for effect in effects]
            names = [effect["effect"] for effect in effects]
            await self._pool.execute(_PLAN_AGAIN, names, numbers, moments, *told, self._sender_id)


def _order(one: Waiting) -> Order:
    effect, _ = one
    return effect["planned_at"], effect["effect"]


def _gives_way(one: Waiting, taken: list[tuple[date, Order | None]]) -> bool:
    """Whether something that was planned before for the same person waits still, up to the same day."""
    effect, to = one
    if _lives_apart(to) or effect["leaves_on"] is None:
        return False
    return any(before is not None and before < _order(one) and day <= effect["leaves_on"] for day, before in taken)


def _lives_apart(to: Addressee) -> bool:
    """A rehearsed dossier has a year of its own, unless one clock stands for all of them."""
    return to.rehearsed and to.clock is None


def _wanted(effect: Mapping[str, Any], to: Addressee) -> datetime:
    """When it should have left."""
    planned = _rehearsed_at(effect) if to.rehearsed else effect["not_before"]
    return next_allowed(effect["left_at"] or planned, to.channel)


def _rehearsed_at(effect: Mapping[str, Any]) -> datetime:
    return datetime.combine(effect["dated"], REHEARSED_AT, BRUSSELS).astimezone(UTC)
