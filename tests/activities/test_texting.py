"""One text at a real receiver: what it answers decides, and no answer is ever guessed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest

from activities.carriers import Addressee, Outcome
from activities.texting import Texting, TextServer, telephone
from embedded import EmbeddedTexts, throwaway_directory
from embedded.refusals import free_port
from embedded.sms import Mood
from models.errors import Defect
from models.messages.words import Language
from schemes.reaching import Channel, mark_of

EFFECT: dict[str, Any] = {
    "effect": "ANT-2024-T-000001/mail/trajectory_follow_up/follow_up/1",
    "dossier": "ANT-2024-T-000001",
    "template": "trajectory_follow_up",
    "occasion": "follow_up/1",
    "party": "participant",
    "values": {"months": "3", "until": "2025-03-06"},
    "dated": datetime.now(UTC).date(),
    "attempts": 1,
}
AYSE = Addressee("Ayşe Yılmaz", Language.TURKISH, ("0470 12 34 56",), Channel.SMS)
WENT = {**EFFECT, "recipient": AYSE.digest}
"""As it stands in the ledger once it left."""


@pytest.fixture
async def texts() -> AsyncIterator[EmbeddedTexts]:
    with throwaway_directory() as directory:
        async with EmbeddedTexts(directory) as receiver:
            yield receiver


@pytest.fixture
def texting(pool: asyncpg.Pool, texts: EmbeddedTexts) -> Texting:
    server = TextServer(texts.url, texts.token, "Doorstroom", "https://portaal.example")
    return Texting(pool, server, patience=0.3)


async def test_a_text_goes_in_the_language_of_the_person_with_one_link(texting: Texting, texts: EmbeddedTexts) -> None:
    assert await texting.send(EFFECT, AYSE) == Outcome("sent")
    (text,) = texts.messages()
    assert (text["to"], text["from"]) == ("+32470123456", "Doorstroom")
    assert text["text"].startswith("mtech+ Antwerpen vzw: Nasılsınız?")
    assert text["text"].count("https://portaal.example/antwoord/") == 1
    assert text["reference"] == mark_of(EFFECT["effect"], AYSE.digest)
    assert await texting.status(WENT) == "delivered"


@pytest.mark.parametrize(
    ("mood", "state", "wrong", "kept"),
    [
        (Mood.REFUSES, "refused", True, 0),
        (Mood.BUSY, "planned", False, 0),
        (Mood.BROKEN, "planned", False, 0),
        (Mood.SILENT, "sent", False, 1),
        (Mood.DEAF, "unknown", False, 0),
    ],
)
async def test_what_the_provider_does_decides(
    texting: Texting, texts: EmbeddedTexts, mood: Mood, state: str, wrong: bool, kept: int
) -> None:
    texts.mood = mood
    outcome = await texting.send(EFFECT, AYSE)
    assert (outcome.state, outcome.wrong_address) == (state, wrong)
    assert (outcome.again is not None) == (state == "planned")
    assert len(texts.messages()) == kept


async def test_a_provider_that_is_away_is_tried_later(pool: asyncpg.Pool) -> None:
    away = Texting(pool, TextServer(f"http://127.0.0.1:{free_port()}/messages", None, "Doorstroom"), patience=0.3)
    outcome = await away.send(EFFECT, AYSE)
    assert outcome.state == "planned"
    assert outcome.again is not None


async def test_a_wrong_token_is_our_fault_and_not_the_number_of_a_person(
    pool: asyncpg.Pool, texts: EmbeddedTexts
) -> None:
    outcome = await Texting(pool, TextServer(texts.url, "wrong", "Doorstroom")).send(EFFECT, AYSE)
    assert (outcome.state, outcome.problem, outcome.wrong_address) == ("planned", "401", False)


async def test_a_second_attempt_at_what_the_provider_has_sends_nothing(texting: Texting, texts: EmbeddedTexts) -> None:
    await texting.send(EFFECT, AYSE)
    texts.mood = Mood.REFUSES
    assert await texting.send({**EFFECT, "attempts": 2}, AYSE) == Outcome("sent")
    assert len(texts.messages()) == 1


async def test_a_second_attempt_at_what_never_arrived_sends_it(texting: Texting, texts: EmbeddedTexts) -> None:
    texts.mood = Mood.BUSY
    await texting.send(EFFECT, AYSE)
    texts.mood = Mood.TAKES
    assert await texting.send({**EFFECT, "attempts": 2}, AYSE) == Outcome("sent")
    assert len(texts.messages()) == 1


async def test_a_second_attempt_at_another_number_is_another_message(texting: Texting, texts: EmbeddedTexts) -> None:
    """What failed on the old number says nothing of the number that was put right."""
    await texting.send(EFFECT, AYSE)
    texts.tell(texts.messages()[0]["reference"], "failed")
    moved = replace(AYSE, addresses=("0471 98 76 54",))

    assert await texting.send({**EFFECT, "attempts": 2}, moved) == Outcome("sent")

    assert [text["to"] for text in texts.messages()] == ["+32470123456", "+32471987654"]
    assert await texting.status({**EFFECT, "recipient": moved.digest}) == "delivered"
    assert await texting.status(WENT) == "failed"


async def test_a_text_that_cannot_be_made_is_a_defect_and_nobody_hears_of_it(
    texting: Texting, texts: EmbeddedTexts
) -> None:
    with pytest.raises(Defect):
        await texting.send({**EFFECT, "template": "trajectory_offer", "values": {"until": "morgen"}}, AYSE)
    assert texts.asked == 0


async def test_a_number_that_is_none_is_not_tried(texting: Texting, texts: EmbeddedTexts) -> None:
    nobody = Addressee("An", Language.DUTCH, ("onbekend",), Channel.SMS)
    outcome = await texting.send(EFFECT, nobody)
    assert (outcome.state, outcome.wrong_address) == ("refused", True)
    assert texts.asked == 0


async def test_what_nobody_heard_of_is_told_apart_from_what_nobody_tells(
    texting: Texting, texts: EmbeddedTexts
) -> None:
    assert await texting.status(WENT) == ""
    await texts.stop()
    assert await texting.status(WENT) is None


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0470 12 34 56", "+32470123456"),
        ("0400/12.34.56", "+32400123456"),
        ("+32 (0)470 12 34 56", "+32470123456"),
        ("0032 470 12 34 56", "+32470123456"),
        ("+90 532 123 45 67", "+905321234567"),
        ("+33 6 12 34 56 78", "+33612345678"),
        ("٠٤٧٠١٢٣٤٥٦", "+32470123456"),
        ("12", None),
        ("", None),
        ("geen gsm", None),
        ("+32 470 12 34 56 78 90 12", None),
    ],
)
def test_a_number_is_read_as_people_write_it(typed: str, number: str | None) -> None:
    assert telephone(typed) == number
