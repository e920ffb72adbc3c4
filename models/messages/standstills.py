"""When guidance began, and when a new job held it up, by the events of one journal, or of several one after the other.

A clock that stops or goes on names no day: it is in the reports. Guidance stands still since the oldest new job that
was not followed yet, until a loss; told again meanwhile, a new job may have moved its first day (story 5). When it goes
on the clock tells its days, and they decide: the first day lies as many before the loss.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

STARTED, CORRECTED, TAKEN_OVER = "guidance_started", "facts_corrected", "taken_over"
NEW_JOB, JOB_LOST = "new_job", "job_lost"
FACTS = (STARTED, CORRECTED, TAKEN_OVER, NEW_JOB, JOB_LOST)
"""The reports it needs, beside `clock_stopped` and `clock_resumed`."""
_ONE_DAY = timedelta(days=1)
Days = tuple[date, date | None]


class Standstills:
    """What was told so far. `started_on`: the first day of the guidance, as it was put right last."""

    def __init__(self) -> None:
        self.started_on: date | None = None
        self._heard: list[tuple[str, date]] = []
        self._since: date | None = None
        self._over: list[tuple[date, date]] = []
        self._taken_over_at: datetime | None = None
        self._knew = False

    @property
    def held(self) -> tuple[Days, ...]:
        """First and last day, local and both included, of each new job that held it up; None: it still does."""
        return (*self._over, *([(self._moved(self._since), None)] if self._since else []))

    @property
    def over(self) -> tuple[tuple[date, date], ...]:
        """Those that are over."""
        return tuple(self._over)

    def take(self, kind: str, at: datetime, data: Mapping[str, Any]) -> None:
        """The next event, with its moment."""
        match kind:
            case "clock_stopped" if data["because"] == NEW_JOB:
                self._stop()
            case "clock_resumed" if self._since is not None:
                self._resume(self._since, data["days"])
            case "reported":
                self._reported(at, data)

    def _reported(self, at: datetime, data: Mapping[str, Any]) -> None:
        fact = data["fact"]
        if fact == TAKEN_OVER:
            self._taken_over_at, self._knew = at, bool(self.started_on or self._heard or self._over)
        elif fact == STARTED:
            self.started_on = date.fromisoformat(data["on"])
        elif fact == CORRECTED:
            self.started_on = self.started_on and (start_put_right(data) or self.started_on)
        elif fact in (NEW_JOB, JOB_LOST) and not (self._knew and at == self._taken_over_at):
            on = date.fromisoformat(data["on"])
            self._heard.append((fact, on))
            if at == self._taken_over_at:
                self._follow(fact, on)

    def _stop(self) -> None:
        jobs = [on for fact, on in self._heard if fact == NEW_JOB]
        self._since = self._from(jobs[0]) if jobs else None

    def _from(self, began_on: date) -> date:
        """A job of before the guidance holds it up from its first day."""
        return max(began_on, self.started_on or began_on)

    def _moved(self, since: date) -> date:
        """Since when it stands still, by the new job that was told last."""
        jobs = [on for fact, on in self._heard if fact == NEW_JOB]
        return self._from(jobs[-1]) if jobs else since

    def _resume(self, since: date, days: int) -> None:
        """What was told until the loss is dealt with."""
        place = self._lost(since, timedelta(days=days))
        lost_on = since + timedelta(days=days) if place is None else self._heard[place][1]
        first = lost_on - timedelta(days=days)
        self._over.append((first, max(lost_on - _ONE_DAY, first)))
        self._heard = [] if place is None else self._heard[place + 1 :]
        self._since = None

    def _lost(self, since: date, days: timedelta) -> int | None:
        """Where the loss stands that was followed: so many days after a job that was told before, else the last one."""
        known, last = {since}, None
        for place, (fact, on) in enumerate(self._heard):
            if fact == NEW_JOB:
                known.add(self._from(on))
            elif on - days in known:
                return place
            else:
                last = place
        return last

    def _follow(self, fact: str, on: date) -> None:
        """Said again by a dossier that goes on, where the clock is not: it stood still from each job to its loss.

        Of several journals that were read here, the clock of the one before is known, and nothing is followed twice.
        """
        if fact == NEW_JOB and self._since is None:
            self._stop()
        elif fact == JOB_LOST and self._since is not None:
            self._resume(self._since, (on - self._moved(self._since)).days)


def start_put_right(data: Mapping[str, Any]) -> date | None:
    """The first day of the guidance in a correction; None in one of other facts, and in any other report."""
    text = data["values"].get("started_on") if data.get("fact") == CORRECTED else None
    return date.fromisoformat(text.strip()) if text else None
