"""What a payment run does outside its story: every step is one that changes nothing when it is taken again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio import activity
from temporalio.exceptions import ApplicationError

from models.errors import Refusal
from models.messages.payment_runs import ChangeLine, DiscardRun, RunOpening, RunStanding, SettleHandOver, SignRun
from treasury import collecting, handing_over, runs, sealing, settling, signing


@contextmanager
def refusals() -> Iterator[None]:
    """A rule that says no is told to the run, and not tried again."""
    try:
        yield
    except Refusal as no:
        raise ApplicationError(no.message, type=no.code, non_retryable=True) from no


class PaymentRuns:
    """Brings a run on its way. `bank_folder` is where banks take their files, `banks_on_three` the BICs of those that
    take the older message."""

    def __init__(self, engine: AsyncEngine, bank_folder: Path, banks_on_three: frozenset[str] = frozenset()) -> None:
        self._engine = engine
        self._bank_folder = bank_folder
        self._banks_on_three = banks_on_three

    def every(self) -> list[Callable[..., Any]]:
        """All of it, as a worker offers it."""
        drafting: list[Callable[..., Any]] = [self.collect, self.sign, self.change_line, self.discard, self.lapse]
        return [*drafting, self.seal, self.hand_over, self.settle_hand_over, self.look, self.give_up]

    @activity.defn(name="collect_payments")
    async def collect(self, opening: RunOpening) -> RunStanding:
        """Make the draft of everything that is due."""
        with refusals():
            return await collecting.collect(self._engine, opening)

    @activity.defn(name="sign_run")
    async def sign(self, command: SignRun) -> RunStanding:
        """Put one signature."""
        with refusals():
            return await signing.sign(self._engine, command)

    @activity.defn(name="change_line")
    async def change_line(self, command: ChangeLine) -> RunStanding:
        """Exclude, hold or release a line."""
        with refusals():
            return await runs.change_line(self._engine, command)

    @activity.defn(name="discard_run")
    async def discard(self, command: DiscardRun) -> RunStanding:
        """Pay nothing of it."""
        with refusals():
            return await runs.discard(self._engine, command)

    @activity.defn(name="lapse_run")
    async def lapse(self, run: str) -> RunStanding:
        """Nobody signed in time."""
        return await runs.lapse(self._engine, run)

    @activity.defn(name="seal_run")
    async def seal(self, run: str) -> RunStanding:
        """Write the file of what is still due."""
        with refusals():
            return await sealing.seal(self._engine, run, banks_on_three=self._banks_on_three)

    @activity.defn(name="hand_over_run")
    async def hand_over(self, run: str) -> RunStanding:
        """Lay the file where the bank takes it, once."""
        return await handing_over.hand_over(self._engine, run, self._bank_folder)

    @activity.defn(name="settle_hand_over")
    async def settle_hand_over(self, command: SettleHandOver) -> RunStanding:
        """A person says whether the bank has it."""
        with refusals():
            return await handing_over.settle_hand_over(self._engine, command)

    @activity.defn(name="look_at_run")
    async def look(self, run: str) -> RunStanding:
        """Whether the bank said the last word on every line."""
        return await settling.look(self._engine, run)

    @activity.defn(name="give_up_on_lines")
    async def give_up(self, run: str) -> RunStanding:
        """Let people find out what the bank does not say."""
        return await settling.give_up(self._engine, run)
