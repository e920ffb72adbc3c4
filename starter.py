"""How anything gets in: receive an application, tell a dossier something, take a task in hand; and the command line.

People's commands are updates: they come back when the fact is stored, or with a reason why not.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col
from temporalio.client import Client
from temporalio.common import (
    SearchAttributeKey,
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError

import receipts
from database import errand, glance
from dispatch import digest
from enclosed import Enclosed
from models.errors import Refusal
from models.messages.commands import (
    Accepted,
    Actor,
    AnswerRequest,
    CompleteTask,
    ExtendRequest,
    FileObjection,
    MoveClock,
    NoteMessage,
    SettlePayment,
    UndoTask,
    Withdraw,
)
from models.messages.dossier import DossierState
from models.messages.message import Message
from models.messages.words import Kind, Party
from models.tables import DecisionRow, TaskRow
from opening import WORKFLOWS, governing, opening_state
from receipts import LETTERS
from reporting import Reporting

log = structlog.get_logger("starter")
START_PATIENCE = timedelta(seconds=2)
"""How long an applicant waits for the start; later the sweep does it."""
AT_ONCE = 16
"""Starts on their way to Temporal at the same time, where many are received together."""
MANY_PATIENCE = 10.0
SWEPT_AT_ONCE = 8
"""Starts of the sweep at the same time: a closure of 1 400 people is to run within minutes."""
TURN = timedelta(seconds=3)
"""How long a worker may think about one turn of a dossier before Temporal gives it to another: a killed worker keeps it
no longer. Temporal's own ten seconds would let a dossier stand still for that long; what waits for PostgreSQL in a turn
extends it by itself."""
KIND = SearchAttributeKey.for_keyword("DossierKind")
FUND = SearchAttributeKey.for_keyword("Fund")


_STARTED = "UPDATE receipt SET started_at = $2 WHERE number = $1 AND started_at IS NULL"
_OPEN_REQUEST = "SELECT request FROM request WHERE dossier = $1 AND code = $2 AND state = 'open'"


class ReceiptGiven(Message):
    """What an applicant is told: the number under which it was received."""

    number: str
    new: bool
    started: bool


class Starter(Reporting):
    """The one door to Temporal. Needs a client and the database; keeps nothing itself."""

    def __init__(self, client: Client, engine: AsyncEngine, task_queue: str, *, patience: float = 10.0) -> None:
        super().__init__(client, engine, task_queue, timedelta(seconds=patience))

    # Receipts

    async def receive(self, application: receipts.Application) -> ReceiptGiven:
        """Record the receipt, then start the dossier; when Temporal is away the sweep starts it later.

        Raises:
            Refusal: no policy of the fund covers the day that governs the application.
        """
        governing(application.fund, application.facts, application.opens_at or application.received_at)
        async with errand(self._engine) as connection:
            written = await receipts.write_alone(connection, application)
        try:
            if written.new:
                await self._open(written, START_PATIENCE)
            else:
                await self.start(written.number, patience=START_PATIENCE)
        except (RPCError, OSError, RuntimeError):  # a client that never connected raises the last one
            return ReceiptGiven(number=written.number, new=written.new, started=False)
        return ReceiptGiven(number=written.number, new=written.new, started=True)

    async def start(self, number: str, *, patience: timedelta | None = None) -> None:
        """Start the workflow of a receipt; a dossier that runs or ran is left alone."""
        async with glance(self._engine) as connection:
            receipt = await receipts.standing(connection, number)
        if receipt.started_at is not None:
            return
        await self._open(receipt, patience)
        async with errand(self._engine) as connection:
            await connection.execute(_STARTED, number, datetime.now(UTC))

    async def _open(self, receipt: Any, patience: timedelta | None) -> None:
        with contextlib.suppress(WorkflowAlreadyStartedError):
            await self._client.start_workflow(
                WORKFLOWS[Kind(receipt.kind)],
                self.opening(receipt),
                id=receipt.number,
                task_queue=self._task_queue,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                task_timeout=TURN,
                rpc_timeout=patience,
                search_attributes=TypedSearchAttributes(
                    [SearchAttributePair(KIND, receipt.kind), SearchAttributePair(FUND, receipt.fund)]
                ),
            )

    async def start_all(self, numbers: Sequence[str], told: Callable[[int], None] = lambda _: None) -> int:
        """Start dossiers, some at once, trajectories after their parents; returns how many. `told` hears 1 for each.

        When Temporal goes away nothing is lost: the sweep of a worker starts the rest later.
        """
        started, trajectory = 0, f"-{LETTERS[Kind.TRAJECTORY]}-"
        for last in (False, True):
            wave = [number for number in numbers if (trajectory in number) is last]
            left = deque(wave)
            done = sum(await asyncio.gather(*(self._start_from(left, told) for _ in range(AT_ONCE))))
            started += done
            if done < len(wave):
                break
        return started

    async def _start_from(self, left: deque[str], told: Callable[[int], None]) -> int:
        started = 0
        while left:
            try:
                await asyncio.wait_for(self.start(left.popleft()), timeout=MANY_PATIENCE)
            except (RPCError, TimeoutError, RuntimeError):  # a client that never connected raises the last one
                left.clear()
                break
            started += 1
            told(1)
        return started

    def opening(self, receipt: Any) -> DossierState:
        """What the dossier of this receipt starts with."""
        return opening_state(receipt)

    async def sweep(self, limit: int = 100, *, older_than: timedelta = timedelta(0)) -> int:
        """Start what was received while Temporal was away; returns how many dossiers were started.

        What is younger than `older_than` is left to whoever received it and is starting it now.
        """
        async with glance(self._engine) as connection:
            waiting = await receipts.unstarted(connection, limit, datetime.now(UTC) - older_than)
        trajectory, started = f"-{LETTERS[Kind.TRAJECTORY]}-", 0
        for last in (False, True):  # an employer's dossier before its people
            left = deque(number for number in waiting if (trajectory in number) is last)
            done = await asyncio.gather(*(self._sweep_from(left) for _ in range(SWEPT_AT_ONCE)), return_exceptions=True)
            for failed in (one for one in done if isinstance(one, BaseException)):
                raise failed
            started += sum(one for one in done if isinstance(one, int))
        return started

    async def _sweep_from(self, left: deque[str]) -> int:
        started = 0
        while left:
            number = left.popleft()
            try:
                await self.start(number)
            except Refusal as refusal:  # this one needs a person (`verify` names it); the others go on
                log.warning("receipt_not_started", dossier=number, code=refusal.code)
                continue
            started += 1
        return started

    # Commands to a dossier

    async def complete(
        self,
        task: str,
        person: str,
        outcome: str,
        *,
        reasons: tuple[str, ...] = (),
        amount: Decimal | None = None,
        grace: timedelta = timedelta(0),
        for_person: str | None = None,
        conditions: tuple[str, ...] = (),
    ) -> Accepted:
        """A member of staff finishes a task. `amount` in euro. For as long as `grace` the answer may be taken back.

        Who stands in for an absent colleague names that one in `for_person`, and acts with the roles lent.

        Raises:
            Refusal: a rule of the step says no, the task is gone, a payment run pays it, or the dossier is closed.
        """
        by = await self.staff(person, for_person)
        await self.check_bench(task, for_person or person)
        said = {"outcome": outcome, "reasons": reasons, "amount": amount, "conditions": conditions}
        command = CompleteTask(task=task, by=by, grace=grace, **said)
        told = f"complete:{digest(command)}" + (await self._round(task) if grace else "")
        return await self.tell(task.split("/")[0], "complete_task", command, told)

    async def undo(self, task: str, person: str) -> Accepted:
        """Take back an answer that has not gone out: by who gave it, or by a team lead of the fund.

        Raises:
            Refusal: it has gone out, nothing was answered, or it is another's.
        """
        command = UndoTask(task=task, by=await self.staff(person))
        told = f"undo:{digest(command)}{await self._round(task)}"
        return await self.tell(task.split("/")[0], "undo_task", command, told)

    async def answer(self, number: str, answer: AnswerRequest, enclosed: Enclosed | None = None) -> Accepted:
        """A party answers a request, early, in time or late; what is personal in it is `enclosed`.

        A bare code means the request of that code that is open now, so that the same words may answer the next one too.
        """
        named = answer.model_copy(update={"request": await self._open_request(number, answer.request)})
        return await self.tell(number, "answer_request", named, f"answer:{digest(named)}", enclosed)

    async def extend(self, number: str, request: str, until: date, person: str, reason: str) -> Accepted:
        """Staff gives more time for one request, until a local day, inclusive."""
        command = ExtendRequest(request=request, until=until, by=await self.staff(person), reason=reason)
        return await self.tell(number, "extend_request", command, f"extend:{digest(command)}")

    async def withdraw(self, number: str, by: Actor, reason: str = "applicant") -> Accepted:
        """The applicant takes the application back."""
        return await self.tell(number, "withdraw", Withdraw(by=by, reason=reason), "withdraw")

    async def object(self, number: str, by: Actor, ground: str) -> Accepted:
        """The applicant objects to the last decision: the same words about a new one are a new objection."""
        command = FileObjection(by=by, ground=ground)
        decided = select(func.count()).select_from(DecisionRow).where(col(DecisionRow.dossier) == number)
        async with glance(self._engine) as connection:
            decisions = await connection.scalar(decided)
        return await self.tell(number, "file_objection", command, f"objection:{decisions}:{digest(command)}")

    async def note_message(self, number: str, message: str, by: Actor, to: Party) -> Accepted:
        """A message was written to the other side: the dossier tells that it was, and mails whoever is outside."""
        command = NoteMessage(message=message, to=to, by=by)
        return await self.tell(number, "note_message", command, f"message:{message}")

    async def settle_payment(self, settlement: SettlePayment) -> Accepted:
        """The word of a bank on a payment that somebody or another system brings: kept like what a person tells.

        Raises:
            Refusal: (InPaymentRun) a run is paying this; the bank's own files speak for it.
        """
        told = f"settle:{settlement.payment}:{settlement.outcome}:{settlement.reference}"
        return await self.tell(settlement.payment.split("/")[0], "settle_payment", settlement, told)

    async def move_clock(self, number: str, to: datetime) -> Accepted:
        """Rehearsals only: put a dossier's own clock forward; comes back when the dossier rests again."""
        return await self.tell(number, "move_clock", MoveClock(to=to), f"clock:{to.isoformat()}")

    async def _round(self, task: str) -> str:
        """Tells an answer from the same one that was given and taken back before: Temporal takes an id once only."""
        async with glance(self._engine) as connection:
            reopened = await connection.scalar(select(col(TaskRow.reopened)).where(col(TaskRow.task) == task))
        return f"/{reopened}" if reopened else ""

    async def _open_request(self, number: str, request: str) -> str:
        """The full name of an open request by its code; what is not open keeps the name it was given."""
        if "/" in request:
            return request
        async with errand(self._engine) as connection:
            return await connection.fetchval(_OPEN_REQUEST, number, request) or request


def main() -> None:
    """The command line: `doorstroom`, or `python starter.py`."""
    from commands import app

    app()


if __name__ == "__main__":
    main()
