"""The work list: open tasks in the order of their last day, in pages that stay fast however long the list is."""

from datetime import date
from decimal import Decimal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from models.errors import Refusal
from models.messages.message import Message
from models.messages.words import Fund, Role

FIRST = date(1, 1, 1)


class WorkListQuery(Message):
    """Which tasks are asked for; what is left out does not narrow."""

    funds: tuple[Fund, ...] = tuple(Fund)
    roles: tuple[Role, ...] = tuple(Role)
    person: str | None = None
    """Only tasks this person may still take: four eyes leave some out, and so do tasks in another's hands."""
    dossier: str | None = None
    late_on: date | None = None
    """Only tasks whose last day lies before this day."""
    limit: int = 50
    after: str | None = None
    """The cursor of the page before."""


class WaitingTask(Message):
    """One line of the work list. `holder` has it in hand."""

    task: str
    dossier: str
    fund: str
    kind: str
    step: str
    role: str
    due: date
    derivation: str
    outcomes: list[str]
    amount: Decimal | None
    advice: str | None
    holder: str | None

    @property
    def cursor(self) -> str:
        """Where a next page begins."""
        return f"{self.due.isoformat()}~{self.task}"


class WorkList(Message):
    """One page, and the cursor of the next one when there is more."""

    tasks: tuple[WaitingTask, ...]
    next: str | None


STATEMENT = """
SELECT task.*, hold.person AS holder
FROM unnest(CAST(:funds AS text[])) AS fund, unnest(CAST(:roles AS text[])) AS role,
LATERAL (
    SELECT task, dossier, fund, kind, step, role, due, derivation, outcomes, amount, advice
    FROM task AS listed
    WHERE listed.state = 'open' AND listed.fund = fund.fund AND listed.role = role.role
      AND (listed.due, listed.task) > (:due, :task)
      AND listed.due < :late
      {narrowed}
    ORDER BY listed.due, listed.task
    LIMIT :limit
) AS task
LEFT JOIN task_hold AS hold USING (task)
ORDER BY task.due, task.task
LIMIT :limit
"""
"""Every fund and role is one short walk along the index `task_list`; together they are merged. Tested with EXPLAIN."""
_OF_DOSSIER = "AND listed.dossier = :dossier"
_FOR_PERSON = """AND NOT :person = ANY(listed.excluded)
      AND NOT EXISTS (SELECT FROM task_hold WHERE task_hold.task = listed.task AND task_hold.person <> :person)"""


async def tasks(connection: AsyncConnection, query: WorkListQuery) -> WorkList:
    """One page of the work list.

    Raises:
        Refusal: `after` is no cursor of ours.
    """
    statement, values = question(query)
    rows = (await connection.execute(text(statement), values)).mappings()
    found = [WaitingTask.model_validate(dict(row)) for row in rows]
    page = tuple(found[: query.limit])
    return WorkList(tasks=page, next=page[-1].cursor if len(found) > query.limit else None)


def question(query: WorkListQuery) -> tuple[str, dict[str, object]]:
    """The statement and its values; one row more than the page, to know whether there is a next."""
    due, task = _position(query.after)
    values: dict[str, object] = {
        "funds": [fund.value for fund in query.funds],
        "roles": [role.value for role in query.roles],
        "due": due,
        "task": task,
        "late": query.late_on or date.max,
        "limit": query.limit + 1,
    }
    narrowed = []
    if query.dossier is not None:
        narrowed.append(_OF_DOSSIER)
        values["dossier"] = query.dossier
    if query.person is not None:
        narrowed.append(_FOR_PERSON)
        values["person"] = query.person
    return STATEMENT.format(narrowed="\n      ".join(narrowed)), values


def _position(cursor: str | None) -> tuple[date, str]:
    if cursor is None:
        return FIRST, ""
    day, _, task = cursor.partition("~")
    try:
        return date.fromisoformat(day), task
    except ValueError:
        raise Refusal(
            "BadCursor", f"'{cursor}' is geen plaats in de werklijst. Neem de waarde over uit 'next'."
        ) from None
