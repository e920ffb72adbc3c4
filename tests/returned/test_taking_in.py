"""A mail that came back: the address is noted, the dossier is told, and the message goes another way, all at once."""

from __future__ import annotations

import hashlib
import json
import os
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from activities.books import Books, Ended
from activities.carriers import Outcome
from database import lean_pool
from models.errors import Refusal
from returned_mail.deliveries import ask_after
from returned_mail.taking_in import LARGEST, look, take_in
from schemes.reaching import Channel
from tests.returned import shapes
from tests.returned.shapes import filled

NUMBER = "ANT-2024-T-000001"
EFFECT = f"{NUMBER}/mail/trajectory_follow_up/follow_up/1/participant"
EVERY = ("email", "sms", "letter")
AYSE = {"name": "Ayse", "email": "ayse@weg.example", "phone": "0470123456", "language": "tr"}
AT_HOME = {"street": "Turnhoutsebaan 12", "postcode": "2140", "municipality": "Borgerhout"}


def key_of(effect: str) -> str:
    return hashlib.sha256(effect.encode()).hexdigest()[:32]


def digest_of(address: str) -> str:
    return hashlib.sha256(address.lower().encode()).hexdigest()


@pytest.fixture
async def pool(database_urls: Any) -> Any:
    async with await lean_pool(database_urls.app, size=2) as connections:
        yield connections


async def put(pool: asyncpg.Pool, table: str, **columns: Any) -> None:
    names = ", ".join(f'"{name}"' for name in columns)
    places = ", ".join(f"${place}" for place in range(1, len(columns) + 1))
    await pool.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", *columns.values())


async def told(
    pool: asyncpg.Pool, party: str = "participant", channel: str | None = "email", kind: str = "trajectory", **of: Any
) -> None:
    """A message that left, and how its reader is reached."""
    now = datetime.now(UTC)
    contact = AYSE | of
    await put(pool, "contact", dossier=NUMBER, party=party, **contact)
    receipt: dict[str, Any] = {
        "number": NUMBER,
        "idempotency_key": "once",
        "reference": "",
        "fund": "ANT",
        "kind": kind,
    }
    receipt |= {"instrument": "trajectory", "received_at": now, "facts": "{}", "typed": "{}", "rehearsed": False}
    await put(pool, "receipt", **receipt, enterprise_number="0417497106", opens_at=now)
    address = contact["phone"] if channel == "sms" else contact["email"]
    effect: dict[str, Any] = {
        "effect": EFFECT,
        "dossier": NUMBER,
        "template": "trajectory_follow_up",
        "occasion": "follow_up/1",
    }
    effect |= {"party": party, "values": json.dumps({"months": "3"}), "dated": date(2025, 3, 3), "state": "sent"}
    effect |= {"attempts": 1, "not_before": now, "planned_at": now, "ended_at": now, "channel": channel}
    await put(pool, "effect", **effect, recipient=digest_of(address), person="p1", leaves_on=date(2025, 3, 3))


async def one(pool: asyncpg.Pool, query: str) -> dict[str, Any]:
    return dict(await pool.fetchrow(query))


MAIL = filled(shapes.POSTFIX, key_of(EFFECT))


async def test_a_mail_that_never_arrived_goes_by_the_next_way_and_the_dossier_hears_it(
    engine: AsyncEngine, pool: asyncpg.Pool
) -> None:
    await told(pool, **AT_HOME)
    came = await take_in(engine, MAIL, "a.eml", EVERY)
    assert (came.sort, came.effect, came.repeated) == ("hard", EFFECT, False)
    effect = await one(pool, "SELECT state, channel, recipient, leaves_on, problem, person FROM effect")
    assert effect == {
        "state": "planned",
        "problem": "came back: 5.1.1",
        "person": "p1",
        **dict.fromkeys(("channel", "recipient", "leaves_on")),
    }
    contact = await one(pool, "SELECT email_failed_at, phone_failed_at FROM contact")
    assert contact["email_failed_at"] is not None
    assert contact["phone_failed_at"] is None
    command = await one(pool, "SELECT dossier, name, command FROM pending_command")
    report = json.loads(command["command"])
    assert (command["dossier"], command["name"], report["fact"]) == (NUMBER, "report_fact", "channel_failed")
    assert report["values"] == {"channel": "email", "left": "sms,letter"}
    assert report["by"]["party"] == "system"


async def test_with_no_way_left_a_message_stays_bounced(engine: AsyncEngine, pool: asyncpg.Pool) -> None:
    await told(pool)
    await take_in(engine, MAIL, "a.eml", ("email", "letter"))
    assert (await one(pool, "SELECT state FROM effect"))["state"] == "bounced"
    report = json.loads((await one(pool, "SELECT command FROM pending_command"))["command"])
    assert report["values"]["left"] == ""


async def test_the_same_file_is_taken_in_once(engine: AsyncEngine, pool: asyncpg.Pool) -> None:
    await told(pool)
    await take_in(engine, MAIL, "a.eml", EVERY)
    await pool.execute("DELETE FROM pending_command")
    await pool.execute("UPDATE effect SET state = 'sent'")
    assert (await take_in(engine, MAIL, "b.eml", EVERY)).repeated
    assert await pool.fetchval("SELECT count(*) FROM pending_command") == 0
    assert (await one(pool, "SELECT state FROM effect"))["state"] == "sent"


async def test_a_mail_that_is_only_late_changes_nothing_but_a_note(engine: AsyncEngine, pool: asyncpg.Pool) -> None:
    await told(pool)
    late = filled(shapes.POSTFIX, key_of(EFFECT), action="delayed", status="4.4.1", reply="451 4.4.1 later")
    assert (await take_in(engine, late, "a.eml", EVERY)).sort == "soft"
    assert await one(pool, "SELECT state, problem FROM effect") == {"state": "sent", "problem": "delayed: 4.4.1"}
    assert (await one(pool, "SELECT email_failed_at FROM contact"))["email_failed_at"] is None
    assert await pool.fetchval("SELECT count(*) FROM pending_command") == 0


async def test_an_address_that_was_put_right_meanwhile_is_not_blamed(engine: AsyncEngine, pool: asyncpg.Pool) -> None:
    await told(pool)
    await pool.execute("UPDATE contact SET email = 'ayse@nieuw.example'")
    await take_in(engine, MAIL, "a.eml", EVERY)
    assert (await one(pool, "SELECT state FROM effect"))["state"] == "planned"
    assert (await one(pool, "SELECT email_failed_at FROM contact"))["email_failed_at"] is None
    assert await pool.fetchval("SELECT count(*) FROM pending_command") == 0


async def asked(pool: asyncpg.Pool, state: str, question: str = "follow_up/1") -> None:
    """A question to the person, as it stands now."""
    row: dict[str, Any] = {"request": f"{NUMBER}/{question}", "dossier": NUMBER, "code": question.split("/")[0]}
    row |= {"party": "participant", "wants": ["outcome"], "until": date(2025, 3, 31), "derivation": "4 weeks"}
    row |= {"silence": "asks_agency", "stops_clock": False, "state": state, "reminders": 0}
    await put(pool, "request", **row, opened_at=datetime.now(UTC))


ABOUT = {
    "the question": ("trajectory_follow_up", "follow_up/1", "follow_up/1"),
    "a reminder of it": ("trajectory_follow_up_reminder", "follow_up/1/1", "follow_up/1"),
    "the question between two phases": ("trajectory_follow_up", "status/2", "status/2"),
    "an offer": ("trajectory_offer", "answer/1", "answer/1"),
    "a wish": ("request_documents", "wish/1", "wish/1"),
    "another last day": ("deadline_moved", f"{NUMBER}/answer/1/2025-03-10", "answer/1"),
}


@pytest.mark.parametrize("state", ["open", "answered", "cancelled", "lapsed"])
@pytest.mark.parametrize(("template", "occasion", "question"), ABOUT.values(), ids=ABOUT.keys())
async def test_what_asks_a_question_that_ended_goes_no_other_way(
    engine: AsyncEngine, pool: asyncpg.Pool, template: str, occasion: str, question: str, state: str
) -> None:
    await told(pool, **AT_HOME)
    await pool.execute("UPDATE effect SET template = $1, occasion = $2", template, occasion)
    await asked(pool, state, question)
    await take_in(engine, MAIL, "a.eml", EVERY)
    effect = await one(pool, "SELECT state, problem FROM effect")
    assert effect == {"state": "planned" if state == "open" else "bounced", "problem": "came back: 5.1.1"}
    assert (await one(pool, "SELECT email_failed_at FROM contact"))["email_failed_at"] is not None
    report = json.loads((await one(pool, "SELECT command FROM pending_command"))["command"])
    assert report["values"] == {"channel": "email", "left": "sms,letter"}


async def test_a_question_that_ended_does_not_hold_back_the_tenth_of_its_kind(
    engine: AsyncEngine, pool: asyncpg.Pool
) -> None:
    await told(pool, **AT_HOME)
    await pool.execute("UPDATE effect SET occasion = 'follow_up/10'")
    await asked(pool, "answered")
    await asked(pool, "open", "follow_up/10")
    await take_in(engine, MAIL, "a.eml", EVERY)
    assert (await one(pool, "SELECT state FROM effect"))["state"] == "planned"


async def test_who_said_stop_is_not_asked_by_mail_when_the_text_turns_out_not_to_have_arrived(
    engine: AsyncEngine, pool: asyncpg.Pool
) -> None:
    await told(pool, channel="sms")
    await asked(pool, "cancelled")

    async def ask(effect: Any) -> str | None:
        return "failed" if effect["effect"] == EFFECT else None

    assert await ask_after(engine, ask, EVERY) == 1
    assert await one(pool, "SELECT state, ended_at IS NOT NULL AS over FROM effect") == {
        "state": "bounced",
        "over": True,
    }
    assert (await one(pool, "SELECT phone_failed_at FROM contact"))["phone_failed_at"] is not None


async def test_an_ended_question_is_not_asked_at_an_address_that_was_put_right_either(
    engine: AsyncEngine, pool: asyncpg.Pool
) -> None:
    await told(pool)
    await asked(pool, "answered")
    await pool.execute("UPDATE contact SET email = 'ayse@nieuw.example'")
    await take_in(engine, MAIL, "a.eml", EVERY)
    assert (await one(pool, "SELECT state FROM effect"))["state"] == "bounced"
    assert (await one(pool, "SELECT email_failed_at FROM contact"))["email_failed_at"] is None
    assert await pool.fetchval("SELECT count(*) FROM pending_command") == 0


async def test_what_comes_back_before_its_sender_could_say_that_it_left_is_not_lost(
    engine: AsyncEngine, pool: asyncpg.Pool
) -> None:
    await told(pool, **AT_HOME)
    await pool.execute("UPDATE effect SET state = 'sending', ended_at = NULL, claimed_at = now(), claimed_by = 'room'")
    await take_in(engine, MAIL, "a.eml", EVERY)
    assert (await one(pool, "SELECT state FROM effect"))["state"] == "planned"
    assert (await one(pool, "SELECT email_failed_at FROM contact"))["email_failed_at"] is not None
    (effect,) = await pool.fetch("SELECT * FROM effect")
    books = Books(pool, lambda: datetime.now(UTC), {Channel.EMAIL})
    books.note(Ended({**effect, "claimed_by": "room"}, None, Outcome("sent")))
    await books.close()
    assert (await one(pool, "SELECT state FROM effect"))["state"] == "planned"


async def test_an_employer_without_a_mail_address_that_works_is_seen_as_bounced(
    engine: AsyncEngine, pool: asyncpg.Pool
) -> None:
    await told(pool, party="applicant", kind="outplacement")
    await take_in(engine, MAIL, "a.eml", EVERY)
    assert (await one(pool, "SELECT state FROM effect"))["state"] == "bounced"
    assert (await one(pool, "SELECT email_failed_at FROM contact"))["email_failed_at"] is not None
    assert await pool.fetchval("SELECT count(*) FROM pending_command") == 0


async def test_a_message_that_was_withdrawn_stays_withdrawn(engine: AsyncEngine, pool: asyncpg.Pool) -> None:
    await told(pool)
    await pool.execute("UPDATE effect SET state = 'withdrawn'")
    await take_in(engine, MAIL, "a.eml", EVERY)
    assert (await one(pool, "SELECT state FROM effect"))["state"] == "withdrawn"


async def test_a_mail_of_another_house_is_refused_and_leaves_nothing(engine: AsyncEngine, pool: asyncpg.Pool) -> None:
    await told(pool)
    with pytest.raises(Refusal, match="geen enkele mail van dit huis"):
        await take_in(engine, filled(shapes.GMAIL, "f" * 32), "a.eml", EVERY)
    assert await pool.fetchval("SELECT count(*) FROM returned_mail") == 0


async def test_a_mail_that_is_too_large_is_refused(engine: AsyncEngine) -> None:
    with pytest.raises(Refusal, match="groter dan"):
        await take_in(engine, b"x" * (LARGEST + 1), "a.eml", EVERY)


async def test_a_folder_is_emptied_and_what_cannot_be_read_lies_aside_with_the_reason(
    engine: AsyncEngine, pool: asyncpg.Pool, tmp_path: Path
) -> None:
    await told(pool)
    inbox = tmp_path / "in"
    inbox.mkdir()
    for name, content in {
        "1.eml": MAIL,
        "2.eml": filled(shapes.AWAY, key_of(EFFECT)),
        "3.eml": b"\xff" * 100,
        "4.tmp": MAIL,
        ".5.eml": MAIL,
    }.items():
        (inbox / name).write_bytes(content)
    (inbox / "6.eml").symlink_to("/etc/hostname")
    came = await look(engine, tmp_path, EVERY, at_rest=timedelta(0))
    assert sorted((one.name, one.sort) for one in came) == [("1.eml", "hard"), ("2.eml", "ignored")]
    assert {place.name for place in inbox.iterdir()} == {"refused", "4.tmp", ".5.eml", "6.eml"}
    assert {place.name for place in (inbox / "refused").iterdir()} == {"3.eml", "3.eml.txt"}
    (inbox / "7.eml").write_bytes(MAIL)
    os.utime(inbox / "7.eml", (time.time() - 10, time.time() - 10))
    assert [one.repeated for one in await look(engine, tmp_path, EVERY)] == [True]
    assert not (inbox / "7.eml").exists()


async def test_a_file_that_is_being_written_waits(engine: AsyncEngine, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "1.eml").write_bytes(MAIL[:200])
    assert await look(engine, tmp_path, EVERY) == []
    assert (tmp_path / "in" / "1.eml").exists()


STATUSES = {
    "delivered": ("delivered", "sent", True, 0),
    "failed": ("failed", "planned", False, 1),
    "on its way": ("sent", "sent", False, 0),
    "nobody says": (None, "sent", False, 0),
}


@pytest.mark.parametrize(("status", "state", "delivered", "commands"), STATUSES.values(), ids=STATUSES.keys())
async def test_what_became_of_a_text_is_asked_and_followed(
    engine: AsyncEngine, pool: asyncpg.Pool, status: str | None, state: str, delivered: bool, commands: int
) -> None:
    await told(pool, channel="sms")

    async def ask(effect: Any) -> str | None:
        assert effect["effect"] == EFFECT
        return status

    await ask_after(engine, ask, EVERY)
    effect = await one(pool, "SELECT state, delivered_at, asked_at FROM effect")
    assert (effect["state"], effect["delivered_at"] is not None) == (state, delivered)
    assert effect["asked_at"] is not None
    failed = (await one(pool, "SELECT phone_failed_at FROM contact"))["phone_failed_at"]
    assert (failed is not None) == (status == "failed")
    assert await pool.fetchval("SELECT count(*) FROM pending_command") == commands


async def test_a_text_is_not_asked_after_again_at_once(engine: AsyncEngine, pool: asyncpg.Pool) -> None:
    await told(pool, channel="sms")
    asked = []

    async def ask(effect: Any) -> str | None:
        asked.append(effect)
        return "sent"

    for _ in range(2):
        await ask_after(engine, ask, EVERY)
    assert len(asked) == 1
    await ask_after(engine, ask, EVERY, again=timedelta(0))
    assert len(asked) == 2


async def test_a_fund_sees_what_came_back_of_its_own_mails(
    engine: AsyncEngine, portal_engine: AsyncEngine, pool: asyncpg.Pool
) -> None:
    await told(pool)
    await take_in(engine, MAIL, "a.eml", EVERY)
    for funds, seen in (("ANT,BRA", 1), ("LIM", 0), ("", 0)):
        async with portal_engine.connect() as rows:
            await rows.execute(text("SELECT set_config('doorstroom.funds', :funds, true)"), {"funds": funds})
            assert await rows.scalar(text("SELECT count(*) FROM returned_mail")) == seen
