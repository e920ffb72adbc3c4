"""When a guidance began and when somebody took the offer are found by an index, however long the journals are."""

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
from reading import agencies, outcomes
from schemes.calendar import end_of_day
from tests.conftest import NewDatabase

PEOPLE, EVENTS = 2_000, 40
DAY = date(2026, 12, 31)
FILL = f"""
    INSERT INTO receipt (number, idempotency_key, fund, kind, instrument, received_at, opens_at, started_at, facts,
        typed, rehearsed)
    SELECT 'ANT-2026-J-' || lpad(p::text, 6, '0'), 'j' || p, 'ANT', 'trajectory', 'trajectory', now(), '2024-01-02',
        now(), '{{"agency": "RiseSmart"}}', '{{}}', false
    FROM generate_series(1, {PEOPLE}) AS p;
    INSERT INTO event (dossier, sequence, type, at, recorded_at, by, data, previous, hash)
    SELECT 'ANT-2026-J-' || lpad(p::text, 6, '0'), nr,
        CASE nr WHEN 3 THEN 'request_answered' WHEN 5 THEN 'reported' ELSE 'mail_planned' END,
        '2024-01-15', now(), 'system',
        CASE nr WHEN 3 THEN '{{"values": {{"answer": "accepted"}}}}'
            WHEN 5 THEN '{{"fact": "guidance_started", "on": "2024-01-15"}}'
            ELSE '{{"template": "' || repeat('x', 300) || '"}}' END::jsonb, '', p || '/' || nr
    FROM generate_series(1, {PEOPLE}) AS p, generate_series(1, {EVENTS}) AS nr;
"""
VISITOR = Visitor(
    session="",
    csrf="",
    person="ANT-team_lead-1",
    name="",
    party=Party.STAFF,
    funds=(Fund.ANTWERPEN,),
    roles=frozenset({Role.TEAM_LEAD}),
)
NUMBERS = [f"ANT-2026-J-{serial:06d}" for serial in range(1, PEOPLE + 1)]


@pytest.fixture(scope="module")
async def rows(new_database: NewDatabase) -> AsyncIterator[AsyncConnection]:
    """What a team lead sees in a house with long journals."""
    async with new_database() as urls:
        owner = database.make_engine(urls.owner)
        async with owner.begin() as connection:
            for statement in filter(str.strip, FILL.split(";\n")):
                await connection.exec_driver_sql(statement)
        async with owner.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            await connection.exec_driver_sql("VACUUM ANALYZE")
        await owner.dispose()
        portal = database.make_engine(urls.portal)
        async with seen_by(portal, VISITOR) as connection:
            yield connection
        await portal.dispose()


def ways(plan: dict[str, Any]) -> Iterator[str]:
    """By which index the journal is read, or that it is read whole."""
    if plan.get("Index Name", "").startswith("event"):
        yield plan["Index Name"]
    elif plan["Node Type"] == "Seq Scan" and plan["Relation Name"] == "event":
        yield "whole"
    for part in plan.get("Plans", ()):
        yield from ways(part)


QUESTIONS = {
    "who began": (outcomes.BEGUN, {"numbers": NUMBERS, "day": DAY}, "event_start"),
    "in which years": (outcomes.STARTS, {"fund": "ANT", "day": DAY}, "event_start"),
    "who took the offer": (agencies._ACCEPTED, {"numbers": NUMBERS, "until": end_of_day(DAY)}, "event_acceptance"),
    "who began without": (agencies._BEGUN, {"numbers": NUMBERS, "until": end_of_day(DAY)}, "event_start"),
}


@pytest.mark.parametrize(("query", "values", "index"), QUESTIONS.values(), ids=QUESTIONS.keys())
async def test_no_journal_is_read_for_a_day_of_it(
    rows: AsyncConnection, query: str, values: dict[str, Any], index: str
) -> None:
    found = (await rows.execute(text(f"EXPLAIN (ANALYZE, FORMAT JSON) {query}"), values)).scalar_one()
    (plan,) = json.loads(found) if isinstance(found, str) else found
    assert list(ways(plan["Plan"])) == [index]
    assert plan["Plan"]["Actual Rows"] >= 1
