"""How each person's guidance went, as the files tell it: hours by phase, a new job, an end before the legal one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import MappingProxyType

from importing.applications import Application, Batch
from models.messages.facts import TrajectoryFacts
from models.messages.guidance import GuidedMonth
from models.messages.words import FollowUpOutcome, Party
from rehearsal.parts import Answer, Tell, seed_of
from rehearsal.scene import Question, Scene
from rehearsal.trajectory import NOBODY, Future, TrajectoryPart
from schemes.calendar import BRUSSELS, ONE_DAY
from schemes.dismissals import DismissalFacts
from schemes.follow_up import guidance_phases
from schemes.hours_of_phases import Span, spans
from schemes.regimes import choose_regime
from schemes.terms import add_months

WORK = frozenset(
    {
        FollowUpOutcome.SAME_SECTOR,
        FollowUpOutcome.OTHER_SECTOR,
        FollowUpOutcome.SELF_EMPLOYED,
        FollowUpOutcome.FORMER_EMPLOYER,
    }
)
NOON, AFTERNOON = time(12), time(14)
CENT = Decimal("0.01")
GUIDANCE = MappingProxyType({"guidance_1": 0, "guidance_2": 1, "guidance_3": 2})


@dataclass(frozen=True)
class Course:
    """One person's guidance: its last day, and the phases of the law with the hours that were given in each."""

    ended_on: date
    spans: tuple[Span, ...]
    given: tuple[Decimal, ...]

    def months(self) -> Iterator[tuple[date, GuidedMonth]]:
        """What the agency registers at the end of every month, the hours of a phase evenly over its days."""
        first, last = self.spans[0].first, min(self.spans[-1].last, self.ended_on)
        for place in range((last.year - first.year) * 12 + last.month - first.month + 1):
            begins = add_months(first.replace(day=1), place)
            ends = add_months(begins, 1) - ONE_DAY
            hours = sum(
                (self._within(span, hours, begins, ends) for span, hours in zip(self.spans, self.given, strict=False)),
                Decimal(0),
            )
            told_on = min(ends, last)
            yield told_on, GuidedMonth(month=f"{begins:%Y-%m}", hours=hours.quantize(CENT), sessions=2)

    def _within(self, span: Span, hours: Decimal, begins: date, ends: date) -> Decimal:
        """The hours of a phase that fall between two days."""
        until = min(span.last, self.ended_on)
        days, within = (until - span.first).days + 1, (min(ends, until) - max(begins, span.first)).days + 1
        return hours * within / days if days > 0 and within > 0 else Decimal(0)


def courses(batch: Batch, numbers: Mapping[str, str]) -> dict[str, Course]:
    """How the guidance of everybody went who started, by the number of the trajectory."""
    people = (one for application in batch.applications for one in application.trajectories)
    return {numbers[one.reference]: course for one in people if (course := _course(one)) is not None}


def _course(one: Application) -> Course | None:
    facts, guidance = one.facts, one.guidance
    if guidance is None or guidance.ended_on is None or not isinstance(facts, TrajectoryFacts):
        return None
    if facts.started_on is None:
        return None
    regime = choose_regime(DismissalFacts.of(facts)).regime
    phases = ((phase.hours, phase.deadline.last_day) for phase in guidance_phases(regime, facts.started_on))
    return Course(guidance.ended_on, spans(facts.started_on, phases), guidance.hours_by_phase)


class CoursePart(TrajectoryPart):
    """Plays the guidance as it went, and afterwards what became of the person."""

    def __init__(
        self, futures: Mapping[str, Future], courses: Mapping[str, Course], away: Mapping[str, str] = NOBODY
    ) -> None:
        super().__init__(futures, away)
        self._courses = courses
        self._unasked: dict[str, tuple[tuple[datetime, Tell], ...]] = {}

    def answer(self, scene: Scene, question: Question) -> Answer | Tell | None:
        """The hours that were really given; everything else as always."""
        course = self._courses.get(scene.number)
        if question.code == "hours" and course is not None and (place := GUIDANCE.get(scene.phase)) is not None:
            given = course.given[place] if place < len(course.given) else Decimal(0)
            return Answer(after=timedelta(days=2), values={"hours": str(given)})
        return super().answer(scene, question)

    def unasked(self, scene: Scene) -> Sequence[tuple[datetime, Tell]]:
        """The hours month by month, and what ended the guidance before its time."""
        if scene.number not in self._unasked:
            self._unasked[scene.number] = tuple(sorted(self._tells(scene.number), key=lambda told: told[0]))
        return self._unasked[scene.number]

    def _tells(self, number: str) -> Iterator[tuple[datetime, Tell]]:
        course, future = self._courses.get(number), self._futures.get(number)
        if course is None:
            return
        for on, month in course.months():
            yield datetime.combine(on, NOON, BRUSSELS), Tell("hours_registered", Party.AGENCY, month.values())
        if future is not None and course.ended_on == future.since:
            yield datetime.combine(course.ended_on, AFTERNOON, BRUSSELS), _turn(number, future)


def _turn(number: str, future: Future) -> Tell:
    """What the agency tells of the day on which the guidance ended."""
    became = future.became
    if became in WORK:
        return Tell("new_job", Party.AGENCY, {"outcome": became})
    if became is FollowUpOutcome.MOVED_OR_DIED:
        return Tell("deceased" if seed_of(number) % 2 else "emigrated", Party.AGENCY)
    return Tell("finished", Party.AGENCY)
