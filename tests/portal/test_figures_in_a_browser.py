"""The page of what became of people in a real browser: read by everybody, by keyboard too, wide, small and dark."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from tests.figures.conftest import lived
from tests.portal.browsing import DESKTOP, PHONE

__all__ = ["lived"]
ADDRESS = "/uitkomsten?op=2025-12-31&vergelijk=2024-12-31&per=agency"
PICTURES = os.environ.get("DOORSTROOM_TEST_PICTURES")
"""A folder in which pictures are kept, to look at."""


async def test_everybody_can_read_it_and_ask_something_else_by_keyboard(
    open_window: Any, staff: Any, lived: Any
) -> None:
    await lived()
    sights = {"wide": (DESKTOP, "light"), "small": (PHONE, "light"), "dark": (DESKTOP, "dark")}
    for name, (viewport, scheme) in sights.items():
        async with open_window(staff("ANT-board-1"), viewport=viewport, color_scheme=scheme) as board:
            page = await board.go(ADDRESS)
            assert await board.faults() == []
            assert not await board.wider_than_the_screen()
            assert await page.locator("svg.chart").count() == 4
            if PICTURES:
                await page.screenshot(path=Path(PICTURES) / f"figures-{name}.png", full_page=True)
    async with open_window(staff("ANT-board-1")) as board:
        page = await board.go(ADDRESS)
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
