"""How each person's guidance went, as the files tell it: hours by phase, a new job, an end before the legal one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import MappingProxyType

from importing.applications import Batch
from models.messages.words import FollowUpOutcome, Party
from rehearsal.parts import Answer, Tell, seed_of
from rehearsal.scene import Question, Scene
from rehearsal.trajectory import NOBODY, Future, TrajectoryPart
from schemes.calendar import BRUSSELS

WORK = frozenset(
    {
        FollowUpOutcome.SAME_SECTOR,
        FollowUpOutcome.OTHER_SECTOR,
        FollowUpOutcome.SELF_EMPLOYED,
        FollowUpOutcome.FORMER_EMPLOYER,
    }
)
NOON = time(12)
GUIDANCE = MappingProxyType({"guidance_1": 0, "guidance_2": 1, "guidance_3": 2})


@dataclass(frozen=True)
class Course:
    """One person's guidance: its last day, and the hours of each phase."""

    ended_on: date | None
    hours: tuple[Decimal, ...]


def courses(batch: Batch, numbers: Mapping[str, str]) -> dict[str, Course]:
    """How the guidance of everybody went, by the number of the trajectory."""
    people = (one for application in batch.applications for one in application.trajectories)
    return {
        numbers[one.reference]: Course(one.guidance.ended_on, one.guidance.hours_by_phase)
        for one in people
        if one.guidance is not None
    }


class CoursePart(TrajectoryPart):
    """Plays the guidance as it went, and afterwards what became of the person."""

    def __init__(
        self, futures: Mapping[str, Future], courses: Mapping[str, Course], away: Mapping[str, str] = NOBODY
    ) -> None:
        super().__init__(futures, away)
        self._courses = courses

    def answer(self, scene: Scene, question: Question) -> Answer | Tell | None:
        """The hours that were really given; everything else as always."""
        course = self._courses.get(scene.number)
        if question.code == "hours" and course is not None and (place := GUIDANCE.get(scene.phase)) is not None:
            given = course.hours[place] if place < len(course.hours) else Decimal(0)
            return Answer(after=timedelta(days=2), values={"hours": str(given)})
        return super().answer(scene, question)

    def unasked(self, scene: Scene) -> Sequence[tuple[datetime, Tell]]:
        """Guidance that ended on the day of the outcome ended by it: a job, a pension, an illness, a departure."""
        course, future = self._courses.get(scene.number), self._futures.get(scene.number)
        if course is None or future is None or course.ended_on is None or course.ended_on != future.since:
            return ()
        return ((datetime.combine(course.ended_on, NOON, BRUSSELS), _turn(scene.number, future)),)


def _turn(number: str, future: Future) -> Tell:
    """What the agency tells of the day on which the guidance ended."""
    became = future.became
    if became in WORK:
        return Tell("new_job", Party.AGENCY, {"outcome": became})
    if became is FollowUpOutcome.MOVED_OR_DIED:
        return Tell("deceased" if seed_of(number) % 2 else "emigrated", Party.AGENCY)
    return Tell("finished", Party.AGENCY)
