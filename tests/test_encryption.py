"""What Temporal stores is ciphertext, with keys that can be replaced while dossiers run for years."""

import base64
import dataclasses
import uuid
from datetime import timedelta

import pytest
from temporalio import workflow
from temporalio.api.common.v1 import Payload
from temporalio.client import Client, WorkflowFailureError
from temporalio.converter import DefaultFailureConverterWithEncodedAttributes
from temporalio.exceptions import ApplicationError
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from connection import connect, data_converter
from embedded import EmbeddedTemporal
from encryption import CIPHER, ENCODING, KEY_ID, EncryptionCodec
from models.errors import Defect
from settings import Settings

OLD = bytes(range(32))
NEW = bytes(range(32, 64))
SECRET = "Vlinderstraat 12"


def _spelled(**keys: bytes) -> str:
    return ",".join(f"{key_id}:{base64.b64encode(key).decode()}" for key_id, key in keys.items())


def _settings(**values: object) -> Settings:
    return Settings.model_validate({"_env_file": None, **values})


async def test_a_payload_comes_back_as_it_was() -> None:
    codec = EncryptionCodec({"2026": NEW})
    payload = Payload(metadata={"encoding": b"json/plain"}, data=SECRET.encode())
    (sealed,) = await codec.encode([payload])
    assert SECRET.encode() not in sealed.SerializeToString()
    assert sealed.metadata == {"encoding": ENCODING, KEY_ID: b"2026", CIPHER: b"AES-256-GCM"}
    assert await codec.decode([sealed]) == [payload]


async def test_the_same_payload_never_gives_the_same_ciphertext() -> None:
    codec = EncryptionCodec({"2026": NEW})
    one, other = await codec.encode([Payload(data=b"same"), Payload(data=b"same")])
    assert one.data != other.data


async def test_after_rotation_the_new_key_encrypts_and_the_old_one_still_decrypts() -> None:
    payload = Payload(data=SECRET.encode())
    sealed_before = await EncryptionCodec({"2025": OLD}).encode([payload])
    rotated = EncryptionCodec.parse(_spelled(**{"2026": NEW, "2025": OLD}))
    assert await rotated.decode(sealed_before) == [payload]
    (sealed_after,) = await rotated.encode([payload])
    assert sealed_after.metadata[KEY_ID] == b"2026"


async def test_what_was_written_before_encryption_stays_readable() -> None:
    payload = Payload(metadata={"encoding": b"json/plain"}, data=b"{}")
    assert await EncryptionCodec({"2026": NEW}).decode([payload]) == [payload]


async def test_an_unknown_key_is_named_by_its_id_alone() -> None:
    sealed = await EncryptionCodec({"2025": OLD}).encode([Payload(data=b"x")])
    with pytest.raises(Defect, match="onbekende sleutel '2025'") as told:
        await EncryptionCodec({"2026": NEW}).decode(sealed)
    assert base64.b64encode(NEW).decode() not in str(told.value)


@pytest.mark.parametrize("damage", ["data", "key id"])
async def test_a_changed_payload_is_refused(damage: str) -> None:
    codec = EncryptionCodec({"2026": NEW, "copy": NEW})
    (sealed,) = await codec.encode([Payload(data=b"x")])
    if damage == "data":
        sealed.data = sealed.data[:-1] + bytes([sealed.data[-1] ^ 1])
    else:
        sealed.metadata[KEY_ID] = b"copy"
    with pytest.raises(Defect, match="niet te ontcijferen"):
        await codec.decode([sealed])


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param("", "sleutel 1 .* heeft niet de vorm id:base64", id="nothing"),
        pytest.param("abc", "sleutel 1 .* heeft niet de vorm id:base64", id="no id"),
        pytest.param(_spelled(a=OLD) + ",", "sleutel 2 .* heeft niet de vorm", id="a comma too many"),
        pytest.param("a:???", "sleutel 'a' .* is geen base64", id="not base64"),
        pytest.param("a:" + base64.b64encode(b"short").decode(), "telt 5 bytes; nodig zijn er 32", id="too short"),
        pytest.param(_spelled(a=OLD) + "," + _spelled(a=NEW), "staat twee keer", id="an id twice"),
    ],
)
def test_keys_that_cannot_be_read_are_told_without_showing_them(text: str, fault: str) -> None:
    with pytest.raises(Defect, match=fault):
        EncryptionCodec.parse(text)


def test_without_keys_nothing_is_encrypted() -> None:
    assert data_converter(_settings()).payload_codec is None


def test_with_keys_the_text_of_failures_is_encrypted_too() -> None:
    converter = data_converter(_settings(payload_keys=_spelled(a=OLD)))
    assert converter.failure_converter_class is DefaultFailureConverterWithEncodedAttributes


@workflow.defn
class Fails:
    """Fails with a text that nobody may read on the server."""

    @workflow.run
    async def run(self, street: str) -> None:
        raise ApplicationError(f"nobody lives in {street}", non_retryable=True)


async def test_the_history_on_the_server_holds_no_word_of_what_was_said(temporal: EmbeddedTemporal) -> None:
    settings = _settings(
        temporal_address=temporal.address, temporal_namespace=temporal.namespace, payload_keys=_spelled(a=OLD)
    )
    client = await connect(settings)
    queue = f"encryption-{uuid.uuid4()}"
    async with Worker(client, task_queue=queue, workflows=[Fails], workflow_runner=UnsandboxedWorkflowRunner()):
        handle = await client.start_workflow(
            Fails.run, SECRET, id=queue, task_queue=queue, execution_timeout=timedelta(seconds=30)
        )
        with pytest.raises(WorkflowFailureError) as told:
            await handle.result()
    assert SECRET in str(told.value.cause), "whoever has the key reads it"
    stored = (await _bare(client).get_workflow_handle(queue).fetch_history()).to_json()
    assert SECRET not in stored
    assert base64.b64encode(SECRET.encode()).decode()[:12] not in stored
    assert "Encoded failure" in stored


def _bare(client: Client) -> Client:
    """The same connection without a key, as an operator's tools see the server."""
    config = client.config()
    config["data_converter"] = dataclasses.replace(config["data_converter"], payload_codec=None)
    return Client(**config)
