"""The samples lived to their end in the clear: nothing that says who somebody is reaches Temporal, events or logs."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from database import transaction
from embedded import EmbeddedMail
from importing import Batch
from rehearsal import performance
from rehearsal.samples import SAMPLES, samples
from rehearsal.trajectory import TrajectoryPart
from tests.privacy.conftest import at_work, place
from tests.privacy.histories import everything, told
from tests.privacy.personal import found_in, traces

OURS = ("Subsidy", "TransitionSupport", "ProjectFinancing", "Outplacement", "Trajectory")


@dataclass(frozen=True)
class Left:
    """What a full run left behind."""

    people: set[str]
    numbers: set[str]
    histories: dict[str, str]
    events: list[str]
    log: list[str]
    mails: str


@pytest.fixture(scope="module")
async def left(new_database: Any, mail_server: EmbeddedMail, own_directory: Path) -> AsyncIterator[Left]:
    """Every sample received, lived by rehearsed people and closed, with the worker as a process of its own."""
    mail_server.clear()
    batch: Batch = samples(date.today())  # noqa: DTZ011 - any day will do
    async with place(new_database, mail_server, own_directory) as where:
        async with at_work(where), performance.stage(where.settings, where.engine, where.starter) as on:
            stored = await performance.receive(on, batch)
            await performance.live(on, TrajectoryPart(performance.futures([SAMPLES], stored.numbers)))
            await performance.post(on.pool)
        histories: dict[str, str] = {}
        async for number, events, description in everything(where.client):
            histories[number] = "\n".join([histories.get(number, ""), description, *map(told, events)])
        async with transaction(where.engine) as connection:
            rows = (await connection.execute(text("select row_to_json(event) as row from event"))).scalars()
            events_told = [json.dumps(row, ensure_ascii=False) for row in rows]
            numbers = set((await connection.execute(text("select number from receipt"))).scalars())
        mails = "\n".join(str(mail) for mail in mail_server.mails.rglob("*") if mail.is_file())
        log = where.log.read_text("utf-8").splitlines()
        yield Left(traces(batch), numbers, histories, events_told, log, mails)


def test_the_samples_hold_people_to_look_for_and_they_were_reached(left: Left) -> None:
    assert len(left.people) > 300
    assert left.mails, "mails were sent, so names and addresses were in the hands of the worker"
    assert found_in("Beste Elke Barmdael, IBAN be62 6450 0089 5061, geboren 10/7/1976", left.people) == [
        "10/7/1976",
        "barmdael",
        "be62 6450 0089 5061",
        "elke",
    ]


def test_temporal_knows_every_dossier_and_nobody(left: Left) -> None:
    assert left.numbers <= set(left.histories)
    assert {number: who for number, text in left.histories.items() if (who := found_in(text, left.people))} == {}


def test_no_event_names_anybody(left: Left) -> None:
    assert len(left.events) > 10 * len(left.numbers)
    assert found_in("\n".join(left.events), left.people) == []


def test_no_log_names_anybody(left: Left) -> None:
    assert len(left.log) > 100, "at DEBUG there is a lot to look through"
    assert found_in("\n".join(left.log), left.people) == []


def test_every_line_of_the_log_is_json_with_what_happened(left: Left) -> None:
    lines = [json.loads(line) for line in left.log]
    assert all({"event", "level", "timestamp"} <= set(line) for line in lines)


def test_a_line_about_a_dossier_carries_its_number(left: Left) -> None:
    lines = [json.loads(line) for line in left.log]
    about = [line for line in lines if line.get("workflow") in OURS or line.get("activity") not in (None, "deliver")]
    assert {line.get("dossier") for line in about} <= left.numbers
    assert len({line.get("dossier") for line in about}) > 10
    ours = [line for line in lines if not str(line.get("logger")).startswith("temporalio.worker.")]
    loose = [line for line in ours if any(number in json.dumps(line) for number in left.numbers)]
    assert [line for line in loose if line.get("dossier") is None] == []
