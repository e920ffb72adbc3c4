"""What stands of a budget is read as it is kept: sums, the line, moves, acts, and what may be expected."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from models.errors import Refusal
from models.messages import events as e
from models.messages.words import Fund, Language, Party
from portal.access.rows import seen_by
from portal.access.visitor import Visitor
from reading import budgets as reading

PURSE = "ANT/2026/formal_training/111"
OTHER = "ANT/2026/career_account/*"
ONE, TWO, THREE, FOUR = (f"ANT-2026-S-00000{place}" for place in (1, 2, 3, 4))
COMPANY = "ANT/0417497106/workers/2026"


@pytest.fixture
async def house(told: Any, agreed: Any) -> None:
    """One dossier paid and partly recovered, one reserved, three in line on two envelopes or none."""
    await agreed("open", PURSE, 1000)
    await agreed("open", OTHER, 50)
    await agreed("raise", PURSE, 500)
    for place, number in enumerate((ONE, TWO, THREE, FOUR)):
        await told.open(number, minutes=place)
    cap = e.Cap(bucket=COMPANY, limit=Decimal(900), amount=Decimal(1000))
    await told.ask(ONE, 1000, caps=(cap,))
    await told.decide(ONE, 800)
    await told.pay(ONE, 600)
    await told.recover(ONE, 100)
    await told.ask(TWO, 700)
    await told.ask(THREE, 500)
    await told.ask(FOUR, 40)


@pytest.mark.usefixtures("house")
async def test_an_envelope_tells_what_is_left_and_who_waits(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        found: Any = await reading.envelopes(connection, Fund.ANTWERPEN, 2026)
        assert await reading.envelopes(connection, Fund.LIMBURG, 2026) == ()
        assert await reading.envelope(connection, "ANT/2026/*/*") is None

    assert [one.envelope for one in found] == [OTHER, PURSE]
    stands = found[1]
    assert (stands.budget, stands.reserved, stands.committed, stands.paid, stands.recovered, stands.left) == (
        *(1500, 700, 800, 600),
        *(100, 100),
    )
    assert (stands.waiting, stands.wanted) == (2, 540)
    assert (found[0].left, found[0].waiting, found[0].wanted) == (50, 0, 0)


@pytest.mark.usefixtures("house")
async def test_the_line_is_read_in_order_of_receipt_and_page_by_page(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        first: Any = await reading.waiting(connection, Fund.ANTWERPEN, year=2026, limit=1)
        second: Any = await reading.waiting(connection, Fund.ANTWERPEN, year=2026, limit=1, after=first.next)
        assert await reading.waiting(connection, Fund.ANTWERPEN, year=2027) == reading.WaitingPage(
            dossiers=(), next=None
        )
        assert (await reading.waiting(connection, Fund.ANTWERPEN, envelope=OTHER)).dossiers == ()

    assert [(one.dossier, one.place, one.wanted, one.reason, one.envelope) for one in first.dossiers] == [
        (THREE, 1, 500, "short", PURSE)
    ]
    assert [(one.dossier, one.place, one.wanted) for one in second.dossiers] == [(FOUR, 2, 40)]
    assert second.next is None


@pytest.mark.usefixtures("house")
async def test_a_page_that_follows_nothing_is_refused(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        with pytest.raises(Refusal, match="Begin de lijst opnieuw"):
            await reading.waiting(connection, Fund.ANTWERPEN, after="yesterday")


@pytest.mark.usefixtures("house")
async def test_moves_are_read_from_the_last_one_back(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        last: Any = await reading.entries(connection, envelope=PURSE, limit=2)
        of_one: Any = await reading.entries(connection, dossier=ONE)
        rest = await reading.entries(connection, envelope=PURSE, before=last.next)

    assert [(one.dossier, one.sort, one.amount) for one in last.entries] == [
        (TWO, "reservation", 700),
        (ONE, "recovery", 100),
    ]
    told = [("recovery", 100), ("payment", 600), ("commitment", 800), ("release", -100), ("reservation", -800)]
    assert [(one.sort, one.amount) for one in of_one.entries] == [*told, ("reservation", 900)]
    assert [one.entry for one in rest.entries] == [one.entry for one in of_one.entries[1:]]


@pytest.mark.usefixtures("house")
async def test_acts_are_read_with_both_names(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        page: Any = await reading.acts(connection, Fund.ANTWERPEN, year=2026, limit=2)
        rest: Any = await reading.acts(connection, Fund.ANTWERPEN, before=page.next)
        of_one = await reading.acts(connection, Fund.ANTWERPEN, envelope=OTHER)
        pending = await reading.acts(connection, Fund.ANTWERPEN, pending=True)
        assert await reading.act(connection, 0) is None

    assert [(one.sort, one.envelope, one.amount) for one in page.acts] == [("raise", PURSE, 500), ("open", OTHER, 50)]
    assert [(one.sort, one.envelope, one.year) for one in rest.acts] == [("open", PURSE, 2026)]
    assert {(one.proposed_by, one.decided_by) for one in (*page.acts, *rest.acts)} == {("ANT-finance-1", "ANT-board-1")}
    assert (of_one.acts, pending.acts) == (page.acts[1:], ())


@pytest.mark.usefixtures("house")
async def test_a_dossier_tells_what_it_holds_and_where_it_stands_in_line(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        held: list[Any] = [await reading.budget_line(connection, number) for number in (ONE, FOUR)]
        assert await reading.budget_line(connection, "ANT-2026-S-000099") is None

    one, four = held
    assert (one.state, one.envelope, one.asked, one.committed, one.paid, one.recovered, one.place) == (
        *("committed", PURSE, 1000, 800),
        *(600, 100, 0),
    )
    assert [(of.bucket, of.limit, of.amount, of.allowed) for of in one.ceilings] == [(COMPANY, 900, 1000, 900)]
    assert (four.state, four.reason, four.place, four.ceilings) == ("waiting", "short", 2, ())


def visitor(party: Party, **who: Any) -> Visitor:
    return Visitor(session="s", csrf="c", person="p", name="n", language=Language.DUTCH, party=party, **who)


SEEN = {
    "staff of the fund": (visitor(Party.STAFF, funds=(Fund.ANTWERPEN,)), (2, 2, 3, True)),
    "staff of another fund": (visitor(Party.STAFF, funds=(Fund.LIMBURG,)), (0, 0, 0, False)),
    "the applicant of one dossier": (visitor(Party.APPLICANT, dossiers=(FOUR,)), (0, 1, 0, True)),
    "an agency": (visitor(Party.AGENCY, dossiers=(FOUR,)), (0, 0, 0, False)),
    "nobody": (None, (0, 0, 0, False)),
}


@pytest.mark.usefixtures("house")
async def test_pages_show_budgets_to_the_fund_and_a_place_in_line_to_who_waits(portal_engine: AsyncEngine) -> None:
    for name, (who, expected) in SEEN.items():
        async with seen_by(portal_engine, who) as connection:
            boxes = len(await reading.envelopes(connection, Fund.ANTWERPEN, 2026))
            line = len((await reading.waiting(connection, Fund.ANTWERPEN)).dossiers)
            acts = len((await reading.acts(connection, Fund.ANTWERPEN)).acts)
            mine = await reading.budget_line(connection, FOUR)
            moves = (await reading.entries(connection, envelope=PURSE)).entries

        assert (boxes, line, acts, mine is not None) == expected, name
        assert mine is None or mine.place == 2, name
        assert bool(moves) == bool(boxes), name


def stands(committed: int = 0, reserved: int = 0, wanted: int = 0, year: int = 2026) -> reading.EnvelopeStands:
    amounts = {"budget": 1000, "committed": committed, "reserved": reserved, "paid": 0, "recovered": 0, "left": 0}
    return reading.EnvelopeStands(
        **{name: Decimal(amount) for name, amount in amounts.items()},
        envelope=f"ANT/{year}/formal_training/111",
        fund=Fund.ANTWERPEN,
        year=year,
        instrument="formal_training",
        committee="111",
        rehearsed=False,
        state="open",
        opened_at=datetime(year, 1, 1),  # noqa: DTZ001 - not looked at
        waiting=0,
        wanted=Decimal(wanted),
    )


EXPECTED = {
    "nothing yet": (stands(), date(2026, 6, 1), "0.00"),
    "on the last day what is committed": (stands(500), date(2026, 12, 31), "500.00"),
    "on the first day a whole year of such days": (stands(2), date(2026, 1, 1), "730.00"),
    "half a year twice, and what is asked": (stands(300, 50, 25), date(2026, 7, 2), "673.36"),
    "a leap year has a day more": (stands(2, year=2028), date(2028, 1, 1), "732.00"),
    "before the year no pace": (stands(10, 5), date(2025, 12, 31), "15.00"),
    "after the year no pace": (stands(500, 20), date(2027, 1, 1), "520.00"),
}


@pytest.mark.parametrize(("envelope", "today", "expected"), EXPECTED.values(), ids=EXPECTED.keys())
def test_what_will_be_committed_follows_from_the_pace_and_from_what_is_asked(
    envelope: reading.EnvelopeStands, today: date, expected: str
) -> None:
    assert str(reading.forecast(envelope, today)) == expected
