"""What a system tells the house: received, answered, withdrawn, reported and paid, each thing once."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI

from models.messages.words import Fund, Instrument, Party
from portal.api.clients import Clients, Registration
from portal.api.examples import EXAMPLES
from portal.api.repeats import Repeats
from portal.api.scopes import HELD_BY
from portal.house import House
from tests.portal.living import Living, application
from tests.portal.systems import System, let_in, of_fund
from tests.portal.test_agencies import guided

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
TRAINING = EXAMPLES[Instrument.FORMAL_TRAINING]


@pytest.mark.parametrize("instrument", EXAMPLES, ids=str)
async def test_the_example_of_each_instrument_is_received_and_lives(
    living: Living, crm: System, instrument: Instrument
) -> None:
    given = await crm.post("/applications", EXAMPLES[instrument])

    assert given.status_code == 201, given.text
    number = given.json()["number"]
    await living.settled(number)
    told = (await crm.get(f"/dossiers/{number}")).json()
    assert (told["instrument"], told["fund"], told["rehearsal"]) == (instrument, "ANT", False)
    assert len(given.json()["trajectories"]) == (1 if instrument is Instrument.OUTPLACEMENT else 0)


async def test_the_same_application_under_the_same_key_is_one(living: Living, crm: System) -> None:
    first = await crm.post("/applications", TRAINING, key="order-1")
    again = await crm.post("/applications", dict(reversed(TRAINING.items())), key="order-1")
    other = await crm.post("/applications", TRAINING | {"title": "Iets anders"}, key="order-1")

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert (first.headers.get("idempotency-replayed"), again.headers["idempotency-replayed"]) == (None, "true")
    assert (other.status_code, other.json()["code"]) == (422, "KeyReused")
    assert await living.rows("SELECT count(*) FROM receipt") == [(1,)]


async def test_ten_at_once_under_one_key_are_one(living: Living, crm: System) -> None:
    answers = await asyncio.gather(*(crm.post("/applications", TRAINING, key="order-1") for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [200] * 9 + [201]
    assert len({answer.json()["number"] for answer in answers}) == 1
    assert await living.rows("SELECT count(*) FROM receipt") == [(1,)]


async def test_one_key_of_two_systems_is_two(crm: System, employer_system: System) -> None:
    numbers = {
        (await system.post("/applications", TRAINING, key="order-1")).json()["number"]
        for system in (crm, employer_system)
    }
    assert len(numbers) == 2


async def test_what_was_begun_by_a_portal_that_died_is_done_by_the_next(house: House, crm: System) -> None:
    repeats = Repeats(house.engine)
    died = datetime.now(UTC) - timedelta(minutes=2)
    await crm.post("/applications", TRAINING, key="order-1")
    async with house.engine.begin() as connection:
        from sqlalchemy import text

        await connection.execute(
            text("UPDATE api_request SET status = NULL, answer = NULL, begun_at = :died"), {"died": died}
        )
    again = await crm.post("/applications", TRAINING, key="order-1")
    assert again.status_code == 201
    assert await repeats.erase(datetime.now(UTC)) == 0


async def test_keys_are_forgotten_after_a_week_and_a_receipt_is_not(house: House, crm: System) -> None:
    first = await crm.post("/applications", TRAINING, key="order-1")
    assert await Repeats(house.engine).erase(datetime.now(UTC) + timedelta(days=7, minutes=1)) == 1
    again = await crm.post("/applications", TRAINING, key="order-1")
    assert again.json()["number"] == first.json()["number"]


WRONG: Mapping[str, tuple[dict[str, Any], str, str]] = {
    "an account number that cannot be": ({"iban": "BE68539007547035"}, "/iban", "rekeningnummer"),
    "an end before the beginning": ({"ends_on": "2027-01-01"}, "/ends_on", "voor de eerste dag"),
    "a field that is not there": ({"cost": None}, "/cost", "tekst"),
    "a field that nobody knows": ({"costs": "1"}, "/costs", "kennen wij niet"),
    "a word of no list": (
        {"participants": [TRAINING["participants"][0] | {"status": "boss"}]},
        "/participants/0/status",
        "Kies een van",
    ),
    "a birth date in the future": (
        {"participants": [TRAINING["participants"][0] | {"birth_date": "2999-01-01"}]},
        "/participants/0/birth_date",
        "Kijk het jaar na",
    ),
    "nobody": ({"participants": []}, "/participants", "minstens 1"),
    "an amount that is a number": ({"asked": 80}, "/asked", "tekst"),
}


@pytest.mark.parametrize(("changed", "field", "says"), WRONG.values(), ids=WRONG.keys())
async def test_a_field_that_is_wrong_is_named_with_what_to_do(
    crm: System, changed: dict[str, Any], field: str, says: str
) -> None:
    answer = await crm.post("/applications", TRAINING | changed)

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    (fault,) = answer.json()["fields"]
    assert fault["field"] == field
    assert says in fault["message"]


NOT_YOURS: Mapping[str, dict[str, Any]] = {
    "another employer": TRAINING | {"enterprise_number": "0403199702"},
    "a worker's own account": EXAMPLES[Instrument.CAREER_ACCOUNT],
    "documents that nobody sent": TRAINING | {"documents": ["invoice"]},
}


@pytest.mark.parametrize("sent", NOT_YOURS.values(), ids=NOT_YOURS.keys())
async def test_an_employer_applies_for_nobody_else(employer_system: System, sent: dict[str, Any]) -> None:
    answer = await employer_system.post("/applications", sent)
    assert (answer.status_code, answer.json()["code"]) == (403, "NotYours")


async def test_a_system_of_one_fund_sends_nothing_to_another(app: FastAPI, clients: Clients) -> None:
    limburg = await let_in(app, clients, of_fund(Fund.LIMBURG))
    answer = await limburg.post("/applications", TRAINING)
    assert (answer.status_code, answer.json()["code"]) == (403, "NotYours")


async def asked_for_documents(living: Living) -> str:
    """A dossier that waits for documents of the employer."""
    number = await living.receive(documents=[])
    await living.request(number, "completion")
    return number


async def test_an_employer_answers_and_the_next_reading_shows_it(living: Living, employer_system: System) -> None:
    number = await asked_for_documents(living)
    waits = (await employer_system.get(f"/dossiers/{number}/waiting")).json()["waits"]
    assert [(wait["on"], wait["what"]) for wait in waits] == [("applicant", "completion")]
    for code in sorted({group.split("/")[0] for group in waits[0]["wants"]}):
        kept = await employer_system.send(f"/dossiers/{number}/documents?code={code}&file_name={code}.pdf", PDF)
        assert kept.json().get("sha256") == hashlib.sha256(PDF).hexdigest(), kept.text

    told = await employer_system.post(f"/dossiers/{number}/answers", {"request": waits[0]["key"]})

    assert told.status_code == 200, told.text
    entries = (await employer_system.get(f"/dossiers/{number}/timeline", params={"limit": 200})).json()["entries"]
    answered = next(entry for entry in entries if entry["type"] == "request_answered")
    assert answered["sequence"] == told.json()["version"]
    assert answered["by"] == "system"
    papers = (await employer_system.get(f"/dossiers/{number}/documents")).json()["documents"]
    assert {paper["file_name"] for paper in papers} >= {f"{code}.pdf" for code in answered["data"]["documents"]}


REFUSED: Mapping[str, tuple[bytes, str, int, str]] = {
    "a program": (b"MZ\x90\x00" + b"\x00" * 100, "application/octet-stream", 409, "FileRefused"),
    "nothing": (b"", "application/octet-stream", 409, "FileRefused"),
    "JSON": (b"{}", "application/json", 415, "WrongForm"),
    "more than is allowed": (b"%PDF-1.7" + b"a" * 26_300_000, "application/octet-stream", 413, "TooLarge"),
}


async def test_a_document_that_is_none_is_not_kept(living: Living, employer_system: System) -> None:
    number = await asked_for_documents(living)
    for content, kind, status, code in REFUSED.values():
        told = await employer_system.send(f"/dossiers/{number}/documents?code=invoice&file_name=a.pdf", content, kind)
        assert (told.status_code, told.json()["code"]) == (status, code)
    assert await living.rows("SELECT count(*) FROM upload") == [(0,)]


async def test_a_document_under_one_key_is_one(living: Living, employer_system: System) -> None:
    number = await asked_for_documents(living)
    address = f"/dossiers/{number}/documents?code=invoice&file_name=a.pdf"
    first = await employer_system.send(address, PDF, key="d-1")
    again = await employer_system.send(address, PDF, key="d-1")
    other = await employer_system.send(address, PDF + b"%", key="d-1")
    assert again.json() == first.json()
    assert other.json()["code"] == "KeyReused"
    assert await living.rows("SELECT count(*) FROM upload") == [(1,)]


async def test_a_dossier_is_withdrawn_once_and_then_says_no(living: Living, employer_system: System) -> None:
    number = await asked_for_documents(living)
    done = await employer_system.post(f"/dossiers/{number}/withdrawal", {}, key="w-1")
    await living.eventually("SELECT 1 FROM dossier WHERE number = :number AND outcome = 'withdrawn'", number=number)
    same = await employer_system.post(f"/dossiers/{number}/withdrawal", {}, key="w-1")
    late = await employer_system.post(f"/dossiers/{number}/answers", {"request": "completion"}, key="w-2")
    later = await employer_system.post(f"/dossiers/{number}/answers", {"request": "completion"}, key="w-2")

    assert (done.status_code, same.status_code, same.json()) == (200, 200, done.json())
    assert (late.status_code, late.json()["code"]) == (409, "DossierClosed")
    assert later.json() == late.json()
    assert later.headers["idempotency-replayed"] == "true"


async def test_an_objection_without_a_decision_is_refused_in_a_sentence(
    living: Living, employer_system: System
) -> None:
    number = await asked_for_documents(living)
    told = await employer_system.post(f"/dossiers/{number}/objection", {"ground": "amount_too_low"})
    assert told.status_code == 409
    assert told.json() == {
        "type": "/api/v1/#NothingToObject",
        "title": "Een regel zegt nee",
        "status": 409,
        "detail": "Er is geen beslissing waartegen u bezwaar kunt maken.",
        "code": "NothingToObject",
    }


async def test_a_fact_that_a_dossier_does_not_hear_is_refused(living: Living, crm: System) -> None:
    number = await living.receive()
    told = await crm.post(f"/dossiers/{number}/reports", {"fact": "new_job", "on": "2024-03-05"})
    assert (told.status_code, told.json()["code"]) == (409, "UnknownFact")


async def test_the_bank_confirms_a_payment_once(living: Living, crm: System) -> None:
    number = await living.receive()
    await living.task(number, "payment")
    (paid,) = (await crm.get(f"/dossiers/{number}/payments")).json()["payments"]
    assert (paid["state"], paid["account_of"]) == ("instructed", "applicant")
    address = f"/dossiers/{paid['payment']}/settlement"

    told = await crm.post(address, {"outcome": "confirmed", "reference": "2025-118-0042"})

    assert told.status_code == 200, told.text
    await living.eventually("SELECT 1 FROM payment WHERE state = 'confirmed' AND dossier = :number", number=number)
    again = await crm.post(address, {"outcome": "returned", "reference": "2025-118-0043"})
    assert (again.status_code, again.json()["code"]) == (409, "PaymentSettled")


async def test_an_agency_speaks_for_its_own_participants_only(living: Living, app: FastAPI, clients: Clients) -> None:
    agency = Registration(name="Bureau", party=Party.AGENCY, agency="Ascento", scopes=HELD_BY[Party.AGENCY])
    system = await let_in(app, clients, agency)
    number = await living.receive(application())
    told = await system.post(f"/dossiers/{number}/reports", {"fact": "new_job", "on": "2024-03-05"})
    assert told.status_code == 404


async def test_the_system_of_an_agency_registers_hours_once_and_hears_which_field_cannot_be(
    living: Living, app: FastAPI, clients: Clients
) -> None:
    number = await guided(living)
    own = Registration(name="Bureau", party=Party.AGENCY, agency="RiseSmart", scopes=HELD_BY[Party.AGENCY])
    system = await let_in(app, clients, own)
    other = await let_in(app, clients, own.model_copy(update={"agency": "Travvant"}))
    fund = await let_in(app, clients, of_fund())
    address, month = f"/dossiers/{number}/hours", {"month": "2024-03", "hours": "7.5", "sessions": 3}

    told = await system.post(address, month, key="march")
    assert (told.status_code, told.json()["repeated"]) == (200, False)
    again = await system.post(address, month, key="march")
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (await system.post(address, month)).json()["repeated"] is True
    (stands,) = (await system.get(address)).json()["months"]
    assert (stands["month"], stands["hours"], stands["sessions"]) == ("2024-03", "7.50", 3)

    refused = await system.post(address, month | {"month": "2024-01"})
    assert (refused.status_code, refused.json()["code"]) == (422, "HoursImpossible")
    assert refused.json()["fields"] == [{"field": "/month", "message": "De begeleiding begon pas op 05/02/2024."}]
    for spoiled, field in (({"hours": "-1"}, "/hours"), ({"sessions": -1}, "/sessions"), ({"month": "mei"}, "/month")):
        refused = await system.post(address, month | spoiled)
        assert (refused.status_code, refused.json()["fields"][0]["field"]) == (422, field)
    assert (await other.post(address, month)).status_code == 404
    assert (await fund.post(address, month)).status_code == 403
    apart = await system.post(f"/dossiers/{number}/reports", {"fact": "hours_registered", "on": "2024-03-31"})
    assert (apart.status_code, apart.json()["code"]) == (409, "HoursApart")


async def test_the_system_of_an_agency_reads_what_is_asked_of_it(
    living: Living, app: FastAPI, clients: Clients
) -> None:
    number = await guided(living, started=False)
    own = Registration(name="Bureau", party=Party.AGENCY, agency="RiseSmart", scopes=HELD_BY[Party.AGENCY])
    system = await let_in(app, clients, own)
    (asked,) = (await system.get("/questions")).json()["questions"]
    assert (asked["number"], asked["what"], asked["overdue"]) == (number, "start", False)
    assert (await system.get("/questions?overdue=true")).json() == {"questions": []}
    await system.post(f"/dossiers/{number}/answers", {"request": asked["key"], "values": {"started_on": "2024-01-22"}})
    assert (await system.get("/questions")).json() == {"questions": []}
