"""A new job during the guidance: what a second answer undoes, and a loss that was told in time."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from models.errors import Refusal
from models.messages.words import FollowUpOutcome, Party
from tests.workflows.conftest import House
from tests.workflows.dismissed import SILENT, Life, dismissed

KNOWN = {"offered_on": date(2024, 1, 15), "answer": "accepted", "started_on": date(2024, 2, 5)}
"""The first phase ends on 5 April 2024."""
JOB: dict[str, Any] = {"outcome": FollowUpOutcome.SAME_SECTOR}
GUIDED: dict[str, Any] = {"hours": {"hours": "20"}, "status": JOB, "agency_outcome": SILENT, "follow_up": JOB}
IN_A_JOB = (Party.CALENDAR, "new_job")
GUIDANCE = (Party.CALENDAR, "guidance")


@pytest.fixture
def house(shared_house: House) -> House:
    """One house for all these lives, which have nothing to do with each other."""
    return shared_house


async def in_a_job(house: House) -> Life:
    """Who answered at the end of the first phase to have a job, on 6 April 2024."""
    life = await Life.live(house, dismissed(**KNOWN))
    await life.follows(GUIDED, until=IN_A_JOB)
    return life


async def corrects(life: Life, outcome: FollowUpOutcome, since: str) -> None:
    await life.says("status", Party.PARTICIPANT, outcome=outcome, moment="phase_1", since=since)


@pytest.mark.parametrize("outcome", [FollowUpOutcome.TRAINING, FollowUpOutcome.ILL])
async def test_a_job_that_never_was_gives_the_guidance_back_whatever_is_said_instead(
    house: House, outcome: FollowUpOutcome
) -> None:
    life = await in_a_job(house)
    await life.comes_to(date(2024, 4, 10))
    await corrects(life, outcome, "2024-04-06")
    await life.awaits(*GUIDANCE)
    assert [fact["fact"] for fact in await life.facts_of("reported")][-2:] == ["new_job", "job_lost"]


async def test_a_first_day_that_is_put_right_moves_the_days_in_which_a_loss_may_be_told(house: House) -> None:
    life = await in_a_job(house)
    before = (await life.dossier())["waiting_until"]
    await life.comes_to(date(2024, 5, 2))
    await corrects(life, FollowUpOutcome.SAME_SECTOR, "2024-04-26")
    row = await life.sees("another last day", lambda row: row["waiting_until"] != before)
    assert (before, row["waiting_until"]) == (date(2024, 8, 4), date(2024, 8, 24))
    await life.follows(GUIDED, until=(Party.CALENDAR, "follow_up"))
    [ended] = [fact for fact in await life.facts_of("reported") if fact["fact"] == "guidance_ended"]
    assert ended["on"] == "2024-04-26"


async def test_a_job_that_was_there_before_the_dismissal_is_no_new_one(house: House) -> None:
    life = await Life.live(house, dismissed(**KNOWN))
    await life.follows(GUIDED, until=(Party.PARTICIPANT, "status"))
    await life.says("status", Party.PARTICIPANT, **JOB, since="2019-03-01")
    row = await life.awaits(*GUIDANCE)
    assert row["phase"] == "guidance_2"
    assert (await life.followed())[-1][:2] == ("phase_1", FollowUpOutcome.SAME_SECTOR)


async def test_a_loss_that_was_told_in_time_counts_however_late_the_story_comes_to_it(house: House) -> None:
    life = await Life.live(house, dismissed(**KNOWN))
    await life.follows(GUIDED, until=(Party.PARTICIPANT, "status"))
    await life.comes_to(date(2024, 4, 10))
    await life.tells("new_job", date(2024, 4, 10), Party.PARTICIPANT)
    await life.comes_to(date(2024, 4, 20))
    await life.tells("job_lost", date(2024, 4, 20), Party.PARTICIPANT)
    row = await life.follows({"status": SILENT, "agency_outcome": SILENT}, until=GUIDANCE)
    assert row["phase"] == "guidance_2"
    assert life.clock.date() > date(2024, 5, 18), "four weeks after the loss the window was over"
    assert row["waiting_until"] == date(2024, 8, 16), "ten days were given back"


async def test_a_notice_of_default_before_the_offer_was_due_is_refused_with_the_first_day(house: House) -> None:
    life = await Life.live(house, dismissed())
    await life.awaits(Party.APPLICANT, "offer")
    with pytest.raises(Refusal, match=r"vanaf 2\d/01/2024"):
        await life.tells("default_notice", date(2024, 1, 8), Party.PARTICIPANT)
    assert await life.facts_of("reported") == []
