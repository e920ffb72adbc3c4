"""The API: other systems read what concerns them and tell what happened, each thing once."""

from __future__ import annotations

from portal.house import House
from tests.portal.living import Living, application
from tests.portal.systems import System
from tests.starter.conftest import LARGE


async def test_a_token_is_given_for_name_and_secret_in_a_form_or_a_basic_header(crm: System) -> None:
    answer = await crm.sign_in(scope="dossiers:read tasks:read")
    assert answer.json() | {"access_token": ""} == {
        "access_token": "",
        "token_type": "Bearer",
        "expires_in": 900,
        "scope": "dossiers:read tasks:read",
    }
    assert answer.headers["cache-control"] == "no-store"
    basic = await crm.http.post(
        "/api/v1/token", data={"grant_type": "client_credentials"}, auth=(crm.client, crm.secret)
    )
    assert basic.status_code == 200


async def test_a_dossier_is_read_as_it_stands(living: Living, crm: System) -> None:
    number = await living.receive(**LARGE)

    told = (await crm.get(f"/dossiers/{number}")).json()

    assert told["number"] == number
    assert told["state"] == "open"
    assert told["fund"] == "ANT"
    assert told["asked"] == "800.00"
    assert told["granted"] == "0.00"
    assert told["waiting"]["on"] in ("staff", "approver")


async def test_an_application_that_was_just_received_is_there_at_once(house: House, crm: System) -> None:
    given = await house.starter.receive(application())

    told = (await crm.get(f"/dossiers/{given.number}")).json()

    assert (told["state"], told["version"]) == ("received", 0)


async def test_an_answer_that_did_not_change_is_not_sent_again(living: Living, crm: System) -> None:
    number = await living.receive(**LARGE)
    first = await crm.get(f"/dossiers/{number}")
    again = await crm.get(f"/dossiers/{number}", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")

    await living.decide(number, "review", "approve")
    changed = await crm.get(f"/dossiers/{number}", headers={"If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200


async def test_a_list_is_walked_page_by_page_and_shows_each_dossier_once(living: Living, crm: System) -> None:
    numbers = [await living.receive(**LARGE) for _ in range(3)]
    seen, cursor = [], None
    while True:
        page = (await crm.get("/dossiers", params={"limit": 2} | ({"cursor": cursor} if cursor else {}))).json()
        seen += [one["number"] for one in page["dossiers"]]
        if (cursor := page["next"]) is None:
            break
    assert seen == sorted(numbers)


FILTERS = {
    "of the fund": ({"fund": "ANT"}, True),
    "of another fund": ({"fund": "LIM"}, False),
    "of the kind": ({"kind": "subsidy", "instrument": "formal_training"}, True),
    "of another kind": ({"kind": "outplacement"}, False),
    "open": ({"state": "open", "waiting_on": "staff"}, True),
    "closed": ({"state": "closed"}, False),
    "of the employer": ({"enterprise_number": "0417497106"}, True),
    "of another employer": ({"enterprise_number": "0403199702"}, False),
    "by my own reference": ({"reference": "VOORBEELD-0001"}, True),
}


async def test_lists_are_narrowed(living: Living, crm: System) -> None:
    number = await living.receive(**LARGE)
    for name, (narrowed, found) in FILTERS.items():
        page = (await crm.get("/dossiers", params=narrowed)).json()
        assert [one["number"] for one in page["dossiers"]] == ([number] if found else []), name


async def test_what_happened_is_told_in_codes_without_people(living: Living, crm: System) -> None:
    number = await living.receive(**LARGE)
    await living.decide(number, "review", "approve")
    await crm.sign_in(scope="dossiers:read")

    told = await crm.get(f"/dossiers/{number}/timeline", params={"limit": 200})

    entries = told.json()["entries"]
    assert [entry["sequence"] for entry in entries] == list(range(1, len(entries) + 1))
    assert {"dossier_opened", "task_opened", "task_completed"} <= {entry["type"] for entry in entries}
    completed = next(entry for entry in entries if entry["type"] == "task_completed")
    assert (completed["by"], completed["person"]) == ("staff", None)
    assert "ANT-handler" not in told.text
    await crm.sign_in()
    assert "ANT-handler" in (await crm.get(f"/dossiers/{number}/timeline", params={"limit": 200})).text


async def test_the_timeline_is_walked_from_where_one_was(living: Living, crm: System) -> None:
    number = await living.receive(**LARGE)
    page = (await crm.get(f"/dossiers/{number}/timeline", params={"limit": 2})).json()
    following = (await crm.get(f"/dossiers/{number}/timeline", params={"cursor": page["next"]})).json()
    assert [entry["sequence"] for entry in page["entries"]] == [1, 2]
    assert following["entries"][0]["sequence"] == 3


async def test_a_fund_reads_why_a_dossier_waits_and_its_work_list(living: Living, crm: System) -> None:
    number = await living.receive(**LARGE)
    waits = (await crm.get(f"/dossiers/{number}/waiting")).json()["waits"]
    assert [(wait["on"], wait["what"]) for wait in waits] == [("handler", "review")]
    assert waits[0]["derivation"]

    (task,) = (await crm.get("/tasks", params={"dossier": number, "role": "handler"})).json()["tasks"]
    assert (task["step"], task["fund"], task["in_hand"]) == ("review", "ANT", False)
    assert (await crm.get("/tasks", params={"fund": "LIM"})).json()["tasks"] == []


async def test_documents_are_told_by_kind_and_by_name_only_to_who_may_see_people(living: Living, crm: System) -> None:
    number = await living.receive(**LARGE)
    told = (await crm.get(f"/dossiers/{number}/documents")).json()["documents"]
    assert [(one["code"], one["file_name"]) for one in told] == [
        ("invoice", "factuur.pdf"),
        ("proof_of_payment", "betaalbewijs.pdf"),
    ]
    await crm.sign_in(scope="dossiers:read")
    told = (await crm.get(f"/dossiers/{number}/documents")).json()["documents"]
    assert {one["file_name"] for one in told} == {None}


async def test_an_employer_reads_the_own_dossiers_and_nothing_that_staff_do_among_themselves(
    living: Living, employer_system: System
) -> None:
    own, other = await living.receive(**LARGE), await living.receive(application("0403199702"))
    page = (await employer_system.get("/dossiers")).json()
    assert [one["number"] for one in page["dossiers"]] == [own]
    types = {one["type"] for one in (await employer_system.get(f"/dossiers/{own}/timeline")).json()["entries"]}
    assert "dossier_opened" in types
    assert not types & {"task_opened", "checked", "mail_planned"}
    assert (await employer_system.get(f"/dossiers/{other}")).status_code == 404
