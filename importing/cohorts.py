"""A closure as one file: the dismissed people of one employer, read whole before anything is received."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Literal, NamedTuple

from importing.applications import Application, PersonalData
from importing.batch import DISMISSALS
from importing.faults import Fault, ImportRefused, shown
from importing.fields import Fields
from importing.keyed import closure_key
from importing.layouts import LAYOUTS, Sort
from importing.notations import day, plain, yes
from importing.office import Office
from importing.outplacement import employer_dossier, read_dismissed
from importing.reading import read_sheet
from importing.recognising import Record, Table, recognise
from models.messages.facts import OutplacementFacts, TrajectoryFacts
from models.messages.message import Message
from models.messages.words import Fund, Language
from schemes.cohorts import unlikely
from schemes.identifiers import enterprise_number, iban_valid

MOST_PEOPLE = 10_000
KINDS: Mapping[str, Literal["closure", "restructuring"]] = {"sluiting": "closure", "herstructurering": "restructuring"}
_EVERYTHING = tuple(name.removesuffix("?") for name in LAYOUTS[Sort.DISMISSED])
TEMPLATE = _EVERYTHING[: _EVERYTHING.index("Ingebrekestelling")]
"""Columns for new people; what holds for everybody is asked once, and what comes later is told later."""


class Announced(Message):
    """What holds for everybody of a closure. Personal: contact and account stand in erasable rows only."""

    fund: Fund
    enterprise_number: str
    employer_name: str
    dismissal: Literal["closure", "restructuring"]
    bankrupt: bool = False
    announced_on: date | None = None
    agency: str = ""
    contact_name: str = ""
    email: str = ""
    phone: str = ""
    language: Language = Language.DUTCH
    iban: str = ""

    def key(self, secret: bytes) -> str:
        """The closure, opaque: the same for a second file of the same announcement."""
        parts = (self.fund, self.enterprise_number, self.dismissal, str(self.announced_on))
        return closure_key(secret, *parts)

    def reference(self, secret: bytes) -> str:
        """The number of its employer dossier for the office, which gave it none."""
        return f"W-{self.key(secret)[:16]}"


class Row(NamedTuple):
    """One person of the file; without an application when something has to be repaired first."""

    row: int
    name: str
    application: Application | None
    faults: tuple[Fault, ...]


class Cohort(NamedTuple):
    """A file that could be read as a list of dismissed people."""

    rows: tuple[Row, ...]
    digest: str
    """Of its content, by which the same file is known again."""


def read_cohort(path: Path, announced: Announced, office: Office) -> Cohort:
    """Every row of a file, each with what is wrong with it.

    Raises:
        ImportRefused: it is no list of dismissed people at all, or damaged.
    """
    table = recognise(read_sheet(path))
    if table.sort not in DISMISSALS:
        message = f"dit is een lijst {table.sort}, geen lijst met ontslagen personen. Neem het sjabloon."
        raise ImportRefused([Fault(file=table.file, row=None, column=None, message=message)])
    if len(table.records) > MOST_PEOPLE:
        message = f"de lijst telt meer dan {MOST_PEOPLE} personen. Splits ze op."
        raise ImportRefused([Fault(file=table.file, row=None, column=None, message=message)])
    rows = [_row(table, record, announced, office) for record in table.records]
    return Cohort(tuple(_without_doubles(table.file, rows)), hashlib.sha256(path.read_bytes()).hexdigest())


def read_person(values: Mapping[str, str], announced: Announced, office: Office) -> Row:
    """One person typed into a form, with the columns of the template."""
    record = Record(1, dict.fromkeys(_EVERYTHING, "") | dict(values), {})
    return _row(Table("formulier", Sort.DISMISSED, [record]), record, announced, office)


def as_employer(people: tuple[Application, ...], announced: Announced, office: Office) -> Application:
    """The employer dossier of these people, notified on the day the office has the file."""
    made = employer_dossier(people, office)
    assert isinstance(made.facts, OutplacementFacts)
    valid = iban_valid(announced.iban)
    known = {"notified_on": office.known_on, "bankrupt": announced.bankrupt, "iban_valid": valid}
    contact = {name: getattr(announced, name) for name in ("contact_name", "email", "phone", "language", "iban")}
    personal = PersonalData(
        enterprise_number=announced.enterprise_number, employer_name=announced.employer_name, **contact
    )
    return made.model_copy(
        update={
            "reference": announced.reference(office.secret),
            "filed_on": office.known_on,
            "facts": made.facts.model_copy(update=known),
            "personal": personal,
            "trajectories": (),
        }
    )


def _row(table: Table, record: Record, announced: Announced, office: Office) -> Row:
    faults: list[Fault] = []
    name = f"{record.values['Voornaam']} {record.values['Naam']}".strip()
    values = dict(_whole(table, record, announced, faults))
    named = {"Trajectnummer": values["Trajectnummer"] or "wordt-gegeven"}
    read = read_dismissed(Fields(table, Record(record.row, values | named, {}), faults), office)
    empty = [column for column in ("Voornaam", "Naam") if not values[column]]
    faults += [_fault(table, record, column, "de cel is leeg, maar moet ingevuld zijn.") for column in empty]
    assert isinstance(read.facts, TrajectoryFacts)
    if not faults:
        faults += [_fault(table, record, one.column, one.sentence) for one in unlikely(read.facts)]
    if faults:
        return Row(record.row, name, None, tuple(dict.fromkeys(faults)))
    personal = read.personal
    facts = {"reachable": bool(personal.email or personal.phone or personal.street)}
    reference = values["Trajectnummer"] or f"P-{announced.key(office.secret)[:8]}-{personal.people[0].key}"
    made = {"facts": read.facts.model_copy(update=facts), "reference": reference, "filed_on": office.known_on}
    typed = {column: text for column, text in record.values.items() if text}
    made["personal"] = personal.model_copy(update={"typed": typed})
    return Row(record.row, name, read.model_copy(update=made), ())


def _whole(table: Table, record: Record, announced: Announced, faults: list[Fault]) -> Iterator[tuple[str, str]]:
    """The row with what holds for everybody; a row that says something else belongs to another closure."""
    announced_on = f"{announced.announced_on:%d/%m/%Y}" if announced.announced_on else ""
    kind = next(word for word, kind in KINDS.items() if kind == announced.dismissal)
    shared = {
        "Soort ontslag": (kind, plain),
        "Ondernemingsnummer": (announced.enterprise_number, enterprise_number),
        "Aankondiging collectief ontslag": (announced_on, day),
        "Faillissement": ("ja" if announced.bankrupt else "nee", yes),
    }
    otherwise = {
        "Naam werkgever": announced.employer_name,
        "Outplacementbureau": announced.agency,
        "Dringende reden": "nee",
    }
    for column, typed in record.values.items():
        if column in shared:
            said, read = shared[column]
            if typed and not _same(typed, said, read):
                message = (
                    f"{shown(typed)} hoort niet bij deze lijst ({said or 'leeg'}). Zet deze rij in een eigen lijst."
                )
                faults.append(_fault(table, record, column, message))
            yield column, said
        else:
            yield column, typed or otherwise.get(column, "")


def _same(typed: str, said: str, read: object) -> bool:
    assert callable(read)
    try:
        return bool(read(typed) == read(said))
    except ValueError:
        return False


def _without_doubles(file: str, rows: list[Row]) -> Iterator[Row]:
    """A person or number that stands in the file twice is a fault of every row it stands in but the first."""
    first: dict[str, int] = {}
    for one in rows:
        keys = () if one.application is None else (one.application.personal.people[0].key, one.application.reference)
        before = next((first[key] for key in keys if key in first), None)
        first |= {key: one.row for key in keys if key is not None and key not in first}
        if before is None:
            yield one
            continue
        message = f"deze persoon staat er al in, op rij {before}. Laat één van beide rijen weg."
        yield Row(one.row, one.name, None, (Fault(file=file, row=one.row, column="Naam", message=message),))


def _fault(table: Table, record: Record, column: str, message: str) -> Fault:
    return Fault(file=table.file, row=record.row, column=column, message=message)


def template() -> str:
    """A list to fill in: its columns, and one invented person who shows how to write."""
    example = {"Voornaam": "Jan", "Naam": "Voorbeeld", "Geboortedatum": "31/12/1970", "Statuut": "arbeider"}
    example |= {"Taal": "nl", "E-mail": "jan@voorbeeld.example", "Eerste werkdag": "01/02/2010"}
    example |= {"Kennisgeving ontslag": "15/01/2026", "Einde overeenkomst": "15/01/2026"}
    example |= {"Verbrekingsvergoeding (weken)": "32", "Tewerkstellingsbreuk": "1"}
    lines = (TEMPLATE, [example.get(column, "") for column in TEMPLATE])
    return "\r\n".join(";".join(line) for line in lines) + "\r\n"
