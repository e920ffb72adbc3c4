"""The page of a participant on a telephone: by thumb, by keyboard in Arabic, without script, and when it is over."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from playwright.async_api import Page

from embedded import EmbeddedMail
from models.messages.words import Language
from portal.house import House
from tests.patience import patient
from tests.portal.asked import asked
from tests.portal.browsing import Window
from tests.portal.living import Living

FIRM = "SELECT true FROM dossier WHERE number = :n AND waiting_for = 'correction'"
TELEPHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SMALL_TARGETS = """
    [...document.querySelectorAll('main a, main button, main input, main select, .languages button')]
        .filter((one) => one.type !== 'hidden' && !one.closest('p:not(.small)'))
        .map((one) => one.closest('label') ?? one)
        .filter((one) => { const box = one.getBoundingClientRect(); return box.height < 24 || box.width < 24; })
        .map((one) => one.outerHTML.slice(0, 80))
"""


@pytest.fixture
async def house(house: House, mailbox: EmbeddedMail) -> House:
    """The house with an address, so that mails have links, and a mail server."""
    server = {"smtp_host": mailbox.host, "smtp_port": mailbox.port, "portal_public_url": "http://portal.example"}
    return replace(house, settings=house.settings.model_copy(update=server))


async def read_by_all(window: Window) -> None:
    """The page is one that everybody can read and reach: judged as it stands."""
    assert await window.faults() == []
    assert not await window.wider_than_the_screen()
    assert await window.page.evaluate(SMALL_TARGETS) == []


async def reach(page: Page, target: str) -> None:
    """Go to something by the keyboard alone."""
    for _ in range(30):
        await page.keyboard.press("Tab")
        if await page.evaluate(f"document.activeElement.matches({target!r})"):
            return
    raise AssertionError(f"the keyboard does not reach {target}")


async def test_somebody_answers_by_thumb_and_corrects_it_without_script(living: Living, open_window: Any) -> None:
    person = await asked(living)
    async with open_window(**TELEPHONE, java_script_enabled=False) as plain:
        await plain.go(f"{person.address}?keuze=opleiding")
        await plain.page.get_by_role("button", name="Ja, dat klopt").tap()
        await plain.page.get_by_text("U volgt een opleiding.").wait_for()
    async with open_window(**TELEPHONE) as telephone:
        page = await telephone.go(person.address)
        await read_by_all(telephone)
        await page.get_by_role("link", name="Ik heb werk").tap()
        await page.get_by_role("button", name="Verstuur mijn antwoord").tap()
        await page.locator("[role=alert]", has_text="Kies wat bij u past").wait_for()
        await read_by_all(telephone)
        await page.get_by_label("In een andere sector").tap()
        await page.get_by_label("Eerste werkdag").fill("2024-01-10")
        await page.get_by_role("button", name="Verstuur mijn antwoord").tap()
        await page.get_by_text("U heeft werk in een andere sector. Sinds 10 januari 2024.").wait_for()
        assert "Eerder antwoordde u: U volgt een opleiding." in await page.inner_text("main")
        await read_by_all(telephone)
    assert [values["outcome"] for _, values, _ in await person.told()] == ["opleiding", "job andere sector"]


async def test_a_thumb_on_the_wrong_answer_is_put_right_in_time(living: Living, open_window: Any) -> None:
    person = await asked(living)
    async with open_window(**TELEPHONE) as telephone:
        page = await telephone.go(f"{person.address}?keuze=anders")
        await page.get_by_label("Ik ben met pensioen of SWT").tap()
        await page.get_by_role("button", name="Verstuur mijn antwoord").tap()
        await page.get_by_text("U bent met pensioen of SWT.").wait_for()
        async with patient():
            while not await living.rows(FIRM, n=person.number):
                await asyncio.sleep(0.05)
        await page.reload()
        assert "U kunt het veranderen tot en met" in await page.inner_text("main")
        await read_by_all(telephone)
        await page.get_by_role("link", name="Mijn antwoord veranderen").tap()
        await page.get_by_role("link", name="Ik zoek nog werk").tap()
        await page.get_by_role("button", name="Ja, dat klopt").tap()
        await page.get_by_text("Eerder antwoordde u: U bent met pensioen of SWT.").wait_for()


async def test_somebody_answers_in_arabic_with_the_keyboard(living: Living, open_window: Any) -> None:
    person = await asked(living, Language.ARABIC)
    async with open_window(**TELEPHONE) as telephone:
        page = await telephone.go(person.address)
        assert await page.evaluate("[document.documentElement.lang, getComputedStyle(document.body).direction]") == [
            "ar",
            "rtl",
        ]
        await read_by_all(telephone)
        await reach(page, "a[href^='?keuze=job']")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**keuze=job*")
        await read_by_all(telephone)
        await reach(page, "input[name=uitkomst]")
        await page.keyboard.press("Space")
        await reach(page, "button.main")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/bedankt**")
        text = await page.inner_text("main")
        assert "لديكم عمل في نفس القطاع." in text
        assert "منذ 1 مارس 2024." in text
        await read_by_all(telephone)
        await telephone.go(f"{person.address}/gegevens")
        await read_by_all(telephone)
        await page.get_by_role("button", name="Türkçe").click()
        await page.get_by_role("heading", name="Bilgilerim").wait_for()
        assert await page.evaluate("document.documentElement.dir") == ""
    assert [values["outcome"] for _, values, _ in await person.told()] == ["job zelfde sector"]


async def test_a_link_that_is_over_and_a_relative_who_answers(living: Living, open_window: Any) -> None:
    person = await asked(living)
    async with open_window(**TELEPHONE) as telephone:
        page = await telephone.go(f"{person.address}/voor-een-ander")
        await read_by_all(telephone)
        await page.get_by_label("Deze persoon is overleden").tap()
        await page.get_by_role("button", name="Zeg het aan het fonds").tap()
        await page.get_by_text("Wij leven met u mee.").wait_for()
        await read_by_all(telephone)
        await living.rows("UPDATE answer_link SET ends_at = made_at WHERE dossier = :n RETURNING 1", n=person.number)
        await telephone.go(person.address)
        await read_by_all(telephone)
        await page.get_by_role("button", name="Stuur mij een nieuwe link").tap()
        await page.get_by_text("Als wij u kennen").wait_for()
        await telephone.go("/antwoord")
        await read_by_all(telephone)
