"""Claiming money back, lived on the real house: by two people, in parts, under one communication, until it ended."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from models.errors import Refusal
from models.messages.events import RecoveryPart
from schemes.communications import communication_of
from tests.workflows.subsidies import FILED, Subsidy, apply, training

FOLLOW_UP = date(2024, 6, 4)
LAST_DAY = FILED + timedelta(days=30)


@pytest.fixture
def house(shared_house: Any) -> Any:
    return shared_house


async def paid(house: Any) -> Subsidy:
    """400 euro, paid; the dossier waits to ask what came of it."""
    play = await apply(house, training(2))
    await play.pays()
    await play.awaits("calendar", "follow_up")
    return play


async def ordered(house: Any, amount: str = "250.00", person: str = "ANT-handler-1") -> Subsidy:
    play = await paid(house)
    await house.starter.order_recovery(play.number, Decimal(amount), "paid_twice", person)
    return play


async def approved(house: Any, amount: str = "250.00") -> Subsidy:
    play = await ordered(house, amount)
    await play.claimed()
    await play.claims("approved")
    return play


async def ended(play: Subsidy) -> tuple[str, str]:
    """The survey is passed over; the dossier ends when nothing is beside it any more."""
    await play.moves(FOLLOW_UP)
    await play.awaits("applicant", "survey")
    await play.moves(FOLLOW_UP + timedelta(days=32))
    return await play.ends()


async def test_one_person_orders_another_agrees_and_the_letter_names_our_own_communication(house: Any) -> None:
    play = await ordered(house)
    standing = await play.dossier()
    assert standing["waiting_for"] == "follow_up", "the story does not wait for it"
    await play.claimed()
    row = await play.claims("approved")
    number = play.number
    assert (row["proposed_by"], row["approved_by"]) == ("ANT-handler-1", "ANT-approver-2")
    assert (row["communication"], row["until"], row["amount"]) == (communication_of(number), LAST_DAY, Decimal(250))
    mails = [event["data"] for event in await play.events("mail_planned") if event["data"]["template"] == "recovery"]
    assert [mail["values"]["until"] for mail in mails] == [LAST_DAY.isoformat()]
    assert mails[0]["values"]["reference"].startswith("+++")


async def test_who_ordered_it_does_not_agree_to_it(house: Any) -> None:
    play = await ordered(house, person="ANT-approver-1")
    with pytest.raises(Refusal, match="Vier ogen"):
        await play.claimed("ANT-approver-1")


@pytest.mark.parametrize(
    ("person", "amount", "code"),
    [
        pytest.param("ANT-handler-1", "400.01", "AbovePaid", id="more than was paid"),
        pytest.param("ANT-handler-1", "0.00", "AbovePaid", id="nothing"),
        pytest.param("ANT-intake-1", "100.00", "WrongRole", id="by the intake desk"),
    ],
)
async def test_what_may_not_be_claimed(house: Any, person: str, amount: str, code: str) -> None:
    play = await paid(house)
    with pytest.raises(Refusal) as refused:
        await house.starter.order_recovery(play.number, Decimal(amount), "paid_twice", person)
    assert refused.value.code == code


async def test_two_claims_together_never_ask_more_than_was_paid(house: Any) -> None:
    play = await ordered(house, "250.00")
    with pytest.raises(Refusal, match="150"):
        await house.starter.order_recovery(play.number, Decimal("150.01"), "not_entitled", "ANT-finance-1")
    await house.starter.order_recovery(play.number, Decimal("150.00"), "not_entitled", "ANT-finance-1")
    again = await house.starter.order_recovery(play.number, Decimal("150.00"), "not_entitled", "ANT-finance-1")
    assert again.repeated, "a second click proposes nothing new"
    assert [amount for amount, _, _ in await play.recoveries()] == [Decimal(250), Decimal(150)]


async def test_nobody_agrees_and_nothing_is_asked(house: Any) -> None:
    play = await ordered(house)
    await play.does("recovery_approval", "ANT-approver-2", "refuse", reasons=("unclear",))
    await play.claims("declined")
    assert await play.mails("recovery") == []
    assert await ended(play) == ("granted", "completed")


async def test_silence_of_staff_goes_up_and_decides_nothing(house: Any) -> None:
    play = await ordered(house)
    await play.moves(FILED + timedelta(days=45))
    await play.moves(FILED + timedelta(days=46))
    assert [event["data"]["role"] for event in await play.events("task_escalated")] == ["team_lead"]
    assert (await play.recovery())["state"] == "ordered"


async def test_it_comes_in_parts_each_reference_counts_once_and_too_much_goes_to_finance(house: Any) -> None:
    play = await approved(house)
    await play.pays_back("100.00", "2024-00017")
    again = await play.pays_back("100.00", "2024-00017", on=date(2025, 9, 2))
    assert again.repeated
    assert ((await play.recovery())["received"], (await play.dossier())["recovered"]) == (Decimal(100), Decimal(100))
    await play.pays_back("200.00", "2024-00018")
    row = await play.claims("received")
    assert (row["received"], (await play.dossier())["recovered"]) == (Decimal(250), Decimal(250))
    task = (await play.rows("select amount, role from task where dossier = :number and step = 'recovery_excess'"))[0]
    assert (task["amount"], task["role"]) == (Decimal(50), "finance")
    await play.does("recovery_excess", "ANT-finance-1", "paid_back")
    assert await ended(play) == ("granted", "completed")


async def test_what_comes_after_the_end_of_a_claim_is_all_too_much(house: Any) -> None:
    play = await approved(house)
    await play.pays_back("250.00", "2024-00017")
    await play.claims("received")
    await play.pays_back("250.00", "2024-00019")
    task = await play.task("recovery_excess")
    assert (await play.rows("select amount from task where task = :task", task=task))[0]["amount"] == Decimal(250)
    assert (await play.dossier())["recovered"] == Decimal(250)


async def test_money_for_a_claim_that_never_was_is_refused(house: Any) -> None:
    play = await paid(house)
    with pytest.raises(Refusal, match="niet teruggevorderd"):
        await play.pays_back("10.00", "2024-00020")


async def test_two_reminders_on_their_days_then_finance_then_the_board_alone_lets_it_go(house: Any) -> None:
    play = await approved(house)
    await play.pays_back("50.00", "2024-00017")
    await play.moves(LAST_DAY + timedelta(days=8))
    assert len(await play.mails("recovery_reminder")) == 1
    await play.moves(LAST_DAY + timedelta(days=22))
    reminded = await play.events("recovery_reminded")
    assert [(event["data"]["times"], event["data"]["until"]) for event in reminded] == [
        (1, LAST_DAY.isoformat()),
        (2, LAST_DAY.isoformat()),
    ]
    await play.moves(LAST_DAY + timedelta(days=37))
    await play.does("recovery_late", "ANT-handler-2", "write_off", reasons=("not_recoverable",))
    await play.does("write_off_board_employers", "ANT-board-1", "approve")
    with pytest.raises(Refusal, match="Vier ogen"):
        await play.does("write_off_board_unions", "ANT-board-1", "approve")
    await play.does("write_off_board_unions", "ANT-board-2", "approve")
    row = await play.claims("written_off")
    assert (row["received"], (await play.dossier())["recovered"]) == (Decimal(50), Decimal(50))


async def test_a_bench_that_says_no_means_that_it_is_asked_again(house: Any) -> None:
    play = await approved(house)
    await play.moves(LAST_DAY + timedelta(days=37))
    await play.does("recovery_late", "ANT-handler-2", "write_off", reasons=("too_small",))
    await play.does("write_off_board_employers", "ANT-board-1", "refuse", reasons=("unclear",))
    await play.pays_back("250.00", "2024-00017")
    await play.claims("received")
    assert len(await play.mails("recovery_reminder")) == 3


async def test_a_plan_has_parts_with_days_each_announced_and_each_reminded(house: Any) -> None:
    play = await approved(house)
    parts = (
        RecoveryPart(until=date(2024, 4, 15), amount=Decimal(100)),
        RecoveryPart(until=date(2024, 5, 15), amount=Decimal(150)),
    )
    key = f"{play.number}/recovery/1"
    with pytest.raises(Refusal, match="openstaande bedrag"):
        await house.starter.plan_recovery(key, parts[:1], "ANT-finance-1")
    with pytest.raises(Refusal, match="finance"):
        await house.starter.plan_recovery(key, parts, "ANT-handler-1")
    await house.starter.plan_recovery(key, parts, "ANT-finance-1")
    assert (await house.starter.plan_recovery(key, parts, "ANT-finance-1")).repeated
    row = await play.recovery()
    assert (row["until"], [part["amount"] for part in row["plan"]]) == (date(2024, 5, 15), ["100", "150"])
    await play.moves(date(2024, 4, 8))
    assert len(await play.mails("recovery_part_due")) == 1
    await play.pays_back("100.00", "2024-00017")
    await play.moves(date(2024, 4, 23))
    assert await play.mails("recovery_reminder") == [], "a part that came is not asked again"
    await play.moves(date(2024, 5, 8))
    assert len(await play.mails("recovery_part_due")) == 2
    await play.moves(date(2024, 5, 23))
    assert len(await play.mails("recovery_reminder")) == 1
    await play.pays_back("150.00", "2024-00018")
    await play.claims("received")


async def test_a_dossier_stays_open_for_its_claim_and_says_on_whom_it_waits(house: Any) -> None:
    play = await approved(house)
    await play.moves(FOLLOW_UP)
    await play.awaits("applicant", "survey")
    await play.says("survey", "applicant", survey="useful")  # type: ignore[arg-type]
    row = await play.awaits("staff", "recovery_late")
    assert row["outcome"] is None
    await play.does("recovery_late", "ANT-handler-2", "ask_again")
    row = await play.awaits("applicant", "recovery")
    assert row["waiting_until"] == FOLLOW_UP + timedelta(days=30)
    await play.pays_back("250.00", "2024-00017")
    assert await play.ends() == ("granted", "completed")
    with pytest.raises(Refusal, match="gesloten"):
        await house.starter.order_recovery(play.number, Decimal(10), "paid_twice", "ANT-handler-1")


async def test_finance_may_say_by_hand_that_it_came(house: Any) -> None:
    play = await approved(house)
    await play.moves(LAST_DAY + timedelta(days=37))
    await play.does("recovery_late", "ANT-handler-2", "received")
    row = await play.claims("received")
    assert (row["received"], (await play.dossier())["recovered"]) == (Decimal(250), Decimal(250))
