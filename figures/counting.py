"""Counting people: how many became what, of how many, and of how many nothing is known. Pure."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cached_property

from figures.people import AT_WORK, MOMENTS, NEW_JOB, AgeGroup, Moment, Person
from models.messages.words import FollowUpOutcome, Party, UnknownReason
from schemes.regimes import Regime

TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    numerator: int
    denominator: int

    @property
    def percentage(self) -> Decimal | None:
        """Percent to one decimal, half up; None of nobody."""
        if not self.denominator:
            return None
        return (Decimal(100 * self.numerator) / self.denominator).quantize(TENTH, ROUND_HALF_UP)


class Grouping(StrEnum):
    """By what people are put together."""

    REGIME = "regime"
    AGE = "age"
    AGENCY = "agency"
    EMPLOYER = "employer"
    COHORT = "cohort"
    """The employer's dossier: everybody of one notification."""
    QUARTER = "quarter"
    """Of the first day of the guidance."""


KEYS: Mapping[Grouping, Callable[[Person], str]] = {
    Grouping.REGIME: lambda one: one.regime,
    Grouping.AGE: lambda one: one.age.value,
    Grouping.AGENCY: lambda one: one.agency,
    Grouping.EMPLOYER: lambda one: one.enterprise,
    Grouping.COHORT: lambda one: one.employer_dossier,
    Grouping.QUARTER: lambda one: f"{one.started_on.year} Q{(one.started_on.month + 2) // 3}",
}
IN_ORDER: Mapping[Grouping, tuple[str, ...]] = {
    Grouping.REGIME: tuple(Regime),
    Grouping.AGE: tuple(AgeGroup),
}
"""Groupings with an order of their own; quarters go by time, all others by size."""


@dataclass(frozen=True)
class Tally:
    """What became of some people, at one moment or by the last word."""

    people: int
    words: Mapping[FollowUpOutcome, int]
    reasons: Mapping[UnknownReason, int]
    known_before: int
    """Of whom something was known earlier, and nothing now."""

    @cached_property
    def unknown(self) -> int:
        """Of whom nothing is known."""
        return self.words.get(FollowUpOutcome.UNKNOWN, 0)

    @property
    def known(self) -> int:
        """Of whom something is known."""
        return self.people - self.unknown

    @cached_property
    def new_job(self) -> int:
        """In paid employment with another employer."""
        return sum(self.words.get(word, 0) for word in NEW_JOB)

    @cached_property
    def at_work(self) -> int:
        """In a new job, back with the former employer, or self-employed."""
        return sum(self.words.get(word, 0) for word in AT_WORK)

    def of_all(self, count: int) -> Share:
        """With the unknown."""
        return Share(count, self.people)

    def of_known(self, count: int) -> Share:
        """Without the unknown."""
        return Share(count, self.known)


def tally(people: Iterable[Person], moment: str) -> Tally:
    """Count what became of these people."""
    everybody = tuple(people)
    known = [one.at(moment) for one in everybody]
    reasons = (one.reason or UnknownReason.NOT_ASKED_YET for one in known if one.outcome is FollowUpOutcome.UNKNOWN)
    before = sum(one.earlier is not None for one in everybody)
    return Tally(len(everybody), Counter(one.outcome for one in known), Counter(reasons), before)


def grouped(people: Iterable[Person], by: Grouping) -> tuple[tuple[str, tuple[Person, ...]], ...]:
    """People by the key of their group, in the order of the grouping."""
    found: defaultdict[str, list[Person]] = defaultdict(list)
    for one in people:
        found[KEYS[by](one)].append(one)
    order = IN_ORDER.get(by, ())

    def place(group: tuple[str, list[Person]]) -> tuple[int, int, str]:
        key, members = group
        fixed = order.index(key) if key in order else len(order)
        return fixed, 0 if by is Grouping.QUARTER else -len(members), key

    return tuple((key, tuple(members)) for key, members in sorted(found.items(), key=place))


class FunnelStep(StrEnum):
    """How far the question came, at one moment."""

    REACHED = "reached"
    ASKED = "asked"
    DELIVERED = "delivered"
    OPENED = "opened"
    """Not tracked: a message carries nothing that tells when it is read."""
    ANSWERED = "answered"
    AGENCY_ASKED = "agency_asked"
    AGENCY_ANSWERED = "agency_answered"
    PHONED = "phoned"
    PHONE_ANSWERED = "phone_answered"
    SPARED = "spared"
    RUNNING = "running"
    UNKNOWN = "unknown"


def funnel(people: Sequence[Person], moment: str) -> Mapping[FunnelStep, int | None]:
    """How many came how far at a moment; None for what is not tracked."""
    reached = [one for person in people for one in person.moments if one.name == moment]
    asked = [one for one in reached if one.person]
    known = [one for one in reached if one.known and one.known.outcome is not FollowUpOutcome.UNKNOWN]
    by = Counter(_came_by(one) for one in known)
    return {
        FunnelStep.REACHED: len(reached),
        FunnelStep.ASKED: len(asked),
        FunnelStep.DELIVERED: sum(one.delivered for one in asked),
        FunnelStep.OPENED: None,
        FunnelStep.ANSWERED: by[FunnelStep.ANSWERED],
        FunnelStep.AGENCY_ASKED: sum(one.agency for one in reached),
        FunnelStep.AGENCY_ANSWERED: by[FunnelStep.AGENCY_ANSWERED],
        FunnelStep.PHONED: sum(one.phoned for one in reached),
        FunnelStep.PHONE_ANSWERED: by[FunnelStep.PHONE_ANSWERED],
        FunnelStep.SPARED: by[FunnelStep.SPARED],
        FunnelStep.RUNNING: sum(one.known is None for one in reached),
        FunnelStep.UNKNOWN: sum(one.known is not None for one in reached) - len(known),
    }


def _came_by(moment: Moment) -> FunnelStep:
    """How a word of a moment came: by an answer to whom was asked, or without asking."""
    assert moment.known is not None, "asked of what is known only"
    ways = {
        Party.PARTICIPANT: (moment.person, FunnelStep.ANSWERED),
        Party.AGENCY: (moment.agency, FunnelStep.AGENCY_ANSWERED),
        Party.STAFF: (moment.phoned, FunnelStep.PHONE_ANSWERED),
    }
    was_asked, step = ways.get(Party(moment.known.told_by or Party.SYSTEM), (False, FunnelStep.SPARED))
    return step if was_asked else FunnelStep.SPARED


def moments_reached(people: Iterable[Person]) -> tuple[str, ...]:
    """The moments at which somebody was reached, in their order."""
    reached = {one.name for person in people for one in person.moments}
    return tuple(moment for moment in MOMENTS if moment in reached)
