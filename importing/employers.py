"""The list of employers of an office, with the headcounts that budgets are computed of."""

from collections.abc import Sequence
from datetime import date

from importing import dated
from importing.applications import EmployerRow, Heads
from importing.faults import Fault
from importing.fields import Fields
from importing.layouts import Sort
from importing.office import Office
from importing.recognising import Table
from schemes.identifiers import iban_valid


def read_employers(tables: Sequence[Table], office: Office, faults: list[Fault]) -> list[EmployerRow]:
    """The establishments of all lists together, each once: described by its newest list, with the heads of them all.

    Of one day an establishment stands in one row of one list: a second one is a fault, and so is a day that no budget
    means.
    """
    found: dict[str, EmployerRow] = {}
    seen: dict[tuple[str, date], str] = {}
    for table in tables:
        header = list(table.records[0].values) if table.records else []
        for column, message in dated.wrong_days(header, office.known_on):
            faults.append(Fault(file=table.file, row=table.header, column=column, message=message))
        days = dated.counted_days(header)
        for record in table.records:
            fields = Fields(table, record, faults)
            employer = _employer(fields, days, stopped=table.sort is Sort.EMPLOYERS_STOPPED)
            if number := employer.establishment_number:
                _once(fields, seen, number, days, f"{table.file}, rij {record.row}")
                found[number] = _joined(found.get(number), employer)
    return list(found.values())


def _once(fields: Fields, seen: dict[tuple[str, date], str], number: str, days: Sequence[date], place: str) -> None:
    """Name a row whose establishment was counted on the same day before."""
    earlier = next((seen[number, day] for day in days if (number, day) in seen), None)
    if earlier is not None:
        fields.fault("Vestigingseenheidsnummer", f"deze vestiging staat er twee keer in: ook in {earlier}.")
    seen.update({(number, day): place for day in days if (number, day) not in seen})


def _joined(known: EmployerRow | None, read: EmployerRow) -> EmployerRow:
    if known is None or not (known.heads and read.heads):
        return read
    heads = tuple(sorted((*known.heads, *read.heads), key=lambda one: one.counted_on))
    newest = max(known, read, key=lambda one: one.heads[-1].counted_on)
    return newest.model_copy(update={"heads": heads})


def _heads(fields: Fields, day: date) -> Heads:
    return Heads(
        counted_on=day,
        workers=_whole(fields, dated.WORKERS, day),
        employees=_whole(fields, dated.EMPLOYEES, day),
        staff=_whole(fields, dated.STAFF, day),
    )


def _whole(fields: Fields, of: str, day: date) -> int:
    """A headcount; a column that is missing was named with the header."""
    name = dated.column(of, day)
    return fields.whole(name) if name in fields.typed else 0


def _employer(fields: Fields, days: Sequence[date], stopped: bool) -> EmployerRow:
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
        heads=tuple(_heads(fields, day) for day in days),
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
