"""A closure as an office hands it over: as many invented people as a test wants, and ways to spoil the list."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from pathlib import Path

from openpyxl import Workbook  # type: ignore[import-untyped]

from importing.cohorts import TEMPLATE, Announced
from importing.office import Office
from models.messages.words import Fund
from schemes.outplacement_amounts import OutplacementRates

SECRET = b"thirty-two bytes of a test only!"
TODAY = date(2026, 3, 16)
OFFICE = Office(TODAY, SECRET, Fund.ANTWERPEN)
CLOSURE = Announced(
    fund=Fund.ANTWERPEN,
    enterprise_number="0417497106",
    employer_name="Staalbouw Peeters",
    dismissal="closure",
    announced_on=date(2026, 1, 12),
    agency="RiseSmart",
    contact_name="Petra Peeters",
    email="petra@staalbouw.example",
    iban="BE68539007547034",
)
RATES = OutplacementRates.model_validate(
    {
        "employer_share_per_person": 300,
        "employer_share_maximum_percentage": 50,
        "first_phase_amount": 1600,
        "second_phase_amount": 700,
        "long_guidance_amount": 500,
    }
)


def somebody(number: int, **changed: str) -> dict[str, str]:
    """One invented person of the list; the number makes name, age and term differ."""
    born = date(1960, 1, 1) + timedelta(days=number * 137 % 14_000)
    row = dict.fromkeys(TEMPLATE, "") | {
        "Voornaam": f"Voornaam{number}",
        "Naam": f"Achternaam{number}",
        "Geboortedatum": f"{born:%d/%m/%Y}",
        "Statuut": "arbeider" if number % 3 else "bediende",
        "Taal": ("nl", "fr", "en", "tr", "ar")[number % 5],
        "E-mail": f"persoon{number}@leeg.example" if number % 10 else "",
        "Telefoon": "" if number % 10 == 0 and number % 20 == 0 else "0400 12 34 56",
        "Eerste werkdag": "01/02/2010",
        "Kennisgeving ontslag": "02/03/2026",
        "Einde overeenkomst": "02/03/2026",
        "Verbrekingsvergoeding (weken)": "32",
        "Tewerkstellingsbreuk": "1",
    }
    return row | changed


def as_csv(people: list[dict[str, str]]) -> bytes:
    """The list as a spreadsheet here saves it."""
    written = io.StringIO()
    lines = csv.DictWriter(written, list(people[0]), delimiter=";", lineterminator="\r\n")
    lines.writeheader()
    lines.writerows(people)
    return written.getvalue().encode()


def as_xlsx(people: list[dict[str, str]]) -> bytes:
    """The same as a workbook."""
    book = Workbook()
    book.active.append(list(people[0]))
    for one in people:
        book.active.append(list(one.values()))
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def kept(folder: Path, content: bytes, name: str = "lijst.csv") -> Path:
    """The file on disk."""
    (folder / name).write_bytes(content)
    return folder / name
