"""What stands in the ledger of budgets: envelopes, the line of those who wait, acts of two people, and every move.

Amounts are euro. A page of a list says in `next` where the following one begins.
"""

from calendar import isleap
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from models.errors import Refusal
from models.messages.message import Message
from models.messages.words import Fund

NOTHING = Decimal(0)
CENT = Decimal("0.01")
PAGE = 50


class EnvelopeStands(Message):
    """One envelope as it stands. `left` is the budget less what is reserved and committed, with what came back."""

    envelope: str
    fund: Fund
    year: int
    instrument: str
    committee: str
    rehearsed: bool
    state: str
    opened_at: datetime
    budget: Decimal
    reserved: Decimal
    committed: Decimal
    paid: Decimal
    recovered: Decimal
    left: Decimal
    waiting: int
    """How many dossiers stand in its line."""
    wanted: Decimal
    """What they want together, beside what they hold."""


class Waiting(Message):
    """A dossier in line. `wanted` is what it still needs; `reason` is `short`, `no_envelope` or `closed`."""

    dossier: str
    place: int
    received_at: datetime
    asked: Decimal
    allowed: Decimal
    wanted: Decimal
    year: int
    envelope: str | None
    reason: str


class WaitingPage(Message):
    """A part of the line."""

    dossiers: tuple[Waiting, ...]
    next: str | None


class Act(Message):
    """What one person proposed about an envelope, and what another decided."""

    act: int
    fund: Fund
    year: int
    envelope: str
    sort: str
    amount: Decimal | None
    to_envelope: str | None
    reason: str
    state: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None


class ActPage(Message):
    """A part of the acts, the newest first."""

    acts: tuple[Act, ...]
    next: int | None


class Entry(Message):
    """One move of room; `dossier` is None where a closed year lapsed."""

    entry: int
    at: datetime
    sort: str
    dossier: str | None
    sequence: int | None
    amount: Decimal


class EntryPage(Message):
    """A part of the moves, the newest first."""

    entries: tuple[Entry, ...]
    next: int | None


class Ceiling(Message):
    """A ceiling that a dossier shares with others, and what of it this one may use."""

    bucket: str
    limit: Decimal
    amount: Decimal
    allowed: Decimal


class BudgetLine(Message):
    """What one dossier holds, of which envelope, and its place in line (0: it does not wait)."""

    dossier: str
    year: int
    envelope: str | None
    state: str
    asked: Decimal
    allowed: Decimal
    reserved: Decimal
    committed: Decimal
    paid: Decimal
    recovered: Decimal
    reason: str | None
    place: int
    ceilings: tuple[Ceiling, ...] = ()


STANDS = """
SELECT box.*, budget - box.reserved - box.committed + box.recovered AS left, coalesce(line.waiting, 0) AS waiting,
    coalesce(line.wanted, 0) AS wanted
FROM envelope AS box LEFT JOIN LATERAL (
    SELECT count(*) AS waiting, sum(allowed - held.reserved - held.committed) AS wanted
    FROM holding AS held WHERE held.envelope = box.envelope AND held.state = 'waiting'
) AS line ON true
"""
LINE = """
SELECT dossier, place, received_at, asked, allowed, allowed - reserved - committed AS wanted, year, envelope, reason
FROM (
    SELECT *, row_number() OVER (PARTITION BY envelope, CASE WHEN envelope IS NULL THEN year END
        ORDER BY received_at, dossier) AS place
    FROM holding
    WHERE state = 'waiting' AND fund = :fund AND (CAST(:envelope AS text) IS NULL OR envelope = :envelope)
        AND (CAST(:year AS int) IS NULL OR coalesce(split_part(envelope, '/', 2)::int, year) = :year)
) AS line
WHERE (received_at, dossier) > (CAST(:since AS timestamptz), CAST(:after AS text))
ORDER BY received_at, dossier LIMIT :most
"""
ACTS = """
SELECT act, fund, split_part(envelope, '/', 2)::int AS year, envelope, sort, amount, to_envelope, reason, state,
    proposed_by, proposed_at, decided_by, decided_at
FROM budget_act
"""
OF_FUND = """
WHERE fund = :fund AND (CAST(:year AS int) IS NULL OR split_part(envelope, '/', 2)::int = :year)
    AND (CAST(:envelope AS text) IS NULL OR :envelope IN (envelope, to_envelope))
    AND (CAST(:pending AS boolean) IS NULL OR (state = 'proposed') = :pending)
    AND (CAST(:before AS int) IS NULL OR act < :before)
ORDER BY act DESC LIMIT :most
"""
ENTRIES = """
SELECT entry, at, sort, dossier, sequence, amount FROM ledger_entry
WHERE (envelope = :envelope OR dossier = :dossier) AND (CAST(:before AS bigint) IS NULL OR entry < :before)
ORDER BY entry DESC LIMIT :most
"""
HELD = """
SELECT dossier, year, envelope, state, asked, allowed, reserved, committed, paid, recovered, reason,
    place_in_line(dossier) AS place
FROM holding WHERE dossier = :dossier
"""
CEILINGS = 'SELECT bucket, "limit", amount, allowed FROM holding_cap WHERE dossier = :dossier ORDER BY bucket'


async def years(connection: AsyncConnection, fund: Fund) -> tuple[int, ...]:
    """The years for which the fund has an envelope, the last one first."""
    found = await connection.execute(
        text("SELECT DISTINCT year FROM envelope WHERE fund = :fund ORDER BY year DESC"), {"fund": fund}
    )
    return tuple(found.scalars())


async def envelopes(connection: AsyncConnection, fund: Fund, year: int) -> tuple[EnvelopeStands, ...]:
    """The envelopes of a fund and year, those of rehearsals last."""
    query = text(f"{STANDS} WHERE box.fund = :fund AND box.year = :year ORDER BY rehearsed, envelope")
    return tuple(EnvelopeStands.model_validate(row) for row in await _rows(connection, query, fund=fund, year=year))


async def envelope(connection: AsyncConnection, name: str) -> EnvelopeStands | None:
    """One envelope; None when there is none of this name, or it may not be seen."""
    found = await _rows(connection, text(f"{STANDS} WHERE box.envelope = :name"), name=name)
    return EnvelopeStands.model_validate(found[0]) if found else None


async def waiting(
    connection: AsyncConnection,
    fund: Fund,
    *,
    year: int | None = None,
    envelope: str | None = None,
    after: str | None = None,
    limit: int = PAGE,
) -> WaitingPage:
    """Who waits for room in a fund, a year or one envelope, in order of receipt; who has no envelope at all too.

    Raises:
        Refusal: `after` is not the `next` of an earlier page.
    """
    since, beyond = _place(after)
    asked = {"fund": fund, "year": year, "envelope": envelope, "since": since, "after": beyond, "most": limit + 1}
    found = [Waiting.model_validate(row) for row in await _rows(connection, text(LINE), **asked)]
    last = found[limit - 1] if len(found) > limit else None
    return WaitingPage(
        dossiers=tuple(found[:limit]), next=f"{last.received_at.isoformat()}|{last.dossier}" if last else None
    )


async def act(connection: AsyncConnection, number: int) -> Act | None:
    """One act; None when there is none, or it may not be seen."""
    found = await _rows(connection, text(f"{ACTS} WHERE act = :number"), number=number)
    return Act.model_validate(found[0]) if found else None


async def acts(
    connection: AsyncConnection,
    fund: Fund,
    *,
    year: int | None = None,
    envelope: str | None = None,
    pending: bool | None = None,
    before: int | None = None,
    limit: int = PAGE,
) -> ActPage:
    """What was proposed and decided, the newest first; `pending` is what nobody decided on yet."""
    asked = {"fund": fund, "year": year, "envelope": envelope, "pending": pending, "before": before, "most": limit + 1}
    found = [Act.model_validate(row) for row in await _rows(connection, text(ACTS + OF_FUND), **asked)]
    return ActPage(acts=tuple(found[:limit]), next=found[limit - 1].act if len(found) > limit else None)


async def entries(
    connection: AsyncConnection,
    *,
    envelope: str | None = None,
    dossier: str | None = None,
    before: int | None = None,
    limit: int = PAGE,
) -> EntryPage:
    """The moves of one envelope or of one dossier, the newest first."""
    asked = {"envelope": envelope, "dossier": dossier, "before": before, "most": limit + 1}
    found = [Entry.model_validate(row) for row in await _rows(connection, text(ENTRIES), **asked)]
    return EntryPage(entries=tuple(found[:limit]), next=found[limit - 1].entry if len(found) > limit else None)


async def budget_line(connection: AsyncConnection, dossier: str) -> BudgetLine | None:
    """What a dossier holds; None when it never asked, or may not be seen."""
    found = await _rows(connection, text(HELD), dossier=dossier)
    if not found:
        return None
    ceilings = await _rows(connection, text(CEILINGS), dossier=dossier)
    return BudgetLine.model_validate({**found[0], "ceilings": ceilings})


def forecast(stands: EnvelopeStands, today: date) -> Decimal:
    """What will be committed by the end of the envelope's year, in euro to the cent.

    What is committed so far, continued at the pace of the days that have passed (the first of January up to and with
    `today`), plus everything that is asked and not yet decided: reserved and in line. It may be more than the budget:
    then somebody will wait. Before its first day and after its last an envelope has no pace.
    """
    days = 366 if isleap(stands.year) else 365
    passed = (today - date(stands.year, 1, 1)).days + 1
    paced = stands.committed * days / passed if 0 < passed <= days else stands.committed
    return (paced + stands.reserved + stands.wanted).quantize(CENT)


def _place(after: str | None) -> tuple[datetime, str]:
    moment, _, dossier = (after or "0001-01-01T00:00:00+00:00|").partition("|")
    try:
        return datetime.fromisoformat(moment), dossier
    except ValueError:
        raise Refusal("PageUnknown", "Dit is geen vervolg van een lijst. Begin de lijst opnieuw.") from None


async def _rows(connection: AsyncConnection, query: TextClause, **values: Any) -> list[Mapping[str, Any]]:
    return [dict(row) for row in (await connection.execute(query, values)).mappings()]
