"""The post: a letter waits until somebody says that it is gone, may be taken back, and may come back."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import asyncpg
import pytest
from pypdf import PdfReader

from activities.post_room import PostRoom
from activities.sending import MailServer
from database import lean_pool
from models.messages.words import Fund, Language, Role
from portal.app import make_app
from portal.house import House
from portal.serving import served
from reading import post as reading
from schemes.reaching import mark_of
from tests.portal.browsing import chromium, window
from tests.portal.conftest import ORIGIN, SignIn, staff

TRAJECTORY = "{fund}-2024-T-00000{n}"
PEOPLE = (
    ("ANT", 1, "سميرة العمراني", "ar", "Turnhoutsebaan 12 bus 3", "2140", "Borgerhout"),
    ("ANT", 2, "Ayşe Yılmaz", "tr", "Provinciestraat 7", "2018", "Antwerpen"),
    ("LIM", 3, "Jan Claes", "nl", "Dorpsstraat 1", "3500", "Hasselt"),
)
AT_TEN = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
INTAKE = staff("ANT-intake-1")


@pytest.fixture
async def pool(database_urls: Any) -> Any:
    async with await lean_pool(database_urls.app, size=4) as connections:
        yield connections


async def put(pool: asyncpg.Pool, table: str, **columns: Any) -> None:
    names = ", ".join(f'"{name}"' for name in columns)
    places = ", ".join(f"${place}" for place in range(1, len(columns) + 1))
    await pool.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", *columns.values())


@pytest.fixture
async def letters(pool: asyncpg.Pool) -> asyncpg.Pool:
    """Three people who asked for letters, and the post room that made them: two of Antwerp, one of Limburg."""
    for fund, n, name, language, street, postcode, municipality in PEOPLE:
        number = TRAJECTORY.format(fund=fund, n=n)
        same: dict[str, Any] = {"fund": fund, "kind": "trajectory", "instrument": "trajectory", "received_at": AT_TEN}
        dossier: dict[str, Any] = {
            "policy": "2023-01-01",
            "rehearsed": False,
            "phase": "follow_up",
            "granted": 0,
            "paid": 0,
        }
        await put(
            pool, "dossier", number=number, **same, **dossier, recovered=0, sequence=1, head="", updated_at=AT_TEN
        )
        receipt: dict[str, Any] = {
            "idempotency_key": number,
            "reference": "",
            "facts": "{}",
            "typed": "{}",
            "rehearsed": False,
        }
        await put(pool, "receipt", number=number, **same, **receipt, enterprise_number="0417497106", opens_at=AT_TEN)
        where = {"street": street, "postcode": postcode, "municipality": municipality, "channel": "letter"}
        await put(pool, "contact", dossier=number, party="participant", name=name, language=language, **where)
        effect: dict[str, Any] = {"template": "trajectory_follow_up", "occasion": "follow_up/1", "party": "participant"}
        effect |= {"values": json.dumps({"months": "3", "until": "2025-03-17"}), "dated": date(2025, 3, 3)}
        effect |= {"state": "planned", "attempts": 0, "not_before": AT_TEN, "planned_at": AT_TEN}
        await put(pool, "effect", effect=f"{number}/mail/trajectory_follow_up/1", dossier=number, **effect)
    server = MailServer("127.0.0.1", 9, "post@fonds.example", portal="https://portaal.example")
    await PostRoom(pool, server, "post", now=lambda: AT_TEN).deliver_planned()
    return pool


async def states(pool: asyncpg.Pool) -> dict[str, str]:
    rows = await pool.fetch("SELECT dossier, state FROM effect ORDER BY dossier")
    return {row["dossier"]: row["state"] for row in rows}


async def ask(pool: asyncpg.Pool, number: str, state: str) -> None:
    """The question that the letters are about."""
    asked: dict[str, Any] = {"code": "follow_up", "party": "participant", "wants": [], "until": date(2025, 3, 17)}
    asked |= {"derivation": "", "silence": "", "stops_clock": False, "reminders": 0, "opened_at": AT_TEN}
    await put(pool, "request", request=f"{number}/follow_up/1", dossier=number, state=state, **asked)


async def withdraw(pool: asyncpg.Pool, number: str) -> None:
    """The story takes back whatever goes to the person."""
    gone = json.dumps({"party": "participant", "because": "deceased", "occasion": None})
    event: dict[str, Any] = {"type": "mails_withdrawn", "at": AT_TEN, "recorded_at": datetime.now(UTC), "by": "system"}
    await put(pool, "event", dossier=number, sequence=2, data=gone, previous="", hash="h", **event)


FIRST, SECOND, OTHER = (TRAJECTORY.format(fund=one[0], n=one[1]) for one in PEOPLE)


async def test_a_letter_waits_with_its_address_and_a_code_and_another_fund_sees_none_of_it(
    letters: asyncpg.Pool, sign_in: SignIn
) -> None:
    assert await states(letters) == dict.fromkeys((FIRST, SECOND, OTHER), "to_print")
    assert await letters.fetchval("SELECT count(*) FROM answer_link WHERE paper IS NOT NULL") == 3
    page = await (await sign_in(INTAKE)).get("/post")
    assert "Af te drukken 2" in page.text
    assert "سميرة العمراني Turnhoutsebaan 12 bus 3, 2140 Borgerhout" in page.text
    assert OTHER not in page.html
    assert "Jan Claes" not in page.html


@pytest.mark.parametrize(("address", "pages"), [("/post/afdrukken", 2), ("/post/afdrukken?dubbelzijdig=1", 4)])
async def test_all_that_waits_comes_as_one_file(
    letters: asyncpg.Pool, sign_in: SignIn, address: str, pages: int
) -> None:
    answer = (await (await sign_in(INTAKE)).get(address)).response
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "private, no-store"
    found = PdfReader(BytesIO(answer.content)).pages
    assert len(found) == pages
    said = " ".join(page.extract_text() for page in found)
    assert FIRST in said
    assert SECOND in said
    assert OTHER not in said
    assert await states(letters) == dict.fromkeys((FIRST, SECOND, OTHER), "to_print"), "looking changes nothing"


async def test_what_was_posted_leaves_the_list_and_comes_back_to_it_by_one_button(
    letters: asyncpg.Pool, sign_in: SignIn
) -> None:
    reader = await sign_in(INTAKE)
    await reader.get("/post")
    page = await reader.submit("/post/verstuurd", brief=f"{FIRST}/mail/trajectory_follow_up/1")
    assert "1 brief is als verstuurd genoteerd." in page.text
    assert "Af te drukken 1" in page.text
    assert (await states(letters))[FIRST] == "posted"
    assert await letters.fetchval("SELECT posted_by FROM effect WHERE dossier = $1", FIRST) == "ANT-intake-1"
    undo = next(form["action"] for form in page.reader.forms if form["action"].startswith("/post/terug/"))
    page = await reader.submit(undo)
    assert "De brieven wachten weer." in page.text
    assert (await states(letters))[FIRST] == "to_print"
    page = await reader.submit("/post/verstuurd", brief=f"{OTHER}/mail/trajectory_follow_up/1")
    assert page.status == 422
    assert "Geen van deze brieven wacht nog." in page.text
    assert (await states(letters))[OTHER] == "to_print", "of another fund"


async def test_a_letter_that_nobody_wants_any_more_does_not_wait_again_when_it_was_not_posted_after_all(
    letters: asyncpg.Pool, sign_in: SignIn
) -> None:
    reader = await sign_in(INTAKE.model_copy(update={"funds": (Fund.ANTWERPEN, Fund.LIMBURG)}))
    await reader.get("/post")
    numbers = (FIRST, SECOND, OTHER)
    for number in numbers:
        await ask(letters, number, "open")
    page = await reader.submit("/post/verstuurd", brief=[f"{number}/mail/trajectory_follow_up/1" for number in numbers])
    undo = next(form["action"] for form in page.reader.forms if form["action"].startswith("/post/terug/"))
    await letters.execute("UPDATE request SET state = 'answered' WHERE dossier = $1", FIRST)
    await withdraw(letters, SECOND)
    assert "De brieven wachten weer." in (await reader.submit(undo)).text
    assert await states(letters) == {FIRST: "withdrawn", SECOND: "withdrawn", OTHER: "to_print"}


async def test_only_who_posted_takes_it_back_and_once(letters: asyncpg.Pool, sign_in: SignIn) -> None:
    reader = await sign_in(INTAKE)
    await reader.get("/post")
    page = await reader.submit("/post/verstuurd", brief=f"{FIRST}/mail/trajectory_follow_up/1")
    undo = next(form["action"] for form in page.reader.forms if form["action"].startswith("/post/terug/"))
    other = await sign_in(staff("ANT-intake-2"))
    typed = (await other.get("/post")).form("/post/verstuurd")
    answer = await other.client.post(undo, data=typed, headers={"origin": ORIGIN, "sec-fetch-site": "same-origin"})
    assert answer.status_code == 422
    assert (await states(letters))[FIRST] == "posted"


async def test_a_letter_that_came_back_tells_the_dossier_that_nobody_lives_there(
    letters: asyncpg.Pool, sign_in: SignIn
) -> None:
    await letters.execute("UPDATE contact SET phone = '0470123456' WHERE dossier = $1", FIRST)
    reader = await sign_in(INTAKE)
    await reader.get("/post")
    await reader.submit("/post/verstuurd", brief=f"{FIRST}/mail/trajectory_follow_up/1")
    page = await reader.submit("/post/onbestelbaar", brief=f"{FIRST}/mail/trajectory_follow_up/1")
    assert "Genoteerd: dit adres klopt niet meer." in page.text
    assert (await states(letters))[FIRST] == "bounced"  # this house has no provider of text messages
    assert await letters.fetchval("SELECT address_failed_at IS NOT NULL FROM contact WHERE dossier = $1", FIRST)
    command = json.loads(await letters.fetchval("SELECT command FROM pending_command WHERE dossier = $1", FIRST))
    assert (command["fact"], command["values"]) == ("channel_failed", {"channel": "letter", "left": ""})


async def test_a_mail_that_came_back_is_told_until_the_address_is_put_right(
    letters: asyncpg.Pool, sign_in: SignIn
) -> None:
    about = {"effect": f"{FIRST}/mail/trajectory_follow_up/1", "dossier": FIRST, "fund": "ANT"}
    await put(letters, "returned_mail", digest="d", sort="hard", status="5.1.1", received_at=AT_TEN, **about)
    await letters.execute(
        "UPDATE contact SET email = 's@weg.example', email_failed_at = now() WHERE dossier = $1", FIRST
    )
    reader = await sign_in(INTAKE)
    assert "s@weg.example" in (await reader.get("/post")).text
    await letters.execute("UPDATE contact SET email_failed_at = NULL WHERE dossier = $1", FIRST)
    assert "s@weg.example" not in (await reader.get("/post")).text


@pytest.mark.usefixtures("letters")
async def test_nobody_else_opens_the_post(sign_in: SignIn) -> None:
    for visitor in (staff("ANT-handler-1"), staff("ANT-auditor-1")):
        assert (await (await sign_in(visitor)).get("/post")).status == 403
    empty = await (await sign_in(staff("BRA-intake-1"))).get("/post")
    assert "Er wacht geen brief." in empty.text
    assert (await (await sign_in(staff("BRA-team_lead-1", Role.TEAM_LEAD))).get("/post/afdrukken")).status == 404


async def doubt(pool: asyncpg.Pool, number: str, channel: str = "email") -> str:
    """The message of a dossier fell out of the hand of its sender."""
    effect = f"{number}/mail/trajectory_follow_up/1"
    await pool.execute(
        "UPDATE effect SET state = 'unknown', channel = $3, recipient = 'digest', claimed_at = $2, claimed_by = 'w', "
        "leaves_on = $4, left_at = $2 WHERE effect = $1",
        effect,
        AT_TEN,
        channel,
        AT_TEN.date(),
    )
    return effect


async def test_what_may_have_left_waits_for_a_person_who_looks_and_is_settled_once(
    letters: asyncpg.Pool, sign_in: SignIn
) -> None:
    mail, text, other = await doubt(letters, FIRST), await doubt(letters, SECOND, "sms"), await doubt(letters, OTHER)
    reader = await sign_in(INTAKE)
    page = await reader.get("/post")
    assert "Vertrok dit bericht? 2" in page.text
    assert mark_of(mail) in page.text
    assert mark_of(text, "digest") in page.text
    assert mark_of(other) not in page.text

    page = await reader.submit("/post/twijfel", bericht=mail, aangekomen="true")
    assert "Genoteerd: het bericht is aangekomen." in page.text
    page = await reader.submit("/post/twijfel", bericht=text, aangekomen="false")
    assert "Genoteerd: het bericht vertrekt opnieuw." in page.text
    assert "Vertrok dit bericht?" not in page.text
    assert await states(letters) == {FIRST: "sent", SECOND: "planned", OTHER: "unknown"}
    again = await letters.fetchrow("SELECT * FROM effect WHERE effect = $1", text)
    assert again is not None
    assert (again["channel"], again["leaves_on"], again["claimed_by"]) == (None, None, None)
    assert again["problem"] == "decided by ANT-intake-1"


async def test_the_work_list_tells_whom_it_concerns_that_post_waits(letters: asyncpg.Pool, sign_in: SignIn) -> None:
    await doubt(letters, FIRST)
    page = await (await sign_in(INTAKE)).get("/werklijst")
    assert "In de post: 1 brief om af te drukken, 1 bericht waarvan niemand weet of het vertrok" in page.text
    both = INTAKE.model_copy(update={"funds": (Fund.ANTWERPEN, Fund.LIMBURG), "language": Language.FRENCH})
    page = await (await sign_in(both)).get("/werklijst")
    assert "2 lettres à imprimer, 1 message dont personne ne sait" in page.text
    assert "In de post" not in (await (await sign_in(staff("ANT-handler-1"))).get("/werklijst")).text
    assert "In de post" not in (await (await sign_in(staff("BRA-intake-1"))).get("/werklijst")).text


async def test_what_waits_is_counted_by_an_index(letters: asyncpg.Pool, database_urls: Any) -> None:
    """Behind thousands of letters that were posted."""
    own = "'state', 'posted', 'person', null, 'effect', n::text, 'letter', n::text, 'content', ''"
    owner = await asyncpg.connect(database_urls.owner.replace("+asyncpg", ""))
    for table in ("effect", "letter"):
        await owner.execute(f"""
            ALTER TABLE {table} DISABLE TRIGGER USER;
            INSERT INTO {table} SELECT (jsonb_populate_record(whole, jsonb_build_object({own}))).*
            FROM {table} AS whole, generate_series(1, 20000) AS n WHERE dossier = '{FIRST}';
            ALTER TABLE {table} ENABLE TRIGGER USER
        """)
        await owner.execute(f"VACUUM ANALYZE {table}")
    await owner.close()
    for query in (reading._COUNT, reading._DOUBTS):
        plan = await letters.fetchval(f"EXPLAIN (FORMAT JSON) {query.replace(':funds', '$1')}", ["ANT"])
        assert re.search(r'"Index Name": "effect_(by_hand|unsettled)"', plan), plan
        assert '"Seq Scan"' not in plan


async def test_a_colleague_who_was_first_or_another_fund_decided_nothing_twice(
    letters: asyncpg.Pool, sign_in: SignIn
) -> None:
    mail, other = await doubt(letters, FIRST), await doubt(letters, OTHER)
    reader = await sign_in(INTAKE)
    await reader.get("/post")
    await reader.submit("/post/twijfel", bericht=mail, aangekomen="true")
    await doubt(letters, SECOND)
    await reader.get("/post")
    for effect in (mail, other):
        page = await reader.submit("/post/twijfel", bericht=effect, aangekomen="false")
        assert page.status == 422
        assert "niets te beslissen" in page.text
    assert await states(letters) == {FIRST: "sent", SECOND: "unknown", OTHER: "unknown"}


@pytest.mark.parametrize("meanwhile", ["answered", "withdrawn"])
async def test_what_nobody_asks_any_more_does_not_leave_again(
    letters: asyncpg.Pool, sign_in: SignIn, meanwhile: str
) -> None:
    mail = await doubt(letters, FIRST)
    if meanwhile == "answered":
        await ask(letters, FIRST, "answered")
    else:
        await withdraw(letters, FIRST)
    reader = await sign_in(INTAKE)
    await reader.get("/post")
    page = await reader.submit("/post/twijfel", bericht=mail, aangekomen="false")
    assert "Het bericht is niet meer nodig" in page.text
    assert (await states(letters))[FIRST] == "withdrawn"


async def test_the_page_is_read_by_everybody_at_every_width(letters: asyncpg.Pool, house: House) -> None:
    await letters.execute(
        "UPDATE effect SET state = 'posted', posted_at = $1, posted_by = 'ANT-intake-1' WHERE dossier = $2",
        AT_TEN + timedelta(hours=2),
        SECOND,
    )
    await doubt(letters, FIRST)
    async with (
        chromium() as browser,
        served(make_app(house)) as address,
        window(browser, house, address, INTAKE) as opened,
    ):
        await opened.go("/post")
        assert await opened.barriers() == []
