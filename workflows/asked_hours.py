"""The hours of a phase that were not registered: asked at its end, and taken for that phase when they come late."""

from datetime import timedelta
from decimal import Decimal

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.messages.commands import AnswerRequest
    from models.messages.events import AnswerKept
    from models.messages.words import Party
    from schemes.coded_answers import amount_in
    from workflows.guided_hours import QUESTION, GuidedHours
    from workflows.journal import refusal
    from workflows.standing import DATES_MOVE

LATE_HOURS = 5
"""The story from which on hours that come late are of the phase about which they were asked."""
HOURS_OF_A_DAY = 24
YEAR = timedelta(days=366)


class AskedHours(GuidedHours):
    """What the agency answers about a phase that is over."""

    async def ask_hours(self, number: int) -> None:
        """The hours of a phase that is over; nobody is asked what was registered up to its end."""
        self._drop(number)
        known = self._hours_of(number) if self.state.story >= DATES_MOVE else None
        if known is None:
            term, fields = self.policy.agency_term, (QUESTION,)
            answer = await self.request(QUESTION, term, party=Party.AGENCY, fields=fields, silence="goes_on")
            if answer is None and self.state.story >= LATE_HOURS:
                self.state.notes[f"late/{self._name(QUESTION)}"] = str(number)
            known = answer.values.get(QUESTION, "") if answer else ""
        self.state.notes[f"hours_{number}"] = known

    def may_take(self, command: AnswerRequest) -> None:
        """Hours are a number, and no more than the phase has."""
        super().may_take(command)
        if self._code(command.request) != QUESTION:
            return
        number, told = self._late(command) or self._number, amount_in(command.values, QUESTION)
        span = self._span(number) if number else None
        days = (span.last - span.first).days + 1 if span else YEAR.days
        if told is None or told > Decimal(HOURS_OF_A_DAY * days):
            most = HOURS_OF_A_DAY * days
            raise refusal("HoursImpossible", f"Vul de uren (hours) van deze fase in: een getal van 0 tot {most}.")

    def taken_aside(self, command: AnswerRequest) -> int | None:
        """Hours that come late are of their own phase, and spare nobody the question about the next."""
        number = self._late(command)
        if number is None:
            return super().taken_aside(command)
        hours = command.values[QUESTION]
        if self.state.notes[f"hours_{number}"] == hours:
            return self.state.recorded
        self.state.notes[f"hours_{number}"] = hours
        kept = AnswerKept(code=QUESTION, values={**command.values, "phase": f"guidance_{number}"})
        return self.note(kept, by=command.by.person)

    def _late(self, command: AnswerRequest) -> int | None:
        """The phase of a question about hours that stayed without answer; None of any other. By its full name: a fund
        that goes on carries the notes of the one before, and numbers its questions anew."""
        number = self.state.notes.get(f"late/{command.request}")
        return int(number) if number else None
