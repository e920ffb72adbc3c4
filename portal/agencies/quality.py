"""The quality of agencies as a page and a file show it: counted by the rules, and small numbers hidden.

A number below five is hidden, and so is every other from which it could be worked out: beside it in its row, and each
share that needs it. No row adds agencies up. Who compares two days or two periods may still see that somebody came.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from figures.hiding import FEWEST, Way, apart, few, hidden
from models.messages.questions import HOURS
from models.messages.words import UnknownReason
from reading.agencies import Asked, Course
from reading.agencies import Month as Told
from schemes.agency_quality import (
    JOBS,
    OTHERS,
    Closing,
    Followed,
    Month,
    Quality,
    Question,
    Spread,
    of_period,
    quality,
)
from schemes.deadlines import Suspension

WAYS: tuple[Way, ...] = (((0,), (1,), (2,)), ((0, 1), (2,)), ((0,), (1, 2)), ((0, 1, 2),))
"""Who found a job, other outcomes and the unknown: each with its total where those may be shown."""
PHASES = {f"guidance_{number}": number for number in (1, 2, 3)}


class Share(NamedTuple):
    """A part of a whole, each None where it is hidden."""

    part: int | None
    whole: int | None

    @property
    def percentage(self) -> int | None:
        """In whole percent; None where it is hidden, or of nobody."""
        return round(100 * self.part / self.whole) if self.part is not None and self.whole else None


class PhaseShown(NamedTuple):
    """One phase: who got all hours of whom it is over, and the hours of them all."""

    number: int
    enough: Share
    due: Decimal | None
    given: Decimal | None


class QualityShown(NamedTuple):
    """One agency, with what may be seen of it."""

    agency: str
    started: int | None
    waiting: int | None
    first_talk: Spread
    phases: tuple[PhaseShown, ...]
    answered: Share
    open: int | None
    answer_days: Spread
    ended: int | None
    jobs: Share
    """Of everybody who ended, unknown included."""
    jobs_of_known: Share
    """Of those of whom it is known."""
    unknown: Share
    outcomes: tuple[tuple[str, int | None], ...]
    reasons: tuple[tuple[str, int | None], ...]


def qualities(courses: Iterable[Course], since: date, until: date, day: date) -> tuple[QualityShown, ...]:
    """Every agency by its name: people who accepted in a period, seen on a day."""
    people: dict[str, list[Followed]] = {}
    for one in of_period(map(followed, courses), since, until):
        people.setdefault(one.agency, []).append(one)
    return tuple(shown(quality(agency, found, day)) for agency, found in sorted(people.items()))


def followed(course: Course) -> Followed:
    """A journal as the rules count it."""
    turns, firsts = course.turns, [one.told.first_on for one in course.months if one.told.first_on]
    started_on, ended_on = turns.get("guidance_started"), turns.get("guidance_ended")
    return Followed(
        number=course.number,
        agency=course.agency,
        accepted_on=course.accepted_on,
        started_on=started_on,
        ended_on=ended_on,
        regime=turns.get("regime"),
        held=tuple(Suspension(start=first, end=last) for first, last in course.held),
        months=tuple(_month(one).within(started_on, ended_on) for one in course.months),
        first_on=min(firsts, default=None),
        told=tuple((PHASES[phase], hours) for phase, hours in course.hours if phase in PHASES),
        questions=tuple(map(_question, course.questions)),
        outcome=turns.get("outcome"),
        reason=turns.get("reason"),
        closed=course.closed and Closing(**course.closed._asdict()),
        taken_over_on=course.taken_over_on,
        met_elsewhere=course.met_elsewhere,
    )


def shown(found: Quality) -> QualityShown:
    """What may be seen of one agency."""
    jobs, others = [found.outcomes[one] for one in JOBS], [found.outcomes[one] for one in OTHERS]
    reasons = [found.unknown[reason] for reason in UnknownReason]
    groups = (jobs, others, reasons)
    way, mask = apart(groups, WAYS)
    cells = [_uncovered(group, row) for group, row in zip(groups, mask, strict=True)]
    started, waiting = _row([found.started, found.waiting])
    answered, silent, still = _row([found.answered, found.silent, found.open])
    ended = None if few(found.ended) else found.ended
    if ended is None:
        way, cells = (), [[None] * len(group) for group in groups]
    found_a_job = sum(jobs) if (0,) in way else None
    unknown = sum(reasons) if (2,) in way else None
    known = None if ended is None or unknown is None else ended - unknown
    asked = None if answered is None or silent is None else answered + silent
    return QualityShown(
        agency=found.agency,
        started=started,
        waiting=waiting,
        first_talk=_spread(found.first_talk),
        phases=tuple(_phases(found)),
        answered=Share(answered if asked is not None else None, asked),
        open=still,
        answer_days=_spread(found.answer_days),
        ended=ended,
        jobs=Share(found_a_job, ended),
        jobs_of_known=Share(found_a_job if known is not None else None, known),
        unknown=Share(unknown, ended),
        outcomes=tuple(zip((*JOBS, *OTHERS), (*cells[0], *cells[1]), strict=True)),
        reasons=tuple(zip(UnknownReason, cells[2], strict=True)),
    )


def _row(counts: Sequence[int]) -> list[int | None]:
    """One row of which the total is shown."""
    (mask,) = hidden([counts])
    return _uncovered(counts, mask)


def _uncovered(counts: Sequence[int], mask: Sequence[bool]) -> list[int | None]:
    return [None if out else count for count, out in zip(counts, mask, strict=True)]


def _spread(found: Spread) -> Spread:
    return found if found.people >= FEWEST else Spread(0, None, None)


def _phases(found: Quality) -> Iterator[PhaseShown]:
    for phase in found.phases:
        few = phase.people < FEWEST
        enough, _rest = _row([phase.enough, phase.people - phase.enough])
        share = Share(None if few else enough, None if few else phase.people)
        yield PhaseShown(phase.number, share, None if few else phase.due, None if few else phase.given)


def _month(one: Told) -> Month:
    first = one.told.first_on or one.told.first_day
    return Month(hours=one.told.hours, first=first, last=one.last, told_on=one.told_on)


def _question(one: Asked) -> Question:
    phase = PHASES.get(one.phase) if one.code == HOURS else None
    return Question(asked_on=one.asked_on, answered_on=one.answered_on, lapsed=one.lapsed, phase=phase)
