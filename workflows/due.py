"""Which moments of the follow-up apply to a person and when; and what an answer means for the guidance."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.messages.commands import Actor, ReportFact
    from models.messages.events import AnyEvent, FollowedUp, MomentsPlanned, PlannedMoment
    from models.messages.words import FollowUpOutcome, UnknownReason
    from schemes.follow_up import AT_THE_END, LASTING, WORK, Told, moment_of, planned_moments, return_until
    from workflows.guidance import Guidance
    from workflows.moments import ASKING
    from workflows.standing import TO_THE_WORD

BEFORE = ("regime", "offer", "answer", "start")
"""Phases in which nothing was guided yet."""


class Due(Guidance):
    """Says ahead what will be asked, so that nobody can be forgotten without it being seen."""

    def tend(self) -> None:
        """Also say which days changed, whenever the dossier rests."""
        super().tend()
        if self.by_moments and self.begun and not self._closed:
            self._plan(self._moments_due())

    def steered_by(self, found: Told, by: Actor) -> None:
        """Work suspends the guidance as a new job does, and looking for work again brings it back in time."""
        if not self.state.phase.startswith("guidance") or "ended_on" in self.state.notes:
            return
        on = min(found.since or self.today(), self.today())
        last = self.last_of("new_job", "job_lost")
        job = last if last is not None and last.fact == "new_job" else None
        if found.outcome in WORK and self._begins(found, job):
            self._heard(ReportFact(fact="new_job", on=on, by=by, values={"outcome": found.outcome}))
        elif job is not None and self._without_work(found.outcome):
            until = return_until(self.chosen, max(job.on, self.started_on))
            if until is not None and self.today() <= until:
                self._heard(ReportFact(fact="job_lost", on=max(on, job.on), by=by))

    def _begins(self, found: Told, job: ReportFact | None) -> bool:
        """Whether work is new: not one that was there before the dismissal, nor the same one on the same day."""
        if self.state.story < TO_THE_WORD or found.since is None:
            return job is None
        return found.since >= self.facts.dismissed_on and (job is None or job.on != found.since)

    def _without_work(self, outcome: FollowUpOutcome) -> bool:
        """Whether who says this has no work, and may be guided."""
        if self.state.story < TO_THE_WORD:
            return outcome is FollowUpOutcome.JOB_SEEKING
        return outcome not in (*WORK, *LASTING, FollowUpOutcome.UNKNOWN)

    def does_not_apply(self, because: str) -> None:
        """Nothing more is asked: of no moment that was not concluded."""
        named = self.state.moments or [AT_THE_END, *map(moment_of, self.policy.follow_up_months)]
        left = [moment for moment in named if self._nobody_asked(moment)]
        self._plan(tuple(PlannedMoment(moment=moment, because=because) for moment in left))

    def said_again(self) -> list[AnyEvent]:
        """What is known of the moments, for another dossier that goes on with this person."""
        return [
            FollowedUp(
                moment=moment,
                outcome=known.outcome,
                reason=known.reason,
                told_by=known.told_by,
                since=known.since,
                asked_on=self.asked_of(moment)[1],
                corrections=known.corrections,
            )
            for moment, known in self.state.followed.items()
        ]

    def _moments_due(self) -> tuple[PlannedMoment, ...]:
        notes = self.state.notes
        stands_still = "working_since" in notes and "ended_on" not in notes
        return planned_moments(
            [phase.deadline.last_day for phase in self.phases],
            None if stands_still else self.ended_on,
            self.policy.follow_up_months,
            early="ended_on" in notes,
            asked={
                *(moment for moment in self.state.followed if not self._nobody_asked(moment)),
                notes.get(ASKING, ""),
            },
        )

    def _nobody_asked(self, moment: str) -> bool:
        """Whether nothing is known of a moment, also when what was noted of it was taken back."""
        stands = self.state.followed.get(moment)
        return stands is None or stands.reason is UnknownReason.NOT_ASKED_YET

    def _plan(self, moments: tuple[PlannedMoment, ...]) -> None:
        changed = tuple(one for one in moments if self.state.moments.get(one.moment) != one)
        fresh = tuple(one for one in changed if self._nobody_asked(one.moment))
        if fresh:
            self.state.moments |= {one.moment: one for one in fresh}
            self.note(MomentsPlanned(moments=fresh))

    @property
    def begun(self) -> bool:
        """Whether the person is guided, or was."""
        return self.facts.started_on is not None and self.state.phase not in (*BEFORE, "")
