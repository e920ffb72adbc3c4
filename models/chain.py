"""The hash that ties an event to all before it."""

import hashlib
import json
from datetime import UTC
from typing import Any

from models.messages.events import Event, Placed

_stated = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
"""Made once: `json.dumps` would make it for every event."""


def stored_data(event: Event) -> dict[str, Any]:
    """The fact as it is stored: JSON values only, without the type, which has its own column."""
    return event.fact.model_dump(mode="json", exclude={"type"})


def chain(dossier: str, event: Placed, data: dict[str, Any], previous: str) -> str:
    """Hash of an event and, through `previous`, of every event before it (SHA-256, hexadecimal).

    The moment is taken in UTC to the microsecond, so that the hash can be made again from the stored row.
    """
    at = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    stated = _stated([dossier, event.sequence, event.fact.type, at, event.by, data])
    return hashlib.sha256(f"{previous}\n{stated}".encode()).hexdigest()
