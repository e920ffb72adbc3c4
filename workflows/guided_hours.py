"""Hours of guidance: registered month by month, held against the phases, and missed meanwhile."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.messages.commands import AnswerRequest, ReportFact
    from models.messages.events import RequestAnswered
    from models.messages.guidance import GuidedMonth
    from models.messages.words import Party
    from schemes.hours_of_phases import REGISTERED, Registered, Span, alert_on, hours_in, lags, registered_up_to, spans
    from schemes.steps import HOURS_BEHIND
    from workflows.accepting import Accepting
    from workflows.clock import morning
    from workflows.journal import refusal
    from workflows.standing import DATES_MOVE

QUESTION = "hours"


class GuidedHours(Accepting):
    """What was registered, per phase, and who hears that it lags behind."""

    def may_hear(self, command: ReportFact) -> None:
        """Hours are told by who gives the guidance, or by staff, of months that were."""
        super().may_hear(command)
        if command.fact != REGISTERED:
            return
        if command.by.party not in (Party.AGENCY, Party.STAFF):
            raise refusal("WrongParty", "Uren worden gemeld door het outplacementbureau of door het fonds.")
        told = GuidedMonth.told(command.values)
        if told is None:
            raise refusal("HoursUnreadable", "Maand (month) of uren (hours) kloppen niet: bijvoorbeeld 2024-05 en 7.5.")
        if not told.first_day <= command.on <= min(told.last_day, self.today()):
            raise refusal("MonthImpossible", f"De laatste dag (on) ligt niet in {told.month}, of nog niet voorbij.")

    def _heard(self, command: ReportFact) -> int:
        sequence = super()._heard(command)
        told = GuidedMonth.told(command.values) if command.fact == REGISTERED else None
        if told is None or self.state.story < DATES_MOVE:
            return sequence
        self.state.notes[f"month/{told.month}"] = f"{told.hours}|{told.first_on or told.first_day}|{command.on}"
        asked = QUESTION in self.state.requests.keys() - self.state.answers.keys()
        known = self._hours_of(self._number) if asked and self._number else None
        if known is not None:
            values = {"hours": known, "reported": REGISTERED}
            self.state.answers[QUESTION] = AnswerRequest(request=QUESTION, by=command.by, values=values)
            fact = RequestAnswered(request=self._name(QUESTION), code=QUESTION, values=values)
            sequence = self.state.answered[self._name(QUESTION)] = self.note(fact, by=command.by.person)
        return sequence

    def _hours_of(self, number: int) -> str | None:
        """The hours of a phase, when they were registered up to its end or that of the guidance."""
        span, months = self._span(number), self._months
        if span is None or not registered_up_to(months, min(span.last, self.ended_on)):
            return None
        return f"{hours_in(months, span).normalize():f}"

    def tend(self) -> None:
        """When a part of a phase is over and fewer hours were registered: the agency hears it, later a handler."""
        super().tend()
        if (number := self._number) is None or (span := self._running(number)) is None:
            return
        for alert, percentage in self._alerts(number):
            if self._over(morning(alert_on(span, percentage))):
                self.state.notes[alert] = "seen"
                if lags(self._months, span, percentage, self.today()):
                    self._tell_behind(number, span, percentage)
        self._drop_when_caught_up(number, span)

    def moments(self) -> Iterator[datetime]:
        """Also the moments at which hours are held against the time of their phase."""
        yield from super().moments()
        if (number := self._number) is not None and (span := self._running(number)) is not None:
            for _, percentage in self._alerts(number):
                yield morning(alert_on(span, percentage))

    def _tell_behind(self, number: int, span: Span, percentage: Decimal) -> None:
        if percentage == self.policy.hours_task_percentage:
            self.state.notes[f"behind_{number}"] = self.ask_beside(HOURS_BEHIND)
            return
        told, hours = str(number), hours_in(self._months, span)
        self.mail("hours_behind", Party.AGENCY, occasion=told, hours=hours, due=span.hours, until=span.last)

    def watch_hours_again(self) -> None:
        """Whether the hours lag behind is looked at anew, when the task for it was taken away with the person."""
        for note in self.watched_hours():
            self.state.notes.pop(note, None)

    def watched_hours(self) -> tuple[str, ...]:
        """The notes that a task was opened because hours lag behind; none when it was not, or was answered."""
        number = self._number
        if number is None or f"behind_{number}" not in self.state.notes:
            return ()
        return (f"behind_{number}", f"hours_at_{self.policy.hours_task_percentage}_{number}")

    def _drop_when_caught_up(self, number: int, span: Span) -> None:
        part, asked = self.policy.hours_task_percentage, f"behind_{number}" in self.state.notes
        if asked and not lags(self._months, span, part, self.today()):
            self._drop(number)

    def _drop(self, number: int) -> None:
        """Nobody has to look any more; an answer that was given is taken."""
        if (task := self.state.notes.pop(f"behind_{number}", None)) is not None:
            self.answer_beside(task)
            self.drop_beside(task)

    def _alerts(self, number: int) -> list[tuple[str, Decimal]]:
        """What is still to be looked at in a phase, by the note that says that it was."""
        parts = (self.policy.hours_reminder_percentage, self.policy.hours_task_percentage)
        named = ((f"hours_at_{part}_{number}", part) for part in parts)
        return [(note, part) for note, part in named if note not in self.state.notes]

    @property
    def _number(self) -> int | None:
        """The phase of the guidance that the story is in."""
        name, _, number = self.state.phase.partition("_")
        known = name == "guidance" and self.facts.started_on is not None and self.state.story >= DATES_MOVE
        return int(number) if known else None

    def _running(self, number: int) -> Span | None:
        """The days of the phase, while it runs and the guidance does not stand still."""
        if "ended_on" in self.state.notes or "working_since" in self.state.notes:
            return None
        span = self._span(number)
        return span if span is not None and self.today() <= span.last else None

    def _span(self, number: int) -> Span | None:
        found = spans(self.started_on, ((phase.hours, phase.deadline.last_day) for phase in self.phases))
        return found[number - 1] if number <= len(found) else None

    @property
    def _months(self) -> list[Registered]:
        """What was registered, a month each."""
        found = []
        for note, text in sorted(self.state.notes.items()):
            if note.startswith("month/"):
                hours, first, last = text.split("|")
                since = max(first, str(self.started_on))
                found.append(Registered.model_validate({"hours": hours, "first": since, "last": last}))
        return found
