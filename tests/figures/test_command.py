"""Figures and erasing as somebody types them."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from commands import app


@pytest.fixture
def typed(database_urls: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """What a command answers: its exit code and its text."""
    monkeypatch.setenv("DOORSTROOM_DATABASE_URL", database_urls.app)
    monkeypatch.setenv("DOORSTROOM_UPLOAD_DIRECTORY", str(tmp_path))

    async def said(*words: str) -> tuple[int, str, str]:
        answer = await asyncio.to_thread(CliRunner().invoke, app, list(words))
        return answer.exit_code, answer.stdout, answer.stderr

    return said


async def test_figures_for_a_person_a_program_and_a_board(typed: Any, lived: Any, tmp_path: Path) -> None:
    await lived()
    asked = ("figures", "--on", "2025-12-31", "--year", "2024")
    code, text, _ = await typed(*asked, "--by", "agency")
    assert (code, "22 mensen gestart" in text, "Per bureau" in text) == (0, True, True)
    code, text, _ = await typed(*asked, "--json")
    told = json.loads(text)
    assert (told["started"], told["unknown"]["numerator"], told["unknown"]["denominator"]) == (22, 7, 22)
    assert told["unknown_by_reason"] == {"NO_ANSWER": 3, "NO_CONSENT": 1, "CONTACT_LOST": 1, "NOT_ASKED_YET": 2}
    assert [table["code"] for table in told["tables"]] == ["outcomes", "groups", "survival", "funnel"]
    report = tmp_path / "verslag.pdf"
    code, text, _ = await typed("figures", "report", *asked[1:], "-o", str(report))
    assert (code, report.read_bytes()[:5]) == (0, b"%PDF-")
    assert (await typed("figures", "report"))[0] == 1


async def test_what_is_due_is_shown_before_it_goes(typed: Any, lived: Any) -> None:
    await lived()
    assert await typed("erase", "due", "--dry-run", "--json") == (0, '{\n  "due": []\n}\n', "")
    assert (await typed("erase", "due"))[:2] == (0, "0 dossiers gewist.\n")
    code, _, why = await typed("erase", "ANT-2024-W-000001", "--because", "request", "--person", "ANT-handler-1")
    assert (code, "het dossier is nog open" in why) == (1, True)
