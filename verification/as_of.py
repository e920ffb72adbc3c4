"""A dossier as it stood at the end of a day: the events up to then, folded as `rebuild` folds them all."""

from datetime import date, datetime
from itertools import takewhile
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from models.messages.message import Message
from schemes.calendar import end_of_day
from verification.findings import Fault
from verification.journal import Journal, ReadEvent
from verification.stored import Rows, Stored, read

COMPARED = (
    *("phase", "waiting_on", "waiting_for", "waiting_since", "waiting_until", "otherwise"),
    *("asked", "granted", "paid", "recovered", "outcome", "reason", "closed_at"),
)
"""Columns of a dossier of which a reader wants to know whether they changed."""


class AsOf:
    """The rows of one dossier after its first events. `faults` says what is wrong with those events."""

    def __init__(self, stored: Stored, until: datetime | None) -> None:
        self.number = stored.number
        self.total = len(stored.events)
        seen = [*takewhile(lambda event: until is None or event.at < until, stored.events)]
        self._journal = Journal(Stored(stored.number, events=seen))
        self.events: list[ReadEvent] = self._journal.events
        self.faults: list[Fault] = self._journal.faults

    @property
    def opened(self) -> bool:
        """Whether the dossier stood at all."""
        return bool(self.events)

    @property
    def tables(self) -> dict[str, Rows]:
        """The rows by table and key; none before the dossier opened."""
        return self._journal.rows if self.opened else {}

    @property
    def dossier(self) -> dict[str, Any]:
        """The dossier's own row; empty before it opened."""
        return self.tables.get("dossier", {}).get((self.number,), {})

    @property
    def waits(self) -> list[dict[str, Any]]:
        """The tasks and questions that were open, the nearest last day first."""
        tasks = [
            {"on": row["role"], "what": row["step"], "since": row["opened_at"], "until": row["due"]}
            | {"otherwise": row["silence"], "derivation": row["derivation"]}
            for row in self.tables.get("task", {}).values()
            if row["state"] in ("open", "held")
        ]
        asked = [
            {"on": row["party"], "what": row["code"], "since": row["opened_at"], "until": row["until"]}
            | {"otherwise": row["silence"], "derivation": row["derivation"]}
            for row in self.tables.get("request", {}).values()
            if row["state"] == "open"
        ]
        return sorted([*tasks, *asked], key=lambda wait: (wait["until"], wait["what"]))


class Difference(Message):
    """A value that changed between two days; None where there was none."""

    column: str
    then: Any
    now: Any


async def as_of(connection: AsyncConnection, number: str, day: date | None = None) -> AsOf | None:
    """A dossier at the end of a local day of its own clock, or as it stands now; None when no event may be seen."""
    (stored,) = await read(connection, [number])
    if not stored.events:
        return None
    return AsOf(stored, None if day is None else end_of_day(day))


def differences(then: AsOf, now: AsOf) -> tuple[Difference, ...]:
    """What of the dossier itself changed between the two."""
    before, after = then.dossier, now.dossier
    return tuple(
        Difference(column=column, then=before.get(column), now=after.get(column))
        for column in COMPARED
        if before.get(column) != after.get(column)
    )
