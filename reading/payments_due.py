"""What a desk of finance needs beside the runs: what is due and stands in none, how lines stand, who may not sign.

Amounts in euro. Whoever asks does so on a connection that shows the rows of the own funds.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from models.messages.message import Message
from models.messages.words import Fund

PAGE = 100
LIVE = "('included', 'sealed', 'accepted', 'executed', 'unknown')"
_ACCOUNT = "upper(regexp_replace(contact.iban, '\\s', '', 'g'))"
_DIGEST = f"encode(sha256(convert_to({_ACCOUNT}, 'UTF8')), 'hex')"
_DUE = f"""
    SELECT payment.payment, payment.dossier, payment.instalment, payment.amount, payment.instructed_at,
        dossier.rehearsed, contact.name AS holder, {_ACCOUNT} AS iban, task.due AS until,
        coalesce(account_check.state, '') AS account
    FROM payment JOIN dossier ON dossier.number = payment.dossier
    LEFT JOIN contact ON contact.dossier = payment.dossier AND contact.party = payment.account_of
    LEFT JOIN account_check ON account_check.dossier = payment.dossier
        AND account_check.party = payment.account_of AND account_check.digest = {_DIGEST}
    LEFT JOIN LATERAL (
        SELECT min(due) AS due FROM task
        WHERE task.dossier = payment.dossier AND task.step = 'payment' AND task.state = 'open'
    ) AS task ON true
    WHERE payment.state = 'instructed' AND dossier.fund = :fund AND NOT EXISTS (
        SELECT FROM payment_line AS line JOIN payment_run USING (run) WHERE line.payment = payment.payment
            AND (line.state IN {LIVE} OR (line.state = 'held' AND payment_run.state IN ('draft', 'signing')))
    )
"""
_LISTED = f"{_DUE} ORDER BY dossier.rehearsed, task.due NULLS LAST, payment.payment LIMIT :most"
_SUMS = f"SELECT rehearsed, count(*) AS lines, sum(amount) AS total FROM ({_DUE}) AS due GROUP BY rehearsed"
_EXCLUDED = """
    SELECT DISTINCT earlier.person FROM payment_line AS line JOIN task USING (dossier),
        unnest(task.excluded) AS earlier (person)
    WHERE line.run = :run AND line.state = 'included' AND task.step = 'payment' AND task.state = 'open'
    ORDER BY earlier.person
"""


class Due(Message):
    """A payment that was instructed and stands in no run. `account`: what is known of a changed account, or nothing."""

    payment: str
    dossier: str
    instalment: int
    amount: Decimal
    instructed_at: datetime
    until: date | None
    """The last day by which the fund pays."""
    rehearsed: bool
    holder: str | None
    iban: str | None
    account: str


class DueSum(Message):
    """Everything that is due together, real or rehearsed."""

    rehearsed: bool
    lines: int
    total: Decimal


async def due(connection: AsyncConnection, fund: Fund, limit: int = PAGE) -> tuple[Due, ...]:
    """What is due to a fund and stands in no run: real money first, what has to leave soonest on top."""
    found = await _rows(connection, _LISTED, fund=fund, most=limit)
    return tuple(Due.model_validate(row) for row in found)


async def sums(connection: AsyncConnection, fund: Fund) -> tuple[DueSum, ...]:
    """How much is due together, real money first."""
    found = (DueSum.model_validate(row) for row in await _rows(connection, _SUMS, fund=fund))
    return tuple(sorted(found, key=lambda one: one.rehearsed))


async def states(connection: AsyncConnection, run: str) -> dict[str, int]:
    """How many lines of a run are in each state."""
    counted = "SELECT state, count(*) AS lines FROM payment_line WHERE run = :run GROUP BY state ORDER BY state"
    return {row["state"]: row["lines"] for row in await _rows(connection, counted, run=run)}


async def may_not_sign(connection: AsyncConnection, number: str) -> frozenset[str]:
    """Who took a step before the payment of one of its lines: four eyes."""
    return frozenset(row["person"] for row in await _rows(connection, _EXCLUDED, run=number))


async def _rows(connection: AsyncConnection, query: str, **values: Any) -> list[Mapping[str, Any]]:
    return [dict(row) for row in (await connection.execute(text(query), values)).mappings()]
