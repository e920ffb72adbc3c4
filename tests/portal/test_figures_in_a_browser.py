"""The page of what became of people in a real browser: read by everybody, by keyboard too, wide, small and dark."""

from __future__ import annotations

from typing import Any

from tests.figures.conftest import lived

__all__ = ["lived"]
ADDRESS = "/uitkomsten?op=2025-12-31&vergelijk=2024-12-31&per=agency"


async def test_everybody_can_read_it_and_ask_something_else_by_keyboard(
    open_window: Any, staff: Any, lived: Any
) -> None:
    await lived()
    async with open_window(staff("ANT-board-1")) as board:
        page = await board.go(ADDRESS)
        assert await board.barriers() == []
        assert await page.locator("svg.chart").count() == 4
        await page.locator("#per").focus()
        await page.keyboard.press("l")
        await page.locator("[name=publiek]").focus()
        await page.keyboard.press("Space")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**publiek=ja**")
        assert "per=age" in page.url
        await page.get_by_role("heading", name="Per leeftijd").wait_for()
        definitions = page.locator("details > summary").last
        await definitions.focus()
        await page.keyboard.press("Enter")
        assert await page.get_by_text("Tijd tot een nieuwe job: van de eerste sessie").first.is_visible()
