"""An answer of staff rests for a while before anything follows from it, and may be taken back until then."""

from datetime import datetime

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.messages.commands import Accepted, CompleteTask, UndoTask
    from models.messages.dossier import DoneTask, HeldAnswer
    from models.messages.events import TaskAnswered, TaskCompleted, TaskReopened
    from models.messages.words import Role
    from workflows.journal import Journal, refusal


class Grace(Journal):
    """Holds answers, lets them out at their moment, and finishes the task then."""

    @workflow.update
    async def undo_task(self, command: UndoTask) -> Accepted:
        """Take back an answer that has not gone out; the task is open again as it was. Twice is once."""
        task = self.state.tasks[command.task]
        if self.state.held.pop(command.task, None) is None:
            return await self.stored(task.reopened, repeated=True)
        task.reopenings += 1
        task.reopened = self.note(TaskReopened(task=task.task, times=task.reopenings), by=command.by.person)
        return await self.stored(task.reopened)

    @undo_task.validator
    def _may_undo(self, command: UndoTask) -> None:
        task, held = self.state.tasks.get(command.task), self.state.held.get(command.task)
        if task is None or (held is not None and self._over(held.goes_out_at)):
            raise refusal("TaskDone", "Deze taak is al afgewerkt; ongedaan maken kan niet meer.")
        if held is None:
            if task.reopened:
                return
            raise refusal("NothingHeld", "Deze taak staat nog open; er is niets om ongedaan te maken.")
        leads = Role.TEAM_LEAD in command.by.roles and command.by.fund == self.state.fund
        if not leads and command.by.person != held.command.by.person:
            raise refusal("NotYours", "Alleen wie het antwoord gaf of een teamverantwoordelijke maakt dit ongedaan.")

    def held_until(self) -> datetime | None:
        """When the first held answer goes out; None when none is held."""
        return min((held.goes_out_at for held in self.state.held.values()), default=None)

    def let_out(self) -> None:
        """Finish the tasks whose answer could be taken back until now."""
        for task, held in sorted(self.state.held.items()):
            if self._over(held.goes_out_at):
                del self.state.held[task]
                self.finish(held.command)

    def hold(self, command: CompleteTask) -> int:
        """Keep an answer for its grace; returns the sequence under which that is told."""
        by, until = command.by, self.now() + command.grace
        fact = TaskAnswered(
            task=command.task,
            step=self.state.tasks[command.task].step,
            outcome=command.outcome,
            person=by.person,
            goes_out_at=until,
            reasons=command.reasons,
            amount=command.amount,
            on_behalf_of=by.for_person,
            conditions=command.conditions,
        )
        sequence = self.note(fact, by=by.person)
        self.state.held[command.task] = HeldAnswer(command=command, sequence=sequence, goes_out_at=until)
        return sequence

    def finish(self, command: CompleteTask) -> int:
        """Let the answer count; returns the sequence of the completion."""
        task, by = self.state.tasks.pop(command.task), command.by
        fact = TaskCompleted(
            task=task.task,
            step=task.step,
            outcome=command.outcome,
            person=by.person,
            reasons=command.reasons,
            amount=command.amount,
            on_behalf_of=by.for_person,
            conditions=command.conditions,
        )
        sequence = self.note(fact, by=by.person)
        self.state.acted[task.step] = by.person
        self.state.acted_for.pop(task.step, None)
        if by.for_person is not None:
            self.state.acted_for[task.step] = by.for_person
        self.state.conditions.update(command.conditions)
        self.state.done[task.task] = DoneTask(
            step=task.step,
            outcome=command.outcome,
            person=by.person,
            sequence=sequence,
            on=self.today(),
            reasons=command.reasons,
            amount=command.amount,
        )
        return sequence
