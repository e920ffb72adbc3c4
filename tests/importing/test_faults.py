"""All or nothing: a fault of the file names row and column; a mistake of the applicant stops nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest

from importing import ImportRefused, import_files
from importing.office import Office
from models.messages.facts import TrainingFacts

Edited = Callable[[str, str, str], list[Path]]
APPLICATIONS, PARTICIPANTS = "subsidy-applications.csv", "subsidy-participants.csv"
FIRST = "SUB-2024-00001;02/01/2024;vooraf;formeel;0000.236.263;2.999.010.168;"

FAULTS = {
    "a date that does not exist": (APPLICATIONS, FIRST[:25], "SUB-2024-00001;31/02/2024", 2, "Datum indiening"),
    "a date of the course": (APPLICATIONS, "07/03/2024;04/04/2024", "7 maart;04/04/2024", 2, "Begindatum"),
    "no date of filing": (APPLICATIONS, "SUB-2024-00001;02/01/2024", "SUB-2024-00001;", 2, "Datum indiening"),
    "check digits of the enterprise": (APPLICATIONS, "0000.236.263", "0000.236.264", 2, "Ondernemingsnummer"),
    "check digits of the establishment": (
        APPLICATIONS,
        "2.999.010.168",
        "2.999.010.169",
        2,
        "Vestigingseenheidsnummer",
    ),
    "a number twice": (APPLICATIONS, "SUB-2024-00002", "SUB-2024-00001", 3, "Dossiernummer"),
    "a number with a name in it": (APPLICATIONS, "SUB-2024-00001", "aanvraag van Ann", 2, "Dossiernummer"),
    "a word outside the list": (APPLICATIONS, ";vooraf;", ";tijdens;", 2, "Type aanvraag"),
    "another joint committee": (APPLICATIONS, "Geel;111;", "Geel;200;", 2, "Paritair comité"),
    "a dossier that is not there": (PARTICIPANTS, "SUB-2024-00001;1;", "SUB-2024-99999;1;", 2, "Dossiernummer"),
    "a birth date": (PARTICIPANTS, "10/07/1976", "10/07/76", 2, "Geboortedatum"),
    "a line twice": (PARTICIPANTS, "SUB-2024-00001;2;", "SUB-2024-00001;1;", 3, "Volgnummer"),
    "a status outside the list": (PARTICIPANTS, ";arbeider;", ";stagiair;", 2, "Statuut"),
    "hours in words": (PARTICIPANTS, ";40;40", ";40;veel", 2, "Uren gevolgd"),
}


@pytest.mark.parametrize(("file", "old", "new", "row", "column"), FAULTS.values(), ids=FAULTS)
def test_a_fault_of_the_file_stops_the_import(
    file: str, old: str, new: str, row: int, column: str, edited: Edited, office: Office
) -> None:
    batch = import_files(edited(file, old, new), office)
    assert batch.applications == ()
    assert (file, row, column) in [(fault.file, fault.row, fault.column) for fault in batch.faults]


MISTAKES = {
    "an amount with letters": (";1000,00;BE62", ";IOOO,00;BE62", {"asked": None}),
    "an amount that means two things": (";1000,00;BE62", ";1,000;BE62", {"asked": None}),
    "an account number": ("BE62 6450 0089 5061", "BE62 6450 0089 5062", {"iban_valid": False}),
    "no cost": (";2888,00;", ";;", {"cost": None}),
    "an unreadable wallet leaves the cost unknown": (";866,40;", ";8GG,40;", {"cost": None}),
    "hours in words": (";40;2;2;0;", ";veertig;2;2;0;", {"hours": None}),
    "no dates yet": ("07/03/2024;04/04/2024", ";", {"starts_on": None, "ends_on": None}),
    "another number of people": (";40;2;2;0;", ";40;3;2;0;", {"stated_participants": 3}),
    "a postcode with its country": (";2440;Geel", ";B-2440;Geel", {"postcode": "2440"}),
    "a postcode that is none": (";2440;Geel", ";244;Geel", {"postcode": ""}),
    "a person in the place of a municipality": (";Geel;", ";Ann, Kerkstraat 1;", {"municipality": ""}),
    "an unknown attachment": ("offerte getekend.pdf|", "foto.jpg|", {}),
    "an unknown language": (";nl;", ";xx;", {}),
}


@pytest.mark.parametrize(("old", "new", "expected"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_of_the_applicant_is_received(
    old: str, new: str, expected: dict[str, object], edited: Edited, office: Office
) -> None:
    batch = import_files(edited(APPLICATIONS, old, new), office)
    assert batch.faults == ()
    facts = batch.applications[0].facts
    assert isinstance(facts, TrainingFacts)
    assert {name: getattr(facts, name) for name in expected} == expected


def test_every_fault_is_named_at_once(edited: Edited, office: Office) -> None:
    paths = edited(APPLICATIONS, "0000.236.263", "onbekend")
    paths[1].write_text(paths[1].read_text("utf-8").replace(";arbeider;", ";stagiair;"), "utf-8")
    faults = import_files(paths, office).faults
    assert {fault.file for fault in faults} == {APPLICATIONS, PARTICIPANTS}
    assert len(faults) > 50


def test_a_fault_reads_as_a_sentence_with_its_place(edited: Edited, office: Office) -> None:
    faults = import_files(edited(APPLICATIONS, "0000.236.263", "0000.236.264"), office).faults
    assert [str(fault) for fault in faults] == [
        "subsidy-applications.csv, rij 2, kolom 'Ondernemingsnummer': "
        "'0000.236.264' is geen ondernemingsnummer: de lengte of het controlegetal klopt niet."
    ]
    assert "rij 2" in ImportRefused(faults).message


def test_a_row_keeps_its_number_behind_empty_and_broken_lines(edited: Edited, office: Office) -> None:
    """A spreadsheet counts empty rows, and a cell with a line break in it as one row."""
    paths = edited(APPLICATIONS, "boekhouding@snuvotron-circuits.example;nl;\n", 'x@y.example;nl;"twee\nregels"\n\n\n')
    paths[0].write_text(paths[0].read_text("utf-8").replace("0000.832.418", "0000.832.419", 1), "utf-8")
    assert [fault.row for fault in import_files(paths, office).faults] == [5]
