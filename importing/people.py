"""Participants of subsidy, transition and project dossiers, by dossier number."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from importing.applications import Person
from importing.faults import Fault
from importing.fields import NOTHING, Fields
from importing.recognising import Table
from models.messages.facts import ParticipantFacts, Status

STATUSES: Mapping[str, Status] = {
    "arbeider": "worker",
    "bediende": "employee",
    "uitzendkracht": "agency_worker",
    "zaakvoerder": "manager",
}
Participant = tuple[ParticipantFacts, Person]


def read_participants(
    tables: Sequence[Table], known: Mapping[str, str], known_on: date, faults: list[Fault]
) -> Mapping[str, list[Participant]]:
    """The participants per dossier. `known` maps the dossier numbers of the applications to their file.

    Adds a fault for a dossier number without application and for a line number that a dossier has twice.
    """
    found: dict[str, list[Participant]] = defaultdict(list)
    for table in tables:
        for record in table.records:
            fields = Fields(table, record, faults)
            dossier = companion_of(fields, known)
            participant = _participant(fields, known_on)
            if any(facts.line == participant[0].line for facts, _ in found[dossier]):
                fields.fault("Volgnummer", f"dossier {dossier} heeft al een deelnemer {participant[0].line}.")
            found[dossier].append(participant)
    return found


def companion_of(fields: Fields, known: Mapping[str, str]) -> str:
    """The dossier number of a line in a companion file; a fault when no application has it."""
    dossier = fields.reference("Dossiernummer")
    if dossier not in known:
        fields.fault("Dossiernummer", f"er is geen aanvraag met nummer '{dossier[:40]}' in deze bestanden.")
    return dossier


def _participant(fields: Fields, known_on: date) -> Participant:
    line, born = fields.whole("Volgnummer"), fields.day("Geboortedatum")
    facts = ParticipantFacts(
        line=line,
        status=fields.choice("Statuut", STATUSES),
        hours_planned=fields.number_if_any("Uren gepland") or NOTHING,
        hours_attended=fields.number_if_any("Uren gevolgd"),
        born_after_handover=born > known_on,
    )
    person = Person(
        line=line,
        first_name=fields.text("Voornaam"),
        last_name=fields.text("Naam"),
        birth_date=born,
        role=fields.typed.get("Rol", ""),
        education=fields.typed.get("Scholingsgraad", ""),
        outcome=fields.typed.get("Uitkomst", ""),
    )
    return facts, person
