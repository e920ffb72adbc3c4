"""The page that turns back a decision: what follows is shown before anybody proposes it; and the form of conditions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from models.messages.words import Role
from tests.portal.conftest import staff
from tests.portal.living import Living
from tests.portal.test_dossier_page import in_review
from tests.portal.test_hands_pages import APPROVER, to_approve


async def paid(living: Living) -> str:
    """A dossier that was granted and paid in full; gives its number."""
    number = await in_review(living)
    await living.decide(number, "review", "approve")
    await living.decide(number, "approval", "approve")
    await living.decide(number, "payment", "confirmed")
    await living.eventually("SELECT 1 FROM dossier WHERE number = :n AND paid = granted AND paid > 0", n=number)
    return number


async def test_the_plan_is_shown_before_anything_is_proposed_and_then_only_proposed(
    living: Living, sign_in: Any
) -> None:
    number = await paid(living)
    ((granted,),) = await living.rows("SELECT granted FROM dossier WHERE number = :n", n=number)
    reader = await sign_in(staff(APPROVER))
    page = await reader.get(f"/dossier/{number}")
    assert f'href="/dossier/{number}/herzien"' in page.html
    await reader.get(f"/dossier/{number}/herzien")
    seen = await reader.submit(f"/dossier/{number}/herzien", bedrag="100,00", reden="wrong_amount", doe="tonen")
    assert seen.status == 200
    back = f"{granted - 100:.2f}".replace(".", ",")
    assert "Een andere beslisser moet akkoord gaan." in seen.text
    assert f"Stelt voor om terug te vorderen: € {back}" in seen.text.replace("\xa0", " ")
    assert await living.rows("SELECT 1 FROM event WHERE dossier = :n AND type = 'reversal_proposed'", n=number) == []
    other = await reader.submit(f"/dossier/{number}/herzien", bedrag="90,00", reden="wrong_amount", doe="voorstellen")
    assert other.address == f"/dossier/{number}/herzien", "another amount is shown first"
    await reader.submit(f"/dossier/{number}/herzien", bedrag="100,00", reden="wrong_amount", doe="tonen")
    done = await reader.submit(f"/dossier/{number}/herzien", bedrag="100,00", reden="wrong_amount", doe="voorstellen")
    assert done.address == f"/dossier/{number}"
    assert "De herziening is voorgesteld" in done.text
    task = await living.task(number, "reversal_approval")
    ((excluded, amount),) = await living.rows("SELECT excluded, amount FROM task WHERE task = :t", t=task)
    assert (excluded, amount) == ([APPROVER], Decimal(100))


async def test_what_cannot_be_turned_back_is_said_with_the_form_as_it_was(living: Living, sign_in: Any) -> None:
    number = await paid(living)
    reader = await sign_in(staff(APPROVER))
    await reader.get(f"/dossier/{number}/herzien")
    page = await reader.submit(f"/dossier/{number}/herzien", bedrag="veel", reden="", doe="tonen")
    assert (page.status, page.form(f"/dossier/{number}/herzien")["bedrag"]) == (422, "veel")
    assert "Dit is geen bedrag" in page.text
    page = await reader.submit(f"/dossier/{number}/herzien", bedrag="1,00", reden="", doe="voorstellen")
    assert (page.status, "Kies een reden" in page.text) == (422, True)


async def test_only_an_approver_of_the_fund_comes_here(living: Living, sign_in: Any) -> None:
    number = await paid(living)
    for visitor, status in ((staff(), 403), (staff("LIM-approver-1"), 404), (staff(APPROVER, Role.AUDITOR), 403)):
        page = await (await sign_in(visitor)).get(f"/dossier/{number}/herzien")
        assert page.status == status, visitor.person


async def test_a_decision_may_hang_on_conditions_that_the_form_offers(living: Living, sign_in: Any) -> None:
    task, reader = await to_approve(living, sign_in)
    assert "de factuur van de opleider nasturen" in reader.page.text
    assert "het advies van de ondernemingsraad bezorgen" not in reader.page.text, "of another instrument"
    await reader.submit(f"/taak/{task}", uitkomst="approve", voorwaarde="condition_invoice", doe="beslissen")
    said = await living.eventually(
        "SELECT data -> 'conditions' FROM event WHERE type = 'task_answered' AND data ->> 'task' = :t", t=task
    )
    assert said == ["condition_invoice"]


async def test_what_a_colleague_asked_already_stands_in_the_form(living: Living, sign_in: Any) -> None:
    number = await in_review(living)
    await living.decide(number, "review", "approve", conditions=("condition_results",))
    page = await (await sign_in(staff(APPROVER))).get(f"/taak/{await living.task(number, 'approval')}")
    assert "al gevraagd door een collega" in page.text


async def test_the_pages_read_well_in_a_browser(living: Living, open_window: Any) -> None:
    number = await paid(living)
    async with open_window(staff(APPROVER)) as approver:
        page = await approver.go(f"/dossier/{number}/herzien")
        await page.fill("#bedrag", "100,00")
        await page.check("input[value=wrong_amount]")
        await page.click("button[value=tonen]")
        await page.wait_for_selector("#plan")
        assert await approver.barriers() == []
        await page.click("button[value=voorstellen]")
        await page.wait_for_url(f"**/dossier/{number}")
    other = await in_review(living)
    async with open_window(staff()) as handler:
        page = await handler.go(f"/taak/{await living.task(other, 'review')}")
        assert await handler.faults() == []
        assert handler.complaints == []
