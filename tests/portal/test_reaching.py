"""Contact details that staff or the agency put right, when the person is not reached any more."""

from __future__ import annotations

from typing import Any

import pytest

from models.messages.words import Party, Role
from portal.app import make_app
from portal.serving import served
from tests.portal.browsing import chromium, window
from tests.portal.conftest import staff
from tests.portal.living import Living
from tests.portal.test_partners import dismissed, outsider

STANDS = "SELECT email, phone, language, email_failed_at FROM contact WHERE dossier = :n AND party = 'participant'"
MENDED = "SELECT by FROM event WHERE dossier = :n AND type = 'reported' AND data ->> 'fact' = 'channel_mended'"


@pytest.fixture
async def number(living: Living) -> str:
    """A trajectory whose person is not reached at the address that is known."""
    number = await living.receive(dismissed())
    await living.rows("UPDATE contact SET email_failed_at = now() WHERE dossier = :n RETURNING 1", n=number)
    return number


async def test_the_agency_gives_a_new_address_and_sees_no_old_one(number: str, living: Living, sign_in: Any) -> None:
    agency = await sign_in(outsider(Party.AGENCY, agency="RiseSmart"))
    details = f"/deelnemers/{number}/gegevens"
    assert details in (await agency.get(f"/deelnemers/{number}")).html
    assert "thuis.example" not in (await agency.get(details)).html
    page = await agency.submit(details, email="geen adres")
    assert page.status == 422
    await agency.get(details)
    assert "Bewaard. Dank u." in (await agency.submit(details, email="noor@nieuw.example", taal="fr")).text
    assert await living.rows(STANDS, n=number) == [("noor@nieuw.example", None, "nl", None)]
    assert await living.rows(MENDED, n=number) == [("agency-1",)]

    other = await sign_in(outsider(Party.AGENCY, agency="Randstad"))
    assert (await other.get(details)).status == 404


async def test_staff_put_an_address_right_from_the_dossier(number: str, living: Living, sign_in: Any) -> None:
    clerk = await sign_in(staff("ANT-intake-1"))
    details = f"/dossier/{number}/gegevens"
    assert details in (await clerk.get(f"/dossier/{number}")).html
    assert "thuis.example" in (await clerk.get(details)).html
    assert (
        "Bewaard. Dank u."
        in (await clerk.submit(details, taal="nl", phone="0470 12 34 56", email="noor@nieuw.example")).text
    )
    assert await living.rows(STANDS, n=number) == [("noor@nieuw.example", "0470 12 34 56", "nl", None)]
    assert await living.rows(MENDED, n=number) == [("ANT-intake-1",)]
    seen = "SELECT count(*) FROM sensitive_read WHERE dossier = :n AND person = 'ANT-intake-1'"
    assert (await living.rows(seen, n=number))[0][0] >= 2

    for stranger, status in ((staff("LIM-intake-1"), 404), (staff("ANT-auditor-1", Role.AUDITOR), 403)):
        assert (await (await sign_in(stranger)).get(details)).status == status
    await living.rows("UPDATE contact SET left_on = current_date WHERE dossier = :n RETURNING 1", n=number)
    assert (await clerk.get(details)).status == 404, "nobody is reached any more"


async def test_the_pages_are_read_by_everybody_at_every_width(number: str, living: Living) -> None:
    visitors = {"dossier": staff("ANT-intake-1"), "deelnemers": outsider(Party.AGENCY, agency="RiseSmart")}
    async with chromium() as browser, served(make_app(living.house)) as address:
        for where, visitor in visitors.items():
            async with window(browser, living.house, address, visitor) as opened:
                await opened.go(f"/{where}/{number}/gegevens")
                assert await opened.barriers() == []
