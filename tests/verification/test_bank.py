"""Verification sees when what was sent, what the bank booked and what dossiers believe is not the same money."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncEngine

from database import make_engine, transaction
from models.tables import PaymentRow
from tests.conftest import DatabaseUrls
from tests.treasury.bank_says import AT, Booked, camt, pain002, read, sent
from verification import verify
from verification.bank import check_bank
from verification.life import Moment

A, B, C = "ANT-2026-S-000001-1-1", "ANT-2026-S-000002-1-1", "ANT-2026-S-000003-1-1"
OF_A = "ANT-2026-S-000001/payment/1/1"


async def found(engine: AsyncEngine, *, fund: str | None = None, number: str | None = None) -> list[str]:
    async with engine.connect() as connection:
        later = Moment(datetime.now(UTC) + timedelta(hours=1), timedelta(minutes=1))
        return [fault.text for fault in await check_bank(connection, later, fund, number)]


async def do(engine: AsyncEngine, *statements: str) -> None:
    async with transaction(engine) as connection:
        for statement in statements:
            await connection.execute(text(statement))


@pytest.fixture
async def paid(engine: AsyncEngine) -> AsyncEngine:
    """A run of three: one executed, one rejected, one underway; the dossiers heard of it."""
    await sent(engine, "100.00", "200.00", "300.00")
    await read(engine, pain002((B, "RJCT", "AC04")))
    await read(engine, camt(Booked(A, "100.00"), Booked(None, "5.00")))
    states = {"ANT-2026-S-000001": "confirmed", "ANT-2026-S-000002": "returned", "ANT-2026-S-000003": "instructed"}
    rows = [
        {
            "payment": f"{dossier}/payment/1/1",
            "dossier": dossier,
            "instalment": 1,
            "amount": Decimal(100 * place),
            "account_of": "applicant",
            "state": state,
            "instructed_at": AT,
        }
        for place, (dossier, state) in enumerate(states.items(), start=1)
    ]
    async with transaction(engine) as connection:
        await connection.execute(insert(PaymentRow), rows)
        await connection.execute(text("DELETE FROM pending_command"))
    return engine


async def test_what_is_right_has_no_faults(paid: AsyncEngine) -> None:
    assert await found(paid) == []
    assert await found(paid, fund="ANT") == []


FAULTS = {
    "an executed line without its booking": (
        "UPDATE bank_entry SET state = 'unmatched', matched_as = NULL, matched_to = NULL WHERE matched_as = 'payment'",
        f"betaallijn {A} is uitgevoerd, en daarbij horen 0 boekingen van de bank in plaats van een",
    ),
    "a line with another amount than was booked": (
        f"UPDATE payment_line SET amount = 99, gross = 99 WHERE line = '{A}'",
        f"lijn 2 van de bank (100.00 euro) is gekoppeld aan {A}, en dat is 99.00 euro, executed",
    ),
    "a booking on what was never sent": (
        f"UPDATE payment_line SET state = 'discarded' WHERE line = '{A}'",
        f"lijn 2 van de bank (100.00 euro) is gekoppeld aan {A}, en dat is 100.00 euro, discarded",
    ),
    "a booking on no line at all": (
        "UPDATE bank_entry SET matched_to = 'weg' WHERE matched_as = 'payment'",
        "lijn 2 van de bank (100.00 euro) is gekoppeld aan weg, en dat is geen betaallijn",
    ),
    "a dossier that did not hear that it was paid": (
        f"UPDATE payment SET state = 'instructed' WHERE payment = '{OF_A}'",
        f"de bank zei van {OF_A}: executed, maar het dossier weet het niet (instructed)",
    ),
    "a dossier that did not hear of a rejection": (
        "UPDATE payment SET state = 'confirmed' WHERE state = 'returned'",
        "de bank zei van ANT-2026-S-000002/payment/1/1: rejected, maar het dossier weet het niet (confirmed)",
    ),
    "a confirmation without the bank": (
        "UPDATE payment SET state = 'confirmed' WHERE state = 'instructed'",
        f"ANT-2026-S-000003/payment/1/1 is bevestigd, maar de bank boekte betaallijn {C} niet (sealed)",
    ),
    "a file with fewer lines than the bank sent": (
        "DELETE FROM bank_entry WHERE amount = 5",
        "bestand file.xml telt 2 lijnen en -105.00 euro, bewaard zijn 1 lijnen en -100.00 euro",
    ),
    "a line that is not in the file": (
        f"UPDATE payment_line SET state = 'excluded' WHERE line = '{C}'",
        "in het betaalbestand staan 3 lijnen van samen 600.00 euro, de run telt er 2 van samen 300.00 euro",
    ),
    "a run that counts otherwise": (
        "UPDATE payment_run SET total = 601",
        "de betaalopdracht zegt 3 lijnen en 601.00 euro, de lijnen zijn er 3 van samen 600.00 euro",
    ),
    "a file with another amount": (
        "UPDATE payment_run SET content = replace(encode(content, 'escape'), '300.00', '300.01')::bytea",
        "in het betaalbestand staan 3 lijnen van samen 600.01 euro, de run telt er 3 van samen 600.00 euro",
    ),
    "a file that changed after it was sealed": (
        "UPDATE payment_run SET content = content || ' '::bytea",
        "het betaalbestand is niet meer wat het was toen het verzegeld werd",
    ),
    "a file that nobody can read": (
        "UPDATE payment_run SET content = '<Document'::bytea",
        "het betaalbestand kan niet gelezen worden",
    ),
}


@pytest.mark.parametrize(("spoiled", "told"), FAULTS.values(), ids=FAULTS.keys())
async def test_each_fault_is_told(paid: AsyncEngine, database_urls: DatabaseUrls, spoiled: str, told: str) -> None:
    owner = make_engine(database_urls.owner)
    await do(owner, spoiled)
    await owner.dispose()

    assert told in await found(paid)


async def test_two_bookings_of_one_payment_are_told_even_when_no_index_kept_them_out(
    paid: AsyncEngine, database_urls: DatabaseUrls
) -> None:
    owner = make_engine(database_urls.owner)
    again = f"SET state = 'matched', matched_as = 'payment', matched_to = '{A}' WHERE amount = 5"
    await do(owner, "DROP INDEX bank_entry_once", f"UPDATE bank_entry {again}")
    await owner.dispose()

    assert f"betaallijn {A} is uitgevoerd, en daarbij horen 2 boekingen van de bank in plaats van een" in await found(
        paid
    )


async def test_what_a_person_settled_needs_no_booking_yet(paid: AsyncEngine) -> None:
    settled = "UPDATE payment_line SET state = 'executed', reason = 'settled_by_person'"
    await do(
        paid, f"{settled} WHERE state = 'sealed'", "UPDATE payment SET state = 'confirmed' WHERE state = 'instructed'"
    )

    assert await found(paid) == []


async def test_what_is_on_its_way_to_its_dossier_is_not_held_against_it(paid: AsyncEngine) -> None:
    await do(
        paid,
        "UPDATE payment SET state = 'instructed' WHERE state = 'confirmed'",
        "INSERT INTO pending_command (dossier, update_id, name, command, sent_at) "
        "VALUES ('ANT-2026-S-000001', 'bank:x', 'settle_payment', '{}', now())",
    )

    assert await found(paid) == []


async def test_only_the_dossier_that_was_asked_for_is_looked_at(paid: AsyncEngine) -> None:
    await do(paid, "UPDATE payment SET state = 'instructed' WHERE state = 'confirmed'")

    assert len(await found(paid, number="ANT-2026-S-000001")) == 1
    assert await found(paid, number="ANT-2026-S-000003") == []
    assert await found(paid, fund="LIM") == []


async def test_verify_includes_the_bank(paid: AsyncEngine) -> None:
    await do(paid, "UPDATE payment_run SET total = 601")

    told = await verify(paid)

    assert ("ANT-2026-B-0001", "bank") in {(fault.dossier, fault.check) for fault in told.faults}
