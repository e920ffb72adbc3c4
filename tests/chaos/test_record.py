"""The worker dies inside `record`, before the commit and between the commit and the answer: all stands once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks.product import application
from embedded.worker import HOUSE, EmbeddedWorker
from rehearsal.player import Player

PLAN = (("9", "after"), ("5", "before"), ("14", "after"))
DOSSIERS = 8


class DyingWorker(EmbeddedWorker):
    """A worker that dies by a plan."""

    program = Path(__file__).with_name("dying_worker.py")


@pytest.mark.parametrize("record", ["local", "regular"])
async def test_a_death_inside_record_doubles_nothing_and_loses_nothing(
    opened: Any, tmp_path: Path, record: str
) -> None:
    notes = tmp_path / "deaths"
    environment = {
        "PYTHONPATH": str(HOUSE),
        "DYING_NOTES": str(notes),
        "DYING_PLAN": ",".join(" ".join(death) for death in PLAN),
        "DYING_RECORD": record,
    }
    async with opened(DyingWorker, **environment) as house:
        numbers = [(await house.starter.receive(application())).number for _ in range(DOSSIERS)]
        await Player(house.starter, house.pool).live_all(numbers, in_flight=DOSSIERS)

        deaths = [line.split() for line in notes.read_text("utf-8").splitlines()]
        assert [where for where, *_ in deaths] == [where for _, where in PLAN]
        for _, number, first, last in deaths:
            stand = "SELECT count(*) FROM event WHERE dossier = $1 AND sequence BETWEEN $2 AND $3"
            assert await house.value(stand, number, int(first), int(last)) == int(last) - int(first) + 1

        once = ("dossier_opened", "checked", "decided", "payment_instructed", "payment_confirmed", "closed")
        for fact in once:
            assert await house.value("SELECT count(*) FROM event WHERE type = $1", fact) == DOSSIERS
            assert await house.value("SELECT count(DISTINCT dossier) FROM event WHERE type = $1", fact) == DOSSIERS
        assert await house.value("SELECT count(*) FROM dossier WHERE outcome = 'granted'") == DOSSIERS
        assert await house.value("SELECT count(*) FROM payment WHERE state = 'confirmed'") == DOSSIERS
        beside_the_mails = [fault for fault in (await house.verified()).faults if fault.check != "mail"]
        assert beside_the_mails == []
        arrived = [mail["X-Doorstroom-Effect"].strip() for mail in house.stack.mail.messages()]
        assert len(arrived) == len(set(arrived))
