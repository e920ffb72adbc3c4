"""The page of what became of people, as its readers get it."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook  # type: ignore[import-untyped]
from pypdf import PdfReader
from temporalio.client import Client

import database
from models.messages.words import Language, Role
from portal.access.rights import COOKIE
from portal.access.sessions import Sessions
from portal.access.visitor import Visitor
from portal.app import make_app
from portal.house import House
from settings import Settings
from starter import Starter
from tests.figures.conftest import lived, lives
from tests.figures.lives import live, named
from tests.portal.conftest import ORIGIN, Reader, SignIn

__all__ = ["lived"]
READERS = ("ANT-board-1", "ANT-team_lead-1", "ANT-auditor-1", "ANT-handler-1")
AT_THE_END = "/uitkomsten?op=2025-12-31"


@pytest.fixture(scope="module")
async def enter(new_database: Any, temporal_client: Client) -> AsyncIterator[SignIn]:
    """Readers of one house with the small year in it: looking changes nothing."""
    async with new_database() as urls:
        engine, reading = database.make_engine(urls.app), database.make_engine(urls.portal)
        await live(engine, urls.app, *lives())
        await named(engine, e120="Gieterij De Zandvorm", e121="=HYPERLINK(1) & Zonen nv")
        settings = Settings(database_url=urls.app, _env_file=None)
        house = House(settings, engine, reading, Starter(temporal_client, engine, "figures"), Sessions(engine))
        opened: list[httpx.AsyncClient] = []

        async def entered(visitor: Visitor) -> Reader:
            client = httpx.AsyncClient(transport=httpx.ASGITransport(app=make_app(house)), base_url=ORIGIN)
            opened.append(client)
            client.cookies.set(COOKIE, await house.sessions.open(visitor))
            return Reader(client, visitor)

        yield entered
        for client in opened:
            await client.aclose()
        await engine.dispose()
        await reading.dispose()


@pytest.mark.parametrize("person", READERS)
async def test_board_team_lead_auditor_and_handler_read_it(enter: Any, staff: Any, person: str) -> None:
    page = await (await enter(staff(person))).get(AT_THE_END)
    assert page.status == 200
    assert "In 2024 zijn bij mtech+ Antwerpen vzw 22 mensen gestart met outplacement." in page.text
    assert "Op 31 december 2025 heeft 36,4 % (8) een nieuwe job." in page.text.replace("\u00a0", " ")
    assert "Van 31,8 % (7) is het niet geweten: 3 zonder antwoord, 1 zonder toestemming, 1 zonder contact, 2" in (
        page.text.replace("\u00a0", " ")
    )


@pytest.mark.parametrize("person", ["ANT-administrator-1", "ANT-intake-1", "ANT-finance-1"])
async def test_others_do_not(enter: Any, staff: Any, person: str) -> None:
    assert (await (await enter(staff(person))).get("/uitkomsten")).status == 403


async def test_an_employer_does_not(enter: Any, employer: Any) -> None:
    assert (await (await enter(employer())).get("/uitkomsten")).status == 403


async def test_another_fund_sees_nobody(enter: Any, staff: Any) -> None:
    page = await (await enter(staff("LIM-board-1"))).get(f"{AT_THE_END}&fonds=ANT&jaar=2024")
    assert "In 2024 is bij mtech+ Limburg vzw niemand gestart met outplacement." in page.text
    assert "<svg" not in page.html


async def test_a_day_of_the_past_shows_what_was_known_then(enter: Any, staff: Any) -> None:
    page = await (await enter(staff("ANT-board-1"))).get("/uitkomsten?op=2024-03-01&vergelijk=2024-02-01&jaar=2024")
    text = page.text.replace("\u00a0", " ")
    assert "Van 100,0 % (7) is het niet geweten: 7 nog te bevragen." in text
    assert "Vergeleken met 1 februari 2024" in text


@pytest.mark.parametrize(
    ("by", "labels"),
    [
        ("regime", ["faillissement", "collectief ontslag, jonger dan 45", "bijzonder, 45 en ouder"]),
        ("age", ["jonger dan 25", "25 tot 34", "35 tot 44", "45 tot 54", "55 en ouder"]),
        ("agency", ["RiseSmart", "Travvant", "SBS & <Zonen>"]),
        ("employer", ["Gieterij De Zandvorm", "=HYPERLINK(1) & Zonen nv"]),
        ("cohort", ["ANT-2024-O-000001 · "]),
        ("quarter", ["2024 Q1", "2024 Q2"]),
    ],
)
async def test_people_are_put_together_as_asked(enter: Any, staff: Any, by: str, labels: Any) -> None:
    page = await (await enter(staff("ANT-board-1"))).get(f"{AT_THE_END}&per={by}")
    assert [label for label in labels if label not in page.text] == []


@pytest.mark.parametrize("day", ["ooit", "0001-01-01", "9999-12-31"])
async def test_what_makes_no_sense_is_what_most_people_want(enter: Any, staff: Any, day: str) -> None:
    page = await (await enter(staff("ANT-board-1"))).get(f"/uitkomsten?op={day}&jaar=MM&per=x&moment=y&vergelijk=2")
    assert page.status == 200
    assert "In 2024 zijn" in page.text


async def test_small_numbers_are_hidden_for_others(enter: Any, staff: Any) -> None:
    page = await (await enter(staff("ANT-board-1"))).get(f"{AT_THE_END}&per=agency&publiek=ja")
    assert "Getallen kleiner dan 5 staan er niet" in page.text
    assert page.text.count("—") > 10


async def test_what_is_hidden_stands_nowhere_on_the_page_nor_in_its_files(enter: Any, staff: Any) -> None:
    """Of 22 people 8 found a new job (5 and 3), 2 work otherwise, 5 do something else, and of 7 it is unknown."""
    reader = await enter(staff("ANT-board-1"))
    page = await reader.get(f"{AT_THE_END}&publiek=ja")
    assert "<svg" not in page.html.split("<main", 1)[1]
    assert page.text.count("Hier staat geen grafiek: ze zou verraden wat verborgen is.") >= 3
    answer = await reader.get(f"{AT_THE_END}&publiek=ja".replace("?", "/cijfers.csv?"))
    lines = list(csv.reader(io.StringIO(answer.response.text.lstrip("\ufeff")), delimiter=";"))[2:]
    numbers = {int(part) for line in lines for part in line[3:6] if part.isdigit()}
    assert not numbers & {1, 2, 3, 4}
    document = PdfReader(
        io.BytesIO((await reader.get(f"{AT_THE_END}&publiek=ja".replace("?", "/verslag.pdf?"))).response.content)
    )
    text = " ".join(" ".join(one.extract_text() for one in document.pages).replace("\u00a0", " ").split())
    assert "Hier staat geen grafiek" in text
    assert "13,6 %" not in text


async def test_rehearsed_dossiers_are_counted_apart_and_said_so(sign_in: Any, staff: Any, lived: Any) -> None:
    await lived(rehearsed=True)
    page = await (await sign_in(staff("ANT-board-1"))).get(AT_THE_END)
    assert "Oefening: deze cijfers gaan over oefendossiers" in page.text
    assert "22 mensen" in page.text


async def test_it_speaks_french(enter: Any, staff: Any) -> None:
    reader = await enter(staff("ANT-board-1").model_copy(update={"language": Language.FRENCH}))
    page = await reader.get(AT_THE_END)
    assert "En 2024, 22 personnes ont commencé un outplacement" in page.text
    assert "Cacher les petits nombres" in page.text


async def test_a_drawing_tells_its_numbers_in_words_and_has_no_style_of_its_own(enter: Any, staff: Any) -> None:
    page = await (await enter(staff("ANT-board-1"))).get(f"{AT_THE_END}&per=agency")
    assert page.html.count('role="img"') == 4
    assert "<style" not in page.html
    assert " style=" not in page.html
    assert "Grafiek: Uitkomsten. nieuwe job, zelfde sector: 5; nieuwe job, andere sector: 3;" in page.text
    assert "SBS &amp; &lt;Zonen&gt;" in page.html


async def test_the_list_says_numerator_and_denominator(enter: Any, staff: Any) -> None:
    answer = await (await enter(staff("ANT-board-1"))).get(f"{AT_THE_END}&per=employer".replace("?", "/cijfers.csv?"))
    lines = list(csv.reader(io.StringIO(answer.response.text.lstrip("\ufeff")), delimiter=";"))
    assert ["Uitkomsten", "nieuwe job, zelfde sector", "% van allen", "22,7", "5", "22"] in lines
    assert ["Per werkgever", "'=HYPERLINK(1) & Zonen nv", "Gestart", "11", "", ""] in lines
    assert 'filename="uitkomsten-ANT-2024-2025-12-31.csv"' in answer.response.headers["content-disposition"]


async def test_the_workbook_has_a_sheet_for_each_table(enter: Any, staff: Any) -> None:
    answer = await (await enter(staff("ANT-board-1"))).get(AT_THE_END.replace("?", "/cijfers.xlsx?"))
    book = load_workbook(io.BytesIO(answer.response.content))
    assert book.sheetnames[1:] == ["Uitkomsten", "Per stelsel", "Tijd tot een nieuwe job", "Hoe ver de vraag kwam"]
    assert [cell.value for cell in book["Uitkomsten"][2]] == ["nieuwe job, zelfde sector", 5, 22.7, 33.3]


async def test_the_report_is_a_tagged_document(enter: Any, staff: Any) -> None:
    answer = await (await enter(staff("ANT-board-1"))).get(AT_THE_END.replace("?", "/verslag.pdf?"))
    document = PdfReader(io.BytesIO(answer.response.content))
    catalogue: Any = document.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert document.metadata is not None
    assert document.metadata.title == "Wat er geworden is van wie in 2024 startte"
    text = " ".join(" ".join(page.extract_text() for page in document.pages).replace("\u00a0", " ").split())
    assert "In 2024 zijn bij mtech+ Antwerpen vzw 22 mensen gestart met outplacement." in text
    assert "Wat elk getal betekent" in text


async def test_it_stands_in_the_menu_of_its_readers_only(enter: Any, staff: Any) -> None:
    board = await (await enter(staff("ANT-board-1"))).get("/uitkomsten")
    assert 'href="/uitkomsten" aria-current="page"' in board.html
    other = await (await enter(staff("ANT-intake-1", Role.INTAKE))).get("/werklijst")
    assert 'href="/uitkomsten"' not in other.html
