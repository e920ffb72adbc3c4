"""The calendar of duties: text as RFC 5545 wants it, an address that is a secret, and nobody's name in it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from portal.following.icalendar import MOST_OCTETS, Day, calendar, escaped, folded
from tests.portal.living import Living

STAMP = datetime(2026, 3, 1, 8, tzinfo=UTC)


def day(summary: str) -> Day:
    return Day(
        "n/completion/1@doorstroom", date(2026, 3, 14), summary, "Anders vervalt het.", "https://x.example/", STAMP
    )


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], text)


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), max_size=300))
def test_any_text_comes_back_as_it_was_from_lines_of_75_octets(summary: str) -> None:
    text = calendar("Doorstroom", [day(summary)])
    assert all(len(line.encode()) <= MOST_OCTETS for line in text.split("\r\n"))
    line = next(line for line in unfolded(text) if line.startswith("SUMMARY:"))
    assert unescaped(line.removeprefix("SUMMARY:")) == summary


@pytest.mark.parametrize(
    ("text", "written"),
    [("a, b; c", r"a\, b\; c"), ("a\\b", r"a\\b"), ("a\r\nBEGIN:VEVENT", r"a\nBEGIN:VEVENT"), ("a\x07b", "ab")],
    ids=["marks", "backslash", "a line of its own", "a bell"],
)
def test_no_text_can_be_read_as_a_mark(text: str, written: str) -> None:
    assert escaped(text) == written


def test_a_character_of_four_octets_is_never_cut() -> None:
    assert folded("x" * 74 + "😀") == "x" * 74 + "\r\n 😀\r\n"


def test_a_day_lasts_the_whole_last_day() -> None:
    lines = unfolded(calendar("Doorstroom", [day("x")]))
    assert "DTSTART;VALUE=DATE:20260314" in lines
    assert "DTEND;VALUE=DATE:20260315" in lines
    assert "DTSTAMP:20260301T080000Z" in lines
    assert (lines[0], lines[-2:]) == ("BEGIN:VCALENDAR", ["END:VCALENDAR", ""])


@pytest.fixture
async def outlook(app: FastAPI) -> Any:
    """A calendar program: it knows an address and nothing else."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://portal.example") as client:
        yield client


def address_on(page: Any) -> str:
    found = re.search(r"/agenda/[\w-]+\.ics", page.text)
    assert found is not None
    return found[0]


async def test_an_address_shows_the_last_days_until_it_is_revoked(
    living: Living, sign_in: Any, employer: Any, outlook: Any
) -> None:
    number = await living.receive(documents=["attendance", "programme", "proof_of_payment"])
    reader = await sign_in(employer())
    await reader.get("/agenda")
    address = address_on(await reader.submit("/agenda"))

    answer = await outlook.get(address)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    lines = unfolded(answer.text)
    assert "DTSTART;VALUE=DATE:20240403" in lines
    assert f"SUMMARY:Laatste dag: de factuur ({number})" in lines
    for name in ("Petra", "Peeters", "Karolien", "Voorbeeld", "Jan"):
        assert name not in answer.text

    await living.house.starter.extend(number, f"{number}/completion/1", date(2024, 4, 20), "ANT-handler-1", "asked")
    assert "DTSTART;VALUE=DATE:20240420" in unfolded((await outlook.get(address)).text)

    await reader.get("/agenda")
    second = address_on(await reader.submit("/agenda"))
    assert (await outlook.get(address)).status_code == 404
    assert (await outlook.get(second)).status_code == 200
    await reader.get("/agenda")
    await reader.submit("/agenda/weg")
    assert (await outlook.get(second)).status_code == 404


@pytest.mark.usefixtures("living")
async def test_a_guessed_address_shows_nothing(outlook: Any) -> None:
    assert (await outlook.get("/agenda/guessed.ics")).status_code == 404


async def test_an_address_shows_only_what_is_the_holders(
    living: Living, sign_in: Any, employer: Any, outlook: Any
) -> None:
    await living.receive(documents=["attendance", "programme", "proof_of_payment"])
    reader = await sign_in(employer(enterprise="0403199702", person="employer-2"))
    await reader.get("/agenda")
    answer = await outlook.get(address_on(await reader.submit("/agenda")))
    assert "VEVENT" not in answer.text
