"""How the work is spread: per team and per person what is open, what is late and how old the oldest is."""

from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from models.messages.message import Message
from models.messages.words import Fund, Role


class TeamLoad(Message):
    """What waits for one role of one fund."""

    fund: str
    role: str
    open: int
    unassigned: int
    overdue: int
    oldest: datetime | None


class PersonLoad(Message):
    """What one member of staff has in hand; `on_leave_until` when that person is away today."""

    person: str
    name: str
    fund: str
    roles: list[str]
    held: int
    overdue: int
    next_due: date | None
    oldest: datetime | None
    on_leave_until: date | None


class Movable(Message):
    """A task that may go to somebody else."""

    task: str
    role: str
    due: date
    holder: str | None
    excluded: list[str]


TEAMS = """
SELECT task.fund, task.role, count(*) AS open, count(*) FILTER (WHERE hold.task IS NULL) AS unassigned,
    count(*) FILTER (WHERE task.due < :today) AS overdue, min(task.opened_at) AS oldest
FROM task LEFT JOIN task_hold AS hold USING (task)
WHERE task.state = 'open' AND task.fund = ANY (CAST(:funds AS text[]))
GROUP BY task.fund, task.role ORDER BY task.fund, task.role
"""
"""All that is open in these funds and nothing that is done: along the partial index of the work list."""
PEOPLE = """
SELECT member.person, member.name, member.fund, member.roles, count(task.task) AS held,
    count(task.task) FILTER (WHERE task.due < :today) AS overdue, min(task.due) AS next_due,
    min(task.opened_at) AS oldest, (
        SELECT max(away.ends_on) FROM absence AS away WHERE away.person = member.person
            AND away.cancelled_at IS NULL AND :today BETWEEN away.starts_on AND away.ends_on
    ) AS on_leave_until
FROM staff_member AS member
LEFT JOIN task_hold AS hold ON hold.person = member.person
LEFT JOIN task ON task.task = hold.task AND task.state = 'open'
WHERE member.active AND member.fund = ANY (CAST(:funds AS text[]))
GROUP BY member.person, member.name, member.fund, member.roles ORDER BY member.fund, member.name
"""
MOVABLE = """
SELECT task.task, task.role, task.due, hold.person AS holder, task.excluded
FROM task LEFT JOIN task_hold AS hold USING (task)
WHERE task.state = 'open' AND task.fund = :fund AND task.role = :role
  AND hold.person IS NOT DISTINCT FROM CAST(:holder AS text)
ORDER BY task.due, task.task LIMIT :most
"""


async def teams(connection: AsyncConnection, funds: tuple[Fund, ...], today: date) -> tuple[TeamLoad, ...]:
    """Every role that has something open."""
    rows = await connection.execute(text(TEAMS), {"funds": list(funds), "today": today})
    return tuple(TeamLoad.model_validate(dict(row)) for row in rows.mappings())


async def people(connection: AsyncConnection, funds: tuple[Fund, ...], today: date) -> tuple[PersonLoad, ...]:
    """Every active member of staff, also who has nothing in hand."""
    rows = await connection.execute(text(PEOPLE), {"funds": list(funds), "today": today})
    return tuple(PersonLoad.model_validate(dict(row)) for row in rows.mappings())


async def movable(
    connection: AsyncConnection, fund: Fund, role: Role, holder: str | None, most: int
) -> tuple[Movable, ...]:
    """Open tasks of one role in somebody's hands, or in nobody's; the most urgent first."""
    values = {"fund": fund, "role": role, "holder": holder, "most": most}
    rows = await connection.execute(text(MOVABLE), values)
    return tuple(Movable.model_validate(dict(row)) for row in rows.mappings())


def spread(tasks: tuple[Movable, ...], held: dict[str, int]) -> tuple[tuple[str, str | None], ...]:
    """Each task with the colleague who gets it: who has least among those who may; None when nobody may.

    `held` is what everybody has in hand now. Tasks go in their order, so that the urgent ones are spread evenly too.
    """
    load = dict(held)
    given: list[tuple[str, str | None]] = []
    for task in tasks:
        able = [person for person in load if person not in task.excluded]
        chosen = min(able, key=lambda person: (load[person], person), default=None)
        if chosen is not None:
            load[chosen] += 1
        given.append((task.task, chosen))
    return tuple(given)
