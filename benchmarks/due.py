"""Dossiers with a payment due, made inside PostgreSQL: each of an employer of its own, whose account is known.

Everything follows from a serial number. No number, name or account is of anybody: no bank has the code 539.
"""

import asyncpg

from models.messages.words import Fund

FUND = Fund.ANTWERPEN
NUMBER = f"'{FUND}-2026-S-' || lpad(serial::text, 6, '0')"
ENTERPRISE = "lpad((400000000 + serial)::text, 10, '0')"
_TEN = "(5390000000 + serial)"
_TWELVE = f"({_TEN} * 100 + CASE {_TEN} % 97 WHEN 0 THEN 97 ELSE {_TEN} % 97 END)"
IBAN = f"'BE' || lpad((98 - ({_TWELVE} * 1000000 + 111400) % 97)::text, 2, '0') || {_TWELVE}"
"""With the check digits of Belgium (ten modulo 97) and of the standard of account numbers (98 less the rest by 97)."""
AMOUNT = "(10000 + serial % 90000)::numeric / 100"
ROWS = {
    "receipt": f"""(number, idempotency_key, fund, kind, instrument, facts, received_at, typed, rehearsed, opens_at,
        started_at, enterprise_number)
        SELECT {NUMBER}, {NUMBER}, '{FUND}', 'subsidy', 'formal_training', '{{}}', now(), '{{}}', false, now(), now(),
            {ENTERPRISE}""",
    "dossier": f"""(number, fund, kind, instrument, policy, rehearsed, received_at, phase, asked, granted, paid,
        recovered, sequence, head, updated_at)
        SELECT {NUMBER}, '{FUND}', 'subsidy', 'formal_training', '2023-01-01', false, now(), 'payment', {AMOUNT},
            {AMOUNT}, 0, 0, 1, '', now()""",
    "employer": f"""(establishment_number, enterprise_number, fund, name, postcode, municipality, headcount_on,
        language, iban, workers, employees)
        SELECT '2' || lpad(serial::text, 9, '0'), {ENTERPRISE}, '{FUND}', 'Draaierij ' || serial, '2000', 'Antwerpen',
            DATE '2025-09-30', 'nl', {IBAN}, 10, 2""",
    "contact": f"""(dossier, party, name, language, iban)
        SELECT {NUMBER}, 'applicant', 'Contact ' || serial, 'nl', {IBAN}""",
    "payment": f"""(payment, dossier, instalment, amount, account_of, state, instructed_at)
        SELECT {NUMBER} || '/payment/1/1', {NUMBER}, 1, {AMOUNT}, 'applicant', 'instructed', now()""",
    "task": f"""(task, dossier, fund, kind, step, role, due, derivation, priority, outcomes, excluded, silence, amount,
        state, opened_at, reminders, escalations, reasons)
        SELECT {NUMBER} || '/payment/1', {NUMBER}, '{FUND}', 'subsidy', 'payment', 'finance', now()::date + 10, '', 2,
            '{{confirmed,returned}}', '{{}}', '', {AMOUNT}, 'open', now(), 0, 0, '{{}}'""",
}


async def fill(owner: asyncpg.Connection, payments: int) -> None:
    """Have so many payments stand in the tables, and let PostgreSQL count them."""
    for table, rows in ROWS.items():
        await owner.execute(f"INSERT INTO {table} {rows} FROM generate_series(1, $1::bigint) AS serial", payments)
    for table in ROWS:
        await owner.execute(f"VACUUM ANALYZE {table}")
