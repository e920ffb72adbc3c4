"""What stands at the top of every page, for whom."""

from typing import NamedTuple

from models.messages.words import Party, Role
from portal.access.visitor import Visitor
from portal.language import marked as _


class Entry(NamedTuple):
    """One place to go; `roles` empty: every role of the parties."""

    label: str
    address: str
    parties: frozenset[Party]
    roles: frozenset[Role] = frozenset()


STAFF, OUTSIDE = frozenset({Party.STAFF}), frozenset({Party.APPLICANT})
AGENCY = frozenset({Party.AGENCY})
PARTNERS = frozenset({Party.EXPERT, Party.AGENCY, Party.PARTICIPANT})
STEERING = frozenset({Role.TEAM_LEAD, Role.APPROVER, Role.BOARD, Role.ADMINISTRATOR, Role.AUDITOR})
MEETING = frozenset({Role.BOARD, Role.TEAM_LEAD, Role.ADMINISTRATOR, Role.AUDITOR})
OUTCOMES = frozenset({Role.BOARD, Role.TEAM_LEAD, Role.AUDITOR, Role.HANDLER})
MONEY = frozenset({Role.FINANCE, Role.APPROVER, Role.BOARD, Role.AUDITOR})
ENTRIES: tuple[Entry, ...] = (
    Entry(_("Werklijst"), "/werklijst", STAFF),
    Entry(_("Cohorten"), "/cohorten", STAFF),
    Entry(_("Post"), "/post", STAFF, frozenset({Role.INTAKE, Role.TEAM_LEAD})),
    Entry(_("Afwezigheid"), "/afwezigheid", STAFF),
    Entry(_("Verdeling"), "/coordinatie", STAFF, frozenset({Role.TEAM_LEAD})),
    Entry(_("Bureaus"), "/bureaus", STAFF, STEERING),
    Entry(_("Geld"), "/geld", STAFF, MONEY),
    Entry(_("Vergadering"), "/vergadering", STAFF, MEETING),
    Entry(_("Uitkomsten"), "/uitkomsten", STAFF, OUTCOMES),
    Entry(_("Nazicht"), "/nazicht", STAFF, frozenset({Role.AUDITOR})),
    Entry(_("Beheer"), "/beheer", STAFF, frozenset({Role.ADMINISTRATOR})),
    Entry(_("Deelnemers"), "/deelnemers", AGENCY),
    Entry(_("Uren per maand"), "/bureau/maand", AGENCY),
    Entry(_("Kwaliteit"), "/bureau/kwaliteit", AGENCY),
    Entry(_("Mijn dossiers"), "/mijn-dossiers", OUTSIDE | PARTNERS),
    Entry(_("Aanvragen"), "/aanvragen", OUTSIDE),
    Entry(_("Contacten"), "/contacten", OUTSIDE),
    Entry(_("Agenda"), "/agenda", frozenset({Party.EXPERT, Party.AGENCY})),
)


def entries(visitor: Visitor | None) -> tuple[Entry, ...]:
    """Where this visitor may go."""
    if visitor is None:
        return ()
    return tuple(
        entry
        for entry in ENTRIES
        if visitor.party in entry.parties and (not entry.roles or entry.roles & visitor.roles)
    )
