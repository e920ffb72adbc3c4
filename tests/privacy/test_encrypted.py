"""With keys set, what Temporal keeps cannot be read without them, and a key can be replaced while dossiers run."""

from __future__ import annotations

import base64
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from temporalio import workflow
from temporalio.client import Client, WorkflowFailureError, WorkflowHistory
from temporalio.exceptions import ApplicationError
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner, Worker

from connection import connect, data_converter
from embedded import EmbeddedMail
from models.errors import Refusal
from rehearsal.cast import engage
from settings import Settings
from starter import Starter
from tests.privacy.conftest import Place, at_work, place
from tests.privacy.histories import payloads, told
from tests.workflows.playing import Play
from tests.workflows.subsidies import apply, training
from workflows import EVERY

OLD = "2026-01:" + base64.b64encode(bytes(range(32))).decode()
NEW = "2026-07:" + base64.b64encode(bytes(range(32, 64))).decode()
CORES_OWN = b"json/plain"
"""A local activity's marker carries the SDK's own bookkeeping in clear: sequence, attempt and name of the activity."""


@pytest.fixture
async def where(new_database: Any, mail_server: EmbeddedMail, tmp_path: Path) -> AsyncIterator[Place]:
    async with place(new_database, mail_server, tmp_path, payload_keys=OLD) as running:
        await engage(running.engine)
        yield running


class House:
    """What `Play` needs of a house."""

    def __init__(self, where: Place) -> None:
        self.engine, self.starter, self.client = where.engine, where.starter, where.client


async def history(client: Client, number: str) -> WorkflowHistory:
    """The history as it is stored."""
    return await client.get_workflow_handle(number).fetch_history()


async def replayed(stored: WorkflowHistory, keys: str) -> Exception | None:
    """What goes wrong when the history is replayed with these keys."""
    converter = data_converter(Settings(payload_keys=keys, _env_file=None))
    replayer = Replayer(workflows=EVERY, data_converter=converter, workflow_runner=UnsandboxedWorkflowRunner())
    return (await replayer.replay_workflow(stored, raise_on_replay_failure=False)).replay_failure


def with_keys(where: Place, keys: str) -> Place:
    """The same place, when the operator changed the setting and restarted what runs."""
    environment = where.environment | {"DOORSTROOM_PAYLOAD_KEYS": keys}
    settings = where.settings.model_copy(update={"payload_keys": keys})
    return Place(where.client, where.engine, where.starter, settings, environment, where.log.with_suffix(".2.log"))


async def test_a_history_holds_no_amount_and_no_code_and_a_key_can_be_replaced(
    where: Place, caplog: pytest.LogCaptureFixture
) -> None:
    async with at_work(where):
        play: Play = await apply(House(where), training(5))
        with pytest.raises(Refusal, match="Deze stap is voor de rol 'handler'"):
            await play.does("review", "ANT-intake-1", "approve")
        await play.does("review", "ANT-handler-1", "approve")
        await play.task("approval")
    rotated = with_keys(where, f"{NEW},{OLD}")
    client = await connect(rotated.settings)
    async with at_work(rotated):
        play.house.starter = Starter(client, where.engine, where.settings.temporal_task_queue, patience=30)
        await play.does("approval", "ANT-approver-1", "approve")
        await play.task("payment")
    stored = await history(client, play.number)
    text = "\n".join(told(event) for event in stored.events)
    for secret in ("1000", "formal_training", "Antwerpen", "ANT-handler-1", "approve", "dossier_opened"):
        assert re.search(rf"(?<!\w){secret}(?!\w)", text) is None, secret
    encodings = {payload.metadata["encoding"] for event in stored.events for payload in payloads(event)}
    assert encodings == {b"binary/encrypted", CORES_OWN}
    used = {p.metadata.get("encryption-key-id") for event in stored.events for p in payloads(event)} - {None}
    assert used == {b"2026-01", b"2026-07"}
    assert await replayed(stored, f"{NEW},{OLD}") is None
    assert await replayed(stored, NEW) is not None, "without the old key it cannot be read"
    assert "onbekende sleutel '2026-01'" in caplog.text, "and the operator is told which key is missing"


@workflow.defn(sandboxed=False)
class Fails:
    """Ends with a text that somebody typed."""

    @workflow.run
    async def run(self) -> None:
        raise ApplicationError("Elke Barmdael vroeg 866,40 euro", type="Stopped", non_retryable=True)


async def test_the_text_of_a_failure_is_encrypted_and_readable_to_who_has_the_key(where: Place) -> None:
    client = await connect(where.settings)
    async with Worker(client, task_queue="failures", workflows=[Fails]):
        with pytest.raises(WorkflowFailureError) as failed:
            await client.execute_workflow(Fails.run, id="failure", task_queue="failures")
    assert "Elke Barmdael" in str(failed.value.cause)
    text = "\n".join(told(event) for event in (await history(client, "failure")).events)
    assert "Encoded failure" in text
    assert not {"Barmdael", "866,40", "test_encrypted.py"} & set(re.findall(r"[\w.,]+", text))
    assert "test_encrypted.py" not in text
