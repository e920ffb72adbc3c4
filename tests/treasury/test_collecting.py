"""What is due becomes lines of one draft: each payment once, and what cannot be paid is held with the reason."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from models.errors import Refusal
from models.messages.payment_runs import HoldReason
from models.messages.words import Fund, Instrument, Party
from schemes.calendar import is_bank_day, local_date
from tests.treasury.due import FIRST, Payment, Till, account, due, execute, finance, lines, rows, value


async def test_everything_that_is_due_to_a_fund_stands_in_one_draft(engine: AsyncEngine) -> None:
    payments = [Payment(Decimal("120.50")), Payment(Decimal("79.50")), Payment(fund=Fund.LIMBURG)]
    await due(engine, *payments)

    stands = await Till(engine).collect()

    assert (stands.state, stands.lines, stands.held, stands.total) == ("draft", 2, 0, Decimal("200.00"))
    assert await lines(engine, "ANT-2026-B-0001") == {one.line: ("included", None) for one in payments[:2]}


async def test_the_money_goes_to_the_enterprise_and_not_to_who_filled_in_the_form(engine: AsyncEngine) -> None:
    one = Payment()
    await due(engine, one)
    await Till(engine).collect()
    told = await rows(engine, "SELECT holder, iban, gross, withheld, amount, natural_person FROM payment_line")
    assert told == [(f"Draaierij {one.serial}", account(one.serial), 500, 0, 500, False)]


async def test_a_rehearsed_payment_never_stands_beside_real_money(engine: AsyncEngine) -> None:
    real, rehearsed = Payment(), Payment(rehearsed=True)
    await due(engine, real, rehearsed)
    await Till(engine).collect()
    await Till(engine, "ANT-2026-B-0002").collect(rehearsed=True)
    assert set(await lines(engine, "ANT-2026-B-0001")) == {real.line}
    assert set(await lines(engine, "ANT-2026-B-0002")) == {rehearsed.line}


async def test_collected_again_under_its_number_nothing_happens(engine: AsyncEngine) -> None:
    await due(engine, Payment())
    first = await Till(engine).collect()
    await due(engine, Payment())
    assert await Till(engine).collect() == first


async def test_what_stands_in_a_run_is_not_taken_by_the_next_one(engine: AsyncEngine) -> None:
    await due(engine, Payment(), Payment(iban="new"))
    await Till(engine).collect()
    with pytest.raises(Refusal) as nothing:
        await Till(engine, "ANT-2026-B-0002").collect()
    assert nothing.value.code == "NothingDue"
    assert await value(engine, "SELECT count(*) FROM payment_run") == 1


async def test_many_who_collect_at_once_take_each_payment_once(engine: AsyncEngine) -> None:
    await due(engine, *(Payment() for _ in range(40)))
    tills = [Till(engine, f"ANT-2026-B-{number:04d}") for number in range(1, 7)]

    answers = await asyncio.gather(*(till.collect() for till in tills), return_exceptions=True)

    assert {getattr(no, "code", None) for no in answers if isinstance(no, BaseException)} <= {"NothingDue"}
    assert await value(engine, "SELECT count(*) FROM payment_line") == 40
    assert await value(engine, "SELECT count(DISTINCT payment) FROM payment_line") == 40


HELD: Mapping[str, tuple[dict[str, Any], HoldReason]] = {
    "no account": ({"iban": None}, HoldReason.ACCOUNT_MISSING),
    "check digits": ({"iban": "BE00 5390 0754 7034"}, HoldReason.ACCOUNT_INVALID),
    "beyond the reach of euro payments": ({"iban": "BR1500000000000010932840814P2"}, HoldReason.ACCOUNT_INVALID),
    "another account than the employer's": ({"iban": "new"}, HoldReason.ACCOUNT_UNVERIFIED),
    "an expert whom nobody knew": ({"account_of": Party.EXPERT}, HoldReason.ACCOUNT_UNVERIFIED),
    "closed dossier": ({"outcome": "withdrawn"}, HoldReason.CLOSED_DOSSIER),
    "above the grant": ({"granted": Decimal("499.99")}, HoldReason.ABOVE_GRANT),
    "above what is left of it": ({"granted": 900, "paid": Decimal("400.01")}, HoldReason.ABOVE_GRANT),
    "nobody named": ({"name": "", "account_of": Party.EXPERT}, HoldReason.HOLDER_MISSING),
    "too large": ({"amount": Decimal("1000000000.00")}, HoldReason.AMOUNT_TOO_LARGE),
}


@pytest.mark.parametrize(("made", "reason"), HELD.values(), ids=HELD.keys())
async def test_what_cannot_be_paid_is_held_with_its_reason(
    engine: AsyncEngine, made: dict[str, Any], reason: HoldReason
) -> None:
    one = Payment(**made)
    await due(engine, one)
    stands = await Till(engine).collect()
    assert (stands.lines, stands.held) == (0, 1)
    assert await lines(engine, "ANT-2026-B-0001") == {one.line: ("held", reason)}


async def test_an_unknown_account_waits_for_somebody_to_look(engine: AsyncEngine) -> None:
    one = Payment(iban="new")
    await due(engine, one)
    await Till(engine).collect()
    assert await rows(engine, "SELECT dossier, party, state, changed_by FROM account_check") == [
        (one.number, "applicant", "to_verify", "unknown")
    ]


async def test_a_person_is_paid_net_on_the_account_stated_at_the_receipt(engine: AsyncEngine) -> None:
    one = Payment(Decimal("205.00"), instrument=Instrument.CAREER_ACCOUNT, iban="new", name="Emiel Zilverdonckers")
    await due(engine, one)
    stands = await Till(engine).collect()
    assert (stands.lines, stands.held) == (1, 0)
    assert await rows(engine, "SELECT holder, gross, natural_person FROM payment_line") == [
        ("Emiel Zilverdonckers", Decimal("205.00"), True)
    ]


ANSWERED = {
    "held by the dossier for ten minutes": "UPDATE task SET state = 'held'",
    "on its way to the dossier": """
        INSERT INTO pending_command
        SELECT dossier, 'x', 'complete_task', jsonb_build_object('task', task), now() FROM task
    """,
    "told by the bank": """
        INSERT INTO pending_command SELECT dossier, 'bank:x', 'settle_payment', '{}', now() FROM task
    """,
    "confirmed": "UPDATE payment SET state = 'confirmed'",
}


@pytest.mark.parametrize("answered", ANSWERED.values(), ids=ANSWERED.keys())
async def test_what_somebody_answered_for_is_not_due(engine: AsyncEngine, answered: str) -> None:
    await due(engine, Payment())
    await execute(engine, answered)
    with pytest.raises(Refusal, match="niets te betalen"):
        await Till(engine).collect()


DAYS = {
    "left out: the next bank day": (None, None),
    "a Saturday": (date(2027, 5, 1), date(2027, 5, 3)),
    "a day on which banks are closed": (date(2027, 12, 25), date(2027, 12, 27)),
}


@pytest.mark.parametrize(("wished", "bank_day"), DAYS.values(), ids=DAYS.keys())
async def test_money_goes_on_a_bank_day(engine: AsyncEngine, wished: date | None, bank_day: date | None) -> None:
    await due(engine, Payment())
    stands = await Till(engine).collect(on=wished)
    assert stands.execution_on is not None
    assert is_bank_day(stands.execution_on)
    assert stands.execution_on > local_date(datetime.now(UTC))
    assert bank_day in (None, stands.execution_on)


REFUSED = {
    "a day that is past": ({"on": local_date(datetime.now(UTC)) - timedelta(days=1)}, "DayPast"),
    "finance of another fund": ({"by": finance("LIM-finance-1", Fund.LIMBURG)}, "WrongRole"),
    "another role": ({"by": FIRST.model_copy(update={"roles": frozenset()})}, "WrongRole"),
}


@pytest.mark.parametrize(("wrong", "code"), REFUSED.values(), ids=REFUSED.keys())
async def test_who_and_when_is_checked_first(engine: AsyncEngine, wrong: dict[str, Any], code: str) -> None:
    await due(engine, Payment())
    with pytest.raises(Refusal) as no:
        await Till(engine).collect(**wrong)
    assert no.value.code == code
    assert await value(engine, "SELECT count(*) FROM payment_run") == 0


async def test_a_line_left_out_gives_its_name_to_the_next_that_takes_the_payment(engine: AsyncEngine) -> None:
    one, other = Payment(), Payment()
    await due(engine, one, other)
    till, second, third = Till(engine), Till(engine, "ANT-2026-B-0002"), Till(engine, "ANT-2026-B-0003")
    await till.collect()
    await till.change(one.line, "exclude")
    await second.collect()
    await second.change(one.line, "exclude")
    await third.collect()
    assert await lines(engine, till.run) == {f"{one.line}/1": ("excluded", "dispute"), other.line: ("included", None)}
    assert await lines(engine, second.run) == {f"{one.line}/2": ("excluded", "dispute")}
    assert await lines(engine, third.run) == {one.line: ("included", None)}


async def test_an_unknown_line_lets_go_once_somebody_answered_for_the_dossier(engine: AsyncEngine) -> None:
    one = Payment()
    await due(engine, one)
    await Till(engine).sealed()
    await execute(engine, "UPDATE payment_line SET state = 'unknown'")
    await execute(engine, "UPDATE payment SET state = 'returned'")
    again = Payment(serial=one.serial, attempt=2)
    await execute(
        engine,
        "INSERT INTO payment SELECT :key, dossier, instalment, amount, account_of, 'instructed', NULL, now(), NULL "
        "FROM payment",
        key=again.key,
    )

    await Till(engine, "ANT-2026-B-0002").collect()

    assert await lines(engine, "ANT-2026-B-0001") == {one.line: ("returned", "answered_by_hand")}
    assert await lines(engine, "ANT-2026-B-0002") == {again.line: ("included", None)}
