"""What a cohort costs in a house full of them: two hundred closures with fifty thousand people, under row security."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

import database
from models.messages.words import Fund, Party, Role
from portal.access.rows import seen_by
from portal.access.visitor import Visitor
from reading import cohorts
from tests.conftest import NewDatabase

TODAY = date(2026, 12, 1)
CLOSURES, PEOPLE = 200, 250
FILL = f"""
    INSERT INTO receipt (number, idempotency_key, fund, kind, instrument, received_at, opens_at, started_at, facts,
        typed, enterprise_number, rehearsed)
    SELECT 'ANT-2026-O-' || lpad(c::text, 6, '0'), 'o' || c, 'ANT', 'outplacement', 'outplacement', now(), now(), now(),
        '{{"dismissal": "closure", "bankrupt": false, "notified_on": "2026-01-12", "announced_on": "2026-01-12"}}',
        '{{}}', lpad(c::text, 10, '0'), false
    FROM generate_series(1, {CLOSURES}) c;
    INSERT INTO receipt (number, idempotency_key, fund, kind, instrument, received_at, opens_at, started_at, facts,
        typed, enterprise_number, parent, rehearsed)
    SELECT 'ANT-2026-J-' || lpad(((c - 1) * {PEOPLE} + p)::text, 6, '0'), 'j' || c || '/' || p, 'ANT', 'trajectory',
        'trajectory', now(), now(), now(), '{{"agency": "RiseSmart"}}', '{{}}', lpad(c::text, 10, '0'),
        'ANT-2026-O-' || lpad(c::text, 6, '0'), false
    FROM generate_series(1, {CLOSURES}) c, generate_series(1, {PEOPLE}) p;
    INSERT INTO dossier (number, fund, kind, instrument, policy, parent, rehearsed, received_at, phase, waiting_on,
        waiting_for, waiting_until, granted, paid, recovered, sequence, head, updated_at)
    SELECT number, fund, kind, instrument, 'x', parent, false, now(), 'guidance_1', 'calendar', 'guidance',
        DATE '2026-11-20' + (hashtext(number) % 60), 0, 0, 0, 1, '', now()
    FROM receipt;
    INSERT INTO participant (dossier, line, first_name, last_name)
    SELECT number, 1, 'Voornaam', 'Achternaam' || right(number, 6) FROM receipt WHERE kind = 'trajectory';
    INSERT INTO contact (dossier, party, name, email, language)
    SELECT number, 'participant', 'Voornaam', 'a@leeg.example', 'nl' FROM receipt WHERE kind = 'trajectory';
"""
VISITOR = Visitor(
    session="",
    csrf="",
    person="ANT-intake-1",
    name="",
    party=Party.STAFF,
    funds=(Fund.ANTWERPEN,),
    roles=frozenset({Role.INTAKE}),
)
NUMBER = "ANT-2026-O-000077"
TABLES = ("receipt", "dossier", "participant", "contact")


@pytest.fixture(scope="module")
async def rows(new_database: NewDatabase) -> AsyncIterator[AsyncConnection]:
    """What a clerk sees in a full house."""
    async with new_database() as urls:
        owner = database.make_engine(urls.owner)
        async with owner.begin() as connection:
            for table in TABLES:  # what triggers keep is not asked here, and would take a minute
                await connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            for statement in FILL.split(";\n"):
                if statement.strip():
                    await connection.exec_driver_sql(statement)
        async with owner.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            await connection.exec_driver_sql("ANALYZE")
        await owner.dispose()
        portal = database.make_engine(urls.portal)
        async with seen_by(portal, VISITOR) as connection:
            yield connection
        await portal.dispose()


def scans(plan: Any) -> Iterator[tuple[str, float]]:
    """Tables that are read whole, with the rows that came of it."""
    if plan["Node Type"] == "Seq Scan":
        yield plan["Relation Name"], plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)
    for part in plan.get("Plans", ()):
        yield from scans(part)


async def explained(rows: AsyncConnection, query: Any, **values: Any) -> Any:
    found = await rows.execute(text(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query.text}"), values)
    plan = found.scalar_one()
    return (json.loads(plan) if isinstance(plan, str) else plan)[0]


@pytest.mark.parametrize("asked", ["everybody", "head", "list"])
async def test_no_question_about_a_cohort_walks_through_the_house(rows: AsyncConnection, asked: str) -> None:
    questions: dict[str, tuple[Any, dict[str, Any]]] = {
        "everybody": (cohorts._EVERYBODY, {"number": NUMBER}),
        "head": (cohorts._HEAD, {"number": NUMBER}),
        "list": (cohorts._LIST, {"funds": ["ANT"], "today": TODAY, "after": "", "limit": 31}),
    }
    query, values = questions[asked]
    plan = await explained(rows, query, **values)
    whole = [(table, read) for table, read in scans(plan["Plan"]) if read > 1_000]
    assert whole == []
    assert plan["Execution Time"] < 500


async def test_pages_of_people_follow_each_other_without_losing_anybody(rows: AsyncConnection) -> None:
    seen: list[str] = []
    wanted = cohorts.Wanted()
    while True:
        found, behind = await cohorts.people(rows, NUMBER, wanted, TODAY)
        seen += [one.number for one in found]
        if behind is None:
            break
        wanted = wanted._replace(after=behind)
    assert len(seen) == len(set(seen)) == PEOPLE
    days = [one.waits for one in await cohorts.everybody(rows, NUMBER)]
    late, _ = await cohorts.people(rows, NUMBER, cohorts.Wanted(only="late"), TODAY, limit=PEOPLE)
    assert len(late) == sum(day < TODAY for day in days)
    [one], _ = await cohorts.people(rows, NUMBER, cohorts.Wanted(name="achternaam019100"), TODAY)
    assert one.name == "Voornaam Achternaam019100"


async def test_the_list_of_cohorts_goes_on_where_a_page_ends(rows: AsyncConnection) -> None:
    first, behind = await cohorts.cohorts(rows, ["ANT"], TODAY)
    assert behind is not None
    second, _ = await cohorts.cohorts(rows, ["ANT"], TODAY, behind)
    assert [one.people for one in first] == [PEOPLE] * cohorts.LISTED
    assert first[-1].number > second[0].number
