"""From a mail that comes back to the text that arrives instead, over real servers."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from activities.post_room import PostRoom
from activities.sending import MailServer
from activities.texting import Texting, TextServer
from database import lean_pool
from embedded import EmbeddedMail, EmbeddedTexts
from portal.staff.posting import undeliverable
from returned_mail.deliveries import ask_after
from returned_mail.taking_in import take_in
from schemes.reaching import Channel
from tests.letters.reading import text as said
from tests.returned import shapes
from tests.returned.shapes import filled
from tests.returned.test_taking_in import AT_HOME, AYSE, NUMBER, put

AT_TEN = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
EFFECT = f"{NUMBER}/mail/trajectory_follow_up/follow_up/1"
PORTAL = "https://portaal.example"


@pytest.fixture
async def pool(database_urls: Any) -> Any:
    async with await lean_pool(database_urls.app, size=4) as connections:
        yield connections


def key_of(mail: EmailMessage) -> str:
    return str(mail["Message-ID"]).strip("<>").split("@")[0]


async def planned(pool: Any, **contact: Any) -> None:
    """A question to somebody who lives somewhere, about to leave."""
    now = {"not_before": AT_TEN, "planned_at": AT_TEN}
    await put(pool, "contact", dossier=NUMBER, party="participant", **contact)
    same: dict[str, Any] = {"fund": "ANT", "kind": "trajectory", "instrument": "trajectory", "received_at": AT_TEN}
    told: dict[str, Any] = {"idempotency_key": "once", "reference": "", "facts": "{}", "typed": "{}"}
    told |= {"rehearsed": False, "enterprise_number": "0417497106", "opens_at": AT_TEN}
    await put(pool, "receipt", number=NUMBER, **same, **told)
    open_: dict[str, Any] = {"policy": "2023-01-01", "rehearsed": False, "phase": "follow_up", "granted": 0, "paid": 0}
    await put(pool, "dossier", number=NUMBER, **same, **open_, recovered=0, sequence=1, head="", updated_at=AT_TEN)
    effect: dict[str, Any] = {"template": "trajectory_follow_up", "occasion": "follow_up/1", "party": "participant"}
    effect |= {"values": json.dumps({"months": "3"}), "dated": AT_TEN.date(), "state": "planned", "attempts": 0}
    await put(pool, "effect", effect=EFFECT, dossier=NUMBER, **effect, **now)


async def test_a_mail_that_comes_back_becomes_a_text_and_then_a_letter(
    engine: AsyncEngine, pool: Any, mailbox: EmbeddedMail, tmp_path: Path
) -> None:
    await planned(pool, **AYSE, **AT_HOME)
    async with EmbeddedTexts(tmp_path) as texts:
        texting = Texting(pool, TextServer(texts.url, texts.token, "Doorstroom", PORTAL))
        server = MailServer(mailbox.host, mailbox.port, "post@fonds.example", portal=PORTAL)
        room = PostRoom(pool, server, "room", carriers={Channel.SMS: texting}, now=lambda: AT_TEN)

        assert await room.deliver_planned() == 1
        (mail,) = mailbox.messages()
        assert mail["X-RcptTo"] == AYSE["email"]
        await pool.execute("UPDATE effect SET ended_at = now()")
        came = await take_in(engine, filled(shapes.GMAIL, key_of(mail)), "1.eml", tuple(Channel))
        assert came.effect == EFFECT
        await pool.execute("UPDATE effect SET not_before = $1", AT_TEN)
        assert await room.deliver_planned() == 1
        (text,) = texts.messages()
        assert text["to"] == "+32470123456"
        assert f"{PORTAL}/antwoord/" in text["text"]

        texts.tell(text["reference"], "failed")
        await pool.execute("UPDATE effect SET ended_at = now()")
        assert await ask_after(engine, texting.status, tuple(Channel)) == 1
        await pool.execute("UPDATE effect SET not_before = $1", AT_TEN)
        await room.deliver_planned()

    assert await pool.fetchval("SELECT state || ' ' || channel FROM effect") == "to_print letter"
    assert await pool.fetchval("SELECT count(*) FROM letter WHERE on_paper AND language = 'tr'") == 1
    commands = await pool.fetch("SELECT command -> 'values' AS values FROM pending_command ORDER BY update_id")
    assert [json.loads(one["values"]) for one in commands] == [
        {"channel": "email", "left": "sms,letter"},
        {"channel": "sms", "left": "letter"},
    ]
    assert (len(mailbox.messages()), len(texts.messages())) == (1, 1)


LIVED = {
    "ordinary": AT_HOME,
    "a small letter before a capital": {
        "street": "avenue Louise 5",
        "postcode": "59000",
        "municipality": "Lille",
        "country": "France",
    },
    "an accent": {"street": "Élisabethlaan 3", "postcode": "8400", "municipality": "Oostende"},
}
LIVES = {
    "ordinary": {"street": "Bredabaan 7", "postcode": "2170", "municipality": "Merksem"},
    "a small letter before a capital": {
        "street": "rue de l'École 9",
        "postcode": "59000",
        "municipality": "Lille",
        "country": "France",
    },
}


async def laid_ready(pool: Any, room: PostRoom) -> str:
    """What the letter says that lies ready."""
    await pool.execute("UPDATE effect SET not_before = $1 WHERE state = 'planned'", AT_TEN)
    await room.deliver_planned()
    assert await pool.fetchval("SELECT state || ' ' || channel FROM effect") == "to_print letter"
    return said(bytes(await pool.fetchval("SELECT content FROM letter")))


async def comes_back(engine: AsyncEngine, pool: Any) -> None:
    """It is posted, and the postman brings it back."""
    await pool.execute("UPDATE effect SET state = 'posted', leaves_on = NULL")
    await undeliverable(engine, EFFECT, ("ANT",), tuple(Channel))


@pytest.mark.parametrize("lives", LIVES.values(), ids=LIVES.keys())
@pytest.mark.parametrize("lived", LIVED.values(), ids=LIVED.keys())
async def test_a_letter_that_came_back_is_written_anew_to_who_moved_and_the_new_address_has_its_own_chance(
    engine: AsyncEngine, pool: Any, lived: dict[str, str], lives: dict[str, str]
) -> None:
    await planned(pool, name="Ayse", language="tr", **lived)
    room = PostRoom(pool, MailServer("127.0.0.1", 1, "post@fonds.example", portal=PORTAL), "room", now=lambda: AT_TEN)
    assert lived["street"] in await laid_ready(pool, room)

    moved = {"country": ""} | lives
    places = ", ".join(f"{name} = ${place}" for place, name in enumerate(moved, 1))
    await pool.execute(f"UPDATE contact SET {places}", *moved.values())
    await comes_back(engine, pool)
    assert await pool.fetchval("SELECT address_failed_at FROM contact") is None
    assert await pool.fetchval("SELECT count(*) FROM pending_command") == 0
    letter = await laid_ready(pool, room)
    assert lives["street"] in letter
    assert lived["street"] not in letter

    await comes_back(engine, pool)
    assert await pool.fetchval("SELECT state FROM effect") == "bounced"
    assert await pool.fetchval("SELECT address_failed_at FROM contact") is not None
    assert await pool.fetchval("SELECT count(*) FROM pending_command") == 1


@pytest.mark.parametrize("lived", LIVED.values(), ids=LIVED.keys())
async def test_a_letter_that_came_back_from_where_the_person_lives_is_told_at_once(
    engine: AsyncEngine, pool: Any, lived: dict[str, str]
) -> None:
    await planned(pool, name="Ayse", language="tr", **lived)
    room = PostRoom(pool, MailServer("127.0.0.1", 1, "post@fonds.example", portal=PORTAL), "room", now=lambda: AT_TEN)
    await laid_ready(pool, room)
    await comes_back(engine, pool)
    assert await pool.fetchval("SELECT state FROM effect") == "bounced"
    assert await pool.fetchval("SELECT address_failed_at FROM contact") is not None
