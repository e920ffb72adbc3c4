"""What pages and commands read of the bank: the queue page by page, files with counts, and each account explained."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from reading import statements
from reading.statements import QueueEntry, Reconciliation
from schemes.communications import communication_of
from tests.treasury.bank_says import ACCOUNT, MESSAGE, Booked, camt, claimed, finance, read, sent
from treasury.queue import match_by_hand, set_aside

MARCH = (date(2026, 3, 1), date(2026, 3, 31))
ANN = finance("ANT-finance-1")


async def queued(engine: AsyncEngine, *, after: int = 0, limit: int = 50, fund: str = "ANT") -> statements.QueuePage:
    async with engine.connect() as connection:
        return await statements.queue(connection, (fund,), after=after, limit=limit)


async def explained(engine: AsyncEngine) -> Reconciliation:
    async with engine.connect() as connection:
        (account,) = await statements.reconciliation(connection, "ANT", *MARCH)
    return account


async def fitting(engine: AsyncEngine, entry: QueueEntry) -> list[str]:
    async with engine.connect() as connection:
        return [one.target for one in await statements.candidates(connection, entry)]


async def test_the_queue_is_walked_page_by_page_and_shows_the_own_fund(engine: AsyncEngine) -> None:
    await read(engine, camt(*(Booked(None, f"{euro}.00", text=f"{euro}") for euro in range(1, 6))))

    first = await queued(engine, limit=2)
    second = await queued(engine, limit=2, after=first.next or 0)
    last = await queued(engine, limit=2, after=second.next or 0)

    assert [one.amount for page in (first, second, last) for one in page.entries] == [1, 2, 3, 4, 5]
    assert last.next is None
    assert (await queued(engine, fund="LIM")).entries == ()


async def test_files_are_counted_by_what_became_of_their_lines(engine: AsyncEngine) -> None:
    (line,) = await sent(engine, "100.00")
    await read(engine, camt(Booked(line, "100.00", reference="B1"), Booked(None, "5.00", text="kosten")), "a.xml")
    await read(engine, camt(Booked(line, "100.00", reference="B1"), sort="054"), "b.xml")

    async with engine.connect() as connection:
        newest, oldest = await statements.files(connection, ("ANT",))
        assert await statements.files(connection, ("ANT",), before=newest.file) == (oldest,)

    assert (newest.name, newest.sort, newest.repeated, newest.matched) == ("b.xml", "camt.054", 1, 0)
    assert (oldest.name, oldest.matched, oldest.unmatched, oldest.entries) == ("a.xml", 1, 1, 2)


async def test_what_a_line_could_be_is_offered_by_its_amount(engine: AsyncEngine) -> None:
    taken, free = await sent(engine, "100.00", "100.00")
    claim = await claimed(engine, "ANT-2026-S-000777", "250.00", communication_of("ANT-2026-S-000777"))
    paid = (Booked(taken, "100.00"), Booked(None, "100.00"), Booked(None, "100.00", "CRDT"))
    await read(engine, camt(*paid))

    out, back = (await queued(engine)).entries

    assert await fitting(engine, out) == [free]
    assert await fitting(engine, back) == [taken, free, claim]


async def test_what_people_did_with_a_line_is_told_in_order(engine: AsyncEngine) -> None:
    (line,) = await sent(engine, "100.00")
    await read(engine, camt(Booked(None, "100.00")))
    (entry,) = (await queued(engine)).entries
    await match_by_hand(engine, entry.entry, line, ANN)
    await set_aside(engine, entry.entry, "hoort elders", ANN)

    async with engine.connect() as connection:
        told = await statements.acts(connection, entry.entry)

    assert [(act.sort, act.matched_to, act.reason) for act in told] == [
        ("proposed", line, None),
        ("set_aside", None, "hoort elders"),
    ]


async def test_an_account_is_explained_when_every_line_is(engine: AsyncEngine) -> None:
    first, second = await sent(engine, "100.00", "200.00")
    booked = (Booked(first, "100.00"), Booked(second, "200.00"), Booked(second, "200.00", "CRDT", reason="AC04"))
    await read(engine, camt(*booked))

    found = await explained(engine)

    assert (found.account, found.complete, found.unbroken) == (ACCOUNT, True, True)
    assert found.paid_by_statements == found.paid_by_lines == Decimal(300)
    assert {(one.direction, one.what): one.euros for one in found.sums} == {
        ("debit", "payment"): Decimal(300),
        ("credit", "return"): Decimal(200),
    }


async def test_a_sum_counts_for_its_lines(engine: AsyncEngine) -> None:
    _, second = await sent(engine, "100.00", "200.00")
    await read(engine, camt(Booked(None, "300.00", message=MESSAGE)))
    await read(engine, camt(Booked(second, "200.00", "CRDT", reason="AC04"), name="2", opening="999700"))

    found = await explained(engine)

    assert found.complete
    assert found.paid_by_statements == found.paid_by_lines == Decimal(300)


async def test_what_is_not_explained_is_said_with_its_sum(engine: AsyncEngine) -> None:
    await read(
        engine, camt(Booked(None, "5.00", text="a"), Booked(None, "7.00", text="b"), Booked(None, "9.00", "CRDT"))
    )

    found = await explained(engine)

    assert not found.complete
    assert {(one.what, one.lines): one.euros for one in found.unexplained} == {
        ("not_ours", 2): Decimal(12),
        ("unknown_payer", 1): Decimal(9),
    }


@pytest.mark.parametrize(
    ("opening", "unbroken"), [pytest.param("999995", True, id="goes on"), pytest.param("999000", False, id="a gap")]
)
async def test_a_missing_statement_shows_in_the_balances(engine: AsyncEngine, opening: str, unbroken: bool) -> None:
    await read(engine, camt(Booked(None, "5.00", text="a"), name="1"))
    await read(engine, camt(Booked(None, "6.00", text="b"), name="2", opening=opening))

    assert (await explained(engine)).unbroken is unbroken
