"""What is exported is what the list shows: its columns, question and order, all pages, and nothing that computes."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook  # type: ignore[import-untyped]
from sqlalchemy.ext.asyncio import AsyncEngine

from models.tables import TaskRow
from portal.staff.export import harmless
from tests.portal.workload import describe, ordinary_day, put, task

NAMES = ("=1+1", "+32 3 123", "-5", "@SUM(A1)", "\t=1", " =2", 'gewoon; met "tekens"', "<b>vet</b>")


@pytest.fixture
async def handler(engine: AsyncEngine, sign_in: Any, staff: Any) -> Any:
    """A handler of Antwerp whose employers have dangerous names."""
    await ordinary_day(engine)
    for serial, name in enumerate(NAMES, start=200):
        await put(engine, TaskRow, task(serial))
        await describe(engine, serial, name)
    return await sign_in(staff())


def table(response: Any) -> list[list[str]]:
    text = response.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def sheet(response: Any) -> list[list[Any]]:
    book = load_workbook(io.BytesIO(response.content))
    return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]


async def test_csv_holds_the_columns_and_lines_of_the_list_in_its_order(handler: Any) -> None:
    answer = (await handler.get("/werklijst/uitvoer.csv?lijst=team")).response
    heads, *lines = table(answer)

    assert answer.headers["content-disposition"] == 'attachment; filename="werklijst-team.csv"'
    assert heads == [
        "Uiterste dag",
        "Te doen",
        "Dossier",
        "Werkgever",
        "Bedrag",
        "In handen van",
        "Opvolgen op",
        "Stand",
    ]
    assert [line[2][-6:] for line in lines[:3]] == ["000001", "000002", "000003"]
    assert lines[0][1:6] == [
        "dossier beoordelen",
        "ANT-2026-S-000001",
        "Gieterij De Zandvorm",
        "1250,00",
        "Hanne Dossier",
    ]
    assert len(lines) == 12 + len(NAMES)


async def test_the_question_and_my_columns_hold_for_the_export(handler: Any) -> None:
    await handler.get("/werklijst")
    await handler.submit("/werklijst/kolommen", kolom=["dossier", "left"])
    lines = table((await handler.get("/werklijst/uitvoer.csv?lijst=team&q=Gieterij")).response)
    assert lines == [["Dagen over", "Dossier"], ["-1", "ANT-2026-S-000001"]]


async def test_all_pages_are_exported(engine: AsyncEngine, handler: Any) -> None:
    await put(engine, TaskRow, *(task(serial) for serial in range(300, 420)))
    lines = table((await handler.get("/werklijst/uitvoer.csv?lijst=team&na=2999-01-01~x")).response)
    assert len({line[2] for line in lines[1:]}) == 12 + len(NAMES) + 120


async def test_no_cell_of_an_export_is_a_formula(handler: Any) -> None:
    csv_names = {line[3] for line in table((await handler.get("/werklijst/uitvoer.csv?lijst=team")).response)}
    book = load_workbook(io.BytesIO((await handler.get("/werklijst/uitvoer.xlsx?lijst=team")).response.content))
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]

    assert {"'=1+1", "'+32 3 123", "'-5", "'@SUM(A1)", "'\t=1", "' =2"} <= csv_names
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    assert '\'=HYPERLINK("x")' in {cell.value for cell in cells}
    assert "<b>vet</b>" in {cell.value for cell in cells}


async def test_a_workbook_keeps_days_as_days_and_amounts_as_numbers(handler: Any) -> None:
    heads, first, *_ = sheet((await handler.get("/werklijst/uitvoer.xlsx?lijst=team")).response)
    assert heads[0] == "Uiterste dag"
    assert isinstance(first[0], datetime)
    assert Decimal(str(first[4])) == 1250


async def test_the_heads_speak_the_language_of_the_page(handler: Any) -> None:
    page = await handler.get("/werklijst")
    await handler.client.post(
        "/taal",
        data={"csrf": page.form("/taal")["csrf"], "taal": "en", "naar": "/"},
        headers={"origin": "http://portal.example"},
    )
    heads = table((await handler.get("/werklijst/uitvoer.csv?lijst=team")).response)[0]
    assert "Employer" in heads


async def test_another_fund_is_not_in_the_export(handler: Any) -> None:
    answer = (await handler.get("/werklijst/uitvoer.csv?lijst=team&q=LIM")).response
    assert "LIM-2026" not in answer.text


@given(st.text() | st.none() | st.integers() | st.dates() | st.decimals(allow_nan=False))
def test_a_cell_never_begins_as_an_order(found: str | int | date | Decimal | None) -> None:
    cell = harmless(found)
    if isinstance(cell, str):
        assert not cell.lstrip().startswith(("=", "+", "-", "@", "|"))
        assert not set(cell) & set(map(chr, range(9)))
    else:
        assert cell == found
