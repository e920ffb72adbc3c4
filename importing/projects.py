"""Applications for transition support and project financing, with their budgets and instalments (domain.md 4 and 5)."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Literal

from importing.applications import Application, PersonalData
from importing.attachments import documents, file_names
from importing.faults import Fault
from importing.fields import Fields
from importing.notations import plain
from importing.office import Office
from importing.people import Participant, companion_of
from importing.recognising import Table
from importing.training import joint_committee
from models.messages.facts import BudgetLine, Lever, PlannedInstalment, ProjectFacts, TransitionFacts
from schemes.identifiers import iban_valid
from schemes.project import looks_like_training

_LEVERS: Mapping[str, Lever] = {
    "duurzame inzetbaarheid": "sustainable_employability",
    "werkbaar werk": "workable_work",
    "geengageerd leiderschap": "engaged_leadership",
}
_MOMENTS: Mapping[str, Literal["approval", "interim_report", "final_report", "retention"]] = {
    "bij goedkeuring": "approval",
    "na tussentijds verslag": "interim_report",
    "na eindverslag": "final_report",
    "na controle tewerkstelling": "retention",
}
_ADVICE: Mapping[str, Literal["favourable", "unfavourable", "not_applicable", "missing"]] = {
    "gunstig": "favourable",
    "ongunstig": "unfavourable",
    "niet van toepassing": "not_applicable",
    "geen advies gevraagd": "missing",
    "": "missing",
}
_COSTS = (
    *("advies", "begeleiding", "coaching", "meting", "verslag", "aankoop", "opleiding", "externe opleiding"),
    *("assessment", "loopbaangesprek", "loonkost"),
)
_TEXTS = ("Vraag van het bedrijf", "Doel", "Huidige functie", "Doelfunctie", "Herkomst", "Externe expert")
_EXPERT = ("Organisatie expert", "Rol expert")

Budget = Mapping[str, Sequence[BudgetLine]]
Instalments = Mapping[str, Sequence[PlannedInstalment]]


def read_budgets(tables: Sequence[Table], known: Mapping[str, str], faults: list[Fault]) -> Budget:
    """The budget lines per dossier; an unknown kind of cost is 'andere', because free text goes no further."""
    found: dict[str, list[BudgetLine]] = defaultdict(list)
    for table in tables:
        for record in table.records:
            fields = Fields(table, record, faults)
            sort = plain(fields.text("Kostensoort"))
            line = BudgetLine(
                line=fields.whole("Lijn"), sort=sort if sort in _COSTS else "andere", amount=fields.amount("Bedrag")
            )
            found[companion_of(fields, known)].append(line)
    return found


def read_instalments(tables: Sequence[Table], known: Mapping[str, str], faults: list[Fault]) -> Instalments:
    """The planned instalments per dossier."""
    found: dict[str, list[PlannedInstalment]] = defaultdict(list)
    for table in tables:
        for record in table.records:
            fields = Fields(table, record, faults)
            instalment = PlannedInstalment(
                number=fields.whole("Schijf"),
                moment=fields.choice("Moment", _MOMENTS),
                percentage=fields.number("Percentage"),
                amount=fields.amount("Bedrag"),
                planned_on=fields.day_if_any("Geplande datum"),
            )
            found[companion_of(fields, known)].append(instalment)
    return found


def read_transitions(
    table: Table,
    people: Mapping[str, Sequence[Participant]],
    budgets: Budget,
    instalments: Instalments,
    office: Office,
    faults: list[Fault],
) -> list[Application]:
    """The applications for transition support of one file, in its order."""

    def stated(fields: Fields, reference: str) -> TransitionFacts:
        here = people.get(reference, ())
        filed_on = fields.day_of_filing(office.known_on)
        return _transition(fields, filed_on, here, budgets.get(reference, ()), instalments.get(reference, ()))

    return _read(table, stated, people, office, faults)


def read_projects(
    table: Table,
    people: Mapping[str, Sequence[Participant]],
    budgets: Budget,
    instalments: Instalments,
    office: Office,
    faults: list[Fault],
) -> list[Application]:
    """The applications for project financing of one file, in its order; the lever rule is asked when all are known."""

    def stated(fields: Fields, reference: str) -> ProjectFacts:
        return _project(
            fields, fields.day_of_filing(office.known_on), budgets.get(reference, ()), instalments.get(reference, ())
        )

    return _read(table, stated, people, office, faults)


def _read(
    table: Table,
    stated: Callable[[Fields, str], TransitionFacts | ProjectFacts],
    people: Mapping[str, Sequence[Participant]],
    office: Office,
    faults: list[Fault],
) -> list[Application]:
    found = []
    for record in table.records:
        fields = Fields(table, record, faults)
        reference = fields.reference("Dossiernummer")
        facts = stated(fields, reference)
        found.append(
            Application(
                reference=reference,
                fund=office.fund,
                kind=facts.kind,
                instrument=facts.instrument,
                filed_on=facts.filed_on,
                facts=facts,
                personal=_personal(fields, people.get(reference, ())),
            )
        )
    return found


def _transition(
    fields: Fields,
    filed_on: date,
    people: Sequence[Participant],
    budget: Sequence[BudgetLine],
    instalments: Sequence[PlannedInstalment],
) -> TransitionFacts:
    return TransitionFacts(
        filed_on=filed_on,
        joint_committee=joint_committee(fields),
        same_function=plain(fields.text("Huidige functie")) == plain(fields.text("Doelfunctie")),
        bottleneck=fields.yes("Knelpuntfunctie"),
        has_expert=bool(fields.text("Externe expert")),
        quotes=fields.whole("Aantal offertes"),
        starts_on=fields.day("Begindatum"),
        ends_on=fields.day("Einddatum"),
        hours=fields.number("Uren per deelnemer"),
        participants=tuple(facts for facts, _ in people),
        participant_count=fields.whole("Aantal deelnemers"),
        cost=fields.amount("Totale kost excl. btw"),
        asked=fields.amount("Gevraagde steun"),
        council_advice=fields.choice("Advies ondernemingsraad", _ADVICE),
        started_before_filing=fields.yes("Gestart vóór aanvraag"),
        budget=tuple(budget),
        instalments=tuple(instalments),
        documents=documents(file_names(fields.text("Bijlagen"))),
        iban_valid=iban_valid(fields.text("IBAN")),
    )


def _project(
    fields: Fields, filed_on: date, budget: Sequence[BudgetLine], instalments: Sequence[PlannedInstalment]
) -> ProjectFacts:
    return ProjectFacts(
        filed_on=filed_on,
        lever=_LEVERS.get(plain(fields.text("Hefboom"))),
        looks_like_training=looks_like_training(budget),
        running_in_lever=None,
        has_expert=bool(fields.text("Externe expert")),
        quotes=fields.whole("Aantal offertes"),
        starts_on=fields.day("Begindatum"),
        ends_on=fields.day("Einddatum"),
        participant_count=fields.whole("Aantal deelnemers"),
        cost=fields.amount("Totale kost excl. btw"),
        asked=fields.amount("Gevraagde steun"),
        publication_consent=fields.yes("Toestemming publicatie"),
        budget=tuple(budget),
        instalments=tuple(instalments),
        documents=documents(file_names(fields.text("Bijlagen"))),
        iban_valid=iban_valid(fields.text("IBAN")),
    )


def _personal(fields: Fields, people: Sequence[Participant]) -> PersonalData:
    typed = fields.typed
    return PersonalData(
        enterprise_number=fields.enterprise(),
        establishment_number=fields.establishment(),
        employer_name=fields.text("Naam werkgever"),
        contact_name=fields.text("Contactpersoon"),
        email=fields.text("E-mail"),
        iban=fields.text("IBAN"),
        title=fields.text("Titel"),
        texts={column: typed[column] for column in (*_TEXTS, *_EXPERT) if typed.get(column)},
        people=tuple(person for _, person in people),
        attachments=file_names(fields.text("Bijlagen")),
        typed=typed,
    )
