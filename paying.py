"""What people do with payments that are due: told to the run they stand in, a durable workflow under its own number."""

import uuid
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import (
    Client,
    WithStartWorkflowOperation,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from database import errand, glance
from dispatch import Dispatch
from enclosed import Enclosed
from models.errors import Refusal
from models.messages.commands import Accepted
from models.messages.message import Message
from models.messages.payment_runs import (
    ChangeLine,
    DiscardReason,
    DiscardRun,
    HoldReason,
    RunOpening,
    RunStanding,
    SettleHandOver,
    SignRun,
)
from models.messages.words import Fund
from schemes.calendar import local_date
from treasury import accounts, settling
from treasury.standing import check_finance, standing

IN_A_RUN = "in_payment_run"
_WAITING = "SELECT run FROM payment_run WHERE fund = ANY ($1) AND state = 'handed_over' ORDER BY run"
_NUMBER = """
    INSERT INTO number_series (series, last) VALUES ($1, 1)
    ON CONFLICT (series) DO UPDATE SET last = number_series.last + 1 RETURNING last
"""


class Paying(Dispatch):
    """Tells payment runs what people of finance want."""

    def __init__(self, client: Client, engine: AsyncEngine, task_queue: str, patience: timedelta) -> None:
        super().__init__(client, engine, patience)
        self._task_queue = task_queue

    async def tell(
        self, number: str, name: str, command: Message, update_id: str, enclosed: Enclosed | None = None
    ) -> Accepted:
        """As every command; an answer by hand to a payment that a run is paying is refused by the database itself.

        Raises:
            Refusal: (InPaymentRun) a line of a run holds this payment.
        """
        try:
            return await super().tell(number, name, command, update_id, enclosed)
        except asyncpg.RaiseError as wall:
            if wall.args != (IN_A_RUN,):
                raise
            raise Refusal(
                "InPaymentRun",
                f"Deze betaling staat in betaalopdracht {wall.detail}: de bank bevestigt ze. "
                "Sluit de lijn daar uit als ze niet betaald mag worden.",
            ) from wall

    async def collect_payments(
        self, fund: Fund, person: str, *, rehearsed: bool = False, on: date | None = None
    ) -> RunStanding:
        """Begin a run with everything that is due to a fund, executed on the first bank day from `on`.

        Raises:
            Refusal: nothing is due, the day is past, or the person is not of finance of this fund.
        """
        by = await self.staff(person)
        check_finance(by, fund)
        opening = RunOpening(run=await self._number(fund), fund=fund, rehearsed=rehearsed, by=by, on=on)
        begin: WithStartWorkflowOperation[Any, RunStanding] = WithStartWorkflowOperation(
            "PaymentRun",
            opening,
            id=opening.run,
            task_queue=self._task_queue,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        )
        async with self._answers_of(opening.run):
            drafted: RunStanding = await self._client.execute_update_with_start_workflow(
                "drafted",
                start_workflow_operation=begin,
                id="drafted",
                result_type=RunStanding,
                rpc_timeout=self._patience,
            )
        return drafted

    async def sign_run(self, run: str, person: str, for_person: str | None = None) -> RunStanding:
        """Sign the lines as they are; the second signature seals the run and hands it over.

        Raises:
            Refusal: the same hand signed, four eyes exclude the person, or the run is closed.
        """
        return await self._ask(run, "sign_run", SignRun(run=run, by=await self.staff(person, for_person)))

    async def change_line(
        self,
        run: str,
        line: str,
        change: Literal["exclude", "hold", "release"],
        person: str,
        reason: HoldReason | None = None,
    ) -> RunStanding:
        """Leave a line out, hold it or release it; signatures are given again.

        Raises:
            Refusal: no reason is given, the line cannot be paid, or the run is closed.
        """
        by = await self.staff(person)
        return await self._ask(run, "change_line", ChangeLine(run=run, line=line, change=change, by=by, reason=reason))

    async def discard_run(self, run: str, person: str, reason: DiscardReason) -> RunStanding:
        """Pay nothing of a run that is not sealed; its payments are due again."""
        by = await self.staff(person)
        return await self._ask(run, "discard_run", DiscardRun(run=run, by=by, reason=reason))

    async def settle_hand_over(self, run: str, person: str, *, bank_has_it: bool) -> RunStanding:
        """Say whether the bank has a file of which nobody knows; if not, the same file is written again."""
        by = await self.staff(person)
        return await self._ask(run, "settle_hand_over", SettleHandOver(run=run, by=by, bank_has_it=bank_has_it))

    async def settle_line(
        self, line: str, outcome: Literal["executed", "returned"], person: str, reference: str
    ) -> None:
        """Say what became of a line of which the bank said nothing; its dossier hears it from the sweep."""
        await settling.settle_line(self._engine, line, outcome, await self.staff(person), reference)

    async def verify_account(
        self,
        dossier: str,
        party: str,
        person: str,
        *,
        right: bool,
        name_check: accounts.NameCheck,
        iban: str | None = None,
    ) -> None:
        """A second person says whether an account is right; see `treasury.accounts.verify_account`."""
        by = await self.staff(person)
        await accounts.verify_account(self._engine, dossier, party, by, right=right, name_check=name_check, iban=iban)

    async def heard_of_the_bank(self, run: str) -> None:
        """A file of the bank spoke of this run; one that is over needs no telling."""
        with suppress(RPCError):  # it looks by itself on the next bank day
            await self._client.get_workflow_handle(run).signal("heard_of_the_bank")

    async def bank_spoke(self, funds: Collection[Fund]) -> None:
        """Files of the bank of these funds were read: every run that waits for its word looks."""
        async with errand(self._engine) as connection:
            waiting = await connection.fetch(_WAITING, [str(fund) for fund in funds])
        for row in waiting:
            await self.heard_of_the_bank(row["run"])

    async def _number(self, fund: Fund) -> str:
        series = f"{fund}-{local_date(datetime.now(UTC)).year}-B"
        async with errand(self._engine) as connection:
            return f"{series}-{await connection.fetchval(_NUMBER, series):04}"

    async def _ask(self, run: str, name: str, command: Any) -> RunStanding:
        """Every act changes nothing when it is done again, so each asking has an id of its own."""
        async with self._answers_of(run):
            stands: RunStanding = await self._client.get_workflow_handle(run).execute_update(
                name, command, id=uuid.uuid4().hex, result_type=RunStanding, rpc_timeout=self._patience
            )
        return stands

    @asynccontextmanager
    async def _answers_of(self, run: str) -> AsyncIterator[None]:
        try:
            yield
        except WorkflowUpdateFailedError as failed:
            if not isinstance(failed.cause, ApplicationError):
                raise
            raise Refusal(failed.cause.type or "Refused", failed.cause.message) from failed
        except WorkflowUpdateRPCTimeoutOrCancelledError as late:
            text = f"Betaalopdracht {run} antwoordde nog niet. Bekijk ze straks opnieuw; er gebeurt niets dubbel."
            raise Refusal("NoAnswerYet", text) from late
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            async with glance(self._engine) as connection:
                await standing(connection, run)  # a number that nobody gave is told as such
            raise Refusal("RunClosed", f"Betaalopdracht {run} is voorbij. Bekijk ze opnieuw.") from error
