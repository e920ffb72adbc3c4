"""Give, put aside, look again: who may, what it leaves behind, and that every act is told."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from asyncpg import InsufficientPrivilegeError
from sqlalchemy.exc import DBAPIError

from absences import today
from models.errors import Refusal
from models.messages.words import HandOverReason
from worklist import WorkList


def tomorrow() -> date:
    """Asked each time: a run may go over midnight."""
    return today() + timedelta(days=1)


async def holder(rows: Any) -> list[Any]:
    return [person for (person,) in await rows("SELECT person FROM task_hold")]


async def told(rows: Any) -> list[tuple[Any, ...]]:
    return list(await rows("SELECT act, person, to_person, reason, day FROM hand_event ORDER BY event"))


async def test_every_act_is_told_once(worklist: WorkList, task: str, rows: Any) -> None:
    for _ in range(2):
        await worklist.claim(task, "ANT-handler-1")
    await worklist.snooze(task, "ANT-handler-1", tomorrow())
    for _ in range(2):
        await worklist.wake(task, "ANT-handler-1")
    await worklist.follow_up(task, "ANT-handler-1", tomorrow())
    await worklist.follow_up(task, "ANT-handler-1", None)
    await worklist.reassign(
        task, "ANT-handler-1", "ANT-handler-2", reason=HandOverReason.WORKLOAD, note="Petra belt morgen"
    )
    for _ in range(2):
        await worklist.release(task, "ANT-handler-2")

    assert await told(rows) == [
        ("claimed", "ANT-handler-1", None, None, None),
        ("snoozed", "ANT-handler-1", None, None, tomorrow()),
        ("woken", "ANT-handler-1", None, None, None),
        ("follow_up_set", "ANT-handler-1", None, None, tomorrow()),
        ("follow_up_cleared", "ANT-handler-1", None, None, None),
        ("handed_over", "ANT-handler-1", "ANT-handler-2", "workload", None),
        ("released", "ANT-handler-2", None, None, None),
    ]
    assert await rows("SELECT task FROM task_hold UNION SELECT task FROM task_snooze") == []


async def test_what_was_told_stands(worklist: WorkList, task: str, rows: Any) -> None:
    await worklist.claim(task, "ANT-handler-1")

    for change in ("UPDATE hand_event SET person = 'another'", "DELETE FROM hand_event"):
        with pytest.raises(DBAPIError) as refused:
            await rows(change)
        assert isinstance(refused.value.orig.__cause__, InsufficientPrivilegeError)  # type: ignore[union-attr]


async def test_a_colleague_sees_who_gave_a_task_why_and_with_which_word(
    worklist: WorkList, task: str, rows: Any
) -> None:
    await worklist.claim(task, "ANT-handler-1")

    await worklist.reassign(
        task, "ANT-handler-1", "ANT-handler-2", reason=HandOverReason.KNOWS_DOSSIER, note="Jij kent hen"
    )

    given = await rows("SELECT person, given_by, reason, note FROM task_hold")
    assert given == [("ANT-handler-2", "ANT-handler-1", "knows_dossier", "Jij kent hen")]


@pytest.mark.parametrize("held_by", [None, "ANT-handler-1"], ids=["free", "in another's hands"])
async def test_a_team_lead_gives_any_task_of_the_fund(
    worklist: WorkList, task: str, rows: Any, held_by: str | None
) -> None:
    if held_by:
        await worklist.claim(task, held_by)

    await worklist.reassign(task, "ANT-lead-1", "ANT-handler-2")

    assert await holder(rows) == ["ANT-handler-2"]


GIVING = {
    "a third takes it from a colleague": ("ANT-handler-3", "ANT-handler-2", "TaskHeld"),
    "a team lead of another fund": ("LIM-lead-1", "ANT-handler-2", "TaskHeld"),
    "to somebody without the role": ("ANT-handler-1", "ANT-intake-1", "WrongRole"),
    "to somebody of another fund": ("ANT-lead-1", "LIM-handler-1", "WrongRole"),
    "to somebody unknown": ("ANT-lead-1", "nobody", "UnknownPerson"),
}


@pytest.mark.parametrize(("by", "to", "code"), GIVING.values(), ids=GIVING.keys())
async def test_who_may_not_give_or_take_hears_why_and_the_task_stays(
    worklist: WorkList, task: str, rows: Any, by: str, to: str, code: str
) -> None:
    await worklist.claim(task, "ANT-handler-1")

    with pytest.raises(Refusal) as refused:
        await worklist.reassign(task, by, to)

    assert refused.value.code == code
    assert await holder(rows) == ["ANT-handler-1"]


SLEEPS = {
    "today": (0, "DayPast"),
    "beyond the last day": (11, "BeyondDue"),
}


@pytest.mark.parametrize(("days", "code"), SLEEPS.values(), ids=SLEEPS.keys())
async def test_a_task_rests_from_tomorrow_to_its_last_day(
    worklist: WorkList, task: str, rows: Any, days: int, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        await worklist.snooze(task, "ANT-handler-1", today() + timedelta(days=days))
    assert refused.value.code == code

    await worklist.snooze(task, "ANT-handler-1", tomorrow())
    await worklist.snooze(task, "ANT-handler-1", today() + timedelta(days=10))
    assert await rows("SELECT person, until FROM task_snooze") == [("ANT-handler-1", today() + timedelta(days=10))]


async def test_a_task_of_another_fund_is_left_alone(worklist: WorkList, task: str) -> None:
    with pytest.raises(Refusal, match="is van fonds ANT"):
        await worklist.snooze(task, "LIM-handler-1", tomorrow())
    with pytest.raises(Refusal, match="is van fonds ANT"):
        await worklist.follow_up(task, "LIM-handler-1", tomorrow())


@pytest.mark.parametrize("days", [-1, 731], ids=["past", "too far"])
async def test_a_day_to_look_again_lies_ahead(worklist: WorkList, task: str, days: int) -> None:
    with pytest.raises(Refusal) as refused:
        await worklist.follow_up(task, "ANT-handler-1", today() + timedelta(days=days))

    assert refused.value.code == "DayPast"


async def test_who_leaves_holds_nothing_from_that_moment(worklist: WorkList, task: str, rows: Any) -> None:
    await worklist.claim(task, "ANT-handler-1")
    await worklist.snooze(task, "ANT-handler-1", tomorrow())

    await rows("UPDATE staff_member SET active = false WHERE person = 'ANT-handler-1'")

    assert await rows("SELECT task FROM task_hold UNION SELECT task FROM task_snooze") == []
    assert (await told(rows))[-1] == ("left", "ANT-handler-1", None, None, None)
    await worklist.claim(task, "ANT-handler-2")
    assert await holder(rows) == ["ANT-handler-2"]
