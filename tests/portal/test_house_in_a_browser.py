"""The pages of board, auditor and administrator in a browser: a board meets by keyboard, everybody can read them."""

from __future__ import annotations

import os
import re
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from models.messages.words import Role
from portal.administration.people import People
from tests.portal.browsing import DESKTOP, PHONE
from tests.portal.living import Living
from tests.portal.test_meetings import DAY, LARGE, NAME

SEEN = os.environ.get("SEEN_IN")


async def looks_well(reader: Any, name: str) -> None:
    """Nothing that axe finds, nothing to scroll sideways for, nothing the browser complains of."""
    if SEEN:
        await reader.page.screenshot(path=Path(SEEN) / f"{name}.png", full_page=True)
    assert await reader.faults() == [], name
    assert not await reader.wider_than_the_screen(), name
    assert reader.complaints == [], name


@pytest.fixture
async def met(living: Living) -> str:
    number = await living.receive(**LARGE)
    await living.decide(number, "review", "approve")
    await living.task(number, "board_employers")
    return number


SCREENS = pytest.mark.parametrize(
    "screen",
    [{"viewport": DESKTOP, "color_scheme": "light"}, {"viewport": PHONE, "color_scheme": "dark"}],
    ids=["wide", "small"],
)


@SCREENS
async def test_a_board_meets(
    living: Living, met: str, open_window: Any, staff: Any, screen: dict[str, Any], request: Any
) -> None:
    shape = request.node.callspec.id
    async with open_window(staff("ANT-team_lead-1"), **screen) as lead:
        page = await lead.go("/vergadering")
        await page.get_by_label("Dag", exact=True).fill(DAY)
        await page.get_by_label("Plaats en uur").fill("Antwerpen, 14 uur")
        await looks_well(lead, f"meetings-{shape}")
        await page.get_by_role("button", name="Plannen").press("Enter")
        await page.wait_for_url(f"**/vergadering/{NAME}")
        await looks_well(lead, f"meeting-planned-{shape}")
        await page.get_by_label("Voorzitter").select_option("ANT-board-1")
        await page.get_by_role("button", name="Beginnen").press("Enter")
        await page.get_by_text("aan de gang").wait_for()
        for member in ("ANT-board-1", "ANT-board-2", "ANT-board-3"):
            async with open_window(staff(member), **screen) as seat:
                voting = await seat.go(f"/vergadering/{NAME}")
                await voting.get_by_role("button", name=f"voor {met}").press("Enter")
                await voting.get_by_text("Uw stem is genoteerd.").wait_for()
                if member == "ANT-board-1":
                    await looks_well(seat, f"meeting-voting-{shape}")
        await lead.go(f"/vergadering/{NAME}")
        await looks_well(lead, f"meeting-open-{shape}")
        await page.get_by_role("button", name="Stemming sluiten: goedgekeurd").press("Enter")
        await page.get_by_text("De beslissing van het bestuur is genoteerd.").wait_for()
        await page.get_by_role("button", name="Afsluiten").press("Enter")
        await page.get_by_text("De vergadering is afgesloten.").wait_for()
        await looks_well(lead, f"meeting-closed-{shape}")
        for paper in ("agenda", "verslag"):
            await lead.go(f"/vergadering/{NAME}/{paper}")
            await looks_well(lead, f"meeting-{paper}-{shape}")
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


PAGES: dict[str, tuple[str, str]] = {
    "audit": ("ANT-auditor-1", "/nazicht"),
    "audit-dossier": ("ANT-auditor-1", "/nazicht/{number}"),
    "audit-people": ("ANT-auditor-1", "/nazicht/wie"),
    "people": ("ANT-administrator-1", "/beheer"),
    "new": ("ANT-administrator-1", "/beheer/nieuw"),
    "person": ("ANT-administrator-1", "/beheer/mensen/ANT-handler-1"),
    "teams": ("ANT-administrator-1", "/beheer/ploegen"),
    "absences": ("ANT-administrator-1", "/beheer/afwezigheden"),
    "policies": ("ANT-administrator-1", "/beheer/reglementen"),
    "policy": ("ANT-administrator-1", "/beheer/reglementen/transition_support"),
    "rights": ("ANT-administrator-1", "/beheer/rechten"),
    "changes": ("ANT-administrator-1", "/beheer/wijzigingen"),
    "accessibility": ("ANT-handler-1", "/toegankelijkheid"),
    "privacy": ("ANT-handler-1", "/privacy"),
}


@SCREENS
async def test_every_page_can_be_read_by_everybody(
    living: Living, open_window: Any, staff: Any, screen: dict[str, Any], request: Any
) -> None:
    shape = request.node.callspec.id
    number = await living.receive()
    await living.decide(number, "payment", "confirmed")
    windows: dict[str, Any] = {}
    people = People(living.house.engine, living.house.sessions)
    await people.give("ANT-handler-1", "ANT-administrator-2", frozenset({Role.HANDLER, Role.APPROVER}), None)
    async with AsyncExitStack() as open_ones:
        for name, (person, address) in PAGES.items():
            if person not in windows:
                windows[person] = await open_ones.enter_async_context(open_window(staff(person), **screen))
            await windows[person].go(address.format(number=number))
            await looks_well(windows[person], f"{name}-{shape}")
