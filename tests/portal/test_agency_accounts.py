"""An administrator makes accounts for caseworkers of agencies, and switches them off and on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from database import transaction
from embedded import EmbeddedMail
from portal.house import House
from tests.portal.living import Living
from tests.portal.test_partners import dismissed

PAGE = "/beheer/bureaus"
NEW = {"agency": "RiseSmart", "name": "An Peeters", "email": "an@risesmart.example", "language": "fr"}
BOOK = "SELECT fund, by, what, data ->> 'agency' FROM admin_event ORDER BY event"


@pytest.fixture
async def house(house: House, mailbox: EmbeddedMail) -> House:
    """The house with an address, so that mails have links, and a mail server."""
    server = {"smtp_host": mailbox.host, "smtp_port": mailbox.port, "portal_public_url": "http://portal.example"}
    return replace(house, settings=house.settings.model_copy(update=server))


@pytest.fixture
async def administrator(sign_in: Any, staff: Any) -> Any:
    reader = await sign_in(staff("ANT-administrator-1"))
    await reader.get(PAGE)
    return reader


async def rows(house: House, query: str, **values: Any) -> list[tuple[Any, ...]]:
    async with transaction(house.engine) as connection:
        return [tuple(row) for row in await connection.execute(text(query), values)]


async def test_an_account_is_made_invited_switched_off_and_on_again(administrator: Any, house: House) -> None:
    page = await administrator.submit(PAGE, **NEW)
    assert "Het account is gemaakt. An Peeters krijgt een mail met een link." in page.text
    query = "SELECT person, party, agency, email, language, active FROM portal_account"
    ((person, *stands),) = await rows(house, query)
    assert stands == ["agency", "RiseSmart", "an@risesmart.example", "fr", True]
    assert await rows(house, "SELECT person, purpose, mail FROM login_link") == [(person, "sign_in", "sent")]
    page = await administrator.submit(f"{PAGE}/{person}/uit")
    assert "Uitgezet: An Peeters kan niet meer aanmelden." in page.text
    assert await rows(house, "SELECT active FROM portal_account") == [(False,)]
    page = await administrator.submit(f"{PAGE}/{person}/aan")
    assert "Weer aangezet. An Peeters krijgt een mail met een link." in page.text
    assert await rows(house, "SELECT active FROM portal_account") == [(True,)]
    told = [("ANT", "ANT-administrator-1", what, "RiseSmart") for what in ("account_made", "account_off", "account_on")]
    assert await rows(house, BOOK) == told
    assert await rows(house, "SELECT count(*) FROM login_link WHERE mail = 'sent'") == [(2,)]
    assert "account van een bureau gemaakt: RiseSmart" in (await administrator.get("/beheer/wijzigingen")).text


async def test_an_address_that_is_known_for_somebody_else_gets_no_account(
    administrator: Any, house: House, living: Living
) -> None:
    sent = dismissed()
    person = sent.parties[0].model_copy(update={"email": "noor@thuis.example"})
    await living.receive(sent.model_copy(update={"parties": (person, *sent.parties[1:])}))
    (colleague,) = await rows(house, "SELECT email FROM staff_member ORDER BY person LIMIT 1")
    for email in ("Noor@thuis.example", colleague[0]):
        page = await administrator.submit(PAGE, **NEW | {"email": email})
        assert (page.status, "Dit adres is al bekend voor iemand anders." in page.text) == (422, True)
        assert "An Peeters" in page.html, "what was typed is kept"
    await administrator.submit(PAGE, **NEW)
    page = await administrator.submit(PAGE, **NEW | {"email": "AN@risesmart.example"})
    assert (page.status, "Met dit adres is er al een account." in page.text) == (422, True)
    assert await rows(house, "SELECT count(*) FROM portal_account") == [(1,)]
    page = await administrator.submit(PAGE, **NEW | {"name": " "})
    assert (page.status, "Vul een naam in" in page.text) == (422, True)


async def test_an_agency_that_this_fund_does_not_work_with_is_not_there(
    administrator: Any, house: House, sign_in: Any, staff: Any
) -> None:
    assert (await administrator.submit(PAGE, **NEW | {"agency": "Onbekend"})).status == 404
    account = (
        "INSERT INTO portal_account (person, party, email, name, language, agency, rights, active) "
        "VALUES ('p-x', 'agency', 'x@elders.example', 'X', 'nl', 'Elders', '{}', true)"
    )
    await rows(house, f"{account} RETURNING 1")
    await administrator.get(PAGE)
    assert "x@elders.example" not in administrator.page.html
    await administrator.get("/beheer")
    page = await (await sign_in(staff("ANT-team_lead-1"))).get(PAGE)
    assert page.status == 403
