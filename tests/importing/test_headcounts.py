"""Headcounts of a list of employers: of the day that their columns name, and of several days side by side."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from database import transaction
from importing import Batch, import_files
from importing.office import Office
from importing.storing import store
from models.messages.words import Fund
from models.tables import Employer, HeadcountRow
from tests.importing.conftest import FILES, OFFICE

COLUMNS = "Arbeiders op 30/09/2023;Bedienden op 30/09/2023;Totaal op 30/09/2023"
OF_2024 = COLUMNS.replace("2023", "2024")
FIRST = "2999505858"
"""The first establishment of the list: 4 workers and 9 employees."""
COUNTS = ";209;4;9;13;"
Y2023, Y2024 = date(2023, 9, 30), date(2024, 9, 30)

Listed = Callable[..., Path]


@pytest.fixture
def listed(tmp_path: Path) -> Listed:
    """The list with its first employer alone, under columns of these names, with these counts and this contact."""

    def write(columns: str, counts: str = "4;9;13", name: str = "werkgevers.csv", contact: str = "zaakvoerder") -> Path:
        header, first = (FILES / "employers.csv").read_text("utf-8").splitlines()[:2]
        assert COLUMNS in header
        assert COUNTS in first
        row = first.replace(COUNTS, f";209;{counts};").replace("zaakvoerder", contact)
        path = tmp_path / name
        path.write_text(f"{header.replace(COLUMNS, columns)}\n{row}\n", "utf-8")
        return path

    return write


def heads(batch: Batch) -> list[tuple[date, int, int]]:
    (employer,) = batch.employers
    return [(one.counted_on, one.workers, one.employees) for one in employer.heads]


READ = {
    "2023": (COLUMNS, "4;9;13", [(Y2023, 4, 9)]),
    "2024": (OF_2024, "4;9;13", [(Y2024, 4, 9)]),
    "both years side by side": (f"{OF_2024};{COLUMNS}", "5;8;13;4;9;13", [(Y2023, 4, 9), (Y2024, 5, 8)]),
    "both years mixed": (
        "Totaal op 30/09/2024;Arbeiders op 30/09/2023;Arbeiders op 30/09/2024;Bedienden op 30/09/2024;"
        "Totaal op 30/09/2023;Bedienden op 30/09/2023",
        "13;4;5;8;13;9",
        [(Y2023, 4, 9), (Y2024, 5, 8)],
    ),
    "a day in another notation": (
        "arbeiders  OP 30-9-2024;Bedienden op 2024-09-30;Totaal op 30.09.2024:",
        "4;9;13",
        [(Y2024, 4, 9)],
    ),
}


@pytest.mark.parametrize(("columns", "counts", "expected"), READ.values(), ids=READ)
def test_a_headcount_is_of_the_day_in_the_name_of_its_column(
    columns: str, counts: str, expected: list[tuple[date, int, int]], listed: Listed, office: Office
) -> None:
    batch = import_files([listed(columns, counts)], office)
    assert batch.faults == ()
    assert heads(batch) == expected


NOT_READ = {
    "three columns of two days": (
        COLUMNS.replace("Totaal op 30/09/2023", "Totaal op 30/09/2024"),
        "kolom 'Arbeiders op 30/09/2023': van deze dag ontbreekt 'Totaal op 30/09/2023'.",
    ),
    "the other day of them": (
        COLUMNS.replace("Totaal op 30/09/2023", "Totaal op 30/09/2024"),
        "kolom 'Totaal op 30/09/2024': van deze dag ontbreekt 'Arbeiders op 30/09/2024' en 'Bedienden op 30/09/2024'.",
    ),
    "a day that does not exist": (
        COLUMNS.replace("30/09/2023", "31/09/2023"),
        "kolom 'Arbeiders op 31/09/2023': '31/09/2023' is geen datum.",
    ),
    "a year alone": (COLUMNS.replace("30/09/2023", "2023"), "kolom 'Totaal op 2023': '2023' is geen datum."),
    "a day no budget is computed of": (
        COLUMNS.replace("30/09/2023", "31/12/2023"),
        "kolom 'Arbeiders op 31/12/2023': budgetten tellen het personeel van 30/09, niet van 31/12/2023.",
    ),
    "a day to come": (
        COLUMNS.replace("2023", "2042"),
        "kolom 'Arbeiders op 30/09/2042': 30/09/2042 komt na 31/01/2025, de dag waarop het bestand gemaakt is.",
    ),
    "no column of the workers": (
        COLUMNS.replace("Arbeiders op", "Volk op"),
        "kolom 'Arbeiders op dd/mm/jjjj': deze kolom ontbreekt in de lijst werkgevers.",
    ),
    "no day": (
        COLUMNS.replace(" op 30/09/2023", ""),
        "kolom 'Totaal op dd/mm/jjjj': deze kolom ontbreekt in de lijst werkgevers.",
    ),
    "one day in two notations": (
        f"{COLUMNS};Arbeiders op 30-9-2023",
        "kolom 'Arbeiders op 30/09/2023': deze kolom staat er 2 keer.",
    ),
}


@pytest.mark.parametrize(("columns", "sentence"), NOT_READ.values(), ids=NOT_READ)
def test_columns_without_one_day_of_a_budget_are_refused_with_their_name(
    columns: str, sentence: str, listed: Listed, office: Office
) -> None:
    batch = import_files([listed(columns)], office)
    assert batch.employers == ()
    told = [str(fault) for fault in batch.faults]
    assert any(one.startswith(f"werkgevers.csv, rij 1, {sentence}") for one in told), told


def test_lists_of_two_years_are_one_employer_described_by_the_newest(listed: Listed, office: Office) -> None:
    new = listed(OF_2024, "5;8;13", "nieuw.csv", "directeur")
    batch = import_files([new, listed(COLUMNS, name="oud.csv")], office)
    assert heads(batch) == [(Y2023, 4, 9), (Y2024, 5, 8)]
    assert batch.employers[0].contact_role == "directeur"


def test_an_establishment_in_two_lists_of_one_day_is_named_with_the_other_place(listed: Listed, office: Office) -> None:
    faults = import_files([listed(COLUMNS, name="een.csv"), listed(COLUMNS, name="twee.csv")], office).faults
    sentence = "deze vestiging staat er twee keer in: ook in een.csv, rij 2."
    assert [str(fault) for fault in faults] == [f"twee.csv, rij 2, kolom 'Vestigingseenheidsnummer': {sentence}"]


async def known(engine: AsyncEngine) -> tuple[dict[date, tuple[int, int]], str | None]:
    """The headcounts of the first establishment by day, and its name."""
    async with transaction(engine) as connection:
        rows = await connection.execute(select(HeadcountRow).where(col(HeadcountRow.establishment_number) == FIRST))
        name = await connection.execute(select(col(Employer.name)).where(col(Employer.establishment_number) == FIRST))
        return {row.counted_on: (row.workers, row.employees) for row in rows}, name.scalar()


async def test_a_later_list_adds_its_day_and_an_earlier_one_changes_no_description(
    engine: AsyncEngine, listed: Listed
) -> None:
    async def given(columns: str, counts: str, name: str) -> tuple[dict[date, tuple[int, int]], str | None]:
        path = listed(columns, counts)
        path.write_text(path.read_text("utf-8").replace("Ardwicast Precision", name), "utf-8")
        await store(engine, import_files([path], OFFICE), Fund.ANTWERPEN)
        return await known(engine)

    assert await given(OF_2024, "5;8;13", "Nieuwe naam") == ({Y2024: (5, 8)}, "Nieuwe naam")
    assert await given(COLUMNS, "4;9;13", "Oude naam") == ({Y2023: (4, 9), Y2024: (5, 8)}, "Nieuwe naam")
    assert await given(OF_2024, "6;8;14", "Derde naam") == ({Y2023: (4, 9), Y2024: (6, 8)}, "Derde naam")
