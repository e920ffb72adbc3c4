"""An employer's invoices beside the hours of the agency: a handler is told what they justify, and decides."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from temporalio.client import Client

from database import make_engine
from embedded import EmbeddedMail
from models.messages.facts import OutplacementFacts
from models.messages.words import FollowUpOutcome, Outcome, Party
from tests.conftest import NewDatabase
from tests.workflows.conftest import House, open_house
from tests.workflows.dismissed import DISMISSED_ON, Life, dismissed
from tests.workflows.playing import at_nine

PERSON = {
    "dismissal": "restructuring",
    "announced_on": date(2023, 12, 1),
    "age_on_announcement": 40,
    "offered_on": date(2024, 1, 15),
    "answer": "accepted",
    "started_on": date(2024, 2, 5),
}
GUIDED: dict[str, Any] = {
    "hours": {"hours": "30"},
    "status": {"outcome": FollowUpOutcome.JOB_SEEKING},
    "agency_outcome": {"outcome": FollowUpOutcome.SAME_SECTOR},
    "follow_up": {"outcome": FollowUpOutcome.SAME_SECTOR},
}


@pytest.fixture
async def house(temporal_client: Client, new_database: NewDatabase, mail_server: EmbeddedMail) -> AsyncIterator[House]:
    async with new_database() as urls:
        engine = make_engine(urls.app)
        async with open_house(temporal_client, engine, urls.app, mail_server) as running:
            yield running
        await engine.dispose()


async def test_invoices_above_the_hours_are_told_to_the_handler_person_by_person_and_paid_as_he_says(
    house: House,
) -> None:
    facts = OutplacementFacts(
        notified_on=DISMISSED_ON,
        dismissal="restructuring",
        bankrupt=False,
        announced_on=date(2023, 12, 1),
        people=2,
        agency="RiseSmart",
    )
    employer = await Life.live(house, facts)
    first, second = [await Life.live(house, dismissed(**PERSON), parent=employer.number) for _ in range(2)]
    for life in (first, second):
        await life.follows(GUIDED, until=(Party.CALENDAR, "guidance"))
        life.clock = at_nine(date(2024, 4, 2))
        await house.starter.move_clock(life.number, life.clock)
    march: dict[str, Any] = {"month": "2024-03", "hours": "30", "sessions": "9"}
    await first.tells("hours_registered", date(2024, 3, 31), **march)
    await second.tells("hours_registered", date(2024, 3, 31), **march | {"hours": "29"})
    await second.tells("hours_registered", date(2024, 3, 31), **march | {"hours": "10.25"})
    fewer = {**GUIDED, "hours": {"hours": "10.25"}}
    await asyncio.gather(first.follows(GUIDED), second.follows(fewer))
    lines = {f"line.{first.number}": "975.00", f"line.{second.number}": "975.00"}
    papers = {"papers": "invoice|proof_of_payment|public_refund_decision"}
    settled = {
        "admissibility": "admissible",
        "public_refund": {"public_refund": "asked"},
        "agreement": {"papers": "agency_contract|participant_list"},
        "invoices": {"invoiced": "1950.00", "refund": "0"} | lines | papers,
        "determination": "confirm",
        "approval": "approve",
        "payment": "confirmed",
    }
    row = await employer.follows(settled)

    assert row["outcome"] == Outcome.GRANTED
    query = "select data from event where dossier = :number and type = 'checked' order by sequence desc limit 1"
    ((data,),) = [tuple(found.values()) for found in await employer.rows(query)]
    total, line = data["checks"]
    assert (total["code"], total["passed"], total["consequence"]) == ("FACTUUR_EN_UREN", False, "look")
    assert (total["values"]["justified"], total["values"]["difference"]) == ("1308.13", "641.87")
    assert line["values"] == {
        "trajectory": second.number,
        "invoiced": "975.00",
        "justified": "333.13",
        "hours": "10.25",
        "difference": "641.87",
        "case": "price",
    }
