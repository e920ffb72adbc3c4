"""Verification finds what cannot be true, names it, and finds nothing in what `record` wrote."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from models import chain
from models.messages import events as e
from verification import verify


async def found(engine: AsyncEngine, made: Any, **options: Any) -> list[tuple[str, str]]:
    outcome = await verify(engine, **{"now": made.now, **options})
    assert {fault.dossier for fault in outcome.faults} <= {made.number}
    return [(fault.check, fault.text) for fault in outcome.faults]


async def test_a_whole_life_with_every_sort_of_row_is_clean(engine: AsyncEngine, live: Any, made: Any) -> None:
    await live(made.whole_life(made.number))

    outcome = await verify(engine, now=made.now)

    assert outcome.faults == ()
    assert outcome.clean
    assert (outcome.dossiers, outcome.events) == (1, 28)


async def test_an_empty_house_is_clean(engine: AsyncEngine) -> None:
    assert (await verify(engine)).model_dump() == {"dossiers": 0, "events": 0, "faults": (), "clean": True}


SPOILED = {
    "one byte of a fact": (
        "UPDATE event SET data = jsonb_set(data, '{granted}', '\"866.41\"') WHERE type = 'decided'",
        "journal",
        "event 16 (decided) is veranderd: de hash klopt niet meer",
    ),
    "the moment of an event": (
        "UPDATE event SET at = at + interval '1 microsecond' WHERE sequence = 3",
        "journal",
        "event 3 (phase_entered) is veranderd: de hash klopt niet meer",
    ),
    "who did it": (
        "UPDATE event SET by = 'somebody' WHERE sequence = 3",
        "journal",
        "event 3 (phase_entered) is veranderd: de hash klopt niet meer",
    ),
    "a fact that is none any more": (
        "UPDATE event SET data = '{}' WHERE sequence = 3",
        "journal",
        "event 3 (phase_entered) is niet te lezen: de inhoud past niet bij zijn soort",
    ),
    "an event that is gone": (
        "DELETE FROM event WHERE sequence = 5",
        "journal",
        "event 5 ontbreekt: na 4 volgt 6",
    ),
    "the last event": (
        "DELETE FROM event WHERE sequence = 28",
        "journal",
        "het dossier telt 28 events, in het journaal staan er 27",
    ),
    "a link of the chain": (
        "UPDATE event SET previous = repeat('1', 64) WHERE sequence = 3",
        "journal",
        "event 3 (phase_entered) sluit niet aan op het vorige",
    ),
    "a projection row that is gone": (
        "DELETE FROM decision",
        "projection",
        "decision ANT-2024-S-000001/1 ontbreekt, maar volgt uit de events",
    ),
    "a projection row too many": (
        "INSERT INTO instalment VALUES ('ANT-2024-S-000001', 7, 'approval', 5)",
        "projection",
        "instalment ANT-2024-S-000001/7 staat er, maar volgt uit geen event",
    ),
    "a column": (
        "UPDATE task SET role = 'finance'",
        "projection",
        "task ANT-2024-S-000001/review/1: role is 'finance', uit de events volgt 'team_lead'",
    ),
    "an amount": (
        "UPDATE dossier SET granted = 800.01",
        "projection",
        "dossier ANT-2024-S-000001: granted is '800.01', uit de events volgt '800'",
    ),
    "the head of the dossier": (
        "UPDATE dossier SET sequence = 24",
        "projection",
        "het dossier verwijst naar event 24, het laatste is 28",
    ),
    "the dossier row": (
        "DELETE FROM dossier",
        "projection",
        "dossier ANT-2024-S-000001 ontbreekt, maar volgt uit de events",
    ),
    "a mail that fell out of the ledger": (
        "DELETE FROM effect WHERE template = 'closed'",
        "mail",
        "de mail ANT-2024-S-000001/mail/closed/1/applicant is gepland maar staat niet in het grootboek",
    ),
    "a mail that nobody planned": (
        "INSERT INTO effect SELECT 'x', dossier, 'survey', occasion, party, role, values, dated, state, attempts, "
        "not_before, planned_at FROM effect WHERE template = 'closed'",
        "mail",
        "de mail x staat in het grootboek maar werd nooit gepland",
    ),
    "a mail of which nobody knows": (
        "UPDATE effect SET state = 'unknown' WHERE template = 'closed'",
        "mail",
        "van de mail ANT-2024-S-000001/mail/closed/1/applicant is niet geweten of ze vertrok; beslis met "
        "'doorstroom settle'",
    ),
    "a claim without an end": (
        "UPDATE effect SET state = 'claimed', claimed_at = '2024-03-20 08:00+00' WHERE template = 'closed'",
        "mail",
        "de mail ANT-2024-S-000001/mail/closed/1/applicant blijft in behandeling sinds 08:00",
    ),
    "one mail sent twice to one person": (
        "UPDATE effect SET state = 'sent', recipient = 'abc', template = 'receipt' "
        "WHERE template IN ('receipt', 'closed')",
        "mail",
        "de mail receipt voor '1' ging 2 keer naar dezelfde persoon",
    ),
    "a receipt that is gone": ("DELETE FROM receipt", "receipt", "er is geen ontvangst met dit nummer"),
    "a receipt that never started": (
        "UPDATE receipt SET started_at = NULL",
        "receipt",
        "ontvangen, maar nog niet gestart: draait er een worker en is Temporal bereikbaar?",
    ),
}


@pytest.mark.parametrize(("statement", "check", "text"), SPOILED.values(), ids=SPOILED.keys())
async def test_what_somebody_spoiled_is_named(
    engine: AsyncEngine, live: Any, made: Any, spoil: Any, statement: str, check: str, text: str
) -> None:
    await live(made.whole_life(made.number))
    await spoil(statement)

    assert await found(engine, made) == [(check, text)]


async def test_a_rewritten_chain_still_differs_from_the_dossiers_head(
    engine: AsyncEngine, live: Any, made: Any, spoil: Any
) -> None:
    """Somebody who computes the hashes anew must also find the row that kept the last one."""
    await live(made.whole_life(made.number)[:1])
    last = made.mail(made.number, "request_documents", "2")
    event = e.Event(sequence=5, at=made.received, by="system", fact=last)
    async with engine.connect() as connection:
        rows = await connection.exec_driver_sql("SELECT hash FROM event WHERE sequence = 4")
        previous = rows.scalar_one()
    data = chain.stored_data(event)
    digest = chain.chain(made.number, event, data, previous)
    await spoil(
        "UPDATE event SET data = CAST(:data AS jsonb), hash = :hash WHERE sequence = 5",
        data=json.dumps(data),
        hash=digest,
    )

    faults = await found(engine, made)

    assert ("projection", "het dossier verwijst naar event 5, het laatste is 5") in faults


async def test_a_receipt_that_was_started_but_never_opened_is_found(engine: AsyncEngine, live: Any, made: Any) -> None:
    await live([])

    assert await found(engine, made) == [("receipt", "gestart, maar het dossier is nooit geopend")]


async def test_a_fresh_receipt_may_still_be_on_its_way(engine: AsyncEngine, live: Any, made: Any) -> None:
    await live([], started_at=None, received_at=made.now - timedelta(seconds=30))

    assert await found(engine, made) == []


async def test_every_page_is_read(engine: AsyncEngine, live: Any, made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import verification.verifying as verifying
    from verification.stored import every_dossier

    monkeypatch.setattr(verifying, "every_dossier", lambda connection, of: every_dossier(connection, page=2, of=of))
    numbers = [f"ANT-2024-S-{count:06d}" for count in range(1, 6)]
    for number in numbers:
        await live(made.whole_life(number), number)
    counted: list[int] = []

    outcome = await verify(engine, now=made.now, progress=counted.append)

    assert (outcome.dossiers, outcome.events, counted) == (5, 140, [2, 2, 1])
