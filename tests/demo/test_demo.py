"""The demonstration as its user starts it: a process of its own, told to stop, started again."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from embedded import throwaway_directory
from tests.demo.process import HOUSE, doorstroom, environment


@asynccontextmanager
async def demonstration(directory: Path) -> AsyncIterator[list[str]]:
    """A running demonstration and what it said before it was ready; stopped with Ctrl-C."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-u",
        str(HOUSE / "starter.py"),
        "demo",
        cwd=HOUSE,
        env=environment(directory),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert child.stdout is not None
    said: list[str] = []
    async with asyncio.timeout(120):
        while not said or "Ctrl-C" not in said[-1]:
            line = await child.stdout.readline()
            assert line, f"ended too early: {said}"
            said.append(line.decode())
    try:
        yield said
    finally:
        child.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(child.wait(), 90) == 0


async def test_rehearsed_staff_brings_every_sample_to_its_end_and_one_json_says_how() -> None:
    with throwaway_directory() as directory:
        code, out, err = await doorstroom("demo", "--once", "--json", directory=directory)
    assert code == 0, err
    summary = json.loads(out)
    assert set(summary["dossiers"]) == {
        "subsidy",
        "transition_support",
        "project_financing",
        "outplacement",
        "trajectory",
    }
    assert not any("open" in outcomes for outcomes in summary["dossiers"].values())
    assert summary["verify"]["clean"], summary["verify"]["faults"]
    assert summary["refusals"] == []
    payments, treasury = summary["payments"], summary["treasury"]
    assert payments["planned"] == payments["confirmed"] + payments["returned"]
    assert payments["confirmed"] > 0
    assert treasury["by_hand"] == 0, "every payment went by a file, and the bank booked it"
    assert treasury["lines"] == payments["planned"]
    assert len(set(treasury["euros"].values())) == 1, treasury["euros"]
    assert set(treasury["unmatched"]) <= {"no_open_claim", "not_ours", "unknown_payer"}, (
        "strangers, and nothing of ours"
    )
    assert all(set(states) <= {"sent", "merged", "unreachable", "withdrawn"} for states in summary["mails"].values())


async def may_be_anybody(address: str) -> None:
    """The portal of the demonstration lets a visitor choose who to be, and shows that person's work."""
    async with httpx.AsyncClient(base_url=address, follow_redirects=True) as browser:
        assert "Hanne Dossier" in (await browser.get("/demo")).text
        worklist = await browser.post("/demo", data={"who": "ANT-handler-1"})
        assert worklist.url.path == "/werklijst"
        assert worklist.status_code == 200


async def test_a_second_start_goes_on_with_the_dossiers_of_the_first() -> None:
    with throwaway_directory() as directory:
        async with demonstration(directory) as said:
            assert any("http://127.0.0.1:" in line for line in said)
            await may_be_anybody(next(word for line in said if "Portaal" in line for word in line.split()[1:2]))
            code, out, err = await doorstroom("tasks", "--json", directory=directory)
            assert code == 0, err
            before = json.loads(out)
        assert (await doorstroom("tasks", "--json", directory=directory))[0] == 4, "nothing runs any more"
        async with demonstration(directory) as said:
            assert any("0 nieuwe" in line for line in said)
            code, out, err = await doorstroom("tasks", "--json", directory=directory)
            assert json.loads(out) == before
            code, out, err = await doorstroom("verify", directory=directory)
            assert code == 0, out + err


@pytest.mark.parametrize(
    "port", ["EMBEDDED_TEMPORAL_PORT", "EMBEDDED_POSTGRES_PORT", "EMBEDDED_MAIL_PORT", "PORTAL_PORT"]
)
async def test_a_taken_port_is_a_sentence_and_no_traceback(port: str) -> None:
    with socket.socket() as other, throwaway_directory() as directory:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = str(other.getsockname()[1])
        code, _, err = await doorstroom("demo", directory=directory, **{f"DOORSTROOM_{port}": taken})
    assert code == 4
    assert taken in err
    assert "Traceback" not in err
