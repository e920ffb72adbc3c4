"""The pages of money in a browser: everybody can read them, wide and small, and a run is signed by keyboard."""

from __future__ import annotations

from contextlib import AsyncExitStack
from decimal import Decimal
from typing import Any

import pytest

from budgets.acts import Budgets
from models.messages.words import Role
from portal.house import House
from tests.portal.living import Living
from tests.portal.payable import RUNS, Bank
from tests.portal.test_treasury_budgets import YEAR, actor, opened
from tests.treasury.bank_says import Booked, camt, claimed
from tests.treasury.due import Payment
from treasury.intake import take_in

NAME = f"ANT/{YEAR}/formal_training/*"


@pytest.fixture
async def bank(living: Living) -> Bank:
    """A fund with budgets, of which one may be raised."""
    await _budgets(living.house)
    return Bank(living)


async def _budgets(house: House) -> None:
    for instrument, amount in (("formal_training", "120000"), ("career_account", "40000"), ("outplacement", "85000")):
        await opened(house, f"ANT/{YEAR}/{instrument}/*", amount)
    more = Decimal(25_000)
    await Budgets(house.engine).propose(NAME, "raise", actor(Role.FINANCE), amount=more, reason="meer vraag")


async def filled(bank: Bank) -> list[str]:
    """Where the pages are, once there is something on them."""
    unsure, paid = Payment(amount=Decimal("1250.00")), Payment(amount=Decimal("980.40"))
    over = await bank.handed_over(unsure, paid)
    await bank.says(
        "UPDATE payment_line SET state = 'unknown', reason = 'no_word' WHERE line = :line", line=unsure.line
    )
    await bank.says("UPDATE payment_line SET state = 'accepted' WHERE line = :line", line=paid.line)
    await bank.owes(Payment(amount=Decimal("3415.75")), Payment(iban="new"), Payment(amount=Decimal("210.00")))
    starter = bank.living.house.starter
    draft = (await starter.collect_payments(paid.fund, "ANT-finance-2")).run
    await bank.owes(Payment(amount=Decimal("640.00")))
    claim = await claimed(bank.living.house.engine, paid.number, "480.00", "010806817183")
    strangers = (
        Booked(None, "125.00", reference="A1", text="storting"),
        Booked(None, "1250.00", direction="CRDT", reference="A2"),
        Booked(paid.line, "980.40", reference="A3"),
    )
    await take_in(bank.living.house.engine, camt(*strangers), "uittreksel-maart.xml", "ANT-finance-1")
    return [
        "/geld/budgetten",
        f"/geld/budgetten/{NAME}",
        RUNS,
        f"{RUNS}/{draft}",
        f"{RUNS}/{over}",
        "/geld/rekeningen",
        "/geld/bankbestanden?van=2026-01-01&tot=2099-12-31",
        "/geld/bankbestanden/niet-herkend",
        "/geld/terugvorderingen",
        f"/geld/terugvorderingen/{claim.replace('/recovery', '')}",
    ]


async def test_every_page_of_money_can_be_read_by_everybody(bank: Bank, open_window: Any, staff: Any) -> None:
    places = await filled(bank)
    async with AsyncExitStack() as windows:
        for person in ("ANT-finance-1", "ANT-approver-1"):
            reader = await windows.enter_async_context(open_window(staff(person)))
            for address in places:
                await reader.go(address)
                assert await reader.barriers() == [], (person, address)


async def test_two_people_sign_a_run_by_keyboard(bank: Bank, open_window: Any, staff: Any) -> None:
    await bank.owes(Payment(), Payment())
    async with open_window(staff("ANT-finance-1")) as first, open_window(staff("ANT-finance-2")) as second:
        page = await first.go(RUNS)
        await page.get_by_role("button", name="Stel een betaalopdracht samen").press("Enter")
        await page.get_by_text("De betaalopdracht is samengesteld.").wait_for()
        run = page.url.rsplit("/", 1)[-1]
        await page.get_by_role("button", name="Als eerste tekenen").press("Enter")
        await page.get_by_text("Een collega tekent als tweede.").first.wait_for()
        other = await second.go(f"{RUNS}/{run}")
        await other.get_by_role("button", name="Als tweede tekenen").press("Enter")
        await other.get_by_text("Getekend door twee personen").wait_for()
    await bank.becomes(run, "handed_over")


async def test_a_run_prints_on_paper(bank: Bank, open_window: Any, staff: Any) -> None:
    run = await bank.collected(Payment())
    async with open_window(staff("ANT-finance-1")) as reader:
        page = await reader.go(f"{RUNS}/{run}")
        await page.emulate_media(media="print")
        assert not await page.get_by_role("button", name="Als eerste tekenen").is_visible()
        assert await page.get_by_text(run).first.is_visible()
