"""Every line of the bank is matched once, and whoever waits for it is told in the same transaction.

A booked debit under our own reference, equal to the cent, is the proof that a payment left; what comes back under it is
a return; what comes in under the communication of a claim is paid back. The same booking in a second file is repeated
and counts once. What fits nothing stays unmatched with a reason, for a person (`treasury.queue`).
"""

from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from treasury.verdicts import OF_LINES, OF_RUNS, RECOVERY, REPEATED, UNDERWAY

_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended('bank of ' || :fund, 0))"
_MOVED = f"""
    moved AS (
        UPDATE payment_line SET state = move.becomes, reason = move.said, "by" = 'bank', changed_at = :now
        FROM move WHERE payment_line.line = move.line
    ), told AS (
        INSERT INTO pending_command (dossier, update_id, name, command, sent_at)
        SELECT dossier, 'bank:' || line || ':' || outcome, 'settle_payment',
            jsonb_build_object('payment', payment, 'outcome', outcome, 'reference', said), :now
        FROM move WHERE outcome IS NOT NULL
        ON CONFLICT DO NOTHING
    )
    UPDATE bank_entry AS entry SET why = verdict.why,
        state = CASE WHEN verdict.why IS NULL THEN 'matched' WHEN verdict.why IN {REPEATED} THEN 'repeated'
            ELSE 'unmatched' END,
        matched_as = CASE WHEN verdict.why IS NULL THEN verdict.matched_as END,
        matched_to = CASE WHEN verdict.why IS NULL THEN verdict.matched_to END,
        dossier = verdict.dossier
    FROM verdict WHERE entry.entry = verdict.entry
        AND (verdict.why IS NULL OR entry.why IS DISTINCT FROM verdict.why)
"""
_BY_LINE = """
    WITH verdict AS MATERIALIZED ({verdict}), move AS MATERIALIZED (
        SELECT DISTINCT ON (line) line, payment, dossier, becomes, outcome, said FROM verdict
        WHERE why IS NULL AND becomes IS NOT NULL ORDER BY line, entry
    ), {moved}
"""
_BY_RUN = f"""
    WITH verdict AS MATERIALIZED (SELECT *, NULL AS dossier FROM ({{verdict}}) AS said), move AS MATERIALIZED (
        SELECT DISTINCT ON (line.line) line.line, line.payment, line.dossier, becomes, outcome, said
        FROM verdict JOIN payment_line AS line USING (run)
        WHERE why IS NULL AND line.state IN {UNDERWAY} AND becomes IS NOT NULL AND becomes <> line.state
        ORDER BY line.line, entry
    ), {{moved}}
"""
_RECOVERED = f"""
    WITH verdict AS MATERIALIZED ({RECOVERY}), told AS (
        INSERT INTO pending_command (dossier, update_id, name, command, sent_at)
        SELECT dossier, 'bank:' || entry, 'recovery_received', jsonb_build_object(
            'recovery', matched_to, 'amount', amount::text, 'reference', said, 'booked_on', booked_on), :now
        FROM verdict WHERE why IS NULL
        ON CONFLICT DO NOTHING
    )
    UPDATE bank_entry AS entry SET why = verdict.why,
        state = CASE WHEN verdict.why IS NULL THEN 'matched' ELSE 'unmatched' END,
        matched_as = CASE WHEN verdict.why IS NULL THEN 'recovery' END,
        matched_to = CASE WHEN verdict.why IS NULL THEN verdict.matched_to END,
        dossier = verdict.dossier
    FROM verdict WHERE entry.entry = verdict.entry
        AND (verdict.why IS NULL OR entry.why IS DISTINCT FROM verdict.why)
"""
_HEARD = """
    UPDATE payment_run AS run SET state = 'handed_over', handed_over_at = coalesce(handed_over_at, :now)
    WHERE run.fund = :fund AND run.state IN ('handing_over', 'unknown') AND EXISTS (
        SELECT FROM payment_line AS line WHERE line.run = run.run AND line."by" = 'bank'
    )
"""
"""Whoever did not know whether the bank has a file knows it once the bank speaks of a line of it."""


async def one_at_a_time(connection: AsyncConnection, fund: str) -> None:
    """Whoever reads or matches lines of a fund is alone with them until the transaction ends."""
    await connection.execute(text(_ONE_AT_A_TIME), {"fund": fund})


async def match(connection: AsyncConnection, fund: str) -> None:
    """Match every line of a fund that is not matched yet, those of earlier files too: what they lacked may have come.

    Within the transaction of the caller, who holds the lines by `one_at_a_time`.
    """
    values = {"fund": fund, "now": datetime.now(UTC)}
    by_line = {name: _BY_LINE.format(verdict=verdict, moved=_MOVED) for name, verdict in OF_LINES.items()}
    by_run = {name: _BY_RUN.format(verdict=verdict, moved=_MOVED) for name, verdict in OF_RUNS.items()}
    for statement in (
        by_line["rejected"],
        by_line["accepted"],
        by_run["whole_file"],
        by_line["debit"],
        by_run["sum"],
        by_line["return"],
        by_line["debit"],  # what was booked, and came back because it was rejected
        _RECOVERED,
        by_line["stranger"],
        _HEARD,
    ):
        await connection.execute(text(statement), values)
