"""Staff: open a task, remind, go up a role, and take exactly one answer from somebody who may give it."""

import contextlib
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from models.messages.commands import Accepted, CompleteTask
    from models.messages.dossier import DoneTask, OpenTask
    from models.messages.events import TaskCancelled, TaskCompleted, TaskEscalated, TaskOpened, TaskReminded
    from models.messages.words import Party
    from schemes.calendar import end_of_day, local_date
    from schemes.deadlines import Deadline, Suspension, Term
    from schemes.steps import StaffStep, term_of
    from workflows.clock import morning
    from workflows.journal import Journal

CATCH_UP = timedelta(seconds=3)
REMINDER = Term(amount=-2, unit="working_days")


def refusal(code: str, text: str) -> ApplicationError:
    """A rule says no to a command; the text is plain Dutch and shown to the person."""
    return ApplicationError(text, type=code, non_retryable=True)


class Desk(Journal):
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
        self.note(TaskCancelled(task=task, reason=reason))

    def _open(self, step: StaffStep, amount: Decimal | None, advice: str | None) -> OpenTask:
        occurrence = self.state.occurrences[step.code] = self.state.occurrences.get(step.code, 0) + 1
        deadline = self._deadline(step)
        task = OpenTask(
            task=f"{self.state.number}/{step.code}/{occurrence}",
            step=step.code,
            role=step.role,
            due=deadline.last_day,
            outcomes=step.outcomes,
            excluded=tuple(
                sorted({self.state.acted[done] for done in step.separated_from if done in self.state.acted})
            ),
            needs_reason=step.needs_reason,
        )
        self.state.tasks[task.task] = task
        self.note(
            TaskOpened(
                **task.model_dump(exclude={"needs_reason"}),
                fund=self.state.fund,
                kind=self.state.facts.kind,
                derivation=deadline.derivation(),
                priority=step.priority,
                silence=f"escalates:{step.escalates_to}",
                amount=amount,
                advice=advice,
            )
        )
        return task

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
            yield end_of_day(last), partial(self._escalate, step, task, times)
            last = again.after(self.today())

    def _remind(self, task: OpenTask) -> None:
        self.note(TaskReminded(task=task.task, times=1))
        self.mail("task_due", Party.STAFF, occasion=task.task, role=task.role, task=task.task, until=task.due)

    def _escalate(self, step: StaffStep, task: OpenTask, times: int) -> None:
        task.role = step.escalates_to
        self.note(TaskEscalated(task=task.task, role=task.role, times=times))
        occasion = f"{task.task}/{times}"
        self.mail("task_escalated", Party.STAFF, occasion=occasion, role=task.role, task=task.task, until=task.due)

    @workflow.update
    async def complete_task(self, command: CompleteTask) -> Accepted:
        """A person finishes a task. The same answer again changes nothing and is answered as before.

        A task may be seen a moment before the dossier knows that it opened it, when a worker died in between: then the
        answer waits for it.
        """
        if self._opens_next(command.task):
            with contextlib.suppress(TimeoutError):
                await workflow.wait_condition(
                    lambda: self.ended or not self._opens_next(command.task), timeout=CATCH_UP
                )
            self._check_completion(command)
        done = self.state.done.get(command.task)
        if done is not None:
            return await self.stored(done.sequence, repeated=True)
        task = self.state.tasks.pop(command.task)
        sequence = self.note(
            TaskCompleted(
                task=task.task,
                step=task.step,
                outcome=command.outcome,
                person=command.by.person,
                reasons=command.reasons,
                amount=command.amount,
            ),
            by=command.by.person,
        )
        self.state.acted[task.step] = command.by.person
        self.state.done[task.task] = DoneTask(
            step=task.step,
            outcome=command.outcome,
            person=command.by.person,
            sequence=sequence,
            on=self.today(),
            reasons=command.reasons,
            amount=command.amount,
        )
        return await self.stored(sequence)

    @complete_task.validator
    def _may_complete(self, command: CompleteTask) -> None:
        if not self._opens_next(command.task):
            self._check_completion(command)

    def _opens_next(self, task: str) -> bool:
        """Whether this is the next task of its step, which the dossier has not opened yet."""
        step, _, occurrence = task.removeprefix(f"{self.state.number}/").partition("/")
        return occurrence == str(self.state.occurrences.get(step, 0) + 1)

    def _check_completion(self, command: CompleteTask) -> None:
        done = self.state.done.get(command.task)
        if done is not None:
            if (done.person, done.outcome) == (command.by.person, command.outcome):
                return
            raise refusal("TaskDone", f"Deze taak is al afgewerkt op {done.on:%d/%m/%Y} met uitkomst '{done.outcome}'.")
        task = self.state.tasks.get(command.task)
        if task is None:
            raise refusal("TaskClosed", f"De taak {command.task} staat niet (meer) open. Bekijk het dossier opnieuw.")
        if command.by.fund != self.state.fund or task.role not in command.by.roles:
            raise refusal("WrongRole", f"Deze stap is voor de rol '{task.role}' van fonds {self.state.fund}.")
        if command.by.person in task.excluded:
            raise refusal(
                "FourEyes", "Vier ogen: u nam al een eerdere stap in dit dossier. Laat een collega beslissen."
            )
        if command.outcome not in task.outcomes:
            raise refusal("UnknownOutcome", f"Kies een van deze uitkomsten: {', '.join(task.outcomes)}.")
        if command.outcome in task.needs_reason and not command.reasons:
            raise refusal("ReasonMissing", f"Geef een reden bij de uitkomst '{command.outcome}'.")
        if command.amount is not None and command.amount < 0:
            raise refusal("NegativeAmount", "Het bedrag kan niet negatief zijn.")
