"""A new job during the guidance, which stands still meanwhile; its loss, and an early end of the guidance."""

from datetime import date
from functools import partial

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.messages.commands import ReportFact
    from models.messages.dossier import ClosedPeriod
    from models.messages.events import ClockResumed, ClockStopped
    from schemes.calendar import ONE_DAY
    from schemes.follow_up import return_until
    from schemes.outplacement_terms import resumption_window
    from workflows.asked_hours import AskedHours
    from workflows.standing import DATES_MOVE, TO_THE_WORD

EARLY_END = ("stopped", "finished")
COURSE = ("new_job", "job_lost", *EARLY_END)


class NewJob(AskedHours):
    """Follows what is told of the course of the guidance."""

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
        began_on = date.fromisoformat(self.state.notes.pop("working_since", str(began_on)))
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
            if news.fact == "new_job" and self.state.story >= TO_THE_WORD:
                began_on = max(news.on, self.started_on)
                self.state.notes["working_since"] = str(began_on)
            elif news.fact == "job_lost" and self._in_time(began_on, news):
                self._resume_guidance(began_on, news.on)
                return True
        return False

    def _in_time(self, began_on: date, lost: ReportFact) -> bool:
        """Whether the loss was told while the guidance may still resume, however late the story comes to it."""
        window = resumption_window(self.chosen, began_on, lost.on)
        told_on = self.state.notes.get(f"lost_told/{lost.on}")
        if window is None or told_on is None:
            return window is not None and not window.is_over(self.now())
        return date.fromisoformat(told_on) <= window.last_day

    def _heard(self, command: ReportFact) -> int:
        if command.fact == "job_lost" and self.state.story >= TO_THE_WORD:
            self.state.notes.setdefault(f"lost_told/{command.on}", str(self.today()))
        return super()._heard(command)

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
