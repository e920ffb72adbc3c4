"""What a system may be allowed to do, and which sort of system may be allowed it at all."""

from collections.abc import Mapping
from enum import StrEnum

from models.messages.words import Party


class Scope(StrEnum):
    """A permission that a client holds and a token carries. The names are for outside and stay."""

    DOSSIERS_READ = "dossiers:read"
    PEOPLE_READ = "people:read"
    TASKS_READ = "tasks:read"
    APPLICATIONS_WRITE = "applications:write"
    ANSWERS_WRITE = "answers:write"
    REPORTS_WRITE = "reports:write"
    PAYMENTS_WRITE = "payments:write"


MEANINGS: Mapping[Scope, str] = {
    Scope.DOSSIERS_READ: "Read dossiers: where they stand, what happened, documents and payments; no personal data",
    Scope.PEOPLE_READ: "See names of files and who acted, in what the other permissions read",
    Scope.TASKS_READ: "Read the work list of the funds",
    Scope.APPLICATIONS_WRITE: "Send applications",
    Scope.ANSWERS_WRITE: "Answer requests, withdraw and object in the name of the party that the client speaks for",
    Scope.REPORTS_WRITE: "Report what happened in a dossier",
    Scope.PAYMENTS_WRITE: "Pass on the word of the bank on payments",
}
_READING = frozenset({Scope.DOSSIERS_READ, Scope.PEOPLE_READ})
HELD_BY: Mapping[Party, frozenset[Scope]] = {
    Party.SYSTEM: _READING | {Scope.TASKS_READ, Scope.APPLICATIONS_WRITE, Scope.REPORTS_WRITE, Scope.PAYMENTS_WRITE},
    Party.APPLICANT: _READING | {Scope.APPLICATIONS_WRITE, Scope.ANSWERS_WRITE, Scope.REPORTS_WRITE},
    Party.AGENCY: _READING | {Scope.ANSWERS_WRITE, Scope.REPORTS_WRITE},
}
"""A system of a fund never answers for somebody outside, and nobody outside sees the work list or settles payments."""
