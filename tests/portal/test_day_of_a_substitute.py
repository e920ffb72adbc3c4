"""A substitute's day: the work of an absent colleague is seen and done in that one's place, as long as it lasts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.portal.days import Eye, Hands, reviews
from tests.portal.living import Living
from tests.portal.workload import today

AWAY, SUBSTITUTE, LEAD = "ANT-handler-1", "ANT-intake-1", "ANT-team_lead-1"
LIST = "/werklijst?lijst=team"


async def test_a_substitute_takes_over_until_the_last_day(living: Living, open_window: Any, staff: Any) -> None:
    own, looked_at = await reviews(living, 2)
    await living.house.starter.claim(f"{own}/review/1", AWAY)

    async with open_window(staff(AWAY)) as away:
        page = await away.go("/afwezigheid")
        hands, eye = Hands(page), Eye(away)
        await eye.sees("nobody is away")
        await hands.tab_to("vervanger")
        await page.keyboard.type("Ilse")
        await hands.tab_to("van", 1)
        await hands.type_day(today())
        await hands.tab_to("tot", 4)
        await hands.type_day(today())
        await hands.to("Enter", "**/afwezigheid")
        assert await hands.at() == "told"
        await page.get_by_text("De vervanging is geregeld").wait_for()
        await eye.sees("somebody is away")

    async with open_window(staff(SUBSTITUTE)) as substitute:
        page = await substitute.go(LIST)
        hands, eye = Hands(page), Eye(substitute)
        await eye.sees("the work of an absent colleague")
        assert sorted(await page.locator("#list [data-open]").all_inner_texts()) == [own, looked_at]
        await substitute.go(f"/taak/{own}/review/1#uitkomst")
        await page.get_by_text("U handelt in de plaats van Hanne Dossier").wait_for()
        await eye.sees("in the place of a colleague")
        await hands.choose("approve")
        await hands.to("Enter", f"**/dossier/{own}")
        told = "Ilse Onthaal in de plaats van Hanne Dossier: dossier beoordelen: goedgekeurd"
        await page.get_by_text(told).wait_for()
        await eye.sees("answered in the place of a colleague")

    answered = await living.rows(
        "SELECT data->>'person', data->>'on_behalf_of' FROM event WHERE type = 'task_answered'"
    )
    assert answered == [(SUBSTITUTE, AWAY)]


async def test_four_eyes_hold_for_both(living: Living, open_window: Any, staff: Any) -> None:
    (number,) = await reviews(living, 1)
    starter = living.house.starter
    await starter.complete(f"{number}/review/1", AWAY, "approve")
    task = await living.task(number, "approval")
    await starter.announce_absence("ANT-approver-1", AWAY, today(), today(), LEAD)
    await starter.announce_absence("ANT-approver-2", "ANT-handler-2", today(), today(), LEAD)

    async with open_window(staff(AWAY)) as reviewer:
        page = await reviewer.go(f"/taak/{task}")
        assert "Vier ogen: u nam al een eerdere stap in dit dossier" in await page.inner_text("main")
        assert await page.locator("input[name=uitkomst]").count() == 0
        await Eye(reviewer).sees("four eyes")
    async with open_window(staff("ANT-handler-2")) as other:
        page = await other.go(f"/taak/{task}#uitkomst")
        await page.get_by_text("U handelt in de plaats van Amina Oordeel").wait_for()
        assert await page.locator("input[name=uitkomst]").count() > 0


async def test_after_the_last_day_it_is_over_and_before_the_first_it_has_not_begun(
    living: Living, open_window: Any, staff: Any
) -> None:
    (number,) = await reviews(living, 1)
    row = "INSERT INTO absence (fund, person, substitute, starts_on, ends_on, set_by, set_at)"
    for serial, (first, last) in enumerate(((-9, -1), (1, 9)), start=1):
        await living.rows(
            f"{row} VALUES ('ANT', :away, :substitute, :first, :last, :away, now()) RETURNING 1",
            away=f"ANT-handler-{serial}",
            substitute=SUBSTITUTE,
            first=today() + timedelta(days=first),
            last=today() + timedelta(days=last),
        )
    async with open_window(staff(SUBSTITUTE)) as substitute:
        page = await substitute.go("/afwezigheid")
        assert await page.locator("tbody tr").count() == 1, "what is over is not shown; what comes is"
        assert "U vervangt vandaag" not in await page.inner_text("main")
        await substitute.go(LIST)
        await page.get_by_text("Er staat niets open voor uw teams.").wait_for()
        await substitute.go(f"/taak/{number}/review/1#uitkomst")
        await page.get_by_text("Dit vraagt de rol: dossierbeheerder").wait_for()
        assert await Hands(page).at() == "uitkomst"
        await Eye(substitute).sees("not one's own task")
