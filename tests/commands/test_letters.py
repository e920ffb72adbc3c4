"""Letters by the command line: listed, kept in a file as they left, and made anew to look at."""

from __future__ import annotations

import contextlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from temporalio.client import Client
from temporalio.service import RPCError

from tests.commands.conftest import Cli, Eventually
from tests.starter.conftest import LARGE
from workflows.post_room import POST_ROOM


def said(path: Path) -> str:
    pages = PdfReader(BytesIO(path.read_bytes())).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.fixture
async def post_room_anew(temporal_client: Client) -> None:
    """An earlier test may have left the post room to a worker that is gone."""
    with contextlib.suppress(RPCError):
        await temporal_client.get_workflow_handle(POST_ROOM).terminate()


@pytest.mark.usefixtures("post_room_anew", "house")
async def test_a_refusal_is_kept_in_a_file_as_it_left(
    cli: Cli, eventually: Eventually, application_file: Any, tmp_path: Path
) -> None:
    received = await cli("receive", str(application_file(**LARGE)), "--json")
    number = received.json["number"]
    task = await eventually("SELECT task FROM task WHERE dossier = :n AND state = 'open' AND step = 'review'", n=number)
    missing = await cli("letter", number, "--out", str(tmp_path / "geen.pdf"), ok=False)
    assert missing.code == 1
    assert "heeft geen brief decision/1" in missing.err
    assert not (tmp_path / "geen.pdf").exists()

    await cli("complete", task, "--person", "ANT-handler-1", "--outcome", "refuse", "--reason", "unclear")
    await eventually("SELECT 1 FROM letter WHERE dossier = :n", n=number)
    (listed,) = (await cli("letters", "--dossier", number, "--json")).json["letters"]
    assert listed["letter"] == f"{number}/letter/decision/1"
    assert "1 brieven" in (await cli("letters", "--fund", "ANT")).out
    assert (await cli("letters", "--on-paper", "--json")).json["letters"] == []

    await cli("letter", number, "--out", str(tmp_path / "brief.pdf"))
    await cli("letter", number, "--preview", "--name", "decision/1", "--out", str(tmp_path / "opnieuw.pdf"))
    assert "Uw aanvraag is geweigerd" in said(tmp_path / "brief.pdf")
    assert (tmp_path / "opnieuw.pdf").read_bytes() == (tmp_path / "brief.pdf").read_bytes()
