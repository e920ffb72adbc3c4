"""Two people signed: what is still due is locked, written as one file, and kept with its digest in one transaction.

After this nothing of the run changes any more; the file is handed over byte for byte as it stands here.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

import policies
from banking import orders
from banking.references import message_id
from database import transaction
from models.errors import Refusal
from models.messages.payment_runs import HoldReason, RunStanding
from models.messages.words import Fund
from policies import LegalPerson
from schemes.calendar import local_date, next_bank_day
from schemes.identifiers import compact_iban
from treasury.checking import ANSWERED
from treasury.standing import OPEN_FOR_CHANGE, SIGNATURES_NEEDED, locked, now, standing

log = structlog.get_logger("treasury")

_LOCK_DOSSIERS = """
    SELECT number FROM dossier
    WHERE number IN (SELECT dossier FROM payment_line WHERE run = :run AND state = 'included')
    ORDER BY number FOR SHARE
"""
"""A dossier that is locked says nothing meanwhile. Before the payments, as a dossier itself does."""
_LOCK_PAYMENTS = """
    SELECT payment FROM payment
    WHERE payment IN (SELECT payment FROM payment_line WHERE run = :run AND state = 'included')
    ORDER BY payment FOR UPDATE
"""
"""An answer by hand waits for this lock, and is refused after it."""
_LOOK_AGAIN = f"""
    SELECT line.line, line.dossier, line.amount, line.holder, line.iban, line.communication,
        payment.state <> 'instructed' AS settled, dossier.outcome IS NOT NULL AS closed,
        dossier.paid + line.gross > dossier.granted AS above, {ANSWERED} AS answered, contact.iban AS stated,
        EXISTS (
            SELECT FROM pending_command AS kept WHERE kept.dossier = line.dossier
            AND kept.command -> 'by' ->> 'party' = payment.account_of
            AND kept.command -> 'enclosed' ->> 'account' IS NOT NULL
        ) AS another
    FROM payment_line AS line
    JOIN payment USING (payment)
    JOIN dossier ON dossier.number = line.dossier
    LEFT JOIN contact ON contact.dossier = line.dossier AND contact.party = payment.account_of
    WHERE line.run = :run AND line.state = 'included'
    ORDER BY line.line
"""
_DROP = """
    UPDATE payment_line AS line SET state = 'excluded', reason = gone.reason, by = 'system', changed_at = :at
    FROM unnest(CAST(:lines AS text[]), CAST(:reasons AS text[])) AS gone (line, reason) WHERE line.line = gone.line
"""
_LEAVE = """
    UPDATE payment_line SET state = 'excluded', by = 'system', changed_at = :at WHERE run = :run AND state = 'held'
"""
"""What is held when a run is sealed keeps its reason and is due again in the next one."""
_SEAL = """
    WITH lines AS (
        UPDATE payment_line SET state = 'sealed', changed_at = :at WHERE run = :run AND state = 'included'
    )
    UPDATE payment_run SET state = 'sealed', execution_on = :execution_on, lines = :lines, total = :total,
        message_id = :message_id, file_name = :file_name, file_hash = :file_hash, content = :content, sealed_at = :at
    WHERE run = :run
"""
_NOTHING_LEFT = """
    UPDATE payment_run SET state = 'discarded', reason = 'no_lines_left', ended_at = :at WHERE run = :run
"""
_BACK = """
    WITH gone AS (DELETE FROM payment_signature WHERE run = :run)
    UPDATE payment_run SET state = 'draft', reason = :reason WHERE run = :run
"""


async def seal(engine: AsyncEngine, number: str, *, banks_on_three: frozenset[str] = frozenset()) -> RunStanding:
    """Close a signed run and write its file; sealed again it stays as it is, to the byte.

    `banks_on_three`: BICs of banks that take pain.001.001.03 still; the others get .09.

    What was settled, answered, closed or given another account since is left out. When nothing is left the run is
    discarded; when no file can be made of it, it is a draft again, without signatures.

    Raises:
        Refusal: (NotSigned) two signatures are not there.
    """
    try:
        async with transaction(engine) as connection:
            run = await locked(connection, number)
            if run.state in OPEN_FOR_CHANGE:
                await _seal(connection, run, banks_on_three)
            return await standing(connection, number)
    except Refusal as impossible:
        if impossible.code != "OrderImpossible":
            raise
        log.error("payment_run_not_written", run=number, because=impossible.message)
        async with transaction(engine) as connection:
            await connection.execute(text(_BACK), {"run": number, "reason": "file_impossible"})
            return await standing(connection, number)


async def _seal(connection: AsyncConnection, run: Any, banks_on_three: frozenset[str]) -> None:
    if (await standing(connection, run.run)).signatures < SIGNATURES_NEEDED:
        raise Refusal("NotSigned", f"Betaalopdracht {run.run} is nog niet door twee personen ondertekend.")
    of_run = {"run": run.run, "at": now()}
    await connection.execute(text(_LOCK_DOSSIERS), of_run)
    await connection.execute(text(_LOCK_PAYMENTS), of_run)
    found = (await connection.execute(text(_LOOK_AGAIN), of_run)).all()
    gone = {row.line: reason for row in found if (reason := _gone(row))}
    if gone:
        dropped = {"lines": list(gone), "reasons": list(gone.values()), "at": of_run["at"]}
        await connection.execute(text(_DROP), dropped)
    await connection.execute(text(_LEAVE), of_run)
    left = [row for row in found if row.line not in gone]
    if not left:
        await connection.execute(text(_NOTHING_LEFT), of_run)
        return
    fund = policies.funds()[Fund(run.fund)]
    version = orders.Version.THREE if fund.bic in banks_on_three else orders.Version.NINE
    order = _order(run, fund, left, of_run["at"], version)
    content = orders.written(order)
    sealed = {
        "execution_on": order.execution_on,
        "lines": len(left),
        "total": order.total,
        "message_id": order.message_id,
        "file_name": f"{order.message_id}.xml",
        "file_hash": hashlib.sha256(content).hexdigest(),
        "content": content,
    }
    await connection.execute(text(_SEAL), of_run | sealed)


def _gone(row: Any) -> HoldReason | None:
    """Why a line that was signed is not due any more; None when it is."""
    if row.settled:
        return HoldReason.SETTLED_MEANWHILE
    if row.answered:
        return HoldReason.ANSWERED_BY_HAND
    if row.closed:
        return HoldReason.CLOSED_DOSSIER
    if row.above:
        return HoldReason.ABOVE_GRANT
    if row.another:  # an answer on its way names an account, which holds as soon as the dossier says yes
        return HoldReason.ACCOUNT_CHANGED
    return None if compact_iban(row.stated or "") == row.iban else HoldReason.ACCOUNT_CHANGED


def _order(run: Any, fund: LegalPerson, lines: Sequence[Any], at: datetime, version: orders.Version) -> orders.Order:
    """The order to the fund's bank, never on a day that is past."""
    return orders.Order(
        message_id=message_id(run.run, 1),
        created=at,
        execution_on=max(run.execution_on, next_bank_day(local_date(at))),
        debtor=fund.name,
        enterprise_number=fund.enterprise_number,
        iban=compact_iban(fund.iban),
        bic=fund.bic,
        transfers=tuple(
            orders.Transfer(
                end_to_end=line.line,
                amount=line.amount,
                name=line.holder,
                iban=line.iban,
                communication=line.communication,
                text=None if line.communication else line.dossier,
            )
            for line in lines
        ),
        version=version,
    )
