"""A session begins anew at every sign-in, ends by itself, and keeps what was typed when it had just ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from database import transaction
from models.messages.words import Language
from models.tables import TaskRow
from portal.access import links
from portal.access.rights import COOKIE, SECURE_COOKIE
from portal.app import make_app
from portal.house import House
from tests.portal.workload import put, task

ACCOUNT = {"person": "p-petra", "party": "applicant", "email": "petra@staalbouw.example", "name": "Petra Peeters"}


async def change(house: House, statement: str, **values: Any) -> None:
    async with transaction(house.engine) as connection:
        await connection.execute(text(statement), values)


async def count(house: House, table: str) -> int:
    async with house.engine.connect() as connection:
        return int(await connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


@pytest.mark.parametrize(
    ("column", "age"),
    [("seen_at", timedelta(hours=2, minutes=1)), ("ends_at", timedelta(seconds=1))],
    ids=["nobody asked a page for two hours", "the working day is over"],
)
async def test_a_session_ends_by_itself(sign_in: Any, staff: Any, house: House, column: str, age: timedelta) -> None:
    reader = await sign_in(staff())
    assert (await reader.get("/werklijst")).address == "/werklijst"
    await change(house, f"UPDATE portal_session SET {column} = :then", then=datetime.now(UTC) - age)
    assert (await reader.get("/werklijst")).address == "/aanmelden?naar=%2Fwerklijst"


async def test_signing_out_everywhere_ends_every_browser_of_this_person_alone(
    sign_in: Any, staff: Any, house: House
) -> None:
    first, second, colleague = [await sign_in(staff(who)) for who in ("ANT-handler-1",) * 2 + ("ANT-handler-2",)]
    await first.get("/werklijst")
    answer = await first.submit("/afmelden")
    assert answer.address.startswith("/aanmelden")
    third = await sign_in(staff())
    await third.get("/werklijst")
    token = third.page.form("/afmelden")["csrf"]
    await third.client.post("/afmelden/overal", data={"csrf": token})
    for reader in (second, third):
        assert (await reader.get("/werklijst")).address.startswith("/aanmelden")
    assert (await colleague.get("/werklijst")).address == "/werklijst"
    assert await count(house, "portal_session") == 1


async def test_a_secret_that_was_planted_before_signing_in_is_worth_nothing(sign_in: Any, house: House) -> None:
    columns = ", ".join(f":{name}" for name in ACCOUNT)
    await change(
        house,
        f"INSERT INTO portal_account ({', '.join(ACCOUNT)}, language, rights, active)"
        f" VALUES ({columns}, 'nl', ARRAY['read'], true)",
        **ACCOUNT,
    )
    whom = links.Whom(person="p-petra")
    to = links.Addressee("petra@staalbouw.example", Language.DUTCH)
    secret = await links.make(house.engine, house.settings, links.Purpose.SIGN_IN, whom, to)
    reader = await sign_in()
    reader.client.cookies.set(COOKIE, "planted")
    answer = await reader.client.post(f"/link/{secret}")
    assert f"{COOKIE}=" in answer.headers["set-cookie"]
    assert "planted" not in answer.headers["set-cookie"]


async def test_over_https_the_cookie_is_bound_to_the_host_and_never_shown_to_a_script(house: House) -> None:
    transport = httpx.ASGITransport(app=make_app(house, demo=True))
    async with httpx.AsyncClient(transport=transport, base_url="https://portal.example") as browser:
        answer = await browser.post("/demo", data={"who": "ANT-handler-1"})
        told = answer.headers["set-cookie"]
        assert told.startswith(f"{SECURE_COOKIE}=")
        assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/"} <= set(told.split("; "))
        assert "Domain" not in told
        page = await browser.get("/werklijst")
        assert page.status_code == 200
        assert "max-age=31536000" in page.headers["strict-transport-security"]


async def test_what_was_typed_when_the_session_had_ended_is_shown_again_and_sent(
    sign_in: Any, staff: Any, house: House
) -> None:
    await put(house.engine, TaskRow, task(1))
    reader = await sign_in(staff())
    await reader.get("/werklijst")
    token = reader.page.form("/afmelden")["csrf"]
    await change(house, "UPDATE portal_session SET seen_at = now() - interval '3 hours'")

    form = {"taak": task(1)["task"], "csrf": token, "opmerking": "<b>morgen</b> & later"}
    sent = await reader.client.post("/werklijst/nemen", data=form)
    assert sent.headers["location"] == "/aanmelden?naar=%2Fformulier&bewaard=1"
    assert "een uur lang bewaard" in (await reader.get(sent.headers["location"])).text
    assert await count(house, "task_hold") == 0

    reader.client.cookies.set(COOKIE, await house.sessions.open(staff()))
    page = await reader.get("/formulier")
    assert "<b>morgen</b> & later" in page.text
    assert "&lt;b&gt;morgen" in page.html
    await reader.submit("/werklijst/nemen")
    assert await count(house, "task_hold") == 1


async def _kept(reader: Any, house: House, **headers: str) -> Any:
    await reader.get("/werklijst")
    token = reader.page.form("/afmelden")["csrf"]
    await change(house, "UPDATE portal_session SET seen_at = now() - interval '3 hours'")
    return await reader.client.post("/werklijst/nemen", data={"taak": "geheim", "csrf": token}, headers=headers)


async def test_a_kept_form_is_shown_to_the_person_who_typed_it_and_can_be_thrown_away(
    sign_in: Any, staff: Any, house: House
) -> None:
    reader = await sign_in(staff())
    await _kept(reader, house)
    secret = reader.client.cookies["doorstroom_formulier"]
    async with house.engine.connect() as connection:
        (row,) = await connection.execute(text("SELECT * FROM kept_form"))
    assert "geheim" not in str(row)
    colleague = await sign_in(staff("ANT-handler-2"))
    colleague.client.cookies.set("doorstroom_formulier", secret)
    assert "geheim" not in (await colleague.get("/formulier")).text

    reader.client.cookies.set("doorstroom_formulier", secret)
    reader.client.cookies.set(COOKIE, await house.sessions.open(staff()))
    assert "geheim" in (await reader.get("/formulier")).text
    await reader.submit("/formulier/weg")
    assert await count(house, "kept_form") == 0


@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "cross-site"}, {"origin": "http://evil.example"}], ids=["cross-site", "origin"]
)
async def test_a_form_of_another_site_is_not_kept(
    sign_in: Any, staff: Any, house: House, headers: dict[str, str]
) -> None:
    sent = await _kept(await sign_in(staff()), house, **headers)
    assert sent.headers["location"] == "/aanmelden"
    assert await count(house, "kept_form") == 0


async def test_a_form_without_a_session_ever_is_not_kept(sign_in: Any, house: House) -> None:
    reader = await sign_in()
    sent = await reader.client.post("/werklijst/nemen", data={"taak": "x", "csrf": ""})
    assert sent.headers["location"] == "/aanmelden"
    assert await count(house, "kept_form") == 0
