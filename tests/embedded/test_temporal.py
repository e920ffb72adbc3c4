from __future__ import annotations

import asyncio
import os
import signal
import urllib.request
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes
from temporalio.testing import TimeSkipper
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from embedded import SEARCH_ATTRIBUTES, EmbeddedRefusal, EmbeddedTemporal


@workflow.defn
class Sleeper:
    @workflow.run
    async def run(self) -> str:
        await workflow.sleep(timedelta(days=30))
        return "awake"


async def start_sleeper(client: Client, workflow_id: str) -> None:
    """Start a workflow that nobody works on: it waits on the server alone."""
    fund = SearchAttributePair(SearchAttributeKey.for_keyword("Fund"), "ANT")
    search_attributes = TypedSearchAttributes([fund])
    await client.start_workflow("Sleeper", id=workflow_id, task_queue="nobody", search_attributes=search_attributes)


async def status(server: EmbeddedTemporal, workflow_id: str) -> WorkflowExecutionStatus | None:
    client = await Client.connect(server.address)
    return (await client.get_workflow_handle(workflow_id).describe()).status


async def test_dossiers_survive_a_stop_and_kill_9(directory: Path) -> None:
    async with EmbeddedTemporal(directory) as server:
        await start_sleeper(await Client.connect(server.address), "before-stop")
    async with EmbeddedTemporal(directory) as server:
        await start_sleeper(await Client.connect(server.address), "before-kill")
        address = server.address
        os.kill(server.pid, signal.SIGKILL)
        await server.restart()
        assert server.address == address
        assert await status(server, "before-stop") == WorkflowExecutionStatus.RUNNING
        assert await status(server, "before-kill") == WorkflowExecutionStatus.RUNNING


async def test_a_file_of_an_earlier_version_learns_new_search_attributes(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with EmbeddedTemporal(directory, synchronous="off") as server:
        monkeypatch.setitem(SEARCH_ATTRIBUTES, "Later", "Keyword")
        os.kill(server.pid, signal.SIGKILL)
        await server.restart()
        client = await Client.connect(server.address)
        known = await client.operator_service.list_search_attributes(ListSearchAttributesRequest(namespace="default"))
        assert set(known.custom_attributes) == set(SEARCH_ATTRIBUTES)


async def test_its_web_pages_answer_on_loopback(directory: Path) -> None:
    async with EmbeddedTemporal(directory, in_memory=True, ui_port=0) as server:
        assert server.ui_url is not None
        page = await asyncio.to_thread(urllib.request.urlopen, server.ui_url, timeout=10)
        with page:
            assert page.status == 200
    assert not server.database_file.exists()


@pytest.mark.parametrize(
    ("door", "setting"),
    [("port", "DOORSTROOM_EMBEDDED_TEMPORAL_PORT"), ("ui_port", "DOORSTROOM_EMBEDDED_TEMPORAL_UI_PORT")],
)
async def test_a_taken_port_gets_a_sentence_that_names_it_and_the_setting(
    directory: Path, taken_port: int, door: str, setting: str
) -> None:
    ports = {door: taken_port}
    with pytest.raises(EmbeddedRefusal, match=rf"poort {taken_port} .*{setting}=\d+"):
        await EmbeddedTemporal(directory, port=ports.get("port", 0), ui_port=ports.get("ui_port")).start()


async def test_one_directory_has_one_server(directory: Path) -> None:
    async with EmbeddedTemporal(directory, in_memory=True) as server:
        with pytest.raises(EmbeddedRefusal, match="draait al een Doorstroom"):
            await EmbeddedTemporal(directory).start()
        assert server.pid


async def test_the_servers_of_the_tests_skip_time_when_told(time_skipper: TimeSkipper) -> None:
    client = time_skipper.client
    unsandboxed = UnsandboxedWorkflowRunner()  # the sandbox would import this test module again
    async with Worker(client, task_queue="sleepers", workflows=[Sleeper], workflow_runner=unsandboxed):
        handle = await client.start_workflow(Sleeper.run, id="time-skipped", task_queue="sleepers")
        await time_skipper.fast_forward(handle, timedelta(days=29))
        assert (await handle.describe()).status == WorkflowExecutionStatus.RUNNING
        await time_skipper.fast_forward(handle, timedelta(days=2))
        assert await handle.result() == "awake"
