"""A complete form becomes the application that is received, by the readers that also read the files of offices."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

import policies
import receipts
from importing import applications, notations
from importing.career_accounts import read_career_accounts
from importing.faults import Fault
from importing.layouts import LAYOUTS
from importing.layouts import Sort as Layout
from importing.office import Office
from importing.outplacement import read_outplacements
from importing.people import Participant, read_participants
from importing.projects import read_budgets, read_projects, read_transitions
from importing.recognising import Record, Table
from importing.repeated import mark_running_levers
from importing.storing import Rehearsed, as_received
from importing.training import read_trainings
from models.errors import Defect
from models.messages.facts import OutplacementFacts, PlannedInstalment, TrajectoryFacts
from models.messages.policies import Policy, ProjectPolicy, TransitionPolicy
from models.messages.words import Document, Fund, Instrument, Party
from portal.forms import shared
from portal.forms.answers import Typed, answers_in, asked_answers
from portal.forms.questions import Answers, Form, Rows
from portal.language import marked as _
from portal.refusals import Refused
from schemes.calendar import local_date
from schemes.communications import plain_digits
from schemes.competence import competent_fund
from schemes.identifiers import iban_valid
from schemes.instalments import instalments
from schemes.project import OtherProject

Attached = Sequence[tuple[Document, str]]
"""What was uploaded: which document it is, and the name of the file."""
_FILE = "formulier"
_REFERENCE = {Layout.CAREER_ACCOUNTS: "Aanvraagnummer", Layout.OUTPLACEMENT_NOT_STARTED: "Trajectnummer"}
_OWN = ("Dossiernummer", "Aanvraagnummer", "Trajectnummer", "Datum indiening")
"""Columns that a form fills in by itself and nobody typed."""


class Sending(NamedTuple):
    """What a form is assembled with besides its answers."""

    key: str
    """Letters and digits, the same each time this form is sent: makes sending twice one dossier."""
    at: datetime
    secret: bytes
    """Of the opaque keys by which the same person or application is recognised."""
    attached: Attached = ()
    projects: tuple[OtherProject, ...] = ()
    """Projects of the same employer that may still run."""

    @property
    def reference(self) -> str:
        """What the readers call it: behind every number, so that what was received the same day counts as earlier."""
        return f"z{self.key}"

    @property
    def today(self) -> date:
        """The local day of sending."""
        return local_date(self.at)


class Assembled(NamedTuple):
    """An application as the importer reads it, with the policy that will govern it."""

    read: applications.Application
    policy: Policy


def fund_of(typed: Typed, today: date) -> Fund:
    """The fund that is competent for the postcode in the form.

    Raises:
        Refusal: none of the eight is.
    """
    fund = competent_fund(answers_in(typed).get(shared.POSTCODE, ""), today)
    if fund is None:
        raise Refused("GEEN_FONDS", _("Voor de postcode in uw aanvraag is geen van de acht fondsen bevoegd."))
    return fund


def policy_of(form: Form, typed: Typed, today: date) -> Policy:
    """The rules that will govern this application.

    Raises:
        Refusal: no fund is competent, or it has no rules for this instrument yet.
    """
    return policies.in_force(fund_of(typed, today), form.instrument, today)


def assemble(form: Form, typed: Typed, sending: Sending) -> Assembled:
    """The application in a form without faults (`answers.all_faults`).

    Raises:
        Refusal: no fund is competent, or it has no rules for this instrument.
        Defect: an answer that the form accepts cannot be read by the importer.
    """
    policy = policy_of(form, typed, sending.today)
    office = Office(sending.today, sending.secret, policy.fund)
    faults: list[Fault] = []
    answers = asked_answers(form, typed)
    tables = {
        group.rows.table: _lines(group.rows, typed[group.code].rows, answers, sending.reference)
        for group in form.groups
        if group.rows and group.code in typed
    }
    found = _READ[form.instrument](_Read(form, answers, sending, policy, office, tables, faults))
    if faults or len(found) != 1:
        raise Defect(f"a form that was accepted cannot be read: {[(f.column, f.row) for f in faults]}")
    read = mark_running_levers(found, sending.projects)[0]
    return Assembled(read, policy)


def as_receipt(assembled: Assembled, sending: Sending) -> receipts.Application:
    """The application in the form in which everything is received."""
    received = _received(assembled.read, None, sending.key, sending)
    facts = received.facts
    if hasattr(facts, "documents"):
        facts = facts.model_copy(update={"documents": frozenset(code for code, name in sending.attached)})
    if isinstance(facts, OutplacementFacts):
        valid = iban_valid(received.parties[0].iban or "")
        facts = facts.model_copy(update={"notified_on": sending.today, "iban_valid": valid})
    return received.model_copy(update={"facts": facts, "documents": tuple(sending.attached)})


def trajectories(assembled: Assembled, parent: str, sending: Sending) -> tuple[receipts.Application, ...]:
    """The people of a notification, once the employer's dossier has its number."""
    return tuple(
        _trajectory(one, parent, f"{sending.key}/{line}", sending)
        for line, one in enumerate(assembled.read.trajectories, start=1)
    )


def _trajectory(one: applications.Application, parent: str, key: str, sending: Sending) -> receipts.Application:
    received = _received(one, parent, key, sending)
    facts = received.facts
    assert isinstance(facts, TrajectoryFacts)
    reachable = bool(one.personal.email or one.personal.phone)
    return received.model_copy(update={"facts": facts.model_copy(update={"reachable": reachable})})


def _received(one: applications.Application, parent: str | None, key: str, sending: Sending) -> receipts.Application:
    received = as_received(one, parent, Rehearsed.NO)
    typed = {column: text for column, text in received.typed.items() if text and column not in _OWN}
    added: dict[Party, dict[str, str | None]] = {
        Party.EXPERT: {"email": typed.get(shared.EXPERT_EMAIL)},
        Party.APPLICANT: {"communication": plain_digits(typed.get(shared.COMMUNICATION, ""))},
    }
    parties = tuple(
        party.model_copy(update={name: text for name, text in added.get(party.party, {}).items() if text})
        for party in received.parties
    )
    update = {"idempotency_key": f"draft/{key}", "reference": None, "received_at": sending.at}
    return received.model_copy(update=update | {"typed": typed, "parties": parties})


class _Read(NamedTuple):
    """What the reader of an instrument needs."""

    form: Form
    answers: Answers
    sending: Sending
    policy: Policy
    office: Office
    tables: Mapping[Layout, Table]
    faults: list[Fault]

    def table(self, **computed: str) -> Table:
        """The form as the one row of a file, with what is computed instead of asked."""
        columns = dict.fromkeys((name.removesuffix("?") for name in LAYOUTS[self.form.table]), "")
        reference = _REFERENCE.get(self.form.table, "Dossiernummer")
        own = {reference: self.sending.reference, "Datum indiening": f"{self.sending.today:%d/%m/%Y}"}
        values = columns | dict(self.answers) | own | computed
        return Table(_FILE, self.form.table, [Record(1, values, {})])

    def people(self, sort: Layout) -> Mapping[str, Sequence[Participant]]:
        """The participants of the form."""
        known = {self.sending.reference: _FILE}
        return read_participants([self.tables[sort]], known, self.sending.today, self.faults)


def _training(given: _Read) -> list[applications.Application]:
    people = given.people(Layout.SUBSIDY_PARTICIPANTS)
    formal = given.form.instrument is Instrument.FORMAL_TRAINING
    computed = {
        "Soort opleiding": "formeel" if formal else "informeel",
        "Aantal deelnemers": str(len(people[given.sending.reference])),
    }
    return read_trainings(given.table(**computed), people, given.office, given.faults)


def _career_account(given: _Read) -> list[applications.Application]:
    return read_career_accounts(given.table(), given.office, given.faults)


def _plan(given: _Read) -> list[applications.Application]:
    """Transition support or a project: total and parts follow from the budget and the policy."""
    assert isinstance(given.policy, TransitionPolicy | ProjectPolicy)
    known = {given.sending.reference: _FILE}
    people = given.people(Layout.PROJECT_PARTICIPANTS)
    budget = read_budgets([given.tables[Layout.BUDGET_LINES]], known, given.faults)
    answers = given.answers
    parts = _parts(notations.amount(answers["Gevraagde steun"]), given.policy)
    begun = notations.day(answers["Begindatum"]) < given.sending.today
    total = sum((line.amount for line in budget[given.sending.reference]), Decimal(0))
    computed = {
        "Aantal deelnemers": str(len(people[given.sending.reference])),
        "Totale kost excl. btw": f"{total:.2f}".replace(".", ","),
        "Gestart vóór aanvraag": "ja" if begun else "nee",
    }
    read = read_transitions if given.form.instrument is Instrument.TRANSITION_SUPPORT else read_projects
    return read(given.table(**computed), people, budget, {given.sending.reference: parts}, given.office, given.faults)


def _parts(asked: Decimal, policy: TransitionPolicy | ProjectPolicy) -> tuple[PlannedInstalment, ...]:
    return tuple(
        PlannedInstalment(
            number=part.number, moment=part.moment, percentage=share.percentage, amount=part.amount, planned_on=None
        )
        for part, share in zip(instalments(asked, policy.slices), policy.slices, strict=True)
    )


def _outplacement(given: _Read) -> list[applications.Application]:
    """Every person with what holds for all; the employer's own part is contact and account of the form."""
    found = read_outplacements([given.tables[Layout.OUTPLACEMENT_NOT_STARTED]], given.office, given.faults)
    return [one.model_copy(update={"personal": _notifying(one.personal, given)}) for one in found]


def _notifying(personal: applications.PersonalData, given: _Read) -> applications.PersonalData:
    answers = given.answers
    named = {"contact_name": answers[shared.CONTACT], "email": answers[shared.EMAIL], "typed": dict(answers)}
    return personal.model_copy(update=named | {"iban": answers[shared.ACCOUNT], "language": answers[shared.LANGUAGE]})


def _lines(group: Rows, rows: Iterable[Answers], answers: Answers, key: str) -> Table:
    """The rows of a repeating group as a file of the office; of dismissals, with what holds for everybody."""
    columns = [name.removesuffix("?") for name in LAYOUTS[group.table]]
    shared_by_all = {name: answers.get(name, "") for name in columns} if group.table in _REFERENCE else {}
    records = []
    for number, row in enumerate(rows, start=1):
        numbered = str(number) if group.numbered in ("Volgnummer", "Lijn") else f"{key}.{number:04d}"
        own = {question.column: row.get(question.column, "") for question in group.questions}
        values = dict.fromkeys(columns, "") | shared_by_all | own | {"Dossiernummer": key, group.numbered: numbered}
        records.append(Record(number, values, {}))
    return Table(_FILE, group.table, records)


_READ: Mapping[Instrument, Callable[[_Read], list[applications.Application]]] = {
    Instrument.FORMAL_TRAINING: _training,
    Instrument.INFORMAL_TRAINING: _training,
    Instrument.CAREER_ACCOUNT: _career_account,
    Instrument.TRANSITION_SUPPORT: _plan,
    Instrument.PROJECT_FINANCING: _plan,
    Instrument.OUTPLACEMENT: _outplacement,
}
