"""Files as real offices send them, typed behind `doorstroom import`: taken in, or refused with row and column."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from database import transaction

FILES = Path(__file__).parents[1] / "importing" / "files"
APPLICATIONS, PEOPLE = "subsidy-applications.csv", "subsidy-participants.csv"
ASKED = ("--known-on", "31/01/2025")


def lines(name: str, most: int | None = None) -> list[str]:
    return (FILES / name).read_text("utf-8").splitlines()[:most]


def altered(row: str, cell: int, value: str) -> str:
    cells = row.split(";")
    cells[cell] = value
    return ";".join(cells)


def written(folder: Path, applications: bytes | str, people: bytes | str | None = None) -> list[str]:
    """The two files of the office; the people are those of the first two applications when left out."""
    if people is None:
        wanted = tuple(row.split(";")[0] for row in lines(APPLICATIONS, 3)[1:])
        known = [row for row in lines(PEOPLE)[1:] if row.startswith(wanted)]
        people = "\n".join([lines(PEOPLE, 1)[0], *known])
    for name, content in (("aanvragen.csv", applications), ("deelnemers.csv", people)):
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return [str(folder / "aanvragen.csv"), str(folder / "deelnemers.csv")]


async def count(engine: AsyncEngine) -> int:
    async with transaction(engine) as connection:
        return int(await connection.scalar(text("SELECT count(*) FROM receipt")) or 0)


HEADER, FIRST, SECOND = lines(APPLICATIONS, 3)
TWO = "\n".join([HEADER, FIRST, SECOND])


def as_workbook(folder: Path) -> list[str]:
    """The applications as .xlsx, with days as spreadsheets keep them: as a date, and as the number of a day."""
    paths = written(folder, TWO)
    book = openpyxl.Workbook()
    for place, line in enumerate(TWO.splitlines()):
        cells: list[Any] = [
            datetime.strptime(cell, "%d/%m/%Y") if cell.count("/") == 2 else cell  # noqa: DTZ007
            for cell in line.split(";")
        ]
        if place == 1:
            cells[1] = (cells[1].date() - date(1899, 12, 30)).days
        book.active.append(cells)
    book.save(folder / "aanvragen.xlsx")
    return [str(folder / "aanvragen.xlsx"), paths[1]]


TAKEN: dict[str, Callable[[Path], list[str]]] = {
    "commas": lambda folder: written(folder, TWO.replace(",", ".").replace(";", ",")),
    "tabs": lambda folder: written(folder, TWO.replace(";", "\t")),
    "Windows-1252 with accents": lambda folder: written(folder, TWO.replace("Geel", "Géél €").encode("cp1252")),
    "a semicolon and a line break in quotes": lambda folder: written(
        folder, "\n".join([HEADER, altered(FIRST, -1, '"eerst bellen; dan\nmailen"'), SECOND])
    ),
    "xlsx with dates as numbers": as_workbook,
}


@pytest.mark.parametrize("given", TAKEN.values(), ids=TAKEN)
async def test_what_an_office_sends_oddly_is_taken_in_all_the_same(
    cli: Any, engine: AsyncEngine, tmp_path: Path, given: Callable[[Path], list[str]]
) -> None:
    paths = given(tmp_path)
    looked = await cli("import", *paths, *ASKED, "--dry-run", "--json")
    assert looked.json["applications"] == {"subsidy": 2}
    assert await count(engine) == 0

    said = await cli("import", *paths, *ASKED, "--json")
    assert (said.json["new"], await count(engine)) == (2, 2)


def thousands(folder: Path) -> list[str]:
    """Ten thousand applications of one person each, with a fault in one of them."""
    person = lines(PEOPLE, 2)[1]
    names = [f"SUB-2024-{serial:05d}" for serial in range(1, 10_001)]
    rows = [altered(FIRST, 0, name) for name in names]
    rows[8_765] = altered(rows[8_765], 1, "29/02/2023")
    people = [altered(person, 0, name) for name in names]
    return written(folder, "\n".join([HEADER, *rows]), "\n".join([lines(PEOPLE, 1)[0], *people]))


def workbook_of_another_sort(folder: Path) -> list[str]:
    """A sheet of costs that somebody took for the list."""
    book = openpyxl.Workbook()
    for row in (("Kost", "Bedrag"), ("Huur", 1200), ("Koffie", "veel")):
        book.active.append(row)
    book.save(folder / "kosten.xlsx")
    return [str(folder / "kosten.xlsx")]


NO_LIST = "de kop hoort bij geen enkele bekende lijst"
REFUSED: dict[str, tuple[Callable[[Path], list[str]], str]] = {
    "another separator in the rows than in the header": (
        lambda folder: written(folder, "\n".join([HEADER, FIRST.replace(",", ".").replace(";", ","), SECOND])),
        "aanvragen.csv, rij 2, kolom 'Datum indiening': de cel is leeg",
    ),
    "a separator nobody uses": (
        lambda folder: written(folder, TWO.replace(";", "#")),
        f"aanvragen.csv, rij 1: {NO_LIST}",
    ),
    "a semicolon without quotes": (
        lambda folder: written(folder, "\n".join([HEADER, altered(FIRST, -1, "eerst bellen;dan mailen;goed"), SECOND])),
        "aanvragen.csv, rij 2: de rij heeft meer cellen dan de kop",
    ),
    "a quote that is not closed": (
        lambda folder: written(folder, "\n".join([HEADER, altered(FIRST, 6, '"Snuvotron'), SECOND])),
        "aanvragen.csv, rij 2: een aanhalingsteken staat verkeerd",
    ),
    "an empty file": (lambda folder: written(folder, b""), "aanvragen.csv: het bestand is leeg."),
    "nothing but empty lines": (lambda folder: written(folder, "\n;;;\n \n"), "aanvragen.csv: het bestand is leeg."),
    "only a header": (lambda folder: written(folder, HEADER), "aanvragen.csv: onder de kop staat geen enkele rij."),
    "the header twice": (
        lambda folder: written(folder, "\n".join([HEADER, FIRST, HEADER, SECOND])),
        "aanvragen.csv, rij 3: dit is nog eens de kop.",
    ),
    "a column twice": (
        lambda folder: written(folder, "\n".join(f"{row};{row.split(';')[1]}" for row in TWO.splitlines())),
        "aanvragen.csv, rij 1, kolom 'Datum indiening': deze kolom staat er 2 keer.",
    ),
    "one fault among ten thousand": (
        thousands,
        "aanvragen.csv, rij 8767, kolom 'Datum indiening': '29/02/2023' is geen datum.",
    ),
    "a number twice in one file": (
        lambda folder: written(folder, "\n".join([HEADER, FIRST, altered(SECOND, 0, FIRST.split(";")[0])])),
        "aanvragen.csv, rij 3, kolom 'Dossiernummer': nummer 'SUB-2024-00001' staat er twee keer in: ook in "
        "aanvragen.csv, rij 2.",
    ),
    "a file of another sort": (workbook_of_another_sort, f"kosten.xlsx, rij 1: {NO_LIST}"),
    "people without applications": (
        lambda folder: written(folder, TWO)[1:],
        "deelnemers.csv: deze lijst hoort bij een bestand met aanvragen.",
    ),
    "a picture": (
        lambda folder: written(folder, b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01"),
        "aanvragen.csv: dit is geen tekstbestand",
    ),
    "filed after the day of the file": (
        lambda folder: written(folder, "\n".join([HEADER, FIRST.replace("02/01/2024", "01/02/2025", 1), SECOND])),
        "aanvragen.csv, rij 2, kolom 'Datum indiening': 01/02/2025 komt na 31/01/2025, de dag waarop het bestand",
    ),
    "filed before the fund had a policy": (
        lambda folder: written(folder, "\n".join([HEADER, FIRST.replace("02/01/2024", "02/01/2022", 1), SECOND])),
        "alle bestanden: Het fonds ANT heeft voor formele opleiding geen reglement dat geldt op 02/01/2022.",
    ),
}


@pytest.mark.parametrize(("given", "sentence"), REFUSED.values(), ids=REFUSED)
async def test_what_cannot_be_right_is_refused_by_row_and_column_and_nothing_is_kept(
    cli: Any,
    engine: AsyncEngine,
    tmp_path: Path,
    given: Callable[[Path], list[str]],
    sentence: str,
) -> None:
    paths = given(tmp_path)
    said = await cli("import", *paths, *ASKED, ok=False)
    looked = await cli("import", *paths, *ASKED, "--dry-run", ok=False)

    assert (said.code, looked.code) == (1, 1)
    assert any(line.startswith(sentence) for line in said.err.splitlines()), said.err[:2000]
    assert looked.err == said.err
    assert await count(engine) == 0


async def test_a_file_of_a_day_to_come_is_not_read(cli: Any, tmp_path: Path) -> None:
    said = await cli("import", *written(tmp_path, TWO), "--known-on", "01/01/2099", "--dry-run", ok=False)
    assert (said.code, "--known-on 01/01/2099 ligt in de toekomst" in said.err) == (2, True)
