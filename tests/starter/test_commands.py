"""What people tell a dossier is done once, and every no has a reason."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import delete, insert
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col
from structlog.testing import capture_logs
from temporalio.client import (
    Client,
    Interceptor,
    OutboundInterceptor,
    StartWorkflowUpdateInput,
    WorkflowUpdateHandle,
)
from temporalio.service import RPCError, RPCStatusCode

import dispatch
import receipts
from chores import Chore, again_and_again
from database import transaction
from models.errors import Refusal
from models.messages.commands import Actor, AnswerRequest, ReportFact, Withdraw
from models.messages.words import Document, Fund, Party
from models.tables import PendingCommand
from starter import Starter
from tests.patience import patient


async def test_a_double_click_completes_once(lived: Any) -> None:
    number = await lived.received(large=True)
    task = await lived.open_task(number, "review")

    twice = await asyncio.gather(*(lived.starter.complete(task, "ANT-handler-1", "approve") for _ in range(2)))
    await lived.open_task(number, "approval")
    late = await lived.starter.complete(task, "ANT-handler-1", "approve")

    assert {answer.sequence for answer in (*twice, late)} == {twice[0].sequence}
    assert await lived.rows("SELECT count(*) FROM event WHERE type = 'task_completed'") == [(1,)]


async def test_another_answer_to_a_finished_task_is_refused(lived: Any) -> None:
    number = await lived.received(large=True)
    task = await lived.open_task(number, "review")
    await lived.starter.complete(task, "ANT-handler-1", "approve")

    with pytest.raises(Refusal, match=r"al afgewerkt op .* met uitkomst 'approve'"):
        await lived.starter.complete(task, "ANT-handler-2", "refuse", reasons=("UREN_TE_WEINIG",))


async def test_four_eyes_hold_for_the_person_whatever_the_roles(lived: Any) -> None:
    number = await lived.received(large=True)
    await lived.starter.complete(await lived.open_task(number, "review"), "ANT-all", "approve")
    task = await lived.open_task(number, "approval")

    with pytest.raises(Refusal) as refused:
        await lived.starter.complete(task, "ANT-all", "approve")
    await lived.starter.complete(task, "ANT-approver-1", "approve", amount=Decimal(800))

    assert refused.value.code == "FourEyes"


async def test_what_the_step_does_not_allow_is_refused_with_a_reason(lived: Any) -> None:
    task = await lived.open_task(await lived.received(large=True), "review")
    for outcome, code in (("perhaps", "UnknownOutcome"), ("refuse", "ReasonMissing")):
        with pytest.raises(Refusal) as refused:
            await lived.starter.complete(task, "ANT-handler-1", outcome)
        assert refused.value.code == code


async def test_a_closed_dossier_answers_that_it_is_closed(lived: Any) -> None:
    number = await lived.received(documents=["invoice"])
    applicant = Actor(person="applicant", party=Party.APPLICANT)
    await lived.starter.withdraw(number, applicant)
    await lived.eventually("SELECT outcome FROM dossier WHERE number = :number AND outcome IS NOT NULL", number=number)
    answer = AnswerRequest(request="completion", by=applicant, documents=frozenset({Document.PROGRAMME}))

    with pytest.raises(Refusal, match=f"Dossier {number} is gesloten op"):
        await lived.starter.answer(number, answer)


async def test_an_unknown_dossier_and_one_that_did_not_start_answer_differently(
    application: Any, starter: Starter, engine: AsyncEngine
) -> None:
    applicant = Actor(person="applicant", party=Party.APPLICANT)
    async with transaction(engine) as connection:
        number, _ = await receipts.write(connection, application())

    with pytest.raises(Refusal) as waiting:
        await starter.withdraw(number, applicant)
    with pytest.raises(Refusal) as unknown:
        await starter.withdraw("ANT-1999-S-000001", applicant)

    assert (waiting.value.code, unknown.value.code) == ("NotStarted", "UnknownDossier")


async def test_without_a_worker_a_command_says_that_the_answer_comes_later(
    application: Any, temporal_client: Client, engine: AsyncEngine, queue: str
) -> None:
    starter = Starter(temporal_client, engine, queue, patience=0.5)
    given = await starter.receive(application())

    with pytest.raises(Refusal) as late:
        await starter.withdraw(given.number, Actor(person="applicant", party=Party.APPLICANT))

    assert late.value.code == "NoAnswerYet"


class StandsStill(Interceptor):
    """What Temporal answers for a dossier whose turn fails, on a defect or on a machine that is too busy."""

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:
        class Outbound(OutboundInterceptor):
            async def start_workflow_update(self, input: StartWorkflowUpdateInput) -> WorkflowUpdateHandle[Any]:
                text = "Unable to perform workflow execution update due to Workflow Task in failed state."
                raise RPCError(f"{input.id}: {text}", RPCStatusCode.FAILED_PRECONDITION, b"")

        return Outbound(next)


async def test_a_dossier_that_stands_still_keeps_the_command(
    application: Any, temporal_client: Client, engine: AsyncEngine, queue: str, rows: Any
) -> None:
    still = Client(**temporal_client.config() | {"interceptors": [StandsStill()]})
    starter = Starter(still, engine, queue)
    number = (await starter.receive(application())).number

    with pytest.raises(Refusal) as refused:
        await starter.withdraw(number, Actor(person="applicant", party=Party.APPLICANT))

    assert refused.value.code == "NoAnswerYet"
    assert await rows("SELECT dossier, name FROM pending_command") == [(number, "withdraw")]


class SomeStandStill(Interceptor):
    """The same for the dossiers that begin so."""

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:
        class Outbound(OutboundInterceptor):
            async def start_workflow_update(self, input: StartWorkflowUpdateInput) -> WorkflowUpdateHandle[Any]:
                if input.id.startswith("ANT-1999"):
                    raise RPCError("Workflow Task in failed state.", RPCStatusCode.FAILED_PRECONDITION, b"")
                return await super().start_workflow_update(input)

        return Outbound(next)


async def test_dossiers_that_stand_still_hold_up_nobody_but_themselves(
    lived: Any, engine: AsyncEngine, temporal_client: Client, rows: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "A_HANDFUL", 2)
    number = await lived.received(large=True)
    told = Withdraw(by=Actor(person="applicant", party=Party.APPLICANT)).model_dump(mode="json")
    still = [(f"ANT-1999-S-00000{n}", "withdraw") for n in range(1, 6)]
    async with transaction(engine) as connection:
        for nth, (dossier, name) in enumerate([*still, (number, "of_tomorrow"), (number, "withdraw")]):
            sent = datetime.now(UTC) + timedelta(milliseconds=nth - 500)  # the worker's own sweep leaves these alone
            kept = {"dossier": dossier, "update_id": f"u{nth}", "name": name, "command": told, "sent_at": sent}
            await connection.execute(insert(PendingCommand).values(kept))
    some = Client(**temporal_client.config() | {"interceptors": [SomeStandStill()]})
    starter = Starter(some, engine, lived.starter._task_queue)

    assert await starter.redeliver(older_than=timedelta(0)) == 0, "what a newer build said goes before"
    async with transaction(engine) as connection:
        await connection.execute(delete(PendingCommand).where(col(PendingCommand.name) == "of_tomorrow"))
    assert await starter.redeliver(older_than=timedelta(0)) == 1

    await lived.eventually("SELECT 1 FROM dossier WHERE number = :number AND outcome = 'withdrawn'", number=number)
    assert await rows("SELECT dossier, name FROM pending_command ORDER BY 1") == still


async def test_a_chore_that_fails_is_told_and_done_again() -> None:
    done, turns = asyncio.Event(), iter((ValueError("a defect"), OSError("away"), None))

    async def act() -> None:
        if (fault := next(turns)) is not None:
            raise fault
        done.set()
        await asyncio.Event().wait()

    with capture_logs() as told:
        task = asyncio.create_task(again_and_again(Chore("sweeping", act, timedelta(milliseconds=1))))
        async with patient():
            await done.wait()
        task.cancel()
    assert [(one["event"], one["chore"]) for one in told] == [("chore_failed", "sweeping"), ("chore_waits", "sweeping")]


async def test_words_that_are_kept_count_in_their_turn(
    application: Any, temporal_client: Client, engine: AsyncEngine, queue: str, rows: Any
) -> None:
    still = Client(**temporal_client.config() | {"interceptors": [StandsStill()]})
    starter = Starter(still, engine, queue)
    number = (await starter.receive(application())).number
    by = Actor(person="participant", party=Party.PARTICIPANT)

    for fact in ("deceased", "still_here", "deceased", "deceased", "wants_help"):
        with pytest.raises(Refusal):
            await starter.report(number, ReportFact(fact=fact, on=date(2024, 3, 1), by=by))

    kept = "SELECT command ->> 'fact', command -> 'values' ->> 'again' FROM pending_command ORDER BY sent_at"
    assert await rows(kept) == [("deceased", None), ("still_here", "1"), ("deceased", "2"), ("wants_help", None)]


async def test_a_real_dossier_refuses_to_have_its_clock_moved(lived: Any) -> None:
    number = await lived.received(large=True)

    with pytest.raises(Refusal) as refused:
        await lived.starter.move_clock(number, datetime(2030, 1, 1, tzinfo=UTC))

    assert refused.value.code == "NotARehearsal"


async def test_the_fund_of_a_person_is_the_fund_of_the_actor(starter: Starter) -> None:
    actor = await starter.staff("LIM-handler-1")

    assert (actor.fund, actor.party, [role.value for role in actor.roles]) == (Fund.LIMBURG, Party.STAFF, ["handler"])
