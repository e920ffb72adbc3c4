"""What an applicant states, reduced to what the rules need: no names, no birth dates, no account numbers.

Amounts are euros, hours are clock hours, dates are local dates in Brussels.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from models.messages.message import Message, later
from models.messages.words import Document, Instrument, Kind

Status = Literal["worker", "employee", "agency_worker", "manager"]
Lever = Literal["sustainable_employability", "workable_work", "engaged_leadership"]


class ParticipantFacts(Message):
    """One person in a dossier, by line number; who it is stands in the participant table."""

    line: int
    status: Status
    hours_planned: Decimal = Decimal(0)
    hours_attended: Decimal | None = None
    born_after_handover: bool = False
    """The birth date lies after the day the file was handed over: a typing error, to be asked again."""


class TrainingFacts(Message):
    """Formal or informal training for which an employer asks support (domain.md 3.2)."""

    kind: Literal[Kind.SUBSIDY] = Kind.SUBSIDY
    instrument: Literal[Instrument.FORMAL_TRAINING, Instrument.INFORMAL_TRAINING]
    filed_on: date
    filed: Literal["before", "after"]
    starts_on: date | None
    ends_on: date | None
    hours: Decimal | None
    participants: tuple[ParticipantFacts, ...]
    stated_participants: int | None = None
    """How many people the form says there are; None: it does not say."""
    cost: Decimal | None
    sme_wallet: Decimal = Decimal(0)
    asked: Decimal | None
    """None: the amount on the form could not be read."""
    postcode: str
    municipality: str
    joint_committee: str
    documents: frozenset[Document]
    iban_valid: bool
    duplicate_of: str | None = None
    known_on: date
    """The day the file was handed over: a training 'followed' after it cannot be (the office's peildatum)."""


class CareerAccountFacts(Message):
    """Training or guidance outside working time, paid from a person's own career account (loopbaanrekening)."""

    kind: Literal[Kind.SUBSIDY] = Kind.SUBSIDY
    instrument: Literal[Instrument.CAREER_ACCOUNT] = Instrument.CAREER_ACCOUNT
    filed_on: date
    filed_by: Literal["person", "mandated"]
    status: Status
    employed_since: date | None
    purpose: Literal["training", "guidance"]
    starts_on: date
    ends_on: date
    hours: Decimal
    fee: Decimal
    other_costs: Decimal = Decimal(0)
    asked: Decimal
    documents: frozenset[Document]
    iban_valid: bool
    account: str
    """Opaque key of the person's account, the same for every application of one person."""


class BudgetLine(Message):
    """One line of the budget of a transition or project."""

    line: int
    sort: str
    amount: Decimal


class PlannedInstalment(Message):
    """A planned part of the support, as the applicant and the fund foresee it."""

    number: int
    moment: Literal["approval", "interim_report", "final_report", "retention"]
    percentage: Decimal
    amount: Decimal
    planned_on: date | None


class TransitionFacts(Message):
    """Reskilling of staff toward another job, drawn up by company, fund and external expert (domain.md 4)."""

    kind: Literal[Kind.TRANSITION_SUPPORT] = Kind.TRANSITION_SUPPORT
    instrument: Literal[Instrument.TRANSITION_SUPPORT] = Instrument.TRANSITION_SUPPORT
    filed_on: date
    joint_committee: str
    same_function: bool
    """True when the job before and after is the same: then it is ordinary training."""
    bottleneck: bool
    has_expert: bool
    quotes: int
    starts_on: date
    ends_on: date
    hours: Decimal
    participants: tuple[ParticipantFacts, ...]
    participant_count: int
    cost: Decimal
    asked: Decimal
    council_advice: Literal["favourable", "unfavourable", "not_applicable", "missing"]
    started_before_filing: bool
    budget: tuple[BudgetLine, ...]
    instalments: tuple[PlannedInstalment, ...]
    documents: frozenset[Document]
    iban_valid: bool


class ProjectFacts(Message):
    """A project in one of three levers, explicitly not a training offer (domain.md 5)."""

    kind: Literal[Kind.PROJECT_FINANCING] = Kind.PROJECT_FINANCING
    instrument: Literal[Instrument.PROJECT_FINANCING] = Instrument.PROJECT_FINANCING
    filed_on: date
    lever: Lever | None
    """None: what is asked fits none of the three levers."""
    looks_like_training: bool
    """True when the budget holds only training days: the handler confirms, then it is handed over to subsidy."""
    running_in_lever: str | None
    """Number or reference of a project of the same employer that still runs in the same lever."""
    running_until: date | None = None
    """Last day of that project."""
    has_expert: bool
    quotes: int
    starts_on: date
    ends_on: date
    participant_count: int
    cost: Decimal
    asked: Decimal
    publication_consent: bool
    budget: tuple[BudgetLine, ...]
    instalments: tuple[PlannedInstalment, ...]
    documents: frozenset[Document]
    iban_valid: bool


class OutplacementFacts(Message):
    """An employer's notification of one or more dismissals."""

    kind: Literal[Kind.OUTPLACEMENT] = Kind.OUTPLACEMENT
    instrument: Literal[Instrument.OUTPLACEMENT] = Instrument.OUTPLACEMENT
    notified_on: date
    dismissal: Literal["closure", "restructuring", "individual"]
    bankrupt: bool
    announced_on: date | None
    people: int
    agency: str | None
    iban_valid: bool = True
    documents: frozenset[Document] = frozenset()


Relation = Literal["double", "two_employers", "dismissed_again_soon", "dismissed_again"]


class EarlierTrajectory(Message):
    """Another trajectory of the same person, and what this one is to it."""

    number: str
    relation: Relation


class TrajectoryFacts(Message):
    """One dismissed person's facts for the legal table; ages are computed before, the birth date stays in its row."""

    kind: Literal[Kind.TRAJECTORY] = Kind.TRAJECTORY
    instrument: Literal[Instrument.TRAJECTORY] = Instrument.TRAJECTORY
    employer_dossier: str
    dismissal: Literal["closure", "restructuring", "individual"]
    bankrupt: bool
    announced_on: date | None
    age_on_dismissal: int
    age_on_announcement: int | None
    status: Status
    service_began_on: date
    dismissed_on: date
    notice_began_on: date | None
    contract_ended_on: date
    notice_weeks: Decimal | None
    indemnity_weeks: Decimal | None
    urgent_cause: bool
    employment_fraction: Decimal
    gross_yearly_wage: Decimal | None
    four_weeks_withheld: bool | None
    agency: str | None
    offered_on: date | None = None
    default_notice_on: date | None = None
    answered_on: date | None = None
    answer: Literal["accepted", "refused"] | None = None
    started_on: date | None = None
    reachable: bool = True
    """False: nobody has a mail address or telephone number at which the person can be asked anything."""
    earlier: EarlierTrajectory | None = later(None)
    """Noticed when it was received, by the keyed digest of the person."""


Facts = Annotated[
    TrainingFacts | CareerAccountFacts | TransitionFacts | ProjectFacts | OutplacementFacts | TrajectoryFacts,
    Field(discriminator="instrument"),
]
