"""What a rehearsed person sees of a dossier: where it stands, the open tasks and the open questions."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import asyncpg
from pydantic import TypeAdapter

from models.messages.facts import Facts

_FACTS: TypeAdapter[Facts] = TypeAdapter(Facts)
_SCENE = """
    SELECT row_to_json(d) AS dossier,
        (SELECT json_agg(t ORDER BY t.task) FROM task t WHERE t.dossier = d.number AND t.state = 'open') AS tasks,
        (SELECT json_agg(r ORDER BY r.request) FROM request r
            WHERE r.dossier = d.number AND r.state = 'open') AS requests
    FROM dossier d WHERE d.number = $1
"""


@dataclass(frozen=True)
class Task:
    """A step that waits for staff."""

    task: str
    step: str
    fund: str
    role: str
    outcomes: list[str]
    excluded: list[str]
    advice: str | None


@dataclass(frozen=True)
class Question:
    """A request that waits for a party outside."""

    request: str
    code: str
    party: str
    wants: list[str]
    until: date
    reminders: int
    opened_at: datetime


@dataclass(frozen=True)
class Scene:
    """A dossier at one moment of its own time."""

    number: str
    kind: str
    phase: str
    sequence: int
    at: datetime
    outcome: str | None
    waiting_on: str | None
    waiting_until: date | None
    tasks: list[Task]
    questions: list[Question]


async def look(pool: asyncpg.Pool, number: str) -> Scene | None:
    """The scene now; None when the dossier has not opened yet."""
    row = await pool.fetchrow(_SCENE, number)
    if row is None:
        return None
    dossier = json.loads(row["dossier"])
    return Scene(
        number=number,
        kind=dossier["kind"],
        phase=dossier["phase"],
        sequence=dossier["sequence"],
        at=datetime.fromisoformat(dossier["updated_at"]),
        outcome=dossier["outcome"],
        waiting_on=dossier["waiting_on"],
        waiting_until=date.fromisoformat(dossier["waiting_until"]) if dossier["waiting_until"] else None,
        tasks=[Task(**{name: each[name] for name in Task.__dataclass_fields__}) for each in _list(row["tasks"])],
        questions=[_question(each) for each in _list(row["requests"])],
    )


async def facts_of(pool: asyncpg.Pool, number: str) -> Facts:
    """What the applicant stated."""
    return _FACTS.validate_json(await pool.fetchval("SELECT facts FROM receipt WHERE number = $1", number))


def _list(text: str | None) -> list[dict[str, Any]]:
    return json.loads(text) if text else []


def _question(row: dict[str, Any]) -> Question:
    return Question(
        request=row["request"],
        code=row["code"],
        party=row["party"],
        wants=row["wants"],
        until=date.fromisoformat(row["until"]),
        reminders=row["reminders"],
        opened_at=datetime.fromisoformat(row["opened_at"]),
    )
