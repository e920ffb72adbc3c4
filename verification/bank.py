"""Whether what we sent, what the bank booked and what dossiers believe are the same money, line by line.

A file is read back by another parser than the one that made it.
"""

import hashlib
from collections.abc import AsyncIterator, Iterator
from decimal import Decimal
from io import BytesIO
from typing import Any

from lxml import etree
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from verification.findings import Fault
from verification.life import Moment

_SENT = "('sealed', 'accepted', 'executed', 'rejected', 'returned', 'unknown')"
_SAID_BY_PEOPLE = "('settled_by_person', 'answered_by_hand')"
"""Reasons of a line that a person settled: there the bank's booking may come later, or never."""
_BOOKED = """
    CROSS JOIN LATERAL (SELECT count(*) AS times FROM bank_entry AS entry WHERE entry.state = 'matched' AND (
        (entry.matched_as = 'payment' AND entry.matched_to = line.line)
        OR (entry.matched_as = 'run' AND entry.matched_to = line.run))) AS booked
"""
_TOLD = """
    EXISTS (SELECT FROM pending_command AS told WHERE told.dossier = line.dossier AND told.name = 'settle_payment')
"""
_QUESTIONS = {
    "executed": f"""
        SELECT line.dossier, 'betaallijn ' || line.line || ' is uitgevoerd, en daarbij horen ' || booked.times
            || ' boekingen van de bank in plaats van een' AS text
        FROM payment_line AS line {_BOOKED} WHERE line.state = 'executed' AND line.dossier LIKE :of
            AND booked.times <> 1 AND NOT (booked.times = 0 AND coalesce(line.reason, '') IN {_SAID_BY_PEOPLE})
    """,
    "matched": f"""
        SELECT coalesce(line.dossier, entry.dossier, entry.fund) AS dossier, 'lijn ' || entry.entry || ' van de bank ('
            || entry.amount || ' euro) is gekoppeld aan ' || entry.matched_to || ', en dat is '
            || coalesce(line.amount || ' euro, ' || line.state, 'geen betaallijn') AS text
        FROM bank_entry AS entry LEFT JOIN payment_line AS line ON line.line = entry.matched_to
        WHERE entry.state = 'matched' AND entry.matched_as IN ('payment', 'return')
            AND coalesce(line.dossier, entry.dossier, entry.fund) LIKE :of
            AND (line.line IS NULL OR line.amount <> entry.amount OR line.fund <> entry.fund
                OR line.state NOT IN {_SENT}
                OR (entry.matched_as = 'return' AND line.state NOT IN ('returned', 'rejected')))
    """,
    "unheard": f"""
        SELECT line.dossier, 'de bank zei van ' || line.payment || ': ' || line.state
            || ', maar het dossier weet het niet (' || payment.state || ')' AS text
        FROM payment_line AS line JOIN payment USING (payment)
        WHERE line.dossier LIKE :of AND line."by" = 'bank' AND line.changed_at < :before AND NOT {_TOLD}
            AND ((line.state = 'executed' AND payment.state <> 'confirmed')
                OR (line.state IN ('rejected', 'returned') AND payment.state <> 'returned'))
    """,
    "unbooked": """
        SELECT line.dossier, line.payment || ' is bevestigd, maar de bank boekte betaallijn ' || line.line || ' niet ('
            || line.state || ')' AS text
        FROM payment_line AS line JOIN payment USING (payment)
        WHERE line.dossier LIKE :of AND payment.state = 'confirmed' AND line.state IN ('sealed', 'accepted', 'rejected')
            AND NOT EXISTS (SELECT FROM payment_line AS other WHERE other.payment = line.payment
                AND other.state IN ('executed', 'unknown'))
    """,
}
_FILES = """
    SELECT file.fund AS dossier, 'bestand ' || file.name || ' telt ' || file.entries || ' lijnen en '
        || told.moved || ' euro, bewaard zijn ' || kept.lines || ' lijnen en ' || kept.moved || ' euro' AS text
    FROM bank_file AS file
    CROSS JOIN LATERAL (SELECT coalesce(sum(credited - debited), 0) AS moved FROM bank_statement AS one
        WHERE one.file = file.file) AS told
    CROSS JOIN LATERAL (SELECT count(*) AS lines,
        coalesce(sum(CASE direction WHEN 'credit' THEN amount ELSE -amount END), 0) AS moved
        FROM bank_entry AS entry WHERE entry.file = file.file) AS kept
    WHERE file.fund LIKE :fund AND (kept.lines <> file.entries OR kept.moved <> told.moved)
"""
_RUNS = """
    SELECT run, content, file_hash, lines, total FROM payment_run
    WHERE content IS NOT NULL AND state <> 'discarded' AND fund LIKE :fund AND run > :after ORDER BY run LIMIT 1
"""
_LINES = f"SELECT line, amount FROM payment_line WHERE run = :run AND state IN {_SENT}"
_TRANSFER = "{*}CdtTrfTxInf"


async def check_bank(connection: AsyncConnection, moment: Moment, fund: str | None, number: str | None) -> list[Fault]:
    """The lines of one dossier; or those of a fund, or of all, and every file that was sent or read."""
    values = {"of": number or f"{fund or ''}%", "before": moment.now - moment.grace}
    faults = [
        _fault(row.dossier, row.text)
        for question in _QUESTIONS.values()
        for row in await connection.execute(text(question), values)
    ]
    if number is None:
        files = await connection.execute(text(_FILES), {"fund": fund or "%"})
        faults += [_fault(row.dossier, row.text) for row in files]
        faults += [fault async for fault in _runs(connection, fund)]
    return faults


async def _runs(connection: AsyncConnection, fund: str | None) -> AsyncIterator[Fault]:
    """Whether every file says what its lines say: one file in memory at a time."""
    values = {"fund": fund or "%", "after": ""}
    while (run := (await connection.execute(text(_RUNS), values)).one_or_none()) is not None:
        rows = await connection.execute(text(_LINES), {"run": run.run})
        for fault in _run(run, {row.line: row.amount for row in rows}):
            yield fault
        values["after"] = run.run


def _run(run: Any, lines: dict[str, Decimal]) -> Iterator[Fault]:
    if hashlib.sha256(run.content).hexdigest() != run.file_hash:
        yield _fault(run.run, "het betaalbestand is niet meer wat het was toen het verzegeld werd")
    try:
        ordered = list(_ordered(run.content))
    except (etree.XMLSyntaxError, ArithmeticError, TypeError):
        yield _fault(run.run, "het betaalbestand kan niet gelezen worden")
        return
    total, in_file = sum(lines.values(), Decimal(0)), sum((amount for _, amount in ordered), Decimal(0))
    if (len(lines), total) != (run.lines, run.total):
        told = f"{run.lines} lijnen en {run.total} euro"
        yield _fault(run.run, f"de betaalopdracht zegt {told}, de lijnen zijn er {len(lines)} van samen {total} euro")
    if len(ordered) != len(lines) or dict(ordered) != lines:
        told = f"{len(ordered)} lijnen van samen {in_file} euro"
        yield _fault(run.run, f"in het betaalbestand staan {told}, de run telt er {len(lines)} van samen {total} euro")


def _ordered(content: bytes) -> Iterator[tuple[str, Decimal]]:
    """What a file orders: reference and amount of every transfer."""
    for _, transfer in etree.iterparse(BytesIO(content), tag=_TRANSFER, resolve_entities=False, no_network=True):
        reference = transfer.findtext("{*}PmtId/{*}EndToEndId")
        yield str(reference), Decimal(str(transfer.findtext("{*}Amt/{*}InstdAmt")))
        transfer.clear()


def _fault(dossier: str, told: str) -> Fault:
    return Fault(dossier=dossier, check="bank", text=told)
