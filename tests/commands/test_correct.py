"""Facts of a trajectory put right from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.workflows.dismissed import dismissed


def filed(place: Path) -> str:
    """A trajectory as the command `receive` reads it."""
    stated = {
        "idempotency_key": "traject-1",
        "fund": "ANT",
        "facts": dismissed().model_dump(mode="json"),
        "received_at": "2024-01-08T09:00:00+01:00",
        "opens_at": "2024-01-08T09:00:00+01:00",
        "rehearsed": True,
        "parties": [{"party": "applicant", "name": "Peeters", "email": "hr@peeters.example"}],
        "people": [{"line": 1, "first_name": "Riet", "last_name": "Peeters", "birth_date": "1974-01-08"}],
    }
    file = place / "traject.json"
    file.write_text(json.dumps(stated), "utf-8")
    return str(file)


@pytest.mark.usefixtures("house")
async def test_what_would_move_is_shown_first_and_then_moves(cli: Any, eventually: Any, tmp_path: Path) -> None:
    number = (await cli("receive", filed(tmp_path), "--json")).json["number"]
    await eventually("SELECT 1 FROM dossier WHERE waiting_for = 'offer'")
    by = ("--because", "illness", "--set", "contract_ended_on=2024-03-14", "--person", "ANT-handler-1")
    shown = await cli("correct", number, *by, "--dry-run")
    assert "uiterste dag van het aanbod: 23/01/2024 -> 29/03/2024" in shown.out
    assert shown.out.endswith("Er is niets gebeurd.\n")
    done = (await cli("correct", number, *by, "--json")).json
    assert done["done"]
    assert [one["what"] for one in done["moved"]] == ["offer_by", "default_notice_by"]
    told = (await cli("show", number)).out
    assert "Data verschoven (ziekte): uiterste dag van het aanbod van 23/01/2024 naar 29/03/2024" in told
    assert "Nieuwe uiterste dag 29/03/2024 (15 dagen vanaf 14 maart 2024)" in told
    again = await cli("correct", number, *by, ok=False)
    assert (again.code, "er verandert niets" in again.err) == (1, True)


@pytest.mark.usefixtures("house")
async def test_what_cannot_be_is_refused_by_its_field(cli: Any, eventually: Any, tmp_path: Path) -> None:
    number = (await cli("receive", filed(tmp_path), "--json")).json["number"]
    await eventually("SELECT 1 FROM dossier WHERE waiting_for = 'offer'")
    for given, because, said in (
        ("contract_ended_on=31/12/2023", "mistake", "einde van de arbeidsovereenkomst"),
        ("contract_ended_on=morgen", "mistake", "geen dag"),
        ("answer=refused", "mistake", "kan hier niet verbeterd worden"),
        ("contract_ended_on=2024-03-14", "so", "Kies waarom"),
    ):
        refused = await cli(
            "correct", number, "--because", because, "--set", given, "--person", "ANT-handler-1", ok=False
        )
        assert (refused.code, said in refused.err) == (1, True), refused
    unknown = await cli("correct", "ANT-2024-J-999999", "--because", "illness", "--set", "started_on=2024-03-14",
                        "--person", "ANT-handler-1", ok=False)  # fmt: skip
    assert unknown.code == 1
