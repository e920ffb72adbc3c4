"""Dossiers that have to do with each other: an employer's with its people, and the one that goes on elsewhere."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

from models.messages.commands import Actor, ReportFact
from models.messages.facts import OutplacementFacts
from models.messages.words import FollowUpOutcome, Fund, Party, Role
from tests.patience import patient
from tests.workflows.conftest import House
from tests.workflows.dismissed import DISMISSED_ON, Life

COLLECTIVE = {"dismissal": "restructuring", "announced_on": date(2023, 12, 1), "age_on_announcement": 50}
STARTED: dict[str, Any] = {"offered_on": date(2024, 1, 15), "answer": "accepted", "started_on": date(2024, 2, 5)}
CLERK = Actor(person="ANT-intake-1", party=Party.STAFF, fund=Fund.ANTWERPEN, roles=frozenset({Role.INTAKE}))
ANSWERS: dict[str, Any] = {
    "hours": {"hours": "20"},
    "status": {"outcome": FollowUpOutcome.JOB_SEEKING},
    "agency_outcome": {"outcome": FollowUpOutcome.JOB_SEEKING},
    "follow_up": {"outcome": FollowUpOutcome.SAME_SECTOR},
    "admissibility": "admissible",
    "public_refund": {"public_refund": "asked"},
    "agreement": {"papers": "agency_contract|participant_list"},
}


def notified(people: int) -> OutplacementFacts:
    return OutplacementFacts(
        notified_on=DISMISSED_ON,
        dismissal="restructuring",
        bankrupt=False,
        announced_on=date(2023, 12, 1),
        people=people,
        agency="RiseSmart",
    )


def told(fact: str, on: date, by: Actor = CLERK, **values: str) -> ReportFact:
    return ReportFact(fact=fact, on=on, by=by, values=values)


async def successor_of(house: House, life: Life) -> Life:
    """The dossier that goes on with this one, started by the sweep of the workers."""
    query = "select number from handed_on where predecessor = :number"
    async with patient():
        while not (found := await life.rows(query)):
            await asyncio.sleep(0.05)
    await house.starter.sweep()
    follower = Life(house, found[0]["number"])
    follower.clock = life.clock
    await follower.sees("it goes on", lambda row: bool(row["phase"]))
    return follower
