"""What is told while another fund takes over, and after it did: the dossier that goes on hears it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import text
from temporalio.client import Client

from database import make_engine
from embedded import EmbeddedMail
from enclosed import Enclosed, kept_with
from models.errors import Refusal
from models.messages.commands import Actor, AnswerRequest
from models.messages.words import FollowUpOutcome, Outcome, Party
from tests.conftest import NewDatabase
from tests.workflows.conftest import House, open_house
from tests.workflows.dismissed import Life, dismissed
from tests.workflows.linked import ANSWERS, COLLECTIVE, STARTED, notified, successor_of, told

PERSON = Actor(person="participant-1", party=Party.PARTICIPANT)


@pytest.fixture(scope="module")
async def house(temporal_client: Client, new_database: NewDatabase, mail_server: EmbeddedMail) -> AsyncIterator[House]:
    """One house for all these lives."""
    async with new_database() as urls:
        engine = make_engine(urls.app)
        async with open_house(temporal_client, engine, urls.app, mail_server) as running:
            yield running
        await engine.dispose()


async def test_a_command_that_came_too_late_for_the_fund_before_is_heard_by_the_one_that_goes_on(house: House) -> None:
    employer = await Life.live(house, notified(1))
    life = await Life.live(house, dismissed(**COLLECTIVE, **STARTED), parent=employer.number)
    await life.follows(ANSWERS, until=(Party.CALENDAR, "follow_up"))
    await house.starter.report(employer.number, told("moves_fund", employer.clock.date(), fund="LIM"))
    await employer.ends()
    await house.starter.redeliver()
    await life.ends()
    wanted = told("wants_help", life.clock.date(), PERSON)
    kept = "insert into pending_command (dossier, update_id, name, command, sent_at)"
    kept += (
        " values (:number, 'late', 'report_fact', cast(:said as jsonb), now() - interval '1 hour') returning dossier"
    )
    await life.rows(kept, said=wanted.model_dump_json())
    follower = await successor_of(house, life)
    await house.starter.redeliver()
    answer = AnswerRequest(request="follow_up", by=PERSON, values={"outcome": FollowUpOutcome.TRAINING})
    enclosed = Enclosed(account="BE68 5390 0754 7034")
    await life.rows(
        kept.replace("'late'", "'later'").replace("report_fact", "answer_request"), said=kept_with(answer, enclosed)
    )
    await house.starter.redeliver()
    accounts = await follower.rows("select party, iban from contact where dossier = :number")
    assert {row["party"]: row["iban"] for row in accounts}["participant"] == enclosed.account
    assert await life.rows("select update_id from pending_command where dossier = :number") == []
    assert "wants_help" in [fact["fact"] for fact in await follower.facts_of("reported")]


async def test_what_comes_while_a_dossier_goes_is_kept_and_heard_where_it_goes_on(house: House) -> None:
    """The hand-over is held up in the middle, by a lock on its table."""
    employer = await Life.live(house, notified(1))
    life = await Life.live(house, dismissed(**COLLECTIVE, **STARTED), parent=employer.number)
    await life.follows(ANSWERS, until=(Party.CALENDAR, "follow_up"))
    await house.starter.report(employer.number, told("moves_fund", employer.clock.date(), fund="LIM"))
    await employer.ends()
    gone = "select 1 from event where dossier = :number and type = 'handed_over'"
    async with house.engine.begin() as held:
        await held.execute(text("LOCK TABLE handed_on IN EXCLUSIVE MODE"))
        going = asyncio.create_task(house.starter.redeliver())
        while not await life.rows(gone):
            await asyncio.sleep(0.05)
        with pytest.raises(Refusal, match="gaat juist over") as refused:
            await house.starter.report(life.number, told("wants_help", life.clock.date(), PERSON))
        assert refused.value.code == "NoAnswerYet"
    await going
    assert await life.ends() == (Outcome.HANDED_OVER, "other_fund")
    follower = await successor_of(house, life)
    await house.starter.redeliver(older_than=timedelta(0))
    assert "wants_help" in [fact["fact"] for fact in await follower.facts_of("reported")]
    assert not await life.rows("select update_id from pending_command where dossier = :number")


async def test_an_answer_to_a_question_of_the_fund_before_is_about_its_moment_still(house: House) -> None:
    employer = await Life.live(house, notified(1))
    life = await Life.live(house, dismissed(**COLLECTIVE, **STARTED), parent=employer.number)
    await employer.follows(ANSWERS, until=(Party.CALENDAR, "guidance"))
    await life.follows(ANSWERS, until=(Party.PARTICIPANT, "follow_up"))
    [asked] = await life.rows("select request from request where dossier = :number and code = 'follow_up'")
    await house.starter.report(employer.number, told("moves_fund", employer.clock.date(), fund="LIM"))
    await employer.ends()
    await house.starter.redeliver()
    await life.follows(ANSWERS)
    follower = await successor_of(house, life)
    [(moment, *_)] = (await life.followed())[-1:]
    values = {"outcome": FollowUpOutcome.SELF_EMPLOYED, "request": asked["request"]}
    await house.starter.answer(follower.number, AnswerRequest(request="follow_up", by=PERSON, values=values))
    corrected = (await follower.facts_of("followed_up"))[-1]
    assert (corrected["moment"], corrected["outcome"]) == (moment, FollowUpOutcome.SELF_EMPLOYED)
    assert corrected["asked_on"] is not None
    assert corrected["request"] == asked["request"]
