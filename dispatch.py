"""A command on its way to a dossier is kept until it is answered, so that no crash in between can lose it.

Temporal holds an update in memory until a worker took it. If both die after the worker stored what follows from it,
the journal would know what the dossier does not. So a command is written down first; one that was not answered is sent
again under the same id, and before any other command to the same dossier.
"""

import asyncio
import hashlib
import json
from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import asyncpg
import structlog
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col
from temporalio.client import Client, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from database import errand, glance
from enclosed import HEARD, Enclosed, kept_with
from enclosed import told as told_of
from models.errors import Refusal
from models.messages.commands import (
    Accepted,
    AnswerRequest,
    CompleteTask,
    ExtendRequest,
    FileObjection,
    NoteMessage,
    OrderRecovery,
    PlanRecovery,
    RecoveryPaid,
    ReportFact,
    ReverseDecision,
    SettlePayment,
    UndoTask,
    Withdraw,
)
from models.messages.events import BudgetAnswer
from models.messages.message import Message
from models.tables import DossierRow, Receipt
from onward import line_of, told_onward
from schemes.calendar import local_date
from worklist import WorkList

log = structlog.get_logger("dispatch")
KEPT: Mapping[str, type[Message]] = {
    "complete_task": CompleteTask,
    "undo_task": UndoTask,
    "answer_request": AnswerRequest,
    "extend_request": ExtendRequest,
    "withdraw": Withdraw,
    "file_objection": FileObjection,
    "note_message": NoteMessage,
    "report_fact": ReportFact,
    "settle_payment": SettlePayment,
    "recovery_received": RecoveryPaid,
    "order_recovery": OrderRecovery,
    "plan_recovery": PlanRecovery,
    "reverse_decision": ReverseDecision,
}
"""Commands of people and of the bank; the moving of a rehearsal's clock is not one."""
ON_ITS_WAY = timedelta(seconds=1)
"""A command younger than this is being answered; an older one may have been lost on the way."""
AT_ONCE = 16
"""Dossiers that are told something again at the same time: a statement of the bank may speak of thousands."""
A_HANDFUL = 100
"""Commands that are looked up together to be sent again."""
NO_ANSWER_YET = "Er kwam nog geen antwoord. Uw opdracht is bewaard en wordt verwerkt; er gebeurt niets dubbel."

_KEEP = """
    WITH kept AS (
        INSERT INTO pending_command (dossier, update_id, name, command, sent_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (dossier, update_id) DO UPDATE SET command = EXCLUDED.command
        WHERE EXCLUDED.command ? 'enclosed'
    )
    SELECT dossier, update_id, name, command FROM pending_command
    WHERE dossier = $1 AND update_id <> $2 AND sent_at < $6 ORDER BY sent_at, update_id
"""
"""The same words with another account are the same command; the account that was typed last is the one."""
_FORGET = """
    WITH at_leisure AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
    DELETE FROM pending_command USING at_leisure WHERE dossier = $1 AND update_id = $2
"""
"""Who waits for an answer does not wait for the disk: what was not forgotten in a power cut is sent again, and changes
nothing."""
_UNANSWERED = """
    SELECT dossier, update_id, name, command FROM pending_command WHERE sent_at < $1 AND dossier <> ALL ($2)
    ORDER BY sent_at, update_id LIMIT $3
"""
_SERVED = """
    SELECT dossier, sequence, state, allowed, reason FROM holding
    WHERE NOT told AND state = 'reserved' ORDER BY received_at, dossier LIMIT $1
"""
_TOLD = "UPDATE holding SET told = true WHERE dossier = $1 AND sequence = $2"


def digest(command: Message) -> str:
    """The same command has the same id, in every process: sets are put in order first."""
    stated = json.dumps(command.model_dump(), default=lambda v: sorted(v) if isinstance(v, frozenset) else str(v))
    return hashlib.sha256(stated.encode()).hexdigest()[:32]


class Dispatch(WorkList):
    """Sends commands to dossiers."""

    def __init__(self, client: Client, engine: AsyncEngine, patience: timedelta) -> None:
        super().__init__(engine)
        self._client = client
        self._patience = patience
        """How long to wait for an answer before saying that it will come later."""

    async def tell(
        self, number: str, name: str, command: Message, update_id: str, enclosed: Enclosed | None = None
    ) -> Accepted:
        """Send a command and wait for the answer; what was told this dossier before, and never answered, goes first.

        What is `enclosed` is kept with the command, and put in its rows when the dossier says yes.

        Raises:
            Refusal: a rule says no, the dossier is closed or unknown, or no answer came yet: then the command is kept.
            RPCError: Temporal is away; the command is kept and sent again when it is back.
        """
        if name not in KEPT:
            return await self._send(number, name, command, update_id)
        for earlier in await self._keep(number, name, kept_with(command, enclosed), update_id):
            await self._send_again(earlier)
        return await self._answered(number, name, command, update_id)

    async def redeliver(self, *, older_than: timedelta | None = None) -> int:
        """Send again what was never answered, oldest first; returns how many were answered now.

        A dossier that stands still holds up nobody but itself. What is younger than the patience of whoever sent it is
        left to that one; `older_than` says otherwise.

        Raises:
            RPCError: Temporal is still away.
        """
        before = datetime.now(UTC) - (self._patience if older_than is None else older_than)
        answered, still = 0, set[str]()
        while True:
            async with errand(self._engine) as connection:
                waiting = await connection.fetch(_UNANSWERED, before, sorted(still), A_HANDFUL)
            if not waiting:
                return answered
            told: dict[str, list[asyncpg.Record]] = {}
            for one in waiting:
                told.setdefault(one["dossier"], []).append(one)
            left = deque(told.values())
            lanes = (self._send_from(left, still) for _ in range(AT_ONCE))
            done = await asyncio.gather(*lanes, return_exceptions=True)
            for failed in (one for one in done if isinstance(one, BaseException)):
                raise failed
            answered += sum(one for one in done if isinstance(one, int))

    async def _send_from(self, left: deque[list[asyncpg.Record]], still: set[str]) -> int:
        """One dossier after the other, and what was told one dossier in its order; who gives no answer is `still`."""
        answered = 0
        while left:
            for one in left.popleft():
                if not await self._send_again(one):
                    still.add(one["dossier"])
                    break
                answered += 1
        return answered

    async def tell_of_room(self, limit: int = 100) -> int:
        """Tell dossiers that waited for budget that there is room now; returns how many. Told twice changes nothing.

        Raises:
            RPCError: Temporal is away; who was not told is told later.
        """
        async with errand(self._engine) as connection:
            served = await connection.fetch(_SERVED, limit)
        for row in served:
            answer = BudgetAnswer(**{name: row[name] for name in BudgetAnswer.model_fields})
            try:
                await self._client.get_workflow_handle(row["dossier"]).signal("budget_reserved", answer)
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:  # gone: it closed, and gives back what it held
                    raise
            async with errand(self._engine) as connection:
                await connection.execute(_TOLD, row["dossier"], row["sequence"])
        return len(served)

    async def _keep(self, number: str, name: str, words: str, update_id: str) -> list[asyncpg.Record]:
        """Write the command down; returns what was told this dossier before and is still without an answer."""
        now = datetime.now(UTC)
        async with errand(self._engine) as connection:
            earlier: list[asyncpg.Record] = await connection.fetch(
                _KEEP, number, update_id, name, words, now, now - ON_ITS_WAY
            )
        return earlier

    async def _send_again(self, kept: asyncpg.Record) -> bool:
        try:
            command = KEPT[kept["name"]].model_validate(told_of(kept["command"]))
        except (KeyError, ValidationError) as unreadable:  # of a newer build, which will send it
            error = type(unreadable).__name__
            log.error("command_unreadable", dossier=kept["dossier"], command=kept["name"], error=error)
            return False
        try:
            await self._answered(kept["dossier"], kept["name"], command, kept["update_id"], follow=True)
        except Refusal as refusal:  # nobody waits for it any more; what it says is in the dossier
            return refusal.code != "NoAnswerYet"
        return True

    async def _answered(
        self, number: str, name: str, command: Message, update_id: str, *, follow: bool = False
    ) -> Accepted:
        """Send a kept command, and forget it once it was answered, by yes or by no.

        With `follow` the dossier that goes on at another fund hears what came too late here: nobody waits any more who
        could send it there.
        """
        try:
            try:
                accepted = await self._send(number, name, command, update_id)
            except Refusal as refusal:
                if not follow or refusal.code != "DossierClosed":
                    raise
                accepted = await self._send_onward(number, name, command, update_id, refusal)
        except Refusal as refusal:
            if refusal.code != "NoAnswerYet":
                await self._forget(number, update_id)
            raise
        if name == "answer_request":
            async with errand(self._engine) as connection:
                heard = (accepted.repeated, accepted.sequence, accepted.dossier)
                await connection.execute(HEARD, number, update_id, *heard)
        else:
            await self._forget(number, update_id)
        return accepted

    async def _send_onward(self, number: str, name: str, command: Message, update_id: str, closed: Refusal) -> Accepted:
        async with glance(self._engine) as connection:
            onward = (await line_of(connection, number))[-1]
        if onward == number:
            raise closed
        try:
            return await self._send(onward, name, told_onward(command, number), update_id)
        except Refusal as refusal:
            if refusal.code == "NotStarted":
                raise Refusal("NoAnswerYet", NO_ANSWER_YET) from refusal
            raise

    async def _forget(self, number: str, update_id: str) -> None:
        async with errand(self._engine) as connection:
            await connection.execute(_FORGET, number, update_id)

    async def _send(self, number: str, name: str, command: Message, update_id: str) -> Accepted:
        handle = self._client.get_workflow_handle(number, result_type=None)
        try:
            accepted: Accepted = await handle.execute_update(
                name, command, id=update_id, result_type=Accepted, rpc_timeout=self._patience
            )
            return accepted
        except WorkflowUpdateFailedError as failed:
            cause = failed.cause
            if isinstance(cause, ApplicationError):
                raise Refusal(cause.type or "Refused", cause.message) from failed
            raise
        except WorkflowUpdateRPCTimeoutOrCancelledError as late:
            if (task := asyncio.current_task()) is not None and task.cancelling():
                raise asyncio.CancelledError from late  # we are told to stop; it is not the house that is slow
            raise Refusal("NoAnswerYet", NO_ANSWER_YET) from late
        except RPCError as error:
            if error.status is RPCStatusCode.FAILED_PRECONDITION:  # it stands still on a defect, or on a busy machine
                raise Refusal("NoAnswerYet", NO_ANSWER_YET) from error
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            raise await self._gone(number) from error

    async def _gone(self, number: str) -> Refusal:
        """Why a dossier does not listen: it is closed, not started yet, or never existed."""
        closing = select(col(DossierRow.outcome), col(DossierRow.closed_at)).where(col(DossierRow.number) == number)
        async with glance(self._engine) as connection:
            found = (await connection.execute(closing)).one_or_none()
            known = await connection.scalar(select(col(Receipt.number)).where(col(Receipt.number) == number))
        if found is not None and found.outcome is not None:
            day = local_date(found.closed_at)
            return Refusal("DossierClosed", f"Dossier {number} is gesloten op {day:%d/%m/%Y} ({found.outcome}).")
        if known is not None:
            return Refusal(
                "NotStarted", f"Dossier {number} is ontvangen en start zo dadelijk. Probeer het straks opnieuw."
            )
        return Refusal("UnknownDossier", f"Dossier {number} bestaat niet. Kijk het nummer na.")
