"""What was put right or taken back since, or can never be told any more, as of the days before and after."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from figures.counting import FunnelStep, funnel, tally
from figures.people import LATEST, NOT_ASKED
from models.messages.events import PhaseEntered
from models.messages.words import FollowUpOutcome as Word
from models.messages.words import Outcome, Party, UnknownReason
from tests.figures.lives import Dated, Life, asks, closes, live, reported, told
from tests.figures.test_as_of import END, TODAY, one, people

HEARD, LATER = date(2024, 10, 20), date(2024, 10, 22)
PERSON = Party.PARTICIPANT
JOB, OTHER_JOB, LOOKING = Word.SAME_SECTOR, Word.OTHER_SECTOR, Word.JOB_SEEKING
IN_GUIDANCE = (
    told(date(2024, 4, 10), "phase_1", JOB, by=PERSON, since=date(2024, 4, 2)),
    reported(date(2024, 4, 10), "new_job", date(2024, 4, 2), outcome=JOB),
)
"""An answer during the guidance, and the new job that the house notes because of it."""
JOBS = [
    pytest.param(
        (told(HEARD, "3_months", JOB, by=PERSON), told(LATER, "3_months", LOOKING, by=PERSON)),
        LOOKING,
        None,
        id="a job that was pressed by mistake",
    ),
    pytest.param(
        (
            told(HEARD, "3_months", JOB, by=PERSON, since=date(2024, 1, 2)),
            told(LATER, "3_months", JOB, by=PERSON, since=date(2024, 10, 2)),
        ),
        JOB,
        date(2024, 10, 2),
        id="a first day that was wrong",
    ),
    pytest.param(
        (told(HEARD, "3_months", JOB, by=PERSON), told(date(2025, 1, 20), "6_months", LOOKING, by=PERSON)),
        LOOKING,
        HEARD,
        id="a job at one moment and none at the next was one",
    ),
    pytest.param(
        (
            *IN_GUIDANCE,
            told(date(2024, 4, 12), "phase_1", LOOKING, by=PERSON),
            reported(date(2024, 4, 12), "job_lost"),
        ),
        LOOKING,
        None,
        id="a mistake during the guidance, with what the house noted of it",
    ),
    pytest.param(
        (*IN_GUIDANCE, reported(date(2024, 6, 3), "job_lost")), LOOKING, date(2024, 4, 2), id="a job that was lost"
    ),
    pytest.param(
        (*IN_GUIDANCE, reported(date(2024, 4, 12), "job_lost", date(2024, 4, 2))),
        LOOKING,
        None,
        id="a job that was lost on its first day",
    ),
    pytest.param(
        (
            *IN_GUIDANCE,
            reported(date(2024, 4, 12), "job_lost", date(2024, 4, 2)),
            reported(date(2024, 5, 2), "new_job", outcome=OTHER_JOB),
        ),
        OTHER_JOB,
        date(2024, 5, 2),
        id="a job after one that never was",
    ),
]


@pytest.mark.parametrize(("story", "word", "job_on"), JOBS)
async def test_a_job_that_was_put_right_is_no_job(
    engine: AsyncEngine, database_urls: Any, story: tuple[Dated, ...], word: Word, job_on: date | None
) -> None:
    found = await one(engine, database_urls.app, *story)
    assert (found.latest.outcome, found.job_on) == (word, job_on)


async def test_before_a_mistake_was_put_right_it_was_what_was_known(engine: AsyncEngine, database_urls: Any) -> None:
    story = (told(HEARD, "3_months", JOB, by=PERSON), told(LATER, "3_months", LOOKING, by=PERSON))
    found = await one(engine, database_urls.app, *story, day=HEARD)
    assert (found.latest.outcome, found.job_on) == (JOB, HEARD)


async def test_who_does_not_know_what_job_it_is_says_nothing_of_the_sector(
    engine: AsyncEngine, database_urls: Any
) -> None:
    story = (
        told(date(2024, 4, 10), "phase_1", LOOKING, by=PERSON),
        reported(date(2024, 5, 2), "new_job", outcome=Word.UNKNOWN),
    )
    found = await one(engine, database_urls.app, *story)
    assert (found.latest.outcome, found.earlier, found.job_on) == (LOOKING, None, date(2024, 5, 2))


DIED, HERE = date(2024, 7, 20), date(2024, 7, 24)
GONE = Word.MOVED_OR_DIED
KNOWN_AT_THE_END = told(END, "end", LOOKING, by=PERSON)
TAKEN_BACK = (
    KNOWN_AT_THE_END,
    reported(DIED, "deceased"),
    *(told(DIED, moment, GONE, by=Party.AGENCY) for moment in ("3_months", "6_months")),
    reported(HERE, "still_here"),
    *(told(HERE, moment, reason=UnknownReason.NOT_ASKED_YET, by=Party.STAFF) for moment in ("3_months", "6_months")),
)
"""As the house notes it (workflows/farewell.py)."""
ALIVE = [
    pytest.param(TAKEN_BACK, LOOKING, id="moments that were filled are open again"),
    pytest.param(
        (KNOWN_AT_THE_END, reported(DIED, "emigrated"), reported(HERE, "still_here")), LOOKING, id="nothing was filled"
    ),
    pytest.param(
        (KNOWN_AT_THE_END, reported(DIED, "deceased"), told(DIED, "3_months", GONE), reported(HERE, "still_here")),
        LOOKING,
        id="in the manner of older stories",
    ),
    pytest.param(
        (reported(DIED, "deceased"), reported(HERE, "still_here"), reported(LATER, "deceased")), GONE, id="told again"
    ),
    pytest.param((reported(DIED, "deceased"), reported(HERE, "still_here")), Word.UNKNOWN, id="nothing else was known"),
]


@pytest.mark.parametrize(("story", "word"), ALIVE)
async def test_who_is_here_after_all_is_what_was_known_before(
    engine: AsyncEngine, database_urls: Any, story: tuple[Dated, ...], word: Word
) -> None:
    await live(engine, database_urls.app, Life(1, story))
    assert [found.latest.outcome for found in await people(engine)] == [word]
    assert [found.latest.outcome for found in await people(engine, DIED)] == [GONE]


async def test_a_moment_that_was_taken_back_is_reached_once_it_is_asked(
    engine: AsyncEngine, database_urls: Any
) -> None:
    asked = ((HEARD, PhaseEntered(phase="follow_up_3")), *asks(1, HEARD, "3_months"))
    story = (*TAKEN_BACK, *asked, told(LATER, "3_months", JOB, by=PERSON))
    await live(engine, database_urls.app, Life(1, story))
    for day, running, answered, unknown in ((HERE, 0, 0, 0), (HEARD, 1, 0, 0), (TODAY, 0, 1, 0)):
        steps = funnel(await people(engine, day), "3_months")
        counted = (steps[FunnelStep.RUNNING], steps[FunnelStep.ANSWERED], steps[FunnelStep.UNKNOWN])
        assert counted == (running, answered, unknown), day
    (found,) = await people(engine)
    assert [moment.name for moment in found.moments] == ["end", "3_months"]


STOPPED = date(2024, 3, 20)


async def test_who_took_the_trajectory_back_was_seen_until_then_and_is_not_asked(
    engine: AsyncEngine, database_urls: Any
) -> None:
    asked = ((STOPPED, PhaseEntered(phase="guidance_1")), *asks(1, STOPPED, "phase_1"))
    story = (*asked, closes(STOPPED, Outcome.WITHDRAWN, "withdrawn"))
    await live(engine, database_urls.app, Life(1, story))
    (before,) = await people(engine, date(2024, 3, 19))
    assert (before.latest, before.seen_on) == (NOT_ASKED, date(2024, 3, 19))
    (found,) = await people(engine)
    assert (found.latest.reason, found.ended_on, found.seen_on) == (UnknownReason.NO_CONSENT, None, STOPPED)
    for moment in (LATEST, "phase_1", "12_months"):
        assert tally([found], moment).reasons == {UnknownReason.NO_CONSENT: 1}
    assert funnel([found], "phase_1")[FunnelStep.UNKNOWN] == 1


async def test_what_was_known_of_who_took_the_trajectory_back_stays(engine: AsyncEngine, database_urls: Any) -> None:
    known = told(date(2024, 3, 1), "phase_1", LOOKING, by=PERSON)
    found = await one(engine, database_urls.app, known, closes(STOPPED, Outcome.WITHDRAWN, "withdrawn"))
    assert (found.latest.outcome, found.seen_on) == (LOOKING, STOPPED)


async def test_a_double_is_no_second_start_once_it_is_known_as_one(engine: AsyncEngine, database_urls: Any) -> None:
    double = Life(2, (closes(STOPPED, Outcome.NOT_STARTED, "double"),))
    await live(engine, database_urls.app, Life(1), double, Life(3, (closes(TODAY),)))
    days = (date(2024, 3, 19), STOPPED, TODAY)
    counted = [[int(found.number[-6:]) for found in await people(engine, day)] for day in days]
    assert counted == [[1, 2, 3], [1, 3], [1, 3]]
