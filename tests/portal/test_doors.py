"""The doors in a real browser: every page of them without a fault, a link that a scanner opened before its owner, and a
form that was sent when the session had ended."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI
from playwright.async_api import expect
from sqlalchemy import insert, text

from database import transaction
from embedded import EmbeddedMail
from models.messages.words import Language
from models.tables import PortalAccount, TaskRow
from portal.access import limits, links
from portal.access.links import Addressee, Purpose, Whom
from portal.app import make_app
from portal.house import House
from tests.patience import patient
from tests.portal.workload import put, task

PETRA = {"person": "p-petra", "party": "applicant", "email": "petra@staalbouw.example", "name": "Petra Peeters"}


FORM = """fields => {
    const form = document.createElement("form");
    form.method = "post";
    form.action = "/werklijst/nemen";
    fields.csrf = document.querySelector("form[action='/afmelden'] input[name=csrf]").value;
    for (const [name, value] of Object.entries(fields)) {
        const field = document.createElement("input");
        [field.name, field.value] = [name, value];
        form.append(field);
    }
    document.body.append(form);
    form.submit();
}"""
"""Sends the form that stands beside every task, as somebody does whose page stood open for three hours."""


@pytest.fixture
async def house(house: House, mailbox: EmbeddedMail) -> House:
    """The house with both doors, an account and a mail server."""
    async with transaction(house.engine) as connection:
        row = PETRA | {"enterprise_number": "0417497106", "rights": ["read"]}
        await connection.execute(insert(PortalAccount).values(**row))
    told: dict[str, Any] = {
        "oidc_issuer": "http://127.0.0.1:9",
        "oidc_staff_issuer": "http://127.0.0.1:9",
        "portal_key": "k" * 40,
    }
    told |= {"smtp_host": mailbox.host, "smtp_port": mailbox.port}
    return replace(house, settings=house.settings.model_copy(update=told))


@pytest.fixture
def app(house: House) -> FastAPI:
    return make_app(house)


async def link(house: House) -> str:
    to = Addressee(PETRA["email"], Language.DUTCH)
    return await links.make(house.engine, house.settings, Purpose.SIGN_IN, Whom(person="p-petra"), to)


async def test_every_page_of_the_doors_is_without_fault(open_window: Any, house: House, employer: Any) -> None:
    used, fresh = await link(house), await link(house)
    await links.use(house.engine, used)
    async with open_window(None) as somebody:
        pages = ["/aanmelden", "/aanmelden?bewaard=1", "/aanmelden/met/werkgever", f"/link/{fresh}", f"/link/{used}"]
        for address in [*pages, "/link/unknown"]:
            await somebody.go(address)
            assert await somebody.barriers() == [], address
        for _ in range(limits.LINKS_TRIED.times):
            answer = await somebody.page.request.get(f"{somebody.address}/link/unknown")
        assert answer.status == 429
        await somebody.go("/link/unknown")
        assert await somebody.barriers() == []
    async with open_window(employer()) as outsider:
        await outsider.go("/werklijst")
        await expect(outsider.page.get_by_role("heading", level=1)).to_have_text("Dit kan niet")
        assert await outsider.barriers() == []


async def led_to(mailbox: EmbeddedMail, number: int) -> str:
    """Where the mail of this number leads; a link goes out after the answer, so that its time tells nothing."""
    async with patient():
        while len(mailbox.messages()) < number:
            await asyncio.sleep(0.02)
    (path,) = re.findall(r"(/link/\S+)", str(mailbox.messages()[number - 1].get_content()))
    return str(path)


async def test_a_link_is_opened_by_a_scanner_and_then_by_its_owner(open_window: Any, mailbox: EmbeddedMail) -> None:
    async with open_window(None) as owner:
        page = await owner.go("/aanmelden")
        await page.get_by_label("Uw e-mailadres").fill(PETRA["email"])
        await page.get_by_role("button", name="Stuur mij een link").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Kijk in uw mailbox")
        assert await owner.faults() == []
        path = await led_to(mailbox, 1)
        async with open_window(None) as scanner:
            for _ in range(3):
                await scanner.go(path)
            assert (await scanner.page.request.head(scanner.address + path)).status in (200, 405)
        await owner.go(path)
        await page.get_by_role("button", name="Aanmelden").click()
        await expect(page.get_by_text("Petra Peeters").first).to_be_visible()
        assert owner.complaints == []
        await owner.go(path)
        await page.get_by_role("button", name="Stuur mij een nieuwe link").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Kijk in uw mailbox")
        assert await led_to(mailbox, 2) != path


async def test_a_session_that_ends_in_the_middle_of_a_form_costs_nothing(
    open_window: Any, house: House, staff: Any
) -> None:
    await put(house.engine, TaskRow, task(1))
    async with open_window(staff()) as handler:
        page = await handler.go("/werklijst?tab=vrij")
        async with transaction(house.engine) as connection:
            await connection.execute(text("UPDATE portal_session SET seen_at = now() - interval '3 hours'"))
        await page.evaluate(FORM, {"taak": task(1)["task"]})
        await expect(page.get_by_text("een uur lang bewaard")).to_be_visible()
        await page.context.add_cookies(
            [{"name": "doorstroom", "value": await house.sessions.open(staff()), "url": handler.address}]
        )
        await handler.go("/formulier")
        assert await handler.faults() == []
        await page.get_by_role("button", name="Verstuur het nu").click()
        await page.wait_for_url("**/werklijst**")
    async with house.engine.connect() as connection:
        assert await connection.scalar(text("SELECT person FROM task_hold")) == "ANT-handler-1"
