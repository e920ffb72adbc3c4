"""The files an office hands over and their columns (described in the README of the practice data)."""

from collections.abc import Mapping
from enum import StrEnum


class Sort(StrEnum):
    """The files an office hands over, in Dutch as messages name them."""

    EMPLOYERS = "werkgevers"
    EMPLOYERS_STOPPED = "stopgezette werkgevers"
    SUBSIDY_APPLICATIONS = "aanvragen opleidingssteun"
    SUBSIDY_PARTICIPANTS = "deelnemers opleidingssteun"
    TRANSITIONS = "aanvragen transitiesteun"
    PROJECTS = "aanvragen projectfinanciering"
    BUDGET_LINES = "begrotingslijnen"
    INSTALMENTS = "schijven"
    PROJECT_PARTICIPANTS = "deelnemers transitie en project"
    OUTPLACEMENT = "outplacement"
    OUTPLACEMENT_NOT_STARTED = "outplacement niet gestart"
    CAREER_ACCOUNTS = "loopbaanrekening"
    DISMISSED = "ontslagen personen"


_EMPLOYER = (
    "Ondernemingsnummer|Vestigingseenheidsnummer|RSZ-nummer?|Naam|Rechtsvorm?|NACE-code?|Activiteit?|Postcode|Gemeente|"
    "Regio?|PC arbeiders|Subcomité PC 111?|PC bedienden|Arbeiders op dd/mm/jjjj|Bedienden op dd/mm/jjjj|"
    "Totaal op dd/mm/jjjj|IBAN?|Contactpersoon|Functie contact?|E-mail|Telefoon?|Taal?"
)
_APPLICANT = "Dossiernummer|Datum indiening|Ondernemingsnummer|Vestigingseenheidsnummer|Naam werkgever"
_DISMISSED = (
    "Trajectnummer|Soort ontslag|Ondernemingsnummer|Naam werkgever|Aankondiging collectief ontslag|Faillissement|"
    "Voornaam|Naam|Geboortedatum|Statuut|Taal?|E-mail|Telefoon?|Eerste werkdag|Kennisgeving ontslag|Begin opzegtermijn|"
    "Einde overeenkomst|Opzegtermijn (weken)|Verbrekingsvergoeding (weken)|Dringende reden|Tewerkstellingsbreuk|"
    "Bruto jaarloon|Vier weken ingehouden|Outplacementbureau|Datum aanbod|Ingebrekestelling|Antwoord|Datum antwoord"
)
_NEWLY_DISMISSED = (
    "Voornaam|Naam|Geboortedatum|Statuut|Taal?|E-mail?|Telefoon?|Straat en nummer?|Postcode?|Gemeente?|Land?|"
    "Eerste werkdag|Kennisgeving ontslag|Begin opzegtermijn?|Einde overeenkomst|Opzegtermijn (weken)?|"
    "Verbrekingsvergoeding (weken)?|Dringende reden?|Tewerkstellingsbreuk|Bruto jaarloon?|Vier weken ingehouden?|"
    "Outplacementbureau?|Datum aanbod?|Ingebrekestelling?|Antwoord?|Datum antwoord?|Trajectnummer?|Soort ontslag?|"
    "Ondernemingsnummer?|Naam werkgever?|Aankondiging collectief ontslag?|Faillissement?"
)
_PROJECT = (
    "Hefboom|Titel|Vraag van het bedrijf?|Doel?|Externe expert|Organisatie expert?|Rol expert?|Aantal offertes|"
    "Begindatum|Einddatum|Aantal deelnemers|Totale kost excl. btw|Gevraagde steun|IBAN|Bijlagen|Contactpersoon|E-mail"
)
LAYOUTS: Mapping[Sort, tuple[str, ...]] = {
    sort: tuple(columns.split("|"))
    for sort, columns in {
        Sort.EMPLOYERS: _EMPLOYER,
        Sort.EMPLOYERS_STOPPED: f"{_EMPLOYER}|Stopgezet op|Reden",
        Sort.SUBSIDY_APPLICATIONS: f"{_APPLICANT}|Type aanvraag|Soort opleiding|Postcode|Gemeente|Paritair comité|"
        "Thema?|Titel opleiding|Opleidingsverstrekker?|Begindatum|Einddatum|Uren per deelnemer|Aantal deelnemers|"
        "Aantal arbeiders?|Aantal bedienden?|Kostprijs excl. btw|Kmo-portefeuille|Gevraagd bedrag|IBAN|Bijlagen|"
        "Contactpersoon|E-mail|Taal?|Opmerking?",
        Sort.SUBSIDY_PARTICIPANTS: "Dossiernummer|Volgnummer|Voornaam|Naam|Geboortedatum|Statuut|"
        "Uren gepland|Uren gevolgd",
        Sort.TRANSITIONS: f"{_APPLICANT}|{_PROJECT}|Paritair comité|Huidige functie|Doelfunctie|Knelpuntfunctie|"
        "Uren per deelnemer|Advies ondernemingsraad|Gestart vóór aanvraag",
        Sort.PROJECTS: f"{_APPLICANT}|{_PROJECT}|Herkomst?|Toestemming publicatie",
        Sort.BUDGET_LINES: "Dossiernummer|Lijn|Kostensoort|Omschrijving?|Aantal?|Eenheid?|Eenheidsprijs?|Bedrag",
        Sort.INSTALMENTS: "Dossiernummer|Schijf|Moment|Percentage|Bedrag|Geplande datum",
        Sort.PROJECT_PARTICIPANTS: "Dossiernummer|Volgnummer|Voornaam|Naam|Geboortedatum|Statuut|Rol|Scholingsgraad?|"
        "Uren gepland|Uren gevolgd|Uitkomst?",
        Sort.OUTPLACEMENT: f"{_DISMISSED}|Startdatum|Einddatum traject|Uren fase 1|Uren fase 2|Uren fase 3",
        Sort.OUTPLACEMENT_NOT_STARTED: f"{_DISMISSED}|Reden niet gestart",
        Sort.CAREER_ACCOUNTS: "Aanvraagnummer|Datum indiening|Ingediend door|Voornaam|Naam|Geboortedatum|Statuut|"
        "Ondernemingsnummer werkgever|Naam werkgever|In dienst sinds|Soort|Titel|Verstrekker?|Begindatum|Einddatum|"
        "Uren|Moment?|Inschrijvingsgeld|Andere kosten|Gevraagd bedrag|IBAN|E-mail|Taal?|Bijlagen",
        Sort.DISMISSED: _NEWLY_DISMISSED,
    }.items()
}
"""The columns per file; a question mark: may be absent; `dd/mm/jjjj`: of one day or of several, side by side."""
NOT_IN: Mapping[Sort, frozenset[str]] = {
    Sort.DISMISSED: frozenset({"Startdatum", "Einddatum traject", "Uren fase 1", "Reden niet gestart"})
}
"""Columns by which a file is known not to be of a sort: its own list has them, and one that misses a column is told."""
