"""What a person answers to a task: taken once, from somebody who may give it."""

import contextlib
from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.messages.commands import Accepted, CompleteTask
    from schemes.calendar import BRUSSELS
    from schemes.conditions import DECIDES, unknown
    from workflows.grace import Grace
    from workflows.journal import refusal

CATCH_UP = timedelta(seconds=3)
FOUR_EYES = "Vier ogen: u nam al een eerdere stap in dit dossier. Laat een collega beslissen."
FOUR_EYES_OF_THE_ABSENT = (
    "Vier ogen: wie u vervangt nam al een eerdere stap in dit dossier, en u handelt met diens rol. "
    "Laat een andere collega beslissen."
)


class Answers(Grace):
    """How tasks are finished."""

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
        known = self.state.done.get(command.task) or self.state.held.get(command.task)
        if known is not None:
            return await self.stored(known.sequence, repeated=True)
        return await self.stored(self.hold(command) if command.grace else self.finish(command))

    @complete_task.validator
    def _may_complete(self, command: CompleteTask) -> None:
        if not self._opens_next(command.task):
            self._check_completion(command)

    def _opens_next(self, task: str) -> bool:
        """Whether this is the next task of its step, which the dossier has not opened yet."""
        step, _, occurrence = task.removeprefix(f"{self.state.number}/").partition("/")
        return occurrence == str(self.state.occurrences.get(step, 0) + 1)

    def _check_completion(self, command: CompleteTask) -> None:
        if self._is_repeated(command):
            return
        task = self.state.tasks.get(command.task)
        if task is None:
            raise refusal("TaskClosed", f"De taak {command.task} staat niet (meer) open. Bekijk het dossier opnieuw.")
        if command.by.fund != self.state.fund or task.role not in command.by.roles:
            raise refusal("WrongRole", f"Deze stap is voor de rol '{task.role}' van fonds {self.state.fund}.")
        if command.by.person in task.excluded:
            raise refusal("FourEyes", FOUR_EYES)
        if command.by.for_person in task.excluded:
            raise refusal("FourEyes", FOUR_EYES_OF_THE_ABSENT)
        if command.outcome not in task.outcomes:
            raise refusal("UnknownOutcome", f"Kies een van deze uitkomsten: {', '.join(task.outcomes)}.")
        if command.outcome in task.needs_reason and not command.reasons:
            raise refusal("ReasonMissing", f"Geef een reden bij de uitkomst '{command.outcome}'.")
        if command.conditions and task.step not in DECIDES:
            raise refusal("NoConditions", "Aan deze stap kunnen geen voorwaarden verbonden worden.")
        if strange := unknown(command.conditions, self.state.facts.instrument):
            raise refusal("UnknownCondition", f"Deze voorwaarde bestaat hier niet: {', '.join(strange)}.")
        if command.amount is not None and command.amount < 0:
            raise refusal("NegativeAmount", "Het bedrag kan niet negatief zijn.")

    def _is_repeated(self, command: CompleteTask) -> bool:
        """Whether this was answered in the same way before; another answer is refused."""
        done, held = self.state.done.get(command.task), self.state.held.get(command.task)
        if done is not None:
            if (done.person, done.outcome) == (command.by.person, command.outcome):
                return True
            raise refusal("TaskDone", f"Deze taak is al afgewerkt op {done.on:%d/%m/%Y} met uitkomst '{done.outcome}'.")
        if held is None:
            return False
        first = held.command
        said = (command.by.person, command.outcome, command.reasons, command.amount, command.conditions)
        if (first.by.person, first.outcome, first.reasons, first.amount, first.conditions) == said:
            return True
        until = f"{held.goes_out_at.astimezone(BRUSSELS):%H:%M}"
        text = f"Deze taak is al beantwoord; dat gaat uit om {until}. Een ander antwoord kan na ongedaan maken."
        raise refusal("AnswerHeld", text)
