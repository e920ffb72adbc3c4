"""Trajectory: one dismissed person, from the dismissal to what became of them a year after the guidance."""

from types import MappingProxyType

from temporalio import workflow
from temporalio.common import VersioningBehavior

with workflow.unsafe.imports_passed_through():
    from models.messages.dossier import Carried, DossierState, Ending
    from models.messages.words import Outcome, Party
    from schemes.coded_answers import day_in
    from schemes.follow_up import AT_THE_END
    from workflows.acquainted import Acquainted
    from workflows.farewell import Farewell
    from workflows.journal import SideExit
    from workflows.moving import MOVES
    from workflows.new_job import COURSE


@workflow.defn(name="Trajectory", versioning_behavior=VersioningBehavior.PINNED)
class Trajectory(Acquainted, Farewell):
    """Regime, offer, answer, start, guidance, and asking until there is an outcome or a reason for not knowing."""

    applied_for = False
    told_by = MappingProxyType(
        dict.fromkeys(("wish", "answer", "status", "follow_up"), Party.PARTICIPANT)
        | dict.fromkeys(("start", "hours", "agency_outcome", "new_contact"), Party.AGENCY)
    )
    asks = frozenset(
        {"completion", "offer", "wish", "answer", "start", "hours", "status"}
        | {"agency_outcome", "follow_up", "new_contact"}
    )
    reports = frozenset(
        {*COURSE, MOVES, "default_notice", "consent_withdrawn", "consent_given", "deceased", "emigrated", "still_here"}
        | {"channel_failed", "channel_mended", "wants_help", "facts_corrected", "hours_registered"}
    )
    withdrawn_by = frozenset({Party.PARTICIPANT, Party.STAFF})
    reopens = "regime"

    @workflow.run
    async def run(self, state: DossierState) -> Ending:
        """The life of one trajectory; the employer's dossier is told of its end."""
        before = (self.regime, self.offer, self.answer, self.start)
        guidance = (self.guidance_1, self.guidance_2, self.guidance_3, self.ending)
        after = (self.follow_up_3, self.follow_up_6, self.follow_up_12)
        ending = await self.live(*before, *guidance, *after)
        await self.tell_parent("trajectory_closed")
        return ending

    async def start(self) -> None:
        """The agency tells the day of the first session; when it keeps silent a clerk looks."""
        while self.facts.started_on is None:
            answer = await self.ask_party(
                "start", self.first_session_by(), party=Party.AGENCY, fields=("started_on",), silence="clerk_looks"
            )
            if answer is None:
                await self.have_checked(*self.no_session())
            else:
                self.learn(started_on=day_in(answer.values, "started_on"))
        self.say("guidance_started", self.started_on)

    async def guidance_1(self) -> None:
        """The first phase of the law."""
        await self.guide(1)

    async def guidance_2(self) -> None:
        """The second phase, where the regime has one."""
        await self.guide(2)

    async def guidance_3(self) -> None:
        """The third phase, where the regime has one."""
        await self.guide(3)

    async def ending(self) -> None:
        """What the person says when the guidance is over, and what the agency knows."""
        self.say_ended()
        if not self.by_moments:
            known = self.lasting or await self.ask_agency("asks_person")
            self.conclude(AT_THE_END, known or self.unknown)
        if not self.facts.bankrupt:
            await self.tell_parent("guidance_ended")
        if self.by_moments:
            await self.find_out(AT_THE_END)

    async def follow_up_3(self) -> None:
        """Three months later."""
        await self.follow_up_at(3, self.ended_on)

    async def follow_up_6(self) -> None:
        """Half a year later."""
        await self.follow_up_at(6, self.ended_on)

    async def follow_up_12(self) -> None:
        """A year later; then, once the last word is firm, the trajectory is closed, as completed or as stopped."""
        await self.follow_up_at(12, self.ended_on)
        await self.time_to_correct()
        if reason := self.state.notes.get("stopped"):
            raise SideExit(Outcome.STOPPED, reason)

    def _carried(self) -> Carried:
        """At another fund it goes on with what is known of every moment; hours that lag behind are looked at there."""
        carried = super()._carried()
        told = [*carried.told, *self.said_again()]
        notes = {name: said for name, said in carried.notes.items() if name not in self.watched_hours()}
        return carried.model_copy(update={"followed": self.state.followed, "told": told, "notes": notes})
