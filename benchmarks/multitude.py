"""Many people who were followed, made inside PostgreSQL: the lives of a few, each as the product recorded it, copied.

A copy stands in another fund, other years before, under numbers of its own. What it tells of itself moves along,
because a row is copied as the text of its JSON; chains of hashes do not hold then, and nobody here reads them.
"""

import asyncpg

TABLES = {
    "receipt": "jsonb_build_object('idempotency_key', moved ->> 'number')",
    "dossier": "'{}'::jsonb",
    "event": "jsonb_build_object('hash', md5((moved ->> 'dossier') || (row ->> 'hash')))",
    "effect": "jsonb_build_object('person', md5((moved ->> 'dossier') || (row ->> 'person')))",
}
"""What is copied, and what has to differ beside numbers, fund and years."""
MOVED = r"""
    CREATE OR REPLACE FUNCTION pg_temp.moved(given text, fund text, copy text, years int) RETURNS text
    LANGUAGE sql IMMUTABLE AS $$
        SELECT replace(replace(replace(replace(
            replace(regexp_replace(given, 'ANT-(\d{4}-[A-Z]-)(\d+)', fund || '-\1' || copy || '\2', 'g'),
                '"ANT"', '"' || fund || '"'),
            '2023-', (2023 - years) || '-'), '2024-', (2024 - years) || '-'),
            '2025-', (2025 - years) || '-'), '2026-', (2026 - years) || '-')
    $$
"""
COPY = """
    INSERT INTO {table} ({columns})
    SELECT {columns} FROM (
        SELECT copy, row, pg_temp.moved(row::text, $1, copy, $2)::jsonb AS moved
        FROM (SELECT to_jsonb(whole) AS row FROM {table} AS whole WHERE {number} LIKE 'ANT-____-_-______') AS lived,
            (SELECT lpad(serial::text, 4, '0') AS copy FROM generate_series(1, $3::int) AS serial) AS copies
    ) AS told, jsonb_populate_record(NULL::{table}, moved || {own})
"""
COLUMNS = """
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
    WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
"""
"""What is written; the rest follows from it."""
STEP = 4
"""Years between one copy and the next: a day of February stays one."""


async def multiply(owner: asyncpg.Connection, fund: str, steps: int, copies: int) -> None:
    """So many copies of everybody who was lived, in a fund, `steps` times four years ago."""
    await owner.execute(MOVED)
    for table, own in TABLES.items():
        number = "number" if table in ("receipt", "dossier") else "dossier"
        await owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        columns = await owner.fetchval(COLUMNS, table)
        copied = COPY.format(table=table, columns=columns, own=own, number=number)
        await owner.execute(copied, fund, steps * STEP, copies)
        await owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


async def at_rest(owner: asyncpg.Connection) -> None:
    """What a house that stands for years has: counts for the planner."""
    for table in TABLES:
        await owner.execute(f"VACUUM ANALYZE {table}")
