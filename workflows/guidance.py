"""The guidance itself: phases of the law, a new job and its loss, an early end, and what the parent dossier hears."""

import contextlib
from datetime import date
from functools import partial

from temporalio import workflow
from temporalio.exceptions import FailureError

with workflow.unsafe.imports_passed_through():
    from models.messages.commands import Actor, ReportFact
    from models.messages.dossier import ClosedPeriod
    from models.messages.events import ClockResumed, ClockStopped, Reported
    from models.messages.words import Party
    from schemes.calendar import ONE_DAY
    from schemes.follow_up import moment_of_phase, return_until
    from schemes.outplacement_amounts import support_case
    from schemes.outplacement_terms import Phase, resumption_window
    from workflows.guided_hours import GuidedHours
    from workflows.journal import refusal
    from workflows.standing import DATES_MOVE

EARLY_END = ("stopped", "finished")
COURSE = ("new_job", "job_lost", *EARLY_END)
HAPPENED = (*COURSE, "default_notice")  # that somebody is gone is never turned away


class Guidance(GuidedHours):
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

    async def _follow(self, news: ReportFact) -> None:
        if news.fact == "new_job":
            await self._work(max(news.on, self.started_on))
        elif news.fact in EARLY_END:
            self._end(news)

    async def _work(self, began_on: date) -> None:
        """A new job suspends the guidance; lost within three months it goes on, else it ended with the job."""
        before = self.course()
        if return_until(self.chosen, began_on) is not None:
            if "working_since" not in self.state.notes:
                self.note(ClockStopped(because="new_job"))
            if self.state.story >= DATES_MOVE:
                self.state.notes["working_since"] = str(began_on)
            if await self._returned(began_on):
                return
        self.state.notes.pop("working_since", None)
        if "ended_on" not in self.state.notes:
            self.state.notes["ended_on"] = str(began_on)
            self.tell_moved("new_job", before)

    async def _returned(self, began_on: date) -> bool:
        while until := return_until(self.chosen, began_on):
            woken = partial(self._news_or_moved, self.corrections)
            if not await self.wait_until(until + ONE_DAY, "new_job", "guidance_ends", unless=woken):
                return False
            if not self._has_news():
                continue
            news = self._news()
            if news.fact in EARLY_END:
                self._end(news)
                return False
            window = resumption_window(self.chosen, began_on, news.on) if news.fact == "job_lost" else None
            if window is not None and not window.is_over(self.now()):
                self._resume_guidance(began_on, news.on)
                return True
        return False

    def _resume_guidance(self, began_on: date, lost_on: date) -> None:
        """The days of the job are given back to every phase that still runs."""
        before = self.course()
        self.state.notes.pop("working_since", None)
        self.state.suspensions.append(ClosedPeriod(start=began_on, end=max(lost_on - ONE_DAY, began_on)))
        self.note(ClockResumed(days=(lost_on - began_on).days))
        self.tell_moved("job_lost", before)

    def _end(self, news: ReportFact) -> None:
        before = self.course()
        self.state.notes["ended_on"] = str(max(news.on, self.started_on))
        if news.fact == "stopped":
            self.state.notes["stopped"] = news.values.get("reason", "stopped")
        self.tell_moved(news.fact, before)

    def _news_or_moved(self, seen: int) -> bool:
        return self._has_news() or self.put_right_since(seen)

    def _has_news(self) -> bool:
        return self._heard_of < len(self._course)

    def _news(self) -> ReportFact:
        """The oldest report about the course that was not followed yet."""
        news = self._course[self._heard_of]
        self.state.notes["heard_of"] = str(self._heard_of + 1)
        return news

    @property
    def _heard_of(self) -> int:
        return int(self.state.notes.get("heard_of", "0"))

    @property
    def _course(self) -> list[ReportFact]:
        return [report for report in self.state.reports if report.fact in COURSE]

    def _phase(self, number: int) -> Phase | None:
        """A phase that is still to be followed."""
        found = [phase for phase in self.phases if phase.number == number]
        return found[0] if found and "ended_on" not in self.state.notes else None
