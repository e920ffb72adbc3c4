"""Coordinators: what everybody has in hand, what is late, and spreading it anew after seeing who would get what."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from models.messages.words import Role
from portal.house import House
from portal.staff.bulk_runs import Runs
from reading.load import Movable, spread
from tests.portal.workload import ordinary_day, today


@pytest.fixture
async def lead(engine: AsyncEngine, sign_in: Any, staff: Any) -> Any:
    """The team lead of Antwerp on an ordinary day."""
    await ordinary_day(engine)
    return await sign_in(staff("ANT-team_lead-1", Role.TEAM_LEAD))


async def held(engine: AsyncEngine) -> dict[str, int]:
    async with engine.connect() as connection:
        rows = await connection.execute(text("SELECT person, count(*) AS many FROM task_hold GROUP BY person"))
        return {row.person: row.many for row in rows}


async def test_load_is_shown_per_team_and_per_person(lead: Any) -> None:
    page = await lead.get("/coordinatie")
    assert "dossierbeheerder ANT 12 10 1" in page.text
    assert "beslisser ANT 1 1 0" in page.text
    assert "Hanne Dossier" in page.text
    assert "LIM" not in page.text


async def test_what_is_nobodys_is_spread_evenly_after_a_dry_run(lead: Any, engine: AsyncEngine, house: House) -> None:
    await lead.get("/coordinatie")
    page = await lead.submit("/coordinatie/verdelen", rol="handler", aan=["ANT-handler-1", "ANT-handler-2"])
    assert "ANT-handler-1 krijgt 5 taken" in page.text
    assert "ANT-handler-2 krijgt 5 taken" in page.text
    assert await held(engine) == {"ANT-handler-1": 1, "ANT-handler-2": 1}  # nothing happened yet

    await lead.submit(f"{page.address}/start")
    runs = Runs(house.engine, house.starter)
    while await runs.step():
        continue

    assert await held(engine) == {"ANT-handler-1": 6, "ANT-handler-2": 6}


async def test_the_work_of_one_goes_to_another_and_back(lead: Any, engine: AsyncEngine, house: House) -> None:
    await lead.get("/coordinatie")
    page = await lead.submit("/coordinatie/verdelen", rol="handler", van="ANT-handler-1", aan=["ANT-handler-2"])
    await lead.submit(f"{page.address}/start")
    runs = Runs(house.engine, house.starter)
    while await runs.step():
        continue
    assert await held(engine) == {"ANT-handler-2": 2}
    await lead.get(page.address)
    await lead.submit(f"{page.address}/ongedaan")
    while await runs.step():
        continue
    assert await held(engine) == {"ANT-handler-1": 1, "ANT-handler-2": 1}


REFUSED = {
    "nobody to give it to": ({"rol": "handler"}, "Kies minstens één andere collega"),
    "only the one who has it": (
        {"rol": "handler", "van": "ANT-handler-1", "aan": ["ANT-handler-1"]},
        "Kies minstens één andere collega",
    ),
    "somebody without the role": ({"rol": "handler", "aan": ["ANT-finance-1"]}, "die deze rol heeft"),
    "an empty pile": (
        {"rol": "approver", "van": "ANT-handler-1", "aan": ["ANT-approver-1"]},
        "Er is niets te verdelen",
    ),
}


@pytest.mark.parametrize(("values", "said"), REFUSED.values(), ids=REFUSED.keys())
async def test_what_cannot_be_spread_is_said(lead: Any, values: dict[str, Any], said: str) -> None:
    await lead.get("/coordinatie")
    page = await lead.submit("/coordinatie/verdelen", **values)
    assert page.status == 422
    assert said in page.text


async def test_who_is_away_is_marked(lead: Any, house: House) -> None:
    day = today()
    await house.starter.announce_absence("ANT-handler-2", "ANT-handler-1", day, day, "ANT-team_lead-1")
    assert "afwezig tot en met" in (await lead.get("/coordinatie")).text


async def test_a_handler_is_no_coordinator(sign_in: Any, staff: Any) -> None:
    assert (await (await sign_in(staff())).get("/coordinatie")).status == 403


PEOPLE = ("a", "b", "c")
TASKS = st.lists(st.sets(st.sampled_from(PEOPLE)), max_size=20)


@given(TASKS, st.dictionaries(st.sampled_from(PEOPLE), st.integers(0, 9), min_size=1))
def test_spreading_keeps_four_eyes_and_gives_each_task_to_who_has_least(
    excluded: list[set[str]], load: dict[str, int]
) -> None:
    tasks = tuple(
        Movable(task=str(nr), role="handler", due=today(), holder=None, excluded=sorted(out))
        for nr, out in enumerate(excluded)
    )
    now = dict(load)
    for task, (name, person) in zip(tasks, spread(tasks, load), strict=True):
        able = {one: now[one] for one in now if one not in task.excluded}
        assert name == task.task
        assert (person is None) == (not able)
        if person is not None:
            assert now[person] == min(able.values())
            now[person] += 1


async def test_the_page_is_accessible_and_fits(engine: AsyncEngine, open_window: Any, staff: Any) -> None:
    await ordinary_day(engine)
    async with open_window(staff("ANT-team_lead-1", Role.TEAM_LEAD)) as window:
        await window.go("/coordinatie")
        assert await window.barriers() == []
