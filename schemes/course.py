"""The days a trajectory still lives by, and which of them move when a fact is put right or something is told.

Pure and in one place, so that the dossier does what the page said it would do. Nothing that is over moves: a day counts
while its last day has not passed; a term in which somebody may act comes back when its new last day lies ahead.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from models.messages.events import MovedDate
from models.messages.facts import TrajectoryFacts
from models.messages.message import Message
from schemes.calendar import ONE_DAY
from schemes.collective_dismissal import cell_ends
from schemes.deadlines import Deadline, Suspension, Term
from schemes.dismissals import DismissalFacts
from schemes.follow_up import guidance_phases
from schemes.outplacement_terms import (
    answer_deadline,
    default_notice_deadline,
    employer_response_deadline,
    offer_deadline,
    resumption_offer_deadline,
    return_deadline,
)
from schemes.regimes import Regime, RegimeDecision, choose_regime

PHASES = (
    *("regime", "offer", "answer", "start", "guidance_1", "guidance_2", "guidance_3", "ending"),
    *("follow_up_3", "follow_up_6", "follow_up_12"),
)
COMES_BACK = frozenset({"offer_by", "offer_after_notice_by", "answer_by", "cell_until"})
"""Terms in which somebody may act again when their last day moves from the past into the future."""


class Course(Message):
    """Where a trajectory stands, as far as its days depend on it."""

    facts: TrajectoryFacts
    regime: Regime | None = None
    phase: str = "regime"
    suspensions: tuple[Suspension, ...] = ()
    """Jobs that were lost in time: the guidance stood still meanwhile."""
    working_since: date | None = None
    """First day of a new job that may still be lost in time."""
    ended_on: date | None = None
    """Last day of guidance that was broken off, or ended with a new job."""
    guided_as: Regime | None = None
    """The regime by which guidance that is over was given, when another one was chosen since."""
    notify_term: str
    follow_up_months: tuple[int, ...]

    @property
    def dismissal(self) -> DismissalFacts:
        """What the legal table reads."""
        return DismissalFacts.of(self.facts)

    def before(self, phase: str) -> bool:
        """Whether a phase is still to come, or the one that runs."""
        return PHASES.index(self.phase) <= PHASES.index(phase)


class Running(NamedTuple):
    """A day that a trajectory lives by; `schemes.outplacement_sources` says which article it comes from."""

    what: str
    deadline: Deadline

    @property
    def day(self) -> date:
        """The last day, inclusive; of a moment after the guidance the day on which is asked."""
        return self.deadline.last_day


def running(course: Course) -> tuple[Running, ...]:
    """Every day that still may count, in the order of a life; some may be over, see `moved`."""
    if course.regime is None:
        return ()
    return (
        *_before_the_start(course, course.regime),
        *_guidance(course, course.regime),
        *_afterwards(course, course.regime),
    )


def moved(before: Course, after: Course, today: date) -> tuple[MovedDate, ...]:
    """The days that are other than they were, seen from today; what is over stays as it was.

    Nothing of the guidance is over since somebody took a job in which it stands still.
    """
    was = {one.what: one.day for one in running(before)}
    becomes = {one.what: one.day for one in running(after)}
    if after.working_since is None:  # nobody has to come back any more: no day moved by that
        was.pop("return_by", None)
    found, seen_from = [], min(today, before.working_since or today)
    for what in dict.fromkeys((*was, *becomes)):
        old, new = was.get(what), becomes.get(what)
        ran = old is not None and old >= seen_from
        comes = new is not None and new >= today and (old is None or what in COMES_BACK)
        if old != new and (ran or comes):
            found.append(MovedDate(what=what, before=old, after=new))
    return tuple(found)


def decided(course: Course) -> RegimeDecision | None:
    """The regime by the legal table, for who has one; raises FactMissing when the table needs a fact more."""
    return None if course.regime is None else choose_regime(course.dismissal)


def redirected(course: Course, facts: TrajectoryFacts) -> Course:
    """The course with other facts: the regime is chosen again, and guidance that is over stays as it was given.

    The first session moves the last day even then; another regime does not make guidance longer that was finished.
    Raises FactMissing when the legal table needs a fact more.
    """
    found = course.model_copy(update={"facts": facts})
    decision = decided(found)
    regime = decision.regime if decision else None
    over = regime is not course.regime and not course.before("guidance_3")
    guided_as = course.guided_as or (course.regime if over else None)
    return found.model_copy(update={"regime": regime, "guided_as": guided_as})


def own_term(start: date, notify_term: str) -> Deadline:
    """The fund's own term where no source names one (policy `notify_term`)."""
    return Deadline(start=start, term=Term.parse(notify_term))


def _before_the_start(course: Course, regime: Regime) -> Iterator[Running]:
    facts = course.facts
    offered = any((facts.offered_on, facts.answer, facts.started_on))
    if course.before("offer") and not offered:
        if by := offer_deadline(regime, course.dismissal):
            yield Running("offer_by", by)
        if facts.default_notice_on is not None:
            law = employer_response_deadline(regime, facts.default_notice_on)
            yield Running("offer_after_notice_by", law or own_term(facts.default_notice_on, course.notify_term))
        elif window := default_notice_deadline(regime, course.dismissal):
            yield Running("default_notice_by", window)
    if course.before("answer") and facts.offered_on and facts.answer is None and facts.started_on is None:
        law = answer_deadline(regime, facts.offered_on)
        yield Running("answer_by", law or own_term(facts.offered_on, course.notify_term))
    if course.before("start") and facts.started_on is None and (cell := cell_ends(regime, facts.dismissed_on)):
        yield Running("cell_until", cell)  # a trajectory knows its own dismissal, not the last of all [assumption]


def _guidance(course: Course, regime: Regime) -> Iterator[Running]:
    if course.facts.started_on is None or course.ended_on is not None or not course.before("guidance_3"):
        return
    for phase in guidance_phases(regime, course.facts.started_on, course.suspensions):
        if course.before(f"guidance_{phase.number}"):
            yield Running(f"end_of_phase_{phase.number}", phase.deadline)
    if course.working_since is not None and (until := return_deadline(regime, course.working_since)):
        yield Running("return_by", until)
    if course.suspensions and (last := course.suspensions[-1].end) is not None:
        again = resumption_offer_deadline(regime, last + ONE_DAY)
        if again is not None:
            yield Running("offer_again_by", again)


def _afterwards(course: Course, regime: Regime) -> Iterator[Running]:
    if (ended_on := end_of_guidance(course, regime)) is None:
        return
    for months in course.follow_up_months:
        if f"follow_up_{months}" in PHASES and course.before(f"follow_up_{months}"):
            term = Term(amount=months, unit="months")
            yield Running(f"asked_after_{months}", Deadline(start=ended_on, term=term))


def end_of_guidance(course: Course, regime: Regime) -> date | None:
    """The last day of the guidance as it is known now; None before the day of the first session is."""
    if course.ended_on is not None or course.facts.started_on is None:
        return course.ended_on
    given = course.guided_as or regime
    return guidance_phases(given, course.facts.started_on, course.suspensions)[-1].deadline.last_day
