"""Conditions of a grant: asked as soon as it is decided, each with a last day of its own, beside the story.

Money that waits for a condition is not paid before. Silence never decides: a handler lets it go, asks again, or
proposes a lower grant, to which somebody else has to agree.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Literal

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.messages.dossier import DoneTask, Duty
    from models.messages.events import ConditionSettled, RequestReminded, Waited
    from models.messages.words import Party
    from schemes.calendar import end_of_day
    from schemes.conditions import CONDITIONS, REMINDERS
    from schemes.steps import CONDITION_MISSING
    from schemes.terms import Term
    from workflows.beside import Awaited
    from workflows.claims import Claims
    from workflows.clock import morning

OTHERWISE = "staff_decides"
Settled = Literal["met", "waived", "lowered", "dropped"]


class Duties(Claims):
    """What the applicant still has to do for the grant."""

    def impose(self, codes: tuple[str, ...]) -> None:
        """Ask what the decision hangs on; what is asked already is not asked again."""
        for code in codes:
            if code not in self.state.duties:
                self.state.duties[code] = Duty(condition=code)
                self._ask_duty(self.state.duties[code])

    def _ask_duty(self, duty: Duty) -> None:
        condition = CONDITIONS[duty.condition]
        proof = (condition.proof,)
        opened = self._ask(duty.condition, condition.term, Party.APPLICANT, (), proof, OTHERWISE, False, beside=True)
        duty.reminders, duty.task = 0, ""
        told: dict[str, Any] = {"until": opened.until, "wants": condition.proof, "silence": OTHERWISE}
        self.mail("condition", occasion=self._occasion(duty.condition), condition=duty.condition, **told)

    def tend(self) -> None:
        """Take what was proven, remind, and ask a person what silence means."""
        super().tend()
        for code in sorted(self.state.duties):
            duty = self.state.duties[code]
            if code in self.state.answers:  # in time, or while a person still looks
                self._take(code)
                self.end_duty(duty, "met")
            elif duty.task:
                if (done := self.answer_beside(duty.task)) is not None:
                    self._judged(duty, done)
            elif code not in self.state.requests:  # taken back, with everything that was asked
                self.end_duty(duty, "dropped")
            else:
                self._press_duty(duty)

    def _press_duty(self, duty: Duty) -> None:
        opened = self.state.requests[duty.condition]
        days = _reminder_days(opened.until)
        while duty.reminders < len(days) and self._over(morning(days[duty.reminders])):
            duty.reminders += 1
            self.note(RequestReminded(request=self._name(duty.condition), times=duty.reminders))
            occasion = f"{self._occasion(duty.condition)}/{duty.reminders}"
            wants = CONDITIONS[duty.condition].proof
            self.mail("request_reminder", occasion=occasion, until=opened.until, wants=wants, silence=OTHERWISE)
        if self._over(end_of_day(opened.until)):
            self._lapse(duty.condition, stops_clock=False)
            duty.task = self.ask_beside(CONDITION_MISSING, amount=self.state.granted, advice="ask_again")

    def _judged(self, duty: Duty, done: DoneTask) -> None:
        if done.outcome == "ask_again":
            self._ask_duty(duty)
            return
        if done.outcome == "lower":
            self.propose_lower(duty.condition, done)
        self.end_duty(duty, "waived" if done.outcome == "waive" else "lowered", done.reasons)

    def propose_lower(self, condition: str, done: DoneTask) -> None:
        """Propose a lower grant because a condition was not met."""
        raise NotImplementedError

    def end_duty(self, duty: Duty, outcome: Settled, reasons: tuple[str, ...] = ()) -> None:
        """A condition is settled, for good."""
        self.drop_beside(duty.task)
        self.state.requests.pop(duty.condition, None)
        del self.state.duties[duty.condition]
        self.note(ConditionSettled(condition=duty.condition, outcome=outcome, reasons=reasons))

    async def conditions_met(self) -> None:
        """Rest until nothing holds the money any more: no condition, and nobody who wants the decision turned back."""
        while held := self._holding():
            on, reason, until = held[0]
            self.note(Waited(on=on, reason=reason, until=until, then=OTHERWISE))
            await self.rest(lambda held=held: self._holding() != held, until=self.end_of(until))  # type: ignore[misc]

    def _holding(self) -> list[tuple[Party, str, date]]:
        """On whom payment waits, for what and until when."""
        turned = self.state.reversal
        first = [] if turned is None else [(Party.STAFF, "reversal", self._due(turned.task))]
        holding = [duty for code, duty in sorted(self.state.duties.items()) if CONDITIONS[code].before_payment]
        return first + [self._waits_on(duty) for duty in holding]

    def _waits_on(self, duty: Duty) -> tuple[Party, str, date]:
        opened = self.state.requests.get(duty.condition)
        if opened is None:
            return Party.STAFF, "condition", self._due(duty.task)
        return Party.APPLICANT, "condition", opened.until

    def _due(self, task: str) -> date:
        opened = self.state.tasks.get(task)
        return opened.due if opened else self.today()

    def moments(self) -> Iterator[datetime]:
        """When the applicant is reminded, and when the last day is over."""
        yield from super().moments()
        for code, duty in self.state.duties.items():
            opened = self.state.requests.get(code)
            if opened is None or duty.task:
                continue
            days = _reminder_days(opened.until)
            yield morning(days[duty.reminders]) if duty.reminders < len(days) else end_of_day(opened.until)

    def awaited_beside(self) -> Awaited | None:
        """Claims come first; then on the applicant, for what is still to be proven."""
        awaited = super().awaited_beside()
        if awaited is not None:
            return awaited
        asked = (
            (code, self.state.requests[code].until) for code in sorted(self.state.duties) if code in self.state.requests
        )
        return next(((Party.APPLICANT, code, until, OTHERWISE) for code, until in asked), None)


def _reminder_days(until: date) -> list[date]:
    return [term.model_copy(update={"amount": -term.amount}).after(until) for term in map(Term.parse, REMINDERS)]
