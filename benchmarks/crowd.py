"""A house full of work, made inside PostgreSQL: open and closed tasks of open and closed dossiers, with their words.

Everything follows from a serial number, so two houses of one size are the same. No number or name is of anybody.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date

import asyncpg

FUNDS = "'{INO,ANT,LIM,OVL,WVL,RTM,INB,BRA}'::text[]"
STEPS = """(VALUES (0, 'admissibility', 'intake'), (1, 'review', 'handler'), (2, 'review', 'handler'),
    (3, 'approval', 'approver'), (4, 'payment', 'finance'), (5, 'check_finding', 'handler'),
    (6, 'objection', 'team_lead'), (7, 'board_unions', 'board')) AS step (place, step, role)"""
KINDS = "'{subsidy,subsidy,subsidy,transition_support,project_financing,outplacement,trajectory}'::text[]"
TASKS_OF_A_DOSSIER = 4
COLLEAGUES = 40
"""Members of staff of every fund."""
TABLES = ("task", "dossier", "dossier_words", "task_hold", "request", "staff_member")

NUMBER = f"({FUNDS})[1 + serial % 8] || '-' || (2020 + serial % 7) || '-S-' || lpad(serial::text, 7, '0')"
FIRMS = """'{Metaalwerken,Gieterij,Draaierij,Lastechniek,Hefwerktuigen,Elektronica,Carrosserie,Machinebouw}'::text[]"""
FIRM = f"({FIRMS})[1 + serial / 8 % 8] || ' Duin' || (serial % 4999)"
STAFF = f"""
    INSERT INTO staff_member (person, fund, name, email, language, roles, active)
    SELECT fund || '-' || nr, fund, 'Collega ' || nr, lower(fund) || nr || '@fonds.example', 'nl',
        CASE nr % 4 WHEN 0 THEN '{{approver,team_lead}}' WHEN 1 THEN '{{finance}}'
            ELSE '{{intake,handler}}' END::text[],
        true
    FROM unnest({FUNDS}) AS fund, generate_series(1, {COLLEAGUES}) AS nr
"""
DOSSIERS = f"""
    INSERT INTO dossier (number, fund, kind, instrument, policy, rehearsed, received_at, phase, asked, granted, paid,
        recovered, outcome, sequence, head, updated_at)
    SELECT {NUMBER}, ({FUNDS})[1 + serial % 8], ({KINDS})[1 + serial % 7], 'formal_training', 'bench', false,
        now() - interval '30 days', 'approval', 500 + serial % 20000, 0, 0, 0,
        CASE WHEN serial > $2 THEN 'granted' END, 9, '', now()
    FROM generate_series($1::int, $3::int) AS serial
"""
WORDS = f"""
    INSERT INTO dossier_words (dossier, closed, employer, enterprise_number, employer_words, people, words)
    SELECT number, serial > $2, firm, enterprise, lower(firm) || ' ' || digits, person,
        lower(number) || ' ' || lower(firm) || ' ' || digits || ' ' || person
    FROM (
        SELECT serial, {NUMBER} AS number, {FIRM} AS firm, 'jo veld' || (serial % 30011) AS person,
            lpad((400000000 + serial % 4999)::text, 10, '0') AS digits,
            '0400.' || lpad((serial % 4999)::text, 6, '0') AS enterprise
        FROM generate_series($1::int, $3::int) AS serial
    ) AS made
"""
TASKS = f"""
    INSERT INTO task (task, dossier, fund, kind, step, role, due, derivation, priority, outcomes, excluded, silence,
        amount, advice, state, opened_at, reminders, escalations, outcome, person, reasons, ended_at)
    SELECT number || '/' || step || '/' || (nr + 1), number, fund, ({KINDS})[1 + serial % 7], step, role,
        $4::date + (serial * 7 % 90)::int - 15, '10 werkdagen', 3, '{{approve,refuse}}', '{{}}', 'escalates:team_lead',
        500 + serial % 20000, CASE WHEN serial % 3 = 0 THEN 'approve' END, CASE WHEN closed THEN 'done' ELSE 'open' END,
        now() - interval '20 days', 0, CASE WHEN serial % 50 = 0 THEN 1 ELSE 0 END,
        CASE WHEN closed THEN 'approve' END,
        CASE WHEN closed THEN fund || '-' || (1 + serial % {COLLEAGUES}) END, '{{}}',
        CASE WHEN closed THEN now() - make_interval(mins => serial % 500000) END
    FROM (
        SELECT serial, nr, {NUMBER} AS number, ({FUNDS})[1 + serial % 8] AS fund, step, role,
            serial > $2 OR nr > 0 AS closed
        FROM generate_series($1::int, $3::int) AS serial CROSS JOIN generate_series(0, {TASKS_OF_A_DOSSIER} - 1) AS nr
        JOIN {STEPS} ON step.place = (serial / 8 + nr) % 8
    ) AS made
"""
HOLDS = f"""
    INSERT INTO task_hold (task, person, since)
    SELECT task, fund || '-' || (1 + abs(hashtext(task)) % {COLLEAGUES}), now() FROM task
    WHERE state = 'open' AND abs(hashtext(task)) % 10 = 0
"""
REQUESTS = """
    INSERT INTO request (request, dossier, code, party, wants, until, derivation, silence, stops_clock, state,
        reminders, opened_at)
    SELECT number || '/completion/1', number, 'completion', 'applicant', '{invoice}', $1::date + 14, '14 dagen',
        'lapses', true, 'open', 0, now()
    FROM dossier WHERE outcome IS NULL AND abs(hashtext(number)) % 20 = 0
"""
ANSWERED = f"""
    INSERT INTO request (request, dossier, code, party, wants, until, derivation, silence, stops_clock, state,
        reminders, opened_at, ended_at)
    SELECT {NUMBER} || '/completion/1', {NUMBER}, 'completion', 'applicant', '{{invoice}}', now()::date, '14 dagen',
        'lapses', true, 'answered', 0, now() - interval '20 days', now()
    FROM generate_series(greatest($1::int, $2::int + 1), $3::int) AS serial WHERE serial % 3 = 0
"""
STRIDE = 200_000


async def fill(owner: asyncpg.Connection, *, open_tasks: int, closed_tasks: int, today: date) -> None:
    """Fill an empty migrated database, as its owner; every open dossier has one open task."""
    await owner.execute(STAFF)
    async with _resting(owner):
        await _add(owner, 1, open_tasks, (open_tasks + closed_tasks) // TASKS_OF_A_DOSSIER, today)
        await owner.execute(HOLDS)
        await owner.execute(REQUESTS, today)


async def add_history(
    owner: asyncpg.Connection, *, after: int, open_tasks: int, closed_tasks: int, today: date
) -> None:
    """More closed tasks of closed dossiers, behind the `after` tasks that stand."""
    first = after // TASKS_OF_A_DOSSIER + 1
    async with _resting(owner):
        await _add(owner, first, open_tasks, first + closed_tasks // TASKS_OF_A_DOSSIER, today)


async def _add(owner: asyncpg.Connection, first: int, open_tasks: int, last: int, today: date) -> None:
    for start in range(first, last + 1, STRIDE):
        span = (start, open_tasks, min(start + STRIDE - 1, last))
        await owner.execute(DOSSIERS, *span)
        await owner.execute(WORDS, *span)
        await owner.execute(TASKS, *span, today)
        await owner.execute(ANSWERED, *span)


@asynccontextmanager
async def _resting(owner: asyncpg.Connection) -> AsyncIterator[None]:
    """Triggers and the large text indexes rest meanwhile: they are made once, over everything."""
    for table in TABLES:
        await owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    indexes = await owner.fetch("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'dossier_words'")
    texts = [index for index in indexes if "USING gin" in index["indexdef"]]
    for index in texts:
        await owner.execute(f"DROP INDEX {index['indexname']}")
    yield
    for index in texts:
        await owner.execute(index["indexdef"])
    for table in TABLES:
        await owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        await owner.execute(f"VACUUM ANALYZE {table}")
