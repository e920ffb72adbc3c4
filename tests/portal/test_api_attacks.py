"""What somebody might try against the API: nothing leaks, nothing breaks, and each is answered as a problem."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from database import make_engine, transaction
from models.messages.words import Fund, Instrument
from portal.access.rights import COOKIE
from portal.access.visitor import Visitor
from portal.api.application import TOKENS_AT_ONCE, make_api
from portal.api.applications import SHAPES, form_in, typed_in
from portal.api.clients import Clients
from portal.api.examples import EXAMPLES
from portal.api.limits import Allowance
from portal.api.scopes import Scope
from portal.forms.answers import all_faults
from portal.house import House
from tests.portal.living import Living, application
from tests.portal.systems import ADDRESS, System, let_in, of_employer, of_fund

TRAINING = EXAMPLES[Instrument.FORMAL_TRAINING]


def is_problem(answer: httpx.Response, status: int, code: str) -> None:
    """A problem, and nothing of the house in it."""
    told = answer.json()
    assert (answer.status_code, told["code"], told["status"]) == (status, code, status), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert "Traceback" not in answer.text
    assert "sqlalchemy" not in answer.text


OF_ANOTHER: Mapping[str, Callable[[System, str], Any]] = {
    "read": lambda system, number: system.get(f"/dossiers/{number}"),
    "waiting": lambda system, number: system.get(f"/dossiers/{number}/waiting"),
    "timeline": lambda system, number: system.get(f"/dossiers/{number}/timeline"),
    "documents": lambda system, number: system.get(f"/dossiers/{number}/documents"),
    "payments": lambda system, number: system.get(f"/dossiers/{number}/payments"),
    "report": lambda system, number: system.post(
        f"/dossiers/{number}/reports", {"fact": "new_job", "on": "2025-01-01"}
    ),
}


async def test_what_concerns_another_is_the_same_as_what_is_not_there(
    living: Living, app: FastAPI, clients: Clients
) -> None:
    number = await living.receive(application("0403199702"))
    for told in (of_fund(Fund.LIMBURG), of_employer()):
        system = await let_in(app, clients, told)
        for name, ask in OF_ANOTHER.items():
            theirs, nobodys = await ask(system, number), await ask(system, "ANT-2031-S-999999")
            is_problem(theirs, 404, "UnknownDossier")
            assert theirs.text.replace(number, "") == nobodys.text.replace("ANT-2031-S-999999", ""), name
        page = await system.get("/dossiers", params={"fund": "ANT"})
        assert page.json()["dossiers"] == []
    employer = await let_in(app, clients, of_employer())
    is_problem(await employer.post(f"/dossiers/{number}/withdrawal", {}), 404, "UnknownDossier")
    assert await living.rows("SELECT count(*) FROM event WHERE type = 'withdrawn'") == [(0,)]


async def test_a_payment_of_another_fund_is_not_settled(living: Living, app: FastAPI, clients: Clients) -> None:
    number = await living.receive()
    await living.task(number, "payment")
    limburg = await let_in(app, clients, of_fund(Fund.LIMBURG))
    told = {"outcome": "confirmed", "reference": "x"}
    is_problem(await limburg.post(f"/dossiers/{number}/payment/1/1/settlement", told), 404, "UnknownPayment")
    assert await living.rows("SELECT state FROM payment") == [("instructed",)]


async def test_a_revoked_system_is_out_at_once(crm: System, clients: Clients) -> None:
    assert (await crm.get("/dossiers")).status_code == 200
    await clients.revoke(crm.client)
    is_problem(await crm.get("/dossiers"), 401, "NoToken")
    is_problem(await crm.sign_in(), 401, "invalid_client")


async def test_a_token_that_ended_is_no_token(house: House, crm: System) -> None:
    async with transaction(house.engine) as connection:
        await connection.execute(
            text("UPDATE api_token SET ends_at = :past"), {"past": datetime.now(UTC) - timedelta(seconds=1)}
        )
    answer = await crm.get("/dossiers")
    is_problem(answer, 401, "NoToken")
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


async def test_who_reads_the_tables_can_sign_in_with_nothing_in_them(house: House, crm: System) -> None:
    async with transaction(house.engine) as connection:
        token = await connection.scalar(text("SELECT token FROM api_token"))
        kept = await connection.scalar(text("SELECT secret FROM api_client"))
    crm.headers = {"Authorization": f"Bearer {token}"}
    is_problem(await crm.get("/dossiers"), 401, "NoToken")
    assert crm.secret not in str(kept)
    crm.secret = str(kept)
    is_problem(await crm.sign_in(), 401, "invalid_client")


TOKENS = {
    "none": {},
    "empty": {"Authorization": "Bearer "},
    "of another sort": {"Authorization": "Basic eDp5"},
    "a word": {"Authorization": "Bearer null"},
    "very long": {"Authorization": "Bearer " + "a" * 10_000},
    "of strange signs": {"Authorization": "Bearer \u00e9\u00ff"},
}


@pytest.mark.parametrize("headers", TOKENS.values(), ids=TOKENS.keys())
async def test_without_a_token_nothing_is_told(app: FastAPI, headers: dict[str, str]) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=ADDRESS) as http:
        encoded = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        is_problem(await http.get("/api/v1/dossiers", headers=encoded), 401, "NoToken")


async def test_a_session_of_the_pages_means_nothing_here(house: House, app: FastAPI, staff: Any) -> None:
    visitor: Visitor = staff()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=ADDRESS) as http:
        http.cookies.set(COOKIE, await house.sessions.open(visitor))
        is_problem(await http.get("/api/v1/dossiers"), 401, "NoToken")
        assert (await http.get("/aanmelden")).status_code == 200


async def test_a_token_does_what_it_carries_and_no_more(living: Living, crm: System) -> None:
    number = await living.receive()
    await crm.sign_in(scope="dossiers:read")
    assert (await crm.get(f"/dossiers/{number}")).status_code == 200
    for answer in (await crm.get("/tasks"), await crm.post("/applications", TRAINING)):
        is_problem(answer, 403, "MissingScope")
    is_problem(await crm.sign_in(scope="answers:write"), 403, "invalid_scope")
    is_problem(await crm.sign_in(scope="everything"), 403, "invalid_scope")


async def test_a_thousand_guesses_at_a_secret_end_with_the_first_twenty(crm: System) -> None:
    real, crm.secret = crm.secret, "guess"
    statuses = [(await crm.sign_in()).status_code for _ in range(1000)]
    assert statuses[0] == 401
    assert statuses[-1] == 429
    assert statuses.count(401) < TOKENS_AT_ONCE + 5
    crm.secret = real
    stopped = await crm.sign_in()
    is_problem(stopped, 429, "TooMany")
    assert int(stopped.headers["retry-after"]) > 0


async def test_one_system_that_asks_too_much_does_not_stop_another(house: House, clients: Clients) -> None:
    api = FastAPI()
    api.mount("/api/v1", make_api(house, allowance=Allowance(60, 5)))
    greedy, calm = await let_in(api, clients, of_fund()), await let_in(api, clients, of_fund())
    answers = [await greedy.get("/dossiers") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert (await calm.get("/dossiers")).status_code == 200


BODIES: Mapping[str, tuple[bytes, dict[str, str], int, str]] = {
    "no JSON": (b"{'a': 1", {}, 400, "Unreadable"),
    "nothing": (b"", {}, 422, "Misfit"),
    "bytes that are no text": (b'{"reason": "\xff\xfe"}', {}, 400, "Unreadable"),
    "half a sign": (b'{"reason": "\\ud800"}', {}, 422, "Misfit"),
    "a zero byte": (b'{"reason": "a\\u0000b"}', {}, 422, "Misfit"),
    "very deep": (b"[" * 100_000, {}, 400, "TooDeep"),
    "deep within": (b'{"values": ' + b'{"a": ' * 50 + b"1" + b"}" * 51, {}, 400, "TooDeep"),
    "a bomb of quotes": (b'{"a": "' + b'\\"' * 400_000, {}, 400, "Unreadable"),
    "too large": (b'{"reason": "' + b"a" * 1_100_000 + b'"}', {}, 413, "TooLarge"),
    "a form": (b"reason=x", {"content-type": "application/x-www-form-urlencoded"}, 415, "WrongForm"),
    "XML": (b"<reason/>", {"content-type": "application/xml"}, 415, "WrongForm"),
    "another script": (b"{}", {"content-type": "application/json; charset=utf-16"}, 415, "WrongForm"),
    "a huge number": (b'{"reason": ' + b"9" * 5_000 + b"}", {}, 400, "Unreadable"),
    "a list": (b"[]", {}, 422, "Misfit"),
    "no number": (b'{"reason": NaN}', {}, 422, "Misfit"),
}


@pytest.mark.parametrize(("body", "headers", "status", "code"), BODIES.values(), ids=BODIES.keys())
async def test_a_body_that_is_none_is_refused_before_it_does_anything(
    app: FastAPI, clients: Clients, body: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    system = await let_in(app, clients, of_employer())
    told = {"content-type": "application/json", "Idempotency-Key": "k"} | headers | system.headers
    answer = await system.http.post("/api/v1/dossiers/ANT-2025-S-000001/withdrawal", content=body, headers=told)
    is_problem(answer, status, code)


KEYS = {"none": None, "empty": " ", "with spaces": "a b", "too long": "k" * 101, "with a line": "a\tb"}


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS.keys())
async def test_a_command_without_a_usable_key_is_refused(crm: System, key: str | None) -> None:
    is_problem(await crm.post("/applications", TRAINING, key=key), 422, "Misfit")


ADDRESSES = {
    "a number that is none": ("/dossiers/' OR 1=1 --", 422, "Misfit"),
    "up and out": ("/dossiers/..%2f..%2fetc%2fpasswd", 404, "NotFound"),
    "a zero byte": ("/dossiers/ANT-2025-S-000001%00", 422, "Misfit"),
    "nothing there": ("/people", 404, "NotFound"),
    "an unknown question": ("/dossiers?everything=1", 422, "Misfit"),
    "a cursor of nobody": ("/dossiers?cursor=%2B%2B", 422, "Misfit"),
    "a cursor with a zero byte": ("/dossiers?cursor=AGFi", 422, "BadCursor"),
    "a cursor that is no number": ("/dossiers/{number}/timeline?cursor=YWJj", 422, "BadCursor"),
    "a cursor beyond all numbers": ("/dossiers/{number}/timeline?cursor=OTk5OTk5OTk5OTk5OTk5", 422, "BadCursor"),
    "a cursor of another list": ("/tasks?cursor=YWJj", 422, "BadCursor"),
    "too many at once": ("/dossiers?limit=100000", 422, "Misfit"),
    "a negative page": ("/dossiers?limit=-1", 422, "Misfit"),
}


async def test_an_address_that_is_none_is_refused(living: Living, crm: System) -> None:
    number = await living.receive()
    for address, status, code in ADDRESSES.values():
        is_problem(await crm.get(address.format(number=number)), status, code)


async def test_html_and_formulas_stay_text(living: Living, crm: System) -> None:
    evil = "<script>alert(1)</script>"
    sent = TRAINING | {"title": evil, "employer_name": "=HYPERLINK(1)", "theme": "'; DROP TABLE dossier; --"}
    number = (await crm.post("/applications", sent)).json()["number"]
    await living.settled(number)
    ((typed,),) = await living.rows("SELECT typed FROM receipt WHERE number = :number", number=number)
    assert evil in typed.values()
    for path in (f"/dossiers/{number}", f"/dossiers/{number}/timeline"):
        told = await crm.get(path)
        assert "script" not in told.text
        assert told.headers["content-type"] == "application/json"
        assert told.headers["x-content-type-options"] == "nosniff"


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(said=st.text(min_size=1, max_size=60), of=st.sampled_from(sorted(SHAPES)))
def test_any_text_in_any_field_is_read_or_refused(said: str, of: Instrument) -> None:
    example = EXAMPLES[of]
    for name, value in example.items():
        if not isinstance(value, str) or name == "instrument":
            continue
        try:
            told = SHAPES[of].model_validate(example | {name: said})
        except ValueError:
            continue
        assert isinstance(all_faults(form_in(told), typed_in(told), datetime.now(UTC).date()), tuple)  # type: ignore[arg-type]


async def test_a_portal_without_its_database_says_so(house: House, crm: System) -> None:
    address = house.engine.url.set(port=1)
    lost = House(
        house.settings,
        make_engine(address.render_as_string(hide_password=False)),
        house.reading,
        house.starter,
        house.sessions,
    )
    away = FastAPI()
    away.mount("/api/v1", make_api(lost))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=away), base_url=ADDRESS) as http:
        answer = await http.get("/api/v1/dossiers", headers=crm.headers)
    await lost.engine.dispose()
    is_problem(answer, 503, "Away")
    assert answer.headers["retry-after"] == "5"


def test_the_permissions_are_these_and_keep_their_names() -> None:
    assert {scope.value for scope in Scope} == {
        "dossiers:read",
        "people:read",
        "tasks:read",
        "applications:write",
        "answers:write",
        "reports:write",
        "payments:write",
    }
