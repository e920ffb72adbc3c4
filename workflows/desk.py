"""Staff: open a task, remind, go up a role, and wait for the answer."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import partial

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.messages.dossier import DoneTask, OpenTask
    from models.messages.events import TaskCancelled, TaskEscalated, TaskOpened, TaskReminded
    from models.messages.words import Party, Role
    from schemes.calendar import end_of_day, local_date
    from schemes.deadlines import Deadline, Suspension, Term
    from schemes.steps import StaffStep, term_of
    from workflows.answers import Answers
    from workflows.clock import morning

REMINDER = Term(amount=-2, unit="working_days")


class Desk(Answers):
    """What a dossier asks of staff."""

    async def ask(self, step: StaffStep, *, amount: Decimal | None = None, advice: str | None = None) -> DoneTask:
        """Ask a person to take a step and wait for the outcome. `amount` in euro is what it is about."""
        done = await self.ask_unless(lambda: False, step, amount=amount, advice=advice)
        assert done is not None
        return done

    async def ask_unless(
        self,
        settled: Callable[[], bool],
        step: StaffStep,
        *,
        amount: Decimal | None = None,
        advice: str | None = None,
    ) -> DoneTask | None:
        """Ask a person, unless something else makes the task needless: then it is taken off the list and None."""
        task = self._open(step, amount, advice)
        for moment, chase in self._chases(step, task):
            if await self.rest(lambda: task.task in self.state.done or settled(), until=moment):
                break
            chase()
        if task.task in self.state.done:
            return self.state.done[task.task]
        self.cancel_task(task.task, "settled_by_system")
        return None

    def cancel_task(self, task: str, reason: str) -> None:
        """Take a task off the list: nobody has to do it any more."""
        del self.state.tasks[task]
        self.state.held.pop(task, None)
        self.note(TaskCancelled(task=task, reason=reason))

    def _open(self, step: StaffStep, amount: Decimal | None, advice: str | None, *, beside: bool = False) -> OpenTask:
        occurrence = self.state.occurrences[step.code] = self.state.occurrences.get(step.code, 0) + 1
        deadline = self._deadline(step)
        task = OpenTask(
            task=f"{self.state.number}/{step.code}/{occurrence}",
            step=step.code,
            role=step.role,
            due=deadline.last_day,
            outcomes=step.outcomes,
            excluded=self._excluded(step),
            needs_reason=step.needs_reason,
        )
        self.state.tasks[task.task] = task
        self.note(
            TaskOpened(
                **task.model_dump(exclude={"needs_reason", "reopened", "reopenings"}),
                fund=self.state.fund,
                kind=self.state.facts.kind,
                derivation=deadline.derivation(),
                priority=step.priority,
                silence=f"escalates:{step.escalates_to}",
                amount=amount,
                advice=advice,
                beside=beside,
            )
        )
        return task

    def _excluded(self, step: StaffStep) -> tuple[str, ...]:
        """Who took an earlier step that this one is separated from, or on whose behalf it was taken."""
        acting = (self.state.acted, self.state.acted_for)
        return tuple(sorted({who[done] for who in acting for done in step.separated_from if done in who}))

    def _deadline(self, step: StaffStep) -> Deadline:
        """The fund's own term; from the receipt, periods in which the applicant had to act do not count."""
        term = term_of(step, self.state.policy.procedure)
        if not step.since_receipt:
            return Deadline(start=self.today(), term=term)
        stops = tuple(Suspension(start=stop.start, end=stop.end) for stop in self.state.suspensions)
        return Deadline(start=self.opened_on, term=term, suspensions=stops)

    @property
    def opened_on(self) -> date:
        """The day of the receipt, from which the fund's own terms run."""
        return local_date(self.state.received_at)

    def _chases(self, step: StaffStep, task: OpenTask) -> Iterator[tuple[datetime, Callable[[], None]]]:
        """When to press, and how: once before the last day, then up a role after it, again and again."""
        reminder = REMINDER.after(task.due)
        if reminder > self.today():
            yield morning(reminder), partial(self._remind, task)
        again = Term.parse(self.state.policy.procedure.escalation_after)
        last, times = max(task.due, self.today()), 0
        while True:
            times += 1
            yield end_of_day(last), partial(self._escalate, step.escalates_to, task, times)
            last = again.after(self.today())

    def _remind(self, task: OpenTask) -> None:
        self.note(TaskReminded(task=task.task, times=1))
        self.mail("task_due", Party.STAFF, occasion=task.task, role=task.role, task=task.task, until=task.due)

    def _escalate(self, to: Role, task: OpenTask, times: int) -> None:
        task.role = to
        self.note(TaskEscalated(task=task.task, role=task.role, times=times))
        occasion = f"{task.task}/{times}"
        self.mail("task_escalated", Party.STAFF, occasion=occasion, role=task.role, task=task.task, until=task.due)
