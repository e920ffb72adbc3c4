"""What a page of the list costs: a short walk along an index, under row-level security, and no more with history."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from datetime import date
from typing import Any, NamedTuple

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

import database
from benchmarks import crowd
from models.messages.words import Fund, Party, Role
from portal.access.rows import seen_by
from portal.access.visitor import Visitor
from reading import finding
from reading import inbox_statement as statement
from reading.asked import parse
from reading.inbox import COUNTED, Desk, Place, Tab

TODAY = date(2026, 12, 1)
OPEN, CLOSED, MORE = 4_000, 12_000, 120_000
DESK = Desk("ANT-6", (Fund.ANTWERPEN,), (Role.INTAKE, Role.HANDLER), TODAY)
ALL = Desk("ANT-6", tuple(Fund), tuple(Role), TODAY)


def visitor(desk: Desk) -> Visitor:
    return Visitor(
        session="",
        csrf="",
        person=desk.person,
        name=desk.person,
        party=Party.STAFF,
        funds=desk.funds,
        roles=frozenset(desk.roles),
    )


class Question(NamedTuple):
    """One page that somebody asks for."""

    tab: Tab
    typed: str = ""
    place: Place | None = None
    backward: bool = False
    desk: Desk = DESK


DEEP = Place(date(2027, 1, 10), "")
QUESTIONS = {
    **{f"the first page of {tab}": Question(tab) for tab in Tab},
    "a later page": Question(Tab.TEAM, place=DEEP),
    "the page before": Question(Tab.TEAM, place=DEEP, backward=True),
    "all funds and roles": Question(Tab.TEAM, desk=ALL),
    "what stands still in all funds": Question(Tab.PAUSED, desk=ALL),
    "what stands still, a later page": Question(Tab.PAUSED, place=Place(TODAY, "")),
    "a kind of what stands still": Question(Tab.PAUSED, "soort:outplacement"),
    "a kind": Question(Tab.TEAM, "soort:outplacement"),
    "in my hands": Question(Tab.TEAM, "van:mij"),
    "late and free": Question(Tab.TEAM, "is:telaat is:vrij"),
    "one employer": Question(Tab.TEAM, 'werkgever:"gieterij duin17"'),
    "one person": Question(Tab.TEAM, "persoon:veld1234"),
    "one dossier": Question(Tab.UNASSIGNED, "0000128"),
}


class Cost(NamedTuple):
    """What PostgreSQL did for a statement."""

    blocks: int
    walked: int
    scanned: frozenset[str]


@pytest.fixture(scope="module")
async def house(new_database: Any) -> AsyncIterator[tuple[AsyncEngine, dict[str, dict[str, Cost]], asyncpg.Connection]]:
    """Every question asked of a house with little history, then with ten times as much of it."""
    async with new_database() as urls:
        owner = await asyncpg.connect(urls.owner.replace("+asyncpg", ""))
        engine = database.make_engine(urls.portal)
        try:
            await crowd.fill(owner, open_tasks=OPEN, closed_tasks=CLOSED, today=TODAY)
            before = {name: await cost(engine, question) for name, question in QUESTIONS.items()}
            await crowd.add_history(owner, after=OPEN + CLOSED, open_tasks=OPEN, closed_tasks=MORE, today=TODAY)
            after = {name: await cost(engine, question) for name, question in QUESTIONS.items()}
            yield engine, {"before": before, "after": after}, owner
        finally:
            await engine.dispose()
            await owner.close()


async def cost(engine: AsyncEngine, question: Question) -> Cost:
    async with seen_by(engine, visitor(question.desk)) as connection:
        asked = parse(question.typed)
        dossiers = await finding.dossiers_with(connection, asked, question.desk.funds, closed=question.tab is Tab.DONE)
        at = question.place
        said, values = statement.lines(
            question.desk, question.tab, asked, dossiers, place=at, backward=question.backward, limit=51
        )
        await explained(connection, said, values)  # once, so that its catalogues are at hand
        return await explained(connection, said, values)


async def explained(connection: AsyncConnection, said: str, values: dict[str, object]) -> Cost:
    found = await connection.scalar(text(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {said}"), values)
    plan = (found if isinstance(found, list) else json.loads(found or "[]"))[0]["Plan"]
    nodes = list(_nodes(plan))
    walked = sum(
        (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
        for node in nodes
        if node.get("Relation Name") in ("task", "request")
    )
    scanned = frozenset(node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan")
    return Cost(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"], round(walked), scanned)


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from _nodes(below)


SMALL_TABLES = {"staff_member", "task_hold", "task_snooze"}
"""A few hundred rows in this house: reading them whole is the quickest way here."""


@pytest.mark.parametrize("name", QUESTIONS)
async def test_no_large_table_is_read_whole(house: Any, name: str) -> None:
    assert house[1]["after"][name].scanned <= SMALL_TABLES


@pytest.mark.parametrize("name", QUESTIONS)
async def test_history_adds_nothing_to_the_cost(house: Any, name: str) -> None:
    before, after = house[1]["before"][name], house[1]["after"][name]
    assert after.walked <= before.walked + 5
    assert after.blocks <= before.blocks * 1.3 + 120, (before, after)


UNFILTERED = [name for name, question in QUESTIONS.items() if not question.typed]


@pytest.mark.parametrize("name", UNFILTERED)
async def test_a_page_walks_little_more_than_it_shows(house: Any, name: str) -> None:
    desk = QUESTIONS[name].desk
    walks = len(desk.funds) * len(desk.roles)
    assert house[1]["after"][name].walked <= 51 * (2 * walks + 3)


async def test_counters_stop_where_they_say(house: Any) -> None:
    async with seen_by(house[0], visitor(ALL)) as connection:
        said, values = statement.counters(ALL, COUNTED)
        found = await explained(connection, said, values)
    assert found.scanned <= SMALL_TABLES
    assert found.walked <= 3 * COUNTED * len(Tab)


HALVES = {"NOT closed": "dossier_words_open", "closed": "dossier_words_closed"}


@pytest.mark.parametrize(("half", "index"), HALVES.items())
async def test_words_are_found_along_the_index_of_their_half(house: Any, half: str, index: str) -> None:
    """The statement of `dossiers_found`, as its owner runs it."""
    owner = house[2]
    async with owner.transaction():
        await owner.execute("SET LOCAL enable_seqscan = off")
        plan = await owner.fetchval(
            f"EXPLAIN (FORMAT JSON) SELECT dossier FROM dossier_words WHERE {half} AND words LIKE '%duin17%' LIMIT 10"
        )
    assert {node["Index Name"] for node in _nodes(json.loads(plan)[0]["Plan"]) if "Index Name" in node} == {index}
