"""Two people sign the lines as they are; whatever changes afterwards is signed again."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from decimal import Decimal

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from database import transaction
from models.errors import Refusal
from models.messages.commands import Actor
from models.messages.payment_runs import DiscardRun, HoldReason
from models.messages.words import Fund
from models.tables import PaymentRow
from tests.treasury.due import (
    FIRST,
    SECOND,
    Payment,
    Till,
    account,
    due,
    execute,
    finance,
    instructed,
    lines,
    rows,
    value,
)
from treasury import runs


async def test_two_signatures_are_two_people(engine: AsyncEngine) -> None:
    await due(engine, Payment())
    till = Till(engine)
    await till.collect()
    assert (await till.sign(FIRST)).state == "signing"
    assert (await till.sign(FIRST)).signatures == 1
    assert (await till.sign(SECOND)).signatures == 2


async def test_two_clicks_at_once_are_one_signature(engine: AsyncEngine) -> None:
    await due(engine, Payment())
    till = Till(engine)
    await till.collect()
    await asyncio.gather(*(till.sign(FIRST) for _ in range(5)))
    assert await value(engine, "SELECT count(*) FROM payment_signature") == 1


REFUSED: Mapping[str, tuple[Actor, str]] = {
    "who approved the dossier": (finance("ANT-approver-1"), "FourEyes"),
    "who stands in for who approved it": (finance("ANT-finance-3", for_person="ANT-approver-1"), "FourEyes"),
    "who stands in for the other signer": (finance("ANT-finance-3", for_person="ANT-finance-1"), "SameHand"),
    "finance of another fund": (finance("LIM-finance-1", Fund.LIMBURG), "WrongRole"),
    "a handler": (FIRST.model_copy(update={"person": "ANT-handler-1", "roles": frozenset()}), "WrongRole"),
}


@pytest.mark.parametrize(("person", "code"), REFUSED.values(), ids=REFUSED.keys())
async def test_some_may_not_sign(engine: AsyncEngine, person: Actor, code: str) -> None:
    await due(engine, Payment(excluded=("ANT-approver-1",)))
    till = Till(engine)
    await till.collect()
    await till.sign(FIRST)
    with pytest.raises(Refusal) as no:
        await till.sign(person)
    assert no.value.code == code
    assert await rows(engine, "SELECT person FROM payment_signature") == [("ANT-finance-1",)]


async def test_who_decided_on_a_line_may_sign_once_it_is_left_out(engine: AsyncEngine) -> None:
    one, other = Payment(excluded=("ANT-finance-1",)), Payment()
    await due(engine, one, other)
    till = Till(engine)
    await till.collect()
    await till.change(one.line, "exclude")
    assert (await till.sign(FIRST)).signatures == 1


CHANGES: Mapping[str, tuple[str, str]] = {"exclude": ("exclude", "excluded"), "hold": ("hold", "held")}


@pytest.mark.parametrize(("change", "state"), CHANGES.values(), ids=CHANGES.keys())
async def test_a_changed_line_takes_the_signatures_away(engine: AsyncEngine, change: str, state: str) -> None:
    one, other = Payment(), Payment()
    await due(engine, one, other)
    till = Till(engine)
    await till.collect()
    await till.sign(FIRST)

    stands = await till.change(one.line, change)

    assert (stands.state, stands.signatures, stands.lines) == ("draft", 0, 1)
    assert (await lines(engine, till.run))[one.line] == (state, "dispute")


async def test_the_same_change_again_leaves_the_signatures(engine: AsyncEngine) -> None:
    one, other = Payment(), Payment()
    await due(engine, one, other)
    till = Till(engine)
    await till.collect()
    await till.change(one.line, "exclude")
    await till.sign(FIRST)
    assert (await till.change(one.line, "exclude")).signatures == 1


async def test_what_is_held_is_released_with_the_account_as_it_is_known_now(engine: AsyncEngine) -> None:
    one = Payment(iban="new")
    await due(engine, one)
    till = Till(engine)
    await till.collect()
    with pytest.raises(Refusal, match="tweede persoon"):
        await till.change(one.line, "release")
    await execute(engine, "UPDATE contact SET iban = :iban", iban=account(one.serial))
    await execute(engine, "UPDATE account_check SET state = 'verified', verified_by = 'ANT-lead-1'")
    assert (await till.change(one.line, "release")).lines == 1
    assert await value(engine, "SELECT iban FROM payment_line") == account(one.serial)


async def test_an_instalment_that_another_line_pays_by_now_is_not_released(engine: AsyncEngine) -> None:
    one, other = Payment(), Payment()
    await due(engine, one, other)
    till = Till(engine)
    await till.collect()
    await till.change(one.line, "hold")
    again = Payment(serial=one.serial, attempt=2)
    async with transaction(engine) as connection:
        await connection.execute(insert(PaymentRow), [instructed(again)])
    await Till(engine, "ANT-2026-B-0002").collect()
    with pytest.raises(Refusal, match="andere betaalopdracht"):
        await till.change(one.line, "release")


NO_CHANGE: Mapping[str, tuple[str, HoldReason | None, str]] = {
    "excluded without a reason": ("exclude", None, "ReasonMissing"),
    "held for a reason only the house can find": ("hold", HoldReason.ACCOUNT_INVALID, "ReasonMissing"),
    "released although it was not held": ("release", None, ""),
}


@pytest.mark.parametrize(("change", "reason", "code"), NO_CHANGE.values(), ids=NO_CHANGE.keys())
async def test_a_change_has_a_reason(engine: AsyncEngine, change: str, reason: HoldReason | None, code: str) -> None:
    one = Payment()
    await due(engine, one)
    till = Till(engine)
    await till.collect()
    if not code:
        assert (await till.change(one.line, change, reason)).lines == 1
        return
    with pytest.raises(Refusal) as no:
        await till.change(one.line, change, reason)
    assert no.value.code == code


async def test_a_line_of_another_run_is_not_changed(engine: AsyncEngine) -> None:
    await due(engine, Payment())
    till = Till(engine)
    await till.collect()
    with pytest.raises(Refusal, match="staat niet in betaalopdracht"):
        await till.change("ANT-2026-S-999999-1-1", "exclude")


async def test_a_discarded_run_leaves_its_payments_due(engine: AsyncEngine) -> None:
    one = Payment(Decimal("75.00"))
    await due(engine, one)
    till = Till(engine)
    await till.collect()
    command = DiscardRun(run=till.run, by=FIRST, reason="made_by_mistake")
    for _ in range(2):
        assert (await runs.discard(engine, command)).state == "discarded"
    assert (await Till(engine, "ANT-2026-B-0002").collect()).total == Decimal("75.00")
    with pytest.raises(Refusal, match="kan niet meer veranderen"):
        await till.sign(FIRST)


async def test_an_empty_run_is_not_signed(engine: AsyncEngine) -> None:
    await due(engine, Payment(iban=None))
    till = Till(engine)
    await till.collect()
    with pytest.raises(Refusal, match="geen enkele lijn"):
        await till.sign(FIRST)
