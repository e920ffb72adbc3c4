"""Standing in for a colleague: when, by whom, with which roles, and never past four eyes."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from absences import stood_in_for, substitutes, today
from database import transaction
from models.errors import Refusal
from models.messages.words import Role
from worklist import WorkList

AWAY, STANDS_IN = "ANT-handler-1", "ANT-intake-1"


def days(first: int, last: int) -> tuple[date, date]:
    return today() + timedelta(days=first), today() + timedelta(days=last)


async def acts_as(engine: AsyncEngine, person: str, on: date | None = None) -> dict[str | None, set[Role]]:
    """For whom somebody may act, and with which roles."""
    async with transaction(engine) as connection:
        return {one.for_person: set(one.roles) for one in await stood_in_for(connection, person, on)}


async def test_it_begins_and_ends_by_itself_both_days_inclusive(worklist: WorkList, engine: AsyncEngine) -> None:
    first, last = days(1, 3)
    await worklist.announce_absence(AWAY, STANDS_IN, first, last, AWAY)

    standing_in = [bool(await acts_as(engine, STANDS_IN, today() + timedelta(days=day))) for day in range(5)]

    assert standing_in == [False, True, True, True, False]
    assert await acts_as(engine, STANDS_IN, first) == {AWAY: {Role.HANDLER}}


async def test_who_came_back_early_ends_it(worklist: WorkList, engine: AsyncEngine, rows: Any) -> None:
    absence = await worklist.announce_absence(AWAY, STANDS_IN, *days(0, 3), AWAY)
    assert (await worklist.staff(STANDS_IN, AWAY)).for_person == AWAY

    await worklist.end_absence(absence, AWAY)

    assert await acts_as(engine, STANDS_IN) == {}
    with pytest.raises(Refusal, match=f"U vervangt {AWAY} vandaag niet"):
        await worklist.staff(STANDS_IN, AWAY)
    with pytest.raises(Refusal, match="bestaat niet"):
        await worklist.end_absence(absence, AWAY)
    told = await rows("SELECT act, person, on_behalf_of, to_person FROM hand_event ORDER BY event")
    assert told == [("absence_announced", AWAY, AWAY, STANDS_IN), ("absence_ended", AWAY, AWAY, STANDS_IN)]


async def test_it_reaches_one_colleague_far(worklist: WorkList, engine: AsyncEngine) -> None:
    await worklist.announce_absence(AWAY, STANDS_IN, *days(0, 3), AWAY)
    await worklist.announce_absence(STANDS_IN, "ANT-handler-3", *days(0, 3), STANDS_IN)

    assert await acts_as(engine, "ANT-handler-3") == {STANDS_IN: {Role.INTAKE}}


async def test_nobody_stands_in_for_who_left_or_after_leaving(
    worklist: WorkList, engine: AsyncEngine, rows: Any
) -> None:
    await worklist.announce_absence(AWAY, STANDS_IN, *days(0, 3), AWAY)

    await rows("UPDATE staff_member SET active = false WHERE person = :person", person=AWAY)

    assert await acts_as(engine, STANDS_IN) == {}


REFUSED = {
    "oneself": (AWAY, AWAY, (0, 3), AWAY, "WrongSubstitute"),
    "somebody of another fund": (AWAY, "LIM-handler-1", (0, 3), AWAY, "WrongSubstitute"),
    "a colleague arranges it for another": (AWAY, STANDS_IN, (0, 3), "ANT-handler-2", "NotYours"),
    "a team lead of another fund": (AWAY, STANDS_IN, (0, 3), "LIM-lead-1", "NotYours"),
    "days the wrong way round": (AWAY, STANDS_IN, (3, 2), AWAY, "DaysNotInOrder"),
    "days that are past": (AWAY, STANDS_IN, (-3, -1), AWAY, "DayPast"),
    "longer than a year": (AWAY, STANDS_IN, (0, 400), AWAY, "AbsenceTooLong"),
    "nobody": (AWAY, "nobody", (0, 3), AWAY, "UnknownPerson"),
}


@pytest.mark.parametrize(("away", "instead", "when", "by", "code"), REFUSED.values(), ids=REFUSED.keys())
async def test_what_cannot_be_arranged_is_refused(
    worklist: WorkList, away: str, instead: str, when: tuple[int, int], by: str, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        await worklist.announce_absence(away, instead, *days(*when), by)

    assert refused.value.code == code


async def test_two_absences_of_one_person_never_overlap_not_even_at_once(worklist: WorkList) -> None:
    answers = await asyncio.gather(
        *(
            worklist.announce_absence(AWAY, instead, *days(0, 3), AWAY)
            for instead in ("ANT-handler-2", "ANT-handler-3", STANDS_IN)
        ),
        return_exceptions=True,
    )

    refusals = [answer for answer in answers if isinstance(answer, Refusal)]
    assert [refusal.code for refusal in refusals] == ["AbsenceOverlaps"] * 2


@pytest.mark.parametrize(
    ("by", "substitute", "roles"),
    [
        pytest.param("ANT-approver-1", "ANT-handler-1", set(), id="nobody lends a weighty role alone"),
        pytest.param("ANT-approver-1", "ANT-approver-2", {Role.APPROVER}, id="unless the substitute has it"),
        pytest.param("ANT-lead-1", "ANT-handler-1", {Role.APPROVER}, id="or a team lead arranged it"),
        pytest.param("ANT-admin-1", "ANT-handler-1", {Role.APPROVER}, id="or an administrator did"),
    ],
)
async def test_power_over_money_is_lent_by_two(
    worklist: WorkList, engine: AsyncEngine, by: str, substitute: str, roles: set[Role]
) -> None:
    await worklist.announce_absence("ANT-approver-1", substitute, *days(0, 3), by)

    assert await acts_as(engine, substitute) == {"ANT-approver-1": roles}


async def test_nobody_lends_himself_power_by_arranging_that_he_stands_in(
    worklist: WorkList, engine: AsyncEngine
) -> None:
    await worklist.announce_absence("ANT-approver-1", "ANT-lead-1", *days(0, 3), "ANT-lead-1")

    assert await acts_as(engine, "ANT-lead-1") == {"ANT-approver-1": set()}


async def test_an_administrator_lends_nothing_of_the_administration(worklist: WorkList, engine: AsyncEngine) -> None:
    await worklist.announce_absence("ANT-admin-1", "ANT-handler-1", *days(0, 3), "ANT-lead-1")

    assert await acts_as(engine, "ANT-handler-1") == {"ANT-admin-1": set()}


async def test_a_substitute_takes_and_gives_what_the_absent_one_could(
    worklist: WorkList, task: str, rows: Any, engine: AsyncEngine
) -> None:
    await worklist.announce_absence(AWAY, STANDS_IN, *days(0, 3), AWAY)
    with pytest.raises(Refusal, match="voor de rol"):
        await worklist.claim(task, STANDS_IN)

    await worklist.claim(task, STANDS_IN, for_person=AWAY)

    assert await rows("SELECT act, person, on_behalf_of FROM hand_event ORDER BY event DESC LIMIT 1") == [
        ("claimed", STANDS_IN, AWAY)
    ]
    await worklist.release(task, STANDS_IN)
    await worklist.claim(task, AWAY)
    await worklist.reassign(task, STANDS_IN, "ANT-handler-2")
    assert await rows("SELECT person FROM task_hold") == [("ANT-handler-2",)]
    async with transaction(engine) as connection:
        assert await substitutes(connection, frozenset({AWAY, "ANT-handler-2"})) == {AWAY: STANDS_IN}


@pytest.mark.parametrize("excluded", [AWAY, STANDS_IN], ids=["the absent one acted", "the substitute acted"])
async def test_four_eyes_hold_for_both(worklist: WorkList, make_task: Any, excluded: str) -> None:
    task = await make_task("approval", "handler", excluded=(excluded,))
    await worklist.announce_absence(AWAY, STANDS_IN, *days(0, 3), AWAY)

    with pytest.raises(Refusal, match="Vier ogen"):
        await worklist.claim(task, STANDS_IN, for_person=AWAY)
