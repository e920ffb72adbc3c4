"""The pages of board, auditor and administrator in a browser: a board meets by keyboard, everybody can read them."""

from __future__ import annotations

import re
from typing import Any

import pytest

from models.messages.words import Role
from portal.administration.people import People
from tests.portal.living import Living
from tests.portal.test_meetings import DAY, LARGE, NAME


@pytest.fixture
async def met(living: Living) -> str:
    number = await living.receive(**LARGE)
    await living.decide(number, "review", "approve")
    await living.task(number, "board_employers")
    return number


async def test_a_board_meets(living: Living, met: str, open_window: Any, staff: Any) -> None:
    async with open_window(staff("ANT-team_lead-1")) as lead:
        page = await lead.go("/vergadering")
        await page.get_by_label("Dag", exact=True).fill(DAY)
        await page.get_by_label("Plaats en uur").fill("Antwerpen, 14 uur")
        assert await lead.barriers() == []
        await page.get_by_role("button", name="Plannen").press("Enter")
        await page.wait_for_url(f"**/vergadering/{NAME}")
        assert await lead.barriers() == []
        await page.get_by_label("Voorzitter").select_option("ANT-board-1")
        await page.get_by_role("button", name="Beginnen").press("Enter")
        await page.get_by_text("aan de gang").wait_for()
        for member in ("ANT-board-1", "ANT-board-2", "ANT-board-3"):
            async with open_window(staff(member)) as seat:
                voting = await seat.go(f"/vergadering/{NAME}")
                await voting.get_by_role("button", name=f"voor {met}").press("Enter")
                await voting.get_by_text("Uw stem is genoteerd.").wait_for()
                if member == "ANT-board-1":
                    assert await seat.barriers() == []
        await lead.go(f"/vergadering/{NAME}")
        assert await lead.barriers() == []
        await page.get_by_role("button", name="Stemming sluiten: goedgekeurd").press("Enter")
        await page.get_by_text("De beslissing van het bestuur is genoteerd.").wait_for()
        await page.get_by_role("button", name="Afsluiten").press("Enter")
        await page.get_by_text("De vergadering is afgesloten.").wait_for()
        assert await lead.barriers() == []
        for paper in ("agenda", "verslag"):
            await lead.go(f"/vergadering/{NAME}/{paper}")
            assert await lead.barriers() == [], paper
    assert await living.rows("SELECT outcome FROM decision WHERE dossier = :number", number=met) == [("granted",)]


async def test_agenda_and_minutes_are_one_page_of_paper(met: str, open_window: Any, staff: Any) -> None:
    async with open_window(staff("ANT-team_lead-1")) as lead:
        page = await lead.go("/vergadering")
        await page.get_by_label("Dag", exact=True).fill(DAY)
        await page.get_by_role("button", name="Plannen").click()
        await page.wait_for_url(f"**/vergadering/{NAME}")
        for paper in ("agenda", "verslag"):
            await lead.go(f"/vergadering/{NAME}/{paper}")
            assert met in await page.inner_text("main")
            printed = await page.pdf(format="A4")
            assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1


async def test_the_page_of_somebody_with_a_changed_role_can_be_read_by_everybody(
    living: Living, open_window: Any, staff: Any
) -> None:
    people = People(living.house.engine, living.house.sessions)
    await people.give("ANT-handler-1", "ANT-administrator-2", frozenset({Role.HANDLER, Role.APPROVER}), None)
    async with open_window(staff("ANT-administrator-1")) as administrator:
        for address in ("/beheer/mensen/ANT-handler-1", "/beheer/wijzigingen"):
            await administrator.go(address)
            assert await administrator.barriers() == [], address
