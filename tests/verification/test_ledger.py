"""The ledger of budgets is verified against itself, its envelopes, its acts and its dossiers; every fault is found."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

import database
from budgets import Budgets
from models.messages import events as e
from models.messages.commands import Actor
from models.messages.words import Fund, Outcome, Party, Role
from tests.budgets.conftest import emptied
from verification import verify

PURSE = "ANT/2026/formal_training/*"
ONE, TWO, THREE = (f"ANT-2024-S-00000{place}" for place in (1, 2, 3))


def asked(amount: int) -> e.BudgetAsked:
    return e.BudgetAsked(amount=Decimal(amount), year=2026, committee="*")


CONSTRAINTS = (
    "envelope_room",
    "envelope_order",
    "holding_allowed",
    "holding_order",
    "holding_decided",
    "holding_waits",
)


@pytest.fixture(scope="module")
async def shared(new_database: Any) -> AsyncIterator[Any]:
    """A database without the constraints that would stop most of what is spoiled here."""
    async with new_database() as urls:
        owner = database.make_engine(urls.owner)
        async with database.transaction(owner) as connection:
            for check in CONSTRAINTS:
                await connection.execute(text(f"ALTER TABLE {check.split('_')[0]} DROP CONSTRAINT {check}"))
        await owner.dispose()
        yield urls


@pytest.fixture
async def database_urls(shared: Any) -> Any:
    """It, with nothing in it."""
    await emptied(shared.owner)
    return shared


@pytest.fixture
async def ledger(engine: AsyncEngine, live: Any, made: Any) -> None:
    """Three dossiers on one envelope: one paid and partly recovered, one reserved, one in line."""
    budgets = Budgets(engine)
    finance, board = (
        Actor(person=f"ANT-{role.value}-1", party=Party.STAFF, fund=Fund.ANTWERPEN, roles=frozenset({role}))
        for role in (Role.FINANCE, Role.BOARD)
    )
    for sort, amount in (("open", 1500), ("lower", 100)):
        act = await budgets.propose(PURSE, sort, finance, amount=Decimal(amount), reason="plan")  # type: ignore[arg-type]
        await budgets.approve(act, board)
    recovery = e.RecoveryOrdered(recovery=f"{ONE}/recovery/1", amount=Decimal(100), reason="retention")
    settled = e.RecoverySettled(recovery=recovery.recovery, outcome="received", recovered=Decimal(100))
    paid = [made.instructed(ONE, amount="800"), made.confirmed(ONE, "800")]
    await live([[made.opened()], [asked(866)], [made.decided("866")], paid, [recovery, settled]], ONE)
    await live([[made.opened()], [asked(500)]], TWO)
    await live([[made.opened()], [asked(300)]], THREE)


@pytest.fixture
def tamper(database_urls: Any) -> Callable[..., Awaitable[None]]:
    """Somebody with the owner's rights who takes the guards away first."""

    async def changed(*statements: str) -> None:
        owner = database.make_engine(database_urls.owner)
        guarded = ("ledger_entry", "dossier", "budget_act")
        try:
            async with database.transaction(owner) as connection:
                for hand in ("DISABLE", "ENABLE"):
                    for table in guarded:
                        await connection.execute(text(f"ALTER TABLE {table} {hand} TRIGGER USER"))
                    for statement in statements if hand == "DISABLE" else ():
                        await connection.execute(text(statement))
        finally:
            await owner.dispose()

    return changed


async def faults(engine: AsyncEngine, made: Any, **options: Any) -> set[str]:
    outcome = await verify(engine, now=made.now, **options)
    return {f"{fault.dossier}: {fault.text}" for fault in outcome.faults if fault.check == "ledger"}


@pytest.mark.usefixtures("ledger")
async def test_what_the_triggers_kept_is_clean(engine: AsyncEngine, made: Any) -> None:
    assert await faults(engine, made) == set()


SPOILED: dict[str, tuple[str, set[str]]] = {
    "a move that is gone": (
        f"DELETE FROM ledger_entry WHERE dossier = '{ONE}' AND sort = 'payment'",
        {
            f"{ONE}: betaald is 800.00, de bewegingen tellen op tot 0",
            f"{PURSE}: betaald is 800.00, de bewegingen tellen op tot 0",
        },
    ),
    "a move of another amount": (
        f"UPDATE ledger_entry SET amount = 499 WHERE dossier = '{TWO}'",
        {
            f"{TWO}: gereserveerd is 500.00, de bewegingen tellen op tot 499.00",
            f"{PURSE}: gereserveerd is 500.00, de bewegingen tellen op tot 499.00",
        },
    ),
    "moves of nobody": (
        f"DELETE FROM holding WHERE dossier = '{TWO}'",
        {
            f"{TWO}: er zijn bewegingen in het grootboek, maar er wordt niets vastgehouden",
            f"{PURSE}: gereserveerd is 500.00, de dossiers samen hebben 0.00",
        },
    ),
    "more held than moved": (
        f"UPDATE holding SET reserved = 501 WHERE dossier = '{TWO}'",
        {
            f"{TWO}: gereserveerd is 501.00, de bewegingen tellen op tot 500.00",
            f"{PURSE}: gereserveerd is 500.00, de dossiers samen hebben 501.00",
        },
    ),
    "an envelope that says less than its dossiers": (
        "UPDATE envelope SET committed = 800",
        {
            f"{PURSE}: vastgelegd is 800.00, de bewegingen tellen op tot 866.00",
            f"{PURSE}: vastgelegd is 800.00, de dossiers samen hebben 866.00",
        },
    ),
    "a budget that nobody approved": (
        "UPDATE envelope SET budget = 1500",
        {
            f"{PURSE}: het budget is 1500.00, goedgekeurd en niet vervallen is 1400.00",
        },
    ),
    "a budget that is overspent": (
        "UPDATE envelope SET budget = 1200",
        {
            f"{PURSE}: het budget is 1200.00, goedgekeurd en niet vervallen is 1400.00",
            f"{PURSE}: er is 1266.00 beloofd, meer dan het budget van 1200.00",
        },
    ),
    "an act that was approved for another amount": (
        "UPDATE budget_act SET amount = 90 WHERE sort = 'lower'",
        {f"{PURSE}: het budget is 1400.00, goedgekeurd en niet vervallen is 1410.00"},
    ),
    "a grant that the ledger did not hear of": (
        f"UPDATE dossier SET granted = 870 WHERE number = '{ONE}'",
        {f"{ONE}: vastgelegd is 866.00, in het dossier staat 870.00"},
    ),
    "a recovery that the ledger did not hear of": (
        f"UPDATE dossier SET recovered = 120 WHERE number = '{ONE}'",
        {f"{ONE}: teruggevorderd is 100.00, in het dossier staat 120.00"},
    ),
    "a dossier that is gone": (
        f"DELETE FROM dossier WHERE number = '{TWO}'",
        {f"{TWO}: houdt een deel van een budget vast, maar het dossier bestaat niet"},
    ),
    "something reserved for a closed dossier": (
        f"UPDATE dossier SET outcome = 'withdrawn' WHERE number = '{TWO}'",
        {f"{TWO}: het dossier is gesloten, maar er is nog 500.00 gereserveerd"},
    ),
    "somebody in line who was decided on": (
        f"UPDATE dossier SET reserving = NULL WHERE number = '{THREE}'",
        {f"{THREE}: er is beslist, maar het staat nog op de wachtlijst"},
    ),
    "somebody in line who fits": (
        f"UPDATE holding SET allowed = 100 WHERE dossier = '{THREE}'",
        {f"{THREE}: staat vooraan op de wachtlijst van {PURSE}, waar ruimte genoeg is"},
    ),
}


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize(("statement", "expected"), SPOILED.values(), ids=SPOILED.keys())
async def test_a_fault_in_the_ledger_is_found_and_named(
    engine: AsyncEngine, made: Any, tamper: Any, statement: str, expected: set[str]
) -> None:
    await tamper(statement)

    assert await faults(engine, made) == expected


@pytest.mark.usefixtures("ledger")
async def test_one_dossier_or_fund_is_asked_alone(engine: AsyncEngine, made: Any, tamper: Any) -> None:
    await tamper("UPDATE holding SET reserved = reserved + 1", "UPDATE envelope SET reserved = reserved + 1")

    of_one = await faults(engine, made, number=TWO)
    of_fund = await faults(engine, made, fund="ANT")

    assert of_one == {f"{TWO}: gereserveerd is 501.00, de bewegingen tellen op tot 500.00"}
    assert of_one < of_fund
    assert await faults(engine, made, fund="LIM") == set()


@pytest.mark.usefixtures("ledger")
async def test_who_is_refused_while_waiting_leaves_it_clean(engine: AsyncEngine, live: Any, made: Any) -> None:
    number = "ANT-2024-S-000009"
    closed = e.Closed(outcome=Outcome.REFUSED, reason="too_late")

    await live([[made.opened()], [asked(10)], [made.decided("0")], [closed]], number)

    assert await faults(engine, made) == set()
