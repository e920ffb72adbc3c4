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
