"""Checks that several instruments share: documents, account number, dates and the people named."""

from collections.abc import Sequence
from datetime import date

from models.messages.facts import ParticipantFacts
from models.messages.words import Document
from schemes.checks import Check, stated

ELIGIBLE = ("worker", "employee")
"""Only people with a contract of definite or indefinite duration count (P1)."""


def documents_present(documents: frozenset[Document], groups: Sequence[Sequence[Document]], source: str) -> Check:
    """Each group needs one of its documents (domain.md 3.3, example list)."""
    missing = [group[0] for group in groups if not documents.intersection(group)]
    return Check(
        code="BIJLAGE_ONTBREEKT",
        passed=not missing,
        blocking="complete",
        source=source,
        fields=("documents",),
        values={"missing": ",".join(missing)} if missing else {},
    )


def account_number_valid(valid: bool) -> Check:
    """The check digits of the account number are right (ISO 7064 and the Belgian inner check)."""
    return Check(code="IBAN_FOUT", passed=valid, blocking="complete", source="domain.md 7, P60", fields=("iban_valid",))


def end_not_before_start(starts_on: date | None, ends_on: date | None) -> Check:
    """The last day is not before the first one."""
    wrong = starts_on is not None and ends_on is not None and ends_on < starts_on
    return Check(
        code="EINDE_VOOR_BEGIN",
        passed=not wrong,
        blocking="complete",
        source="[assumption]",
        fields=("ends_on", "starts_on"),
        values=stated(starts_on=starts_on, ends_on=ends_on),
    )


def nothing_missing(**facts: object) -> Check:
    """What the rules need is filled in and can be read."""
    missing = [name for name, fact in facts.items() if fact is None]
    return Check(
        code="GEGEVEN_ONTBREEKT",
        passed=not missing,
        blocking="complete",
        source="[assumption]",
        fields=tuple(missing),
        values={"missing": ",".join(missing)} if missing else {},
    )


def no_agency_workers(people: Sequence[ParticipantFacts]) -> Check:
    """No agency workers: only people with a contract with the company (P1)."""
    return _nobody("UITZENDKRACHT", "agency_worker", people)


def no_managers(people: Sequence[ParticipantFacts]) -> Check:
    """No business managers (P1)."""
    return _nobody("ZAAKVOERDER", "manager", people)


def people_as_counted(people: Sequence[ParticipantFacts], stated_number: int | None) -> Check:
    """There is at least one participant, and as many lines as the form says."""
    missing = not people
    differs = stated_number is not None and stated_number != len(people)
    return Check(
        code="DEELNEMERS_KLOPPEN_NIET",
        passed=not (missing or differs),
        blocking="complete",
        source="[assumption]",
        fields=("participants",),
        values=stated(case="none" if missing else None, lines=len(people), stated=stated_number),
    )


def eligible_people(people: Sequence[ParticipantFacts]) -> tuple[ParticipantFacts, ...]:
    """The participants for whom a fund may pay."""
    return tuple(person for person in people if person.status in ELIGIBLE)


def _nobody(code: str, status: str, people: Sequence[ParticipantFacts]) -> Check:
    lines = [str(person.line) for person in people if person.status == status]
    values = {"lines": ",".join(lines), "eligible": str(len(eligible_people(people)))}
    return Check(
        code=code,
        passed=not lines,
        blocking="refuse",
        source="P1",
        fields=("participants",),
        values=values | ({"case": "many"} if len(lines) > 1 else {}) if lines else {},
    )
