"""The receiver of text messages: kept whole before the sender hears of it, once for one reference."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from embedded import EmbeddedRefusal, EmbeddedTexts
from embedded.sms import Mood

MESSAGE = {"to": "+32470123456", "from": "Doorstroom", "text": "كيف حالكم؟", "reference": "a1b2"}


@pytest.fixture
async def texts(directory: Path) -> AsyncIterator[EmbeddedTexts]:
    async with EmbeddedTexts(directory) as receiver:
        yield receiver


async def post(texts: EmbeddedTexts, message: Any = MESSAGE, token: str | None = None, patience: float = 5) -> int:
    head = {"Authorization": f"Bearer {token or texts.token}"}
    async with httpx.AsyncClient(headers=head, timeout=patience, trust_env=False) as sender:
        return (await sender.post(texts.url, json=message)).status_code


async def test_a_text_is_kept_as_it_came(texts: EmbeddedTexts) -> None:
    assert await post(texts) == 202
    (kept,) = texts.messages()
    assert {name: kept[name] for name in MESSAGE} == MESSAGE
    assert kept["status"] == "delivered"


async def test_the_same_reference_is_taken_once(texts: EmbeddedTexts) -> None:
    assert [await post(texts), await post(texts, {**MESSAGE, "text": "nog eens"})] == [202, 202]
    assert [kept["text"] for kept in texts.messages()] == ["كيف حالكم؟"]


async def test_a_stranger_is_turned_away(texts: EmbeddedTexts) -> None:
    assert await post(texts, token="somebody") == 401
    assert texts.messages() == []


@pytest.mark.parametrize(
    ("message", "status"),
    [
        ({**MESSAGE, "to": "0470 12 34 56"}, 422),
        ({**MESSAGE, "reference": "../../etc"}, 422),
        ({**MESSAGE, "text": ""}, 422),
        ({"to": "+32470123456"}, 400),
        (["+32470123456"], 400),
    ],
    ids=["a number without a country", "a reference that is a path", "no text", "half a message", "a list"],
)
async def test_what_is_no_message_is_refused(texts: EmbeddedTexts, message: Any, status: int) -> None:
    assert await post(texts, message) == status
    assert texts.messages() == []


@pytest.mark.parametrize(("mood", "status"), [(Mood.REFUSES, 422), (Mood.BUSY, 429), (Mood.BROKEN, 503)])
async def test_a_mood_is_answered(texts: EmbeddedTexts, mood: Mood, status: int) -> None:
    texts.mood = mood
    assert await post(texts) == status
    assert texts.messages() == []


@pytest.mark.parametrize(("mood", "kept"), [(Mood.SILENT, 1), (Mood.DEAF, 0)])
async def test_a_receiver_that_says_nothing_may_have_the_text_or_not(
    texts: EmbeddedTexts, mood: Mood, kept: int
) -> None:
    texts.mood = mood
    with pytest.raises(httpx.ReadTimeout):
        await post(texts, patience=0.2)
    assert len(texts.messages()) == kept


async def test_texts_stay_in_order_over_a_restart_and_tell_what_became_of_them(directory: Path) -> None:
    async with EmbeddedTexts(directory) as texts:
        for number in range(3):
            await post(texts, {**MESSAGE, "reference": f"r{number}"})
        texts.tell("r1", "failed")
        url = texts.url
        await texts.restart()
        assert texts.url == url
        async with httpx.AsyncClient(headers={"Authorization": f"Bearer {texts.token}"}, trust_env=False) as asking:
            found = (await asking.get(url, params={"reference": "r1"})).json()["messages"]
            nothing = (await asking.get(url, params={"reference": "r9"})).json()["messages"]
    assert [(one["reference"], one["status"]) for one in found] == [("r1", "failed")]
    assert nothing == []
    assert [one["reference"] for one in texts.messages()] == ["r0", "r1", "r2"]


async def test_a_taken_port_gets_a_sentence_that_names_it_and_the_setting(directory: Path, taken_port: int) -> None:
    with pytest.raises(EmbeddedRefusal, match=rf"poort {taken_port} .*DOORSTROOM_EMBEDDED_SMS_PORT=\d+"):
        await EmbeddedTexts(directory, port=taken_port).start()
