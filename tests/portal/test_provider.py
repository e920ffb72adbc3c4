"""Signing in by an identity provider: a real one, in a process of its own, which may also answer wrongly."""

from __future__ import annotations

import asyncio
import re
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import insert, text

from database import transaction
from models.tables import Mandate
from portal.app import make_app
from portal.house import House
from settings import Settings
from tests.patience import patient

PROVIDER = Path(__file__).with_name("provider.py")
CLIENT, SECRET, PORTAL = "doorstroom", "a-secret-of-the-client", "http://portal.example"
KEY = "k" * 40
PEETERS, JANSSENS = "0417497106", "0403199702"
EMPLOYER = {
    "sub": "3f1c",
    "given_name": "Petra",
    "family_name": "Peeters",
    "vo_doelgroepcode": "EA",
    "vo_orgcode": PEETERS,
    "vo_orgnaam": "Staalbouw Peeters",
}
STAFF = {"sub": "77aa", "email_verified": True, "doorstroom_rol_3d": ["Medewerker:OVO000001"]}
Behave = Callable[..., Awaitable[None]]


@pytest.fixture(scope="module")
async def issuer() -> AsyncIterator[str]:
    """The address of a provider that runs beside us."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = await asyncio.create_subprocess_exec(sys.executable, str(PROVIDER), str(port))
    address = f"http://127.0.0.1:{port}"
    try:
        async with httpx.AsyncClient() as client, patient():
            while True:
                try:
                    await client.get(f"{address}/jwks")
                    break
                except httpx.TransportError:
                    assert process.returncode is None
                    await asyncio.sleep(0.1)
        yield address
    finally:
        process.terminate()
        await process.wait()


@pytest.fixture
def behave(issuer: str) -> Behave:
    """Tell the provider whom to sign in next, and what to do wrong."""

    async def told(claims: dict[str, Any], **faults: Any) -> None:
        async with httpx.AsyncClient() as client:
            await client.post(f"{issuer}/behave", json={"claims": claims, "faults": faults})

    return told


@pytest.fixture
def provided(house: House, issuer: str) -> FastAPI:
    """The application with this provider behind both doors."""
    doors = {"oidc_issuer": issuer, "oidc_client_secret": SECRET, "portal_key": KEY, "portal_public_url": PORTAL}
    doors |= {"oidc_staff_issuer": issuer, "oidc_staff_client_secret": SECRET}
    settings = Settings.model_validate(house.settings.model_dump() | doors)
    return make_app(replace(house, settings=settings))


@dataclass
class Browser:
    """Goes to the provider and back as a browser does: the portal in this process, the provider outside."""

    portal: httpx.AsyncClient

    async def leave(self, door: str, naar: str = "/") -> str:
        """Follow the button of a door; gives where the provider sends the browser back to."""
        gone = await self.portal.get(f"/aanmelden/met/{door}", params={"naar": naar})
        assert gone.status_code == 303, gone.text
        async with httpx.AsyncClient() as outside:
            back = await outside.get(gone.headers["location"])
        assert back.status_code == 302, back.text
        return back.headers["location"]

    async def come_back(self, address: str) -> httpx.Response:
        return await self.portal.get(address)

    async def sign_in(self, door: str, naar: str = "/") -> httpx.Response:
        return await self.come_back(await self.leave(door, naar))


@pytest.fixture
async def browser(provided: FastAPI) -> AsyncIterator[Browser]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=provided), base_url=PORTAL) as client:
        yield Browser(client)


async def outcomes(house: House) -> list[tuple[Any, ...]]:
    async with house.engine.connect() as connection:
        return [tuple(row) for row in await connection.execute(text("SELECT how, outcome FROM sign_in ORDER BY id"))]


async def test_somebody_of_an_enterprise_comes_in_and_lands_on_the_page_that_was_asked(
    browser: Browser, behave: Behave, house: House
) -> None:
    await behave(EMPLOYER)
    answer = await browser.sign_in("werkgever", "/mijn-dossiers?toon=alles")
    assert answer.headers["location"] == "/mijn-dossiers?toon=alles"
    signed = await house.sessions.visitor(browser.portal.cookies["doorstroom"])
    assert signed is not None
    assert (signed.name, signed.enterprises, signed.restricted) == ("Petra Peeters", (PEETERS,), {})
    assert "Petra" not in signed.person
    assert "3f1c" not in signed.person
    assert await outcomes(house) == [("employers", "in")]


async def test_the_same_person_is_known_again(browser: Browser, behave: Behave, house: House) -> None:
    await behave(EMPLOYER)
    persons = set()
    for _ in range(2):
        await browser.sign_in("werkgever")
        signed = await house.sessions.visitor(browser.portal.cookies["doorstroom"])
        persons.add(signed.person if signed else None)
    assert len(persons) == 1


async def test_an_accountant_acts_for_those_who_gave_a_mandate(browser: Browser, behave: Behave, house: House) -> None:
    given = {"mandate": "m-1", "enterprise_number": PEETERS, "holder_enterprise": JANSSENS, "given_by": "p-1"}
    days = text("SELECT current_date - 10 AS past, current_date - 1 AS yesterday, now() AS now")
    async with transaction(house.engine) as connection:
        past, yesterday, now = (await connection.execute(days)).one()
        for number, enterprise, ends_on in (("m-1", PEETERS, None), ("m-2", "0999999922", yesterday)):
            row = given | {"mandate": number, "enterprise_number": enterprise, "ends_on": ends_on}
            await connection.execute(insert(Mandate).values(**row, rights=["read"], starts_on=past, given_at=now))
    await behave(EMPLOYER | {"vo_orgcode": JANSSENS})
    await browser.sign_in("werkgever")
    signed = await house.sessions.visitor(browser.portal.cookies["doorstroom"])
    assert signed is not None
    assert signed.enterprises == (JANSSENS, PEETERS)
    assert signed.restricted == {PEETERS: frozenset({"read"})}


async def test_staff_come_in_with_the_roles_of_our_own_table(browser: Browser, behave: Behave, house: House) -> None:
    async with house.engine.connect() as connection:
        email = await connection.scalar(text("SELECT email FROM staff_member WHERE person = 'ANT-handler-1'"))
    await behave(STAFF | {"email": str(email).upper()})
    answer = await browser.sign_in("medewerker")
    assert answer.headers["location"] == "/werklijst"
    signed = await house.sessions.visitor(browser.portal.cookies["doorstroom"])
    assert signed is not None
    assert (signed.person, signed.funds) == ("ANT-handler-1", ("ANT",))


REFUSED: dict[str, tuple[str, dict[str, Any], dict[str, Any], str, str]] = {
    "another nonce": ("werkgever", EMPLOYER, {"nonce": "other"}, "SignInNonce", "hoort niet bij deze aanmelding"),
    "an expired token": ("werkgever", EMPLOYER, {"exp": 1_700_000_000}, "SignInExpired", "duurde te lang"),
    "another audience": ("werkgever", EMPLOYER, {"aud": ["another"]}, "SignInAudience", "andere toepassing"),
    "another issuer": ("werkgever", EMPLOYER, {"iss": "https://evil.example"}, "SignInClaim", "klopt niet"),
    "another key": ("werkgever", EMPLOYER, {"key": True}, "SignInSignature", "is niet echt"),
    "somebody who stopped": ("werkgever", EMPLOYER, {"cancelled": True}, "SignInCancelled", "afgebroken"),
    "no enterprise": ("werkgever", {**EMPLOYER, "vo_orgcode": ""}, {}, "SignInMissingClaim", "niet alles"),
    "a citizen": ("werkgever", {**EMPLOYER, "vo_doelgroepcode": "BUR"}, {}, "SignInMissingClaim", "niet alles"),
    "no number": ("werkgever", {**EMPLOYER, "vo_orgcode": "0417497107"}, {}, "SignInClaim", "klopt niet"),
    "staff without the role": ("medewerker", {"sub": "1", "email": "x@y.example"}, {}, "SignInNoRole", "geen toegang"),
    "staff of nobody": ("medewerker", {**STAFF, "email": "x@y.example"}, {}, "SignInUnknown", "staat (nog) niet"),
    "staff without an address": ("medewerker", STAFF, {}, "SignInMissingClaim", "niet alles"),
}


@pytest.mark.parametrize(("door", "claims", "faults", "code", "sentence"), REFUSED.values(), ids=REFUSED.keys())
async def test_an_answer_that_is_not_right_lets_nobody_in(
    browser: Browser,
    behave: Behave,
    house: House,
    door: str,
    claims: dict[str, Any],
    faults: dict[str, Any],
    code: str,
    sentence: str,
) -> None:
    await behave(claims, **faults)
    answer = await browser.sign_in(door)
    assert answer.status_code == 403
    assert sentence in answer.text
    assert "doorstroom" not in browser.portal.cookies
    assert await outcomes(house) == [("provider", code)]


async def test_a_code_counts_once(browser: Browser, behave: Behave, house: House) -> None:
    await behave(EMPLOYER)
    address = await browser.leave("werkgever")
    state = browser.portal.cookies["doorstroom_reis"]
    assert (await browser.come_back(address)).status_code == 303
    browser.portal.cookies.clear()
    browser.portal.cookies.set("doorstroom_reis", state)
    again = await browser.come_back(address)
    assert again.status_code == 403
    assert "al gebruikt of vervallen" in again.text
    assert await outcomes(house) == [("employers", "in"), ("provider", "SignInCode")]


async def test_a_code_that_another_used_before_is_refused_by_the_provider(
    browser: Browser, behave: Behave, issuer: str
) -> None:
    await behave(EMPLOYER)
    address = await browser.leave("werkgever")
    code = httpx.URL(address).params["code"]
    async with httpx.AsyncClient() as thief:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": f"{PORTAL}/aanmelden/terug"}
        stolen = await thief.post(f"{issuer}/token", data=form, auth=(CLIENT, SECRET))
    assert stolen.status_code == 400, "without the verifier a code is worth nothing"
    assert (await browser.come_back(address)).status_code == 303


@pytest.mark.parametrize("change", ["another browser", "another state", "no state"])
async def test_a_way_back_that_began_elsewhere_is_refused(
    browser: Browser, behave: Behave, house: House, change: str
) -> None:
    await behave(EMPLOYER)
    address = await browser.leave("werkgever")
    if change == "another browser":
        browser.portal.cookies.clear()
    else:
        address = re.sub(r"state=[^&]*", "state=\u00e9" if change == "another state" else "x=y", address)
    answer = await browser.come_back(address)
    assert answer.status_code == 403
    assert "andere browser" in answer.text
    assert await outcomes(house) == [("provider", "SignInState")]


async def test_a_provider_that_is_away_is_told_in_a_sentence(house: House) -> None:
    doors = {"oidc_issuer": "http://127.0.0.1:9", "portal_key": KEY, "portal_public_url": PORTAL}
    app = make_app(replace(house, settings=Settings.model_validate(house.settings.model_dump() | doors)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=PORTAL) as client:
        assert "Aanmelden als onderneming" in (await client.get("/aanmelden")).text
        answer = await client.get("/aanmelden/met/werkgever")
        assert answer.status_code == 403
        assert "antwoordt nu niet" in answer.text
        assert "niet ingesteld" in (await client.get("/aanmelden/met/medewerker")).text


async def test_who_signs_out_is_shown_the_way_out_of_the_provider_too(
    browser: Browser, behave: Behave, issuer: str, house: House
) -> None:
    await behave(EMPLOYER)
    await browser.sign_in("werkgever")
    secret = browser.portal.cookies["doorstroom"]
    signed = await house.sessions.visitor(secret)
    assert signed is not None
    left = await browser.portal.post("/afmelden", data={"csrf": signed.csrf})
    assert await house.sessions.visitor(secret) is None
    page = await browser.portal.get(left.headers["location"])
    assert f"{issuer}/logout?client_id=doorstroom" in page.text


async def test_a_house_with_a_provider_and_without_a_key_does_not_start() -> None:
    with pytest.raises(ValueError, match="DOORSTROOM_PORTAL_KEY"):
        Settings(oidc_issuer="https://provider.example", _env_file=None)
