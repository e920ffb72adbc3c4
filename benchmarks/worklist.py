"""The work list on a house full of work: how long a page's query, the counters and the whole page through HTTP take.

Everything is asked as the portal asks it: under row-level security, in a transaction per page. The house is made here,
the size by option; with `--directory` it is kept, so that a large one is made once.
"""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg
import httpx
from rich.console import Console
from rich.table import Table
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from temporalio.client import Client

import database
from benchmarks import crowd
from embedded import EmbeddedPostgres, throwaway_directory
from models.messages.words import Fund, Party, Role
from portal.access.rights import COOKIE
from portal.access.rows import seen_by
from portal.access.visitor import Visitor
from portal.app import make_app
from portal.house import House, open_house
from portal.serving import served
from portal.staff.listing import SLUGS, desk_of
from reading import finding, inbox
from reading import inbox_statement as statement
from reading.asked import parse
from reading.inbox import InboxQuery, Place, Tab
from schemes.calendar import BRUSSELS
from settings import Settings
from starter import Starter

GOALS = {"query": 5.0, "counters": 20.0, "page": 100.0}
"""Milliseconds under which 99 of 100 must stay."""
HANDLER = Visitor(
    session="",
    csrf="",
    person="ANT-6",
    name="Collega 6",
    party=Party.STAFF,
    funds=(Fund.ANTWERPEN,),
    roles=frozenset({Role.INTAKE, Role.HANDLER}),
)
EVERYTHING = HANDLER.model_copy(update={"funds": tuple(Fund), "roles": frozenset(Role)})
QUESTIONS: dict[str, tuple[Visitor, Tab, str, bool]] = {
    **{f"tab {SLUGS[tab]}": (HANDLER, tab, "", False) for tab in Tab},
    "tab team, halfway": (HANDLER, Tab.TEAM, "", True),
    "tab team, all funds and roles": (EVERYTHING, Tab.TEAM, "", False),
    "soort:outplacement": (HANDLER, Tab.TEAM, "soort:outplacement", False),
    "is:telaat is:vrij": (HANDLER, Tab.TEAM, "is:telaat is:vrij", False),
    "bedrag:>20400 (rare)": (HANDLER, Tab.TEAM, "bedrag:>20400", False),
    'werkgever:"gieterij duin17"': (HANDLER, Tab.TEAM, 'werkgever:"gieterij duin17"', False),
    "persoon:veld1234 (rare)": (HANDLER, Tab.TEAM, "persoon:veld1234", False),
    "gieterij (common word)": (HANDLER, Tab.TEAM, "gieterij", False),
    "0000128 (part of a number)": (HANDLER, Tab.TEAM, "0000128", False),
}
"""What is asked: of whom, on which tab, with which words, and whether halfway down the list."""
PAGES = ("/werklijst?lijst=mijn", "/werklijst?lijst=team", "/werklijst?lijst=team&q=gieterij", "/werklijst/tellers")
FILTERED = len(Tab) + 3
"""Questions from this place on look through the list for something rare; their goal is that of the page."""


@asynccontextmanager
async def full_house(directory: Path | None, open_tasks: int, closed_tasks: int) -> AsyncIterator[House]:
    """A house with that much work, and the portal's two ways to its database."""
    async with AsyncExitStack() as stack:
        place = directory or stack.enter_context(throwaway_directory())
        server = await stack.enter_async_context(EmbeddedPostgres(place, fsync=directory is not None))
        await database.migrate(server.owner_url)
        owner = await asyncpg.connect(server.owner_url.replace("+asyncpg", ""))
        try:
            if not await owner.fetchval("SELECT EXISTS (SELECT FROM task)"):
                await crowd.fill(
                    owner, open_tasks=open_tasks, closed_tasks=closed_tasks, today=datetime.now(BRUSSELS).date()
                )
        finally:
            await owner.close()
        settings = Settings(
            _env_file=None,
            database_url=server.app_url,
            portal_database_url=server.portal_url,
            import_key="of-a-measurement-" * 2,
        )
        engine = database.make_engine(server.app_url)
        stack.push_async_callback(engine.dispose)
        client = await Client.connect("127.0.0.1:1", lazy=True)  # nothing that is measured asks Temporal
        yield await stack.enter_async_context(open_house(settings, engine, Starter(client, engine, "bench")))


async def timed(times: int, ask: Callable[[], Awaitable[object]]) -> dict[str, float]:
    """Percentiles in milliseconds; the first tenth warms up and does not count."""
    taken: list[float] = []
    for _ in range(times + times // 10):
        began = time.perf_counter()
        await ask()
        taken.append((time.perf_counter() - began) * 1000)
    counted = sorted(taken[times // 10 :])
    return {name: round(counted[int(part * (len(counted) - 1))], 2) for name, part in PARTS.items()}


PARTS = {"p50": 0.5, "p95": 0.95, "p99": 0.99}


async def queries(house: House, times: int) -> dict[str, Any]:
    """Every question of a page, with the number of lines found and the plan of the last."""
    found: dict[str, Any] = {}
    for name, (visitor, tab, typed, halfway) in QUESTIONS.items():
        async with seen_by(house.reading, visitor) as connection:
            query = InboxQuery(await desk_of(connection, visitor), tab, parse(typed))
            if halfway:
                query = replace(query, after=f"{query.desk.today.isoformat()}~")
            shown = await inbox.page(connection, query)

            async def ask(connection: AsyncConnection = connection, query: InboxQuery = query) -> object:
                return await inbox.page(connection, query)

            found[name] = await timed(times, ask) | {"lines": len(shown.lines)}
            found[name]["plan"] = await plan(connection, query)
    return found


async def plan(connection: AsyncConnection, query: InboxQuery) -> str:
    """How PostgreSQL goes about it."""
    dossiers = await finding.dossiers_with(connection, query.asked, query.desk.funds, closed=query.tab is Tab.DONE)
    place = Place(query.desk.today, "") if query.after else None
    said, values = statement.lines(
        query.desk, query.tab, query.asked, dossiers, place=place, backward=False, limit=query.limit + 1
    )
    rows = await connection.execute(text(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {said}"), values)
    return "\n".join(row[0] for row in rows)


async def counters(house: House, times: int) -> dict[str, Any]:
    """All counters of a handler, and of somebody who sees everything."""
    found: dict[str, Any] = {}
    for name, visitor in (("counters of a handler", HANDLER), ("counters of all funds and roles", EVERYTHING)):
        async with seen_by(house.reading, visitor) as connection:
            desk = await desk_of(connection, visitor)
            found[name] = await timed(times, lambda c=connection, d=desk: inbox.counters(c, d))  # type: ignore[misc]
    return found


async def pages(house: House, visitor: Visitor, paths: Mapping[str, str], times: int) -> dict[str, Any]:
    """Whole pages by the name they go by, as a browser of this visitor gets them."""
    found: dict[str, Any] = {}
    secret = await house.sessions.open(visitor)
    async with served(make_app(house)) as address, httpx.AsyncClient(base_url=address, timeout=120) as browser:
        browser.cookies.set(COOKIE, secret)
        for name, path in paths.items():

            async def ask(path: str = path) -> None:
                answer = await browser.get(path)
                answer.raise_for_status()
                assert "aanmelden" not in str(answer.url)

            found[name] = await timed(times, ask)
    return found


async def measure(open_tasks: int, closed_tasks: int, times: int, directory: Path | None) -> dict[str, Any]:
    """Everything, on one house."""
    async with full_house(directory, open_tasks, closed_tasks) as house:
        return {
            "open": open_tasks,
            "closed": closed_tasks,
            "queries": await queries(house, times),
            "counters": await counters(house, times),
            "pages": await pages(house, HANDLER, {path: path for path in PAGES}, times),
        }


def show(found: dict[str, Any]) -> None:
    """A table for people, on standard error."""
    table = Table(title=f"Work list with {found['open']:,} open and {found['closed']:,} closed tasks, milliseconds")
    for column in ("what", *PARTS, "goal p99"):
        table.add_column(column, justify="left" if column == "what" else "right")
    for part, goal in (("queries", "query"), ("counters", "counters"), ("pages", "page")):
        for place, (name, row) in enumerate(found[part].items()):
            wanted = GOALS["page"] if part == "queries" and place >= FILTERED else GOALS[goal]
            table.add_row(name, *(f"{row[one]:.2f}" for one in PARTS), f"{wanted:.0f}")
    Console(file=sys.stderr).print(table)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.worklist", description=__doc__)
    parser.add_argument("--open", type=int, default=20_000, help="open tasks")
    parser.add_argument("--closed", type=int, default=180_000, help="closed tasks")
    parser.add_argument("--times", type=int, default=200, help="how often each is asked")
    parser.add_argument("--directory", type=Path, help="keep the house here, and use it again when it is there")
    parser.add_argument("--plans", action="store_true", help="print the plans instead of the numbers alone")
    given = parser.parse_args()
    result = asyncio.run(measure(given.open, given.closed, given.times, given.directory))
    show(result)
    if not given.plans:
        for row in result["queries"].values():
            del row["plan"]
    print(json.dumps(result, indent=1))
