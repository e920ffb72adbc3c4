"""Tasks that the story does not wait for: opened, pressed and looked at again whenever the dossier rests."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.messages.dossier import AskedBeside, DoneTask
    from models.messages.words import Party
    from schemes.calendar import end_of_day
    from schemes.steps import StaffStep
    from schemes.terms import Term
    from workflows.clock import morning
    from workflows.desk import REMINDER, Desk
    from workflows.requests import Requests

Awaited = tuple[Party, str, date, str]
"""On whom something waits, for what, until when, and what silence means."""


class Beside(Desk, Requests):
    """What a dossier asks of staff while its story goes on."""

    def ask_beside(self, step: StaffStep, *, amount: Decimal | None = None, advice: str | None = None) -> str:
        """Ask a person to take a step without waiting; returns the name of the task. `amount` in euro."""
        task = self._open(step, amount, advice, beside=True)
        reminder = REMINDER.after(task.due)
        early = reminder > self.today()
        self.state.beside[task.task] = AskedBeside(
            escalates_to=step.escalates_to,
            next_at=morning(reminder) if early else end_of_day(max(task.due, self.today())),
            reminded=not early,
        )
        return task.task

    def answer_beside(self, task: str) -> DoneTask | None:
        """The answer, once; None while nobody gave one."""
        if task not in self.state.beside or task not in self.state.done:
            return None
        del self.state.beside[task]
        return self.state.done[task]

    def drop_beside(self, task: str) -> None:
        """Nobody has to take that step any more."""
        if self.state.beside.pop(task, None) is not None and task in self.state.tasks:
            self.cancel_task(task, "settled_by_system")

    def tend(self) -> None:
        """Press who is late: a reminder before the last day, then up a role, again and again."""
        super().tend()
        for name, asked in sorted(self.state.beside.items()):
            task = self.state.tasks.get(name)
            if task is None or name in self.state.held or not self._over(asked.next_at):
                continue
            if not asked.reminded:
                asked.reminded = True
                self._remind(task)
                asked.next_at = end_of_day(max(task.due, self.today()))
                continue
            asked.escalations += 1
            self._escalate(asked.escalates_to, task, asked.escalations)
            again = Term.parse(self.state.policy.procedure.escalation_after)
            asked.next_at = end_of_day(again.after(self.today()))

    def tended_at(self) -> datetime | None:
        """The first moment at which something beside the story is due."""
        return min(self.moments(), default=None)

    def end_of(self, day: date) -> datetime | None:
        """The end of a day to wait for; None when it is over, so that nobody waits for what was."""
        return end_of_day(day) if day >= self.today() else None

    def moments(self) -> Iterator[datetime]:
        """When what is beside the story is due; a moment that passed was seen to."""
        for name, asked in self.state.beside.items():
            if name in self.state.tasks and name not in self.state.held:
                yield asked.next_at

    def awaited_beside(self) -> Awaited | None:
        """On whom what is beside the story waits; None: nothing is beside it."""
        for name, asked in sorted(self.state.beside.items()):
            if (task := self.state.tasks.get(name)) is not None:
                return Party.STAFF, task.step, task.due, f"escalates:{asked.escalates_to}"
        return None
