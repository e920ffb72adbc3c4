"""A sealed file goes to the rehearsed bank and all it says comes back: what stands here is what really became of it."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

import policies
from models.messages.words import Fund
from rehearsal.bank import EXACT, Fate, Manners, RehearsedBank
from schemes.identifiers import compact_iban
from tests.treasury.due import Payment, Till, due, lines, rows, value
from treasury.intake import take_in

RUN = "ANT-2026-B-0001"
ACCOUNT = compact_iban(policies.funds()[Fund.ANTWERPEN].iban)
WILD = Manners(rejected=0.2, returned=0.3, halved=1, repeated=1, notified=1, strangers=1)
STRANGE = {"not_ours": "debit", "unknown_payer": "credit", "no_open_claim": "credit"}
"""What is said of a stranger: costs, somebody without a word, a claim of another house."""


async def handed_over(engine: AsyncEngine, bank: RehearsedBank, amount: int) -> list[Payment]:
    payments = [Payment(amount=Decimal(1_000 + serial) / 100) for serial in range(amount)]
    await due(engine, *payments)
    await Till(engine, RUN).sealed()
    bank.receive(await value(engine, "SELECT content FROM payment_run"))
    return payments


async def states(engine: AsyncEngine) -> dict[str, str]:
    return {line: state for line, (state, _) in (await lines(engine, RUN)).items()}


async def unmatched(engine: AsyncEngine) -> Counter[tuple[str, str]]:
    return Counter(await rows(engine, "SELECT why, direction FROM bank_entry WHERE state = 'unmatched'"))


@pytest.mark.parametrize("shuffled", [pytest.param(False, id="in order"), pytest.param(True, id="in any order")])
@pytest.mark.parametrize("seed", range(3))
async def test_all_that_the_bank_did_is_known_and_nothing_else(engine: AsyncEngine, seed: int, shuffled: bool) -> None:
    bank = RehearsedBank(seed, WILD)
    payments = await handed_over(engine, bank, 60)
    files = bank.answers(date.max)
    if shuffled:
        random.Random(seed).shuffle(files)

    for name, content in files:
        await take_in(engine, content, name, "bank")

    truth = bank.truth()
    assert set(truth) == {payment.line for payment in payments}
    assert set(Counter(truth.values())) == {Fate.EXECUTED, Fate.REJECTED, Fate.RETURNED}
    assert await states(engine) == {line: str(fate) for line, fate in truth.items()}
    assert {why: STRANGE[why] for why, _ in await unmatched(engine)} == STRANGE
    days = await value(engine, "SELECT count(DISTINCT booked_on) FROM bank_entry WHERE says = 'booked'")
    assert set((await unmatched(engine)).values()) == {days}
    paid = await value(engine, "SELECT sum(amount) FROM payment_line WHERE state = 'executed'")
    assert paid == sum(bank.paid().values())


async def test_a_batch_that_is_booked_as_one_sum_is_carried_out_line_by_line(engine: AsyncEngine) -> None:
    bank = RehearsedBank(1, EXACT)
    await due(engine, *(Payment() for _ in range(5)))
    await Till(engine, RUN).sealed()
    content = await value(engine, "SELECT content FROM payment_run")
    bank.receive(content.replace(b"<BtchBookg>false", b"<BtchBookg>true"))

    for name, told in bank.answers(date.max):
        await take_in(engine, told, name, "bank")

    assert set((await states(engine)).values()) == {"executed"}
    assert await unmatched(engine) == {}


async def test_a_file_that_the_bank_had_already_changes_nothing(engine: AsyncEngine) -> None:
    bank = RehearsedBank(1, EXACT)
    await handed_over(engine, bank, 5)
    bank.receive(await value(engine, "SELECT content FROM payment_run"))
    assert bank.refused == 1

    for name, content in reversed(bank.answers(date.max)):
        await take_in(engine, content, name, "bank")

    assert set((await states(engine)).values()) == {"executed"}
    told = "SELECT DISTINCT command ->> 'outcome' FROM pending_command WHERE name = 'settle_payment'"
    assert await rows(engine, told) == [("confirmed",)]
