"""The life of a payment run as a workflow: people and the bank speak, and a reset pays nothing again."""

from __future__ import annotations

import asyncio
import json
import os
import random
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import ResetWorkflowExecutionRequest
from temporalio.client import Client, WorkflowHandle
from temporalio.testing import TimeSkipper

from database import transaction
from embedded import EmbeddedMail
from models.errors import Refusal
from models.messages.commands import SettlePayment
from models.messages.payment_runs import HoldReason, RunStanding
from models.messages.words import Fund, Role
from models.tables import NumberSeries, StaffMember
from settings import Settings
from starter import Starter
from tests.patience import patient
from tests.replay.record import lean
from tests.treasury.due import Payment, account, due, execute, lines, rows, value
from treasury.handing_over import outbox
from worker import working

HISTORIES = Path(__file__).resolve().parent.parent / "histories" / "runs"
ONE, TWO = "ANT-finance-1", "ANT-finance-2"
STAFF = {ONE: [Role.FINANCE], TWO: [Role.FINANCE], "ANT-handler-1": [Role.HANDLER], "ANT-lead-1": [Role.TEAM_LEAD]}


@dataclass
class Desk:
    """Finance of a fund, and where the bank takes its files."""

    starter: Starter
    engine: AsyncEngine
    client: Client
    folder: Path

    async def collected(self, *payments: Payment) -> RunStanding:
        await due(self.engine, *payments)
        return await self.starter.collect_payments(Fund.ANTWERPEN, ONE)

    async def handed_over(self, *payments: Payment) -> str:
        """From what is due to the file, as it goes when nobody objects."""
        run = (await self.collected(*payments)).run
        for person in (ONE, TWO):
            await self.starter.sign_run(run, person)
        await self.becomes(run, "handed_over")
        return run

    async def becomes(self, run: str, state: str) -> None:
        async with patient():
            while await value(self.engine, "SELECT state FROM payment_run WHERE run = :run", run=run) != state:
                await asyncio.sleep(0.05)

    def files(self) -> list[Path]:
        return sorted(outbox(self.folder, "ANT", rehearsed=False).glob("*"))

    def story(self, run: str) -> WorkflowHandle[Any, RunStanding]:
        return self.client.get_workflow_handle(run, result_type=RunStanding)


@pytest.fixture
async def desk(
    time_skipper: TimeSkipper, engine: AsyncEngine, database_urls: Any, mailbox: EmbeddedMail, tmp_path: Path
) -> AsyncIterator[Desk]:
    name = f"test-{uuid.uuid4().hex[:8]}"
    settings = Settings(
        database_url=database_urls.app,
        temporal_task_queue=name,
        deployment_name=name,
        smtp_host=mailbox.host,
        smtp_port=mailbox.port,
        bank_folder=tmp_path,
        _env_file=None,
    )
    people = [
        {"person": person, "fund": "ANT", "name": person, "email": f"{person}@fonds.example", "roles": roles}
        | {"language": "nl", "active": True}
        for person, roles in STAFF.items()
    ]
    years = [{"series": f"ANT-{year}-B", "last": random.randrange(10**6, 10**9)} for year in range(2026, 2040)]
    async with transaction(engine) as connection:
        await connection.execute(insert(StaffMember), people)
        await connection.execute(insert(NumberSeries), years)  # Temporal is shared and remembers every number
    client = time_skipper.client
    async with working(client, engine, settings, current=True):
        yield Desk(Starter(client, engine, name), engine, client, tmp_path)


async def record(desk: Desk, run: str, build: str) -> None:
    """Keep the history of a run for `test_run_replay.py`."""
    lived = await desk.story(run).fetch_history()
    text = json.dumps(lean(json.loads(lived.to_json())), separators=(",", ":"))
    HISTORIES.mkdir(exist_ok=True)
    (HISTORIES / f"{build}-settled.json").write_text(text + "\n", "utf-8")


async def test_two_people_sign_and_the_bank_has_the_last_word(desk: Desk) -> None:
    one, other = Payment(), Payment()
    run = await desk.handed_over(one, other)
    (file,) = desk.files()
    assert await value(desk.engine, "SELECT content FROM payment_run") == file.read_bytes()

    await execute(desk.engine, "UPDATE payment_line SET state = 'executed', by = 'bank'")
    await desk.starter.heard_of_the_bank(run)

    assert (await desk.story(run).result()).state == "settled"
    with pytest.raises(Refusal, match="is voorbij"):
        await desk.starter.discard_run(run, ONE, "other")
    if build := os.environ.get("DOORSTROOM_RECORD_RUN"):
        await record(desk, run, build)


async def test_nothing_due_is_said_and_leaves_nothing(desk: Desk) -> None:
    with pytest.raises(Refusal, match="niets te betalen"):
        await desk.starter.collect_payments(Fund.ANTWERPEN, ONE)
    assert await rows(desk.engine, "SELECT run FROM payment_run") == []


async def test_who_is_not_of_finance_does_nothing_with_a_run(desk: Desk) -> None:
    one = Payment()
    run = (await desk.collected(one)).run
    for refused in (
        desk.starter.collect_payments(Fund.ANTWERPEN, "ANT-handler-1"),
        desk.starter.sign_run(run, "ANT-handler-1"),
        desk.starter.change_line(run, one.line, "exclude", "ANT-lead-1", HoldReason.OTHER),
        desk.starter.discard_run(run, "ANT-handler-1", "other"),
    ):
        with pytest.raises(Refusal, match="finance"):
            await refused
    assert (await desk.starter.sign_run(run, ONE)).signatures == 1


async def test_a_line_is_held_looked_at_and_released_before_it_is_signed_again(desk: Desk) -> None:
    one, new = Payment(), Payment(iban="new")
    stands = await desk.collected(one, new)
    assert (stands.lines, stands.held) == (1, 1)
    await desk.starter.sign_run(stands.run, ONE)
    await desk.starter.verify_account(new.number, "applicant", "ANT-lead-1", right=True, name_check="match")

    released = await desk.starter.change_line(stands.run, new.line, "release", TWO)

    assert (released.lines, released.signatures) == (2, 0)
    for person in (TWO, ONE):
        await desk.starter.sign_run(stands.run, person)
    await desk.becomes(stands.run, "handed_over")
    assert {state for state, _ in (await lines(desk.engine, stands.run)).values()} == {"sealed"}


async def test_a_discarded_run_ends_and_its_payments_are_due_again(desk: Desk) -> None:
    run = (await desk.collected(Payment())).run
    await desk.starter.discard_run(run, TWO, "wrong_day")
    assert (await desk.story(run).result()).state == "discarded"
    assert (await desk.starter.collect_payments(Fund.ANTWERPEN, ONE)).lines == 1


async def test_an_answer_by_hand_is_refused_while_a_run_pays(desk: Desk) -> None:
    one = Payment()
    run = (await desk.collected(one)).run
    with pytest.raises(Refusal, match=run) as no:
        await desk.starter.complete(f"{one.number}/payment/1", ONE, "confirmed")
    assert no.value.code == "InPaymentRun"


async def test_nobody_speaks_for_the_bank_while_a_run_pays(desk: Desk) -> None:
    one = Payment()
    run = (await desk.collected(one)).run
    with pytest.raises(Refusal, match=run) as no:
        await desk.starter.settle_payment(SettlePayment(payment=one.key, outcome="confirmed", reference="BANK-1"))
    assert no.value.code == "InPaymentRun"
    assert await rows(desk.engine, "SELECT 1 FROM pending_command") == []


async def test_what_nobody_signs_in_time_is_due_again(desk: Desk, time_skipper: TimeSkipper) -> None:
    run = (await desk.collected(Payment())).run
    await desk.starter.sign_run(run, ONE)
    await time_skipper.fast_forward(desk.story(run), timedelta(days=30))
    assert (await desk.story(run).result()).state == "discarded"
    assert await rows(desk.engine, "SELECT reason FROM payment_run") == [("not_signed_in_time",)]


async def test_what_the_bank_leaves_unsaid_in_its_days_a_person_settles(desk: Desk, time_skipper: TimeSkipper) -> None:
    one = Payment()
    run = await desk.handed_over(one)
    await time_skipper.fast_forward(desk.story(run), timedelta(days=21))
    assert (await desk.story(run).result()).state == "settled"
    assert await lines(desk.engine, run) == {one.line: ("unknown", "no_word")}
    await desk.starter.settle_line(one.line, "executed", ONE, "uittreksel 12")
    told = "SELECT command ->> 'outcome' FROM pending_command WHERE dossier = :dossier"
    assert await value(desk.engine, told, dossier=one.number) == "confirmed"


async def test_a_file_in_doubt_waits_for_a_person(desk: Desk) -> None:
    run = (await desk.collected(Payment())).run
    await desk.starter.sign_run(run, ONE)
    with pytest.raises(Refusal, match="niets meer onduidelijk"):
        await desk.starter.settle_hand_over(run, TWO, bank_has_it=True)
    in_the_way = outbox(desk.folder, "ANT", rehearsed=False) / f"{run}-01.xml"
    in_the_way.mkdir(parents=True)  # so that it fails where it may or may not have left
    await desk.starter.sign_run(run, TWO)
    await desk.becomes(run, "unknown")
    in_the_way.rmdir()

    await desk.starter.settle_hand_over(run, TWO, bank_has_it=False)

    await desk.becomes(run, "handed_over")
    assert [file.name for file in desk.files()] == [f"{run}-01.xml"]


async def test_a_folder_that_cannot_be_written_leaves_no_doubt(desk: Desk) -> None:
    run = (await desk.collected(Payment())).run
    await desk.starter.sign_run(run, ONE)
    in_the_way = desk.folder / "out"
    in_the_way.write_text("a file where the folder should be")
    await desk.starter.sign_run(run, TWO)
    await asyncio.sleep(1)
    in_the_way.unlink()
    await desk.becomes(run, "handed_over")
    assert [file.name for file in desk.files()] == [f"{run}-01.xml"]


async def reset(desk: Desk, run: str) -> WorkflowHandle[Any, RunStanding]:
    """Have the story begin again from its very first step, with everything people said replayed."""
    answered = await desk.client.workflow_service.reset_workflow_execution(
        ResetWorkflowExecutionRequest(
            namespace=desk.client.namespace,
            workflow_execution=WorkflowExecution(workflow_id=run),
            reason="a test",
            workflow_task_finish_event_id=3,
            request_id=uuid.uuid4().hex,
        )
    )
    return desk.client.get_workflow_handle(run, run_id=answered.run_id, result_type=RunStanding)


async def test_a_reset_of_the_story_pays_nothing_again(desk: Desk) -> None:
    payments = [Payment(), Payment()]
    run = await desk.handed_over(*payments)
    (file,) = desk.files()
    written = file.stat()
    before = await rows(desk.engine, "SELECT * FROM payment_line ORDER BY line")
    kept = await rows(desk.engine, "SELECT * FROM payment_run")
    await due(desk.engine, Payment())  # due by now; the run that begins again may not take it

    again = await reset(desk, run)
    await asyncio.sleep(0.5)
    await execute(desk.engine, "UPDATE payment_line SET state = 'executed' WHERE run = :run", run=run)
    await again.signal("heard_of_the_bank")

    assert (await again.result()).state == "settled"
    (still,) = desk.files()
    assert (still.stat().st_ino, still.stat().st_mtime_ns) == (written.st_ino, written.st_mtime_ns)
    after = await rows(desk.engine, "SELECT * FROM payment_line ORDER BY line")
    assert [row[:12] for row in after] == [row[:12] for row in before]
    ended = await rows(desk.engine, "SELECT * FROM payment_run")
    assert [row[7:13] for row in ended] == [row[7:13] for row in kept]


async def test_an_account_is_asked_to_a_second_person_once(desk: Desk) -> None:
    one = Payment(iban="new")
    await desk.collected(one)
    with pytest.raises(Refusal, match="intussen een andere"):
        await desk.starter.verify_account(
            one.number, "applicant", TWO, right=True, name_check="match", iban=account(9_999)
        )
