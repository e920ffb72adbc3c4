"""How well an agency guides, counted from what happened: first talks, hours against the law, answers, outcomes.

Days are calendar days. Hours due are those of the phases that were over (domain.md 6.2); what of it is enough, and
that half of the people are met by the median, are choices of this house [assumption].

A person with whom another fund goes on has two dossiers: first talk, phases and questions count in the one in which
they happened, the person in the one that goes on. A dossier that told the same dismissal twice counts for nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import takewhile
from math import ceil
from typing import NamedTuple

from models.messages.message import Message
from models.messages.words import FollowUpOutcome, Outcome, UnknownReason
from schemes.deadlines import Suspension
from schemes.earlier import DOUBLE
from schemes.follow_up import guidance_phases
from schemes.hours_of_phases import Registered, Span, hours_in, spans
from schemes.regimes import Regime

JOBS = (
    FollowUpOutcome.SAME_SECTOR,
    FollowUpOutcome.OTHER_SECTOR,
    FollowUpOutcome.SELF_EMPLOYED,
    FollowUpOutcome.FORMER_EMPLOYER,
)
OTHERS = tuple(outcome for outcome in FollowUpOutcome if outcome not in (*JOBS, FollowUpOutcome.UNKNOWN))
NINE_TENTHS = Decimal("0.9")
HALF = Decimal("0.5")


class Question(Message):
    """Something that was asked of the agency; `answered_on` None: not yet, or never."""

    asked_on: date
    answered_on: date | None = None
    lapsed: bool = False
    phase: int | None = None
    """The phase of which it asks the hours."""


class Month(Registered):
    """A registered month, with the day on which it was told."""

    told_on: date


class Closing(Message):
    """How a dossier ended."""

    on: date
    outcome: str
    reason: str


class Followed(Message):
    """One person of the agency, as the journal told by the end of a day."""

    number: str
    agency: str
    accepted_on: date | None = None
    started_on: date | None = None
    ended_on: date | None = None
    regime: str | None = None
    held: tuple[Suspension, ...] = ()
    """New jobs during which the guidance stood still."""
    months: tuple[Month, ...] = ()
    first_on: date | None = None
    told: tuple[tuple[int, Decimal], ...] = ()
    """Hours that were told at the end of a phase, by its number."""
    questions: tuple[Question, ...] = ()
    outcome: str | None = None
    reason: str | None = None
    closed: Closing | None = None
    taken_over_on: date | None = None
    """The day on which it came from another fund."""
    met_elsewhere: bool = False
    """The first talk was while the other fund had it."""

    @property
    def first_talk(self) -> date | None:
        """The first talk as it was registered, else as the start was told."""
        return self.first_on or self.started_on

    @property
    def begins(self) -> date | None:
        """The day by which the person belongs to a period: the acceptance, else the first talk."""
        return self.accepted_on or self.first_talk

    @property
    def over_on(self) -> date | None:
        """The last day of the guidance: as it was told, else the day on which the dossier of who started closed."""
        return self.ended_on or (self.closed.on if self.closed and self.started_on else None)

    @property
    def is_double(self) -> bool:
        """Whether another dossier is about the same dismissal."""
        return self.closed is not None and self.closed.reason == DOUBLE

    @property
    def went_on(self) -> bool:
        """Whether another fund goes on with the person."""
        return self.closed is not None and self.closed.outcome == Outcome.HANDED_OVER


class Spread(NamedTuple):
    """Days of how many people: half of them needed at most `median`, nine tenths at most `late`."""

    people: int
    median: int | None
    late: int | None


class PhaseHours(NamedTuple):
    """One phase of everybody for whom it is over: hours due and given, and how many got all of theirs."""

    number: int
    people: int
    enough: int
    due: Decimal
    given: Decimal


class Quality(NamedTuple):
    """What is counted of one agency. `unknown` by reason; who ended counts once, by what was heard last."""

    agency: str
    started: int
    waiting: int
    first_talk: Spread
    phases: tuple[PhaseHours, ...]
    answered: int
    silent: int
    open: int
    answer_days: Spread
    ended: int
    outcomes: dict[str, int]
    unknown: dict[str, int]


def quality(agency: str, people: Iterable[Followed], day: date) -> Quality:
    """Count the people of one agency on a day."""
    found = [one for one in people if not one.is_double]
    here = [one for one in found if not one.went_on]
    questions = [question for one in found for question in _questions(one)]
    answered = [question for question in questions if question.answered_on is not None]
    silent = sum(question.lapsed and question.answered_on is None for question in questions)
    ended = [one for one in here if one.over_on is not None]
    return Quality(
        agency=agency,
        started=sum(one.started_on is not None for one in here),
        waiting=sum(one.started_on is None and one.closed is None for one in here),
        first_talk=spread(list(_days_to_talk(found))),
        phases=tuple(_phases(found, day)),
        answered=len(answered),
        silent=silent,
        open=len(questions) - len(answered) - silent,
        answer_days=spread([(one.answered_on - one.asked_on).days for one in answered if one.answered_on]),
        ended=len(ended),
        outcomes={outcome: sum(one.outcome == outcome for one in ended) for outcome in (*JOBS, *OTHERS)},
        unknown={reason: sum(_reason(one) == reason for one in ended) for reason in UnknownReason},
    )


def of_period(people: Iterable[Followed], since: date, until: date) -> list[Followed]:
    """Who accepted, or when that is not known began, between two days, both included."""
    return [one for one in people if one.begins is not None and since <= one.begins <= until]


def spread(days: Sequence[int]) -> Spread:
    """The median and the ninetieth percentile, each a day that somebody really needed (nearest rank)."""
    ranked = sorted(days)
    return Spread(len(ranked), _ranked(ranked, HALF), _ranked(ranked, NINE_TENTHS))


def _ranked(ranked: Sequence[int], part: Decimal) -> int | None:
    if not ranked:
        return None
    return ranked[ceil(len(ranked) * part) - 1]


def _days_to_talk(found: Iterable[Followed]) -> Iterator[int]:
    for one in found:
        if one.first_talk and one.accepted_on and not one.met_elsewhere:
            yield max((one.first_talk - one.accepted_on).days, 0)


def _questions(one: Followed) -> Iterator[Question]:
    """What was asked; hours that were registered after the question lapsed answer it too."""
    known = dict(_spans(one))
    for question in one.questions:
        span = known.get(question.phase or 0)
        if span is None or question.answered_on is not None:
            yield question
        else:
            last = min(span.last, one.ended_on or span.last)
            told = [max(month.told_on, question.asked_on) for month in one.months if month.last >= last]
            yield question.model_copy(update={"answered_on": min(told, default=None)})


def _reason(one: Followed) -> str | None:
    """Why it is not known what became of somebody; None when it is."""
    if one.outcome is None:
        return UnknownReason.NOT_ASKED_YET
    return one.reason or UnknownReason.NO_ANSWER if one.outcome == FollowUpOutcome.UNKNOWN else None


def _phases(found: Iterable[Followed], day: date) -> Iterable[PhaseHours]:
    counted: dict[int, list[tuple[int, Decimal]]] = {}
    for one in found:
        for number, span in _over(one, day):
            counted.setdefault(number, []).append((span.hours, _given(one, number, span)))
    for number, hours in sorted(counted.items()):
        yield PhaseHours(
            number=number,
            people=len(hours),
            enough=sum(given >= due for due, given in hours),
            due=Decimal(sum(due for due, _ in hours)),
            given=sum((given for _, given in hours), Decimal(0)),
        )


def _over(one: Followed, day: date) -> Iterable[tuple[int, Span]]:
    """The phases that were lived to their end in this dossier: not those that an end, a job or another fund cut off."""
    for number, span in _spans(one):
        over = span.last < day and (one.over_on is None or one.over_on >= span.last)
        here = one.taken_over_on is None or span.last > one.taken_over_on
        if over and here:
            yield number, span


def _spans(one: Followed) -> Iterable[tuple[int, Span]]:
    """The phases of the law, as far as their last day is known: none that stands still."""
    if one.started_on is None or one.regime not in set(Regime):
        return ()
    phases = guidance_phases(Regime(one.regime), one.started_on, one.held)
    known = takewhile(lambda phase: phase.deadline.stopped_since is None, phases)
    return enumerate(spans(one.started_on, ((phase.hours, phase.deadline.last_day) for phase in known)), 1)


def _given(one: Followed, number: int, span: Span) -> Decimal:
    """The larger of what was registered by month and what was told at the end of the phase.

    A phase is asked about because months are missing, so its answer is the more complete of the two; months that were
    caught up afterwards may be more than that answer.
    """
    return max(hours_in(one.months, span), dict(one.told).get(number, Decimal(0)))
