"""What the journal tells of people as of a day, and that the past does not change."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from figures.people import NOT_ASKED, AgeGroup, Known, Moment, Person, person
from models.messages.words import FollowUpOutcome as Word
from models.messages.words import Fund, Outcome, Party, Role, UnknownReason
from portal.access.rows import seen_by
from portal.access.visitor import Visitor
from reading import outcomes
from tests.figures.lives import Life, asks, calls, closes, live, named, reported, tell, told

END, YEAR_LATER = date(2024, 7, 15), date(2025, 7, 15)
TODAY = date(2025, 12, 31)


async def people(engine: AsyncEngine, day: date = TODAY, **more: Any) -> list[Person]:
    async with engine.connect() as connection:
        fund = more.pop("fund", Fund.ANTWERPEN)
        return [person(row, day) for row in await outcomes.people(connection, fund, day, **more)]


async def one(engine: AsyncEngine, url: str, *story: Any, day: date = TODAY, **more: Any) -> Person:
    await live(engine, url, Life(1, story, **more))
    (found,) = await people(engine, day)
    return found


async def test_somebody_who_started_and_was_not_asked_yet(engine: AsyncEngine, database_urls: Any) -> None:
    found = await one(engine, database_urls.app, age=44)
    assert (found.started_on, found.ended_on, found.job_on) == (date(2024, 1, 15), None, None)
    assert (found.age, found.regime, found.agency) == (AgeGroup.FROM_35, "faillissement", "RiseSmart")
    assert (found.latest, found.moments, found.seen_on) == (NOT_ASKED, (), TODAY)


STORY = (
    reported(END, "guidance_ended"),
    *asks(1, END, "end", of=Party.AGENCY, mail=False),
    told(date(2024, 8, 1), "end", Word.JOB_SEEKING, by=Party.AGENCY),
    *asks(1, date(2024, 10, 15), "3_months"),
    told(date(2024, 10, 20), "3_months", Word.OTHER_SECTOR, by=Party.PARTICIPANT, since=date(2024, 9, 2)),
    *asks(1, date(2025, 1, 15), "6_months"),
    *asks(1, date(2025, 2, 10), "6_months", of=Party.AGENCY, mail=False),
    calls(1, date(2025, 3, 1), "6_months"),
    told(date(2025, 3, 10), "6_months", reason=UnknownReason.NO_ANSWER, by=Party.STAFF),
)
AS_OF = [
    (date(2024, 7, 31), NOT_ASKED, None, END),
    (date(2024, 8, 1), Known(Word.JOB_SEEKING, None, "agency", date(2024, 8, 1)), None, date(2024, 8, 1)),
    (
        date(2024, 12, 31),
        Known(Word.OTHER_SECTOR, None, "participant", date(2024, 10, 20), date(2024, 9, 2)),
        date(2024, 9, 2),
        date(2024, 8, 1),
    ),
    (
        TODAY,
        Known(Word.UNKNOWN, UnknownReason.NO_ANSWER, "staff", date(2025, 3, 10)),
        date(2024, 9, 2),
        date(2024, 8, 1),
    ),
]


@pytest.mark.parametrize(("day", "latest", "job_on", "seen_on"), AS_OF, ids=[str(row[0]) for row in AS_OF])
async def test_a_day_shows_what_was_known_by_its_end(
    engine: AsyncEngine, database_urls: Any, day: date, latest: Known, job_on: date | None, seen_on: date
) -> None:
    found = await one(engine, database_urls.app, *STORY, day=day)
    assert (found.latest, found.job_on, found.seen_on) == (latest, job_on, seen_on)


async def test_who_is_unknown_now_was_known_before(engine: AsyncEngine, database_urls: Any) -> None:
    found = await one(engine, database_urls.app, *STORY)
    assert found.earlier is not None
    assert found.earlier.outcome is Word.OTHER_SECTOR


async def test_each_moment_says_who_was_asked_and_called(engine: AsyncEngine, database_urls: Any) -> None:
    found = await one(engine, database_urls.app, *STORY)
    assert [(m.name, m.person, m.delivered, m.agency, m.phoned) for m in found.moments] == [
        ("end", False, False, True, False),
        ("3_months", True, True, False, False),
        ("6_months", True, True, True, True),
    ]


async def test_a_question_that_still_runs_is_named_by_its_phase(engine: AsyncEngine, database_urls: Any) -> None:
    from models.messages.events import PhaseEntered

    day = date(2024, 10, 15)
    asked = ((day, PhaseEntered(phase="follow_up_3")), *asks(1, day, "3_months"))
    found = await one(engine, database_urls.app, *asked, sent=False)
    assert found.moments == (Moment("3_months", True, False, False, False, None),)
    assert found.at("3_months") == NOT_ASKED


async def test_the_past_does_not_change_by_what_is_told_later(engine: AsyncEngine, database_urls: Any) -> None:
    await live(engine, database_urls.app, *(Life(serial, STORY[:3]) for serial in (2, 3)), Life(1, STORY))
    day = date(2024, 9, 30)
    before = {found.number: found for found in await people(engine, day)}
    assert before["ANT-2024-W-000001"].latest == before["ANT-2024-W-000002"].latest
    later = reported(date(2025, 5, 1), "new_job", date(2024, 9, 1), outcome=Word.SAME_SECTOR)
    await live(engine, database_urls.app, Life(4, (*STORY, later)))
    assert {one.number: one for one in await people(engine, day)} == before | {
        "ANT-2024-W-000004": next(one for one in await people(engine, day) if one.number == "ANT-2024-W-000004")
    }


CORRECTED = [
    pytest.param(
        (told(END, "end", Word.JOB_SEEKING, by=Party.AGENCY), told(END, "end", Word.ILL, by=Party.PARTICIPANT)),
        Word.ILL,
        id="a second word on a moment replaces the first",
    ),
    pytest.param(
        (told(END, "end", Word.SAME_SECTOR, by=Party.AGENCY), reported(date(2024, 9, 1), "job_lost")),
        Word.JOB_SEEKING,
        id="a job that was lost is no job any more",
    ),
    pytest.param(
        (told(END, "end", Word.PENSION, by=Party.AGENCY), reported(date(2024, 9, 1), "job_lost")),
        Word.PENSION,
        id="who had no job cannot lose it",
    ),
    pytest.param(
        (told(END, "end", Word.ILL, by=Party.AGENCY), reported(date(2024, 9, 1), "deceased")),
        Word.MOVED_OR_DIED,
        id="a death is told at once",
    ),
    pytest.param(
        (reported(date(2024, 5, 1), "new_job", outcome=Word.SELF_EMPLOYED),), Word.SELF_EMPLOYED, id="told unasked"
    ),
]


@pytest.mark.parametrize(("story", "word"), CORRECTED)
async def test_the_last_word_counts(engine: AsyncEngine, database_urls: Any, story: Any, word: Word) -> None:
    assert (await one(engine, database_urls.app, *story)).latest.outcome is word


@pytest.mark.parametrize(
    ("outcome", "job_on"), [({}, date(2024, 4, 2)), ({"outcome": Word.SELF_EMPLOYED}, None)], ids=["a job", "own boss"]
)
async def test_a_new_job_is_one_by_its_first_day(
    engine: AsyncEngine, database_urls: Any, outcome: dict[str, str], job_on: date | None
) -> None:
    job = reported(date(2024, 5, 1), "new_job", date(2024, 4, 2), **outcome)
    assert (await one(engine, database_urls.app, job)).job_on == job_on


async def test_a_corrected_birth_date_moves_somebody_to_another_age(engine: AsyncEngine, database_urls: Any) -> None:
    corrected = reported(date(2024, 6, 1), "facts_corrected", age_on_dismissal="45", because="birth_date")
    await live(engine, database_urls.app, Life(1, (corrected,), age=44))
    ages = [(await people(engine, day))[0].age for day in (date(2024, 5, 31), date(2024, 6, 1))]
    assert ages == [AgeGroup.FROM_35, AgeGroup.FROM_45]


async def test_a_corrected_first_day_moves_somebody_to_the_year_in_which_it_lies(
    engine: AsyncEngine, database_urls: Any
) -> None:
    def corrected(on: date, first: str) -> Any:
        return reported(on, "facts_corrected", started_on=first, because="mistake")

    known, back = date(2024, 3, 1), date(2024, 5, 1)
    await live(
        engine,
        database_urls.app,
        Life(1, (corrected(known, "2024-01-03"),), started_on=date(2023, 12, 29)),
        Life(2, (corrected(known, "2024-01-03"), corrected(back, " 2023-12-28 ")), started_on=date(2023, 12, 29)),
        Life(3, (corrected(known, "2024-01-03"),), started_on=None),
        Life(4, (reported(known, "facts_corrected", age_on_dismissal="45", because="birth_date"),)),
    )

    async def first_days(day: date, year: int | None = None) -> dict[int, date]:
        return {int(one.number[-6:]): one.started_on for one in await people(engine, day, year=year)}

    old, new, other = date(2023, 12, 29), date(2024, 1, 3), date(2024, 1, 15)
    assert await first_days(TODAY, 2024) == {1: new, 4: other}
    assert await first_days(TODAY, 2023) == {2: date(2023, 12, 28)}
    assert await first_days(known, 2024) == {1: new, 2: new, 4: other}
    assert await first_days(date(2024, 2, 29), 2023) == {1: old, 2: old}, "as of a day before it was put right"
    async with engine.connect() as connection:
        assert (await outcomes.years(connection, Fund.ANTWERPEN, back))[False] == (2024, 2023)
        assert (await outcomes.years(connection, Fund.ANTWERPEN, date(2024, 1, 14)))[False] == (2023,)


async def test_who_counts_is_of_the_fund_and_the_year_and_started(engine: AsyncEngine, database_urls: Any) -> None:
    await live(
        engine,
        database_urls.app,
        Life(1),
        Life(2, started_on=None),
        Life(3, started_on=date(2023, 12, 29)),
        Life(4, fund=Fund.LIMBURG),
        Life(5, rehearsed=True),
        Life(6, (closes(date(2024, 6, 1), Outcome.HANDED_OVER),)),
        Life(7, started_on=date(2024, 12, 31)),
    )

    async def numbers(day: date, **more: Any) -> list[int]:
        return [int(one.number[-6:]) for one in await people(engine, day, **more)]

    assert await numbers(TODAY, year=2024) == [1, 7]
    assert await numbers(TODAY) == [1, 3, 7]
    assert await numbers(date(2024, 5, 31)) == [1, 3, 6]
    assert await numbers(TODAY, rehearsed=True) == [5]
    assert await numbers(TODAY, fund=Fund.LIMBURG) == [4]
    assert await numbers(date(2024, 1, 14)) == [3]
    async with engine.connect() as connection:
        found = await outcomes.years(connection, Fund.ANTWERPEN, TODAY)
    assert found == {False: (2024, 2023), True: (2024,)}


async def test_a_message_that_came_back_was_not_delivered(engine: AsyncEngine, database_urls: Any) -> None:
    from sqlalchemy import text

    from database import transaction

    await live(engine, database_urls.app, Life(1, STORY))
    async with transaction(engine) as connection:
        await connection.execute(text("UPDATE effect SET state = 'bounced' WHERE effect LIKE '%3_months%'"))
    (found,) = await people(engine)
    assert [moment.delivered for moment in found.moments] == [False, False, True]


def _staff(fund: Fund, role: Role) -> Visitor:
    return Visitor(session="", csrf="", person="p", name="p", party=Party.STAFF, funds=(fund,), roles=frozenset({role}))


@pytest.mark.parametrize(("fund", "seen"), [(Fund.ANTWERPEN, 1), (Fund.LIMBURG, 0)])
async def test_a_fund_sees_its_own_people_only(
    engine: AsyncEngine, portal_engine: AsyncEngine, database_urls: Any, fund: Fund, seen: int
) -> None:
    await live(engine, database_urls.app, Life(1, STORY))
    await named(engine, e123="Staal nv")
    async with seen_by(portal_engine, _staff(fund, Role.BOARD)) as connection:
        rows = await outcomes.people(connection, Fund.ANTWERPEN, TODAY)
        names = await outcomes.employers(connection, ["0000.000.123"])
    assert [len(rows), len(names)] == [seen, seen]
    if rows:
        async with engine.connect() as connection:
            assert rows == await outcomes.people(connection, Fund.ANTWERPEN, TODAY)


SUCCESSIONS = [
    (date(2024, 4, 30), "0000.000.123", "before anything was told"),
    (date(2024, 5, 31), "0000.000.123", "told, but the first successor takes over in June"),
    (date(2024, 6, 1), "0000.000.777", "on the day of the first succession"),
    (date(2024, 8, 31), "0000.000.777", "the second was told after its day"),
    (date(2024, 9, 10), "0000.000.888", "once the second was told"),
]


async def test_per_employer_a_day_shows_who_was_the_employer_then(engine: AsyncEngine, database_urls: Any) -> None:
    first = reported(date(2024, 5, 2), "succeeded", date(2024, 6, 1), enterprise="0000.000.777", before="0000.000.123")
    second = reported(
        date(2024, 9, 10), "succeeded", date(2024, 8, 1), enterprise="0000.000.888", before="0000.000.777"
    )
    await live(engine, database_urls.app, Life(1, enterprise="0000.000.888"))
    await tell(database_urls.app, "ANT-2024-O-000001", first, second)
    seen = [(day, (await people(engine, day))[0].enterprise, why) for day, _, why in SUCCESSIONS]
    assert seen == SUCCESSIONS


async def test_a_succession_that_does_not_tell_who_was_there_before_leaves_the_successor(
    engine: AsyncEngine, database_urls: Any
) -> None:
    untold = reported(date(2024, 5, 2), "succeeded", date(2024, 6, 1), enterprise="0000.000.777")
    await live(engine, database_urls.app, Life(1, enterprise="0000.000.777"))
    await tell(database_urls.app, "ANT-2024-O-000001", untold)
    (found,) = await people(engine, date(2024, 4, 30))
    assert found.enterprise == "0000.000.777"
