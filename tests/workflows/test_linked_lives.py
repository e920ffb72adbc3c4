"""Dossiers that have to do with each other: another fund, another employer, the same person twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from temporalio.client import Client

from database import make_engine
from embedded import EmbeddedMail
from models.errors import Refusal
from models.messages.commands import Actor
from models.messages.facts import EarlierTrajectory
from models.messages.words import FollowUpOutcome, Fund, Outcome, Party
from portal.agencies.quality import followed
from reading.agencies import courses
from schemes.agency_quality import quality
from tests.conftest import NewDatabase
from tests.patience import patient
from tests.workflows.conftest import House, open_house
from tests.workflows.dismissed import DISMISSED_ON, Life, dismissed
from tests.workflows.linked import ANSWERS, CLERK, COLLECTIVE, STARTED, notified, successor_of, told
from verification.moves import check_moves


@pytest.fixture(scope="module")
async def house(temporal_client: Client, new_database: NewDatabase, mail_server: EmbeddedMail) -> AsyncIterator[House]:
    """One house for all these lives."""
    async with new_database() as urls:
        engine = make_engine(urls.app)
        async with open_house(temporal_client, engine, urls.app, mail_server) as running:
            yield running
        await engine.dispose()


async def counted(house: House, lives: list[Life]) -> tuple[int, int, list[int]]:
    """Who started and who ended, by the agency's own page, and how many had hours in each phase."""
    query = "select number from handed_on where predecessor = :number"
    numbers = {row["number"] for life in lives for row in (*await life.rows(query), {"number": life.number})}
    async with house.engine.connect() as connection:
        told = await courses(connection, datetime(2027, 1, 1, tzinfo=UTC))
    found = quality("RiseSmart", (followed(one) for one in told.courses if one.number in numbers), date(2027, 1, 1))
    return found.started, found.ended, [phase.people for phase in found.phases if phase.given > 0]


async def test_a_dossier_goes_to_another_fund_with_its_people_and_asks_nobody_twice(house: House) -> None:
    employer = await Life.live(house, notified(2))
    lives = [await Life.live(house, dismissed(**COLLECTIVE, **STARTED), parent=employer.number) for _ in range(2)]
    await employer.follows(ANSWERS, until=(Party.CALENDAR, "guidance"))
    for life in lives:
        await life.follows(ANSWERS, until=(Party.CALENDAR, "follow_up"))
    await house.starter.report(employer.number, told("moves_fund", employer.clock.date(), fund="LIM"))
    assert await employer.ends() == (Outcome.HANDED_OVER, "other_fund")
    await house.starter.redeliver()
    assert [await life.ends() for life in lives] == [(Outcome.HANDED_OVER, "other_fund")] * 2
    there = await successor_of(house, employer)
    assert there.number.startswith("LIM-")
    row = await there.sees("a wait", lambda row: row["waiting_on"] is not None)
    assert (row["fund"], row["kind"]) == (Fund.LIMBURG, "outplacement")
    assert row["phase"] in ("guidance", "invoices"), "it waits until both have come, or both have"
    for life in lives:
        follower = await successor_of(house, life)
        assert (await follower.dossier())["parent"] == there.number
        before, now = await life.followed(), await follower.followed()
        assert now == before, "what was concluded stays concluded"
        await follower.follows(ANSWERS)
        assert (await follower.dossier())["outcome"] == Outcome.COMPLETED
        asked = [fact["code"] for fact in await follower.facts_of("request_opened")]
        assert set(asked) == {"follow_up"}, "neither offer, start, hours nor the end of the guidance is asked again"
        moments = [moment for moment, *_ in await follower.followed()]
        assert moments == ["end", "3_months", "6_months", "12_months"]
    assert await counted(house, lives) == (2, 2, [2]), "an agency that has both dossiers sees each person once"
    people = await house.rows(
        "select r.number, d.outcome from receipt r join dossier d using (number) where r.parent = :parent",
        parent=there.number,
    )
    assert len(people) == 2, "nobody is lost"
    async with house.engine.connect() as connection:
        assert await check_moves(connection, None, None) == []
    await employer.rows("delete from handed_on where predecessor = :number returning number")
    async with house.engine.connect() as connection:
        [lost] = await check_moves(connection, None, None)
    assert lost.dossier == employer.number
    support = await house.rows(
        "select count(*) as told from event e join dossier d on d.number = e.dossier where d.parent = :parent"
        " and e.type = 'reported' and e.data ->> 'fact' = 'guidance_started'",
        parent=there.number,
    )
    assert support[0]["told"] == 2, "the other fund knows who started, and can pay"


async def test_who_is_asked_something_goes_on_elsewhere_once_it_was_answered(house: House) -> None:
    employer = await Life.live(house, notified(1))
    life = await Life.live(house, dismissed(**COLLECTIVE, **STARTED), parent=employer.number)
    await employer.follows(ANSWERS, until=(Party.CALENDAR, "guidance"))
    await life.follows(ANSWERS, until=(Party.PARTICIPANT, "follow_up"))
    await house.starter.report(employer.number, told("moves_fund", employer.clock.date(), fund="LIM"))
    await employer.ends()
    await house.starter.redeliver()
    assert (await life.dossier())["outcome"] is None, "the question that was asked is still this fund's"
    await life.tells("wants_help", life.clock.date(), Party.PARTICIPANT)
    await life.follows(ANSWERS)
    assert (await life.dossier())["outcome"] == Outcome.HANDED_OVER
    follower = await successor_of(house, life)
    concluded = await life.followed()
    assert await follower.followed() == concluded
    assert concluded[-1][1:] == (FollowUpOutcome.SAME_SECTOR, None, Party.PARTICIPANT)
    tasks = "select step, state from task where dossier = :number"
    stands = [[tuple(row.values()) for row in await one.rows(tasks)] for one in (life, follower)]
    assert stands == [[("call_back", "cancelled")], [("call_back", "open")]], "they are called from there"


async def test_hours_that_lag_behind_are_looked_at_by_the_fund_that_goes_on(house: House) -> None:
    employer = await Life.live(house, notified(1))
    life = await Life.live(house, dismissed(**STARTED), parent=employer.number)
    await employer.follows(ANSWERS, until=(Party.CALENDAR, "guidance"))
    await life.comes_to(date(2024, 3, 25))
    behind = "select state from task where dossier = :number and step = 'hours_behind'"
    assert await life.rows(behind) == [{"state": "open"}]
    await house.starter.report(employer.number, told("moves_fund", employer.clock.date(), fund="LIM"))
    await employer.ends()
    await house.starter.redeliver()
    await life.ends()
    follower = await successor_of(house, life)
    await follower.awaits(Party.CALENDAR, "guidance")
    assert await follower.rows(behind) == [{"state": "open"}]


async def test_a_dossier_about_which_was_decided_stays_where_it_is(house: House) -> None:
    employer = await Life.live(house, notified(1))
    life = await Life.live(house, dismissed(**COLLECTIVE, **STARTED), parent=employer.number)
    await life.follows(ANSWERS, until=(Party.CALENDAR, "follow_up"))
    money: dict[str, Any] = {
        "invoices": {"invoiced": "900", "refund": "0", "papers": "invoice|proof_of_payment|public_refund_decision"},
        "determination": "confirm",
        "approval": "approve",
        "payment": "confirmed",
    }
    await employer.follows(ANSWERS | money, until=(Party.STAFF, "payment"))
    with pytest.raises(Refusal, match="Er is al beslist"):
        await house.starter.report(employer.number, told("moves_fund", employer.clock.date(), fund="LIM"))


@pytest.mark.parametrize(
    ("fund", "by", "says"),
    [
        pytest.param("ANT", CLERK, "ander fonds", id="the own fund"),
        pytest.param("XXX", CLERK, "ander fonds", id="no fund"),
        pytest.param("LIM", Actor(person="x", party=Party.APPLICANT), "Alleen het fonds", id="an employer"),
    ],
)
async def test_nobody_but_staff_sends_a_dossier_to_another_fund(house: House, fund: str, by: Actor, says: str) -> None:
    employer = await Life.live(house, notified(1))
    with pytest.raises(Refusal, match=says):
        await house.starter.report(employer.number, told("moves_fund", DISMISSED_ON, by, fund=fund))


async def test_a_successor_is_told_of_and_its_ceilings_count_from_then_on(house: House) -> None:
    employer = await Life.live(house, notified(1))
    with pytest.raises(Refusal, match="opvolger"):
        await house.starter.report(employer.number, told("succeeded", DISMISSED_ON))
    values = {"enterprise": "0400853488"}
    await house.starter.report(employer.number, told("succeeded", DISMISSED_ON, enterprise="0400853488"))
    facts = await employer.facts_of("reported")
    assert [(fact["fact"], fact["values"]) for fact in facts] == [("succeeded", values)]


async def clerk_asked(second: Life) -> dict[str, Any]:
    """The task in which the clerk says what the second dismissal is to the first."""
    query = "select task, advice from task where dossier = :number and step = 'earlier_trajectory' and state = 'open'"
    async with patient():
        while not (found := await second.rows(query)):
            await asyncio.sleep(0.05)
    return found[0]


def again(first: Life, relation: Any, **changed: Any) -> Any:
    """The second dismissal of the person of this trajectory."""
    earlier = EarlierTrajectory(number=first.number, relation=relation)
    return dismissed(**{"earlier": earlier, "agency": "RiseSmart", "indemnity_weeks": Decimal(20)} | changed)


async def test_dismissed_again_within_three_months_the_first_guidance_resumes(house: House) -> None:
    first = await Life.live(house, dismissed(**STARTED))
    await first.awaits(Party.CALENDAR, "guidance")
    await first.comes_to(date(2024, 3, 4))
    await first.tells("new_job", date(2024, 3, 4), Party.PARTICIPANT)
    await first.comes_to(date(2024, 4, 2))
    await first.awaits(Party.CALENDAR, "new_job")
    lost = date(2024, 4, 2)
    second = await Life.live(
        house,
        again(
            first, "dismissed_again_soon", service_began_on=date(2024, 3, 4), dismissed_on=lost, contract_ended_on=lost
        ),
        opens=lost,
    )
    task = await clerk_asked(second)
    assert task["advice"] == "resume_first"
    await house.starter.complete(task["task"], "ANT-intake-1", "resume_first")
    async with patient():
        while not await first.rows("select 1 from pending_command where dossier = :number"):
            await asyncio.sleep(0.05)
    await house.starter.redeliver()
    await first.awaits(Party.CALENDAR, "guidance")
    facts = [(fact["fact"], fact["on"]) for fact in await first.facts_of("reported")]
    assert ("job_lost", "2024-04-02") in facts
    ended = await second.ends()
    assert ended == (Outcome.NOT_STARTED, "geen-verplichting"), "the law judges the second dismissal by itself"


async def test_the_same_dismissal_told_twice_ends_the_second(house: House) -> None:
    first = await Life.live(house, dismissed(**STARTED))
    second = await Life.live(house, again(first, "double"))
    task = await clerk_asked(second)
    await house.starter.complete(task["task"], "ANT-intake-1", "stop_double")
    assert await second.ends() == (Outcome.NOT_STARTED, "double")
    assert (await first.dossier())["outcome"] is None


async def test_two_jobs_at_the_same_time_both_run_and_show_each_other(house: House) -> None:
    first = await Life.live(house, dismissed(**STARTED))
    second = await Life.live(house, again(first, "two_employers", **STARTED))
    await second.awaits(Party.CALENDAR, "guidance")
    checks = [check for fact in await second.facts_of("checked") for check in fact["checks"]]
    [check] = [check for check in checks if check["code"] == "EERDER_TRAJECT"]
    assert check["passed"]
    assert check["values"] == {"case": "two_employers", "number": first.number}
    assert not await second.rows("select task from task where dossier = :number and step = 'earlier_trajectory'")
    assert (await first.dossier())["outcome"] is None


async def test_both_run_when_the_clerk_says_so(house: House) -> None:
    first = await Life.live(house, dismissed(**STARTED))
    second = await Life.live(house, again(first, "double", **STARTED))
    task = await clerk_asked(second)
    await house.starter.complete(task["task"], "ANT-intake-1", "both_run")
    await second.comes_to(STARTED["started_on"] + timedelta(days=1))
    await second.awaits(Party.CALENDAR, "guidance")
