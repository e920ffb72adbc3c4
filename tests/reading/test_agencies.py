"""What a journal tells of the people of an agency, counted as the page counts it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from models.messages import events as e
from models.messages.words import FollowUpOutcome, Fund, Outcome, Party
from portal.agencies.quality import followed
from reading.agencies import courses
from schemes.agency_quality import Quality, quality
from schemes.calendar import end_of_day
from tests.figures.lives import Dated, Life, live, reported

BEGAN, DAY = date(2024, 2, 5), date(2024, 12, 31)
ACCEPTED = {"answer": "accepted", "answered_on": "2024-01-26"}


def person(serial: int, *story: Dated, **changed: Any) -> Life:
    values: dict[str, Any] = {"started_on": BEGAN, "regime": "bijzonder-45plus", "facts": ACCEPTED}
    return Life(serial, story, **values | changed)


def month(day: date, told: str, hours: str, last: date, **more: str) -> Dated:
    return reported(day, "hours_registered", last, month=told, hours=hours, sessions="2", **more)


def enters(day: date, phase: str) -> Dated:
    return day, e.PhaseEntered(phase=phase)


def asks(serial: int, day: date, code: str, times: int = 1, moment: str | None = None) -> Dated:
    return day, e.RequestOpened(
        request=f"ANT-2024-W-{serial:06d}/{code}/{times}",
        code=code,
        party=Party.AGENCY,
        wants=(code,),
        until=day + timedelta(days=14),
        derivation="14 dagen",
        silence="goes_on",
        stops_clock=False,
        moment=moment,
    )


def lapses(serial: int, day: date, code: str, times: int = 1) -> Dated:
    return day, e.RequestLapsed(request=f"ANT-2024-W-{serial:06d}/{code}/{times}", code=code)


def closes(day: date, outcome: Outcome, reason: str) -> Dated:
    return day, e.Closed(outcome=outcome, reason=reason)


async def counted(engine: AsyncEngine, urls: Any, *lives: Life, day: date = DAY) -> Quality:
    await live(engine, urls.app, *lives)
    async with engine.connect() as connection:
        told = await courses(connection, end_of_day(day))
    return quality("RiseSmart", map(followed, told.courses), day)


async def test_hours_lie_on_the_days_of_the_guidance(engine: AsyncEngine, database_urls: Any) -> None:
    began, ended = date(2024, 2, 20), date(2024, 3, 10)
    months = (
        month(date(2024, 3, 1), "2024-02", "12", date(2024, 2, 29)),
        month(date(2024, 4, 2), "2024-03", "8", date(2024, 3, 31)),
    )
    end = reported(date(2024, 4, 2), "guidance_ended", ended)
    await live(engine, database_urls.app, person(1, *months, end, started_on=began))
    async with engine.connect() as connection:
        [course] = (await courses(connection, end_of_day(DAY))).courses
    assert [(one.first, one.last) for one in followed(course).months] == [
        (began, date(2024, 2, 29)),
        (date(2024, 3, 1), ended),
    ]


async def test_hours_of_the_first_month_belong_to_the_first_phase(engine: AsyncEngine, database_urls: Any) -> None:
    months = (
        month(date(2024, 3, 1), "2024-02", "12", date(2024, 2, 29)),
        month(date(2024, 4, 2), "2024-03", "8", date(2024, 3, 31)),
    )
    found = await counted(engine, database_urls, person(1, *months, started_on=date(2024, 2, 20)))
    assert found.phases[0] == (1, 1, 1, Decimal(20), Decimal(20))


JOB = reported(date(2024, 3, 1), "new_job")
STOPPED = (date(2024, 3, 1), e.ClockStopped(because="new_job"))
LOST = reported(date(2024, 5, 1), "job_lost")
RESUMED = (date(2024, 5, 1), e.ClockResumed(days=61))


@pytest.mark.parametrize(
    ("story", "phases"),
    [
        pytest.param((JOB, STOPPED), {}, id="the person works"),
        pytest.param(
            (JOB, STOPPED, LOST, RESUMED), {1: date(2024, 6, 5), 2: date(2024, 10, 5)}, id="and works no more"
        ),
        pytest.param(
            (JOB, reported(date(2024, 3, 2), "new_job", date(2024, 3, 1)), STOPPED, LOST, RESUMED),
            {1: date(2024, 6, 5), 2: date(2024, 10, 5)},
            id="a job that was told twice",
        ),
        pytest.param(
            (
                *(JOB, STOPPED, LOST, RESUMED),
                reported(date(2024, 7, 1), "new_job"),
                (date(2024, 7, 1), e.ClockStopped(because="new_job")),
            ),
            {1: date(2024, 6, 5)},
            id="a second job",
        ),
        pytest.param(
            (
                *(JOB, STOPPED),
                reported(date(2024, 4, 12), "new_job", date(2024, 4, 10)),
                reported(date(2024, 5, 10), "job_lost"),
                (date(2024, 5, 10), e.ClockResumed(days=30)),
            ),
            {1: date(2024, 4, 5), 2: date(2024, 9, 4)},
            id="a job that turned out to have begun later",
        ),
        pytest.param((reported(date(2024, 3, 1), "new_job"),), {1: date(2024, 4, 5)}, id="a job that stops no clock"),
    ],
)
async def test_a_new_job_holds_the_phases(
    engine: AsyncEngine, database_urls: Any, story: tuple[Dated, ...], phases: dict[int, date]
) -> None:
    await live(engine, database_urls.app, person(1, *story))
    async with engine.connect() as connection:
        told = [followed(one) for one in (await courses(connection, end_of_day(DAY))).courses]
    for number, last in phases.items():
        assert number not in [phase.number for phase in quality("RiseSmart", told, last).phases]
        assert number in [phase.number for phase in quality("RiseSmart", told, last + timedelta(days=1)).phases]
    if not phases:
        assert quality("RiseSmart", told, DAY).phases == ()


async def test_what_is_not_there_any_more_is_not_counted(engine: AsyncEngine, database_urls: Any) -> None:
    cancelled = e.RequestCancelled(
        request="ANT-2024-W-000001/agency_outcome/1", code="agency_outcome", reason="person_answered"
    )
    found = await counted(
        engine,
        database_urls,
        person(1, asks(1, date(2024, 9, 1), "agency_outcome"), (date(2024, 9, 3), cancelled)),
        person(2, closes(date(2024, 2, 20), Outcome.NOT_STARTED, "deceased"), started_on=None),
        person(3, closes(date(2024, 5, 2), Outcome.WITHDRAWN, "withdrawn")),
        person(4, closes(date(2024, 3, 2), Outcome.NOT_STARTED, "double")),
    )
    assert (found.started, found.waiting, found.ended) == (2, 0, 1)
    assert (found.answered, found.silent, found.open) == (0, 0, 0)
    assert [(phase.number, phase.people) for phase in found.phases] == [(1, 2), (2, 1)]


async def test_who_goes_on_at_another_fund_is_one_person(engine: AsyncEngine, database_urls: Any) -> None:
    moved_on = date(2024, 7, 1)
    answer = e.RequestAnswered(request="ANT-2024-W-000001/hours/1", code="hours", values={"hours": "20"})
    here = person(
        1,
        *(JOB, STOPPED, LOST, RESUMED),
        enters(date(2024, 3, 1), "guidance_1"),
        asks(1, date(2024, 6, 6), "hours"),
        (date(2024, 6, 8), answer),
        closes(moved_on, Outcome.HANDED_OVER, "other_fund"),
    )
    again = [(moved_on, fact) for _day, fact in (reported(BEGAN, "guidance_started"), JOB, LOST)]
    there = person(
        2,
        reported(moved_on, "taken_over", dossier=here.number, fund="ANT"),
        *again,
        enters(moved_on, "guidance_2"),
        month(date(2024, 11, 2), "2024-08", "18", date(2024, 8, 31)),
        started_on=None,
        fund=Fund.LIMBURG,
    )
    found = await counted(engine, database_urls, here, there)
    assert (found.started, found.waiting, found.first_talk.people) == (1, 0, 1)
    assert [(phase.number, phase.people, phase.given) for phase in found.phases] == [
        (1, 1, Decimal(20)),
        (2, 1, Decimal(18)),
    ]


async def test_what_was_answered_late_is_answered(engine: AsyncEngine, database_urls: Any) -> None:
    """The first question lapsed; hours of its phase come while the second one is open, an outcome by its moment."""
    found = await counted(
        engine,
        database_urls,
        person(
            1,
            enters(BEGAN, "guidance_1"),
            asks(1, date(2024, 4, 6), "hours"),
            lapses(1, date(2024, 4, 21), "hours"),
            enters(date(2024, 4, 21), "guidance_2"),
            asks(1, date(2024, 8, 6), "hours", 2),
            (date(2024, 8, 7), e.AnswerKept(code="hours", values={"hours": "20"})),
        ),
        person(
            2,
            asks(2, date(2024, 8, 6), "agency_outcome", 1, "end"),
            lapses(2, date(2024, 8, 21), "agency_outcome", 1),
            asks(2, date(2024, 11, 6), "agency_outcome", 2, "3_months"),
            lapses(2, date(2024, 11, 21), "agency_outcome", 2),
            (
                date(2024, 11, 22),
                e.AnswerKept(code="agency_outcome", values={"outcome": FollowUpOutcome.TRAINING, "moment": "end"}),
            ),
        ),
        person(
            3,
            enters(BEGAN, "guidance_1"),
            asks(3, date(2024, 4, 6), "hours"),
            lapses(3, date(2024, 4, 21), "hours"),
            month(date(2024, 5, 6), "2024-04", "12", date(2024, 4, 30)),
        ),
    )
    assert (found.answered, found.silent, found.open) == (3, 1, 1)
    assert found.answer_days == (3, 108, 123)
    assert [phase.given for phase in found.phases] == [Decimal(22), Decimal(10)]


async def test_hours_that_come_late_are_of_the_phase_they_name(engine: AsyncEngine, database_urls: Any) -> None:
    """Two questions lapsed: what comes of the first phase answers the first; a word that is no number changes none."""

    def kept(day: date, hours: str, phase: str) -> Dated:
        return day, e.AnswerKept(code="hours", values={"hours": hours, "phase": phase})

    await live(
        engine,
        database_urls.app,
        person(
            1,
            enters(BEGAN, "guidance_1"),
            asks(1, date(2024, 4, 6), "hours"),
            lapses(1, date(2024, 4, 21), "hours"),
            enters(date(2024, 4, 21), "guidance_2"),
            asks(1, date(2024, 8, 6), "hours", 2),
            lapses(1, date(2024, 8, 21), "hours", 2),
            enters(date(2024, 8, 21), "guidance_3"),
            kept(date(2024, 9, 2), "20", "guidance_1"),
            kept(date(2024, 9, 3), "twintig", "guidance_1"),
        ),
    )
    async with engine.connect() as connection:
        [course] = (await courses(connection, end_of_day(DAY))).courses
    found = followed(course)
    assert found.told == ((1, Decimal(20)),)
    assert [one.answered_on for one in found.questions] == [date(2024, 9, 2), None]


async def test_who_accepted_outside_the_period_is_not_read(engine: AsyncEngine, database_urls: Any) -> None:
    await live(engine, database_urls.app, person(1), person(2, facts={}))
    first, last = date(2024, 1, 26), date(2024, 1, 26)
    for period, read in {
        (first, last): ["1", "2"],
        (date.min, first - timedelta(days=1)): ["2"],
        (last + timedelta(days=1), date.max): ["2"],
    }.items():
        async with engine.connect() as connection:
            told = await courses(connection, end_of_day(DAY), accepted=period)
        assert [one.number[-1] for one in told.courses] == read, "who is not known to have accepted may have begun then"


async def test_who_accepted_by_an_answer_is_of_the_day_of_that_answer(engine: AsyncEngine, database_urls: Any) -> None:
    """Without a word of the receipt the journal tells it; who neither took the offer nor began is of no period."""
    said = date(2024, 3, 10)
    taken = said, e.AnswerKept(code="offer", values={"answer": "accepted"})
    again = date(2024, 3, 20), e.AnswerKept(code="offer", values={"answer": "accepted"})
    await live(
        engine,
        database_urls.app,
        person(1, taken, again, facts={}),
        person(2, facts={}, started_on=None),
        person(3, taken, facts={}, started_on=None),
    )
    for period, day, read in (
        ((said, said), DAY, ["1", "3"]),
        ((date.min, said - timedelta(days=1)), DAY, []),
        ((said + timedelta(days=1), date.max), DAY, []),
        ((date.min, date.max), said - timedelta(days=1), ["1"]),
    ):
        async with engine.connect() as connection:
            told = await courses(connection, end_of_day(day), accepted=period)
        assert [one.number[-1] for one in told.courses] == read, (period, day)


async def test_real_and_rehearsed_people_are_never_together(engine: AsyncEngine, database_urls: Any) -> None:
    await live(engine, database_urls.app, person(1, rehearsed=True))
    async with engine.connect() as connection:
        alone = await courses(connection, end_of_day(DAY))
        assert ([one.number[-1] for one in alone.courses], alone.rehearsed, alone.has_both) == (["1"], True, False)
    await live(engine, database_urls.app, person(2))
    async with engine.connect() as connection:
        real = await courses(connection, end_of_day(DAY))
        assert ([one.number[-1] for one in real.courses], real.rehearsed, real.has_both) == (["2"], False, True)
        played = await courses(connection, end_of_day(DAY), rehearsed=True)
        assert ([one.number[-1] for one in played.courses], played.rehearsed, played.has_both) == (["1"], True, True)
