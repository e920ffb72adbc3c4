"""The files of a bank in any order, some of them twice: what stands afterwards is always the same."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from models.tables import BankEntry, PendingCommand
from schemes.communications import communication_of
from tests.treasury.bank_says import Booked, camt, claimed, lines_stand, pain002, read, reference, sent
from treasury.matching import match

AMOUNTS = ("100.00", "200.00", "300.00", "400.00", "500.00", "600.00")
SECOND = ("10.00", "20.00")
DEBTOR = "ANT-2026-S-000777"
A, B, C, D, E, F = (reference(serial) for serial in range(1, 7))
X, Y = reference(1001), reference(1002)


def said() -> list[bytes]:
    """Two runs: one booked line by line, with a rejection and returns; one booked as a sum that is detailed later."""
    accepted = pain002((A, "ACSP", None), (B, "ACSP", None), (F, "RJCT", "AC04"))
    notified = camt(Booked(A, "100.00", reference="B1"), Booked(B, "200.00", reference="B2"), sort="054", name="n1")
    monday = camt(
        Booked(A, "100.00", reference="B1"),
        Booked(B, "200.00", reference="B2", text="anders verwoord"),
        Booked(C, "300.00", reference="B3"),
        Booked(D, "400.00"),
        Booked(None, "12.50", reference="K1", text="kosten"),
        name="s1",
    )
    tuesday = camt(
        Booked(E, "500.00", reference="B5"),
        Booked(B, "200.00", "CRDT", "R2", "AC04"),
        Booked(D, "400.00", "CRDT", "R4", "AC06"),
        Booked(None, "75.00", "CRDT", "P1", communication=communication_of(DEBTOR)),
        Booked(None, "33.00", "CRDT", "P2", text="zomaar"),
        Booked("ANT-2026-S-009999-1-1", "9.99", reference="V1"),
        name="s2",
    )
    whole = camt(Booked(None, "30.00", reference="S1", message="ANT-2026-B-0002-01"), name="s3")
    details = camt(Booked(X, "10.00", reference="S2"), Booked(Y, "20.00", reference="S3"), sort="054", name="n2")
    return [accepted, notified, monday, tuesday, whole, details, pain002(whole="ACTC", message="ANT-2026-B-0002-01")]


async def end(engine: AsyncEngine) -> dict[str, Any]:
    """What stands, in words that do not depend on which of two files was the first to tell of a booking."""
    async with engine.connect() as connection:
        rows = (await connection.execute(select(BankEntry))).all()
        kept = (await connection.execute(select(PendingCommand))).all()
    told: dict[str, str] = {}
    for row in sorted(kept, key=lambda one: str(one.command.get("outcome"))):
        told[str(row.command.get("payment") or row.command["recovery"])] = row.command.get("outcome", "received")
    money = [row for row in rows if row.says == "booked"]
    return {
        "lines": await lines_stand(engine),
        "heard": told,
        "returns": {row.matched_to for row in money if row.matched_as == "return"},
        "recovered": sum(row.amount for row in money if row.matched_as == "recovery"),
        "paid": sum(row.amount for row in money if row.matched_as in ("payment", "run")),
        "unmatched": Counter((row.why, str(row.amount)) for row in money if row.state == "unmatched"),
        "open words": [row.why for row in rows if row.says != "booked" and row.state == "unmatched"],
    }


@pytest.mark.parametrize("seed", range(8))
async def test_any_order_and_repetition_ends_the_same(engine: AsyncEngine, seed: int) -> None:
    await sent(engine, *AMOUNTS)
    await sent(engine, *SECOND, number=2)
    await claimed(engine, DEBTOR, "250.00", communication_of(DEBTOR))
    files, chance = said(), random.Random(seed)
    played = files + chance.sample(files, 3)
    chance.shuffle(played)

    for file in played:
        await read(engine, file)

    assert await end(engine) == {
        "lines": {A: "executed", B: "returned", C: "executed", D: "returned", E: "executed", F: "rejected"}
        | {X: "executed", Y: "executed"},
        "heard": {_payment(line): "confirmed" for line in (A, C, E, X, Y)}
        | {_payment(line): "returned" for line in (B, D, F)}
        | {f"{DEBTOR}/recovery/1": "received"},
        "returns": {B, D},
        "recovered": 75,
        "paid": 1530,
        "unmatched": {("not_ours", "12.50"): 1, ("unknown_payer", "33.00"): 1, ("unknown_reference", "9.99"): 1},
        "open words": [],
    }


async def test_matching_again_changes_nothing(engine: AsyncEngine) -> None:
    await sent(engine, *AMOUNTS)
    await sent(engine, *SECOND, number=2)
    await claimed(engine, DEBTOR, "250.00", communication_of(DEBTOR))
    for file in said():
        await read(engine, file)
    snapshot = "SELECT xmin, * FROM bank_entry ORDER BY entry"
    async with engine.begin() as connection:
        before = (await connection.execute(text(snapshot))).all()
        await match(connection, "ANT")
        assert (await connection.execute(text(snapshot))).all() == before


def _payment(line: str) -> str:
    dossier, instalment, attempt = line.rsplit("-", 2)
    return f"{dossier}/payment/{instalment}/{attempt}"
