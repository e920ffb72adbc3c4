"""Following one's own dossiers: on whom is waited, what was decided, what was paid."""

from __future__ import annotations

from typing import Any

from tests.portal.living import Living


async def test_an_employer_sees_in_one_sentence_on_whom_is_waited(living: Living, sign_in: Any, employer: Any) -> None:
    number = await living.receive(documents=["attendance", "programme", "proof_of_payment"])
    reader = await sign_in(employer())
    page = await reader.get("/mijn-dossiers")
    assert "Wij wachten op u: de factuur, uiterlijk" in page.text
    page = await reader.get(f"/mijn-dossiers/{number}")
    assert "Wij wachten op u: de factuur, uiterlijk" in page.text
    assert "Anders vervalt de aanvraag op" in page.text


async def test_the_pages_of_a_dossier_can_be_read_by_everybody(living: Living, open_window: Any, employer: Any) -> None:
    number = await living.receive(asked="16000.00", iban_valid=False)
    paid = await living.receive()
    await living.decide(paid, "payment", "confirmed")
    pages = (
        "",
        f"/{number}",
        f"/{paid}",
        f"/{number}/antwoorden/completion/1",
        f"/{number}/intrekken",
        f"/{paid}/bezwaar",
    )
    async with open_window(employer()) as reader:
        for path in (*(f"/mijn-dossiers{page}" for page in pages), "/contacten", "/agenda"):
            await reader.go(path)
            assert await reader.barriers() == [], path
