"""When a message may reach a person, by which way, and how many wait for their turn. Pure.

The hours are the house's own promise to people (docs/reaching.md): mails and text messages on working days from nine
until seven in the evening in Brussels, a letter on any working day, one message to one person on one day.
"""

import hashlib
from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from schemes.calendar import BRUSSELS, ONE_DAY, is_working_day, local_date, next_working_day, start_of_day

OPENS, CLOSES = time(9), time(19)
"""Between these hours a telephone may make a sound; seven itself is too late."""


class Channel(StrEnum):
    """A way to reach a person, in the order in which they are tried when nobody chose."""

    EMAIL = "email"
    SMS = "sms"
    LETTER = "letter"


def mark_of(effect: str, recipient: str | None = None) -> str:
    """By which others know a message of the ledger again: 32 hexadecimal digits that follow from its name.

    A mail server has it before the @ of the Message-ID; a provider of text messages as the reference, and there
    `recipient`, the digest of the number, makes it another message to another number.
    """
    name = effect if recipient is None else f"{effect}|{recipient}"
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def is_allowed(moment: datetime, channel: Channel) -> bool:
    """Whether a message may leave by this way at this moment. Raises ValueError for a moment without time zone."""
    if not is_working_day(local_date(moment)):
        return False
    return channel is Channel.LETTER or OPENS <= moment.astimezone(BRUSSELS).time() < CLOSES


def opening(day: date, channel: Channel) -> datetime:
    """The first moment on this day or after it at which a message may leave, in UTC."""
    day = next_working_day(day)
    return start_of_day(day) if channel is Channel.LETTER else _at(day, OPENS)


def next_allowed(moment: datetime, channel: Channel) -> datetime:
    """The moment itself when a message may leave then, else the first one after it."""
    if is_allowed(moment, channel):
        return moment
    first = opening(local_date(moment), channel)
    return first if first > moment else next_day(local_date(moment), channel)


def next_day(day: date, channel: Channel) -> datetime:
    """The first moment after this day at which a message may leave."""
    return opening(day + ONE_DAY, channel)


def pace(per_minute: int) -> timedelta:
    """The time between two messages when so many leave in a minute."""
    return timedelta(minutes=1) / per_minute


def ways(preferred: Channel | None, works: Collection[Channel]) -> tuple[Channel, ...]:
    """The ways that work, the preferred one first, then mail, text message and letter; empty when nobody is reached."""
    return tuple(sorted(works, key=lambda channel: (channel is not preferred, list(Channel).index(channel))))


class Turns:
    """Gives messages their moments: one person one message a day, and a crowd evenly in the order in which it is asked.

    `last` is the last moment that was given on a day before. Without `gap` nobody waits for somebody else, and the days
    of a person stand apart: rehearsed dossiers live each their own year.
    """

    def __init__(self, last: Mapping[date, datetime] | None = None, gap: timedelta | None = None) -> None:
        self._last = dict(last or {})
        self._gap = gap
        self._given: dict[str, set[date]] = {}

    def take(self, person: str, day: date) -> None:
        """This person has a message on this day."""
        self._given.setdefault(person, set()).add(day)

    def give(self, person: str, since: datetime, channel: Channel, taken: Collection[date] = ()) -> datetime:
        """The first moment from `since` on that is allowed, is this person's only one of its day, and not too soon
        after the one before it. `taken` are more days on which this person has a message that goes before this one.
        """
        mine = {*taken, *self._given.get(person, ())}
        moment = next_allowed(since, channel)
        if self._gap is not None and mine and max(mine) >= local_date(since):
            moment = next_day(max(mine), channel)
        while True:
            day = local_date(moment)
            if day not in mine:
                turn = self._after_the_last(moment, day, channel)
                if is_allowed(turn, channel):
                    break
            moment = next_day(day, channel)
        self.take(person, day)
        if channel is not Channel.LETTER:
            self._last[day] = max(turn, self._last.get(day, turn))
        return turn

    def _after_the_last(self, moment: datetime, day: date, channel: Channel) -> datetime:
        """Paper makes nobody wait, and waits for nobody."""
        if self._gap is None or day not in self._last or channel is Channel.LETTER:
            return moment
        return max(moment, self._last[day] + self._gap)


def _at(day: date, hour: time) -> datetime:
    """An hour of a local day, in UTC; no clock changes between nine and seven."""
    return datetime.combine(day, hour, BRUSSELS).astimezone(start_of_day(day).tzinfo)
