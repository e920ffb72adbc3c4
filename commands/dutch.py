"""Codes in plain Dutch, for people who read along: from the words that mails use, and a few of our own."""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from babel.numbers import format_currency

from schemes.calendar import local_date

_WORDS = Path(__file__).resolve().parent.parent / "templates" / "words.toml"

_OWN: Mapping[str, str] = {
    # phases
    "intake": "intake",
    "evidence": "bewijsstukken",
    "follow_up": "opvolging",
    "determination": "definitief bedrag",
    "approval": "beslissing",
    "review": "beoordeling",
    "payment": "betaling",
    # parties
    "applicant": "de aanvrager",
    "expert": "de externe expert",
    "agency": "het outplacementbureau",
    "participant": "de deelnemer",
    "staff": "het fonds",
    "system": "het systeem",
    "calendar": "de kalender",
    # questions
    "completion": "aanvulling van de aanvraag",
    "clarification": "toelichting",
    "account": "een ander rekeningnummer",
    "survey": "de korte bevraging",
    # reasons to rest
    "training": "het einde van de opleiding",
    "objection_term": "het einde van de bezwaartermijn",
    # what happens otherwise
    "lapses": "vervalt het dossier",
    "closes": "wordt het dossier afgesloten",
    "asked_again": "vragen wij het opnieuw",
    "asks_evidence": "vragen wij de bewijsstukken",
    "asks_survey": "sturen wij de korte bevraging",
    # outcomes of tasks
    "approve": "goedgekeurd",
    "admissible": "ontvankelijk",
    "refuse": "geweigerd",
    "refer": "doorverwezen",
    "ask": "meer gevraagd",
    "reduce": "verminderd",
    "confirm": "bevestigd",
    "confirmed": "bevestigd",
    "returned": "teruggekeerd",
    "written_off": "afgeschreven",
    "received": "ontvangen",
    # states of mails and payments
    "planned": "gepland",
    "claimed": "in behandeling",
    "sending": "wordt verzonden",
    "sent": "verzonden",
    "merged": "samengevoegd met een andere mail aan dezelfde persoon",
    "unreachable": "geen adres bekend",
    "refused_mail": "geweigerd door de mailserver",
    "unknown_mail": "onzeker of ze vertrok",
    "instructed": "opgedragen",
    # mails
    "receipt": "ontvangstbevestiging",
    "request_documents": "vraag om stukken",
    "request_reminder": "herinnering",
    "request_lapsed": "melding dat de termijn voorbij is",
    "deadline_extended": "melding van meer tijd",
    "clock_resumed": "melding dat de klok weer loopt",
    "decision_granted": "beslissing: goedgekeurd",
    "decision_partial": "beslissing: gedeeltelijk goedgekeurd",
    "decision_refused": "beslissing: geweigerd",
    "change_decided": "beslissing over een wijziging",
    "handed_over": "doorgegeven",
    "lapsed": "vervallen",
    "closed": "afsluiting",
    "objection_received": "bezwaar ontvangen",
    "objection_decided": "uitspraak over het bezwaar",
    "payment_instructed": "aankondiging van een betaling",
    "payment_done": "melding van een betaling",
    "plan_to_sign": "plan om te ondertekenen",
    "report_due": "vraag om een verslag",
    "survey_reminder": "herinnering aan de bevraging",
    "task_due": "herinnering aan een taak",
    "task_escalated": "melding van een late taak",
    "trajectory_offer": "aanbod van outplacement",
    "trajectory_follow_up": "bevraging na de begeleiding",
    "trajectory_follow_up_reminder": "herinnering aan de bevraging",
    # outcomes and waits of one kind
    "accept": "aanvaarden",
    "agency_outcome": "wat het bureau weet",
    "agreement": "de overeenkomst en de deelnemerslijst",
    "ask_again": "opnieuw vragen",
    "asks_answer": "vragen wij het antwoord",
    "asks_hours": "vragen wij de uren",
    "asks_later": "vragen wij het later opnieuw",
    "asks_person": "vragen wij het aan de persoon",
    "asks_report": "vragen wij het verslag",
    "change_requested": "een wijziging gevraagd",
    "checked": "nagekeken",
    "classification": "indeling",
    "clerk_looks": "kijkt een medewerker",
    "consent_withdrawn": "geen toestemming meer voor vragen",
    "default_notice": "ingebrekestelling",
    "employment": "tewerkstelling",
    "ending": "einde van de begeleiding",
    "execution": "uitvoering",
    "failed": "niet gehaald",
    "finished": "begeleiding klaar",
    "first_payment": "eerste schijf",
    "follow_up_3": "opvolging na 3 maanden",
    "follow_up_6": "opvolging na 6 maanden",
    "follow_up_12": "opvolging na 12 maanden",
    "goes_on": "gaat het dossier verder",
    "guidance": "begeleiding",
    "guidance_1": "begeleiding fase 1",
    "guidance_2": "begeleiding fase 2",
    "guidance_3": "begeleiding fase 3",
    "guidance_ended": "begeleiding afgelopen",
    "guidance_ends": "eindigt de begeleiding",
    "invoices": "facturen",
    "job_lost": "nieuwe job verloren",
    "look": "zelf nakijken",
    "new_job": "nieuwe job",
    "no_payment": "niet meer betalen",
    "no_support": "komt er geen steun",
    "offer": "aanbod",
    "project": "het is een project",
    "publication_consent": "toestemming om te publiceren",
    "recover": "terugvorderen",
    "regime": "stelsel",
    "sign": "ondertekenen",
    "signing": "ondertekening",
    "start": "start van de begeleiding",
    "status": "hoe het gaat",
    "stop": "stoppen",
    "trajectory_closed": "traject afgesloten",
    # levels of a decision
    "automatic": "vanzelf, binnen de limiet",
    "handler": "dossierbeheerder",
    "approver": "beslisser",
    "board": "bestuursorgaan",
}


@lru_cache(maxsize=1)
def _vocabulary() -> Mapping[str, str]:
    sections = tomllib.loads(_WORDS.read_text("utf-8"))
    mailed = {code: str(spelled["nl"]) for section in sections.values() for code, spelled in section.items()}
    return {**mailed, **_OWN}


def words(code: str | None) -> str:
    """A code in words; an unknown one as itself with spaces."""
    if not code:
        return "-"
    return _vocabulary().get(code, code.replace("_", " "))


def listed(codes: Iterable[str]) -> str:
    """Several codes in words; alternatives within one are joined by 'of'."""
    return ", ".join(" of ".join(words(part) for part in code.split("/")) for code in codes)


def mail_state(state: str) -> str:
    """What became of a mail."""
    return words({"refused": "refused_mail", "unknown": "unknown_mail"}.get(state, state))


def otherwise(code: str | None) -> str:
    """What happens when nobody acts, as the end of a sentence that begins with 'anders'."""
    if not code:
        return "gebeurt er niets vanzelf"
    if code.startswith("escalates:"):
        return f"gaat de taak naar: {words(code.partition(':')[2])}"
    return words(code)


def day(value: date | datetime | str | None) -> str:
    """A local day as dd/mm/yyyy."""
    if value is None:
        return "-"
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    local = local_date(value) if isinstance(value, datetime) else value
    return f"{local:%d/%m/%Y}"


def euro(amount: Decimal | str | None) -> str:
    """An amount with a decimal comma."""
    if amount is None:
        return "-"
    return str(format_currency(Decimal(amount), "EUR", locale="nl_BE")).replace("\u202f", " ").replace("\xa0", " ")
