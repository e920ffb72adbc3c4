"""The list of employers of an office, with the headcounts that budgets are computed of."""

from importing.applications import EmployerRow
from importing.faults import Fault
from importing.fields import Fields
from importing.layouts import Sort
from importing.recognising import Table
from schemes.identifiers import iban_valid


def read_employers(table: Table, faults: list[Fault]) -> list[EmployerRow]:
    """The employers of one file, in its order. An establishment that stands in it twice is a fault."""
    found, seen = [], set()
    for record in table.records:
        fields = Fields(table, record, faults)
        employer = _employer(fields, stopped=table.sort is Sort.EMPLOYERS_STOPPED)
        if employer.establishment_number and employer.establishment_number in seen:
            fields.fault("Vestigingseenheidsnummer", "deze vestiging staat twee keer in het bestand.")
        seen.add(employer.establishment_number)
        found.append(employer)
    return found


def _employer(fields: Fields, stopped: bool) -> EmployerRow:
    return EmployerRow(
        enterprise_number=fields.enterprise(),
        establishment_number=fields.establishment(),
        social_security_number=fields.text("RSZ-nummer"),
        name=fields.text("Naam"),
        legal_form=fields.text("Rechtsvorm"),
        activity_code=fields.text("NACE-code"),
        activity=fields.text("Activiteit"),
        postcode=fields.text("Postcode"),
        municipality=fields.text("Gemeente"),
        region=fields.text("Regio"),
        joint_committee_workers=fields.text("PC arbeiders"),
        sub_committee_workers=fields.text("Subcomité PC 111"),
        joint_committee_employees=fields.text("PC bedienden"),
        workers=fields.whole("Arbeiders op 30/09/2023"),
        employees=fields.whole("Bedienden op 30/09/2023"),
        staff=fields.whole("Totaal op 30/09/2023"),
        iban=fields.text("IBAN"),
        iban_valid=iban_valid(fields.text("IBAN")),
        contact_name=fields.text("Contactpersoon"),
        contact_role=fields.text("Functie contact"),
        email=fields.text("E-mail"),
        phone=fields.text("Telefoon"),
        language=fields.language(),
        stopped_on=fields.day("Stopgezet op") if stopped else None,
        stopped_because=fields.text("Reden") if stopped else "",
    )
