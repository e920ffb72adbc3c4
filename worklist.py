"""The work list: who has a task in hand. That is not the workflow's business; whether somebody may finish it is.

Every act is told in `hand_event`, in the transaction that does it.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from absences import Absences, actor, substitutes, today
from database import glance, transaction
from models.errors import Refusal
from models.messages.commands import Actor
from models.messages.words import HandOverReason, Role
from models.tables import HandEvent, StaffMember, TaskFollowUp, TaskHold, TaskRow, TaskSnooze
from schemes.votes import Bench, bench_of

FARTHEST = timedelta(days=730)
"""How far ahead somebody may want to look again."""


class WorkList(Absences):
    """Takes tasks in hand, hands them over and puts them aside. Needs the database; Temporal hears nothing of it."""

    async def claim(self, task: str, person: str, *, for_person: str | None = None) -> None:
        """Take an open task in hand, for oneself or for the absent colleague stood in for.

        Raises:
            Refusal: it is gone, somebody else has it, or the person lacks the role or sits on the other bench.
        """
        await self.check_bench(task, for_person or person)
        async with transaction(self._engine) as connection:
            by = await actor(connection, person, for_person)
            row = await _open(connection, task)
            check_may_take(by, row)
            holder = await _holder(connection, task)
            if holder is None:
                await _hold(connection, task, person)
                await _tell(connection, "claimed", row, by)
        if holder not in (None, person):
            raise Refusal("TaskHeld", f"Deze taak is al in handen van {holder}.")

    async def release(self, task: str, person: str) -> None:
        """Put a task back on the list; one that was not in hand stays there."""
        async with transaction(self._engine) as connection:
            held = delete(TaskHold).where(col(TaskHold.task) == task, col(TaskHold.person) == person)
            if await connection.scalar(held.returning(col(TaskHold.task))) is None:
                return
            await _tell_plainly(connection, "released", task, person)

    async def reassign(
        self, task: str, person: str, to: str, *, reason: HandOverReason | None = None, note: str | None = None
    ) -> None:
        """Hand a task over to a colleague, who must be allowed to take it: one's own, a free one, or as team lead any.

        Raises:
            Refusal: as for `claim`, of the colleague; or the task is in the hands of a third. It stays where it was.
        """
        async with transaction(self._engine) as connection:
            by, taking = await actor(connection, person), await actor(connection, to)
            row = await _open(connection, task)
            holder = await _holder(connection, task)
            leads = Role.TEAM_LEAD in by.roles and by.fund == row.fund
            instead = {} if holder is None else await substitutes(connection, frozenset({holder}))
            if not leads and holder not in (None, person) and instead.get(holder or "") != person:
                raise Refusal("TaskHeld", f"Deze taak is al in handen van {holder}.")
            if holder is None and not leads:
                check_may_take(by, row)
            check_may_take(taking, row)
            await _hold(connection, task, to, given_by=person, reason=reason, note=note)
            await _tell(connection, "handed_over", row, by, to_person=to, reason=reason)

    async def snooze(self, task: str, person: str, until: date) -> None:
        """Put a task out of one's own sight until a day, at most its last one.

        Raises:
            Refusal: it is gone, another fund's, or the day is past or beyond the last one.
        """
        async with transaction(self._engine) as connection:
            row = await self._of_fund(connection, task, person)
            if until <= today():
                raise Refusal("DayPast", "Kies een dag na vandaag.")
            if until > row.due:
                raise Refusal("BeyondDue", f"Een taak rust hoogstens tot haar uiterste dag, {row.due:%d/%m/%Y}.")
            values = {"until": until, "at": datetime.now(UTC)}
            put = upsert(TaskSnooze).values(task=task, person=person, **values)
            await connection.execute(put.on_conflict_do_update(index_elements=["task", "person"], set_=values))
            await _tell_plainly(connection, "snoozed", task, person, day=until)

    async def wake(self, task: str, person: str) -> None:
        """Want to see a task again before the day until which it was put aside."""
        async with transaction(self._engine) as connection:
            gone = delete(TaskSnooze).where(col(TaskSnooze.task) == task, col(TaskSnooze.person) == person)
            if await connection.scalar(gone.returning(col(TaskSnooze.task))) is not None:
                await _tell_plainly(connection, "woken", task, person)

    async def follow_up(self, task: str, person: str, on_day: date | None) -> None:
        """Note the day on which to look at a task again, for everybody to see; None takes it away.

        Raises:
            Refusal: the task is gone or another fund's, or the day is past or too far.
        """
        async with transaction(self._engine) as connection:
            await self._of_fund(connection, task, person)
            if on_day is None:
                await connection.execute(delete(TaskFollowUp).where(col(TaskFollowUp.task) == task))
                await _tell_plainly(connection, "follow_up_cleared", task, person)
                return
            if not today() <= on_day <= today() + FARTHEST:
                raise Refusal("DayPast", "Kies een dag vanaf vandaag, binnen twee jaar.")
            values = {"on_day": on_day, "person": person, "at": datetime.now(UTC)}
            put = upsert(TaskFollowUp).values(task=task, **values)
            await connection.execute(put.on_conflict_do_update(index_elements=["task"], set_=values))
            await _tell_plainly(connection, "follow_up_set", task, person, day=on_day)

    async def check_bench(self, task: str, person: str) -> None:
        """A member of a jointly run board speaks for the own bench; who has none is held to none.

        Raises:
            Refusal: the task is for the other bench.
        """
        bench = bench_of(task)
        if bench is None:
            return
        async with glance(self._engine) as connection:
            seat = await connection.scalar(select(col(StaffMember.bench)).where(col(StaffMember.person) == person))
        if seat not in (None, bench):
            other = {Bench.EMPLOYERS: "werkgeversbank", Bench.UNIONS: "werknemersbank"}[bench]
            raise Refusal("WrongBench", f"Deze stap is voor een lid van de {other} van het bestuur.")

    async def _of_fund(self, connection: AsyncConnection, task: str, person: str) -> Any:
        by, row = await actor(connection, person), await _open(connection, task)
        if row.fund != by.fund:
            raise Refusal("WrongRole", f"Deze taak is van fonds {row.fund}.")
        return row


def check_may_take(by: Actor, task: Any) -> None:
    """Whether somebody may take a task, given as a row with `fund`, `role` and `excluded`.

    Raises:
        Refusal: it is for another role or fund, or four eyes exclude the person or the colleague stood in for.
    """
    if task.fund != by.fund or Role(task.role) not in by.roles:
        raise Refusal("WrongRole", f"Deze taak is voor de rol '{task.role}' van fonds {task.fund}.")
    if by.person in task.excluded:
        raise Refusal("FourEyes", "Vier ogen: u nam al een eerdere stap in dit dossier.")
    if by.for_person in task.excluded:
        raise Refusal(
            "FourEyes", f"Vier ogen: {by.for_person}, die u vervangt, nam al een eerdere stap in dit dossier."
        )


async def _open(connection: AsyncConnection, task: str) -> Any:
    query = select(TaskRow).where(col(TaskRow.task) == task).with_for_update()
    row = (await connection.execute(query)).one_or_none()
    if row is None or row.state != "open":
        raise Refusal("TaskClosed", f"De taak {task} staat niet (meer) open.")
    return row


async def _holder(connection: AsyncConnection, task: str) -> str | None:
    holder: str | None = await connection.scalar(select(col(TaskHold.person)).where(col(TaskHold.task) == task))
    return holder


async def _hold(connection: AsyncConnection, task: str, person: str, **given: str | None) -> None:
    values = {"given_by": None, "reason": None, "note": None, **given} | {"person": person, "since": datetime.now(UTC)}
    hold = upsert(TaskHold).values(task=task, **values)
    await connection.execute(hold.on_conflict_do_update(index_elements=["task"], set_=values))


async def _tell(connection: AsyncConnection, act: str, row: Any, by: Actor, **more: Any) -> None:
    await _tell_plainly(connection, act, row.task, by.person, on_behalf_of=by.for_person, **more)


async def _tell_plainly(connection: AsyncConnection, act: str, task: str, person: str, **more: Any) -> None:
    told = {"act": act, "person": person, "task": task, "dossier": task.split("/")[0], "at": datetime.now(UTC)}
    await connection.execute(insert(HandEvent).values(**told, **more))
