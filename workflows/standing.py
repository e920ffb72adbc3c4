"""Where a trajectory stands: its regime, its phases, its end, and the days it lives by."""

from datetime import date

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.messages.commands import Actor
    from models.messages.events import DatesMoved
    from models.messages.words import Party
    from schemes import course
    from schemes.course import Course
    from schemes.deadlines import Suspension
    from schemes.follow_up import guidance_phases
    from schemes.outplacement_terms import Phase
    from schemes.regimes import Regime
    from workflows.dismissal import Dismissal

DATES_MOVE = 3
"""The story from which on a trajectory tells which days moved."""
TO_THE_WORD = 5
"""The story from which on a second answer undoes the job of the first, and a loss counts from when it was told."""
HOUSE = Actor(person="system", party=Party.SYSTEM)


class Standing(Dismissal):
    """What every later step reads."""

    def course(self) -> Course:
        """What the days of this trajectory depend on."""
        notes = self.state.notes
        return Course(
            facts=self.facts,
            regime=Regime(notes["regime"]) if "regime" in notes else None,
            phase=self.state.phase,
            suspensions=self._held,
            working_since=_day(notes.get("working_since")),
            ended_on=_day(notes.get("ended_on")),
            guided_as=Regime(notes["guided_as"]) if "guided_as" in notes else None,
            notify_term=self.policy.notify_term,
            follow_up_months=self.policy.follow_up_months,
        )

    def tell_moved(self, because: str, before: Course) -> None:
        """Say which days moved since, when any did."""
        if self.state.story < DATES_MOVE:
            return
        moved = course.moved(before, self.course(), self.today())
        if moved:
            self.note(DatesMoved(because=because, moved=moved))

    @property
    def corrections(self) -> int:
        """How often facts were put right."""
        return int(self.state.notes.get("corrections", "0"))

    def put_right_since(self, seen: int) -> bool:
        """Whether facts were put right after so many corrections."""
        return self.corrections != seen

    @property
    def phases(self) -> tuple[Phase, ...]:
        """The phases of the guidance, of a person who started."""
        given = Regime(self.state.notes.get("guided_as", self.chosen))
        return guidance_phases(given, self.started_on, self._held)

    @property
    def _held(self) -> tuple[Suspension, ...]:
        return tuple(Suspension(start=period.start, end=period.end) for period in self.state.suspensions)

    @property
    def started_on(self) -> date:
        """The day of the first session; known from the phase `start` on."""
        assert self.facts.started_on is not None
        return self.facts.started_on

    @property
    def ended_on(self) -> date:
        """The last day of the guidance: an early end, a new job that lasted, or the end of the last phase."""
        return _day(self.state.notes.get("ended_on")) or self.phases[-1].deadline.last_day


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
