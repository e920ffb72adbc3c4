"""Deadlines with their derivation: terms, clock stops, extensions and working days (users.md 30 and 31).

The day of the event does not count, the last day counts entirely. A suspended day is given back, once, however many
suspensions cover it; while the clock stands still there is no last day.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from pydantic import model_validator

from models.messages.message import Message
from schemes import derivations
from schemes.calendar import ONE_DAY, end_of_day, is_over, is_working_day
from schemes.terms import Term, Unit, add_months

__all__ = ["ClockError", "Deadline", "Extension", "Suspension", "Term", "Unit", "add_months"]


class ClockError(ValueError):
    """The clock cannot do what is asked: it stands still, or it already runs."""


class Suspension(Message):
    """The clock stands still from `start` up to and including `end`; without an end it has not resumed yet."""

    start: date
    end: date | None = None

    @model_validator(mode="after")
    def _ends_after_start(self) -> Self:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"a suspension from {self.start} cannot end on {self.end}")
        return self

    def covers(self, day: date) -> bool:
        """Whether the clock stands still on that day."""
        return self.start <= day and (self.end is None or day <= self.end)


class Extension(Message):
    """More time: `by` a term after the last day, or `to` a date that was given on `granted_on`.

    Suspended days up to `granted_on` are in the date that was given; later ones move it. A date that is earlier than
    the last day already reached changes nothing: an extension never takes time away.
    """

    by: Term | None = None
    to: date | None = None
    granted_on: date | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.by is None) == (self.to is None):
            raise ValueError("an extension is either by a term or to a date")
        if (self.to is None) != (self.granted_on is None):
            raise ValueError("an extension to a date, and only that, tells on which day it was granted")
        if self.by is not None and self.by.amount <= 0:
            raise ValueError("an extension gives time")
        if self.to is not None and self.granted_on is not None and self.to < self.granted_on:
            raise ValueError("an extension to a date ends on or after the day it was granted")
        return self


@dataclass(frozen=True)
class _Run:
    """How far the clock got: the last day, or the day since which it stands still."""

    day: date
    stopped: bool = False
    suspended: int = 0


class Deadline(Message):
    """A term from a day, with everything that happened to its clock. All answers are computed from these four."""

    start: date
    term: Term
    suspensions: tuple[Suspension, ...] = ()
    extensions: tuple[Extension, ...] = ()

    @model_validator(mode="after")
    def _counting_back_has_no_clock(self) -> Self:
        if self.term.amount < 0 and (self.suspensions or self.extensions):
            raise ValueError("a term that counts back from a day cannot be suspended or extended")
        return self

    @property
    def last_day(self) -> date:
        """The last day, which counts entirely. Raises ClockError while the clock stands still."""
        run = self._run()
        if run.stopped:
            raise ClockError(f"the clock stands still since {run.day}")
        return run.day

    @property
    def stopped_since(self) -> date | None:
        """The day since which the clock stands still with no end in sight; None while it runs."""
        run = self._run()
        return run.day if run.stopped else None

    @property
    def ends_at(self) -> datetime | None:
        """The first instant after the last day, in UTC, to arm a timer with; None while the clock stands still."""
        run = self._run()
        return None if run.stopped else end_of_day(run.day)

    @property
    def suspended_days(self) -> int:
        """Days given back so far: working days when the term counts working days, else calendar days."""
        return self._run().suspended

    def is_over(self, now: datetime) -> bool:
        """Whether the last day is past at an aware moment; never while the clock stands still."""
        run = self._run()
        return not run.stopped and is_over(run.day, now)

    def stop(self, on: date) -> Self:
        """Stop the clock; `on` is the first day that does not count. Raises ClockError when it already stands still."""
        if any(held.end is None for held in self.suspensions):
            raise ClockError("the clock already stands still")
        return self._with(suspensions=(*self.suspensions, Suspension(start=on)))

    def resume(self, on: date) -> Self:
        """Let the clock run again; `on` counts again. Raises ClockError when it runs, or stopped after `on`."""
        held = [suspension for suspension in self.suspensions if suspension.end is None]
        if not held:
            raise ClockError("the clock already runs")
        if any(on < suspension.start for suspension in held):
            raise ClockError(f"the clock cannot resume on {on}, before it stopped")
        kept = tuple(suspension for suspension in self.suspensions if suspension.end is not None)
        closed = tuple(Suspension(start=each.start, end=on - ONE_DAY) for each in held if each.start < on)
        return self._with(suspensions=(*kept, *closed))

    def extend(self, by: Term) -> Self:
        """Give another term on top."""
        return self._with(extensions=(*self.extensions, Extension(by=by)))

    def extend_to(self, day: date, granted_on: date) -> Self:
        """Give time up to and including a day."""
        return self._with(extensions=(*self.extensions, Extension(to=day, granted_on=granted_on)))

    def reminder(self, before: Term) -> date:
        """The day that lies a term before the last day, such as "14 days" of a policy; the sign does not matter.

        Raises ClockError while the clock stands still.
        """
        return before.model_copy(update={"amount": -abs(before.amount)}).after(self.last_day)

    def derivation(self, language: str = "nl") -> str:
        """Where the last day comes from, in one line of Dutch, French or English (other languages get Dutch)."""
        run = self._run()
        settled = self._settled()
        moves = derivations.Moves(
            suspended=run.suspended,
            stopped_since=run.day if run.stopped else None,
            longer=tuple(longer for each in self.extensions if (longer := each.by or each.to) is not None),
            moved_off=settled.day if not run.stopped and settled.day != run.day else None,
        )
        return derivations.derivation(self.start, self.term, moves, language)

    def _with(self, **changed: object) -> Self:
        """A copy with other suspensions or extensions, validated again."""
        return self.model_validate({**dict(self), **changed})

    def _run(self) -> _Run:
        """Settle the clock, then move the last day off weekends and holidays where a term asks it."""
        run = self._settled()
        if run.stopped or not self._ends_on_working_day():
            return run
        if self.term.amount < 0:
            return _Run(self.term.after(self.start))
        day = run.day
        while not is_working_day(day) or self._held(day):
            day += ONE_DAY
            if since := self._open_since(day):
                return _Run(since, stopped=True, suspended=run.suspended)
        return _Run(day, suspended=run.suspended)

    def _settled(self) -> _Run:
        """The last day before any move to a working day.

        Terms are added first and suspended days given back once for their sum: giving them back term by term could
        bring a deadline nearer when a month of 31 days follows one of 28.
        """
        natural = self.term.unshifted(self.start)
        for extension in self.extensions:
            if extension.by is not None:
                natural = extension.by.unshifted(natural)
        counts = is_working_day if self.term.unit == "working_days" else _every_day
        run = self._given_back(self.start, natural, counts)
        for extension in self.extensions:
            if run.stopped:
                break
            if extension.to is not None and extension.granted_on is not None:
                given = self._given_back(extension.granted_on, extension.to, counts)
                run = max(run, given, key=lambda each: (each.stopped, each.day))
        return run

    def _given_back(self, start: date, natural: date, counts: Callable[[date], bool]) -> _Run:
        """Walk on from the natural last day until every suspended day after `start` has been given back."""
        if not self.suspensions:  # most clocks never stop, and figures ask thousands of them
            return _Run(natural)
        first = max(start + ONE_DAY, min(held.start for held in self.suspensions))
        span = [first + ONE_DAY * step for step in range((natural - first).days + 1)]
        lost = [day for day in span if counts(day) and self._held(day)]
        owed, day = len(lost), natural
        while owed and self._open_since(day) is None:
            day += ONE_DAY
            if counts(day):
                if self._held(day):
                    lost.append(day)
                else:
                    owed -= 1
        if since := self._open_since(day):
            return _Run(since, stopped=True, suspended=sum(each < since for each in lost))
        return _Run(day, suspended=len(lost))

    def _ends_on_working_day(self) -> bool:
        return self.term.ends_on_working_day or any(
            extension.by is not None and extension.by.ends_on_working_day for extension in self.extensions
        )

    def _held(self, day: date) -> bool:
        return any(suspension.covers(day) for suspension in self.suspensions)

    def _open_since(self, day: date) -> date | None:
        """Since when the clock stands still without an end, seen from a day it had to reach."""
        opened = [held.start for held in self.suspensions if held.end is None and held.start <= day]
        return min(opened, default=None)


def _every_day(_: date) -> bool:
    return True
