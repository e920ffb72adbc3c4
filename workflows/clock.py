"""A dossier's own time: one next wake-up, days in Brussels, and waits that always end."""

import asyncio
from collections.abc import Callable
from datetime import date, datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.messages.dossier import DossierState
    from schemes.calendar import local_date, start_of_day


OFFICE_OPENS = timedelta(hours=8)


def morning(day: date) -> datetime:
    """When reminders of a day go out: at eight, not at midnight."""
    return start_of_day(day) + OFFICE_OPENS


class Clock:
    """Time only from `workflow.now()`; in a rehearsal shifted by what the rehearsal says."""

    def __init__(self, state: DossierState) -> None:
        self.state = state
        if state.rehearsed and not state.sequence:
            state.clock_shift = state.received_at - workflow.now()
        self._alarm: asyncio.Task[None] | None = None
        self._alarm_at: datetime | None = None
        self._wakes_at: datetime | None = None
        self._rests = 0
        self._resting = False
        self.ended = False

    def now(self) -> datetime:
        """The dossier's own moment, in UTC."""
        return workflow.now() + self.state.clock_shift

    def today(self) -> date:
        """The dossier's own day, in Brussels."""
        return local_date(self.now())

    async def wake(self, woken: Callable[[], bool], until: datetime | None) -> None:
        """Wait until something happens or the moment comes; may return early, so ask again."""
        self._wakes_at = until
        self._rests += 1
        if until is not None:
            self._arm(until)
        rung = self._alarm_at
        self._resting = True
        await workflow.wait_condition(lambda: woken() or self._over(until) or (rung is not None and self._rung()))
        self._resting = False

    async def rested(self) -> datetime | None:
        """After the clock moved: wait until the dossier did what had become due; when it wakes by itself next."""
        rests = self._rests
        if self._over(self._wakes_at):
            await workflow.wait_condition(lambda: self._rests > rests or self.ended)
        await workflow.wait_condition(lambda: self._resting or self.ended)
        return None if self.ended else self._wakes_at

    def _over(self, until: datetime | None) -> bool:
        return until is not None and self.now() >= until

    def _rung(self) -> bool:
        return self._alarm_at is None or workflow.now() >= self._alarm_at

    def _arm(self, until: datetime) -> None:
        """Keep one timer for the whole dossier: one that rings earlier is left, and armed anew when it has rung.

        A step that ends before its deadline so costs no timer events of its own.
        """
        due = until - self.state.clock_shift
        if self._alarm is not None and not self._rung() and self._alarm_at is not None and self._alarm_at <= due:
            return
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm_at = due
        delay = max((due - workflow.now()).total_seconds(), 0.0)
        self._alarm = asyncio.create_task(asyncio.sleep(delay))
