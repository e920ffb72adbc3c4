"""Answering what is asked, in parts and in whole; and what a party says of itself."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from portal.access.visitor import Act
from tests.portal.conftest import ORIGIN
from tests.portal.living import Living

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
FEW_HOURS = [{"line": 1, "status": "worker", "hours_planned": "2", "hours_attended": "2"}]
INVOICE_MISSING: dict[str, Any] = {"documents": ["attendance", "programme", "proof_of_payment"]}
TWO_MISSING: dict[str, Any] = {"documents": ["attendance", "programme"]}


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
    assert (
        "Wij wachten op u: de factuur, uiterlijk 3 april 2024. Anders vervalt de aanvraag op 4 april 2024." in page.text
    )

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


async def test_an_answer_in_parts_is_taken_and_the_rest_is_still_asked(
    living: Living, sign_in: Any, employer: Any
) -> None:
    number = await living.receive(**TWO_MISSING)
    reader = await sign_in(employer())
    address = f"/mijn-dossiers/{number}/antwoorden/completion/1"
    await reader.get(address)
    reader.page = await add(reader, address, "invoice")
    page = await reader.submit(address)
    assert "Goed ontvangen. Wij wachten nog op: het betaalbewijs." in page.text
    page = await reader.get(address)
    assert "de factuur ontvangen" in page.text
    assert "het betaalbewijs ontbreekt nog" in page.text
    reader.page = await add(reader, address, "proof_of_payment")
    assert "Goed ontvangen. Dank u." in (await reader.submit(address)).text
    assert await living.rows("SELECT state FROM request WHERE dossier = :n", n=number) == [("answered",)]


async def test_looking_at_a_page_changes_nothing(living: Living, sign_in: Any, employer: Any) -> None:
    number = await living.receive(**INVOICE_MISSING)
    reader = await sign_in(employer())
    before = await living.rows("SELECT sequence FROM dossier WHERE number = :n", n=number)
    for page in ("", "/antwoorden/completion/1", "/intrekken", "/bezwaar"):
        assert (await reader.get(f"/mijn-dossiers/{number}{page}")).status == 200
    assert await living.rows("SELECT sequence FROM dossier WHERE number = :n", n=number) == before
    assert await living.rows("SELECT 1 FROM message") == []


async def test_an_empty_answer_says_what_to_do_and_changes_nothing(living: Living, sign_in: Any, employer: Any) -> None:
    number = await living.receive(**INVOICE_MISSING)
    reader = await sign_in(employer())
    address = f"/mijn-dossiers/{number}/antwoorden/completion/1"
    await reader.get(address)
    page = await reader.submit(address)
    assert page.status == 422
    assert "er is nog niets om te versturen" in page.text
    assert await living.rows("SELECT state FROM request WHERE dossier = :n", n=number) == [("open",)]


async def test_a_second_answer_is_told_as_already_given(living: Living, sign_in: Any, employer: Any) -> None:
    number = await living.receive(**INVOICE_MISSING)
    first, second = await sign_in(employer()), await sign_in(employer(person="employer-2"))
    address = f"/mijn-dossiers/{number}/antwoorden/completion/1"
    await second.get(address)
    await first.get(address)
    first.page = await add(first, address, "invoice")
    await first.submit(address)
    page = await second.submit(address)
    assert "Deze vraag was al beantwoord. Hieronder ziet u wat." in page.text
    assert "Wat u antwoordde" in page.text


@pytest.mark.parametrize(
    "who", [{"enterprise": "0403199702"}, {"enterprise": "0999999922"}], ids=["another", "unknown"]
)
async def test_a_dossier_of_another_is_not_there(
    living: Living, sign_in: Any, employer: Any, who: dict[str, str]
) -> None:
    number = await living.receive(**INVOICE_MISSING)
    reader = await sign_in(employer(**who))
    assert number not in (await reader.get("/mijn-dossiers")).text
    nothing = await reader.get("/mijn-dossiers/ANT-2024-S-999999")
    for page in ("", "/antwoorden/completion/1", "/intrekken", "/bezwaar", "/melden/new_job"):
        there = await reader.get(f"/mijn-dossiers/{number}{page}")
        assert there.status == 404
        assert there.text == nothing.text


async def test_who_may_only_read_does_not_answer(living: Living, sign_in: Any, employer: Any) -> None:
    number = await living.receive(**INVOICE_MISSING)
    reading = employer().model_copy(update={"restricted": {"0417497106": frozenset({Act.READ})}})
    reader = await sign_in(reading)
    address = f"/mijn-dossiers/{number}/antwoorden/completion/1"
    await reader.get(address)
    page = await reader.submit(address)
    assert page.status == 422
    assert "U mag dit dossier lezen, maar niet antwoorden" in page.text
    assert await living.rows("SELECT state FROM request WHERE dossier = :n", n=number) == [("open",)]


async def test_what_was_stated_wrong_is_put_right(living: Living, sign_in: Any, employer: Any) -> None:
    number = await living.receive(asked="16000.00", iban_valid=False)
    reader = await sign_in(employer())
    address = f"/mijn-dossiers/{number}/antwoorden/completion/1"
    page = await reader.get(address)
    assert "het gevraagde bedrag" in page.text
    assert page.form(address)["gevraagd-bedrag"] == "16000"
    page = await reader.submit(address, **{"gevraagd-bedrag": "honderd", "iban": "BE68 5390 0754 7034"})
    assert page.status == 422
    assert "is geen bedrag in euro" in page.text
    page = await reader.submit(address, **{"gevraagd-bedrag": "160,00", "iban": "BE68 5390 0754 7034"})
    assert "Goed ontvangen. Dank u." in page.text
    await living.task(number, "review")
    ((iban,),) = await living.rows("SELECT iban FROM contact WHERE dossier = :n AND party = 'applicant'", n=number)
    assert iban == "BE68 5390 0754 7034"
    assert await living.rows("SELECT fields, facts ->> 'asked' FROM correction") == [
        (["asked", "iban_valid"], "160.00")
    ]
    told = str(await living.rows("SELECT data FROM event WHERE dossier = :n", n=number))
    assert "5390" not in told


async def test_an_application_is_withdrawn_after_a_question(living: Living, sign_in: Any, employer: Any) -> None:
    number = await living.receive(**INVOICE_MISSING)
    reader = await sign_in(employer())
    page = await reader.get(f"/mijn-dossiers/{number}/intrekken")
    assert "Dit kan niet ongedaan gemaakt worden" in page.text
    page = await reader.submit(f"/mijn-dossiers/{number}/intrekken")
    assert "Uw aanvraag is ingetrokken." in page.text
    await living.eventually("SELECT 1 FROM dossier WHERE number = :n AND outcome = 'withdrawn'", n=number)
    page = await reader.get(f"/mijn-dossiers/{number}")
    assert "Dit dossier is afgesloten op 4 maart 2024: ingetrokken." in page.text
    assert "kan niet meer worden ingetrokken" in (await reader.get(f"/mijn-dossiers/{number}/intrekken")).text


async def test_an_objection_is_made_until_the_last_day_and_not_after_it(
    living: Living, sign_in: Any, employer: Any
) -> None:
    number = await living.receive(hours="2", participants=FEW_HOURS)
    await living.decide(number, "admissibility", "refuse", reasons=("UREN_TE_WEINIG",))
    await living.eventually("SELECT 1 FROM dossier WHERE number = :n AND waiting_for = 'objection_term'", n=number)
    reader = await sign_in(employer())
    page = await reader.get(f"/mijn-dossiers/{number}")
    assert "Het fonds heeft beslist: u leest hieronder wat. U kunt bezwaar maken tot en met 3 april 2024." in page.text
    page = await reader.get(f"/mijn-dossiers/{number}/bezwaar")
    assert "er zijn minder uren dan het minimum" in page.text
    page = await reader.submit(f"/mijn-dossiers/{number}/bezwaar", why="De lijst was niet volledig.")
    assert page.status == 422
    page = await reader.submit(f"/mijn-dossiers/{number}/bezwaar", ground="facts", why="De lijst was niet volledig.")
    assert "Uw bezwaar is ontvangen" in page.text
    assert "De lijst was niet volledig." in page.text
    await living.task(number, "objection")
    told = await living.rows("SELECT data FROM event WHERE dossier = :n AND type = 'objection_filed'", n=number)
    assert told[0][0]["ground"] == "facts"
    assert "De lijst" not in str(await living.rows("SELECT data FROM event WHERE dossier = :n", n=number))


async def test_a_message_is_kept_for_the_fund_and_more_time_is_asked_in_one(
    living: Living, sign_in: Any, employer: Any
) -> None:
    number = await living.receive(**INVOICE_MISSING)
    reader = await sign_in(employer())
    await reader.get(f"/mijn-dossiers/{number}")
    page = await reader.submit(f"/mijn-dossiers/{number}/bericht", bericht="<b>Dag</b> fonds")
    assert "&lt;b&gt;Dag&lt;/b&gt; fonds" in page.html
    asked = f"/mijn-dossiers/{number}/meer-tijd/completion/1"
    await reader.get(f"/mijn-dossiers/{number}/antwoorden/completion/1")
    page = await reader.submit(asked, until="01/04/2024")
    assert "Kies een dag na de huidige uiterste dag." in page.text
    page = await reader.submit(asked, until="20/04/2024", why="De boekhouder is ziek.")
    assert "Uw vraag is verstuurd" in page.text
    text = "Ik vraag meer tijd voor de factuur: tot en met 20 april 2024. De boekhouder is ziek."
    assert text in page.text
    assert len(await living.rows("SELECT 1 FROM message WHERE dossier = :n AND by_party = 'applicant'", n=number)) == 2


async def test_what_a_party_tells_comes_back_as_text_whatever_it_holds(
    living: Living, sign_in: Any, employer: Any
) -> None:
    number = await living.receive(**INVOICE_MISSING)
    reader = await sign_in(employer())
    address = f"/mijn-dossiers/{number}/antwoorden/completion/1"
    await reader.get(address)
    page = await add(reader, address, "invoice", name='"><script>alert(1)</script>.pdf')
    assert "<script>alert" not in page.html
    page = await add(reader, address, "invoice", name="leeg.pdf", content=b"<html>")
    assert page.status == 422
    assert "leeg.pdf" in page.text
