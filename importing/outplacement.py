"""Dismissals: one employer dossier per employer, kind of dismissal and announcement, one trajectory per person.

An individual dismissal is a dossier of its own. The day of notification to the fund is not in the files: the first
notice of dismissal of the group stands for it [assumption].
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from importing.applications import Application, Guidance, Person, PersonalData
from importing.faults import Fault
from importing.fields import Fields
from importing.keyed import person_key
from importing.office import Office
from importing.people import STATUSES
from importing.recognising import Table
from models.errors import Defect
from models.messages.facts import OutplacementFacts, TrajectoryFacts
from models.messages.words import Instrument, Kind
from schemes.dismissals import ages

_DISMISSALS: Mapping[str, Literal["closure", "restructuring", "individual"]] = {
    "individueel": "individual",
    "herstructurering": "restructuring",
    "sluiting": "closure",
}
_ANSWERS: Mapping[str, Literal["accepted", "refused"]] = {"aanvaard": "accepted", "geweigerd": "refused"}
_PHASES = ("Uren fase 1", "Uren fase 2", "Uren fase 3")


def read_outplacements(tables: Sequence[Table], office: Office, faults: list[Fault]) -> list[Application]:
    """The employer dossiers of all files together, each with its trajectories, in the order of trajectory numbers."""
    groups: dict[tuple[str, ...], list[Application]] = defaultdict(list)
    for table in tables:
        for record in table.records:
            trajectory = read_dismissed(Fields(table, record, faults), office)
            groups[_group(trajectory)].append(trajectory)
    return sorted(
        (employer_dossier(people, office) for people in groups.values()), key=lambda dossier: dossier.reference
    )


def _group(trajectory: Application) -> tuple[str, ...]:
    """What the people of one employer dossier have in common; a person dismissed alone has only the own number."""
    match trajectory.facts:
        case TrajectoryFacts(dismissal="individual"):
            return (trajectory.reference,)
        case TrajectoryFacts(dismissal=dismissal, announced_on=announced_on):
            return trajectory.personal.enterprise_number, dismissal, str(announced_on)
    raise Defect("only a trajectory belongs to an employer dossier")


def employer_dossier(people: Sequence[Application], office: Office) -> Application:
    """The employer dossier of these people: everything they share, and they themselves in it."""
    first = min(people, key=lambda trajectory: trajectory.reference)
    reference = f"W-{first.reference}"
    stated = [trajectory.facts for trajectory in people if isinstance(trajectory.facts, TrajectoryFacts)]
    facts = OutplacementFacts(
        notified_on=min(facts.dismissed_on for facts in stated),
        dismissal=stated[0].dismissal,
        bankrupt=any(facts.bankrupt for facts in stated),
        announced_on=stated[0].announced_on,
        people=len(people),
        agency=_only(facts.agency for facts in stated),
    )
    return Application(
        reference=reference,
        fund=office.fund,
        kind=Kind.OUTPLACEMENT,
        instrument=Instrument.OUTPLACEMENT,
        filed_on=facts.notified_on,
        facts=facts,
        personal=PersonalData(
            enterprise_number=first.personal.enterprise_number, employer_name=first.personal.employer_name
        ),
        trajectories=tuple(_of(trajectory, reference) for trajectory in people),
    )


def _of(trajectory: Application, employer_dossier: str) -> Application:
    """The trajectory as a part of its employer dossier, whose reference is known last."""
    facts = trajectory.facts.model_copy(update={"employer_dossier": employer_dossier})
    return trajectory.model_copy(update={"facts": facts})


def _only(agencies: Iterable[str | None]) -> str | None:
    """The one agency of a group, or none when there are several."""
    found = set(agencies)
    return found.pop() if len(found) == 1 else None


def read_dismissed(fields: Fields, office: Office) -> Application:
    """One dismissed person; of which employer dossier is not known yet."""
    facts = _facts(fields)
    return Application(
        reference=fields.reference("Trajectnummer"),
        fund=office.fund,
        kind=Kind.TRAJECTORY,
        instrument=Instrument.TRAJECTORY,
        filed_on=facts.dismissed_on,
        facts=facts,
        personal=_personal(fields, office),
        guidance=_guidance(fields),
    )


def _facts(fields: Fields) -> TrajectoryFacts:
    announced, dismissed = fields.day_if_any("Aankondiging collectief ontslag"), fields.day("Kennisgeving ontslag")
    age = ages(fields.day("Geboortedatum"), dismissed, announced)
    return TrajectoryFacts(
        employer_dossier="",
        dismissal=fields.choice("Soort ontslag", _DISMISSALS),
        bankrupt=fields.yes("Faillissement"),
        announced_on=announced,
        age_on_dismissal=age.on_dismissal,
        age_on_announcement=age.on_announcement,
        status=fields.choice("Statuut", STATUSES),
        service_began_on=fields.day("Eerste werkdag"),
        dismissed_on=dismissed,
        notice_began_on=fields.day_if_any("Begin opzegtermijn"),
        contract_ended_on=fields.day("Einde overeenkomst"),
        notice_weeks=fields.number_if_any("Opzegtermijn (weken)"),
        indemnity_weeks=fields.number_if_any("Verbrekingsvergoeding (weken)"),
        urgent_cause=fields.yes("Dringende reden"),
        employment_fraction=fields.number("Tewerkstellingsbreuk"),
        gross_yearly_wage=fields.amount_if_any("Bruto jaarloon"),
        four_weeks_withheld=fields.yes_if_any("Vier weken ingehouden"),
        agency=fields.public("Outplacementbureau") or None,
        offered_on=fields.day_if_any("Datum aanbod"),
        default_notice_on=fields.day_if_any("Ingebrekestelling"),
        answered_on=fields.day_if_any("Datum antwoord"),
        answer=fields.choice("Antwoord", _ANSWERS) if fields.text("Antwoord") else None,
        started_on=fields.day_if_any("Startdatum") if "Startdatum" in fields.typed else None,
    )


def _personal(fields: Fields, office: Office) -> PersonalData:
    first, last, born = fields.text("Voornaam"), fields.text("Naam"), fields.day("Geboortedatum")
    key = person_key(office.secret, first, last, born)
    person = Person(line=1, first_name=first, last_name=last, birth_date=born, key=key)
    typed = fields.typed
    return PersonalData(
        enterprise_number=fields.enterprise(),
        employer_name=fields.text("Naam werkgever"),
        contact_name=person.name,
        email=fields.text("E-mail"),
        phone=fields.text("Telefoon"),
        street=typed.get("Straat en nummer", ""),
        postcode=typed.get("Postcode", ""),
        municipality=typed.get("Gemeente", ""),
        country=typed.get("Land", ""),
        language=fields.language(),
        people=(person,),
        typed=typed,
    )


def _guidance(fields: Fields) -> Guidance:
    """What the agency reported, which is not a fact of the dismissal."""
    if "Startdatum" not in fields.typed:
        return Guidance(not_started_because=fields.typed.get("Reden niet gestart", ""))
    hours = (fields.number_if_any(column) for column in _PHASES)
    return Guidance(
        ended_on=fields.day_if_any("Einddatum traject"),
        hours_by_phase=tuple(phase for phase in hours if phase is not None),
    )
