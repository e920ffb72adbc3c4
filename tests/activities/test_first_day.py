"""The first day of a guidance as an employer's dossier reads it: as it was put right, for support and for prices."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from activities.agreements import Agreements
from activities.trajectories import Trajectories
from models.messages.receipts import Reference
from tests.figures.lives import Life, live, reported

TOLD_ON, CORRECTED_ON = date(2024, 2, 6), date(2024, 3, 1)
STARTED = reported(TOLD_ON, "guidance_started", date(2024, 2, 5), case="general")
CORRECTED = reported(CORRECTED_ON, "facts_corrected", started_on="2024-01-22", because="mistake")
OTHER_FACTS = reported(CORRECTED_ON, "facts_corrected", age_on_dismissal="45", because="birth_date")


async def test_the_first_day_is_the_one_that_was_put_right_last(engine: AsyncEngine, database_urls: Any) -> None:
    stories = ((STARTED,), (STARTED, CORRECTED, OTHER_FACTS), (CORRECTED,), (CORRECTED, STARTED))
    lives = [Life(serial, story, started_on=None) for serial, story in enumerate(stories, start=1)]
    await live(engine, database_urls.app, *lives)
    number = Reference(number=lives[0].parent)
    told, right = date(2024, 2, 5), date(2024, 1, 22)

    guided = await Trajectories(engine).guided(number)
    assert {int(one.trajectory[-6:]): one.started_on for one in guided} == {1: told, 2: right, 4: told}
    evidence = await Agreements(engine).evidence(number)
    assert [one.started_on for one in evidence.people] == [told, right, None, told]
