"""Applying in a real browser: typed is kept, documents go up in parts, and axe finds nothing on any page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import FilePayload, Page, expect
from sqlalchemy import select

from database import glance
from models.messages.words import Language
from models.tables import Draft, Upload
from portal.access.visitor import Visitor
from portal.house import House
from tests.portal import applying
from tests.portal.applying import PDF, begun, filled_in, given
from tests.portal.browsing import PHONE
from tests.portal.conftest import OpenWindow, SignIn

Employer = Callable[..., Visitor]
MEGABYTE = 1024 * 1024


@pytest.fixture
async def house(house: House, tmp_path: Path) -> House:
    """With a folder for documents, of at most three megabytes each: so that one goes up in parts."""
    return applying.applying(house, tmp_path / "documents", limit_mb=3)


async def _typed(house: House, page: str) -> dict[str, str]:
    async with glance(house.engine) as connection:
        [draft] = await connection.execute(select(Draft))
    fields: dict[str, str] = draft.typed.get(page, {}).get("fields", {})
    return fields


async def _begin(window: Any) -> Page:
    page: Page = await window.go("/aanvragen")
    await page.get_by_role("button", name="Begin Steun voor een formele opleiding").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Uw onderneming")
    return page


async def test_what_is_typed_is_kept_while_it_is_typed(
    house: House, open_window: OpenWindow, employer: Employer
) -> None:
    async with open_window(employer()) as window:
        page = await _begin(window)
        await page.goto(page.url.replace("werkgever", "opleiding"))
        await page.get_by_label("Titel van de opleiding").fill("Lassen voor gevorderden")
        await expect(page.get_by_role("status")).to_contain_text("bewaard om")
        assert (await _typed(house, "opleiding"))["Titel opleiding"] == "Lassen voor gevorderden"
        await page.get_by_label("Eerste dag").fill("01/06/2099")
        await page.reload()
        await expect(page.get_by_label("Titel van de opleiding")).to_have_value("Lassen voor gevorderden")


async def test_a_window_whose_session_ended_says_so_and_keeps_what_was_typed(
    house: House, open_window: OpenWindow, employer: Employer
) -> None:
    async with open_window(employer()) as window:
        page = await _begin(window)
        await page.goto(page.url.replace("werkgever", "opleiding"))
        await house.sessions.end_all("employer-1")
        await page.get_by_label("Titel van de opleiding").fill("Lassen")
        await expect(page.get_by_role("status")).to_contain_text("u bent afgemeld")
        await expect(page.get_by_label("Titel van de opleiding")).to_have_value("Lassen")


async def test_two_windows_choose_what_stays(house: House, open_window: OpenWindow, employer: Employer) -> None:
    async with open_window(employer()) as window, open_window(employer()) as other:
        page = await _begin(window)
        address = page.url.replace("werkgever", "opleiding")
        await page.goto(address)
        await other.page.goto(address)
        await page.get_by_label("Titel van de opleiding").fill("Lassen")
        await expect(page.get_by_role("status")).to_contain_text("bewaard om")
        await other.page.get_by_label("Titel van de opleiding").fill("Frezen")
        await expect(other.page.get_by_role("status")).to_contain_text("ander venster")
        await other.page.get_by_role("button", name="Bewaar en ga later verder").click()
        await expect(other.page.get_by_role("alert")).to_contain_text("ander venster")
        await other.page.get_by_label("Dat bewaren, en niet wat hieronder staat").check()
        await other.page.get_by_role("button", name="Bewaar en ga later verder").click()
        await expect(other.page.get_by_role("heading", level=1)).to_have_text("Aanvragen")
        assert (await _typed(house, "opleiding"))["Titel opleiding"] == "Lassen"


async def test_a_document_goes_up_in_parts_and_one_that_is_too_large_not_at_all(
    house: House, open_window: OpenWindow, employer: Employer
) -> None:
    async with open_window(employer()) as window:
        page = await _begin(window)
        await page.goto(page.url.replace("werkgever", "documenten"))
        large = FilePayload(name="groot.pdf", mimeType="application/pdf", buffer=PDF + b"\x00" * (4 * MEGABYTE))
        await page.get_by_label("Bestand").set_input_files([large])
        await page.get_by_role("button", name="Voeg toe").click()
        await expect(page.locator(".progress")).to_contain_text("hoogstens 3 MB")
        fits = FilePayload(name="offerte.pdf", mimeType="application/pdf", buffer=PDF + b"\x00" * (2 * MEGABYTE + 7))
        await page.get_by_label("Welk document is het?").select_option("quote")
        await page.get_by_label("Bestand").set_input_files([fits])
        await page.get_by_role("button", name="Voeg toe").click()
        await expect(page.get_by_role("link", name="offerte.pdf")).to_be_visible()
    async with glance(house.engine) as connection:
        [kept] = await connection.execute(select(Upload))
    assert (kept.size, kept.state, kept.code) == (len(PDF) + 2 * MEGABYTE + 7, "kept", "quote")


async def test_a_wrong_answer_takes_the_focus_and_its_link_leads_to_the_field(
    open_window: OpenWindow, employer: Employer
) -> None:
    async with open_window(employer()) as window:
        page = await _begin(window)
        await page.goto(page.url.replace("werkgever", "kosten"))
        await page.get_by_label("Kostprijs zonder btw").fill("veel")
        await page.get_by_role("button", name="Verder", exact=True).press("Enter")
        await expect(page.get_by_role("alert")).to_be_focused()
        await page.get_by_role("link", name="'veel' is geen bedrag").press("Enter")
        await expect(page.get_by_label("Kostprijs zonder btw")).to_be_focused()


STATES = ("werkgever", "opleiding", "deelnemers", "deelnemers?rij=1", "kosten", "contact", "documenten", "nakijken")


async def test_every_page_of_an_application_can_be_read_by_everybody(
    open_window: OpenWindow, sign_in: SignIn, employer: Employer
) -> None:
    reader = await sign_in(employer())
    empty, full = await begun(reader), await begun(reader)
    await filled_in(reader, full)
    await given(reader, full, "offerte.pdf", PDF)
    sent = await begun(reader)
    await filled_in(reader, sent)
    await reader.get(f"{sent}/nakijken")
    await reader.submit(f"{sent}/verstuur")
    pages = ["/aanvragen", f"{sent}/ontvangst", f"{empty}/nakijken", *(f"{full}/{state}" for state in STATES)]
    async with open_window(employer()) as window:
        for path in pages:
            await window.go(path)
            assert (path, await window.barriers()) == (path, [])


@pytest.mark.parametrize(
    ("instrument", "page"),
    [
        ("transition_support", "omschakeling"),
        ("transition_support", "begroting"),
        ("project_financing", "expert"),
        ("outplacement", "ontslag"),
        ("outplacement", "mensen"),
    ],
)
async def test_pages_of_other_instruments_too_also_with_mistakes(
    open_window: OpenWindow, sign_in: SignIn, employer: Employer, instrument: str, page: str
) -> None:
    draft = await begun(await sign_in(employer()), instrument)
    async with open_window(employer(), viewport=PHONE) as window:
        shown = await window.go(f"{draft}/{page}")
        assert await window.faults() == []
        await shown.get_by_role("button", name="Verder", exact=True).click()
        await expect(shown.get_by_role("alert")).to_be_focused()
        assert await window.faults() == []
        assert not await window.wider_than_the_screen()


async def test_pages_in_french_are_french(sign_in: SignIn, employer: Employer) -> None:
    reader = await sign_in(employer().model_copy(update={"language": Language.FRENCH}))
    draft = await begun(reader)
    page = await reader.get(f"{draft}/kosten")
    assert "Coût hors TVA" in page.text
    wrong = await reader.submit(f"{draft}/kosten", actie="verder", **{"kostprijs-excl-btw": "veel"})
    assert "'veel' n'est pas un montant en euros" in wrong.text
