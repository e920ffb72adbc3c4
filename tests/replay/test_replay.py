"""Dossiers of every build that was ever recorded go on with the code as it is now; and a change that breaks is seen."""

from __future__ import annotations

import asyncio
import base64
import json
from pathlib import Path
from typing import Any

import pytest
from temporalio import workflow
from temporalio.common import VersioningBehavior
from temporalio.workflow import NondeterminismError

from models.messages.dossier import DossierState, Ending
from settings import Settings
from tests.replay.paths import EVERY_PATH
from tests.replay.record import stored
from tests.replay.replay import history, replay, replayer
from workflows import EVERY
from workflows.subsidy import Subsidy

SETTINGS = Settings(_env_file=None)
HISTORIES = list(stored())
NEWEST = max((path.parent for path in HISTORIES), key=lambda place: [int(part) for part in place.name.split(".")])
LARGEST_CORPUS = 3_200_000
"""Bytes; a corpus that grows beyond it makes every clone slow."""
HOW_TO = "a dossier that is open now would stand still on this code: see 'Upgrading' in docs/operations.md"


def last_event(path: Path) -> dict[str, Any]:
    event: dict[str, Any] = json.loads(path.read_text("utf-8"))["events"][-1]
    return event


@pytest.mark.parametrize("sandboxed", [pytest.param(True, id="sandboxed"), pytest.param(False, id="unsandboxed")])
@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: f"{path.parent.name}/{path.stem}")
async def test_a_recorded_dossier_goes_the_same_way_on_this_code(path: Path, sandboxed: bool) -> None:
    result = await replayer(EVERY, SETTINGS, sandboxed=sandboxed).replay_workflow(
        history(path), raise_on_replay_failure=False
    )
    assert result.replay_failure is None, f"{path.name}: {result.replay_failure}; {HOW_TO}"


@workflow.defn(name="Subsidy", versioning_behavior=VersioningBehavior.PINNED, sandboxed=False)
class SubsidyThatSkipsTheReview(Subsidy):
    """A change that nobody may make to a dossier that runs."""

    @workflow.init
    def __init__(self, state: DossierState) -> None:
        super().__init__(state)

    @workflow.run
    async def run(self, _state: DossierState) -> Ending:
        """As the real one, but for one phase."""
        return await self.live(self.intake, self.approval, self.payment, self.follow_up)


@workflow.defn(name="Subsidy", versioning_behavior=VersioningBehavior.PINNED, sandboxed=False)
class SubsidyThatSleepsFirst(Subsidy):
    """A timer more than there was."""

    @workflow.init
    def __init__(self, state: DossierState) -> None:
        super().__init__(state)

    @workflow.run
    async def run(self, state: DossierState) -> Ending:
        """As the real one, a second later."""
        await asyncio.sleep(1)
        return await super().run(state)


async def test_a_change_in_the_order_of_what_a_dossier_does_is_seen() -> None:
    recorded = history(NEWEST / "subsidy-main.json")
    result = await replayer([SubsidyThatSleepsFirst], SETTINGS).replay_workflow(recorded, raise_on_replay_failure=False)
    assert isinstance(result.replay_failure, NondeterminismError)


async def test_a_phase_that_is_left_out_is_seen() -> None:
    recorded = history(NEWEST / "subsidy-approver.json")
    result = await replayer([SubsidyThatSkipsTheReview], SETTINGS).replay_workflow(
        recorded, raise_on_replay_failure=False
    )
    assert result.replay_failure is not None


def test_every_kind_has_a_recording_that_went_all_the_way() -> None:
    completed = set()
    for path in NEWEST.glob("*.json"):
        ended = last_event(path).get("workflowExecutionCompletedEventAttributes")
        if ended is not None:
            ending = Ending.model_validate_json(base64.b64decode(ended["result"]["payloads"][0]["data"]))
            if ending.reason == "completed":
                started = json.loads(path.read_text("utf-8"))["events"][0]["workflowExecutionStartedEventAttributes"]
                completed.add(started["workflowType"]["name"])
    assert completed == {kind.__name__ for kind in EVERY}


def test_every_path_we_know_is_recorded_for_the_newest_build() -> None:
    recorded = {path.stem for path in NEWEST.glob("*.json")}
    known = {f"{kind}-{path.name}" for kind, paths in EVERY_PATH.items() for path in paths}
    assert known <= recorded


def test_the_corpus_stays_small_enough_to_carry_along() -> None:
    assert sum(path.stat().st_size for path in HISTORIES) < LARGEST_CORPUS


async def test_an_operator_hears_of_each_history_whether_it_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = NEWEST / "subsidy-automatic.json"
    other = json.loads(good.read_text("utf-8"))
    other["events"] = [event for event in other["events"] if event["eventType"] != "EVENT_TYPE_MARKER_RECORDED"]
    spoiled = tmp_path / "ANT-2026-S-000123.json"
    spoiled.write_text(json.dumps(other), "utf-8")
    assert await replay([good, spoiled], SETTINGS) == 1
    first, second, *_ = capsys.readouterr().out.splitlines()
    assert first == "subsidy-automatic.json: goes the same way"
    assert second.startswith("ANT-2026-S-000123.json: ")
