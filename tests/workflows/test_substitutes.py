"""Who stands in for a colleague takes steps with that one's role, by both names, and never past four eyes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from absences import today
from models.errors import Refusal
from tests.workflows.playing import at_nine
from tests.workflows.subsidies import FILED, Subsidy, apply, training

AWAY, STANDS_IN = "ANT-handler-1", "ANT-intake-1"


@pytest.fixture(scope="module")
async def house(shared_house: Any) -> Any:
    until = today() + timedelta(days=3)
    pairs = (
        (AWAY, STANDS_IN, AWAY),
        ("ANT-approver-1", AWAY, "ANT-lead-1"),
        ("ANT-approver-2", STANDS_IN, "ANT-lead-1"),
    )
    for away, stands_in, by in pairs:
        await shared_house.starter.announce_absence(away, stands_in, today(), until, by)
    return shared_house


async def reviewed_by_a_substitute(house: Any, **how: Any) -> Subsidy:
    play = await apply(house, training(5))
    await house.starter.complete(await play.task("review"), STANDS_IN, "approve", for_person=AWAY, **how)
    return play


async def test_both_names_are_told_and_both_are_kept_from_the_next_step(house: Any) -> None:
    play = await reviewed_by_a_substitute(house)

    (done,) = await play.rows("select person, on_behalf_of from task where dossier = :number and state = 'done'")
    assert done == {"person": STANDS_IN, "on_behalf_of": AWAY}
    (told,) = await play.events("task_completed")
    assert (told["data"]["person"], told["data"]["on_behalf_of"]) == (STANDS_IN, AWAY)
    task = await play.task("approval")
    (row,) = await play.rows("select excluded from task where task = :task", task=task)
    assert row == {"excluded": [AWAY, STANDS_IN]}
    for person, absent in ((STANDS_IN, "ANT-approver-2"), (AWAY, "ANT-approver-1")):
        with pytest.raises(Refusal, match="Vier ogen: u nam al"):
            await house.starter.complete(task, person, "approve", for_person=absent)
    await house.starter.complete(task, "ANT-approver-2", "approve")


async def test_who_acted_is_not_let_in_again_through_a_substitute(house: Any) -> None:
    play = await apply(house, training(5))
    await play.does("review", "ANT-approver-1", "approve")
    task = await play.task("approval")

    with pytest.raises(Refusal, match="Vier ogen: wie u vervangt nam al een eerdere stap"):
        await house.starter.complete(task, AWAY, "approve", for_person="ANT-approver-1")


async def test_a_substitute_without_a_substitution_has_no_role(house: Any) -> None:
    play = await apply(house, training(5))
    task = await play.task("review")

    with pytest.raises(Refusal, match="U vervangt ANT-handler-2 vandaag niet"):
        await house.starter.complete(task, STANDS_IN, "approve", for_person="ANT-handler-2")
    with pytest.raises(Refusal, match="Deze stap is voor de rol 'handler'"):
        await house.starter.complete(task, STANDS_IN, "approve")


async def test_an_answer_that_is_held_says_for_whom_it_was_given(house: Any) -> None:
    play = await reviewed_by_a_substitute(house, grace=timedelta(minutes=10))

    (held,) = await play.rows("select state, person, on_behalf_of from task where dossier = :number")
    assert held == {"state": "held", "person": STANDS_IN, "on_behalf_of": AWAY}
    await house.starter.undo(await held_task(play), STANDS_IN)
    await play.does("review", "ANT-handler-2", "approve")
    await house.starter.move_clock(play.number, at_nine(FILED) + timedelta(hours=1))
    (done,) = await play.rows("select person, on_behalf_of from task where dossier = :number and state = 'done'")
    assert done == {"person": "ANT-handler-2", "on_behalf_of": None}


async def held_task(play: Subsidy) -> str:
    (row,) = await play.rows("select task from task where dossier = :number and state = 'held'")
    return str(row["task"])
