"""Attacks, tried: each is refused, changes nothing, and is told to the operator."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

import models.tables as tables
from models.messages.words import Fund, Party, Role
from portal.access import limits
from portal.access.rights import Right
from portal.access.visitor import Visitor
from portal.house import House
from tests.portal.test_routes import PAGES, asked_days
from tests.portal.workload import put, task

NOW = datetime(2026, 3, 3, tzinfo=UTC)
OURS, PEETERS, JANSSENS = "ANT-2026-S-000001", "0417497106", "0403199702"
OF_A_DOSSIER = [
    pytest.param(one.path, right, id=one.path)
    for one in PAGES
    for right in one.rights
    if one.method == "GET" and "{number}" in one.path and isinstance(right, Right)
]


@pytest.fixture
async def dossier(house: House) -> str:
    """A dossier of Antwerp and of one employer, with a document and a task."""
    receipt: dict[str, Any] = {
        "number": OURS,
        "idempotency_key": OURS,
        "fund": "ANT",
        "kind": "subsidy",
        "enterprise_number": PEETERS,
    }
    receipt |= {"instrument": "formal_training", "facts": {}, "typed": {}, "received_at": NOW, "opens_at": NOW}
    row: dict[str, Any] = {
        "number": OURS,
        "fund": "ANT",
        "kind": "subsidy",
        "instrument": "formal_training",
        "policy": "p",
    }
    upload: dict[str, Any] = {
        "upload": "u" * 32,
        "dossier": OURS,
        "person": "employer-1",
        "party": "applicant",
        "code": "invoice",
    }
    upload |= {"name": "factuur.pdf", "size": 3, "arrived": 3, "state": "kept", "stored": "x", "began_at": NOW}
    await put(house.engine, tables.Receipt, receipt | {"rehearsed": False})
    await put(house.engine, tables.DossierRow, row | {"received_at": NOW, "phase": "", "updated_at": NOW})
    await put(house.engine, tables.Upload, upload | {"handed_in_at": NOW})
    await put(house.engine, tables.TaskRow, task(1))
    return OURS


def stranger(right: Right) -> Visitor:
    """Somebody whom the route is for, of another fund, enterprise or dossier."""
    party = sorted(right.parties)[0]
    told: dict[str, Any] = {"enterprises": (JANSSENS,), "dossiers": ("LIM-2026-P-000009",), "agency": "Randstad"}
    if party is Party.STAFF:
        told = {"funds": (Fund.LIMBURG,), "roles": right.roles}
    return Visitor(session="", csrf="", person="stranger", name="N", party=party, **told)


@pytest.mark.parametrize(("path", "right"), OF_A_DOSSIER)
async def test_a_dossier_of_others_is_not_there(sign_in: Any, dossier: str, path: str, right: Right) -> None:
    """By its number, on every page of a dossier: the answer is that to a number that nobody has."""
    reader = await sign_in(stranger(right))
    with capture_logs() as told:
        answers = []
        for number in (dossier, "ANT-2026-S-999999"):
            page = await reader.get(re.sub(r"\{[^}]*\}", "1", path.replace("{number}", number)))
            answers.append((page.status, page.html.replace(number, "NUMBER")))
    assert answers[0] == answers[1]
    assert answers[0][0] == 404
    assert [one["reason"] for one in told if one["event"] == "turned_away"] == ["nothing_here"] * 2


@pytest.mark.parametrize("address", ["/documenten/{}", "/documenten/{}/inzien", "/documenten/{}/stand"])
@pytest.mark.parametrize("who", ["another employer", "another fund"])
async def test_a_document_of_others_is_not_there(
    sign_in: Any, dossier: str, staff: Any, address: str, who: str
) -> None:
    other = Visitor(session="", csrf="", person="x", name="N", party=Party.APPLICANT, enterprises=(JANSSENS,))
    reader = await sign_in(other if who == "another employer" else staff("LIM-handler-1"))
    with capture_logs() as told:
        page = await reader.get(address.format("u" * 32))
    assert page.status in (403, 404)
    assert "factuur" not in page.html
    assert dossier not in page.html
    assert [one for one in told if one["event"] == "turned_away"]


BEYOND = ("0001-01-01", "1899-12-31", "2101-01-01", "9999-12-31", "31/12/2026")
DATED = [
    pytest.param(path, name, id=f"{path}?{name}")
    for path, name in asked_days()
    if not path.startswith(("/api/", "/uitkomsten"))
]


@pytest.mark.parametrize(("path", "name"), DATED)
async def test_a_day_that_nobody_means_is_refused_in_an_address(
    sign_in: Any, staff: Any, dossier: str, path: str, name: str
) -> None:
    """The first and the last day of all calendars have no hours around them; whoever asks for them is told no."""
    visitor = staff("ANT-handler-1", *Role)
    if path.startswith("/bureau/"):
        visitor = visitor.model_copy(update={"party": Party.AGENCY, "agency": "RiseSmart", "funds": ()})
    reader = await sign_in(visitor)
    address = path.replace("{number}", dossier).replace("{instrument}", "outplacement").replace("{agency}", "RiseSmart")
    for day in BEYOND:
        assert (await reader.get(f"{address}?{name}={day}")).status == 422, day
    for day in ("", "1900-01-01", "2100-12-31"):
        assert (await reader.get(f"{address}?{name}={day}")).status in (200, 404), day


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/geld/betalingen", {"fund": "ANT", "day": "{day}"}),
        ("/nazicht/{number}/keten", {"op": "{day}"}),
        ("/vergadering/plannen", {"day": "{day}"}),
        (
            "/beheer/afwezigheden",
            {"away": "x", "substitute": "y", "starts_on": "{day}", "ends_on": "{day}"},
        ),
        ("/afwezigheid", {"vervanger": "ANT-handler-2", "van": "{day}", "tot": "{day}"}),
        ("/taak/ANT-2026-S-000001/review/1/rusten", {"tot": "{day}"}),
        ("/taak/ANT-2026-S-000001/review/1/opvolgen", {"op": "{day}"}),
    ],
)
async def test_a_day_that_nobody_means_is_refused_in_a_form(
    sign_in: Any, staff: Any, dossier: str, path: str, fields: dict[str, str]
) -> None:
    reader = await sign_in(staff("ANT-handler-1", *Role))
    await reader.get("/werklijst")
    token = {"csrf": reader.page.form("/afmelden")["csrf"]}
    for day in BEYOND:
        typed = {name: value.format(day=day) for name, value in fields.items()}
        answer = await reader.client.post(path.replace("{number}", dossier), data=typed | token)
        assert answer.status_code == 422, day


async def test_a_form_sent_twice_counts_once(sign_in: Any, staff: Any, house: House, dossier: str) -> None:
    reader = await sign_in(staff())
    await reader.get("/werklijst")
    form = {"taak": task(1)["task"], "csrf": reader.page.form("/afmelden")["csrf"]}
    first, second = [await reader.client.post("/werklijst/nemen", data=form) for _ in range(2)]
    assert first.status_code == 303
    assert second.status_code < 500
    async with house.engine.connect() as connection:
        holds = await connection.execute(text("SELECT person FROM task_hold"))
        assert list(holds.scalars()) == ["ANT-handler-1"]
        told = await connection.execute(text("SELECT count(*) FROM hand_event WHERE dossier = :one"), {"one": dossier})
        assert told.scalar_one() <= 1


async def test_a_form_of_another_site_is_refused_and_told(sign_in: Any, staff: Any) -> None:
    reader = await sign_in(staff())
    await reader.get("/werklijst")
    form = {"csrf": reader.page.form("/afmelden")["csrf"]}
    with capture_logs() as told:
        for headers in ({"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "http://x.y"}):
            answer = await reader.client.post("/afmelden", data=form, headers=headers)
            assert answer.status_code == 422
    assert [one["reason"] for one in told if one["event"] == "turned_away"] == ["cross_site"] * 3
    assert (await reader.get("/werklijst")).address == "/werklijst"


async def test_a_guessed_token_of_any_sort_is_refused(sign_in: Any, staff: Any) -> None:
    reader = await sign_in(staff())
    for token in ("", "é", "x" * 10_000):
        answer = await reader.client.post("/afmelden", data={"csrf": token})
        assert answer.status_code == 422


async def test_a_page_for_others_is_refused_in_words_and_told(sign_in: Any, employer: Any) -> None:
    reader = await sign_in(employer())
    with capture_logs() as told:
        page = await reader.get("/werklijst")
    assert page.status == 403
    assert "Deze bladzijde is voor: " in page.text
    assert [one["reason"] for one in told if one["event"] == "turned_away"] == ["not_allowed"]


async def test_ten_thousand_attempts_let_nobody_in_and_are_stopped_after_a_few(sign_in: Any, house: House) -> None:
    reader = await sign_in()
    client, guesses = reader.client, iter(range(10_000))
    answers: Counter[int] = Counter()

    async def guess() -> None:
        for number in guesses:
            answers[(await client.post(f"/link/{number:043d}")).status_code] += 1

    with capture_logs() as told:
        await asyncio.gather(*(guess() for _ in range(4)))
    allowed = limits.LINKS_TRIED.times
    assert answers == {303: allowed, 429: 10_000 - allowed}
    assert await house.sessions.visitor(client.cookies.get("doorstroom") or "") is None
    assert len([one for one in told if one["event"] in ("turned_away", "sign_in")]) == 10_000
    async with house.engine.connect() as connection:
        found = await connection.execute(text("SELECT outcome, count(*) FROM sign_in GROUP BY outcome"))
        rows = {str(outcome): int(times) for outcome, times in found}
    assert rows == {"refused": allowed, "too_often": 1}, "the books tell of the flood and do not swell with it"


async def test_who_tried_too_often_is_told_when_it_may_be_tried_again(sign_in: Any, house: House) -> None:
    reader = await sign_in()
    for _ in range(limits.LINKS_TRIED.times + 1):
        answer = await reader.client.post("/link/guess")
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "600"
    assert "Wacht 10 minuten" in answer.text
    async with house.engine.begin() as connection:
        await connection.execute(text("UPDATE attempts SET began_at = now() - interval '11 minutes'"))
    await asyncio.sleep(limits.BELIEVED)
    assert (await reader.client.post("/link/guess")).status_code == 303
    await limits.forget(house.engine)


async def test_who_looks_into_a_dossier_of_others_is_written_down_on_whatever_page(
    sign_in: Any, dossier: str, house: House
) -> None:
    told = {"session": "", "csrf": "", "name": "N", "dossiers": (dossier,)}
    for party in (Party.EXPERT, Party.APPLICANT):
        reader = await sign_in(Visitor.model_validate(told | {"person": f"{party}-1", "party": party}))
        for address in (f"/mijn-dossiers/{dossier}", "/mijn-dossiers/ANT-2026-S-999999", "/mijn-dossiers"):
            await reader.get(address)
    async with house.engine.connect() as connection:
        rows = await connection.execute(text("SELECT person, party, dossier, what FROM sensitive_read"))
        assert [tuple(row) for row in rows] == [("expert-1", "expert", dossier, "page")]
