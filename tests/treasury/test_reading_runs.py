"""What pages and commands show of runs, lines, accounts, what is due, and the yearly list for the tax slip."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncEngine

from database import glance
from models.messages.payment_runs import HoldReason
from models.messages.words import Fund, Instrument
from reading import payment_runs as read
from tests.treasury.due import FIRST, Payment, Till, account, due, execute
from treasury.accounts import digest
from treasury.due import due_payments

ANT = ("ANT",)


async def test_a_run_is_shown_with_its_lines_in_pages(engine: AsyncEngine) -> None:
    payments = [Payment(Decimal(10 + number)) for number in range(5)]
    held = Payment(iban=None)
    await due(engine, *payments, held)
    till = Till(engine)
    await till.collect()
    await till.sign(FIRST)
    async with glance(engine) as connection:
        run = await read.one_run(connection, till.run)
        first = await read.lines(connection, till.run, limit=4)
        rest = await read.lines(connection, till.run, after=first[-1].line)
        only_held = await read.lines(connection, till.run, states=["held"])
        nothing = await read.one_run(connection, "ANT-2026-B-9999")
    assert run is not None
    assert (run.state, run.lines, run.held, run.total, run.waiting) == ("signing", 5, 1, Decimal(60), 0)
    assert [signed.person for signed in run.signatures] == ["ANT-finance-1"]
    assert [one.line for one in (*first, *rest)] == sorted(one.line for one in (*payments, held))
    assert [(one.line, one.reason) for one in only_held] == [(held.line, "account_missing")]
    assert nothing is None


async def test_runs_are_listed_from_the_latest_for_the_own_funds(engine: AsyncEngine) -> None:
    for number in range(1, 4):
        await due(engine, Payment())
        await Till(engine, f"ANT-2026-B-{number:04d}").collect()
    await Till(engine, "ANT-2026-B-0003").sealed()
    async with glance(engine) as connection:
        latest = await read.runs(connection, ANT, limit=2)
        before = await read.runs(connection, ANT, before=latest[-1].run)
        sealed = await read.runs(connection, ANT, states=["sealed"])
        others = await read.runs(connection, ["LIM"])
        kept = await read.content(connection, "ANT-2026-B-0003")
    assert [run.run[-1] for run in (*latest, *before)] == ["3", "2", "1"]
    assert [(run.run, run.lines) for run in sealed] == [("ANT-2026-B-0003", 1)]
    assert (others, b"ANT-2026-B-0003-01" in (kept or b"")) == ((), True)


async def test_what_is_due_is_told_with_what_stands_in_its_way(engine: AsyncEngine) -> None:
    good, bad = Payment(Decimal(100)), Payment(Decimal(50), iban="new")
    await due(engine, good, bad, Payment(rehearsed=True), Payment(fund=Fund.LIMBURG))
    async with glance(engine) as connection:
        sums = await read.due_sums(connection, ANT)
        found = await due_payments(connection, "ANT")
    assert [(one.rehearsed, one.payments, one.total) for one in sums] == [(False, 2, Decimal(150)), (True, 1, 500)]
    assert [(one.dossier, one.obstacle) for one in found] == [
        (good.number, None),
        (bad.number, HoldReason.ACCOUNT_UNVERIFIED),
    ]


async def test_an_account_to_look_at_is_told_beside_the_one_that_was_known(engine: AsyncEngine) -> None:
    one = Payment(iban="new")
    await due(engine, one)
    await Till(engine).collect()
    async with glance(engine) as connection:
        (open_one,) = await read.accounts(connection, ANT)
        assert await read.accounts(connection, ANT, settled=True) == ()
    assert (open_one.iban, open_one.old_iban) == (one.stated, account(one.serial))
    assert open_one.digest == digest(one.stated or "")


async def test_lines_that_nobody_knows_about_are_listed(engine: AsyncEngine) -> None:
    one = Payment()
    await due(engine, one)
    await Till(engine).sealed()
    await execute(engine, "UPDATE payment_line SET state = 'unknown'")
    async with glance(engine) as connection:
        assert [line.line for line in await read.unknown_lines(connection, ANT)] == [one.line]
        assert await read.unknown_lines(connection, ["LIM"]) == ()


async def test_the_tax_list_has_each_person_once_with_what_was_really_paid(engine: AsyncEngine) -> None:
    named = {"instrument": Instrument.CAREER_ACCOUNT, "name": "Emiel Zilverdonckers", "iban": account(424_242)}
    twice = [Payment(Decimal("205.00"), **named), Payment(Decimal("95.50"), **named)]  # type: ignore[arg-type]
    enterprise, returned = Payment(), Payment(Decimal(40), instrument=Instrument.CAREER_ACCOUNT)
    await due(engine, *twice, enterprise, returned)
    till = Till(engine)
    stands = await till.sealed()
    await execute(
        engine,
        "UPDATE payment_line SET state = CASE WHEN line = :line THEN 'returned' ELSE 'executed' END",
        line=returned.line,
    )
    assert stands.execution_on is not None
    async with glance(engine) as connection:
        found = await read.paid_to_people(connection, ANT, stands.execution_on.year)
        assert await read.paid_to_people(connection, ANT, stands.execution_on.year - 1) == ()
    (person,) = found
    assert (person.holder, person.payments, person.gross, person.withheld, person.net) == (
        "Emiel Zilverdonckers",
        2,
        Decimal("300.50"),
        Decimal(0),
        Decimal("300.50"),
    )
    assert person.dossiers == tuple(one.number for one in twice)
