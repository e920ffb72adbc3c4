"""All that Temporal keeps of a run, as text: histories with their payloads opened, search attributes and memos."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message as Proto
from temporalio.api.common.v1 import Payload
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client


async def everything(client: Client) -> AsyncIterator[tuple[str, list[HistoryEvent], str]]:
    """Of each run of each workflow: its id, its events, and what its description tells."""
    async for found in client.list_workflows():
        handle = client.get_workflow_handle(found.id, run_id=found.run_id)
        history = await handle.fetch_history()
        described = (await handle.describe()).raw_description
        yield found.id, list(history.events), told(described)


def told(message: Proto) -> str:
    """A message as text, with its payloads as they are and opened."""
    raw = json.dumps(MessageToDict(message), ensure_ascii=False)
    return "\n".join([raw, *(_opened(payload) for payload in payloads(message))])


def payloads(message: Any) -> Iterator[Payload]:
    """Every payload anywhere in a message."""
    if isinstance(message, Payload):
        yield message
    elif isinstance(message, Proto):
        for field, value in message.ListFields():
            yield from payloads_of(value, is_map=_is_map(field))
    return


def payloads_of(value: Any, *, is_map: bool) -> Iterator[Payload]:
    """Payloads of a field: one, a list or a map."""
    if is_map:
        parts = list(value.values())
    elif isinstance(value, Proto | bytes | str | int | float | bool):
        parts = [value]
    else:
        parts = list(value)
    for part in parts:
        yield from payloads(part)


def _is_map(field: Any) -> bool:
    return bool(field.message_type and field.message_type.GetOptions().map_entry)


def _opened(payload: Payload) -> str:
    text = payload.data.decode("utf-8", "replace")
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except ValueError:
        return text
