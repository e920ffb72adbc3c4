"""The last word of a person, lived on the real house: it may be put right for one answer term, then it is firm."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from models.messages.commands import ReportFact
from models.messages.words import FollowUpOutcome, Outcome, Party, UnknownReason
from tests.workflows.conftest import House
from tests.workflows.dismissed import SILENT, Life, dismissed
from tests.workflows.test_moments import BETWEEN, GUIDED, ONE_PHASE, SEEKING, STAFF, asked, due

RETIRED: dict[str, Any] = {"outcome": FollowUpOutcome.PENSION}
TIME_TO_CORRECT = (Party.CALENDAR, "correction")
ASKED_ON = date(2024, 5, 6)
ANSWER_TERM = timedelta(days=14)
LATER = ("3_months", "6_months", "12_months")


@pytest.fixture
def house(shared_house: House) -> House:
    """One house for all these lives, which have nothing to do with each other."""
    return shared_house


async def known(life: Life) -> dict[str, str]:
    """What stands of every moment."""
    return {moment: outcome for moment, outcome, *_ in await life.followed()}


async def test_a_lasting_word_told_by_mistake_is_put_right_and_everything_is_asked_as_ever(house: House) -> None:
    life = await Life.live(house, dismissed(**ONE_PHASE))
    row = await life.follows(GUIDED | {"follow_up": RETIRED}, until=TIME_TO_CORRECT)
    assert (row["waiting_until"], row["otherwise"]) == (ASKED_ON + ANSWER_TERM + timedelta(days=1), "closes")
    assert await known(life) == {"end": FollowUpOutcome.PENSION}, "nothing follows from it yet"
    planned = await due(life)
    await life.comes_to(ASKED_ON + ANSWER_TERM)
    await life.says(f"{life.number}/follow_up/1", Party.PARTICIPANT, **SEEKING)
    row = await life.awaits(*BETWEEN)
    assert row["waiting_until"] == planned["3_months"][0]
    assert await known(life) == {"end": FollowUpOutcome.JOB_SEEKING}
    kept = [fact["values"]["outcome"] for fact in await life.facts_of("answer_kept")]
    assert kept == [FollowUpOutcome.JOB_SEEKING], "both answers stay in the journal"
    assert (await life.follows(GUIDED))["outcome"] == Outcome.COMPLETED
    assert [moment for _, moment, _ in await asked(life)] == ["end", *LATER]


async def test_a_lasting_word_that_stands_is_firm_after_one_answer_term_and_nobody_is_asked_again(house: House) -> None:
    life = await Life.live(house, dismissed(**ONE_PHASE))
    await life.follows(GUIDED | {"follow_up": RETIRED}, until=TIME_TO_CORRECT)
    firm = ASKED_ON + ANSWER_TERM + timedelta(days=1)
    await life.comes_to(firm - timedelta(days=1))
    assert (await life.dossier())["outcome"] is None
    row = await life.follows({})
    assert (row["outcome"], life.clock.date()) == (Outcome.COMPLETED, firm), "the later moments wait no second time"
    assert await known(life) == dict.fromkeys(("end", *LATER), FollowUpOutcome.PENSION)
    assert len(await asked(life)) == 1


async def test_another_lasting_word_has_a_term_of_its_own(house: House) -> None:
    life = await Life.live(house, dismissed(**ONE_PHASE))
    await life.follows(GUIDED | {"follow_up": RETIRED}, until=TIME_TO_CORRECT)
    abroad = ASKED_ON + timedelta(days=10)
    await life.comes_to(abroad)
    await life.says("follow_up", Party.PARTICIPANT, outcome=FollowUpOutcome.MOVED_OR_DIED, moment="end")
    async with life.awaiting("another last day"):
        while (await life.dossier())["waiting_until"] != abroad + ANSWER_TERM + timedelta(days=1):
            await asyncio.sleep(0.02)
    assert (await life.follows({}))["outcome"] == Outcome.COMPLETED
    assert await known(life) == dict.fromkeys(("end", *LATER), FollowUpOutcome.MOVED_OR_DIED)


async def test_the_answer_after_a_year_may_be_put_right_before_the_trajectory_closes(house: House) -> None:
    life = await Life.live(house, dismissed(**ONE_PHASE))
    row = await life.follows(GUIDED, until=TIME_TO_CORRECT)
    assert row["phase"] == "follow_up_12"
    said_on = life.clock.date()
    assert row["waiting_until"] == said_on + ANSWER_TERM + timedelta(days=1)
    await life.comes_to(said_on + timedelta(days=7))
    await life.says(f"{life.number}/follow_up/4", Party.PARTICIPANT, outcome=FollowUpOutcome.TRAINING)
    assert (await life.follows({}))["outcome"] == Outcome.COMPLETED
    assert life.clock.date() == said_on + timedelta(days=7) + ANSWER_TERM + timedelta(days=1)
    assert (await known(life))["12_months"] == FollowUpOutcome.TRAINING


async def test_who_answers_when_nobody_knew_any_more_is_known_after_all(house: House) -> None:
    life = await Life.live(house, dismissed(**ONE_PHASE))
    script = GUIDED | {"follow_up": [{"outcome": FollowUpOutcome.ILL}] * 3 + [SILENT], "phone": "geen antwoord"}
    await life.follows(script, until=TIME_TO_CORRECT)
    assert (await life.followed())[-1][1:3] == (FollowUpOutcome.UNKNOWN, UnknownReason.NO_ANSWER)
    await life.says(f"{life.number}/follow_up/4", Party.PARTICIPANT, **SEEKING)
    assert (await life.follows({}))["outcome"] == Outcome.COMPLETED
    assert (await life.followed())[-1] == ("12_months", FollowUpOutcome.JOB_SEEKING, None, Party.PARTICIPANT)


async def test_who_stopped_has_the_same_time_and_ends_as_stopped(house: House) -> None:
    life = await Life.live(house, dismissed(**ONE_PHASE))
    await life.awaits(Party.CALENDAR, "guidance")
    await life.comes_to(date(2024, 3, 1))
    await life.tells("stopped", date(2024, 3, 1), Party.PARTICIPANT, reason="care")
    await life.follows(GUIDED, until=TIME_TO_CORRECT)
    row = await life.follows({})
    assert (row["outcome"], row["reason"]) == (Outcome.STOPPED, "care")


async def test_a_death_told_by_mistake_in_that_time_asks_nobody_what_is_known(house: House) -> None:
    life = await Life.live(house, dismissed(**ONE_PHASE))
    await life.follows(GUIDED, until=TIME_TO_CORRECT)
    sent = await life.mails("trajectory_follow_up")
    await life.tells("emigrated", life.clock.date())
    await life.awaits(Party.CALENDAR, "farewell")
    await house.starter.report(life.number, ReportFact(fact="still_here", on=life.clock.date(), by=STAFF))
    await life.awaits(*TIME_TO_CORRECT)
    assert (await life.follows({}))["outcome"] == Outcome.COMPLETED
    assert await known(life) == dict.fromkeys(("end", *LATER), FollowUpOutcome.JOB_SEEKING)
    assert await life.mails("trajectory_follow_up") == sent
