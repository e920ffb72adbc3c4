"""Budgets in the portal: one person proposes, another decides, and everybody sees what is left."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from absences import today
from budgets.acts import Budgets
from models.messages.commands import Actor
from models.messages.words import Fund, Party, Role
from portal.house import House

YEAR = today().year
NAME = f"ANT/{YEAR}/formal_training/111"
PAGE = f"/geld/budgetten/{NAME}"
NEW = {
    "year": str(YEAR),
    "instrument": "formal_training",
    "committee": "111",
    "amount": "120.000,00",
    "reason": "begroting van het bestuur",
}


def actor(role: Role, fund: Fund = Fund.ANTWERPEN) -> Actor:
    return Actor(person=f"{fund}-{role}-1", party=Party.STAFF, fund=fund, roles=frozenset({role}))


async def opened(house: House, name: str, amount: str, fund: Fund = Fund.ANTWERPEN) -> None:
    """A budget that two people opened."""
    acts = Budgets(house.engine)
    act = await acts.propose(name, "open", actor(Role.FINANCE, fund), amount=Decimal(amount), reason="begroting")
    await acts.approve(act, actor(Role.APPROVER, fund))


@pytest.fixture
async def proposed(sign_in: Any, staff: Any) -> Any:
    """Somebody of finance, who proposed a budget."""
    reader = await sign_in(staff("ANT-finance-1"))
    await reader.get("/geld/budgetten")
    page = await reader.submit("/geld/budgetten", **NEW)
    assert "Het telt zodra een tweede persoon het goedkeurt" in page.text
    return reader


async def test_a_budget_counts_once_a_second_person_approved_it(proposed: Any, sign_in: Any, staff: Any) -> None:
    assert "nog geen budget geopend" in proposed.page.text
    approver = await sign_in(staff("ANT-approver-1"))
    page = await approver.get("/geld/budgetten")
    assert "voorgesteld door Fien Betaalt" in page.text
    act = next(form["action"] for form in page.reader.forms if "/voorstel/" in form["action"])

    page = await approver.submit(act, answer="approve")

    assert "Goedgekeurd." in page.text
    assert "€ 120.000,00" in page.text.replace("\xa0", " ")
    assert "goedgekeurd door Arne Beslist" in page.text


async def test_nobody_approves_what_they_proposed_themselves(proposed: Any, sign_in: Any, staff: Any) -> None:
    page = await proposed.get("/geld/budgetten")
    act = next(form["action"] for form in page.reader.forms if "/voorstel/" in form["action"])
    assert "U stelde dit zelf voor" in page.text
    both = await sign_in(staff("ANT-finance-1", Role.FINANCE, Role.APPROVER))
    await both.get("/geld/budgetten")

    page = await both.submit(act, answer="approve")

    assert (page.status, "Vier ogen" in page.text) == (422, True)
    page = await proposed.get("/geld/budgetten")
    page = await proposed.submit(act, answer="withdraw")
    assert "Ingetrokken." in page.text


async def test_what_cannot_be_read_as_an_amount_is_asked_again_with_what_was_typed(sign_in: Any, staff: Any) -> None:
    reader = await sign_in(staff("ANT-finance-1"))
    await reader.get("/geld/budgetten")
    page = await reader.submit("/geld/budgetten", **(NEW | {"amount": "veel"}))
    assert (page.status, "Dit is geen bedrag" in page.text) == (422, True)
    assert page.form("/geld/budgetten")["reason"] == NEW["reason"]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"sort": "raise", "amount": "1.000,00", "reason": "bijkomende middelen"}, "Voorgesteld."),
        ({"sort": "lower", "amount": "500", "reason": "minder vraag"}, "Voorgesteld."),
        ({"sort": "close", "reason": "einde van het jaar"}, "Voorgesteld."),
        (
            {"sort": "shift", "amount": "10", "to": f"ANT/{YEAR}/career_account/*", "reason": "daar nodig"},
            "Voorgesteld.",
        ),
        ({"sort": "shift", "amount": "10", "to": "", "reason": "nergens heen"}, "Zeg naar welk budget"),
        ({"sort": "raise", "amount": "10", "reason": " "}, "Zeg waarom"),
        ({"sort": "steal", "amount": "10", "reason": "x"}, "Kies wat u voorstelt"),
    ],
    ids=["raise", "lower", "close", "shift", "shift to nowhere", "without a reason", "something else"],
)
async def test_a_budget_is_changed_by_a_proposal(
    house: House, sign_in: Any, staff: Any, typed: dict[str, str], told: str
) -> None:
    await opened(house, NAME, "1000")
    await opened(house, f"ANT/{YEAR}/career_account/*", "1000")
    reader = await sign_in(staff("ANT-finance-1"))
    await reader.get(PAGE)

    page = await reader.submit(PAGE, **({"amount": "", "to": ""} | typed))

    assert told in page.text
    assert page.status == (200 if told == "Voorgesteld." else 422)


async def test_money_of_another_fund_is_not_there(house: House, sign_in: Any, staff: Any) -> None:
    await opened(house, f"LIM/{YEAR}/formal_training/111", "1000", Fund.LIMBURG)
    act = await Budgets(house.engine).propose(
        f"LIM/{YEAR}/formal_training/111", "raise", actor(Role.FINANCE, Fund.LIMBURG), amount=Decimal(5), reason="meer"
    )
    stranger = await sign_in(staff("ANT-approver-1"))
    for address in ("/geld/budgetten?fonds=LIM", f"/geld/budgetten/LIM/{YEAR}/formal_training/111"):
        assert (await stranger.get(address)).status == 404
    await opened(house, NAME, "1000")
    page = await stranger.get("/geld/budgetten")
    token = page.form("/taal")["csrf"]
    headers = {"origin": "http://portal.example"}
    answer = await stranger.client.post(
        f"/geld/budgetten/voorstel/{act}", data={"csrf": token, "answer": "approve"}, headers=headers
    )
    assert answer.status_code == 404


async def test_an_auditor_reads_and_changes_nothing(house: House, sign_in: Any, staff: Any) -> None:
    await opened(house, NAME, "1000")
    reader = await sign_in(staff("ANT-auditor-1"))
    page = await reader.get(PAGE)
    assert "Laatste bewegingen" in page.text
    assert PAGE not in [form["action"] for form in page.reader.forms]
    headers = {"origin": "http://portal.example"}
    token = page.form("/taal")["csrf"]
    answer = await reader.client.post(PAGE, data={"csrf": token, "sort": "close", "reason": "x"}, headers=headers)
    assert answer.status_code == 403


async def test_a_handler_has_no_business_with_the_budgets(sign_in: Any, staff: Any) -> None:
    page = await (await sign_in(staff("ANT-handler-1"))).get("/geld/budgetten")
    assert page.status == 403
    assert "financiën" in page.text
