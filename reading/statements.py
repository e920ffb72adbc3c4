"""What the bank said and what became of it: the queue for people, the files, and per account whether all is explained.

Amounts in euro. Whoever asks does so on a connection that shows the rows of the own funds.
"""

from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from models.messages.message import Message

_QUEUE = """
    SELECT entry.entry, entry.fund, entry.account, entry.says, entry.booked_on, entry.amount, entry.direction,
        entry.bank_reference, entry.end_to_end, entry.message_id, entry.communication, entry.counterparty,
        entry.counterparty_iban, entry.text, entry.reason, entry.state, entry.why, entry.dossier, entry.proposed_as,
        entry.proposed_to, entry.proposed_by, file.name AS file
    FROM bank_entry AS entry JOIN bank_file AS file USING (file)
    WHERE entry.fund = ANY (CAST(:funds AS varchar[])) AND entry.state = :state AND entry.entry > :after
    ORDER BY entry.entry LIMIT :limit
"""
_FILES = """
    SELECT file.file, file.fund, file.sort, file.name, file.received_at, file.by, file.entries,
        count(*) FILTER (WHERE entry.state = 'matched') AS matched,
        count(*) FILTER (WHERE entry.state = 'unmatched') AS unmatched,
        count(*) FILTER (WHERE entry.state = 'repeated') AS repeated,
        count(*) FILTER (WHERE entry.state = 'set_aside') AS set_aside
    FROM (
        SELECT * FROM bank_file
        WHERE fund = ANY (CAST(:funds AS varchar[])) AND file < :before ORDER BY file DESC LIMIT :limit
    ) AS file LEFT JOIN bank_entry AS entry USING (file)
    GROUP BY file.file, file.fund, file.sort, file.name, file.received_at, file.by, file.entries
    ORDER BY file.file DESC
"""
_ACTS = """
    SELECT act.sort, act.matched_as, act.matched_to, act.reason, act.by, act.at FROM bank_act AS act
    WHERE act.entry = :entry ORDER BY act.act
"""
_CANDIDATES = """
    SELECT line.line AS target, 'line' AS sort, line.dossier, line.amount, line.state
    FROM payment_line AS line
    WHERE line.fund = :fund AND line.amount = :amount AND NOT EXISTS (
        SELECT FROM bank_entry AS taken WHERE taken.matched_to = line.line AND taken.state = 'matched'
            AND taken.matched_as = CASE :direction WHEN 'debit' THEN 'payment' ELSE 'return' END
    ) AND line.state = ANY (CASE :direction WHEN 'debit' THEN ARRAY['sealed', 'accepted', 'unknown']
        ELSE ARRAY['sealed', 'accepted', 'unknown', 'executed'] END)
    UNION ALL
    SELECT recovery, 'recovery', dossier, amount - received, state FROM recovery
    WHERE :direction = 'credit' AND state = 'approved' AND dossier LIKE :fund || '-%' AND amount - received >= :amount
    ORDER BY target LIMIT :limit
"""
_SUMS = """
    SELECT direction, CASE WHEN state = 'matched' THEN matched_as ELSE state END AS what,
        count(*) AS lines, sum(amount) AS euros
    FROM bank_entry
    WHERE fund = :fund AND account = :account AND booked_on BETWEEN :since AND :until AND says = 'booked'
    GROUP BY 1, 2 ORDER BY 1, 2
"""
_UNEXPLAINED = """
    SELECT direction, coalesce(why, '') AS what, count(*) AS lines, sum(amount) AS euros
    FROM bank_entry
    WHERE fund = :fund AND account = :account AND booked_on BETWEEN :since AND :until AND says = 'booked'
        AND state = 'unmatched'
    GROUP BY 1, 2 ORDER BY 1, 2
"""
_LEDGER = """
    SELECT coalesce(sum(amount), 0) AS euros FROM (
        SELECT line.amount FROM bank_entry AS entry JOIN payment_line AS line ON line.line = entry.matched_to
        WHERE entry.fund = :fund AND entry.account = :account AND entry.booked_on BETWEEN :since AND :until
            AND entry.state = 'matched' AND entry.matched_as = 'payment'
        UNION ALL
        SELECT line.amount FROM bank_entry AS entry JOIN payment_line AS line ON line.run = entry.matched_to
        LEFT JOIN bank_entry AS back
            ON back.matched_as = 'return' AND back.matched_to = line.line AND back.state = 'matched'
        WHERE entry.fund = :fund AND entry.account = :account AND entry.booked_on BETWEEN :since AND :until
            AND entry.state = 'matched' AND entry.matched_as = 'run'
            AND (line.state = 'executed' OR (line.state = 'returned' AND back.entry IS NOT NULL))
    ) AS paid
"""
_BALANCES = """
    SELECT opening, closing, since, until, reference FROM bank_statement JOIN bank_file USING (file)
    WHERE bank_statement.fund = :fund AND bank_statement.account = :account AND sort = 'camt.053'
        AND coalesce(until, received_at::date) BETWEEN :since AND :until AND closing IS NOT NULL
    ORDER BY coalesce(until, received_at::date), file, place
"""
_ACCOUNTS = "SELECT DISTINCT account FROM bank_entry WHERE fund = :fund AND account IS NOT NULL ORDER BY account"


class QueueEntry(Message):
    """One line of the bank. `why` says why it was not matched; `proposed_*` what a first person says it is."""

    entry: int
    fund: str
    account: str | None
    says: str
    booked_on: date
    amount: Decimal | None
    direction: str | None
    bank_reference: str | None
    end_to_end: str | None
    message_id: str | None
    communication: str | None
    counterparty: str | None
    counterparty_iban: str | None
    text: str | None
    reason: str | None
    state: str
    why: str | None
    dossier: str | None
    proposed_as: str | None
    proposed_to: str | None
    proposed_by: str | None
    file: str


class QueuePage(Message):
    """Some lines, oldest first; `next` is the place of the following page."""

    entries: tuple[QueueEntry, ...]
    next: int | None


class ReadFile(Message):
    """A file of the bank and how many of its lines are what."""

    file: int
    fund: str
    sort: str
    name: str
    received_at: datetime
    by: str
    entries: int
    matched: int
    unmatched: int
    repeated: int
    set_aside: int


class Act(Message):
    """What a person did with a line."""

    sort: str
    matched_as: str | None
    matched_to: str | None
    reason: str | None
    by: str
    at: datetime


class Candidate(Message):
    """What a line could be matched to by hand: its amount fits."""

    target: str
    sort: str
    dossier: str
    amount: Decimal
    state: str


class Sum(Message):
    """Lines of a sort. `what`: payment, run, return, recovery, unmatched, set_aside, repeated; or a reason."""

    direction: str
    what: str
    lines: int
    euros: Decimal


class Balance(Message):
    """What one statement says it began and ended with."""

    reference: str
    opening: Decimal | None
    closing: Decimal
    since: date | None
    until: date | None


class Reconciliation(Message):
    """One account of a fund from one day to another, both included."""

    fund: str
    account: str
    since: date
    until: date
    sums: tuple[Sum, ...]
    unexplained: tuple[Sum, ...]
    """What could not be matched, by its reason."""
    paid_by_statements: Decimal
    """What left by our own orders, as the bank booked it."""
    paid_by_lines: Decimal
    """The same as the payment lines say it."""
    balances: tuple[Balance, ...]
    unbroken: bool
    """Every statement begins with what the one before it ended with."""
    complete: bool
    """Every line is explained, what the bank booked is what the lines say, and no statement is missing."""


async def queue(
    connection: AsyncConnection,
    funds: tuple[str, ...],
    *,
    state: str = "unmatched",
    after: int = 0,
    limit: int = 50,
) -> QueuePage:
    """Lines that wait for a person, or those of another state, from a place on."""
    values = {"funds": list(funds), "state": state, "after": after, "limit": limit + 1}
    found = [QueueEntry.model_validate(dict(row)) for row in await _rows(connection, _QUEUE, values)]
    shown = found[:limit]
    return QueuePage(entries=tuple(shown), next=shown[-1].entry if len(found) > limit else None)


async def files(
    connection: AsyncConnection, funds: tuple[str, ...], *, before: int | None = None, limit: int = 50
) -> tuple[ReadFile, ...]:
    """Files that were read, the newest first, those from before a file on."""
    values = {"funds": list(funds), "before": before or 2**62, "limit": limit}
    return tuple(ReadFile.model_validate(dict(row)) for row in await _rows(connection, _FILES, values))


async def acts(connection: AsyncConnection, entry: int) -> tuple[Act, ...]:
    """What people did with a line, in order."""
    return tuple(Act.model_validate(dict(row)) for row in await _rows(connection, _ACTS, {"entry": entry}))


async def candidates(connection: AsyncConnection, entry: QueueEntry, limit: int = 20) -> tuple[Candidate, ...]:
    """Payment lines and claims whose amount fits a line."""
    values = {"fund": entry.fund, "amount": entry.amount, "direction": entry.direction, "limit": limit}
    return tuple(Candidate.model_validate(dict(row)) for row in await _rows(connection, _CANDIDATES, values))


async def reconciliation(
    connection: AsyncConnection, fund: str, since: date, until: date
) -> tuple[Reconciliation, ...]:
    """For each account of a fund of which the bank said anything: is every euro explained?"""
    accounts = [row["account"] for row in await _rows(connection, _ACCOUNTS, {"fund": fund})]
    period = {"fund": fund, "since": since, "until": until}
    return tuple([await _reconciled(connection, {**period, "account": account}) for account in accounts])


async def _reconciled(connection: AsyncConnection, asked: dict[str, Any]) -> Reconciliation:
    sums = tuple(Sum.model_validate(dict(row)) for row in await _rows(connection, _SUMS, asked))
    strange = await _rows(connection, _UNEXPLAINED, asked)
    unexplained = tuple(Sum.model_validate(dict(row)) for row in strange)
    by_lines: Decimal = (await _rows(connection, _LEDGER, asked))[0]["euros"]
    ours = (one.euros for one in sums if one.direction == "debit" and one.what in ("payment", "run"))
    by_statements = sum(ours, Decimal(0))
    balances = tuple(Balance.model_validate(dict(row)) for row in await _rows(connection, _BALANCES, asked))
    unbroken = _unbroken(balances)
    return Reconciliation(
        **asked,
        sums=sums,
        unexplained=unexplained,
        paid_by_statements=by_statements,
        paid_by_lines=by_lines,
        balances=balances,
        unbroken=unbroken,
        complete=not unexplained and by_statements == by_lines and unbroken,
    )


def _unbroken(balances: tuple[Balance, ...]) -> bool:
    """A statement that was sent a second time, in another file, breaks nothing."""
    told = list(dict.fromkeys(balances))
    return all(later.opening in (None, earlier.closing) for earlier, later in pairwise(told))


async def _rows(connection: AsyncConnection, statement: str, values: dict[str, Any]) -> Any:
    return (await connection.execute(text(statement), values)).mappings().all()
