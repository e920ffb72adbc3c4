"""The guidance itself: phases of the law, a new job and its loss, an early end, and what the parent dossier hears."""

import contextlib
from datetime import date
from functools import partial

from temporalio import workflow
from temporalio.exceptions import FailureError

with workflow.unsafe.imports_passed_through():
    from models.messages.commands import Actor, ReportFact
    from models.messages.events import Reported
    from models.messages.words import Party
    from schemes.calendar import ONE_DAY
    from schemes.follow_up import moment_of_phase
    from schemes.outplacement_amounts import support_case
    from schemes.outplacement_terms import Phase
    from workflows.journal import refusal
    from workflows.new_job import COURSE, NewJob

HAPPENED = (*COURSE, "default_notice")  # that somebody is gone is never turned away


class Guidance(NewJob):
    """What every phase of the guidance does."""

    def may_hear(self, command: ReportFact) -> None:
        """Such a thing has happened; only another trajectory tells a day of its own calendar."""
        super().may_hear(command)
        if command.fact in HAPPENED and command.on > self.today() and "trajectory" not in command.values:
            raise refusal("DayToCome", f"Deze dag moet nog komen: {command.on:%d/%m/%Y}. Kijk de datum na.")

    async def guide(self, number: int) -> None:
        """Wait for the end of a phase, follow what happens meanwhile, then ask the hours and how it goes.

        A phase that the regime does not know, or that comes after the end, passes at once.
        """
        if self._phase(number) is None:
            return
        if since := self.state.notes.get("working_since"):  # the story goes on after it had stopped
            await self._work(date.fromisoformat(since))
        while phase := self._phase(number):
            day, seen = phase.deadline.last_day + ONE_DAY, self.corrections
            woken = partial(self._news_or_moved, seen)
            if not await self.wait_until(day, "guidance", "asks_hours", unless=woken):
                break
            if self._has_news():
                await self._follow(self._news())
        if number > len(self.phases) and "ended_on" not in self.state.notes:
            return
        if f"hours_{number}" not in self.state.notes:
            await self.ask_hours(number)
        if self._phase(number + 1):
            await self.status_at(moment_of_phase(number))

    async def tell_parent(self, fact: str) -> None:
        """Tell the employer's dossier; one that is closed or does not listen finds out by looking."""
        if self.state.parent is None:
            return
        by = Actor(person=self.state.number, party=Party.SYSTEM)
        report = ReportFact(fact=fact, on=self.today(), by=by, values={"trajectory": self.state.number})
        with contextlib.suppress(FailureError):
            await workflow.get_external_workflow_handle(self.state.parent).signal("fact_reported", report)

    def say(self, fact: str, on: date) -> None:
        """Note a turn of the guidance for the employer's dossier, with who pays it."""
        case = support_case(self.chosen, self.dismissal, "209" if self.facts.status == "employee" else "111")
        self.note(Reported(fact=fact, on=on, values={"case": case}))

    def _phase(self, number: int) -> Phase | None:
        """A phase that is still to be followed."""
        found = [phase for phase in self.phases if phase.number == number]
        return found[0] if found and "ended_on" not in self.state.notes else None
