"""A real browser: Debian's Chromium without a window, driven by Playwright, with axe to judge every page it shows."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize, async_playwright

from portal.access.rights import COOKIE
from portal.access.visitor import Visitor
from portal.house import House

EXECUTABLE = shutil.which("chromium-headless-shell") or shutil.which("chromium")
"""None: the one that Playwright installed itself."""
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)
AXE = Axe().axe_script
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],
}
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 320, "height": 640}
TWICE_AS_LARGE = "document.documentElement.style.fontSize = '200%'"
AS_LARGE_AS_EVER = "document.documentElement.style.fontSize = ''"


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """The browser of this run."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=EXECUTABLE, args=list(QUIET))
        try:
            yield browser
        finally:
            await browser.close()


@dataclass
class Window:
    """Somebody's window. What the browser complained of is kept, and `complaints` is empty after a good day."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "status of 4" not in message.text:
            self.complaints.append(message.text)

    async def go(self, path: str) -> Page:
        """Open a page of the portal."""
        await self.page.goto(self.address + path)
        return self.page

    async def faults(self) -> list[str]:
        """What axe finds on the page as it stands."""
        if await self.page.evaluate("typeof axe === 'undefined'"):
            await self.page.evaluate(AXE)
        found = await self.page.evaluate("rules => axe.run(rules).then(found => found.violations)", RULES)
        return [f"{one['id']} {node['target']}: {one['help']}" for one in found for node in one["nodes"]]

    async def wider_than_the_screen(self) -> bool:
        """Whether a reader would have to scroll sideways."""
        wider: bool = await self.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        return wider

    async def barriers(self) -> list[str]:
        """What keeps somebody from reading the page: on a wide screen, with letters twice as large, and on a small
        screen in the dark."""
        found = [f"wide: {fault}" for fault in [*await self.faults(), *await self._too_wide()]]
        await self.page.evaluate(TWICE_AS_LARGE)
        found += [f"twice as large: {fault}" for fault in await self._too_wide()]
        await self.page.evaluate(AS_LARGE_AS_EVER)
        await self.page.set_viewport_size(PHONE)
        await self.page.emulate_media(color_scheme="dark", reduced_motion="reduce")  # its colours at once
        found += [f"small and dark: {fault}" for fault in [*await self.faults(), *await self._too_wide()]]
        await self.page.set_viewport_size(DESKTOP)
        await self.page.emulate_media(color_scheme=None, reduced_motion=None)
        return found

    async def _too_wide(self) -> list[str]:
        return ["wider than the screen"] if await self.wider_than_the_screen() else []


@asynccontextmanager
async def window(
    browser: Browser, house: House, address: str, visitor: Visitor | None = None, **more: Any
) -> AsyncIterator[Window]:
    """A window in which this visitor is signed in."""
    context: BrowserContext = await browser.new_context(**{"viewport": DESKTOP, "locale": "nl-BE"} | more)
    if visitor is not None:
        secret = await house.sessions.open(visitor)
        await context.add_cookies([{"name": COOKIE, "value": secret, "url": address}])
    try:
        opened = Window(await context.new_page(), address)
        yield opened
        assert opened.complaints == []
    finally:
        await context.close()
