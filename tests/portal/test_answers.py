"""Answering what is asked, in parts and in whole; and what a party says of itself."""

from __future__ import annotations

from typing import Any

import httpx
from tests.portal.conftest import ORIGIN
from tests.portal.living import Living

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
INVOICE_MISSING = {"documents": ["attendance", "programme", "proof_of_payment"]}
TWO_MISSING = {"documents": ["attendance", "programme"]}


async def add(reader: Any, address: str, code: str, name: str = "factuur.pdf", content: bytes = PDF) -> Any:
    """Add a document by the plain form of the page that is open."""
    token = reader.page.form(f"{address}")["csrf"]
    answer = await reader.client.post(
        f"{address}/documenten/bestand?csrf={token}",
        files=[("code", (None, code)), ("bestand", (name, content, "application/pdf"))],
        headers={"origin": ORIGIN, "sec-fetch-site": "same-origin"},
        follow_redirects=True,
    )
    assert isinstance(answer, httpx.Response)
    return type(reader.page)(answer)


async def test_an_employer_who_forgot_a_document_is_asked_answers_is_paid_and_sees_it(
    living: Living, sign_in: Any, employer: Any
) -> None:
    number = await living.receive(**INVOICE_MISSING)
    reader = await sign_in(employer())
    page = await reader.get(f"/mijn-dossiers/{number}")
    assert "Wij wachten op u: de factuur, uiterlijk 3 april 2024. Anders vervalt de aanvraag op 4 april 2024." in page.text

    address = f"/mijn-dossiers/{number}/antwoorden/completion/1"
    page = await reader.get(address)
    assert "Wij vragen u: de factuur" in page.text
    page = await add(reader, address, "invoice")
    assert page.status == 200
    assert "Toegevoegd: factuur.pdf" in page.text
    page = await reader.submit(address)
    assert page.address == f"/mijn-dossiers/{number}"
    assert "Goed ontvangen. Dank u." in page.text

    await living.decide(number, "review", "approve")
    await living.decide(number, "approval", "approve")
    await living.decide(number, "payment", "confirmed")
    await living.eventually("SELECT 1 FROM payment WHERE dossier = :n AND state = 'confirmed'", n=number)
    page = await reader.get(f"/mijn-dossiers/{number}")
    assert "Ontvangen: de factuur" in page.text
    assert "Betaald, mededeling" in page.text
    assert f"{number}/1" in page.text
    assert "U hoeft nu niets te doen" in page.text
    page = await reader.get(address)
    assert "U heeft deze vraag al beantwoord" in page.text
    assert "de factuur" in page.text
