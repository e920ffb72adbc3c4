"""What a bank paid and brought back days later: the dossier asks for another account and pays again, once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from models.messages.commands import Accepted, SettlePayment
from models.messages.words import Party
from tests.workflows.subsidies import Subsidy, apply, training
from verification import verify


@pytest.fixture
def house(shared_house: Any) -> Any:
    return shared_house


async def hears(play: Subsidy, outcome: Any, reference: str, attempt: int = 1) -> Accepted:
    """The word of the bank, as the matching of its files tells it."""
    payment = f"{play.number}/payment/1/{attempt}"
    told = SettlePayment(payment=payment, outcome=outcome, reference=reference)
    accepted: Accepted = await play.house.starter.tell(
        play.number, "settle_payment", told, f"bank:{payment}:{outcome}:{reference}"
    )
    return accepted


async def paid(house: Any) -> Subsidy:
    """A subsidy that the bank confirmed, and that waits for its follow-up."""
    play = await apply(house, training())
    await play.task("payment")
    await hears(play, "confirmed", "B1")
    assert (await play.awaits("calendar", "follow_up"))["paid"] == Decimal(400)
    return play


async def payments(play: Subsidy) -> list[tuple[str, str]]:
    found = await play.rows("select payment, state, reference from payment where dossier = :number order by payment")
    return [(row["payment"].rpartition("/")[2], row["state"]) for row in found]


async def test_money_that_comes_back_after_it_was_confirmed_is_paid_again_to_another_account(house: Any) -> None:
    play = await paid(house)

    await hears(play, "returned", "AC04")
    assert (await play.awaits("applicant", "account"))["paid"] == Decimal(0)
    assert await payments(play) == [("1", "returned")]
    await play.says("account", Party.APPLICANT, iban="given")
    await play.task("payment")
    await hears(play, "confirmed", "B2", attempt=2)

    assert (await play.awaits("calendar", "follow_up"))["paid"] == Decimal(400)
    assert await payments(play) == [("1", "returned"), ("2", "confirmed")]
    assert [row["data"].get("paid") for row in await play.events("payment_returned")] == ["0.00"]
    found = await verify(house.engine, number=play.number)
    assert [fault.text for fault in found.faults] == []


async def test_the_same_return_told_twice_is_one_return(house: Any) -> None:
    play = await paid(house)

    first = await hears(play, "returned", "AC04")
    await play.awaits("applicant", "account")
    again = await hears(play, "returned", "AC04 again")

    assert (first.repeated, again.repeated) == (False, True)
    await play.says("account", Party.APPLICANT, iban="given")
    await play.task("payment")
    assert await payments(play) == [("1", "returned"), ("2", "instructed")]


async def test_a_confirmation_after_a_return_changes_nothing(house: Any) -> None:
    play = await apply(house, training())
    await play.task("payment")
    await hears(play, "returned", "AC04")
    await play.awaits("applicant", "account")

    assert (await hears(play, "confirmed", "B1")).repeated
    assert await payments(play) == [("1", "returned")]


@pytest.mark.parametrize("reason", ["AM04", "file_rejected"], ids=["no cover on our account", "the whole file"])
async def test_what_another_account_would_not_help_is_paid_again_without_asking_for_one(
    house: Any, reason: str
) -> None:
    play = await apply(house, training())
    first = await play.task("payment")

    await hears(play, "returned", reason)
    await play.awaits("staff", "payment")

    assert await play.task("payment") != first
    assert await payments(play) == [("1", "returned"), ("2", "instructed")]
    assert await play.events("request_opened") == []


async def test_finance_confirmed_by_hand_and_the_bank_brought_it_back(house: Any) -> None:
    play = await apply(house, training())
    await play.pays()
    await play.awaits("calendar", "follow_up")

    await hears(play, "returned", "AC06")

    assert (await play.awaits("applicant", "account"))["paid"] == Decimal(0)
