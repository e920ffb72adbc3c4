"""A number that is put right while a text is on its way to the old one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from activities.carriers import Addressee
from activities.post_room import PostRoom
from activities.sending import MailServer
from activities.texting import Texting, TextServer
from database import lean_pool
from embedded import EmbeddedTexts
from embedded.refusals import free_port
from models.messages.words import Language
from returned_mail.deliveries import ask_after
from schemes.reaching import Channel, mark_of
from tests.returned.test_by_another_way import AT_TEN
from tests.returned.test_taking_in import AYSE, EFFECT, told

EVERY = tuple(Channel)


@pytest.fixture
async def pool(database_urls: Any) -> Any:
    async with await lean_pool(database_urls.app, size=4) as connections:
        yield connections


async def test_what_failed_on_the_old_number_is_sent_to_the_new_one_which_is_not_blamed(
    engine: AsyncEngine, pool: asyncpg.Pool, tmp_path: Path
) -> None:
    await told(pool, channel="sms")
    async with EmbeddedTexts(tmp_path) as texts:
        texting = Texting(pool, TextServer(texts.url, texts.token, "Doorstroom"))
        old = Addressee("Ayse", Language.TURKISH, (AYSE["phone"],), Channel.SMS)
        reference = mark_of(EFFECT, old.digest)
        texts.keep({"to": "+32470123456", "from": "Doorstroom", "text": "...", "reference": reference})
        texts.tell(reference, "failed")
        await pool.execute("UPDATE contact SET phone = '0471987654', channel = 'sms'")

        assert await ask_after(engine, texting.status, EVERY) == 1
        await pool.execute("UPDATE effect SET not_before = $1", AT_TEN)
        server = MailServer("127.0.0.1", free_port(), "post@fonds.example")
        room = PostRoom(pool, server, "room", carriers={Channel.SMS: texting}, now=lambda: AT_TEN)
        assert await room.deliver_planned() == 1
        assert [text["to"] for text in texts.messages()] == ["+32470123456", "+32471987654"]

        await pool.execute("UPDATE effect SET ended_at = now()")
        assert await ask_after(engine, texting.status, EVERY, again=timedelta(0)) == 1

    assert await pool.fetchval("SELECT state = 'sent' AND delivered_at IS NOT NULL FROM effect")
    assert await pool.fetchval("SELECT phone_failed_at IS NULL FROM contact")


async def test_what_is_heard_of_a_message_that_went_elsewhere_meanwhile_changes_nothing(
    engine: AsyncEngine, pool: asyncpg.Pool
) -> None:
    await told(pool, channel="sms")

    async def ask(effect: Mapping[str, Any]) -> str:
        await pool.execute("UPDATE effect SET recipient = 'another' WHERE effect = $1", effect["effect"])
        return "failed"

    assert await ask_after(engine, ask, EVERY) == 0

    assert await pool.fetchval("SELECT state FROM effect") == "sent"
    assert await pool.fetchval("SELECT phone_failed_at IS NULL FROM contact")
