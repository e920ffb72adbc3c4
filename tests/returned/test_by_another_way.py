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
from returned_mail.deliveries import ask_after
from returned_mail.taking_in import take_in
from schemes.reaching import Channel
from tests.returned import shapes
from tests.returned.shapes import filled
from tests.returned.test_taking_in import AYSE, NUMBER, put

AT_TEN = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
EFFECT = f"{NUMBER}/mail/trajectory_follow_up/follow_up/1"
PORTAL = "https://portaal.example"


@pytest.fixture
async def pool(database_urls: Any) -> Any:
    async with await lean_pool(database_urls.app, size=4) as connections:
        yield connections


def key_of(mail: EmailMessage) -> str:
    return str(mail["Message-ID"]).strip("<>").split("@")[0]


async def test_a_mail_that_comes_back_becomes_a_text_and_then_a_letter(
    engine: AsyncEngine, pool: Any, mailbox: EmbeddedMail, tmp_path: Path
) -> None:
    now = {"not_before": AT_TEN, "planned_at": AT_TEN}
    at_home = {"street": "Turnhoutsebaan 12", "postcode": "2140", "municipality": "Borgerhout"}
    await put(pool, "contact", dossier=NUMBER, party="participant", **AYSE, **at_home)
    same: dict[str, Any] = {"fund": "ANT", "kind": "trajectory", "instrument": "trajectory", "received_at": AT_TEN}
    told: dict[str, Any] = {"idempotency_key": "once", "reference": "", "facts": "{}", "typed": "{}"}
    told |= {"rehearsed": False, "enterprise_number": "0417497106", "opens_at": AT_TEN}
    await put(pool, "receipt", number=NUMBER, **same, **told)
    open_: dict[str, Any] = {"policy": "2023-01-01", "rehearsed": False, "phase": "follow_up", "granted": 0, "paid": 0}
    await put(pool, "dossier", number=NUMBER, **same, **open_, recovered=0, sequence=1, head="", updated_at=AT_TEN)
    effect: dict[str, Any] = {"template": "trajectory_follow_up", "occasion": "follow_up/1", "party": "participant"}
    effect |= {"values": json.dumps({"months": "3"}), "dated": AT_TEN.date(), "state": "planned", "attempts": 0}
    await put(pool, "effect", effect=EFFECT, dossier=NUMBER, **effect, **now)
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
