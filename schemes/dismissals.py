"""What the legal table needs to know of one dismissal: dates, weeks and ages, nothing that names a person."""

from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple, Self

from pydantic import ConfigDict

from models.messages.facts import TrajectoryFacts
from models.messages.message import Message

DismissalKind = Literal["closure", "restructuring", "individual", "medical_force_majeure"]


class FactMissing(ValueError):
    """A rule needs a fact that was not given; `field` names it and the text asks for it in plain Dutch."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class Ages(NamedTuple):
    """Ages in completed years; None where the day is not known."""

    on_dismissal: int
    on_announcement: int | None


class DismissalFacts(Message):
    """One dismissal as known at intake. Dates are local, weeks whole or halves, the wage is gross euros a year.

    Ages are computed beforehand by `ages`; a birth date is never part of it. The field names are those of the
    trajectory's facts.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    dismissal: DismissalKind
    bankrupt: bool = False
    urgent_cause: bool = False
    announced_on: date | None = None
    """Announcement of the collective dismissal."""
    dismissed_on: date
    """Notification of the dismissal: rules and age are judged on this day."""
    service_began_on: date
    notice_began_on: date | None = None
    contract_ended_on: date
    notice_weeks: Decimal | None = None
    indemnity_weeks: Decimal | None = None
    employment_fraction: Decimal = Decimal(1)
    age_on_dismissal: int | None
    age_on_announcement: int | None = None
    gross_yearly_wage: Decimal | None = None
    four_weeks_withheld: bool | None = None
    offered_on: date | None = None
    default_notice_on: date | None = None
    answered_on: date | None = None

    @classmethod
    def of(cls, facts: TrajectoryFacts) -> Self:
        """The part of a trajectory's facts that the legal table reads."""
        shared = cls.model_fields.keys() & type(facts).model_fields.keys()
        return cls.model_validate({name: getattr(facts, name) for name in shared})

    @property
    def weeks(self) -> Decimal:
        """Weeks of notice and of indemnity together."""
        return (self.notice_weeks or Decimal(0)) + (self.indemnity_weeks or Decimal(0))


def age(birth_date: date, on: date) -> int:
    """Completed years; a birthday counts from that day on, and one on 29 February from 1 March in other years."""
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))


def ages(birth_date: date, dismissed_on: date, announced_on: date | None = None) -> Ages:
    """The ages that the facts carry in the place of a birth date."""
    return Ages(age(birth_date, dismissed_on), None if announced_on is None else age(birth_date, announced_on))
