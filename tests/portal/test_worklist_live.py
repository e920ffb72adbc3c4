"""A list that stands open: it hears of new tasks, counts again, and is worked down by keyboard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.async_api import expect
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from database import transaction
from models.tables import TaskRow
from portal.staff import live
from portal.staff.listing import SLUGS
from tests.portal.workload import ordinary_day, put, task


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "CALM", 0.05)


@asynccontextmanager
async def told(engine: AsyncEngine, visitor: Any) -> AsyncIterator[Any]:
    """A line on which a visitor hears what happens; gives a way to wait for the next word."""
    source = live.Announcements(engine)
    stream = live.stream(source, visitor)
    assert await anext(stream) == "retry: 5000\n\n"
    waiting: asyncio.Future[str] = asyncio.ensure_future(anext(stream))
    await asyncio.wait_for(source.ready.wait(), 5)

    async def following() -> str:
        nonlocal waiting
        said = await asyncio.wait_for(asyncio.shield(waiting), 5)
        waiting = asyncio.ensure_future(anext(stream))
        return said

    yield following
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    await stream.aclose()


async def test_new_tasks_for_my_role_are_counted(engine: AsyncEngine, staff: Any) -> None:
    async with told(engine, staff()) as following:
        await put(engine, TaskRow, task(1), task(2), task(3, role="approver"), task(4, fund="LIM"))
        words = [await following()]
        while sum(int(one.split("data: ")[1]) for one in words) < 2:
            words.append(await following())
    assert all(one.startswith("event: new") for one in words if "data: 0" not in one)


MOVES = {
    "finished": "UPDATE task SET state = 'done' WHERE task = :task",
    "another day": "UPDATE task SET due = due + 1 WHERE task = :task",
    "taken": "INSERT INTO task_hold (task, person, since) VALUES (:task, 'ANT-handler-2', now())",
}


@pytest.mark.parametrize("statement", MOVES.values(), ids=MOVES.keys())
async def test_what_changes_counters_is_told(engine: AsyncEngine, staff: Any, statement: str) -> None:
    await put(engine, TaskRow, task(1))
    async with told(engine, staff()) as following:
        async with transaction(engine) as connection:
            await connection.execute(text(statement), {"task": task(1)["task"]})
        assert await following() == "event: moved\ndata: 0\n\n"


async def test_another_fund_hears_nothing_of_it(engine: AsyncEngine, staff: Any) -> None:
    async with told(engine, staff("LIM-handler-1")) as following:
        await put(engine, TaskRow, task(1))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await following()


async def test_a_silent_line_is_used_now_and_then(
    engine: AsyncEngine, staff: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "BEAT", 0.05)
    async with told(engine, staff()) as following:
        assert await following() == ": quiet\n\n"


async def test_who_lost_the_server_listens_again_and_counts(
    engine: AsyncEngine, staff: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "RETRY", 0.1)
    async with told(engine, staff()) as following:
        async with transaction(engine) as connection:
            await connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE query LIKE 'LISTEN%' AND datname = current_database()"
                )
            )
        assert await following() == "event: moved\ndata: 0\n\n"
        await asyncio.sleep(0.5)
        await put(engine, TaskRow, task(1))
        while "new" not in await following():
            continue


async def test_nobody_listens_when_nobody_looks(engine: AsyncEngine) -> None:
    source = live.Announcements(engine)
    async with source.heard(), source.heard():
        await asyncio.wait_for(source.ready.wait(), 5)
        assert await _listeners(engine) == 1
    for _ in range(50):
        if await _listeners(engine) == 0:
            break
        await asyncio.sleep(0.1)
    assert await _listeners(engine) == 0


async def _listeners(engine: AsyncEngine) -> int:
    async with engine.connect() as connection:
        query = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()"
        return int(await connection.scalar(text(query)) or 0)


# In the browser


async def test_an_open_list_tells_of_a_new_task_and_counts_again(
    engine: AsyncEngine, open_window: Any, staff: Any
) -> None:
    await ordinary_day(engine)
    async with open_window(staff()) as handler:
        page = await handler.go("/werklijst?lijst=team")
        await expect(page.locator("[data-counter=team]")).to_have_text("12")
        await asyncio.sleep(0.5)
        await put(engine, TaskRow, task(70))
        await page.get_by_text("Er is 1 nieuwe taak.").wait_for()
        await expect(page.locator("[data-counter=team]")).to_have_text("13")
        assert await page.locator("tr[data-task*='000070']").count() == 0
        await page.get_by_role("link", name="Ververs de lijst").click()
        await page.locator("tr[data-task*='000070']").wait_for()
    assert handler.complaints == []


async def test_a_handler_moves_takes_puts_back_and_undoes_by_keyboard(
    engine: AsyncEngine, open_window: Any, staff: Any
) -> None:
    await ordinary_day(engine)
    async with open_window(staff()) as handler:
        page = await handler.go("/werklijst?lijst=vrij")
        focused = "document.activeElement.textContent"
        await page.keyboard.press("j")
        first = await page.evaluate(focused)
        await page.keyboard.press("j")
        await page.keyboard.press("k")
        assert await page.evaluate(focused) == first == "ANT-2026-S-000002"

        await page.keyboard.press("c")
        await page.get_by_text("U hebt ANT-2026-S-000002/review/1 in handen.").wait_for()
        assert await page.evaluate(focused) == "ANT-2026-S-000004"  # the next one: 3 is a colleague's

        await page.keyboard.press("u")
        await page.get_by_text("ANT-2026-S-000002/review/1 ligt weer op de lijst.").wait_for()

        await page.keyboard.press("/")
        await page.keyboard.type("stap:beoordeling is:vandaag")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**q=stap*")
        await page.locator("#list tbody tr").first.wait_for()
        assert await page.locator("#list tbody tr").count() == 1
        await page.keyboard.press("g")
        await page.keyboard.press("i")
        await page.wait_for_url("**/werklijst?lijst=mijn")
    assert handler.complaints == []


async def test_keys_and_palette_tell_themselves(engine: AsyncEngine, open_window: Any, staff: Any) -> None:
    await ordinary_day(engine)
    async with open_window(staff()) as handler:
        page = await handler.go("/werklijst?lijst=team")
        await page.keyboard.press("?")
        await page.get_by_role("heading", name="Toetsen van de werklijst").wait_for()
        assert await handler.faults() == []
        await page.keyboard.press("Escape")
        await page.keyboard.press("Control+k")
        assert await handler.faults() == []
        await page.keyboard.type("te laat")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/werklijst?lijst=telaat")
    assert handler.complaints == []


async def test_typing_in_a_box_is_no_command(engine: AsyncEngine, open_window: Any, staff: Any) -> None:
    await ordinary_day(engine)
    async with open_window(staff()) as handler:
        page = await handler.go("/werklijst?lijst=team")
        await page.locator("#ask").focus()
        await page.keyboard.type("jxc?")
        assert await page.locator("#ask").input_value() == "jxc?"
        assert await page.locator("#list input:checked").count() == 0


STATES = {
    "every tab": [f"/werklijst?lijst={tab}" for tab in SLUGS.values()],
    "asked": ["/werklijst?lijst=team&q=soort:subsidie+hool"],
    "not understood": ["/werklijst?lijst=team&q=is:laat"],
    "nothing found": ["/werklijst?lijst=team&q=bestaatniet"],
}


@pytest.mark.parametrize("paths", STATES.values(), ids=STATES.keys())
async def test_nothing_stands_in_the_way_of_a_reader(
    engine: AsyncEngine, open_window: Any, staff: Any, paths: list[str]
) -> None:
    await ordinary_day(engine)
    await put(
        engine, TaskRow, task(80, state="done", person="ANT-handler-1", outcome="approve", ended_at=datetime.now(UTC))
    )
    async with open_window(staff()) as handler:
        for path in paths:
            await handler.go(path)
            assert await handler.barriers() == [], path


async def test_e_goes_to_the_decision_and_o_to_the_dossier(engine: AsyncEngine, open_window: Any, staff: Any) -> None:
    await ordinary_day(engine)
    async with open_window(staff()) as handler:
        page = await handler.go("/werklijst?lijst=vrij")
        await page.keyboard.press("j")
        await page.keyboard.press("e")
        await page.wait_for_url("**/taak/ANT-2026-S-000002/review/1?lijst=vrij**")
        page = await handler.go("/werklijst?lijst=vrij")
        await page.keyboard.press("j")
        await page.keyboard.press("o")
        await page.wait_for_url("**/dossier/ANT-2026-S-0000**")
