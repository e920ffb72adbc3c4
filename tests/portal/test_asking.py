"""One-click answers: a link shows, a button counts; everything that may be said by it, and what is noted of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from embedded import EmbeddedMail
from portal.house import House
from tests.portal.asked import Asked, asked
from tests.portal.living import Living


@pytest.fixture
async def house(house: House, mailbox: EmbeddedMail) -> House:
    """The house with an address, so that mails have links, and a mail server."""
    server = {"smtp_host": mailbox.host, "smtp_port": mailbox.port, "portal_public_url": "http://portal.example"}
    return replace(house, settings=house.settings.model_copy(update=server))


@pytest.fixture
async def person(living: Living) -> Asked:
    """Somebody who was asked three months after the guidance."""
    return await asked(living)


async def test_one_click_and_a_button_are_an_answer(person: Asked, sign_in: Any) -> None:
    reader = await sign_in()
    page = await reader.get(person.address)
    assert "Hoe gaat het nu met u?" in page.text
    page = await reader.get(f"{person.address}?keuze=opleiding")
    assert "U volgt een opleiding. Klopt dat?" in page.text
    page = await reader.submit(person.address)
    assert page.status == 200
    assert "U volgt een opleiding." in page.text
    assert "Over deze vraag krijgt u geen berichten meer." in page.text
    assert [told[1]["outcome"] for told in await person.told()] == ["opleiding"]
