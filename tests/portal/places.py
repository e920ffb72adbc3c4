"""Every page of the portal with somebody who may see it: what axe reads, and what docs/portal.md shows.

An address may ask the database for a number; what is asked stands in braces and is looked up in `LOOKED_UP`.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncEngine

from database import glance, transaction
from models.messages.words import Fund, Party, Role
from models.tables import AnswerLink
from models.tables.asking import ANSWER_LINK_LASTS, new_secret, secret_digest
from portal.access.visitor import Visitor

LOOKED_UP = {
    "envelope": "SELECT envelope FROM envelope WHERE fund = 'ANT' ORDER BY instrument DESC LIMIT 1",
    "run": "SELECT run FROM payment_run WHERE fund = 'ANT' ORDER BY run DESC LIMIT 1",
    "task": "SELECT task FROM task WHERE state = 'open' AND step = 'review' AND fund = 'ANT' ORDER BY due LIMIT 1",
    "reviewed": "SELECT dossier FROM task WHERE state = 'open' AND step = 'review' AND fund = 'ANT' "
    "ORDER BY due LIMIT 1",
    "long": "SELECT number FROM dossier WHERE fund = 'ANT' AND kind = 'subsidy' AND paid > 0 "
    "ORDER BY sequence DESC LIMIT 1",
    "own": "SELECT number FROM receipt JOIN dossier USING (number) WHERE enterprise_number = :enterprise "
    "AND dossier.kind <> 'trajectory' ORDER BY dossier.paid DESC, number LIMIT 1",
    "request": "SELECT replace(request, dossier || '/', dossier || '/antwoorden/') FROM request "
    "JOIN receipt ON receipt.number = request.dossier WHERE state = 'open' AND party = 'applicant' "
    "AND enterprise_number = :enterprise ORDER BY until LIMIT 1",
    "cohort": "SELECT parent FROM dossier WHERE kind = 'trajectory' AND fund = 'ANT' GROUP BY parent "
    "ORDER BY count(*) DESC, parent LIMIT 1",
    "trajectory": "SELECT number FROM receipt JOIN dossier USING (number) WHERE agency = :agency AND outcome IS NULL "
    "ORDER BY number LIMIT 1",
}
ENTERPRISE = """
SELECT enterprise_number FROM request JOIN receipt ON receipt.number = request.dossier
WHERE request.state = 'open' AND request.party = 'applicant' AND receipt.kind <> 'trajectory'
GROUP BY enterprise_number ORDER BY count(*) DESC, enterprise_number LIMIT 1
"""
AGENCY = "SELECT agency FROM receipt WHERE agency IS NOT NULL GROUP BY agency ORDER BY count(*) DESC LIMIT 1"


class Place(NamedTuple):
    """One page: its name, what it is for, who looks at it, and where it is."""

    name: str
    says: str
    who: str
    address: str


PLACES = (
    Place("doors", "Aanmelden", "nobody", "/aanmelden"),
    Place("worklist", "De werklijst van een dossierbeheerder", "handler", "/werklijst?lijst=team"),
    Place("worklist_asked", "Dezelfde lijst met een getypte vraag", "handler", "/werklijst?lijst=team&q=is:telaat"),
    Place("dossier", "Een dossier dat op een beoordeling wacht", "handler", "/dossier/{reviewed}"),
    Place("dossier_long", "Een dossier waarin betaald is", "handler", "/dossier/{long}"),
    Place("task", "Een taak beantwoorden", "handler", "/taak/{task}"),
    Place("absence", "Wie vervangt wie", "handler", "/afwezigheid"),
    Place("claim", "Geld terugvragen", "handler", "/dossier/{long}/terugvragen"),
    Place("cohorts", "Sluitingen en herstructureringen", "handler", "/cohorten"),
    Place("cohort", "Eén sluiting met haar mensen", "handler", "/cohorten/{cohort}"),
    Place("cohort_new", "Een bestand met ontslagen mensen", "intake", "/cohorten/nieuw"),
    Place("correction", "Een gegeven van een traject verbeteren", "handler", "/dossier/{trajectory}/verbeteren"),
    Place("post", "Brieven die wachten om afgedrukt te worden", "intake", "/post"),
    Place("coordination", "Hoe het werk verdeeld is", "team_lead", "/coordinatie"),
    Place("budgets", "De budgetten van een fonds", "finance", "/geld/budgetten"),
    Place("budgets_decided", "Een budget goedkeuren", "approver", "/geld/budgetten"),
    Place("budget", "Eén budget", "finance", "/geld/budgetten/{envelope}"),
    Place("payments", "Wat te betalen is", "finance", "/geld/betalingen"),
    Place("run", "Een betaalopdracht tekenen", "finance", "/geld/betalingen/{run}"),
    Place("accounts", "Gewijzigde rekeningen", "finance", "/geld/rekeningen"),
    Place("bank", "Wat de bank zegt", "finance", "/geld/bankbestanden"),
    Place("bank_queue", "Wat niet herkend is", "finance", "/geld/bankbestanden/niet-herkend"),
    Place("recoveries", "Wat teruggevraagd wordt", "finance", "/geld/terugvorderingen"),
    Place("outcomes", "Wat er van mensen geworden is", "board", "/uitkomsten"),
    Place("agencies", "Hoe bureaus begeleiden", "team_lead", "/bureaus"),
    Place("agreements", "Overeenkomsten met bureaus", "team_lead", "/bureaus/overeenkomsten"),
    Place("meetings", "Vergaderingen van het bestuursorgaan", "board", "/vergadering"),
    Place("people", "De mensen van een fonds", "administrator", "/beheer"),
    Place("person", "Iemand toevoegen", "administrator", "/beheer/nieuw"),
    Place("agency_accounts", "Accounts van bureaus", "administrator", "/beheer/bureaus"),
    Place("teams", "Ploegen", "administrator", "/beheer/ploegen"),
    Place("absences", "Afwezigheden", "administrator", "/beheer/afwezigheden"),
    Place("policies", "Reglementen", "administrator", "/beheer/reglementen"),
    Place("policy", "Een reglement met zijn bronnen", "administrator", "/beheer/reglementen/formal_training"),
    Place("rights", "Wie wat mag", "administrator", "/beheer/rechten"),
    Place("changes", "Wijzigingen aan mensen", "administrator", "/beheer/wijzigingen"),
    Place("audit", "Nazicht", "auditor", "/nazicht"),
    Place("audit_dossier", "Een dossier zoals het stond", "auditor", "/nazicht/{long}"),
    Place("audit_people", "Wie deed wat", "auditor", "/nazicht/wie"),
    Place("own_dossiers", "De eigen dossiers van een werkgever", "employer", "/mijn-dossiers"),
    Place("own_dossier", "Eén dossier voor een werkgever", "employer", "/mijn-dossiers/{own}"),
    Place("answer", "Antwoorden op een vraag", "employer", "/mijn-dossiers/{request}"),
    Place("withdraw", "Een aanvraag intrekken", "employer", "/mijn-dossiers/{own}/intrekken"),
    Place("apply", "Iets aanvragen", "employer", "/aanvragen"),
    Place("contacts", "Contacten van een onderneming", "employer", "/contacten"),
    Place("calendar", "De agenda van wat gevraagd wordt", "employer", "/agenda"),
    Place("participants", "De deelnemers van een bureau", "agency", "/deelnemers"),
    Place("participant", "Eén deelnemer van een bureau", "agency", "/deelnemers/{trajectory}"),
    Place("month", "Een maand uren van een bureau", "agency", "/bureau/maand"),
    Place("own_quality", "Hoe het eigen bureau begeleidt", "agency", "/bureau/kwaliteit"),
    Place("own_trajectory", "Het eigen traject van een deelnemer", "participant", "/mijn-dossiers/{trajectory}"),
    Place("own_details", "De eigen gegevens van een deelnemer", "participant", "/mijn-dossiers/{trajectory}/gegevens"),
    Place("answering", "Een antwoord uit een mail bevestigen", "nobody", "/antwoord/{answer}?keuze=job"),
    Place("answering_code", "Antwoorden op een brief", "nobody", "/antwoord"),
    Place("answering_relative", "Antwoorden voor iemand anders", "nobody", "/antwoord/{answer}/voor-een-ander"),
    Place("accessibility", "Hoe toegankelijk het portaal is", "nobody", "/toegankelijkheid"),
    Place("privacy", "Wat er met gegevens gebeurt", "nobody", "/privacy"),
    Place("nothing", "Een adres dat niet bestaat", "nobody", "/nergens"),
    Place("not_for_you", "Een bladzijde die voor iemand anders is", "handler", "/nazicht"),
)


class Guide:
    """Knows who is who in this database, and where their pages are."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._known: dict[str, str] = {}

    async def open(self) -> Guide:
        """Look once who has something to show."""
        async with glance(self._engine) as connection:
            for name, query in (("enterprise", ENTERPRISE), ("agency", AGENCY)):
                self._known[name] = _found(name, await connection.scalar(text(query)))
            for name, query in LOOKED_UP.items():
                asked = {key: value for key, value in self._known.items() if f":{key}" in query}
                self._known[name] = _found(name, await connection.scalar(text(query), asked))
        self._known["answer"] = await self._answer_link(self._known["trajectory"])
        return self

    async def _answer_link(self, number: str) -> str:
        """The secret of a link as a message would have it."""
        secret, now = new_secret(), datetime.now(UTC)
        link = {"link": secret_digest(secret), "dossier": number, "fund": number.split("-")[0], "code": "follow_up"}
        link |= {"request": f"{number}/follow_up/1", "party": "participant"}
        async with transaction(self._engine) as connection:
            made = insert(AnswerLink).values(**link, made_at=now, ends_at=now + ANSWER_LINK_LASTS)
            await connection.execute(made)
        return secret

    def address(self, place: Place) -> str:
        """Where the page is in this database."""
        return re.sub(r"\{(\w+)\}", lambda found: self._known[found[1]], place.address)

    def visitor(self, place: Place) -> Visitor | None:
        """Who looks at it."""
        match place.who:
            case "nobody":
                return None
            case "employer":
                return _somebody("employer-1", Party.APPLICANT, enterprises=(self._known["enterprise"],))
            case "agency":
                return _somebody("agency", Party.AGENCY, agency=self._known["agency"])
            case "participant":
                return _somebody("participant", Party.PARTICIPANT, dossiers=(self._known["trajectory"],))
        person = f"ANT-{place.who}-1"
        return _somebody(person, Party.STAFF, funds=(Fund.ANTWERPEN,), roles=frozenset({Role(place.who)}))


def _somebody(person: str, party: Party, **more: object) -> Visitor:
    return Visitor.model_validate(
        {"session": "", "csrf": "", "person": person, "name": "An Janssens", "party": party, **more}
    )


def _found(name: str, value: object) -> str:
    assert value is not None, f"this house has no {name} to show"
    return str(value)
