"""A handler's day: twenty tasks worked down without a mouse, one answer taken back, one task put aside."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.portal.days import Eye, Hands, Stopwatch, reviews
from tests.portal.living import Living
from tests.portal.workload import today

TASKS = 21
"""Twenty to answer and one to put aside."""
LIST, DOSSIER, TASK = "**/werklijst?**", "**/dossier/*?lijst=**", "**/taak/**"


async def answers(hands: Hands, outcome: str, watch: Stopwatch, reason: str | None = None) -> None:
    """From a dossier to its task, choose, give a reason where one is needed, confirm."""
    await hands.to("e", TASK)
    assert await hands.at() == "uitkomst", "the first thing to do on the page of a task is to choose"
    await hands.choose(outcome)
    if reason is not None:
        await hands.tab_to("reden")
        await hands.press("Space")
    await watch.over(hands.to("Enter", DOSSIER))
    assert await hands.at() == "told"


async def test_a_handler_works_down_twenty_tasks_without_a_mouse(living: Living, open_window: Any, staff: Any) -> None:
    numbers = await reviews(living, TASKS)
    watch = Stopwatch()
    async with open_window(staff()) as handler:
        page = await handler.go("/werklijst?lijst=team")
        eye, hands = Eye(handler), Hands(page)
        names = [await row.get_attribute("data-task") for row in await page.locator("#list tbody tr").all()]
        assert sorted(str(name).split("/")[0] for name in names) == numbers
        await eye.sees("the list")

        # What can be done is told, by every key and by its name.
        await hands.press("?")
        await page.get_by_role("heading", name="Toetsen van de werklijst").wait_for()
        await eye.sees("the keys of the list")
        await hands.leave_dialog()
        await hands.press("j", "j", "k")
        assert await hands.at() == names[0]

        # Take the first in hand; the next one is where a person goes on, and back is one key.
        await hands.to("c", LIST)
        assert await hands.at() == names[1]
        await eye.sees("a task taken")
        await hands.press("k")
        assert await hands.at() == names[0]

        # Open it, look, answer it.
        await hands.to("Enter", DOSSIER)
        await eye.sees("a dossier")
        await hands.press("?")
        await page.get_by_role("heading", name="Toetsen van een dossier").wait_for()
        await eye.sees("the keys of a dossier")
        await hands.leave_dialog()
        await answers(hands, "approve", watch)
        await page.get_by_text("Dit gaat uit om").first.wait_for()
        await eye.sees("an answer given")

        # Without going back: a refusal needs a reason, and a forgotten one is asked where it is missing.
        await hands.to("j", DOSSIER)
        await eye.sees("the next dossier")
        await hands.to("e", TASK)
        await eye.sees("a task")
        await hands.choose("refuse")
        await hands.to("Enter", TASK)
        assert await hands.at() == "problem"
        await page.get_by_text("Geef een reden").wait_for()
        await eye.sees("a task without its reason")
        await hands.press("e")
        assert await page.evaluate("document.activeElement.value") == "refuse", "what was chosen is kept"
        await hands.tab_to("reden")
        await hands.press("Space")
        await hands.to("Enter", DOSSIER)
        assert await hands.at() == "told"

        # A change of mind: taken back, and answered otherwise.
        await hands.to("u", TASK)
        assert await hands.at() == "told"
        await page.get_by_text("de taak staat weer open").wait_for()
        await eye.sees("an answer taken back")
        await hands.press("e")
        await hands.choose("approve")
        await watch.over(hands.to("Enter", DOSSIER))

        # One is put aside until tomorrow.
        await hands.to("j", DOSSIER)
        await hands.to("s", TASK)
        assert await hands.at() == "tot"
        await eye.sees("a task to put aside")
        await hands.type_day(today() + timedelta(days=1))
        await hands.to("Enter", TASK)
        await page.get_by_text("De taak rust tot die dag").wait_for()
        await eye.sees("a task put aside")

        # Back on the list: chosen, unchosen, and on with it by the name of the command.
        await hands.to("b", LIST)
        await hands.press("x", "x", "Control+k")
        await page.keyboard.type("open het dossier")
        await hands.to("Enter", DOSSIER)
        await answers(hands, "approve", watch)
        for _ in range(TASKS - 4):
            await hands.to("j", DOSSIER)
            await answers(hands, "approve", watch)
        assert await page.locator("a[rel=next]").count() == 0
        await hands.to("b", LIST)
        await page.get_by_text("Er staat niets open voor uw teams.").wait_for()
        await eye.sees("an empty list")

    watch.told("from 'approve' to the page that shows it")
    answered = await living.rows("SELECT outcome, person, reopened FROM task WHERE step = 'review' AND state = 'held'")
    assert sorted(answered) == [("approve", "ANT-handler-1", 0)] * 19 + [("approve", "ANT-handler-1", 1)]
    assert len(await living.rows("SELECT 1 FROM event WHERE type = 'task_reopened'")) == 1
    assert await living.rows("SELECT person FROM task_snooze") == [("ANT-handler-1",)]
