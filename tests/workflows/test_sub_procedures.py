"""Objection, extension, correction and withdrawal: each with its own term, and what comes after it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from models.errors import Refusal
from models.messages.words import Document, Party
from tests.workflows.playing import euros
from tests.workflows.subsidies import PROOF, Subsidy, apply, planned, training

LAST_DAY = date(2024, 4, 3)
"""Thirty days after a decision on the day of filing."""


@pytest.fixture
def house(shared_house: Any) -> Any:
    return shared_house


async def granted_in_part(house: Any) -> Subsidy:
    play = await apply(house, planned(4))
    await play.does("review", "ANT-handler-1", "approve")
    await play.does("approval", "ANT-approver-1", "reduce", amount=Decimal(600), reasons=("unclear",))
    await play.awaits("calendar", "training")
    return play


async def asked_for_proof(house: Any) -> Subsidy:
    play = await apply(house, planned(4))
    await play.approved()
    row = await play.awaits("calendar", "training")
    await play.moves(row["waiting_until"])
    await play.awaits("applicant", "evidence")
    return play


@pytest.mark.parametrize(
    ("day", "in_time"),
    [
        pytest.param(LAST_DAY, True, id="on the last day"),
        pytest.param(date(2024, 4, 4), False, id="a day after it"),
    ],
)
async def test_the_last_day_of_an_objection_counts_entirely(house: Any, day: date, in_time: bool) -> None:
    play = await granted_in_part(house)
    await play.moves(day)
    if in_time:
        await play.objects()
        await play.task("objection")
    else:
        with pytest.raises(Refusal, match="03/04/2024"):
            await play.objects()


async def test_more_time_is_given_twice_and_never_taken_away(house: Any) -> None:
    play = await asked_for_proof(house)
    first = (await play.asked("evidence"))["until"]
    for until in (date(2024, 8, 1), date(2024, 9, 2)):
        await house.starter.extend(play.number, "evidence", until, "ANT-handler-1", "asked")
        assert (await play.asked("evidence"))["until"] == until
    assert first < date(2024, 8, 1)
    with pytest.raises(Refusal, match="02/09/2024"):
        await house.starter.extend(play.number, "evidence", date(2024, 8, 31), "ANT-handler-1", "asked")
    assert len(await play.mails("deadline_extended")) == 2
    await play.moves(date(2024, 9, 2))
    await play.says("evidence", Party.APPLICANT, *PROOF)
    await play.task("determination")


async def test_more_time_may_be_given_for_a_condition_too(house: Any) -> None:
    play = await apply(house, training(4))
    await play.does("review", "ANT-handler-1", "approve")
    task = await play.task("approval")
    await house.starter.complete(task, "ANT-approver-1", "approve", conditions=("condition_invoice",))
    await play.awaits("applicant", "condition")
    await house.starter.extend(play.number, "condition_invoice", date(2024, 5, 2), "ANT-handler-1", "asked")
    await play.moves(date(2024, 4, 10))
    await play.says("condition_invoice", Party.APPLICANT, Document.INVOICE)
    await play.pays()
    await play.awaits("calendar", "follow_up")


async def test_after_a_decision_facts_are_put_right_only_where_the_fund_asks(house: Any) -> None:
    play = await granted_in_part(house)
    with pytest.raises(Refusal, match="al beslist"):
        await play.says("clarification", Party.APPLICANT, facts=planned(3))
    row = await play.dossier()
    await play.moves(row["waiting_until"])
    await play.awaits("applicant", "evidence")
    fewer = planned(4, attended=8)
    await play.says("evidence", Party.APPLICANT, *PROOF, facts=fewer)
    await play.does("determination", "ANT-handler-1", "confirm")
    await play.pays()
    assert await play.payments() == euros(["400"]), "half of the hours is half of the support"


async def test_what_was_paid_is_not_withdrawn_from_but_given_back_through_the_fund(house: Any) -> None:
    play = await apply(house, training(2))
    await play.pays()
    await play.awaits("calendar", "follow_up")
    with pytest.raises(Refusal, match="Neem contact op met het fonds"):
        await play.withdraws()
    await house.starter.order_recovery(play.number, Decimal(400), "not_entitled", "ANT-finance-1")
    await play.claimed()
    await play.claims("approved")
    await play.pays_back("400.00", "2024-00017")
    await play.claims("received")
    row = await play.dossier()
    assert (row["paid"], row["recovered"], row["outcome"]) == (Decimal(400), Decimal(400), None)
