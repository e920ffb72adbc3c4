"""Somebody died or went abroad: everything stops at once, and for a while it can be taken back."""

from collections.abc import Callable
from datetime import datetime

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models.messages.commands import ReportFact
    from models.messages.dossier import Ending
    from models.messages.facts import TrajectoryFacts
    from models.messages.words import FollowUpOutcome, Outcome, Party, UnknownReason
    from schemes import follow_up
    from schemes.follow_up import GONE, Told
    from schemes.steps import CONDOLENCE
    from workflows.acquainted import JUDGED
    from workflows.dismissal import HELP
    from workflows.journal import SideExit
    from workflows.moments import ASKING
    from workflows.settling import SETTLES, Settling
    from workflows.standing import TO_THE_WORD

BACK = "back"
"""The note that the story goes on in the phase in which it stopped."""
BROKEN_OFF = "broken_off"
"""The note that the guidance ended because somebody was gone, and for nothing else."""


class Farewell(Settling):
    """How a trajectory ends with the person."""

    async def rest(self, woken: Callable[[], bool], until: datetime | None = None) -> bool:
        """As ever; who is gone is not waited for.

        Raises:
            SideExit: the applicant withdrew, or the person died or went abroad meanwhile.
        """
        came = await super().rest(lambda: woken() or self._leaves(), until)
        if self._leaves() and self.gone is not None:
            raise SideExit(self._way_out(), self.gone.fact)
        return came

    def _heard(self, command: ReportFact) -> int:
        """Nobody calls who is gone, or looks at their hours: only a word to the family is left."""
        known = command in self.state.reports
        sequence = super()._heard(command)
        if command.fact in GONE and not known:
            if self.wants_help:
                self.state.notes[HELP] = "wanted"
            self._drop_tasks(to_the_family=False)
        return sequence

    def _leaves(self) -> bool:
        return self.by_moments and self._exits_open and not self.state.lived and self.gone is not None

    def _way_out(self) -> Outcome:
        if not self.begun:
            return Outcome.NOT_STARTED
        guided = self.state.phase.startswith("guidance")
        return Outcome.STOPPED if guided or "stopped" in self.state.notes else Outcome.COMPLETED

    async def _reconsidered(self, way: SideExit) -> bool:
        """After the word that somebody is gone, leave time to hear that it was not so."""
        if way.reason not in GONE or self.gone is None:
            return await super()._reconsidered(way)
        self._exits_open = False
        self._leave_story(way.reason)
        if self.begun:
            await self._note_gone()
        self.state.notes.pop(ASKING, None)
        day = follow_up.firm_from(self.today(), self.policy)
        if not await self.wait_until(day, "farewell", "closes", unless=lambda: self.gone is None):
            return False
        self.take_back()
        self._exits_open, self.state.notes[BACK] = True, self.state.phase
        return True

    async def _note_gone(self) -> None:
        """The guidance is over, and every moment that is left is known."""
        gone = self.gone  # it may be taken back while the employer's dossier is told
        assert gone is not None
        if self.state.phase.startswith("guidance") and "ended_on" not in self.state.notes:
            self.state.notes["ended_on"] = self.state.notes[BROKEN_OFF] = str(max(gone.on, self.started_on))
            self.say_ended()
            await self.tell_parent("guidance_ended")
        found = follow_up.gone(gone.by.party)
        for one in self._moments_due():
            if one.because is None and self._nobody_asked(one.moment):
                self.conclude(one.moment, found)

    def take_back(self) -> None:
        """The person is here after all: what was noted of them for later is not known yet, and the guidance goes on."""
        not_known = Told(outcome=FollowUpOutcome.UNKNOWN, reason=UnknownReason.NOT_ASKED_YET, by=Party.STAFF)
        for moment, stands in self.state.followed.items():
            if stands.outcome is FollowUpOutcome.MOVED_OR_DIED:
                self.conclude(moment, not_known)
        if self.state.notes.pop(BROKEN_OFF, None) is not None:
            for note in ("ended_on", "said_ended"):
                self.state.notes.pop(note, None)
            if self.state.story >= SETTLES:
                self.say("guidance_resumed", self.today())
        self.call_after_all()
        if self.state.story >= SETTLES:
            self._drop_tasks(to_the_family=True)
            self.watch_hours_again()
        if self.state.story >= TO_THE_WORD and self.state.notes.get("earlier") != JUDGED:
            self.state.notes.pop("earlier", None)  # the task went with the person; the next phase asks it again

    def _drop_tasks(self, *, to_the_family: bool) -> None:
        """Take away the word to the family, or everything else that is beside the story."""
        for name, task in sorted(self.state.tasks.items()):
            if (task.step == CONDOLENCE.code) is to_the_family:
                self.drop_beside(name)

    def _put_right(self, facts: TrajectoryFacts, command: ReportFact) -> None:
        """As ever; an end that was told and moved is told anew."""
        super()._put_right(facts, command)
        if self.state.story >= SETTLES and "said_ended" in self.state.notes:
            self.say_ended()

    def say_ended(self) -> None:
        """The end of the guidance, once."""
        if self.state.notes.get("said_ended") != str(self.ended_on):
            self.state.notes["said_ended"] = str(self.ended_on)
            self.say("guidance_ended", self.ended_on)

    def _live_again(self) -> None:
        if self.state.notes.pop(BACK, None) is None:
            super()._live_again()

    async def _close(self, outcome: Outcome, reason: str) -> Ending:
        """Before it closes: of what was not asked it is said that it does not apply."""
        if self.by_moments:
            self.does_not_apply("closed_before" if self.begun else "not_started")
        return await super()._close(outcome, reason)
