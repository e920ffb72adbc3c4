"""The pages of the work list without script: tabs, questions, places, views, columns, and one task at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from models.tables import TaskRow
from portal.house import House
from portal.staff import worklist
from reading import inbox
from tests.portal.workload import ordinary_day, put, task, today

MINE = "ANT-2026-S-000001"
FREE = "ANT-2026-S-000002"
OTHERS = "ANT-2026-S-000003"
LATER = "ANT-2026-S-000009"


@pytest.fixture
async def handler(engine: AsyncEngine, sign_in: Any, staff: Any) -> Any:
    """A handler of Antwerp on an ordinary day."""
    reader = await sign_in(staff())
    await ordinary_day(engine)
    return reader


async def press(reader: Any, action: str, task_name: str) -> Any:
    """Press the button of one row: it sends the form of the list to its own address."""
    reader.page.reader.forms.append({"action": action, "method": "post", "fields": reader.page.form("/bulk")})
    return await reader.submit(action, taak=task_name)


async def test_a_day_begins_with_what_is_in_my_hands(handler: Any) -> None:
    page = await handler.get("/werklijst")
    assert page.status == 200
    assert MINE in page.text
    assert FREE not in page.text
    assert "1 dag te laat" in page.text
    assert "Gieterij De Zandvorm" in page.text


async def test_another_fund_and_another_role_do_not_show(handler: Any) -> None:
    page = await handler.get("/werklijst?lijst=team")
    assert FREE in page.text
    assert "LIM-2026" not in page.text
    assert "ANT-2026-S-000091" not in page.text


async def test_how_many_were_found_is_said_as_far_as_it_matters(
    handler: Any, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    await put(engine, TaskRow, *(task(serial) for serial in range(100, 160)))
    assert "Met alle 72 gevonden" in (await handler.get("/werklijst?lijst=team&q=bedrag:1250")).text
    for place in (inbox, worklist):
        monkeypatch.setattr(place, "COUNTED", 60)
    assert "Met alle 59+ gevonden" in (await handler.get("/werklijst?lijst=team&q=bedrag:1250")).text


async def test_tabs_count(handler: Any) -> None:
    counts = (await handler.get("/werklijst/tellers")).response.json()
    assert counts == {
        "mijn": "1",
        "team": "12",
        "vrij": "10",
        "vandaag": "1",
        "telaat": "1",
        "uitgesteld": "0",
        "wacht": "0",
        "klaar": "0",
    }


async def test_a_question_becomes_chips_that_can_be_taken_out(handler: Any) -> None:
    page = await handler.get("/werklijst?lijst=team&q=kind:subsidy+Gieterij")
    assert MINE in page.text
    assert FREE not in page.text
    assert "soort:subsidie" in page.text
    assert 'href="/werklijst?lijst=team&amp;q=Gieterij"' in page.html
    assert 'href="/werklijst?lijst=team&amp;q=soort%3Asubsidie"' in page.html


async def test_what_is_not_understood_is_said_beside_the_box(handler: Any) -> None:
    page = await handler.get("/werklijst?lijst=team&q=is:laat")
    assert page.status == 200
    assert "Ik begrijp 'laat' achter 'is:' niet" in page.text
    assert 'value="is:laat"' in page.html
    assert FREE in page.text


async def test_nothing_found_leads_back(handler: Any) -> None:
    page = await handler.get("/werklijst?lijst=team&q=bestaatniet")
    assert "Niets gevonden" in page.text
    assert FREE in (await handler.get("/werklijst?lijst=team")).text


async def test_a_long_list_has_pages_down_and_up(engine: AsyncEngine, handler: Any) -> None:
    await put(engine, TaskRow, *(task(serial) for serial in range(100, 160)))
    first = await handler.get("/werklijst?lijst=team")
    following = first.html.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = await handler.get(following)
    assert "ANT-2026-S-000159" in second.text
    back = second.html.split('rel="prev" href="')[1].split('"')[0].replace("&amp;", "&")
    assert (await handler.get(back)).text == first.text


async def test_a_task_is_taken_and_that_is_undone(handler: Any) -> None:
    await handler.get("/werklijst?lijst=team")
    taken = await press(handler, "/werklijst/nemen", f"{FREE}/review/1")
    assert f"U hebt {FREE}/review/1 in handen" in taken.text
    undone = await handler.submit(f"/werklijst/ongedaan/terugleggen/{FREE}/review/1")
    assert f"{FREE}/review/1 ligt weer op de lijst" in undone.text


async def test_what_a_colleague_has_is_refused_in_words(handler: Any) -> None:
    await handler.get("/werklijst?lijst=team")
    page = await press(handler, "/werklijst/nemen", f"{OTHERS}/review/1")
    assert page.status == 422
    assert "al in handen van ANT-handler-2" in page.text
    assert 'role="alert"' in page.html


async def test_a_view_is_kept_shared_and_forgotten(handler: Any, sign_in: Any, staff: Any) -> None:
    await handler.get("/werklijst?lijst=team&q=is:vrij")
    kept = await handler.submit("/werklijst/weergaven", naam="  Vrij   werk ", gedeeld="true")
    assert "De weergave 'Vrij werk' is bewaard" in kept.text
    colleague = await sign_in(staff("ANT-handler-2"))
    assert "Vrij werk" in (await colleague.get("/werklijst")).text
    assert "Vergeet de weergave" not in (await colleague.get("/werklijst")).text
    elsewhere = await sign_in(staff("LIM-handler-1"))
    assert "Vrij werk" not in (await elsewhere.get("/werklijst")).text
    page = await handler.get("/werklijst")
    gone = next(form["action"] for form in page.reader.forms if form["action"].endswith("/weg"))
    await handler.submit(gone)
    assert "Vrij werk" not in (await handler.get("/werklijst")).text


async def test_a_view_of_mine_alone_is_seen_by_nobody_else(handler: Any, sign_in: Any, staff: Any) -> None:
    await handler.get("/werklijst?lijst=telaat")
    await handler.submit("/werklijst/weergaven", naam="Brand")
    assert "Brand" not in (await (await sign_in(staff("ANT-handler-2"))).get("/werklijst")).text


@pytest.mark.parametrize("name", ["   ", "x" * 61])
async def test_a_view_needs_a_name(handler: Any, name: str) -> None:
    await handler.get("/werklijst")
    assert (await handler.submit("/werklijst/weergaven", naam=name)).status == 422


async def test_columns_are_mine_to_choose(handler: Any) -> None:
    await handler.get("/werklijst")
    page = await handler.submit("/werklijst/kolommen", kolom=["dossier", "derivation", "nonsense"])
    assert "Hoe de dag bepaald is 10 werkdagen" in page.text.replace("Doen ", "").replace(MINE + " ", "")
    page = await handler.submit("/werklijst/kolommen", kolom=[])
    assert "Uiterste dag" in page.text


async def test_what_is_put_aside_is_on_its_own_tab(house: House, handler: Any) -> None:
    await house.starter.snooze(f"{LATER}/review/1", "ANT-handler-1", today() + timedelta(days=2))
    assert LATER in (await handler.get("/werklijst?lijst=uitgesteld")).text
    assert LATER not in (await handler.get("/werklijst?lijst=vrij")).text


async def test_a_substitute_finds_what_an_absent_colleague_has_in_hand(house: House, handler: Any) -> None:
    assert OTHERS not in (await handler.get("/werklijst")).text
    day = today()
    await house.starter.announce_absence("ANT-handler-2", "ANT-handler-1", day, day, "ANT-team_lead-1")
    assert OTHERS in (await handler.get("/werklijst")).text


async def test_an_employer_has_no_work_list(sign_in: Any, employer: Any) -> None:
    page = await (await sign_in(employer())).get("/werklijst")
    assert page.status == 403
