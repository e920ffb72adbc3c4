"""What each unmatched line of the bank means, said in SQL: one question per sort of line.

Every verdict names the entry, what becomes of it (`state`, `why`, `matched_as`, `matched_to`, `dossier`) and, where a
payment line moves because of it, the `line`, what it `becomes`, the `outcome` its dossier hears and the words for it
(`said`). Lines of the bank come in any order and more than once: what a line means follows from what stands, never from
which file was read first.
"""

NOT_SENT = "('included', 'held', 'excluded', 'discarded')"
"""States in which the bank never had the line."""
UNDERWAY = "('sealed', 'accepted', 'unknown')"
"""States in which the bank has it and nothing is final."""
WAITING = "entry.fund = :fund AND entry.state = 'unmatched' AND entry.proposed_by IS NULL"
_AGAIN = "earlier.file <> entry.file AND coalesce(earlier.bank_reference = entry.bank_reference, true)"
"""Two files tell of one booking: by the reference of the bank, where both name one."""
REPEATED = "('same_booking', 'detail_of_sum', 'sum_of_details')"
"""Reasons why a line tells nothing new."""


def _matched(kind: str, line: str, *columns: str) -> str:
    """The entry that a line or run was matched by, if any."""
    return (
        f"LEFT JOIN bank_entry AS {kind} ON {kind}.matched_as = '{columns[0] if columns else kind}' "
        f"AND {kind}.matched_to = {line} AND {kind}.state = 'matched'"
    )


REJECTED = f"""
    SELECT entry.entry, line.line, line.payment, line.dossier, 'status' AS matched_as, line.line AS matched_to,
        CASE WHEN line.line IS NULL THEN 'unknown_reference' WHEN line.state IN {NOT_SENT} THEN 'not_sent'
            WHEN line.state = 'executed' THEN 'rejected_though_executed' END AS why,
        CASE WHEN line.state IN {UNDERWAY} THEN 'rejected' END AS becomes,
        'returned' AS outcome, coalesce(entry.reason, 'rejected') AS said
    FROM bank_entry AS entry LEFT JOIN payment_line AS line ON line.line = entry.end_to_end AND line.fund = entry.fund
    WHERE {WAITING} AND entry.says = 'rejected' AND entry.end_to_end IS NOT NULL
"""
ACCEPTED = f"""
    SELECT entry.entry, line.line, line.payment, line.dossier, 'status' AS matched_as, line.line AS matched_to,
        CASE WHEN line.line IS NULL THEN 'unknown_reference'
            WHEN line.state IN {NOT_SENT} THEN 'not_sent' END AS why,
        CASE WHEN line.state IN ('sealed', 'unknown') AND entry.says <> 'pending' THEN 'accepted' END AS becomes,
        NULL AS outcome, NULL AS said
    FROM bank_entry AS entry LEFT JOIN payment_line AS line ON line.line = entry.end_to_end AND line.fund = entry.fund
    WHERE {WAITING} AND entry.says IN ('accepted', 'executed', 'pending') AND entry.end_to_end IS NOT NULL
"""
"""That the bank took an order on is no proof that money left: only a booking is."""
DEBIT = f"""
    SELECT entry.entry, line.line, line.payment, line.dossier, 'payment' AS matched_as, line.line AS matched_to,
        CASE WHEN line.line IS NULL THEN 'unknown_reference'
            WHEN line.fund <> entry.fund THEN 'other_account'
            WHEN line.amount <> entry.amount THEN 'amount_differs'
            WHEN line.state IN {NOT_SENT} THEN 'not_sent'
            WHEN whole.entry IS NOT NULL THEN 'detail_of_sum'
            WHEN {_AGAIN} THEN 'same_booking'
            WHEN earlier.entry IS NOT NULL OR nth > 1 THEN 'executed_twice'
            WHEN line.state IN ('rejected', 'returned') AND back.entry IS NULL THEN 'paid_though_rejected' END AS why,
        CASE WHEN line.state IN {UNDERWAY} THEN 'executed' END AS becomes,
        'confirmed' AS outcome, coalesce(entry.bank_reference, entry.end_to_end) AS said
    FROM (
        SELECT *, row_number() OVER (PARTITION BY end_to_end, amount ORDER BY entry.entry) AS nth
        FROM bank_entry AS entry WHERE {WAITING} AND direction = 'debit' AND end_to_end IS NOT NULL
    ) AS entry
    LEFT JOIN payment_line AS line ON line.line = entry.end_to_end
    {_matched("earlier", "line.line", "payment")}
    {_matched("whole", "line.run", "run")}
    {_matched("back", "line.line", "return")}
"""
RETURN = f"""
    SELECT entry.entry, line.line, line.payment, line.dossier, 'return' AS matched_as, line.line AS matched_to,
        CASE WHEN line.fund <> entry.fund THEN 'other_account'
            WHEN line.amount <> entry.amount THEN 'amount_differs'
            WHEN line.state IN {NOT_SENT} THEN 'not_sent'
            WHEN {_AGAIN} THEN 'same_booking'
            WHEN earlier.entry IS NOT NULL OR nth > 1 THEN 'returned_twice'
            WHEN line.state <> 'rejected' AND dossier.outcome IS NOT NULL THEN 'dossier_closed' END AS why,
        CASE WHEN line.state IN {UNDERWAY} OR line.state = 'executed' THEN 'returned' END AS becomes,
        'returned' AS outcome, coalesce(entry.reason, 'returned') AS said
    FROM (
        SELECT *, row_number() OVER (PARTITION BY end_to_end, amount ORDER BY entry.entry) AS nth
        FROM bank_entry AS entry WHERE {WAITING} AND direction = 'credit' AND end_to_end IS NOT NULL
    ) AS entry
    JOIN payment_line AS line ON line.line = entry.end_to_end
    LEFT JOIN dossier ON dossier.number = line.dossier
    {_matched("earlier", "line.line", "return")}
"""
"""A dossier that is closed hears nothing any more: what comes back then is for a person."""
RECOVERY = f"""
    SELECT entry.entry, NULL AS line, claim.recovery AS payment, claim.dossier, 'recovery' AS matched_as,
        claim.recovery AS matched_to,
        CASE WHEN claim.recovery IS NULL THEN 'no_open_claim' END AS why,
        NULL AS becomes, NULL AS outcome,
        coalesce(entry.bank_reference || '/', '') || entry.entry AS said,
        entry.amount, entry.booked_on
    FROM bank_entry AS entry LEFT JOIN LATERAL (
        SELECT recovery, dossier FROM recovery
        WHERE recovery.communication = entry.communication AND recovery.state = 'approved'
            AND recovery.dossier LIKE entry.fund || '-%'
        ORDER BY recovery LIMIT 1
    ) AS claim ON true
    WHERE {WAITING} AND entry.direction = 'credit' AND entry.communication IS NOT NULL
        AND NOT EXISTS (SELECT FROM payment_line WHERE line = entry.end_to_end)
"""
"""More than was claimed is the dossier's to tell; on a claim that was paid nothing more is expected."""
STRANGER = f"""
    SELECT entry.entry, NULL AS line, NULL AS payment, NULL AS dossier, NULL AS matched_as, NULL AS matched_to,
        CASE WHEN entry.reason IS NOT NULL THEN 'return_unknown'
            WHEN entry.direction = 'credit' THEN 'unknown_payer' ELSE 'not_ours' END AS why,
        NULL AS becomes, NULL AS outcome, NULL AS said
    FROM bank_entry AS entry
    WHERE {WAITING} AND entry.says = 'booked' AND (
        (entry.direction = 'debit' AND entry.end_to_end IS NULL
            AND NOT EXISTS (SELECT FROM payment_run WHERE message_id = entry.message_id))
        OR (entry.direction = 'credit' AND entry.communication IS NULL
            AND NOT EXISTS (SELECT FROM payment_line WHERE line = entry.end_to_end))
    )
"""
OF_LINES = {"rejected": REJECTED, "accepted": ACCEPTED, "debit": DEBIT, "return": RETURN, "stranger": STRANGER}
"""In this order: what was rejected is not in a sum, and what comes back was paid."""

WHOLE_FILE = f"""
    SELECT entry.entry, run.run, 'status' AS matched_as, run.run AS matched_to,
        CASE WHEN run.run IS NULL THEN 'unknown_reference'
            WHEN entry.says = 'rejected' AND any_executed THEN 'rejected_though_executed' END AS why,
        CASE WHEN entry.says = 'rejected' THEN 'rejected' WHEN entry.says <> 'pending' THEN 'accepted' END AS becomes,
        CASE WHEN entry.says = 'rejected' THEN 'returned' END AS outcome,
        CASE WHEN entry.says = 'rejected' THEN 'file_rejected' END AS said
    FROM bank_entry AS entry
    LEFT JOIN payment_run AS run ON run.message_id = entry.message_id AND run.fund = entry.fund
    LEFT JOIN LATERAL (
        SELECT bool_or(state = 'executed') AS any_executed FROM payment_line WHERE payment_line.run = run.run
    ) AS told ON true
    WHERE {WAITING} AND entry.says <> 'booked' AND entry.end_to_end IS NULL
"""
"""What the bank says of a file as a whole; an acceptance does not undo what was said of one line."""
SUM = f"""
    SELECT entry.entry, run.run, 'run' AS matched_as, run.run AS matched_to,
        CASE WHEN run.fund <> entry.fund THEN 'other_account'
            WHEN {_AGAIN} THEN 'same_booking'
            WHEN earlier.entry IS NOT NULL OR nth > 1 THEN 'executed_twice'
            WHEN sent.total IS DISTINCT FROM entry.amount THEN 'amount_differs'
            WHEN sent.told = sent.lines THEN 'sum_of_details'
            WHEN sent.told > 0 THEN 'partly_executed' END AS why,
        'executed' AS becomes, 'confirmed' AS outcome, coalesce(entry.bank_reference, entry.message_id) AS said
    FROM (
        SELECT *, row_number() OVER (PARTITION BY message_id ORDER BY entry.entry) AS nth
        FROM bank_entry AS entry WHERE {WAITING} AND direction = 'debit' AND end_to_end IS NULL
    ) AS entry
    JOIN payment_run AS run ON run.message_id = entry.message_id
    {_matched("earlier", "run.run", "run")}
    LEFT JOIN LATERAL (
        SELECT sum(line.amount) AS total, count(*) AS lines, count(paid.entry) AS told
        FROM payment_line AS line {_matched("paid", "line.line", "payment")} {_matched("back", "line.line", "return")}
        WHERE line.run = run.run AND (line.state IN {UNDERWAY} OR line.state = 'executed'
            OR (line.state = 'returned' AND back.entry IS NOT NULL))
    ) AS sent ON true
"""
"""One debit for all lines of a run: it must be their sum to the cent, without what the bank rejected beforehand."""
OF_RUNS = {"whole_file": WHOLE_FILE, "sum": SUM}
