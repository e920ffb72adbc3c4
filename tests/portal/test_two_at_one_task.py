"""Two people at one task: each sees that the other is there, one answers, and the other loses nothing."""

from __future__ import annotations

import asyncio
from typing import Any

from playwright.async_api import Page

from tests.portal.browsing import Window
from tests.portal.days import Eye, Hands, reviews
from tests.portal.living import Living


async def chosen(window: Window, number: str, outcome: str) -> Page:
    """The form of the review, filled in and not sent."""
    page = await window.go(f"/taak/{number}/review/1#uitkomst")
    await Hands(page).choose(outcome)
    return page


async def refuses(hands: Hands) -> None:
    """Give the first reason of the list."""
    await hands.tab_to("reden")
    await hands.press("Space")


async def test_the_second_reads_who_was_first_and_keeps_what_was_filled_in(
    living: Living, open_window: Any, staff: Any
) -> None:
    (number,) = await reviews(living, 1)
    async with open_window(staff("ANT-handler-1")) as first, open_window(staff("ANT-handler-2")) as second:
        mine = await chosen(first, number, "approve")
        theirs = await chosen(second, number, "refuse")
        await theirs.get_by_text("Hanne Dossier heeft dit dossier nu ook open.").wait_for()
        await Eye(second).sees("a task that a colleague has open")
        hands = Hands(theirs)
        await refuses(hands)
        reason = await theirs.locator(
            "input[name=reden]:checked + *, label:has(input[name=reden]:checked)"
        ).inner_text()

        await Hands(mine).to("Enter", f"**/dossier/{number}")
        await hands.to("Enter", "**/taak/**")

        assert await hands.at() == "problem"
        said = await theirs.get_by_role("alert").inner_text()
        assert "Hanne Dossier antwoordde" in await theirs.inner_text("main")
        assert "De taak is beantwoord en gaat straks de deur uit" in said
        kept = await theirs.get_by_role("region", name="Wat u had ingevuld").inner_text()
        assert "weigeren" in kept.lower()
        assert reason.strip() in kept
        await Eye(second).sees("a task that a colleague answered meanwhile")
    assert await living.rows("SELECT outcome, person FROM task WHERE step = 'review'") == [("approve", "ANT-handler-1")]


async def test_of_two_who_press_at_once_one_wins_and_the_other_reads_why(
    living: Living, open_window: Any, staff: Any
) -> None:
    (number,) = await reviews(living, 1)
    async with open_window(staff("ANT-handler-1")) as first, open_window(staff("ANT-handler-2")) as second:
        hands = [Hands(await chosen(one, number, "refuse")) for one in (first, second)]
        for one in hands:
            await refuses(one)
        await asyncio.gather(*(one.to("Enter", "**") for one in hands))

        (winner, loser) = sorted(hands, key=lambda one: "/taak/" in one.page.url)
        assert winner.page.url.endswith(f"/dossier/{number}")
        assert await winner.at() == "told"
        assert await loser.at() == "problem"
        said = await loser.page.get_by_role("alert").inner_text()
        assert "beantwoord" in said
        seen = await loser.page.inner_text("main")
        ticked = await loser.page.locator("input[name=reden]:checked").count()
        assert ticked == 1 or "Wat u had ingevuld" in seen
    assert len(await living.rows("SELECT 1 FROM event WHERE type = 'task_answered'")) == 1
