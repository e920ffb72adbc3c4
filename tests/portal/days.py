"""What the tests of whole days share: a person at a keyboard, and an eye on every page that comes by."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from time import perf_counter
from typing import Any

from playwright.async_api import FileChooser, FilePayload, Page
from playwright.async_api import TimeoutError as PlaywrightTimeout

import receipts
from tests.portal.browsing import Window
from tests.portal.living import Living, application
from tests.portal.workload import today
from tests.starter.conftest import LARGE

FOCUS = """(() => { const on = document.activeElement;
  return on.dataset.told !== undefined ? "told" : on.dataset.focus !== undefined ? "problem"
    : on.id || on.name || (on.closest("tr") ? on.closest("tr").dataset.task : on.tagName.toLowerCase()); })()"""
"""Where a person is: what was told or refused, the id or name of a field, the task of a row, or the kind of element."""


@dataclass
class Eye:
    """Judges a page the first time it comes by under a name."""

    window: Window
    seen: list[str] = field(default_factory=list)

    async def sees(self, name: str) -> None:
        """Nothing stands in the way of a reader."""
        if name in self.seen:
            return
        self.seen.append(name)
        assert (name, await self.window.barriers()) == (name, [])


@dataclass
class Hands:
    """Somebody who has a keyboard and no mouse."""

    page: Page

    async def at(self) -> str:
        """Where the focus is."""
        found: str = await self.page.evaluate(FOCUS)
        return found

    async def press(self, *keys: str) -> None:
        """Keys that stay on the page."""
        for key in keys:
            await self.page.keyboard.press(key)

    async def leave_dialog(self) -> None:
        """Escape, and wait until the dialog is gone: until then keys are its own and nothing below takes the focus."""
        await self.page.keyboard.press("Escape")
        await self.page.locator("dialog[open]").wait_for(state="detached")
        await self.settled()

    async def to(self, key: str, address: str) -> None:
        """A key that leads to another page; its scripts have run when this comes back."""
        async with self.page.expect_navigation(url=address, wait_until="load"):
            await self.page.keyboard.press(key)

    async def tab_to(self, place: str, most: int = 40) -> None:
        """Tab until the focus is there."""
        for _ in range(most):
            await self.page.keyboard.press("Tab")
            if await self.at() == place:
                return
        raise AssertionError(f"{most} times Tab did not lead to {place}")

    async def tab_to_words(self, words: str, most: int = 60) -> None:
        """Tab until the focus is on a link or button that says this."""
        for _ in range(most):
            await self.page.keyboard.press("Tab")
            said = await self.page.evaluate("(document.activeElement.innerText || '').replace(/\\s+/g, ' ')")
            if words in said and await self.at() != "inhoud":
                return
        raise AssertionError(f"{most} times Tab did not lead to '{words}'")

    async def choose(self, value: str) -> None:
        """Walk with the arrows along the choices that have the focus, to this one."""
        for _ in range(12):
            if await self.page.evaluate("document.activeElement.value") == value:
                await self.page.keyboard.press("Space")
                return
            await self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"there is no choice {value}")

    async def skip(self) -> None:
        """Past the menu, by the first link of every page."""
        await self.press("Tab", "Enter")
        assert await self.at() == "inhoud"

    async def pick(self, value: str) -> None:
        """Walk through the list that has the focus, to this value."""
        await self.press("Home")
        for _ in range(40):
            if await self.page.evaluate("document.activeElement.value") == value:
                return
            await self.press("ArrowDown")
        raise AssertionError(f"the list has no {value}")

    async def fill(self, **answers: str) -> None:
        """Answer the questions of a page in their order; `_` stands for the dash in a name."""
        for name, said in answers.items():
            await self.tab_to(name.replace("_", "-"))
            sort = await self.page.evaluate("document.activeElement.type")
            if sort == "radio":
                await self.choose(said)
            elif sort == "select-one":
                await self.pick(said)
            else:
                await self.press("Control+a")
                await self.page.keyboard.type(said)

    async def settled(self) -> None:
        """Wait until a loaded page stands where its address points: until then the browser moves the focus itself."""
        await self.page.wait_for_load_state("load")
        await self.page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")

    async def give(self, code: str, name: str, content: bytes) -> None:
        """Add a document of this kind; the page shows it when this comes back."""
        await self.tab_to("code")
        await self.pick(code)
        file = FilePayload(name=name, mimeType="application/pdf", buffer=content)
        await (await self._chooser()).set_files([file])
        await self.tab_to_words("Voeg toe", 3)
        await self.press("Enter")
        await self.page.get_by_role("link", name=name).wait_for()
        await self.settled()

    async def _chooser(self) -> FileChooser:
        """What the browser opens to choose a file; on a busy machine the key may come before the field listens."""
        await self.tab_to("bestand", 2)
        for patience in (5_000, 5_000, 30_000):
            if await self.at() != "bestand":
                await self.tab_to("bestand")
            with suppress(PlaywrightTimeout):
                async with self.page.expect_file_chooser(timeout=patience) as asked:
                    await self.press("Space")
                return await asked.value
        raise AssertionError("no file can be chosen by the keyboard")

    async def type_day(self, day: date) -> None:
        """Type a day in the field that has the focus: day first, or month first where the browser shows it so."""
        for order in ("%d%m%Y", "%m%d%Y"):
            await self.page.keyboard.type(day.strftime(order))
            if await self.page.evaluate("document.activeElement.value") == day.isoformat():
                return
            await self.press("ArrowLeft", "ArrowLeft", "ArrowLeft")
        raise AssertionError(f"the field did not take {day}")


def fresh(**facts: Any) -> receipts.Application:
    """A training of this month, so that its days lie around today; large enough for a handler to look at it."""
    ended = today() - timedelta(days=14)
    days = {"starts_on": ended - timedelta(days=7), "ends_on": ended, "filed_on": today(), "known_on": today()}
    said: dict[str, Any] = LARGE | {name: day.isoformat() for name, day in days.items()} | facts
    return application(rehearsed=False, **said).model_copy(update={"received_at": datetime.now(UTC)})


async def reviews(living: Living, count: int) -> list[str]:
    """Dossiers that a handler has to review."""

    async def one() -> str:
        number = await living.receive(fresh())
        await living.task(number, "review")
        return number

    return sorted(await asyncio.gather(*(one() for _ in range(count))))


class Stopwatch:
    """How long it took from a key to the page that shows it; printed, because a busy machine proves nothing."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    async def over(self, step: Any) -> None:
        """Await a step and note its seconds."""
        began = perf_counter()
        await step
        self.taken.append(perf_counter() - began)

    def told(self, what: str) -> None:
        """Print the middle one and the longest, in milliseconds."""
        ordered = sorted(self.taken)
        middle, longest = ordered[len(ordered) // 2] * 1000, ordered[-1] * 1000
        print(f"{what}: {len(ordered)} times, p50 {middle:.0f} ms, longest {longest:.0f} ms")
