"""Applications for training support: formal and informal training (domain.md 3)."""

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from importing import notations
from importing.applications import Application, PersonalData
from importing.attachments import documents, file_names
from importing.faults import Fault
from importing.fields import NOTHING, Fields
from importing.keyed import fingerprint
from importing.office import Office
from importing.people import Participant
from importing.recognising import Table
from models.messages.facts import TrainingFacts
from models.messages.words import Instrument, Kind
from schemes.identifiers import iban_valid

_FILED: Mapping[str, Literal["before", "after"]] = {"vooraf": "before", "achteraf": "after"}
_TRAINING: Mapping[str, Literal[Instrument.FORMAL_TRAINING, Instrument.INFORMAL_TRAINING]] = {
    "formeel": Instrument.FORMAL_TRAINING,
    "informeel": Instrument.INFORMAL_TRAINING,
}
_TEXTS = ("Thema", "Opleidingsverstrekker", "Opmerking")
_POSTCODE = re.compile(r"(?:B ?- ?)?(?P<digits>[1-9][0-9]{3})")
_COMMITTEE = re.compile(r"\b(111|209)\b")


def read_trainings(
    table: Table, participants: Mapping[str, Sequence[Participant]], office: Office, faults: list[Fault]
) -> list[Application]:
    """The applications of one file, in its order. Unreadable amounts, hours or dates of the course are left for the
    intake to ask again; everything else that cannot be read is a fault."""
    found = []
    for record in table.records:
        fields = Fields(table, record, faults)
        found.append(_application(fields, participants, office))
    return found


def _application(fields: Fields, participants: Mapping[str, Sequence[Participant]], office: Office) -> Application:
    reference = fields.reference("Dossiernummer")
    people = participants.get(reference, ())
    facts = _facts(fields, people, office)
    personal = _personal(fields, people)
    return Application(
        reference=reference,
        fund=office.fund,
        kind=Kind.SUBSIDY,
        instrument=facts.instrument,
        filed_on=facts.filed_on,
        facts=facts,
        personal=personal,
        fingerprint=fingerprint(
            office.secret,
            personal.enterprise_number,
            personal.title,
            (facts.starts_on, facts.ends_on),
            personal.people,
        ),
    )


def _facts(fields: Fields, people: Sequence[Participant], office: Office) -> TrainingFacts:
    wallet = fields.as_stated("Kmo-portefeuille", notations.amount) if fields.text("Kmo-portefeuille") else NOTHING
    cost = fields.as_stated("Kostprijs excl. btw", notations.amount)
    return TrainingFacts(
        instrument=fields.choice("Soort opleiding", _TRAINING),
        filed_on=fields.day_of_filing(office.known_on),
        filed=fields.choice("Type aanvraag", _FILED),
        starts_on=fields.day_if_any("Begindatum"),
        ends_on=fields.day_if_any("Einddatum"),
        hours=fields.as_stated("Uren per deelnemer", notations.number),
        participants=tuple(facts for facts, _ in people),
        stated_participants=fields.as_stated("Aantal deelnemers", notations.whole),
        cost=None if wallet is None else cost,  # what is left of the cost is not known without the wallet
        sme_wallet=wallet or NOTHING,
        asked=fields.as_stated("Gevraagd bedrag", notations.amount),
        postcode=_postcode(fields.text("Postcode")),
        municipality=fields.public("Gemeente"),
        joint_committee=joint_committee(fields),
        documents=documents(file_names(fields.text("Bijlagen"))),
        iban_valid=iban_valid(fields.text("IBAN")),
        known_on=office.known_on,
    )


def _postcode(typed: str) -> str:
    """Four digits, with or without B- before them; anything else belongs to no fund."""
    found = _POSTCODE.fullmatch(typed.upper())
    return found["digits"] if found else ""


def _personal(fields: Fields, people: Sequence[Participant]) -> PersonalData:
    return PersonalData(
        enterprise_number=fields.enterprise(),
        establishment_number=fields.establishment(),
        employer_name=fields.text("Naam werkgever"),
        contact_name=fields.text("Contactpersoon"),
        email=fields.text("E-mail"),
        language=fields.language(),
        iban=fields.text("IBAN"),
        title=fields.text("Titel opleiding"),
        texts={column: fields.text(column) for column in _TEXTS if fields.text(column)},
        people=tuple(person for _, person in people),
        attachments=file_names(fields.text("Bijlagen")),
        typed=fields.typed,
    )


def joint_committee(fields: Fields) -> str:
    """111, 209 or 111+209, however it is written; another committee belongs to another sector."""
    found = sorted(set(_COMMITTEE.findall(fields.text("Paritair comité"))))
    if not found:
        fields.fault("Paritair comité", "vul 111, 209 of 111+209 in.")
    return "+".join(found)
