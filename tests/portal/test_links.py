"""Links in mails: one purpose, one use, an end; looked at by scanners, used by people, and renewed when it is over."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import insert, text

import models.tables as tables
from database import transaction
from embedded import EmbeddedMail
from models.messages.words import Language, Party
from portal.access import links
from portal.access.links import Addressee, Purpose, Whom
from portal.access.visitor import Act
from portal.app import make_app
from portal.house import House

NOW = datetime.now(UTC)
PEETERS = "0417497106"
ACCOUNT = {
    "person": "p-petra",
    "party": "applicant",
    "email": "Petra@staalbouw.example",
    "name": "Petra Peeters",
    "enterprise_number": PEETERS,
    "rights": ["read", "answer"],
}
PROJECTS = ("ANT-2025-P-000001", "ANT-2025-P-000002")


@pytest.fixture
async def house(house: House, mailbox: EmbeddedMail) -> House:
    """The house with an account, two projects of one expert, and a mail server."""
    async with transaction(house.engine) as connection:
        await connection.execute(insert(tables.PortalAccount).values(**ACCOUNT))
        for number in PROJECTS:
            row = {"number": number, "fund": "ANT", "kind": "project_financing", "instrument": "project_financing"}
            row |= {"policy": "p", "phase": ""}
            await connection.execute(insert(tables.DossierRow).values(**row, received_at=NOW, updated_at=NOW))
            expert = {"dossier": number, "party": "expert", "name": "Eva Expert", "email": "eva@advies.example"}
            await connection.execute(insert(tables.Contact).values(**expert, language="fr"))
    server = {"smtp_host": mailbox.host, "smtp_port": mailbox.port, "portal_public_url": "http://portal.example"}
    return replace(house, settings=house.settings.model_copy(update=server))


@pytest.fixture
def app(house: House) -> FastAPI:
    return make_app(house)


async def ask(reader: Any, email: str) -> Any:
    await reader.get("/aanmelden")
    return await reader.submit("/aanmelden/mail", email=email)


def secrets_in(mailbox: EmbeddedMail) -> list[str]:
    found = [re.search(r"/link/(\S+)", str(mail.get_content())) for mail in mailbox.messages()]
    return [one[1] for one in found if one]


async def made(house: House, dossier: str = PROJECTS[0], opens: str = "/mijn-dossiers") -> str:
    whom = Whom(dossier=dossier, party=Party.EXPERT)
    to = Addressee("eva@advies.example", Language.FRENCH)
    return await links.make(house.engine, house.settings, Purpose.DOSSIER, whom, to, opens)


async def stands(house: House) -> list[Any]:
    async with house.engine.connect() as connection:
        return list(await connection.execute(text("SELECT used_at, mail FROM login_link ORDER BY made_at")))


async def who(reader: Any, house: House) -> Any:
    return await house.sessions.visitor(reader.client.cookies.get("doorstroom") or "")


async def test_a_link_is_asked_mailed_and_used(sign_in: Any, house: House, mailbox: EmbeddedMail) -> None:
    reader = await sign_in()
    assert "link onderweg" in (await ask(reader, " petra@STAALBOUW.example ")).text
    (secret,) = secrets_in(mailbox)
    page = await reader.get(f"/link/{secret}")
    assert "Welkom" in page.text
    assert await who(reader, house) is None
    await reader.submit(f"/link/{secret}")
    signed = await who(reader, house)
    assert (signed.person, signed.enterprises, signed.door) == ("p-petra", (PEETERS,), "link")
    assert signed.may(Act.ANSWER, PEETERS)
    assert not signed.may(Act.APPLY, PEETERS)


async def test_the_answer_is_the_same_whether_an_address_is_known_or_not(
    sign_in: Any, house: House, mailbox: EmbeddedMail
) -> None:
    reader = await sign_in()
    known = (await ask(reader, "petra@staalbouw.example")).html
    unknown = (await ask(reader, "nobody@nowhere.example")).html
    assert known == unknown
    assert len(mailbox.messages()) == 1
    async with house.engine.connect() as connection:
        rows = await connection.execute(text("SELECT outcome FROM sign_in ORDER BY id"))
        assert list(rows.scalars()) == ["asked", "asked_unknown"]


async def test_nothing_of_a_person_stands_with_a_link_or_in_the_books(
    sign_in: Any, house: House, mailbox: EmbeddedMail
) -> None:
    await ask(await sign_in(), "petra@staalbouw.example")
    (secret,) = secrets_in(mailbox)
    async with house.engine.connect() as connection:
        kept = ""
        for table in ("login_link", "sign_in", "attempts"):
            kept += " ".join(str(row) for row in await connection.execute(text(f"SELECT * FROM {table}")))
    assert secret not in kept
    assert "staalbouw" not in kept.lower()
    assert "127.0.0.1" not in kept


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
async def test_a_scanner_that_looks_at_a_link_changes_nothing(sign_in: Any, house: House, method: str) -> None:
    secret = await made(house)
    scanner = await sign_in()
    for _ in range(5):
        await scanner.client.request(method, f"/link/{secret}")
    assert [tuple(row) for row in await stands(house)] == [(None, "planned")]
    owner = await sign_in()
    await owner.get(f"/link/{secret}")
    await owner.submit(f"/link/{secret}")
    assert (await who(owner, house)).dossiers == (PROJECTS[0],)


async def test_a_link_of_a_question_opens_that_dossier_and_no_other(sign_in: Any, house: House) -> None:
    secret = await made(house, opens=f"/mijn-dossiers/{PROJECTS[0]}")
    reader = await sign_in()
    assert PROJECTS[0] in (await reader.get(f"/link/{secret}")).text
    answer = await reader.client.post(f"/link/{secret}")
    assert answer.headers["location"] == f"/mijn-dossiers/{PROJECTS[0]}"
    signed = await who(reader, house)
    assert (signed.party, signed.dossiers, signed.funds) == (Party.EXPERT, (PROJECTS[0],), ())


async def test_an_expert_who_asks_a_link_sees_every_own_dossier(
    sign_in: Any, house: House, mailbox: EmbeddedMail
) -> None:
    reader = await sign_in()
    await ask(reader, "eva@advies.example")
    (mail,) = mailbox.messages()
    assert "Votre lien" in mail["subject"]
    (secret,) = secrets_in(mailbox)
    await reader.get(f"/link/{secret}")
    await reader.submit(f"/link/{secret}")
    assert sorted((await who(reader, house)).dossiers) == sorted(PROJECTS)


async def test_a_used_link_offers_a_fresh_one_to_the_same_address(
    sign_in: Any, house: House, mailbox: EmbeddedMail
) -> None:
    secret = await made(house)
    first, second = await sign_in(), await sign_in()
    await first.client.post(f"/link/{secret}")
    page = await second.get(f"/link/{secret}")
    assert "al gebruikt" in page.text
    assert (await second.client.post(f"/link/{secret}")).headers["location"] == f"/link/{secret}"
    assert await who(second, house) is None
    await second.get(f"/link/{secret}")
    assert "link onderweg" in (await second.submit(f"/link/{secret}/nieuw")).text
    (fresh,) = secrets_in(mailbox)
    assert mailbox.messages()[0]["to"] == "eva@advies.example"
    await second.get(f"/link/{fresh}")
    await second.submit(f"/link/{fresh}")
    assert (await who(second, house)).dossiers == (PROJECTS[0],)


async def test_an_expired_link_lets_nobody_in_and_offers_a_fresh_one(sign_in: Any, house: House) -> None:
    secret = await made(house)
    async with transaction(house.engine) as connection:
        await connection.execute(text("UPDATE login_link SET ends_at = :then"), {"then": NOW - timedelta(seconds=1)})
    reader = await sign_in()
    assert "verlopen" in (await reader.get(f"/link/{secret}")).text
    await reader.client.post(f"/link/{secret}")
    assert await who(reader, house) is None
    assert reader.page.form(f"/link/{secret}/nieuw") == {}


async def test_a_link_goes_with_the_address_of_today_and_stops_with_the_person(
    sign_in: Any, house: House, mailbox: EmbeddedMail
) -> None:
    secret = await made(house)
    async with transaction(house.engine) as connection:
        await connection.execute(text("UPDATE contact SET email = 'eva@new.example'"))
    reader = await sign_in()
    await reader.client.post(f"/link/{secret}/nieuw")
    assert mailbox.messages()[0]["to"] == "eva@new.example"
    async with transaction(house.engine) as connection:
        await connection.execute(text("DELETE FROM contact"))
    await reader.client.post(f"/link/{secret}")
    assert await who(reader, house) is None


async def test_a_link_changed_by_one_character_opens_nothing(sign_in: Any, house: House) -> None:
    secret = await made(house)
    changed = secret[:-1] + ("A" if secret[-1] != "A" else "B")
    reader = await sign_in()
    page = await reader.get(f"/link/{changed}")
    assert page.status == 404
    await reader.client.post(f"/link/{changed}")
    await reader.client.post(f"/link/{changed}/nieuw")
    assert await who(reader, house) is None
    assert [tuple(row) for row in await stands(house)] == [(None, "planned")]


async def test_a_link_pressed_twice_lets_in_once(sign_in: Any, house: House) -> None:
    secret = await made(house)
    first, second = await sign_in(), await sign_in()
    await first.client.post(f"/link/{secret}")
    await second.client.post(f"/link/{secret}")
    assert [await who(reader, house) is not None for reader in (first, second)] == [True, False]


async def test_another_site_cannot_press_the_button(sign_in: Any, house: House) -> None:
    secret = await made(house)
    reader = await sign_in()
    for told in ({"sec-fetch-site": "cross-site"}, {"origin": "http://evil.example"}):
        assert (await reader.client.post(f"/link/{secret}", headers=told)).status_code == 422
    assert await who(reader, house) is None
    assert [tuple(row) for row in await stands(house)] == [(None, "planned")]


async def test_one_address_gets_few_links_an_hour_and_the_answer_stays_the_same(
    sign_in: Any, mailbox: EmbeddedMail
) -> None:
    reader = await sign_in()
    answers = {(await ask(reader, "petra@staalbouw.example")).html for _ in range(7)}
    assert len(answers) == 1
    assert len(mailbox.messages()) == 4


async def test_a_mail_server_that_is_away_loses_the_mail_and_not_the_page(house: House, sign_in: Any) -> None:
    away = replace(house, settings=house.settings.model_copy(update={"smtp_port": 9}))
    reader = await sign_in()
    reader.client._transport.app.state.house = away
    assert "link onderweg" in (await ask(reader, "petra@staalbouw.example")).text
    assert [row.mail for row in await stands(house)] == ["refused"]
