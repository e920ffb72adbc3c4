"""What happened in a trajectory, as far as the days it lives by depend on it."""

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from models.messages.events import AnyEvent
from models.messages.facts import TrajectoryFacts
from models.messages.words import Kind
from models.tables import DossierRow, EventRow, Participant
from reading import stated

TELLING = (
    *("phase_entered", "regime_chosen", "request_answered", "answer_kept"),
    *("reported", "clock_stopped", "clock_resumed", "dates_moved"),
)
_EVENT: TypeAdapter[AnyEvent] = TypeAdapter(AnyEvent)


class Lived(NamedTuple):
    """One trajectory: what was stated, what happened since, and when it is in its own time."""

    fund: str
    received_at: datetime
    outcome: str | None
    facts: TrajectoryFacts
    events: tuple[tuple[datetime, AnyEvent], ...]
    sequence: int
    now: datetime
    first_name: str | None
    last_name: str | None
    birth_date: date | None


async def lived(connection: AsyncConnection, number: str) -> Lived | None:
    """A trajectory that may be seen; None for another kind, and for one that is not there."""
    columns = (col(DossierRow.fund), col(DossierRow.received_at), col(DossierRow.outcome), col(DossierRow.rehearsed))
    query = select(*columns).where(col(DossierRow.number) == number, col(DossierRow.kind) == Kind.TRAJECTORY.value)
    row = (await connection.execute(query)).first()
    facts = await stated.facts(connection, number)
    if row is None or not isinstance(facts, TrajectoryFacts):
        return None
    told = select(EventRow).where(col(EventRow.dossier) == number).order_by(col(EventRow.sequence))
    events = (await connection.execute(told)).all()
    ahead = events[-1].at - events[-1].recorded_at if row.rehearsed and events else timedelta(0)
    people = select(Participant).where(col(Participant.dossier) == number).order_by(col(Participant.line))
    person = (await connection.execute(people.limit(1))).first()
    return Lived(
        row.fund,
        row.received_at,
        row.outcome,
        facts,
        tuple(
            (one.at, _EVENT.validate_python({"type": one.type, **one.data})) for one in events if one.type in TELLING
        ),
        events[-1].sequence if events else 0,
        datetime.now(UTC) + ahead,
        person.first_name if person else None,
        person.last_name if person else None,
        person.birth_date if person else None,
    )
