"""What an older build carried over a phase boundary is read by this one: nothing is lost, nothing has to be there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from models.messages.dossier import ClosedPeriod, DoneTask, DossierState, OpenRequest, OpenTask
from models.messages.words import Kind

STATES = sorted((Path(__file__).resolve().parent.parent / "histories" / "states").glob("*.json"))
"""Named by schema version, kind and phase. Never written again: a dossier may have carried exactly this."""


def lost(old: Any, new: Any, place: str = "") -> list[str]:
    """Where something of the old text is not in the new one."""
    if isinstance(old, dict):
        return [found for name in old for found in lost(old[name], (new or {}).get(name), f"{place}.{name}")]
    if isinstance(old, list) and old and isinstance(old[0], dict):
        pairs = zip(old, new, strict=True)
        return [found for number, pair in enumerate(pairs) for found in lost(*pair, f"{place}[{number}]")]
    if isinstance(old, list):
        old, new = sorted(old), sorted(new or [])
    return [] if old == new else [f"{place}: {old} became {new}"]


@pytest.mark.parametrize("path", STATES, ids=lambda path: path.stem)
def test_an_old_state_is_read_without_loss(path: Path) -> None:
    text = path.read_text("utf-8")
    state = DossierState.model_validate_json(text)
    assert lost(json.loads(text), state.model_dump(mode="json")) == []
    assert path.stem == f"{state.schema_version}-{state.facts.kind}-{state.phase}"


@pytest.mark.parametrize("path", STATES, ids=lambda path: path.stem)
def test_a_state_of_a_later_build_is_read_by_this_one(path: Path) -> None:
    """Going back during an upgrade: what this build does not know is left aside."""
    later = json.loads(path.read_text("utf-8")) | {"schema_version": 2, "something_new": {"told": True}}
    assert DossierState.model_validate(later).number == later["number"]


def test_there_is_an_old_state_of_every_kind() -> None:
    assert {path.stem.split("-")[1] for path in STATES} == set(Kind)


REQUIRED = {
    DossierState: {"number", "fund", "facts", "policy", "received_at"},
    OpenTask: {"task", "step", "role", "due", "outcomes"},
    DoneTask: {"step", "outcome", "person", "sequence", "on"},
    OpenRequest: {"code", "party", "until"},
    ClosedPeriod: {"start"},
}
"""What has to be there since schema version 1; anything newer needs a default."""


@pytest.mark.parametrize("model", REQUIRED, ids=lambda model: model.__name__)
def test_no_field_became_required(model: type[BaseModel]) -> None:
    required = {name for name, field in model.model_fields.items() if field.is_required()}
    assert required <= REQUIRED[model]
