"""Applications on a career account (loopbaanrekening): one person, own initiative (domain.md 3.2)."""

from collections.abc import Mapping
from typing import Literal

from importing.applications import Application, Person, PersonalData
from importing.attachments import documents, file_names
from importing.faults import Fault
from importing.fields import NOTHING, Fields
from importing.keyed import account_key
from importing.office import Office
from importing.people import STATUSES
from importing.recognising import Table
from models.messages.facts import CareerAccountFacts
from models.messages.words import Instrument, Kind
from schemes.identifiers import iban_valid

_FILED_BY: Mapping[str, Literal["person", "mandated"]] = {"werknemer": "person", "derde met mandaat": "mandated"}
_PURPOSE: Mapping[str, Literal["training", "guidance"]] = {"opleiding": "training", "loopbaanbegeleiding": "guidance"}
_TEXTS = ("Verstrekker", "Moment")


def read_career_accounts(table: Table, office: Office, faults: list[Fault]) -> list[Application]:
    """The applications of one file, in its order."""
    return [_application(Fields(table, record, faults), office) for record in table.records]


def _application(fields: Fields, office: Office) -> Application:
    facts, personal = _facts(fields, office), _personal(fields)
    return Application(
        reference=fields.reference("Aanvraagnummer"),
        fund=office.fund,
        kind=Kind.SUBSIDY,
        instrument=Instrument.CAREER_ACCOUNT,
        filed_on=facts.filed_on,
        facts=facts,
        personal=personal,
    )


def _facts(fields: Fields, office: Office) -> CareerAccountFacts:
    person = fields.text("Voornaam"), fields.text("Naam"), fields.day("Geboortedatum")
    return CareerAccountFacts(
        filed_on=fields.day_of_filing(office.known_on),
        filed_by=fields.choice("Ingediend door", _FILED_BY),
        status=fields.choice("Statuut", STATUSES),
        employed_since=fields.day_if_any("In dienst sinds"),
        purpose=fields.choice("Soort", _PURPOSE),
        starts_on=fields.day("Begindatum"),
        ends_on=fields.day("Einddatum"),
        hours=fields.number("Uren"),
        fee=fields.amount("Inschrijvingsgeld"),
        other_costs=fields.amount_if_any("Andere kosten") or NOTHING,
        asked=fields.amount("Gevraagd bedrag"),
        documents=documents(file_names(fields.text("Bijlagen"))),
        iban_valid=iban_valid(fields.text("IBAN")),
        account=account_key(office.secret, *person),
    )


def _personal(fields: Fields) -> PersonalData:
    name = fields.text("Voornaam"), fields.text("Naam")
    person = Person(line=1, first_name=name[0], last_name=name[1], birth_date=fields.day("Geboortedatum"))
    return PersonalData(
        enterprise_number=fields.enterprise("Ondernemingsnummer werkgever"),
        employer_name=fields.text("Naam werkgever"),
        contact_name=person.name,
        email=fields.text("E-mail"),
        language=fields.language(),
        iban=fields.text("IBAN"),
        title=fields.text("Titel"),
        texts={column: fields.text(column) for column in _TEXTS if fields.text(column)},
        people=(person,),
        attachments=file_names(fields.text("Bijlagen")),
        typed=fields.typed,
    )
