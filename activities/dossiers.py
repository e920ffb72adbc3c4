"""`record`: everything one step of a dossier says, in one transaction; said twice, it is stored once."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.projections import Put, puts
from activities.statements import BUDGETED, Statement, merged
from models import chain
from models.messages.events import BudgetAnswer, BudgetAsked, Event, MailPlanned, MailsWithdrawn, Recorded, Step

Row = dict[str, Any]
SYSTEM = "system"
"""Who speaks when nobody acts."""
BRUSSELS = ZoneInfo("Europe/Brussels")
LEFT_BY = timedelta(hours=10)
"""By this time of its day a message of a rehearsed dossier has left, in the dossier's own time."""


class Dossiers:
    """Writes the journal and everything that follows from it. `pool` is asyncpg's own: this is the hot path."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    @activity.defn
    async def record(self, step: Step) -> Recorded:
        """Append the step's events, update the projections and plan the mails; returns where the journal now stands.

        Events that stand already are left as they are, so a repeated step changes nothing. A step that asks room in the
        budget is answered with what the ledger holds for the dossier, also when it is repeated.

        Raises:
            ApplicationError: (type JournalConflict, not retried) another fact stands under the same sequence, or a
                sequence is missing.
        """
        async with self._pool.acquire() as connection:
            stored = await _stored(connection, step)
            if not any(isinstance(event.fact, BudgetAsked) for event in step.events):
                return stored
            return stored.model_copy(update={"budget": await _held(connection, step.dossier)})


async def _stored(connection: Any, step: Step) -> Recorded:
    """Store what does not stand yet of a step."""
    stored = await _store(connection, step, step.events[0].sequence - 1)
    if stored is not None:
        return stored
    standing = await _standing(connection, step)
    fresh = tuple(event for event in step.events if event.sequence > standing.sequence)
    if not fresh:
        return standing
    if fresh[0].sequence != standing.sequence + 1:
        raise _conflict(step.dossier, f"event {standing.sequence + 1} is missing")
    rest = Step(dossier=step.dossier, events=fresh, head=standing.head)
    stored = await _store(connection, rest, standing.sequence)
    if stored is None:  # somebody else stored meanwhile: look again
        raise ConnectionError(f"{step.dossier}: the journal moved")
    return stored


async def _held(connection: Any, number: str) -> BudgetAnswer:
    """What the triggers of the ledger decided: they saw the step in its own transaction."""
    held = await connection.fetchrow("SELECT sequence, state, allowed, reason FROM holding WHERE dossier = $1", number)
    return BudgetAnswer(**held)


def _rows(step: Step) -> list[Row]:
    """The step's events as they are stored, each tied to the one before."""
    rows: list[Row] = []
    recorded_at, head = datetime.now(UTC), step.head
    for event in step.events:
        data = chain.stored_data(event)
        digest = chain.chain(step.dossier, event, data, head)
        rows.append(
            {
                "dossier": step.dossier,
                "sequence": event.sequence,
                "type": event.fact.type,
                "at": event.at,
                "recorded_at": recorded_at,
                "by": event.by,
                "data": json.dumps(data, ensure_ascii=False),
                "previous": head,
                "hash": digest,
            }
        )
        head = digest
    return rows


async def _store(connection: Any, step: Step, standing: int) -> Recorded | None:
    """Write the step behind event `standing`; None when the journal stands elsewhere, and nothing is written."""
    rows = _rows(step)
    end = Recorded(sequence=step.events[-1].sequence, head=rows[-1]["hash"], budgeted=False)
    last = {"sequence": end.sequence, "head": end.head, "updated_at": step.events[-1].at}
    changes = merged(
        [*(put for event in step.events for put in puts(step.dossier, event)), Put("dossier", (step.dossier,), last)]
    )
    statement = Statement(changes.pop(("dossier", (step.dossier,))), standing, step.head)
    statement.insert("event", rows)
    for put in changes.values():
        statement.put(put)
    statement.insert("effect", _planned(step))
    for event in step.events:
        if isinstance(event.fact, MailsWithdrawn):
            had_left = (event.at.astimezone(BRUSSELS) - LEFT_BY).date()
            told = (event.fact.party, event.fact.occasion)
            statement.withdraw(step.dossier, *told, had_left, rows[0]["recorded_at"])
    if step.events[0].sequence == 1:
        statement.put(Put("receipt", (step.dossier,), {"started_at": rows[0]["recorded_at"]}))
    passed, budgeted = await connection.fetchrow(statement.text(), *statement.values())
    return end.model_copy(update={"budgeted": budgeted}) if passed else None


def _planned(step: Step) -> list[Row]:
    """The mails the step plans; one that stands in the ledger already is left alone."""
    now = datetime.now(UTC)
    planned: list[Row] = []
    for event in step.events:
        if isinstance(event.fact, MailPlanned):
            planned.append(_effect(step.dossier, event, event.fact, now))
        elif isinstance(event.fact, MailsWithdrawn):  # planned in this step too: the statement does not see those yet
            for row in planned:
                row |= {"state": "withdrawn", "ended_at": now} if _is_of(row, event.fact) else {}
    return planned


def _is_of(row: Row, withdrawn: MailsWithdrawn) -> bool:
    if row["party"] != withdrawn.party:
        return False
    return withdrawn.occasion is None or f"{row['occasion']}/".startswith(f"{withdrawn.occasion}/")


def _effect(dossier: str, event: Event, mail: MailPlanned, now: datetime) -> Row:
    return {
        "effect": mail.effect,
        "dossier": dossier,
        "template": mail.template,
        "occasion": mail.occasion,
        "party": mail.party,
        "role": mail.role,
        "values": json.dumps(mail.values, ensure_ascii=False),
        "dated": event.at.astimezone(BRUSSELS).date(),
        "state": "planned",
        "attempts": 0,
        "not_before": now,
        "planned_at": now,
        "ended_at": None,
    }


async def _standing(connection: Any, step: Step) -> Recorded:
    """How far the journal stands, after making sure that what is repeated is what stands there."""
    found = await connection.fetchrow(
        f"SELECT sequence, head, {BUDGETED} AS budgeted FROM dossier WHERE number = $1", step.dossier
    )
    if found is None:
        raise _conflict(step.dossier, "the dossier was never opened")
    repeated = [event for event in step.events if event.sequence <= found["sequence"]]
    stands = await connection.fetch(
        "SELECT sequence, type, by, data FROM event WHERE dossier = $1 AND sequence = ANY($2::int[])",
        step.dossier,
        [event.sequence for event in repeated],
    )
    standing = {row["sequence"]: row for row in stands}
    for event in repeated:
        if not _same(event, standing[event.sequence]):
            raise _conflict(step.dossier, f"event {event.sequence} is another {standing[event.sequence]['type']}")
    return Recorded(**found)


def _same(event: Event, row: Any) -> bool:
    """Whether a repeated event is the one that stands. What the house says of itself may have another date when it is
    said again the next day; what somebody told may not have changed."""
    if (event.fact.type, event.by) != (row["type"], row["by"]):
        return False
    return event.by == SYSTEM or chain.stored_data(event) == json.loads(row["data"])


def _conflict(dossier: str, text: str) -> ApplicationError:
    return ApplicationError(f"{dossier}: {text}", type="JournalConflict", non_retryable=True)
