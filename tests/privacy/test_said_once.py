"""On the product's own worker, in its sandbox, a story that is replayed at every step says nothing twice."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from temporalio import activity, workflow

import logs
import worker
from embedded import EmbeddedMail
from rehearsal.cast import engage
from tests.privacy.conftest import Place, place
from tests.privacy.talkative import TalkativeSubsidy
from tests.privacy.turns import PASSAGES
from tests.workflows.subsidies import Subsidy, apply, training

PHASES = ["intake", "review", "approval", "evidence", "determination", "payment", "follow_up"]


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """What the process writes; afterwards logging is as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    on_message = workflow.logger.workflow_info_on_message, activity.logger.activity_info_on_message
    written = io.StringIO()
    logs.configure("json", "INFO", written)
    yield written
    root.handlers = handlers
    root.setLevel(level)
    workflow.logger.workflow_info_on_message, activity.logger.activity_info_on_message = on_message
    structlog.reset_defaults()


@pytest.fixture
async def where(
    new_database: Any, mail_server: EmbeddedMail, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Place]:
    """A worker that forgets every dossier as soon as it rests, so that each step replays all before it."""
    monkeypatch.setattr(worker, "EVERY", [TalkativeSubsidy])
    PASSAGES.clear()
    async with place(new_database, mail_server, tmp_path) as running:
        await engage(running.engine)
        forgetful = running.settings.model_copy(update={"cached_workflows": 0})
        async with worker.working(running.client, running.engine, forgetful, current=True):
            yield running


async def test_a_line_of_a_story_is_written_once_with_its_dossier(where: Place, stream: io.StringIO) -> None:
    play: Subsidy = await apply(where, training(5))
    await play.does("review", "ANT-handler-1", "approve")
    await play.does("approval", "ANT-approver-1", "approve")
    await play.answered_to_the_end()
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    said = [line for line in lines if line["event"] == "phase_entered"]
    # A turn that a stalled machine left too late is done again from where it began: no replay, and said again.
    assert [line["phase"] for line in said] == [one.phase for one in PASSAGES if not one.replayed]
    assert {one.phase for one in PASSAGES if one.replayed} >= set(PHASES[:-1]), "the steps after it replayed each phase"
    assert list(dict.fromkeys(line["phase"] for line in said)) == PHASES
    assert {(line["dossier"], line["workflow"]) for line in said} == {(play.number, "Subsidy")}
    assert all(line["run"] for line in said)
    told = [json.dumps(line | {"timestamp": ""}, sort_keys=True) for line in lines if line not in said]
    assert len(told) == len(set(told)), "no line of the whole run came twice"
