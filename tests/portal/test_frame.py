"""The frame of every page: the front door, the language, refusals and what a browser is told."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from models.errors import Refusal
from portal.app import make_app
from portal.house import House, open_house
from portal.serving import served


async def test_nobody_is_sent_to_the_door_and_comes_back_to_what_was_asked(sign_in: Any) -> None:
    page = await (await sign_in()).get("/afmelden")
    assert page.status == 405
    page = await (await sign_in()).get("/")
    assert page.address == "/aanmelden"
    assert "Aanmelden" in page.text


async def test_a_production_house_has_no_door_of_the_demonstration(sign_in: Any) -> None:
    reader = await sign_in()
    assert (await reader.get("/demo")).status == 404
    assert "demonstratie" not in (await reader.get("/aanmelden")).text.lower()


async def test_in_the_demonstration_a_person_is_chosen_and_signed_out_again(house: House) -> None:
    async with served(make_app(house, demo=True)) as address, httpx.AsyncClient(base_url=address) as browser:
        chosen = await browser.get("/demo")
        assert "Hanne Dossier" in chosen.text
        assert "Staalbouw Peeters" in chosen.text
        entered = await browser.post("/demo", data={"who": "ANT-handler-1"})
        assert entered.headers["location"] == "/werklijst"
        page = await browser.get("/aanmelden")
        assert "Hanne Dossier" in page.text
        token = page.text.split('name="csrf" value="')[1].split('"')[0]
        await browser.post("/afmelden", data={"csrf": token})
        assert "Hanne Dossier" not in (await browser.get("/aanmelden")).text


async def test_a_form_without_the_token_of_the_session_does_nothing(sign_in: Any, staff: Any) -> None:
    reader = await sign_in(staff())
    await reader.get("/aanmelden")
    assert (await reader.submit("/afmelden", csrf="another")).status == 422
    assert "ANT-handler-1" in (await reader.get("/aanmelden")).text


async def test_a_form_that_another_site_sends_does_nothing(sign_in: Any, staff: Any) -> None:
    reader = await sign_in(staff())
    page = await reader.get("/aanmelden")
    answer = await reader.client.post(
        "/afmelden",
        data=page.form("/afmelden"),
        headers={"origin": "http://evil.example", "sec-fetch-site": "cross-site"},
    )
    assert answer.status_code == 422
    assert "ANT-handler-1" in (await reader.get("/aanmelden")).text


async def test_the_language_of_a_page_is_chosen_by_a_form_and_kept(sign_in: Any) -> None:
    reader = await sign_in()
    page = await reader.get("/aanmelden")
    assert '<html lang="nl">' in page.html
    page = await reader.submit("/taal", taal="fr")
    assert page.address == "/aanmelden"
    assert '<html lang="fr">' in page.html
    assert "Se connecter" in page.text


async def test_nothing_sends_a_visitor_to_another_site(sign_in: Any) -> None:
    reader = await sign_in()
    page = await reader.get("/aanmelden?naar=//evil.example/x")
    assert "evil.example" not in page.form("/taal")["naar"].replace("%2F", "/").split("naar=")[0]
    answer = await reader.client.post("/taal", data={"taal": "en", "naar": "//evil.example"})
    assert answer.headers["location"] == "/"


async def test_every_answer_forbids_what_was_written_into_the_page(app: FastAPI) -> None:
    async with served(app) as address, httpx.AsyncClient(base_url=address) as browser:
        for path in ("/aanmelden", "/static/portal.css", "/nergens"):
            told = (await browser.get(path)).headers
            assert "default-src 'self'" in told["content-security-policy"]
            assert "unsafe" not in told["content-security-policy"]
            assert told["x-content-type-options"] == "nosniff"


async def test_the_portal_says_whether_it_can_read(sign_in: Any) -> None:
    assert (await (await sign_in()).get("/gezond")).response.text == "goed"


@pytest.mark.parametrize("role", ["owner", "app"])
async def test_a_house_does_not_open_with_pages_that_see_every_row(house: House, database_urls: Any, role: str) -> None:
    settings = house.settings.model_copy(update={"portal_database_url": getattr(database_urls, role)})
    with pytest.raises(Refusal, match="DOORSTROOM_PORTAL_DATABASE_URL: de rol"):
        async with open_house(settings, house.engine, house.starter):
            pass


async def test_a_house_opens_with_the_role_of_pages(house: House, database_urls: Any) -> None:
    settings = house.settings.model_copy(update={"portal_database_url": database_urls.portal})
    async with open_house(settings, house.engine, house.starter) as opened:
        assert opened.settings is settings
