"""A payment run: collected, signed by two people, sealed, handed over, and watched until the bank has spoken."""

from datetime import date, datetime

from temporalio import workflow
from temporalio.common import VersioningBehavior
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.payment_runs import PaymentRuns
    from models.messages.payment_runs import RunOpening, RunStanding
    from schemes.calendar import ONE_DAY, end_of_day, local_date, next_bank_day
    from schemes.payment_days import last_day_of_the_bank, last_day_to_sign
    from workflows.clock import morning
    from workflows.run_desk import OPEN_FOR_CHANGE, RunDesk

SIGNATURES = 2
TO_HAND_OVER = ("sealed", "handing_over", "unknown")


@workflow.defn(name="PaymentRun", versioning_behavior=VersioningBehavior.PINNED)
class PaymentRun(RunDesk):
    """The story of one file to the bank. It lives some weeks at most, so it ends on the build it began on."""

    @workflow.init
    def __init__(self, opening: RunOpening) -> None:
        super().__init__(opening)

    @workflow.run
    async def run(self, opening: RunOpening) -> RunStanding:
        """From what is due to the last word of the bank."""
        await self.collect()
        await self.signatures()
        await self.handing_over()
        await self.word_of_the_bank()
        await self.leave()
        return self.standing

    async def collect(self) -> None:
        """A draft of everything that is due; when nothing is, that is the whole story."""
        try:
            self.standing = await self.step(PaymentRuns.collect, self.opening)
        except ApplicationError as nothing:
            self.refused = nothing
            self.standing = RunStanding(run=self.opening.run, state="nothing_due")
        self.collected = True

    async def signatures(self) -> None:
        """Until two people signed the same lines; what waits too long is due again."""
        while self.standing.state in OPEN_FOR_CHANGE:
            last = end_of_day(last_day_to_sign(self.execution_on))
            if self.standing.signatures >= SIGNATURES:
                self.standing = await self.step(PaymentRuns.seal, self.opening.run)
            elif not await self.listen(until=last):
                self.standing = await self.step(PaymentRuns.lapse, self.opening.run)

    async def handing_over(self) -> None:
        """Once. What a crash left in doubt a person settles, or the bank itself by speaking of a line."""
        while self.standing.state in TO_HAND_OVER:
            if self.standing.state != "unknown":
                self.standing = await self.step(PaymentRuns.hand_over, self.opening.run)
            elif not await self.listen(until=self._next_look(), woken=lambda: self.bank_spoke) or self.bank_spoke:
                self.bank_spoke = False
                self.standing = await self.step(PaymentRuns.look, self.opening.run)

    async def word_of_the_bank(self) -> None:
        """Look every bank day, and when told to; what the bank leaves unsaid in its days, people find out."""
        while self.standing.state == "handed_over":
            over = end_of_day(last_day_of_the_bank(self.execution_on))
            self.bank_spoke = False
            look = PaymentRuns.look if workflow.now() < over else PaymentRuns.give_up
            self.standing = await self.step(look, self.opening.run)
            if self.standing.state == "handed_over":
                await self.listen(until=min(self._next_look(), over), woken=lambda: self.bank_spoke)

    @property
    def execution_on(self) -> date:
        """The bank day on which the money goes."""
        assert self.standing.execution_on is not None
        return self.standing.execution_on

    def _next_look(self) -> datetime:
        """The morning of the next bank day: the files of a bank come in the night."""
        return morning(next_bank_day(local_date(workflow.now()) + ONE_DAY))
