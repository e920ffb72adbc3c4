"""The same list as different offices save it gives the same applications."""

import csv
import io
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest

from importing import Application, import_files
from importing.applications import PersonalData
from importing.notations import day, number
from importing.office import Office

APPLICATIONS, PARTICIPANTS = "subsidy-applications.csv", "subsidy-participants.csv"
LATIN = ("SUB-2024-00002", "SUB-2024-00010", "SUB-2024-00281", "SUB-2024-00353", "SUB-2024-01026", "SUB-2024-00203")
DATES = ("Datum indiening", "Begindatum", "Einddatum", "Geboortedatum")
AMOUNTS = ("Kostprijs excl. btw", "Kmo-portefeuille", "Gevraagd bedrag")
Table = list[list[str]]


def table(files: Path, name: str) -> Table:
    with (files / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    return [rows[0], *(row for row in rows[1:] if row[0] in LATIN)]


def written(rows: Table, delimiter: str = ";", end: str = "\n", quoting: int = csv.QUOTE_MINIMAL) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)  # type: ignore[arg-type]
    return text.getvalue()


def columnwise(rows: Table, columns: tuple[str, ...], change: Callable[[str], str]) -> Table:
    at = [index for index, name in enumerate(rows[0]) if name in columns]
    return [
        rows[0],
        *([change(cell) if index in at and cell else cell for index, cell in enumerate(row)] for row in rows[1:]),
    ]


def dates_as(form: str) -> Callable[[Table], bytes]:
    return lambda rows: written(columnwise(rows, DATES, lambda cell: format(day(cell), form))).encode()


def amounts_as(change: Callable[[str], str]) -> Callable[[Table], bytes]:
    return lambda rows: written(
        columnwise(rows, AMOUNTS, lambda cell: change(cell) if "O" not in cell else cell)
    ).encode()


def numbers_as(column: str, change: Callable[[str], str]) -> Callable[[Table], bytes]:
    return lambda rows: written(columnwise(rows, (column,), change)).encode()


def headers_as(change: Callable[[str], str]) -> Callable[[Table], bytes]:
    return lambda rows: written([[change(name) for name in rows[0]], *rows[1:]]).encode()


def without_accents(name: str) -> str:
    return name.replace("é", "e").replace("ó", "o")


def grouped(cell: str, sign: str, point: str = ",") -> str:
    return f"{number(cell):,.2f}".replace(",", "_").replace(".", point).replace("_", sign)


def serial(cell: str) -> str:
    return str((day(cell) - date(1899, 12, 30)).days)


QUIRKS: dict[str, Callable[[Table], bytes]] = {
    "utf-8": lambda rows: written(rows).encode(),
    "utf-8 with a mark": lambda rows: written(rows).encode("utf-8-sig"),
    "windows-1252": lambda rows: written(rows).encode("cp1252"),
    "latin-1": lambda rows: written(rows).encode("latin-1"),
    "utf-16": lambda rows: written(rows).encode("utf-16"),
    "utf-16 little endian without a mark": lambda rows: written(rows).encode("utf-16-le"),
    "utf-16 big endian without a mark": lambda rows: written(rows).encode("utf-16-be"),
    "comma": lambda rows: written(rows, ",").encode(),
    "tab": lambda rows: written(rows, "\t").encode(),
    "vertical bar": lambda rows: written(rows, "|").encode(),
    "separator declared in the first line": lambda rows: ("sep=,\r\n" + written(rows, ",")).encode(),
    "carriage return and line feed": lambda rows: written(rows, end="\r\n").encode(),
    "everything quoted": lambda rows: written(rows, quoting=csv.QUOTE_ALL).encode(),
    "empty rows": lambda rows: written(rows).replace("\n", "\n;;;\n\n").encode(),
    "a title above the header": lambda rows: ("Export van 31/01/2025\n" + written(rows)).encode(),
    "header in capitals and spaces": headers_as(lambda name: f"  {name.upper()} "),
    "header without accents": headers_as(without_accents),
    "an extra column": lambda rows: written([[*row, "x"] for row in rows]).encode(),
    "spaces around cells": lambda rows: written([[f" {cell} " for cell in row] for row in rows]).encode(),
    "dates d-m-yyyy": lambda rows: written(
        columnwise(rows, DATES, lambda cell: f"{day(cell).day}-{day(cell).month}-{day(cell).year}")
    ).encode(),
    "dates yyyy-mm-dd": dates_as("%Y-%m-%d"),
    "dates dd.mm.yyyy": dates_as("%d.%m.%Y"),
    "dates with midnight": dates_as("%Y-%m-%d 00:00:00"),
    "dates as day numbers": lambda rows: written(columnwise(rows, DATES, serial)).encode(),
    "amounts with a point": amounts_as(lambda cell: cell.replace(",", ".")),
    "amounts 1.234,56": amounts_as(lambda cell: grouped(cell, ".")),
    "amounts 1 234,56": amounts_as(lambda cell: grouped(cell, " ")),
    "amounts with narrow spaces": amounts_as(lambda cell: grouped(cell, "\u202f")),
    "amounts 1,234.56": amounts_as(lambda cell: grouped(cell, ",", ".")),
    "amounts in euro": amounts_as(lambda cell: f"€ {cell}"),
    "enterprise number with BE": numbers_as("Ondernemingsnummer", lambda cell: "BE" + cell.replace(".", "")),
    "enterprise number in nine digits": numbers_as("Ondernemingsnummer", lambda cell: cell.replace(".", "")[1:]),
    "enterprise number kept as text": numbers_as("Ondernemingsnummer", lambda cell: f'="{cell}"'),
    "account number in small letters": numbers_as("IBAN", lambda cell: cell.replace(" ", "").lower()),
    "language in words": numbers_as("Taal", lambda _: "Nederlands"),
}


def comparable(applications: tuple[Application, ...]) -> list[tuple[Any, ...]]:
    """Everything but the row as typed and the notation of the account number."""
    return [(one.reference, one.facts, one.fingerprint, _without_notation(one.personal)) for one in applications]


def _without_notation(personal: PersonalData) -> PersonalData:
    return personal.model_copy(update={"typed": {}, "iban": personal.iban.replace(" ", "").upper()})


@pytest.mark.parametrize("quirk", QUIRKS.values(), ids=QUIRKS)
def test_a_quirk_makes_no_difference(
    quirk: Callable[[Table], bytes], files: Path, tmp_path: Path, office: Office
) -> None:
    (plain := tmp_path / "plain").mkdir()
    (changed := tmp_path / "changed").mkdir()
    for name in (APPLICATIONS, PARTICIPANTS):
        rows = [[cell.encode("latin-1", "replace").decode("latin-1") for cell in row] for row in table(files, name)]
        (plain / name).write_text(written(rows), "utf-8")
        (changed / name).write_bytes(quirk(rows))

    batch = import_files([changed], office)

    assert batch.faults == ()
    assert len(batch.applications) == len(LATIN)
    assert comparable(batch.applications) == comparable(import_files([plain], office).applications)


def test_a_workbook_gives_what_the_text_gives(files: Path, tmp_path: Path, office: Office) -> None:
    """Dates as dates, amounts as numbers, and enterprise numbers that lost their zeros."""
    for name in (APPLICATIONS, PARTICIPANTS):
        workbook = openpyxl.Workbook()
        sheet = workbook.worksheets[0]
        rows = table(files, name)
        sheet.append(rows[0])
        for row in rows[1:]:
            sheet.append([typed(column, cell) for column, cell in zip(rows[0], row, strict=True)])
        workbook.create_sheet("Kladblok").append(["hoort er niet bij"])
        workbook.save(tmp_path / name.replace(".csv", ".xlsx"))

    batch = import_files([tmp_path], office)

    assert batch.faults == ()
    expected = import_files([files / APPLICATIONS, files / PARTICIPANTS], office).applications
    assert comparable(batch.applications) == comparable(tuple(one for one in expected if one.reference in LATIN))


def typed(column: str, cell: str) -> object:
    if cell and column in DATES:
        return datetime.combine(day(cell), datetime.min.time())
    if cell and (column in AMOUNTS or column.startswith(("Uren", "Aantal", "Volgnummer", "Postcode"))):
        return float(number(cell)) if "O" not in cell else cell
    if column == "Ondernemingsnummer":
        return int(cell.replace(".", ""))
    return cell or None


@pytest.mark.parametrize("encoding", ["cp850", "mac_roman", "cp1252"])
def test_text_of_another_system_keeps_its_accents(encoding: str, files: Path, tmp_path: Path, office: Office) -> None:
    town = "Liège-lez-Crêpe à côté de Gène"
    rows = columnwise(table(files, APPLICATIONS), ("Gemeente",), lambda _: town)
    (tmp_path / APPLICATIONS).write_bytes(written(rows).encode(encoding, "replace"))
    (tmp_path / PARTICIPANTS).write_text(written(table(files, PARTICIPANTS)), "utf-8")

    batch = import_files([tmp_path], office)

    assert batch.faults == ()
    assert town in batch.applications[0].facts.model_dump().values()
