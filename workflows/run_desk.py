"""What people tell a payment run: done one after the other in the story's own time, and answered when it stands."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.payment_runs import PaymentRuns
    from models.messages.payment_runs import ChangeLine, DiscardRun, RunOpening, RunStanding, SettleHandOver, SignRun

PATIENCE = timedelta(minutes=10)
"""For one step; to collect or seal a hundred thousand lines takes a minute."""
FOREVER = RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=30))
OPEN_FOR_CHANGE = ("draft", "signing")
Act = SignRun | ChangeLine | DiscardRun | SettleHandOver


class RunDesk:
    """Hears people while the story waits. A handler only notes; the story does it."""

    def __init__(self, opening: RunOpening) -> None:
        self.opening = opening
        self.standing = RunStanding(run=opening.run, state="draft")
        self.collected = False
        self.refused: ApplicationError | None = None
        self.bank_spoke = False
        self._asked: list[tuple[int, Act]] = []
        self._answers: dict[int, RunStanding | ApplicationError] = {}
        self._count = 0

    @workflow.update
    async def drafted(self) -> RunStanding:
        """How the draft came out, as soon as it stands."""
        await workflow.wait_condition(lambda: self.collected)
        if self.refused is not None:
            raise self.refused
        return self.standing

    @workflow.update
    async def sign_run(self, command: SignRun) -> RunStanding:
        """One of two signatures."""
        return await self._told(command)

    @workflow.update
    async def change_line(self, command: ChangeLine) -> RunStanding:
        """Exclude, hold or release a line."""
        return await self._told(command)

    @workflow.update
    async def discard_run(self, command: DiscardRun) -> RunStanding:
        """Pay nothing of this run."""
        return await self._told(command)

    @sign_run.validator
    def _may_sign(self, command: SignRun) -> None:
        self._check_open()

    @change_line.validator
    def _may_change(self, command: ChangeLine) -> None:
        self._check_open()

    @discard_run.validator
    def _may_discard(self, command: DiscardRun) -> None:
        self._check_open()

    @workflow.update
    async def settle_hand_over(self, command: SettleHandOver) -> RunStanding:
        """Whether the bank has the file, from who looked."""
        return await self._told(command)

    @settle_hand_over.validator
    def _may_settle(self, command: SettleHandOver) -> None:
        if self.standing.state != "unknown":
            text = f"Van betaalopdracht {self.opening.run} is niets meer onduidelijk. Bekijk ze opnieuw."
            raise ApplicationError(text, type="NothingUnknown", non_retryable=True)

    @workflow.signal
    def heard_of_the_bank(self) -> None:
        """A file of the bank was read: look now and not tomorrow."""
        self.bank_spoke = True

    def _check_open(self) -> None:
        if self.standing.state not in OPEN_FOR_CHANGE:
            raise self._closed()

    def _closed(self) -> ApplicationError:
        text = f"Betaalopdracht {self.opening.run} kan niet meer veranderen. Bekijk ze opnieuw."
        return ApplicationError(text, type="RunClosed", non_retryable=True)

    async def _told(self, act: Act) -> RunStanding:
        self._count += 1
        self._asked.append((turn := self._count, act))
        await workflow.wait_condition(lambda: turn in self._answers)
        answer = self._answers.pop(turn)
        if isinstance(answer, ApplicationError):
            raise answer
        return answer

    async def listen(self, until: datetime, woken: Callable[[], bool] = lambda: False) -> bool:
        """Do what people say until something was said or came; False when the moment came first."""
        delay = max(until - workflow.now(), timedelta(0))
        try:
            await workflow.wait_condition(lambda: bool(self._asked) or woken(), timeout=delay)
        except TimeoutError:
            return False
        while self._asked:
            turn, act = self._asked.pop(0)
            try:
                self._answers[turn] = self.standing = await self._do(act)
            except ApplicationError as no:
                self._answers[turn] = no
        return True

    async def _do(self, act: Act) -> RunStanding:
        match act:
            case SignRun():
                return await self.step(PaymentRuns.sign, act)
            case ChangeLine():
                return await self.step(PaymentRuns.change_line, act)
            case DiscardRun():
                return await self.step(PaymentRuns.discard, act)
            case SettleHandOver():
                return await self.step(PaymentRuns.settle_hand_over, act)

    async def leave(self) -> None:
        """Answer whoever still waits that it is over."""
        for turn, _ in self._asked:
            self._answers[turn] = self._closed()
        self._asked.clear()
        await workflow.wait_condition(workflow.all_handlers_finished)

    async def step(self, step: Callable[..., Any], what: Any) -> RunStanding:
        """One step outside, tried until it succeeds.

        Raises:
            ApplicationError: a rule says no.
        """
        try:
            stands: RunStanding = await workflow.execute_activity_method(
                step, what, start_to_close_timeout=PATIENCE, retry_policy=FOREVER
            )
        except ActivityError as failed:
            if not isinstance(failed.cause, ApplicationError):
                raise
            raise ApplicationError(failed.cause.message, type=failed.cause.type, non_retryable=True) from failed
        return stands
