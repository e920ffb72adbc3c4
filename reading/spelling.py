"""The words of a typed question to the work list: one spelling per language, all of them understood by everybody."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from models.messages.words import Kind, Role


class Field(StrEnum):
    """What a part of a question is about."""

    KIND = "kind"
    FUND = "fund"
    STEP = "step"
    ROLE = "role"
    IS = "is"
    LEAD = "lead"
    EMPLOYER = "employer"
    PERSON = "person"
    DOSSIER = "dossier"
    DUE = "due"
    AMOUNT = "amount"


class State(StrEnum):
    """What a task can be, besides open."""

    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"
    UNASSIGNED = "unassigned"
    HELD = "held"
    ESCALATED = "escalated"
    ADVISED = "advised"


class Holder(StrEnum):
    """Who may be meant without a name, where a question asks in whose hands a task is."""

    ME = "me"
    NOBODY = "nobody"


class Spelled(NamedTuple):
    """One thing in the three languages; whoever types may use any of them."""

    nl: str
    fr: str
    en: str

    def in_(self, language: str) -> str:
        """The spelling of a language; Dutch when it has none of its own."""
        return {"fr": self.fr, "en": self.en}.get(language, self.nl)


FIELDS: Mapping[str, Spelled] = {
    Field.KIND: Spelled("soort", "type", "kind"),
    Field.FUND: Spelled("fonds", "fonds", "fund"),
    Field.STEP: Spelled("stap", "étape", "step"),
    Field.ROLE: Spelled("rol", "rôle", "role"),
    Field.IS: Spelled("is", "est", "is"),
    Field.LEAD: Spelled("van", "par", "lead"),
    Field.EMPLOYER: Spelled("werkgever", "employeur", "employer"),
    Field.PERSON: Spelled("persoon", "personne", "person"),
    Field.DOSSIER: Spelled("dossier", "dossier", "dossier"),
    Field.DUE: Spelled("tegen", "avant", "due"),
    Field.AMOUNT: Spelled("bedrag", "montant", "amount"),
}
STATES: Mapping[str, Spelled] = {
    State.OVERDUE: Spelled("telaat", "retard", "overdue"),
    State.TODAY: Spelled("vandaag", "aujourdhui", "today"),
    State.WEEK: Spelled("week", "semaine", "week"),
    State.UNASSIGNED: Spelled("vrij", "libre", "unassigned"),
    State.HELD: Spelled("bezet", "pris", "held"),
    State.ESCALATED: Spelled("verhoogd", "remonté", "escalated"),
    State.ADVISED: Spelled("geadviseerd", "avisé", "advised"),
}
KINDS: Mapping[str, Spelled] = {
    Kind.SUBSIDY: Spelled("subsidie", "subvention", "subsidy"),
    Kind.TRANSITION_SUPPORT: Spelled("transitiesteun", "transition", "transition_support"),
    Kind.PROJECT_FINANCING: Spelled("project", "projet", "project_financing"),
    Kind.OUTPLACEMENT: Spelled("outplacement", "outplacement", "outplacement"),
    Kind.TRAJECTORY: Spelled("traject", "trajet", "trajectory"),
}
STEPS: Mapping[str, Spelled] = {
    "admissibility": Spelled("ontvankelijkheid", "recevabilité", "admissibility"),
    "approval": Spelled("beslissing", "décision", "approval"),
    "board_employers": Spelled("werkgeversbank", "banc_patronal", "board_employers"),
    "board_unions": Spelled("werknemersbank", "banc_syndical", "board_unions"),
    "change": Spelled("wijziging", "modification", "change"),
    "check_finding": Spelled("vaststelling", "constatation", "check_finding"),
    "earlier_trajectory": Spelled("ander_traject", "autre_trajet", "earlier_trajectory"),
    "determination": Spelled("eindbedrag", "montant_définitif", "determination"),
    "no_training": Spelled("geen_opleiding", "pas_de_formation", "no_training"),
    "objection": Spelled("bezwaar", "réclamation", "objection"),
    "payment": Spelled("betaling", "paiement", "payment"),
    "phone": Spelled("bellen", "appel", "phone"),
    "recovery": Spelled("terugvordering", "recouvrement", "recovery"),
    "report_missing": Spelled("verslag_ontbreekt", "rapport_absent", "report_missing"),
    "report_review": Spelled("verslag", "rapport", "report_review"),
    "retention_check": Spelled("tewerkstelling", "emploi", "retention_check"),
    "review": Spelled("beoordeling", "examen", "review"),
    "signature_fund": Spelled("handtekening", "signature", "signature_fund"),
}
ROLES: Mapping[str, Spelled] = {
    Role.INTAKE: Spelled("intake", "accueil", "intake"),
    Role.HANDLER: Spelled("beheerder", "gestionnaire", "handler"),
    Role.TEAM_LEAD: Spelled("teamlead", "chef_équipe", "team_lead"),
    Role.APPROVER: Spelled("beslisser", "décideur", "approver"),
    Role.BOARD: Spelled("bestuur", "conseil", "board"),
    Role.FINANCE: Spelled("financiën", "finances", "finance"),
    Role.OPERATIONS: Spelled("beheer", "exploitation", "operations"),
}
HOLDERS: Mapping[str, Spelled] = {
    Holder.ME: Spelled("mij", "moi", "me"),
    Holder.NOBODY: Spelled("niemand", "aucun", "nobody"),
}
CHOICES: Mapping[Field, Mapping[str, Spelled]] = {
    Field.KIND: KINDS,
    Field.STEP: STEPS,
    Field.ROLE: ROLES,
    Field.IS: STATES,
}
"""Fields whose values are a closed list."""


def understood(spellings: Mapping[str, Spelled]) -> dict[str, str]:
    """What somebody may type, and what is meant by it: every language, and the code itself."""
    return {word: code for code, spelled in spellings.items() for word in (*spelled, str(code))}
