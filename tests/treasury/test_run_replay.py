"""Runs that were recorded go on with the code as it is now: one that is on its way may not stand still on a new build.

`tests/histories/runs` holds them, encoded without names or accounts. A new one is recorded by the test of the life of a
run: `DOORSTROOM_RECORD_RUN=build pytest tests/treasury/test_run.py -k last_word`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from settings import Settings
from tests.replay.replay import history, replayer
from workflows.payment_run import PaymentRun

RECORDED = sorted((Path(__file__).resolve().parent.parent / "histories" / "runs").glob("*.json"))


def test_a_run_was_recorded() -> None:
    assert RECORDED


@pytest.mark.parametrize("sandboxed", [True, False], ids=["sandboxed", "unsandboxed"])
@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
async def test_a_recorded_run_goes_the_same_way_on_this_code(path: Path, sandboxed: bool) -> None:
    found = await replayer([PaymentRun], Settings(_env_file=None), sandboxed=sandboxed).replay_workflow(
        history(path), raise_on_replay_failure=False
    )
    assert found.replay_failure is None, found.replay_failure
