"""The course of a dossier on one line of time: what happened, today, and what comes on which day."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import NamedTuple

from models.messages.words import Language, Party
from portal.following.tracker import track
from portal.language import marked as _
from portal.language import tongue
from portal.staff.told import TOLD, StaffTeller, told_hand
from portal.wording import Wording
from reading.staff_dossier import StaffDossier, Task
from reading.timeline import Entry
from reading.waiting import Wait
from schemes.calendar import local_date
from schemes.terms import Term

REMINDER = Term(amount=-2, unit="working_days")
"""As long before its last day a task is pressed (workflows/desk.py)."""


SORTS: Mapping[str, str] = {
    "beslissingen": _("Beslissingen"),
    "stukken": _("Vragen en stukken"),
    "mails": _("Mails en berichten"),
    "geld": _("Geld"),
    "termijnen": _("Termijnen"),
    "mensen": _("Mensen"),
}
"""What may be chosen to see, by the word in the address."""
_OF = {
    "beslissingen": "decided condition_settled reversal_proposed reversal_settled "
    "grant_changed task_answered task_reopened task_completed objection_filed handed_over "
    "withdrawn closed checked dossier_opened regime_chosen followed_up reported",
    "stukken": "request_opened request_answered request_lapsed request_cancelled answer_kept facts_corrected",
    "mails": "mail_planned mails_withdrawn message_written request_reminded",
    "geld": "budget_asked budget_heard instalment_planned payment_instructed payment_confirmed payment_returned "
    "recovery_ordered recovery_approved recovery_planned recovery_reminded recovery_received recovery_settled",
    "termijnen": "task_opened task_reminded task_escalated task_cancelled request_extended dates_moved clock_stopped "
    "clock_resumed clock_moved waited phase_entered moments_planned",
}
SORT_OF: Mapping[str, str] = {event: sort for sort, events in _OF.items() for event in events.split()}
"""The sort of every event; a test holds it against all of them."""
MARKS = {"beslissingen": "decision", "geld": "money"}
LATE = frozenset({"task_escalated", "request_lapsed", "payment_returned", "recovery_ordered"})


class Line(NamedTuple):
    """Something that happened; `by` is who did it when a person did."""

    at: datetime
    text: str
    sort: str
    mark: str
    by: str


class Coming(NamedTuple):
    """Something that comes: on a day, at a moment of a day, or later without a day."""

    day: date | None
    text: str
    at: datetime | None = None


def past(found: StaffDossier, language: Language, sort: str | None) -> tuple[Line, ...]:
    """What happened, the oldest first; of one sort when one is asked."""
    teller = StaffTeller(language, found.names)
    lines = [_line(teller, entry) for entry in found.timeline.entries]
    lines += [Line(hand.at, told_hand(teller, hand), "mensen", "", "") for hand in found.hands]
    return tuple(sorted((line for line in lines if sort in (None, line.sort)), key=lambda line: line.at))


def _line(teller: StaffTeller, entry: Entry) -> Line:
    sort = SORT_OF[entry.type]
    named = entry.by == "system" or entry.type in ("task_answered", "task_completed")
    mark = "late" if entry.type in LATE else MARKS.get(sort, "")
    return Line(entry.at, TOLD[entry.type](teller, entry.data), sort, mark, "" if named else teller.who(entry.by))


def coming(found: StaffDossier, language: Language, today: date) -> tuple[Coming, ...]:
    """What comes, by its day; what has no day yet stands last."""
    prospect = Prospect(language, today)
    tasks = {task.task: task for task in found.tasks}
    waits = found.timeline.waiting.waits
    known = [line for wait in waits for line in prospect.of(wait, tasks.get(wait.key or ""))]
    later = [prospect.later(step.code) for step in track(found.timeline.dossier) if step.state == "coming"]
    return (*sorted(known, key=lambda line: (line.day or date.max, line.text)), *later)


class Prospect:
    """Writes what comes, in one language."""

    def __init__(self, language: Language, today: date) -> None:
        self._say, self._words, self._today = tongue(language), Wording(language), today

    def of(self, wait: Wait, task: Task | None) -> Iterator[Coming]:
        """What may come of one thing that is waited for."""
        _ = self._say
        if wait.goes_out_at is not None:
            step = self._words.word(wait.what, "steps")
            yield Coming(
                local_date(wait.goes_out_at), _("Het antwoord gaat uit: %(step)s", step=step), wait.goes_out_at
            )
        elif task is not None:
            yield from self._of_task(task)
        elif wait.until is not None and wait.on == Party.CALENDAR:
            what = self._words.word(wait.what, "waits")
            yield Coming(wait.until, _("Klaar met wachten: %(what)s", what=what))
        elif wait.until is not None:
            values = {"whom": self._words.word(wait.on, "parties"), "what": self._words.word(wait.what, "questions")}
            last = _("Uiterste dag voor %(whom)s: %(what)s", **values)
            yield Coming(wait.until, f"{last}; {self.otherwise(wait.otherwise)}")

    def later(self, step: str) -> Coming:
        """A step that comes without a day."""
        _ = self._say
        return Coming(None, _("Daarna: %(step)s", step=self._words.word(step, "follow_steps")))

    def otherwise(self, silence: str | None) -> str:
        """What happens when nobody acts, as the end of a sentence."""
        _ = self._say
        return _("anders %(then)s", then=self.consequence(silence))

    def consequence(self, silence: str | None) -> str:
        """What happens when nobody acts."""
        _ = self._say
        if not silence:
            return _("gebeurt er niets vanzelf")
        if silence.startswith("escalates"):
            role = self._words.word(silence.partition(":")[2] or "team_lead", "roles")
            return _("gaat de taak naar %(role)s", role=role)
        return self._words.word(silence, "then")

    def _of_task(self, task: Task) -> Iterator[Coming]:
        _ = self._say
        step, role = self._words.word(task.step, "steps"), self._words.word(task.role, "roles")
        reminder = REMINDER.after(task.due)
        if reminder > self._today:
            yield Coming(reminder, _("Herinnering aan %(role)s: %(step)s", role=role, step=step))
        last = _("Uiterste dag voor %(whom)s: %(what)s", whom=role, what=step)
        yield Coming(task.due, f"{last}; {self.otherwise(task.silence)}")
        if task.follow_up_on is not None:
            yield Coming(task.follow_up_on, _("Zelf opvolgen: %(step)s", step=step))
