"""What becomes of an envelope takes two people; what it cannot bear is refused with a sentence."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

import database
from budgets import Budgets, Purse
from models.errors import Refusal
from models.messages.commands import Actor
from models.messages.words import Fund, Instrument, Party, Role
from reading import budgets as reading

PURSE = "ANT/2026/formal_training/111"
OTHER = "ANT/2026/informal_training/111"
ONE, TWO = "ANT-2026-S-000001", "ANT-2026-S-000002"


def actor(person: str, *roles: Role, fund: Fund = Fund.ANTWERPEN, for_person: str | None = None) -> Actor:
    return Actor(person=person, party=Party.STAFF, fund=fund, roles=frozenset(roles), for_person=for_person)


FINANCE = actor("ANT-finance-1", Role.FINANCE)
BOARD = actor("ANT-board-1", Role.BOARD)
APPROVER = actor("ANT-approver-1", Role.APPROVER)
BOTH = actor("ANT-both-1", Role.FINANCE, Role.BOARD)


@pytest.fixture
def budgets(engine: AsyncEngine) -> Budgets:
    return Budgets(engine)


async def open_one(budgets: Budgets, name: str = PURSE, amount: int = 1000) -> None:
    act = await budgets.propose(name, "open", FINANCE, amount=Decimal(amount), reason="plan")
    await budgets.approve(act, BOARD)


@pytest.fixture
async def opened(budgets: Budgets) -> Callable[..., Awaitable[None]]:
    """One envelope stands; opens more."""
    await open_one(budgets)
    return partial(open_one, budgets)


@pytest.fixture(scope="module")
async def standing(new_database: Any) -> AsyncIterator[AsyncEngine]:
    """A house with envelopes, for tables of what changes nothing."""
    async with new_database() as urls:
        engine = database.make_engine(urls.app)
        for name in (PURSE, OTHER, "ANT/2027/formal_training/111", f"{PURSE}/rehearsal"):
            await open_one(Budgets(engine), name)
        yield engine
        await engine.dispose()


async def stands(engine: AsyncEngine, name: str = PURSE) -> reading.EnvelopeStands:
    async with engine.connect() as connection:
        found = await reading.envelope(connection, name)
    assert found is not None
    return found


async def test_a_proposal_changes_nothing_until_somebody_else_approves_it(
    engine: AsyncEngine, budgets: Budgets
) -> None:
    act = await budgets.propose(PURSE, "open", FINANCE, amount=Decimal("1000.50"), reason=" plan 2026 ")
    async with engine.connect() as connection:
        assert await reading.envelope(connection, PURSE) is None
        assert await reading.years(connection, Fund.ANTWERPEN) == ()

    await budgets.approve(act, APPROVER)

    assert (await stands(engine)).budget == Decimal("1000.50")
    async with engine.connect() as connection:
        told = await reading.act(connection, act)
        assert await reading.years(connection, Fund.ANTWERPEN) == (2026,)
    assert told is not None
    assert (told.reason, told.proposed_by, told.decided_by, told.state) == (
        "plan 2026",
        "ANT-finance-1",
        "ANT-approver-1",
        "approved",
    )


async def test_raising_lowering_and_shifting_move_the_budget(
    engine: AsyncEngine, budgets: Budgets, opened: Any
) -> None:
    await opened(OTHER, 200)
    for sort, amount, to in (("raise", 500, None), ("lower", 100, None), ("shift", 250, OTHER)):
        act = await budgets.propose(PURSE, sort, FINANCE, amount=Decimal(amount), to=to, reason="plan")  # type: ignore[arg-type]
        await budgets.approve(act, BOARD)

    assert (await stands(engine)).budget == 1150
    assert (await stands(engine, OTHER)).budget == 450


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize("answer", ["refuse", "withdraw"])
async def test_what_is_refused_or_withdrawn_changes_nothing(engine: AsyncEngine, budgets: Budgets, answer: str) -> None:
    act = await budgets.propose(PURSE, "raise", FINANCE, amount=Decimal(1), reason="plan")

    await getattr(budgets, answer)(act, BOARD if answer == "refuse" else FINANCE)

    assert (await stands(engine)).budget == 1000
    with pytest.raises(Refusal, match="al beslist"):
        await budgets.approve(act, BOARD)


PROPOSED_WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "by who decides": ({"actor": BOARD}, "RoleMissing"),
    "by another fund": ({"actor": actor("LIM-finance-1", Role.FINANCE, fund=Fund.LIMBURG)}, "OtherFund"),
    "nothing": ({"amount": Decimal(0)}, "BudgetAmount"),
    "no amount": ({"amount": None}, "BudgetAmount"),
    "less than nothing": ({"amount": Decimal(-5)}, "BudgetAmount"),
    "parts of a cent": ({"amount": Decimal("0.001")}, "BudgetAmount"),
    "no reason": ({"reason": "  "}, "BudgetReason"),
    "no such envelope": ({"envelope": "ANT/2026/career_account/111"}, "UnknownEnvelope"),
    "one that stands already": ({"sort": "open"}, "EnvelopeExists"),
    "a name that is none": ({"envelope": "ANT/2026/formal_training/112"}, "EnvelopeName"),
    "an unknown instrument": ({"envelope": "ANT/2026/loan/111"}, "EnvelopeName"),
    "an unknown fund": ({"envelope": "XXX/2026/formal_training/111"}, "EnvelopeName"),
    "a shift to nowhere": ({"sort": "shift"}, "ShiftTarget"),
    "a raise to somewhere": ({"to": OTHER}, "ShiftTarget"),
    "a shift to itself": ({"sort": "shift", "to": PURSE}, "OtherPurse"),
    "a shift to another year": ({"sort": "shift", "to": "ANT/2027/formal_training/111"}, "OtherPurse"),
    "a shift to a rehearsal": ({"sort": "shift", "to": f"{PURSE}/rehearsal"}, "OtherPurse"),
}


@pytest.mark.parametrize(("wrong", "code"), PROPOSED_WRONG.values(), ids=PROPOSED_WRONG.keys())
async def test_a_proposal_that_cannot_be_is_refused(standing: AsyncEngine, wrong: Any, code: str) -> None:
    told = {"envelope": PURSE, "sort": "raise", "actor": FINANCE, "amount": Decimal(1), "reason": "plan"} | wrong

    with pytest.raises(Refusal) as refused:
        await Budgets(standing).propose(**told)

    assert refused.value.code == code


SETTLED_WRONG: dict[str, tuple[str, Actor, str]] = {
    "approved by oneself": ("approve", BOTH, "ActFourEyes"),
    "refused by oneself": ("refuse", BOTH, "ActFourEyes"),
    "approved in the name of who proposed": (
        "approve",
        actor("ANT-board-1", Role.BOARD, for_person="ANT-both-1"),
        "ActFourEyes",
    ),
    "approved without the role": ("approve", actor("ANT-finance-2", Role.FINANCE), "RoleMissing"),
    "approved by another fund": ("approve", actor("LIM-board-1", Role.BOARD, fund=Fund.LIMBURG), "OtherFund"),
    "withdrawn by somebody else": ("withdraw", BOARD, "OtherProposal"),
}


@pytest.mark.parametrize(("hand", "by", "code"), SETTLED_WRONG.values(), ids=SETTLED_WRONG.keys())
async def test_an_act_is_settled_by_who_may(standing: AsyncEngine, hand: str, by: Actor, code: str) -> None:
    budgets = Budgets(standing)
    act = await budgets.propose(PURSE, "raise", BOTH, amount=Decimal(1), reason="plan")

    with pytest.raises(Refusal) as refused:
        await getattr(budgets, hand)(act, by)

    assert refused.value.code == code
    assert (await stands(standing)).budget == 1000


async def test_an_act_that_is_not_there_is_refused(budgets: Budgets) -> None:
    with pytest.raises(Refusal, match="nummer 7"):
        await budgets.approve(7, BOARD)


@pytest.mark.parametrize("sort", ["lower", "shift"])
@pytest.mark.parametrize("held", ["reserved", "committed"])
async def test_no_budget_goes_below_what_is_promised(
    engine: AsyncEngine, budgets: Budgets, opened: Any, told: Any, sort: str, held: str
) -> None:
    await opened(OTHER)
    await told.open(ONE)
    await told.ask(ONE, 600)
    if held == "committed":
        await told.decide(ONE, 600)
    to = OTHER if sort == "shift" else None
    act = await budgets.propose(PURSE, sort, FINANCE, amount=Decimal("400.01"), to=to, reason="plan")  # type: ignore[arg-type]

    with pytest.raises(Refusal) as refused:
        await budgets.approve(act, BOARD)

    assert refused.value.code == "BudgetPromised"
    assert [(await stands(engine, name)).budget for name in (PURSE, OTHER)] == [1000, 1000]
    async with engine.connect() as connection:
        pending = await reading.acts(connection, Fund.ANTWERPEN, pending=True)
    assert [one.act for one in pending.acts] == [act]


async def test_two_who_open_the_same_envelope_open_it_once(engine: AsyncEngine, budgets: Budgets) -> None:
    first, second = [await budgets.propose(PURSE, "open", FINANCE, amount=Decimal(9), reason="plan") for _ in range(2)]
    await budgets.approve(first, BOARD)

    with pytest.raises(Refusal) as refused:
        await budgets.approve(second, BOARD)

    assert refused.value.code == "EnvelopeExists"
    assert (await stands(engine)).budget == 9


@pytest.mark.usefixtures("opened")
async def test_nothing_more_happens_to_an_envelope_that_was_closed_meanwhile(budgets: Budgets) -> None:
    late = await budgets.propose(PURSE, "raise", FINANCE, amount=Decimal(9), reason="plan")
    (closing,) = await budgets.close_year(Fund.ANTWERPEN, 2026, FINANCE, reason="year end")
    await budgets.approve(closing, BOARD)

    for hand in (budgets.approve(late, BOARD), budgets.propose(PURSE, "raise", FINANCE, amount=Decimal(9), reason="x")):
        with pytest.raises(Refusal) as refused:
            await hand
        assert refused.value.code == "EnvelopeClosed"


async def test_closing_a_year_is_proposed_once_for_every_open_envelope(budgets: Budgets, opened: Any) -> None:
    await opened(OTHER)
    await opened("ANT/2027/formal_training/111")

    acts = await budgets.close_year(Fund.ANTWERPEN, 2026, FINANCE, reason="year end")

    assert len(acts) == 2
    with pytest.raises(Refusal) as refused:
        await budgets.close_year(Fund.ANTWERPEN, 2026, FINANCE, reason="year end")
    assert refused.value.code == "NothingToClose"


GUARDED = {
    "an envelope": "UPDATE envelope SET budget = budget + 1",
    "a new envelope": "INSERT INTO envelope SELECT 'x', fund, year, instrument, committee, rehearsed, budget, "
    "reserved, committed, paid, recovered, state, opened_at FROM envelope",
    "what is held": "UPDATE holding SET reserved = reserved + 1",
    "a move": "INSERT INTO ledger_entry (fund, dossier, sequence, sort, amount, at) "
    "VALUES ('ANT', 'ANT-2026-S-000001', 1, 'payment', 5, now())",
    "a ceiling": "DELETE FROM holding_cap",
    "an act that was settled": "UPDATE budget_act SET amount = 5",
    "an act that settles itself": "INSERT INTO budget_act (fund, envelope, sort, amount, reason, proposed_by, "
    "proposed_at, state, decided_by, decided_at) "
    "VALUES ('ANT', 'ANT/2026/*/*', 'open', 5, 'x', 'a', now(), 'approved', 'b', now())",
    "the past": "DELETE FROM budget_act",
}


@pytest.mark.parametrize("statement", GUARDED.values(), ids=GUARDED.keys())
async def test_the_application_itself_cannot_write_the_ledger(standing: AsyncEngine, statement: str) -> None:
    with pytest.raises(DBAPIError, match=r"permission denied|refused"):
        async with database.transaction(standing) as connection:
            await connection.execute(text(statement))


@pytest.mark.usefixtures("opened")
async def test_the_application_cannot_call_what_moves_room(engine: AsyncEngine, told: Any) -> None:
    await told.open(ONE)

    with pytest.raises(DBAPIError, match="permission denied"):
        async with database.transaction(engine) as connection:
            await connection.execute(text("SELECT move_room(dossier, NULL, 'reservation', 5) FROM dossier"))


@pytest.mark.usefixtures("opened")
async def test_moves_stand_even_for_the_owner(database_urls: Any, told: Any) -> None:
    await told.open(ONE)
    await told.ask(ONE, 600)
    owner = database.make_engine(database_urls.owner)
    try:
        for statement in ("UPDATE ledger_entry SET amount = 1", "DELETE FROM ledger_entry", "TRUNCATE ledger_entry"):
            with pytest.raises(DBAPIError, match="append-only"):
                async with database.transaction(owner) as connection:
                    await connection.execute(text(statement))
    finally:
        await owner.dispose()


NAMES = {
    "ANT/2026/formal_training/111": Purse(Fund.ANTWERPEN, 2026, Instrument.FORMAL_TRAINING, "111"),
    "LIM/2027/*/*": Purse(Fund.LIMBURG, 2027, None),
    "OVL/2026/career_account/209/rehearsal": Purse(
        Fund.OOST_VLAANDEREN, 2026, Instrument.CAREER_ACCOUNT, "209", rehearsed=True
    ),
}


@pytest.mark.parametrize(("name", "purse"), NAMES.items(), ids=NAMES.keys())
def test_an_envelope_is_named_after_what_it_is_for(name: str, purse: Purse) -> None:
    assert Purse.named(name) == purse
    assert purse.name == name
