"""An agency's month in a browser: talks and hours filled in, a file looked at and kept, and nothing left to do."""

from __future__ import annotations

from datetime import date
from typing import Any

from playwright.async_api import FilePayload, expect

from models.messages.words import Fund, Party
from portal.access.visitor import Visitor
from tests.portal.days import Eye
from tests.portal.living import Living
from tests.portal.test_agencies import HOURS, agency, file_of, guided


async def test_a_month_is_filled_in_a_file_kept_and_the_list_is_empty(living: Living, open_window: Any) -> None:
    waiting, running = await guided(living, started=False), await guided(living)
    async with open_window(agency()) as seen:
        eye, page = Eye(seen), seen.page
        await seen.go("/deelnemers")
        await expect(page.get_by_role("region", name="Wat wij vragen")).to_contain_text("de dag van het eerste gesprek")
        await eye.sees("asked")

        await seen.go("/bureau/maand/2024-01")
        await page.locator(f"[id='hours-{waiting}']").fill("-1")
        await page.locator(f"[id='sessions-{waiting}']").fill("1")
        await page.get_by_role("button", name="Bewaar de maand").click()
        await expect(page.get_by_role("alert")).to_contain_text("Dit is geen getal van nul of meer")
        await eye.sees("a month with a fault")
        await page.locator(f"[id='hours-{waiting}']").fill("1,5")
        await page.locator(f"[id='first_on-{waiting}']").fill("22/01/2024")
        await page.get_by_role("button", name="Bewaar de maand").click()
        await expect(page.get_by_role("status")).to_contain_text("Aantal deelnemers: 1.")
        await eye.sees("a month")

        content = file_of(running, Uren="7,5") + f"ANT-2024-J-999999;2024-03;1;1\r\n{waiting};2024-13;1;1\r\n".encode()
        await seen.go("/bureau/maand/2024-03")
        payload = FilePayload(name="uren.csv", mimeType="text/csv", buffer=content)
        await page.get_by_label("Bestand", exact=True).set_input_files(payload)
        await page.get_by_role("button", name="Bekijk het bestand").click()
        await expect(page.get_by_role("alert")).to_contain_text(
            "Rij 3, Dossiernummer: Dit dossier is niet van uw bureau"
        )
        await expect(page.get_by_role("alert")).to_contain_text("Rij 4, Maand")
        await eye.sees("a file")
        await page.get_by_role("button", name="Bewaar deze regels").click()
        await expect(page.get_by_role("status")).to_contain_text("Aantal regels uit het bestand: 1.")
        assert await living.rows(HOURS, n=running) == [("2024-03", "7.50", 3, None)]
        assert await living.rows(HOURS, n=waiting) == [("2024-01", "1.50", 1, date(2024, 1, 22))]

        await seen.go("/deelnemers")
        await expect(page.get_by_text("Niets. Alles wat wij vroegen, is beantwoord.")).to_be_visible()
        await eye.sees("nothing asked")
        await page.get_by_role("link", name="Noor Smets").first.click()
        await expect(page.get_by_role("heading", name="Uren per maand")).to_be_visible()
        await eye.sees("one participant")
        await seen.go("/bureau/kwaliteit?van=2024-01-01&tot=2024-12-31&op=2024-12-31")
        await eye.sees("own quality")


async def test_staff_see_agencies_and_agreements(living: Living, open_window: Any) -> None:
    await guided(living)
    lead = Visitor(session="", csrf="", person="ANT-lead-1", name="Hanne", party=Party.STAFF, funds=(Fund.ANTWERPEN,))
    async with open_window(lead) as seen:
        eye = Eye(seen)
        await seen.go("/bureaus?van=2024-01-01&tot=2024-12-31&op=2024-12-31")
        await eye.sees("agencies")
        await seen.go("/bureaus/RiseSmart?van=2024-01-01&tot=2024-12-31&op=2024-12-31")
        await eye.sees("one agency")
        await seen.go("/bureaus/overeenkomsten?op=2024-05-02")
        await eye.sees("agreements")
