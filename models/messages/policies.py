"""The dated numbers of a fund for one instrument, as a dossier carries them through its whole life.

Sources stand beside each value in `policies/*.toml`; here only the values travel. Terms are text such as
"30 days", "3 months" or "10 working days" and are read by `schemes.deadlines`.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from models.messages.message import Message, later
from models.messages.words import Document, Fund, Instrument


class Procedure(Message):
    """Terms and limits every kind shares. Euro limits are inclusive: an amount equal to it still falls below."""

    completion_term: str
    """How long an applicant has to complete a file; the clock of the fund stands still meanwhile."""
    completion_reminders: tuple[str, ...]
    """When to remind, counted back from the last day, such as "14 days"."""
    review_term: str
    decision_term: str
    board_term: str
    payment_term: str
    escalation_after: str
    """After the due day of a task of the staff, the next role up is told; repeated until somebody acts."""
    objection_term: str
    survey_term: str
    automatic_up_to: Decimal
    board_above: Decimal
    recovery_term: str = later("30 days")
    """How long somebody has to pay back what is claimed."""
    recovery_reminders: tuple[str, ...] = later(("8 days", "22 days"))
    """When to remind of it, counted from the last day."""
    recovery_overdue_after: str = later("36 days")
    """After the last day, finance is asked what to do."""
    sample_percentage: Decimal = later(Decimal(0))
    """How many of the dossiers that nobody has to look at are looked at by a handler."""


class PolicyHead(Message):
    """Which published version this is."""

    fund: Fund
    version: str
    valid_from: date
    procedure: Procedure
    withholding_percentage: Decimal = later(Decimal(0))
    """Tax that the fund withholds of a premium to a natural person; one percentage for all is an [assumption]."""


class HeadcountBudget(Message):
    """Euros per calendar year by the number of heads of one status (domain.md 3.2: P1, P4, P6).

    Below `small_below` heads an amount per head; from there a fixed amount and an amount for each head after those
    that are included, at least the minimum.
    """

    small_below: int
    per_head_when_small: Decimal
    fixed: Decimal
    per_head: Decimal
    heads_included: int
    minimum: Decimal


class CompanyBudget(Message):
    """What one employer may have of a fund in a calendar year, apart for workers and employees."""

    workers: HeadcountBudget
    employees: HeadcountBudget


class TrainingPolicy(PolicyHead):
    """Formal or informal training (domain.md 3.2, 3.3)."""

    instrument: Literal[Instrument.FORMAL_TRAINING, Instrument.INFORMAL_TRAINING]
    rate_per_participant_hour: Decimal
    minimum_hours: Decimal
    maximum_hours: Decimal | None
    minimum_attendance_percentage: Decimal
    claim_term: str
    """How long after the last day of the training a claim may be filed, last day included."""
    evidence_term: str
    documents_before: tuple[tuple[Document, ...], ...]
    """Each entry is a group of which one document is enough."""
    documents_after: tuple[tuple[Document, ...], ...]
    follow_up_after: str
    company_budget: CompanyBudget | None = later(None)
    """None: no ceiling per company."""


class CareerAccountPolicy(PolicyHead):
    """Loopbaanrekening: a yearly amount per person (domain.md 3.2)."""

    instrument: Literal[Instrument.CAREER_ACCOUNT]
    yearly_amount: Decimal
    lookback_years: int
    documents: tuple[tuple[Document, ...], ...]
    evidence_term: str
    follow_up_after: str


class Slice(Message):
    """A part of a grant and what makes it payable."""

    moment: Literal["approval", "interim_report", "final_report", "retention"]
    percentage: Decimal


class TransitionPolicy(PolicyHead):
    """Transitiesteun (domain.md 4)."""

    instrument: Literal[Instrument.TRANSITION_SUPPORT]
    minimum_hours: Decimal
    intervention_percentage: Decimal
    maximum_per_participant: Decimal
    maximum_per_company: Decimal
    signing_term: str
    report_term: str
    interim_every: str
    retention_after: str
    retention_term: str
    result_slice_percentage: Decimal
    """Part of the paid grant that is claimed back when the retention check fails."""
    recovery_term: str
    slices: tuple[Slice, ...]
    documents: tuple[tuple[Document, ...], ...]


class ProjectPolicy(PolicyHead):
    """Projectfinanciering (domain.md 5)."""

    instrument: Literal[Instrument.PROJECT_FINANCING]
    intervention_percentage: Decimal
    maximum_per_company: Decimal
    maximum_months: int
    quotes_above: Decimal
    minimum_quotes: int
    report_term: str
    measurement_after: str
    measurement_term: str
    slices: tuple[Slice, ...]
    documents: tuple[tuple[Document, ...], ...]


class OutplacementPolicy(PolicyHead):
    """The employer dossier and the trajectories of an outplacement (domain.md 6)."""

    instrument: Literal[Instrument.OUTPLACEMENT]
    agencies: tuple[str, ...]
    employer_share_per_person: Decimal
    employer_share_maximum_percentage: Decimal
    first_phase_amount: Decimal
    second_phase_amount: Decimal
    long_guidance_amount: Decimal
    invoice_term: str
    agency_term: str
    notify_term: str
    follow_up_months: tuple[int, ...]
    """Moments after the end of the guidance at which is asked what became of the person, in months."""
    follow_up_reminders: int
    follow_up_answer_term: str
    documents: tuple[tuple[Document, ...], ...]
    agency_reminder: str = later("3 working days before")
    """When an agency that did not answer hears it once more, counted back from its last day. [example]"""
    hours_reminder_percentage: Decimal = later(Decimal(50))
    """Part of the time of a phase after which the agency hears that fewer hours were registered (domain.md 6.4)."""
    hours_task_percentage: Decimal = later(Decimal(80))
    """Part of the time of a phase after which a handler looks at hours that lag behind (domain.md 6.4)."""


Policy = Annotated[
    TrainingPolicy | CareerAccountPolicy | TransitionPolicy | ProjectPolicy | OutplacementPolicy,
    Field(discriminator="instrument"),
]
