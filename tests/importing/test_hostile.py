"""Files that are no list of dossiers, or want to do harm: refused in plain Dutch, before they cost anything."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pytest

from importing import Batch, import_files, reading, workbook
from importing.office import Office


def an_xlsx(fill: Callable[[openpyxl.worksheet.worksheet.Worksheet], None]) -> bytes:
    book = openpyxl.Workbook()
    fill(book.worksheets[0])
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def a_zip(content: bytes, names: int = 1) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in range(names):
            archive.writestr(f"xl/worksheets/sheet{name}.xml", content)
    return data.getvalue()


def with_sheet(content: str) -> bytes:
    """A workbook whose first sheet is replaced by other XML."""
    whole, data = io.BytesIO(an_xlsx(lambda sheet: sheet.append(["Dossiernummer"]))), io.BytesIO()
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(data, "w") as new:
        for name in old.namelist():
            new.writestr(name, content if name.endswith("sheet1.xml") else old.read(name))
    return data.getvalue()


def an_entity_bomb() -> bytes:
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    return with_sheet(f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{lines}]><worksheet>&l11;</worksheet>')


def a_distant_row() -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    row = '<row r="999999999999"><c t="inlineStr"><is><t>x</t></is></c></row>'
    return with_sheet(f'<worksheet xmlns="{space}"><dimension ref="A1:XFD1"/><sheetData>{row}</sheetData></worksheet>')


HEADER = "Dossiernummer;Volgnummer;Voornaam;Naam;Geboortedatum;Statuut;Uren gepland;Uren gevolgd\n"
HOSTILE = {
    "empty": (b"", "het bestand is leeg"),
    "only spaces": (b" \n ; \n", "het bestand is leeg"),
    "another list": (b"naam;kleur\nAnn;blauw\n", "hoort bij geen enkele bekende lijst"),
    "NUL bytes": (HEADER.encode() + b"S\x00;1\n", "geen tekstbestand"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "geen tekstbestand"),
    "an old Excel file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "oud of beveiligd Excel-bestand"),
    "a damaged workbook": (b"PK\x03\x04 and then nothing", "beschadigd of geen Excel-bestand"),
    "another archive": (a_zip(b"hello"), "beschadigd of geen Excel-bestand"),
    "a bomb of zeros": (a_zip(b"0" * (30 * 1024 * 1024)), "uitgepakt te groot"),
    "a bomb of parts": (a_zip(b"", names=workbook.MOST_PARTS + 1), "uitgepakt te groot"),
    "a bomb of entities": (an_entity_bomb(), "beschadigd of geen Excel-bestand"),
    "a row number without end": (a_distant_row(), "het bestand is leeg"),
    "a quote that is not closed": (HEADER.encode() + b'S-1;1;"Ann;x\nS-2;1;Bert\n', "aanhalingsteken"),
    "a formula in text": (HEADER.encode() + b'S-1;1;"=cmd|calc";x\n', "bevat een formule"),
    "a formula in a workbook": (
        an_xlsx(lambda sheet: (sheet.append(HEADER.strip().split(";")), sheet.append(["S-1", "=1+1"]))[0]),
        "rij 2, kolom 'B': de cel bevat een formule",
    ),
    "an error value in a workbook": (
        an_xlsx(lambda sheet: (sheet.append(HEADER.strip().split(";")), sheet.append(["S-1", "#N/A"]))[0]),
        "foutwaarde van Excel",
    ),
    "a cell that is too long": (HEADER.encode() + b"S-1;1;" + b"a" * 10_001 + b";x\n", "langer dan 10000 tekens"),
    "a cell beyond every limit": (HEADER.encode() + b"S-1;1;" + b"a" * 200_000 + b";x\n", "aanhalingsteken"),
    "a row that is too long": (HEADER.encode() + b"S-1;1;Ann;x;01/01/1990;arbeider;8;8;9\n", "meer cellen dan de kop"),
    "only a header": (HEADER.encode(), "geen enkele rij"),
    "a column twice": (HEADER.replace("Naam", "Voornaam").encode() + b"S-1;1\n", "staat er 2 keer"),
    "a column missing": (HEADER.replace(";Statuut", "").encode() + b"S-1;1\n", "kolom 'Statuut': deze kolom ontbreekt"),
}


def refused(data: bytes, tmp_path: Path, office: Office) -> Batch:
    (path := tmp_path / "lijst.csv").write_bytes(data)
    return import_files([path], office)


@pytest.mark.parametrize(("data", "expected"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused_in_words(data: bytes, expected: str, tmp_path: Path, office: Office) -> None:
    batch = refused(data, tmp_path, office)
    assert batch.applications == ()
    assert expected in "\n".join(map(str, batch.faults))
    assert all(fault.file == "lijst.csv" for fault in batch.faults)


def test_a_file_that_is_too_big_is_not_even_read(tmp_path: Path, office: Office) -> None:
    with (tmp_path / "groot.csv").open("wb") as file:
        file.truncate(reading.MOST_BYTES + 1)
    batch = import_files([tmp_path / "groot.csv"], office)
    assert "groter dan 50 MB" in batch.faults[0].message


def test_a_file_with_too_many_rows_is_refused(tmp_path: Path, office: Office) -> None:
    batch = refused(HEADER.encode() + b"S;1\n" * (reading.MOST_ROWS + 1), tmp_path, office)
    assert "meer dan 200000 rijen" in batch.faults[0].message


def test_a_file_or_folder_that_is_not_there(tmp_path: Path, office: Office) -> None:
    (tmp_path / "leeg").mkdir()
    batch = import_files([tmp_path / "weg.csv", tmp_path / "leeg"], office)
    assert [fault.message for fault in batch.faults] == [
        "in deze map staat geen CSV- of .xlsx-bestand.",
        "het bestand bestaat niet of mag niet gelezen worden.",
    ]
