"""What a party may say to a dossier now, unasked: take it back, object, tell a fact, ask a change."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

import policies
from models.messages.words import Fund, Instrument, Kind, Outcome, Party
from portal.forms.questions import Choice, Question, Sort
from portal.language import marked as _
from reading.following import File
from schemes.calendar import local_date
from schemes.deadlines import Deadline, Term
from schemes.last_words import superseded

OBJECTIONABLE = frozenset({Outcome.REFUSED.value, Outcome.PARTIALLY_GRANTED.value})
CHANGEABLE = frozenset({"first_payment", "execution", "final_report"})
"""Phases in which a plan may still be changed."""
GROUNDS = (
    Choice("amount", _("Het bedrag klopt volgens mij niet")),
    Choice("facts", _("De feiten zijn anders dan het fonds denkt")),
    Choice("rules", _("De regels zijn volgens mij verkeerd toegepast")),
    Choice("other", _("Iets anders")),
)
_ON = Question("on", Sort.DAY, _("Sinds welke dag?"), _("Dag/maand/jaar."))
_YES_NO = (Choice("yes", _("Ja")), Choice("no", _("Nee")))


class Report(NamedTuple):
    """A fact that may be told: its title, and what goes with it. `on` asked: it happened on some day."""

    fact: str
    title: str
    questions: tuple[Question, ...]
    once: bool = False


_COURSE = (
    Report("new_job", _("Nieuw werk gevonden"), (_ON,)),
    Report("job_lost", _("Het nieuwe werk is weer voorbij"), (_ON,)),
    Report("stopped", _("De begeleiding stopt"), (_ON,), once=True),
    Report("finished", _("De begeleiding is klaar"), (_ON,), once=True),
)
_CONSENT = Report("consent_withdrawn", _("Ik wil geen vragen meer krijgen"), (), once=True)
_NOTICE = Report("default_notice", _("Mijn werkgever deed geen aanbod en ik stelde hem in gebreke"), (_ON,), once=True)
_CHANGE = Report(
    "change_requested",
    _("Een wijziging van het plan vragen"),
    (
        Question("ends_on", Sort.DAY, _("Nieuwe einddatum"), _("Leeg als die blijft."), required=False),
        Question("amount", Sort.EUROS, _("Lager bedrag"), _("In euro. Leeg als het blijft."), required=False),
    ),
)
_PUBLICATION = Report(
    "publication_consent",
    _("Toestemming om over het project te publiceren"),
    (Question("consent", Sort.CHOICE, _("Mag het fonds over uw project publiceren?"), choices=_YES_NO),),
)
REPORTS: Mapping[tuple[str, str], tuple[Report, ...]] = {
    (Kind.TRAJECTORY, Party.PARTICIPANT): (_COURSE[0], _COURSE[1], _COURSE[2], _NOTICE, _CONSENT),
    (Kind.TRAJECTORY, Party.AGENCY): _COURSE,
    (Kind.TRANSITION_SUPPORT, Party.APPLICANT): (_CHANGE,),
    (Kind.PROJECT_FINANCING, Party.APPLICANT): (_CHANGE, _PUBLICATION),
}
"""Who may tell what, by kind and party; a test holds the facts against what each story hears."""


class Possible(NamedTuple):
    """What may be said now."""

    withdraw: bool
    object_until: date | None
    reports: tuple[Report, ...]
    communication: bool = False
    """Whether something may still be paid, so that a communication for it can be given."""


def possible(file: File, party: Party, now: datetime) -> Possible:
    """What a party may say to this dossier now. A rehearsed dossier lives by its own clock."""
    dossier = file.followed.dossier
    moment = file.followed.at if dossier.rehearsed else now
    if dossier.outcome is not None:
        return Possible(False, None, ())
    own = party is Party.PARTICIPANT or (party is Party.APPLICANT and dossier.kind != Kind.TRAJECTORY)
    paying = dossier.waiting_for in ("payment", "objection_term") or any(
        payment.state == "instructed" for payment in file.payments
    )
    withdraw = own and dossier.paid <= 0 and not paying and not _told(file, "withdrawn")
    paid_here = own and party is Party.APPLICANT
    return Possible(withdraw, _object_until(file, moment) if own else None, _reports(file, party), paid_here)


def _object_until(file: File, now: datetime) -> date | None:
    """The last day for an objection to the last decision; None when there is nothing (more) to object to."""
    if not file.decisions or file.decisions[-1].outcome not in OBJECTIONABLE:
        return None
    decided = file.decisions[-1].decided_at
    if any(entry.type == "objection_filed" and entry.at >= decided for entry in file.entries):
        return None
    deadline = objection_deadline(file)
    return None if deadline.is_over(now) else deadline.last_day


def objection_deadline(file: File) -> Deadline:
    """Until when may be objected to the last decision, by the policy that governs the dossier."""
    dossier = file.followed.dossier
    policy = policies.of_version(Fund(dossier.fund), Instrument(dossier.instrument), dossier.policy)
    start = local_date(file.decisions[-1].decided_at)
    return Deadline(start=start, term=Term.parse(policy.procedure.objection_term))


def _reports(file: File, party: Party) -> tuple[Report, ...]:
    dossier = file.followed.dossier
    facts = [entry.data["fact"] for entry in file.entries if entry.type == "reported"]
    told = set(facts) - superseded(facts)
    return tuple(
        report
        for report in REPORTS.get((dossier.kind, party), ())
        if not (report.once and report.fact in told)
        and not (report is _CHANGE and dossier.phase not in CHANGEABLE)
        and not (report.fact == "job_lost" and "new_job" not in told)
    )


def _told(file: File, event: str) -> bool:
    return any(entry.type == event for entry in file.entries)
