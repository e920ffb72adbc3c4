"""The work list: who has a task in hand. That is not the workflow's business; whether somebody may finish it is."""

from datetime import UTC, datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from database import errand, transaction
from models.errors import Refusal
from models.messages.commands import Actor
from models.messages.words import Fund, Party, Role
from models.tables import TaskHold, TaskRow

_ROLES = "SELECT fund, roles FROM staff_member WHERE person = $1 AND active"


class WorkList:
    """Takes tasks in hand and hands them over. Needs the database; Temporal hears nothing of it."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def staff(self, person: str) -> Actor:
        """The member of staff with the roles held now.

        Raises:
            Refusal: nobody active has this name.
        """
        async with errand(self._engine) as connection:
            found = await connection.fetchrow(_ROLES, person)
        if found is None:
            raise Refusal("UnknownPerson", f"Er is geen actieve medewerker '{person}'.")
        roles = frozenset(Role(role) for role in found["roles"])
        return Actor(person=person, party=Party.STAFF, fund=Fund(found["fund"]), roles=roles)

    async def claim(self, task: str, person: str) -> None:
        """Take an open task in hand.

        Raises:
            Refusal: it is gone, somebody else has it, or the person lacks the role.
        """
        actor = await self.staff(person)
        async with transaction(self._engine) as connection:
            query = select(TaskRow).where(col(TaskRow.task) == task).with_for_update()
            row = (await connection.execute(query)).one_or_none()
            if row is None or row.state != "open":
                raise Refusal("TaskClosed", f"De taak {task} staat niet (meer) open.")
            if row.fund != actor.fund or Role(row.role) not in actor.roles:
                raise Refusal("WrongRole", f"Deze taak is voor de rol '{row.role}' van fonds {row.fund}.")
            if person in row.excluded:
                raise Refusal("FourEyes", "Vier ogen: u nam al een eerdere stap in dit dossier.")
            hold = upsert(TaskHold).values(task=task, person=person, since=datetime.now(UTC)).on_conflict_do_nothing()
            await connection.execute(hold)
            holder = await connection.scalar(select(col(TaskHold.person)).where(col(TaskHold.task) == task))
        if holder != person:
            raise Refusal("TaskHeld", f"Deze taak is al in handen van {holder}.")

    async def release(self, task: str, person: str) -> None:
        """Put a task back on the list; one that was not in hand stays there."""
        async with transaction(self._engine) as connection:
            await connection.execute(delete(TaskHold).where(col(TaskHold.task) == task, col(TaskHold.person) == person))

    async def reassign(self, task: str, person: str, to: str) -> None:
        """Hand a task over to a colleague, who must be allowed to take it.

        Raises:
            Refusal: as for `claim`; then the task stays where it was.
        """
        await self.release(task, person)
        try:
            await self.claim(task, to)
        except Refusal:
            await self.claim(task, person)
            raise
