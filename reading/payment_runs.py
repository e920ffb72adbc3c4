"""Payments on their way to the bank: what is due, runs with who signed them, their lines, and accounts to look at.

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
_RUNS = """
    SELECT run.run, run.fund, run.rehearsed, run.execution_on, run.state, run.made_by, run.made_at, run.reason,
        run.message_id, run.file_name, run.file_hash, run.handed_over_at, run.ended_at,
        coalesce(now.lines, 0) AS lines, coalesce(now.total, 0) AS total, coalesce(now.held, 0) AS held,
        coalesce(now.states, '{}'::jsonb) AS states, coalesce(signed.persons, '{}') AS persons,
        coalesce(signed.moments, '{}') AS moments
    FROM payment_run AS run
    LEFT JOIN LATERAL (
        SELECT sum(lines) FILTER (WHERE pays)::int AS lines, sum(total) FILTER (WHERE pays) AS total,
            sum(lines) FILTER (WHERE state = 'held')::int AS held, jsonb_object_agg(state, lines) AS states
        FROM (
            SELECT state, state NOT IN ('held', 'excluded', 'discarded') AS pays, count(*) AS lines,
                sum(amount) AS total
            FROM payment_line WHERE payment_line.run = run.run GROUP BY state
        ) AS counted
    ) AS now ON true
    LEFT JOIN LATERAL (
        SELECT array_agg(person ORDER BY at) AS persons, array_agg(at ORDER BY at) AS moments
        FROM payment_signature WHERE payment_signature.run = run.run
    ) AS signed ON true
"""
_OF_FUND = f"""{_RUNS} WHERE run.fund = :fund AND (run.state IN ('settled', 'discarded')) = :over
    ORDER BY run.made_at DESC, run.run DESC LIMIT :most"""
_LINES = """
    SELECT line, payment, dossier, instalment, gross, withheld, amount, holder, iban, communication, state, reason,
        "by", changed_at
    FROM payment_line WHERE run = :run AND line > :after AND (CAST(:state AS text) IS NULL OR state = :state)
    ORDER BY line LIMIT :most
"""
_EXCLUDED = """
    SELECT DISTINCT person FROM payment_line AS line JOIN task USING (dossier), unnest(task.excluded) AS person
    WHERE line.run = :run AND line.state = 'included' AND task.step = 'payment' AND task.state = 'open'
    ORDER BY person
"""
_ACCOUNTS = f"""
    SELECT checked.dossier, checked.party, checked.state, checked.changed_by, checked.changed_at, checked.verified_by,
        checked.verified_at, checked.name_check, contact.name AS holder,
        CASE WHEN {_DIGEST} = checked.digest THEN {_ACCOUNT} END AS iban, known.iban AS old_iban,
        dossier.rehearsed, coalesce(waiting.amount, 0) AS waiting
    FROM account_check AS checked JOIN dossier ON dossier.number = checked.dossier
    LEFT JOIN contact ON contact.dossier = checked.dossier AND contact.party = checked.party
    LEFT JOIN LATERAL (
        SELECT min(employer.iban) AS iban FROM receipt JOIN employer USING (enterprise_number)
        WHERE receipt.number = checked.dossier AND checked.party = 'applicant'
    ) AS known ON true
    LEFT JOIN LATERAL (
        SELECT sum(amount) AS amount FROM payment
        WHERE payment.dossier = checked.dossier AND payment.state = 'instructed'
            AND payment.account_of = checked.party
    ) AS waiting ON true
    WHERE dossier.fund = :fund AND (checked.state = 'to_verify') = :open
    ORDER BY coalesce(checked.verified_at, checked.changed_at) DESC, checked.dossier LIMIT :most
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


class Run(Message):
    """One run. `lines` and `total` are those that pay; `persons` signed at `moments`, in order."""

    run: str
    fund: Fund
    rehearsed: bool
    execution_on: date
    state: str
    made_by: str
    made_at: datetime
    reason: str | None
    message_id: str | None
    file_name: str | None
    file_hash: str | None
    handed_over_at: datetime | None
    ended_at: datetime | None
    lines: int
    total: Decimal
    held: int
    states: dict[str, int]
    """How many lines are in each state."""
    persons: tuple[str, ...]
    moments: tuple[datetime, ...]


class Line(Message):
    """One payment of a run. `amount` is what the bank pays: `gross` less what is `withheld`."""

    line: str
    payment: str
    dossier: str
    instalment: int
    gross: Decimal
    withheld: Decimal
    amount: Decimal
    holder: str
    iban: str
    communication: str | None
    state: str
    reason: str | None
    by: str
    changed_at: datetime


class Account(Message):
    """An account that a second person looks at. `iban` is None once the party has another one."""

    dossier: str
    party: str
    rehearsed: bool
    holder: str | None
    iban: str | None
    old_iban: str | None
    """What the employer's own file says."""
    state: str
    changed_by: str
    changed_at: datetime
    verified_by: str | None
    verified_at: datetime | None
    name_check: str | None
    waiting: Decimal
    """What is not paid before somebody looked."""


async def due(connection: AsyncConnection, fund: Fund, limit: int = PAGE) -> tuple[Due, ...]:
    """What is due to a fund and stands in no run: real money first, what has to leave soonest on top."""
    found = await _rows(connection, _LISTED, fund=fund, most=limit)
    return tuple(Due.model_validate(row) for row in found)


async def due_sums(connection: AsyncConnection, fund: Fund) -> tuple[DueSum, ...]:
    """How much is due together, real money first."""
    found = (DueSum.model_validate(row) for row in await _rows(connection, _SUMS, fund=fund))
    return tuple(sorted(found, key=lambda one: one.rehearsed))


async def runs(connection: AsyncConnection, fund: Fund, *, over: bool, limit: int = PAGE) -> tuple[Run, ...]:
    """The runs of a fund that are on their way, or over; the newest first."""
    found = await _rows(connection, _OF_FUND, fund=fund, over=over, most=limit)
    return tuple(Run.model_validate(row) for row in found)


async def run(connection: AsyncConnection, number: str) -> Run | None:
    """One run; None when there is none of this number, or it may not be seen."""
    found = await _rows(connection, f"{_RUNS} WHERE run.run = :run", run=number)
    return Run.model_validate(found[0]) if found else None


async def lines(
    connection: AsyncConnection, number: str, *, state: str | None = None, after: str = "", limit: int = PAGE
) -> tuple[Line, ...]:
    """Lines of a run, of one state or of all, from a line on."""
    found = await _rows(connection, _LINES, run=number, state=state, after=after, most=limit)
    return tuple(Line.model_validate(row) for row in found)


async def file_of(connection: AsyncConnection, number: str) -> bytes | None:
    """The file of a sealed run, byte for byte as it is handed over."""
    found = await _rows(connection, "SELECT content FROM payment_run WHERE run = :run", run=number)
    return bytes(found[0]["content"]) if found and found[0]["content"] is not None else None


async def may_not_sign(connection: AsyncConnection, number: str) -> frozenset[str]:
    """Who took a step before the payment of one of its lines: four eyes."""
    return frozenset(row["person"] for row in await _rows(connection, _EXCLUDED, run=number))


async def accounts(connection: AsyncConnection, fund: Fund, *, settled: bool, limit: int = PAGE) -> tuple[Account, ...]:
    """Accounts that nobody looked at yet, or those that somebody did; the newest first."""
    found = await _rows(connection, _ACCOUNTS, fund=fund, open=not settled, most=limit)
    return tuple(Account.model_validate(row) for row in found)


async def _rows(connection: AsyncConnection, query: str, **values: Any) -> list[Mapping[str, Any]]:
    return [dict(row) for row in (await connection.execute(text(query), values)).mappings()]
