"""A dossier and the budget it is paid from: what staff read beside it, and what an applicant who waits is told."""

from __future__ import annotations

from typing import Any

import pytest

from tests.portal.living import Living
from tests.workflows.money import COURSES, act


async def waits(living: Living, *, budget: int = 10) -> str:
    """A dossier for which the budget is too small."""
    await act(living.house, "open", budget)
    number = await living.receive()
    await living.eventually("SELECT 1 FROM holding WHERE dossier = :number AND state = 'waiting'", number=number)
    await living.settled(number)
    return number


async def test_an_applicant_who_waits_for_the_budget_is_told_the_place_and_what_comes(
    living: Living, sign_in: Any, employer: Any
) -> None:
    number = await waits(living)
    page = await (await sign_in(employer())).get(f"/mijn-dossiers/{number}")
    assert "budget" in page.text
    assert "Uw aanvraag staat op plaats 1 van de wachtlijst." in page.text
    assert "31 december 2024" in page.text


@pytest.mark.parametrize(("person", "linked"), [("ANT-handler-1", False), ("ANT-approver-1", True)])
async def test_staff_read_from_which_budget_a_dossier_is_paid(
    living: Living, sign_in: Any, staff: Any, person: str, linked: bool
) -> None:
    number = await waits(living)
    page = await (await sign_in(staff(person))).get(f"/dossier/{number}")
    assert "wacht op geld" in page.text
    assert "plaats 1, in volgorde van ontvangst" in page.text
    assert "het budget is op" in page.text
    assert "formele opleiding 2024, arbeiders (PC 111)" in page.text
    assert (f'href="/geld/budgetten/{COURSES}"' in page.html) == linked


async def test_the_page_of_a_budget_shows_who_waits_in_order_of_receipt(
    living: Living, sign_in: Any, staff: Any
) -> None:
    number = await waits(living)
    reader = await sign_in(staff("ANT-finance-1"))
    page = await reader.get("/geld/budgetten?jaar=2024")
    assert "1 op de wachtlijst" in page.text
    page = await reader.get(f"/geld/budgetten/{COURSES}")
    assert number in page.text
    assert "er zal iemand moeten wachten" in page.text


async def test_a_dossier_that_holds_room_shows_what_it_holds(living: Living, sign_in: Any, staff: Any) -> None:
    await act(living.house, "open", 10_000)
    number = await living.receive()
    await living.eventually("SELECT 1 FROM holding WHERE dossier = :number AND state = 'committed'", number=number)
    page = await (await sign_in(staff("ANT-finance-1"))).get(f"/dossier/{number}")
    assert "Vastgelegd" in page.text
    page = await (await sign_in(staff("ANT-finance-1"))).get(f"/geld/budgetten/{COURSES}")
    assert number in page.text
