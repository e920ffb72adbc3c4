"""Payment runs, their lines, and accounts that wait for a second person; for pages and commands.

Amounts in euro. Whoever asks does so on a connection that shows the rows of the own funds. Lists end where the next
page begins.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from models.messages.message import Message

_PAYS = "line.state NOT IN ('held', 'excluded', 'discarded')"
_RUN = f"""
    SELECT run.run, run.fund, run.rehearsed, run.execution_on, run.state, run.made_by, run.made_at, run.message_id,
        run.file_name, run.file_hash, run.reason, run.sealed_at, run.handed_over_at, run.ended_at, counted.*,
        coalesce((
            SELECT jsonb_agg(
                jsonb_build_object('person', person, 'on_behalf_of', on_behalf_of, 'at', at) ORDER BY at
            ) FROM payment_signature AS signed WHERE signed.run = run.run
        ), '[]') AS signatures
    FROM payment_run AS run CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE {_PAYS}) AS lines, count(*) FILTER (WHERE line.state = 'held') AS held,
            coalesce(sum(line.amount) FILTER (WHERE {_PAYS}), 0) AS total,
            count(*) FILTER (WHERE line.state IN ('sealed', 'accepted')) AS waiting,
            count(*) FILTER (WHERE line.state = 'unknown') AS unknown
        FROM payment_line AS line WHERE line.run = run.run
    ) AS counted
"""
_RUNS = f"""{_RUN}
    WHERE run.fund = ANY (CAST(:funds AS varchar[])) AND run.run < :before
        AND (CAST(:states AS varchar[]) IS NULL OR run.state = ANY (CAST(:states AS varchar[])))
    ORDER BY run.run DESC LIMIT :limit
"""
_ONE = f"{_RUN} WHERE run.run = :run"
_LINES = """
    SELECT line, run, payment, dossier, fund, instalment, gross, withheld, amount, natural_person, holder, iban,
        communication, state, reason, by, changed_at
    FROM payment_line WHERE run = :run AND line > :after
        AND (CAST(:states AS varchar[]) IS NULL OR state = ANY (CAST(:states AS varchar[])))
    ORDER BY line LIMIT :limit
"""
_UNKNOWN = """
    SELECT line, run, payment, dossier, fund, instalment, gross, withheld, amount, natural_person, holder, iban,
        communication, state, reason, by, changed_at
    FROM payment_line WHERE state = 'unknown' AND fund = ANY (CAST(:funds AS varchar[])) AND line > :after
    ORDER BY line LIMIT :limit
"""
_ACCOUNTS = """
    SELECT looked.dossier, looked.party, looked.digest, looked.state, looked.changed_by, looked.changed_at,
        looked.verified_by, looked.verified_at, looked.name_check, contact.name AS holder,
        CASE WHEN encode(sha256(convert_to(upper(regexp_replace(contact.iban, '\\s', '', 'g')), 'UTF8')), 'hex')
            = looked.digest THEN contact.iban END AS iban,
        (SELECT min(employer.iban) FROM employer JOIN receipt USING (enterprise_number)
            WHERE receipt.number = looked.dossier AND looked.party = 'applicant') AS old_iban
    FROM account_check AS looked LEFT JOIN contact USING (dossier, party)
    WHERE split_part(looked.dossier, '-', 1) = ANY (CAST(:funds AS varchar[]))
        AND (looked.state = 'to_verify') = :open
    ORDER BY looked.changed_at DESC, looked.dossier, looked.party LIMIT :limit
"""
_DUE = """
    SELECT dossier.fund, dossier.rehearsed, count(*) AS payments, sum(payment.amount) AS total
    FROM payment JOIN dossier ON dossier.number = payment.dossier
    WHERE payment.state = 'instructed' AND dossier.fund = ANY (CAST(:funds AS varchar[])) AND NOT EXISTS (
        SELECT FROM payment_line AS line WHERE line.payment = payment.payment
            AND line.state IN ('included', 'sealed', 'accepted', 'executed', 'unknown')
    )
    GROUP BY dossier.fund, dossier.rehearsed ORDER BY dossier.fund, dossier.rehearsed
"""
_TAX = """
    SELECT line.fund, line.holder, line.iban, count(*) AS payments, sum(line.gross) AS gross,
        sum(line.withheld) AS withheld, sum(line.amount) AS net,
        array_agg(line.dossier ORDER BY line.dossier) AS dossiers
    FROM payment_line AS line JOIN payment_run AS run USING (run)
    WHERE line.natural_person AND line.state = 'executed' AND NOT run.rehearsed
        AND run.fund = ANY (CAST(:funds AS varchar[]))
        AND run.execution_on BETWEEN make_date(:year, 1, 1) AND make_date(:year, 12, 31)
    GROUP BY line.fund, line.holder, line.iban ORDER BY line.fund, line.holder, line.iban
"""


class Signature(Message):
    """Who signed, for whom, and when."""

    person: str
    on_behalf_of: str | None
    at: datetime


class Run(Message):
    """One payment run; `lines` and `total` are of what it pays, as it stands now."""

    run: str
    fund: str
    rehearsed: bool
    execution_on: date
    state: str
    made_by: str
    made_at: datetime
    message_id: str | None
    file_name: str | None
    file_hash: str | None
    reason: str | None
    sealed_at: datetime | None
    handed_over_at: datetime | None
    ended_at: datetime | None
    lines: int
    held: int
    total: Decimal
    waiting: int
    """Lines of which the bank has not said the last word."""
    unknown: int
    """Lines that a person has to find out about."""
    signatures: tuple[Signature, ...]


class Line(Message):
    """One payment in a run. Personal."""

    line: str
    run: str
    payment: str
    dossier: str
    fund: str
    instalment: int
    gross: Decimal
    withheld: Decimal
    amount: Decimal
    natural_person: bool
    holder: str
    iban: str
    communication: str | None
    state: str
    reason: str | None
    by: str
    changed_at: datetime


class Account(Message):
    """An account that a second person looks at, or looked at; `iban` is None once the party has another one."""

    dossier: str
    party: str
    digest: str
    state: str
    changed_by: str
    changed_at: datetime
    verified_by: str | None
    verified_at: datetime | None
    name_check: str | None
    holder: str | None
    iban: str | None
    old_iban: str | None
    """The account that the employers' file has."""


class DueSum(Message):
    """How many payments of a fund wait for a run, and their gross sum."""

    fund: str
    rehearsed: bool
    payments: int
    total: Decimal


class Paid(Message):
    """What a person was paid in a year, for the tax slip."""

    fund: str
    holder: str
    iban: str
    payments: int
    gross: Decimal
    withheld: Decimal
    net: Decimal
    dossiers: tuple[str, ...]


async def runs(
    connection: AsyncConnection,
    funds: Iterable[str],
    *,
    states: Iterable[str] | None = None,
    before: str | None = None,
    limit: int = 50,
) -> tuple[Run, ...]:
    """Runs of these funds, the latest first; `before` is the number of the last run of the page before."""
    asked = {"funds": list(funds), "states": None if states is None else list(states)}
    found = await connection.execute(text(_RUNS), asked | {"before": before or "~", "limit": limit})
    return tuple(Run.model_validate(dict(row)) for row in found.mappings())


async def one_run(connection: AsyncConnection, number: str) -> Run | None:
    """One run; None when there is none that may be seen."""
    row = (await connection.execute(text(_ONE), {"run": number})).mappings().one_or_none()
    return None if row is None else Run.model_validate(dict(row))


async def lines(
    connection: AsyncConnection, run: str, *, states: Iterable[str] | None = None, after: str = "", limit: int = 200
) -> tuple[Line, ...]:
    """Lines of a run in the order of their names; `after` is the last line of the page before."""
    asked = {"run": run, "states": None if states is None else list(states), "after": after, "limit": limit}
    found = await connection.execute(text(_LINES), asked)
    return tuple(Line.model_validate(dict(row)) for row in found.mappings())


async def unknown_lines(
    connection: AsyncConnection, funds: Iterable[str], *, after: str = "", limit: int = 200
) -> tuple[Line, ...]:
    """Lines of which the bank said nothing in its days: a person finds out."""
    found = await connection.execute(text(_UNKNOWN), {"funds": list(funds), "after": after, "limit": limit})
    return tuple(Line.model_validate(dict(row)) for row in found.mappings())


async def content(connection: AsyncConnection, run: str) -> bytes | None:
    """The sealed file, byte for byte; None when there is none yet."""
    query = text("SELECT content FROM payment_run WHERE run = :run")
    found: bytes | None = await connection.scalar(query, {"run": run})
    return found


async def accounts(
    connection: AsyncConnection, funds: Iterable[str], *, settled: bool = False, limit: int = 200
) -> tuple[Account, ...]:
    """Accounts that wait for a second person, the latest first; or those that were looked at."""
    found = await connection.execute(text(_ACCOUNTS), {"funds": list(funds), "open": not settled, "limit": limit})
    return tuple(Account.model_validate(dict(row)) for row in found.mappings())


async def due_sums(connection: AsyncConnection, funds: Iterable[str]) -> tuple[DueSum, ...]:
    """What waits for a run, per fund, real and rehearsed apart."""
    found = await connection.execute(text(_DUE), {"funds": list(funds)})
    return tuple(DueSum.model_validate(dict(row)) for row in found.mappings())


async def paid_to_people(connection: AsyncConnection, funds: Iterable[str], year: int) -> tuple[Paid, ...]:
    """Premiums that were executed in a calendar year, per person by name and account; rehearsed ones left out."""
    found = await connection.execute(text(_TAX), {"funds": list(funds), "year": year})
    return tuple(Paid.model_validate(dict(row)) for row in found.mappings())
