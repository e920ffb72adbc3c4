"""From 'approve' in the browser to the next page that shows it: a browser, a served portal, a worker, all servers.

A reviewer's form stands open with its outcome chosen; the clock runs from the press of Enter on it until the page of
the dossier, which tells the answer, has been loaded and shows it.
"""

import argparse
import asyncio
import json
import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any

from playwright.async_api import Page, async_playwright
from rich.console import Console

import database
from benchmarks import product
from benchmarks.comparison import percentiles
from connection import connect
from database import errand
from embedded import EmbeddedStack, EmbeddedWorker, throwaway_directory
from models.messages.words import Fund, Party, Role
from portal.access.rights import COOKIE
from portal.access.visitor import Visitor
from portal.app import make_app
from portal.house import House, open_house
from portal.serving import served
from settings import Settings
from starter import Starter

GOAL = 300.0
"""Milliseconds under which 95 of 100 must stay."""
BROWSER = shutil.which("chromium") or shutil.which("chromium-headless-shell")
WARMING = 5
"""First decisions that do not count: the browser and the caches are cold."""
RELEASE = {"DOORSTROOM_LOG_LEVEL": "WARNING", "DOORSTROOM_WORKFLOW_SANDBOX": "false"}
QUIET = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
REVIEWER = Visitor(
    session="",
    csrf="",
    person="ANT-handler",
    name="ANT-handler",
    party=Party.STAFF,
    funds=(Fund.ANTWERPEN,),
    roles=frozenset({Role.HANDLER}),
)


@asynccontextmanager
async def portal() -> AsyncIterator[tuple[House, str]]:
    """The house and the address of its portal, on a stack of its own that syncs to disk, with a worker beside it."""
    async with AsyncExitStack() as kept:
        directory = kept.enter_context(throwaway_directory())
        stack = await kept.enter_async_context(EmbeddedStack(directory))
        await database.migrate(stack.owner_url)
        await kept.enter_async_context(EmbeddedWorker(stack, directory, **RELEASE))
        settings = stack.settings(Settings(_env_file=None, import_key="for-a-benchmark-" * 2))
        engine = database.make_engine(stack.database_url)
        kept.push_async_callback(engine.dispose)
        await product.add_staff(engine)
        starter = Starter(await connect(settings), engine, settings.temporal_task_queue, patience=60)
        house = await kept.enter_async_context(open_house(settings, engine, starter))
        yield house, await kept.enter_async_context(served(make_app(house)))


async def reviewable(house: House) -> str:
    """The number of a dossier whose review is open."""
    now = datetime.now(UTC)
    sent = product.application().model_copy(update={"received_at": now, "opens_at": None, "rehearsed": False})
    ended = now.date() - timedelta(days=14)
    days = {"starts_on": ended - timedelta(days=2), "ends_on": ended, "filed_on": now.date(), "known_on": now.date()}
    sent = sent.model_copy(update={"facts": sent.facts.model_copy(update=days)})
    number = (await house.starter.receive(sent)).number
    async with asyncio.timeout(60):
        while True:
            async with errand(house.engine) as connection:
                if await connection.fetchval("SELECT true FROM task WHERE task = $1", f"{number}/review/1"):
                    return number
            await asyncio.sleep(0.05)


async def approve(page: Page, address: str, number: str) -> float:
    """Approve a dossier; gives the seconds until the next page shows it."""
    await page.goto(f"{address}/taak/{number}/review/1")
    choice = page.locator("input[name=uitkomst][value=approve]")
    await choice.check()
    began = perf_counter()
    async with page.expect_navigation(url=f"**/dossier/{number}", wait_until="load"):
        await choice.press("Enter")
    await page.locator(f".card form[action$='/taak/{number}/review/1/ongedaan']").wait_for()
    return perf_counter() - began


async def measure(times: int) -> dict[str, Any]:
    """Percentiles in milliseconds over that many decisions, and how busy the machine was."""
    async with portal() as (house, address), async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=BROWSER, args=list(QUIET))
        context = await browser.new_context(locale="nl-BE")
        secret = await house.sessions.open(REVIEWER)
        await context.add_cookies([{"name": COOKIE, "value": secret, "url": address}])
        page = await context.new_page()
        numbers = [await reviewable(house) for _ in range(WARMING + times)]
        before = os.getloadavg()[0]
        taken = [await approve(page, address, number) for number in numbers][WARMING:]
        await browser.close()
    load = [round(before, 1), round(os.getloadavg()[0], 1)]
    return {"decisions": times, "ms": percentiles(taken), "goal_p95": GOAL, "load": load, "cores": os.cpu_count()}


def main() -> None:
    """Measure and print, as JSON on standard output."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.approving", description=__doc__)
    parser.add_argument("--times", type=int, default=40, help="decisions that count")
    found = asyncio.run(measure(parser.parse_args().times))
    line = f"approve to the page that shows it: {found['ms']} ms, goal p95 {GOAL:.0f}, load {found['load']}"
    Console(file=sys.stderr).print(line)
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
