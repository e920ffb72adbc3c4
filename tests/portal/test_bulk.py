"""One act on many tasks: only what can be done with all is offered, it runs task by task, and it can be taken back."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from database import transaction
from models.messages.words import Language, Role
from models.tables import TaskRow
from portal.house import House
from portal.staff import bulk_runs
from portal.staff.bulk_runs import Runs
from portal.staff.offered import MAILS, asks_why, reasons
from reading.inbox import Line
from schemes.steps import deciders
from tests.patience import patient
from tests.portal.workload import hold, ordinary_day, put, task, today
from tests.starter.conftest import LARGE

FREE = [f"ANT-2026-S-{serial:06d}/review/1" for serial in (4, 5, 6)]
MINE, OTHERS = "ANT-2026-S-000001/review/1", "ANT-2026-S-000003/review/1"


@pytest.fixture
async def handler(engine: AsyncEngine, sign_in: Any, staff: Any) -> Any:
    """A handler of Antwerp in front of the list of the team."""
    await ordinary_day(engine)
    reader = await sign_in(staff())
    await reader.get("/werklijst?lijst=team")
    return reader


async def carried_out(house: House) -> None:
    runs = Runs(house.engine, house.starter)
    while await runs.step():
        continue


async def holders(engine: AsyncEngine, tasks: list[str]) -> list[str | None]:
    async with engine.connect() as connection:
        found = await connection.execute(text("SELECT task, person FROM task_hold"))
        held = {row.task: row.person for row in found}
    return [held.get(name) for name in tasks]


async def test_only_what_can_be_done_with_all_is_offered_and_why_not_is_told(handler: Any) -> None:
    page = await handler.submit("/bulk", taak=[FREE[0], OTHERS])
    assert "Met 2 taken" in page.text
    assert "?hand=claim" not in page.html
    assert "In handen nemen: kan niet met allemaal 1 taken: is in handen van een collega" in page.text
    assert "?hand=snooze" in page.html


async def test_taking_what_is_free_says_what_will_happen_and_reports(
    house: House, handler: Any, sign_in: Any, staff: Any
) -> None:
    page = await handler.submit("/bulk", taak=FREE)
    page = await handler.get(f"{page.address}?hand=claim")
    assert "Er vertrekt geen mail" in page.text
    run = page.address.split("?")[0]
    await house.starter.claim(FREE[1], "ANT-handler-2")  # somebody is quicker

    page = await handler.submit(f"{run}/start")
    assert "Bezig: 0 van 3" in page.text
    await carried_out(house)
    page = await handler.get(run)

    assert "gelukt 2" in page.text
    assert "geweigerd 1" in page.text
    assert "al in handen van ANT-handler-2" in page.text
    french = await sign_in(staff().model_copy(update={"language": Language.FRENCH}))
    assert "Cette tâche est déjà entre les mains d'un collègue." in (await french.get(run)).text
    assert await holders(house.engine, FREE) == ["ANT-handler-1", "ANT-handler-2", "ANT-handler-1"]


async def test_what_was_done_is_taken_back_and_what_was_so_before_stays(house: House, handler: Any) -> None:
    page = await handler.submit("/bulk", taak=[*FREE, MINE], hand="claim")
    run = page.address.split("?")[0]
    await handler.submit(f"{run}/start")
    await carried_out(house)
    await handler.get(run)
    page = await handler.submit(f"{run}/ongedaan")
    assert "Wordt ongedaan gemaakt" in page.text
    await carried_out(house)

    assert "Ongedaan gemaakt" in (await handler.get(run)).text
    assert await holders(house.engine, [*FREE, MINE]) == [None, None, None, "ANT-handler-1"]
    await handler.get(run)
    assert f'action="{run}/ongedaan"' not in handler.page.html


async def test_all_that_is_found_is_taken_not_the_page_alone(engine: AsyncEngine, handler: Any, house: House) -> None:
    await put(engine, TaskRow, *(task(serial) for serial in range(100, 170)))
    await handler.get("/werklijst?lijst=vrij&q=bedrag:1250")
    page = await handler.submit("/bulk", wat="alle", hand="claim")
    assert "Met 80 taken" in page.text
    assert "en nog 30 andere" in page.text
    await handler.submit(f"{page.address.split('?')[0]}/start")
    await carried_out(house)
    assert (
        len([one for one in await holders(engine, [task(serial)["task"] for serial in range(100, 170)]) if one]) == 70
    )


async def test_putting_aside_needs_a_day_and_is_undone(house: House, handler: Any) -> None:
    page = await handler.submit("/bulk", taak=FREE, hand="snooze")
    run = page.address.split("?")[0]
    page = await handler.submit(f"{run}/start")
    assert page.status == 422
    assert "Kies tot welke dag" in page.text
    await handler.submit(f"{run}/start", tot=(today() + timedelta(days=1)).isoformat())
    await carried_out(house)
    assert "ANT-2026-S-000004" in (await handler.get("/werklijst?lijst=uitgesteld")).text
    await handler.get(run)
    await handler.submit(f"{run}/ongedaan")
    await carried_out(house)
    assert "ANT-2026-S-000004" not in (await handler.get("/werklijst?lijst=uitgesteld")).text


async def test_giving_to_a_colleague_goes_back_to_who_had_it(house: House, engine: AsyncEngine, handler: Any) -> None:
    await hold(engine, FREE[0], "ANT-handler-1")
    page = await handler.submit("/bulk", taak=FREE[:2], hand="assign")
    run = page.address.split("?")[0]
    assert "Hakim Werkman" in page.text
    assert "Kies een collega" in (await handler.submit(f"{run}/start")).text
    await handler.submit(f"{run}/start", aan="ANT-handler-2")
    await carried_out(house)
    assert await holders(engine, FREE[:2]) == ["ANT-handler-2", "ANT-handler-2"]


async def test_a_run_begins_once_and_is_its_makers_alone(handler: Any, sign_in: Any, staff: Any) -> None:
    page = await handler.submit("/bulk", taak=FREE, hand="claim")
    run = page.address.split("?")[0]
    other = await sign_in(staff("ANT-handler-2"))
    assert (await other.get(run)).status == 404
    await handler.submit(f"{run}/start")
    handler.page.reader.forms.append({"action": f"{run}/start", "method": "post", "fields": page.form(f"{run}/start")})
    assert (await handler.submit(f"{run}/start")).status == 422


async def test_what_was_not_done_yet_can_be_stopped(house: House, handler: Any) -> None:
    page = await handler.submit("/bulk", taak=FREE, hand="claim")
    run = page.address.split("?")[0]
    await handler.submit(f"{run}/start")
    runs = Runs(house.engine, house.starter)
    await runs.step()
    page = await handler.submit(f"{run}/stop")
    await carried_out(house)
    assert "Gestopt gelukt 1 niet meer gedaan 2" in page.text
    assert await holders(house.engine, FREE) == ["ANT-handler-1", None, None]


LAST = {deciders(level)[-1].code for level in ("approver", "board")}


@pytest.mark.parametrize("step", ["review", *(one.code for level in ("approver", "board") for one in deciders(level))])
def test_a_letter_of_a_grant_is_counted_only_when_nobody_decides_after_it(step: str) -> None:
    mails = {mail for (code, outcome), mail in MAILS.items() if (code, outcome) == (step, "approve")}
    assert mails == ({"decision_granted"} if step in LAST else set())


def line(step: str, kind: str = "subsidy", serial: int = 1) -> Line:
    rest = {"advice": None, "ended_at": None, "goes_out_at": None, "outcome": None, "holder": None, "holder_name": None}
    more = {"held_since": None, "employer": None, "enterprise_number": None, "snoozed_until": None}
    return Line.model_validate(
        task(serial, step=step, kind=kind) | rest | more | {"follow_up_on": None}, extra="ignore"
    )


def test_only_reasons_that_fit_all_tasks_are_offered() -> None:
    one, other = line("review"), line("review", serial=2)
    instruments = {one.dossier: "formal_training", other.dossier: "career_account"}
    common = reasons([one, other], "refuse", instruments)
    assert "TE_LAAT_INGEDIEND" in common
    assert not {"UREN_TE_WEINIG", "NIET_IN_SECTOR"} & set(common)
    assert "UREN_TE_WEINIG" in reasons([one], "refuse", instruments)
    assert asks_why([one], "refuse")
    assert not asks_why([one], "approve")


async def test_a_reason_that_does_not_fit_is_refused(handler: Any) -> None:
    page = await handler.submit("/bulk", taak=FREE, hand="complete")
    run = page.address.split("?")[0]
    page = await handler.submit(f"{run}/start", uitkomst="refuse", reden=["GEEN_HEFBOOM"])
    assert page.status == 422
    assert "past niet bij deze uitkomst" in page.text


async def test_what_is_missing_is_said_in_the_language_of_the_page(
    engine: AsyncEngine, sign_in: Any, staff: Any
) -> None:
    await ordinary_day(engine)
    reader = await sign_in(staff().model_copy(update={"language": Language.ENGLISH}))
    await reader.get("/werklijst?lijst=team")
    assert "Choose one or more tasks in the list first." in (await reader.submit("/bulk")).text
    await reader.get("/werklijst?lijst=team")
    page = await reader.submit("/bulk", taak=FREE, hand="snooze")
    assert "Choose until which day." in (await reader.submit(f"{page.address.split('?')[0]}/start")).text


async def test_nothing_chosen_is_said(handler: Any) -> None:
    page = await handler.submit("/bulk")
    assert page.status == 422
    assert "Kies eerst een of meer taken" in page.text


async def test_a_process_that_died_in_a_task_is_followed_by_another(house: House, handler: Any) -> None:
    page = await handler.submit("/bulk", taak=FREE, hand="claim")
    await handler.submit(f"{page.address.split('?')[0]}/start")
    async with transaction(house.engine) as dying:
        taken = (await dying.execute(bulk_runs.NEXT)).one()
        runs = Runs(house.engine, house.starter)
        assert await runs.step()
        assert await runs.step()
        assert not await runs.step()  # the one in the hands of the other is left alone
        await dying.rollback()
    assert taken.task == FREE[0]
    await carried_out(house)
    assert await holders(house.engine, FREE) == ["ANT-handler-1"] * 3


async def test_several_processes_share_a_run_without_doing_anything_twice(
    house: House, engine: AsyncEngine, handler: Any
) -> None:
    names = [task(serial)["task"] for serial in range(100, 120)]
    await put(engine, TaskRow, *(task(serial) for serial in range(100, 120)))
    await handler.get("/werklijst?lijst=team")
    page = await handler.submit("/bulk", taak=names, hand="claim")
    await handler.submit(f"{page.address.split('?')[0]}/start")
    one, other = Runs(house.engine, house.starter), Runs(house.engine, house.starter)
    async with one.working(), other.working(), patient():
        while None in await holders(engine, names):
            await asyncio.sleep(0.1)
    async with engine.connect() as connection:
        told = await connection.scalar(text("SELECT count(*) FROM hand_event WHERE act = 'claimed'"))
    assert told == 20


async def test_decisions_go_through_the_grace_window_and_can_be_undone_together(
    living: Any, sign_in: Any, staff: Any
) -> None:
    house = living.house
    numbers = [await living.receive(**LARGE) for _ in range(3)]
    tasks = [await living.task(number, "review") for number in numbers]
    fund = tasks[0][:3]
    reader = await sign_in(staff(f"{fund}-handler-1", Role.HANDLER))
    await reader.get("/werklijst?lijst=team")
    page = await reader.submit("/bulk", taak=tasks, hand="complete")
    assert "er vertrekt niet meteen een mail" in page.text
    assert "mail aan de aanvrager" in page.text
    run = page.address.split("?")[0]
    refused = await reader.submit(f"{run}/start", uitkomst="refuse")
    assert "Kies minstens één reden" in refused.text

    await reader.submit(f"{run}/start", uitkomst="approve")
    await carried_out(house)
    states = await living.rows("SELECT DISTINCT state, outcome FROM task WHERE task = ANY(:tasks)", tasks=tasks)
    assert list(states) == [("held", "approve")]
    page = await reader.get(run)
    assert "Tot dan kan alles nog ongedaan gemaakt worden" in page.text

    await reader.submit(f"{run}/ongedaan")
    await carried_out(house)
    states = await living.rows("SELECT DISTINCT state, outcome FROM task WHERE task = ANY(:tasks)", tasks=tasks)
    assert list(states) == [("open", None)]
    assert (
        await living.rows("SELECT 1 FROM task WHERE dossier = ANY(:numbers) AND step = 'approval'", numbers=numbers)
        == []
    )


async def test_nothing_stays_in_hand_when_a_task_is_over(engine: AsyncEngine) -> None:
    await ordinary_day(engine)
    async with transaction(engine) as connection:
        await connection.execute(text("UPDATE task SET state = 'held' WHERE task = :task"), {"task": MINE})
    assert await holders(engine, [MINE]) == ["ANT-handler-1"]
    async with transaction(engine) as connection:
        await connection.execute(text("UPDATE task SET state = 'done' WHERE task = :task"), {"task": MINE})
    assert await holders(engine, [MINE]) == [None]


async def test_a_run_is_followed_in_the_browser(engine: AsyncEngine, open_window: Any, staff: Any) -> None:
    await ordinary_day(engine)
    async with open_window(staff()) as window:
        page = await window.go("/werklijst?lijst=vrij")
        for _ in range(3):
            await page.keyboard.press("j")
            await page.keyboard.press("x")
        await page.get_by_text("3 taken gekozen").wait_for()
        await page.get_by_role("button", name="Met de gekozen taken").click()
        assert await window.faults() == []
        await page.get_by_role("link", name="In handen nemen").click()
        assert await window.faults() == []
        await page.get_by_role("button", name="Doe dit met 3 taken").click()
        await page.get_by_role("heading", name="Klaar").wait_for()
        assert await window.faults() == []
        await page.get_by_role("button", name="Maak alles ongedaan").click()
        await page.get_by_role("heading", name="Ongedaan gemaakt").wait_for()
    assert window.complaints == []
