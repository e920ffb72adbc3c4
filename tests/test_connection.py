"""One way to Temporal, with the SDK's own numbers where the operator asks for them."""

import socket
import urllib.request
from asyncio import to_thread

import pytest
from temporalio.api.workflowservice.v1 import GetSystemInfoRequest

from connection import connect
from embedded import EmbeddedTemporal
from settings import Settings


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def _fetched(address: str) -> str:
    with urllib.request.urlopen(f"http://{address}/metrics", timeout=10) as answer:
        return str(answer.read().decode())


async def test_a_client_speaks_to_the_namespace_of_the_settings_and_counts_what_it_asks(
    temporal: EmbeddedTemporal,
) -> None:
    settings = Settings.model_validate(
        {
            "_env_file": None,
            "temporal_address": temporal.address,
            "temporal_namespace": temporal.namespace,
            "metrics_address": f"127.0.0.1:{_free_port()}",
        }
    )
    client = await connect(settings)
    assert client.namespace == temporal.namespace
    assert (await client.workflow_service.get_system_info(GetSystemInfoRequest())).server_version
    assert settings.metrics_address is not None
    assert 'temporal_request_total{operation="GetSystemInfo"' in await to_thread(_fetched, settings.metrics_address)


async def test_a_server_that_is_away_is_told_as_it_comes() -> None:
    settings = Settings.model_validate({"_env_file": None, "temporal_address": f"127.0.0.1:{_free_port()}"})
    with pytest.raises(RuntimeError, match="Connection refused"):
        await connect(settings)
