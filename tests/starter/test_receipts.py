"""A receipt stands before anything else, once, and is started once, also when Temporal was away."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError

import receipts
from database import transaction
from embedded import SEARCH_ATTRIBUTES, EmbeddedTemporal
from models.errors import Refusal
from starter import Starter
from tests.patience import patient


async def test_the_receipt_stands_with_all_that_belongs_to_it(application: Any, starter: Starter, rows: Any) -> None:
    given = await starter.receive(application())

    assert (given.new, given.started) == (True, True)
    standing = await rows("SELECT number, idempotency_key, reference FROM receipt")
    assert standing == [(given.number, "k", "VOORBEELD-0001")]
    assert await rows("SELECT party, name FROM contact") == [("applicant", "Karolien Voorbeeld")]
    assert await rows("SELECT line, first_name FROM participant ORDER BY line") == [(1, "Jan"), (2, "An")]
    assert await rows("SELECT code FROM document ORDER BY code") == [("invoice",), ("proof_of_payment",)]


async def test_the_facts_that_travel_hold_nothing_personal(
    application: Any, starter: Starter, temporal_client: Client
) -> None:
    given = await starter.receive(application())

    history = await temporal_client.get_workflow_handle(given.number).fetch_history()

    spoken = history.to_json()
    for personal in ("Karolien", "karolien@", "Voorbeeld", "BE69", "1980-05-17"):
        assert personal not in spoken


async def test_every_search_attribute_of_the_namespace_is_set_at_the_start_and_tells_nothing_personal(
    application: Any, starter: Starter, temporal_client: Client
) -> None:
    given = await starter.receive(application())

    description = await temporal_client.get_workflow_handle(given.number).describe()

    found = {pair.key.name: pair.value for pair in description.typed_search_attributes}
    ours = {name: value for name, value in found.items() if not name.startswith(("Temporal", "Build"))}
    assert ours == {"DossierKind": "subsidy", "Fund": "ANT"}
    assert ours.keys() == SEARCH_ATTRIBUTES.keys()


async def test_the_same_key_is_the_same_receipt_also_at_once(application: Any, starter: Starter, rows: Any) -> None:
    given = await asyncio.gather(*(starter.receive(application()) for _ in range(5)))

    assert len({one.number for one in given}) == 1
    assert sum(one.new for one in given) == 1
    assert await rows("SELECT count(*) FROM receipt") == [(1,)]
    assert await rows("SELECT count(*) FROM participant") == [(2,)]
    following = (await starter.receive(application("another"))).number
    assert _serial(following) == _serial(given[0].number) + 1, "who came second with the same key took no number"


async def test_numbers_follow_each_other_without_a_gap_also_at_once(application: Any, starter: Starter) -> None:
    given = await asyncio.gather(*(starter.receive(application(f"k{place}")) for place in range(8)))

    serials = sorted(_serial(one.number) for one in given)
    assert serials == list(range(serials[0], serials[0] + 8))


def _serial(number: str) -> int:
    return int(number.rsplit("-", 1)[1])


async def test_in_a_transaction_of_others_the_same_key_leaves_the_rest_standing(
    application: Any, engine: AsyncEngine, rows: Any
) -> None:
    async def import_two(first: str, second: str) -> list[tuple[str, bool]]:
        async with transaction(engine) as connection:
            return [await receipts.write(connection, application(key)) for key in (first, second)]

    imported = await asyncio.gather(import_two("k1", "k2"), import_two("k1", "k3"))

    assert sorted(new for batch in imported for _, new in batch) == [False, True, True, True]
    numbers = sorted(number for (number,) in await rows("SELECT number FROM receipt"))
    assert [_serial(number) - _serial(numbers[0]) for number in numbers] == [0, 1, 2]


async def test_a_receipt_counts_as_started_once_its_dossier_was_opened(lived: Any) -> None:
    await lived.received()

    assert await lived.rows("SELECT started_at IS NOT NULL FROM receipt") == [(True,)]
    assert await lived.starter.sweep() == 0


async def test_a_second_application_for_the_same_course_is_recognised(
    application: Any, starter: Starter, rows: Any
) -> None:
    first = await starter.receive(application("k1").model_copy(update={"fingerprint": "f"}))
    await starter.receive(application("k2").model_copy(update={"fingerprint": "f"}))

    found = await rows("SELECT facts ->> 'duplicate_of' FROM receipt ORDER BY number")

    assert found == [(None,), (first.number,)]


async def test_a_day_without_a_policy_is_refused_and_leaves_no_receipt(
    application: Any, starter: Starter, rows: Any
) -> None:
    early = application().model_copy(update={"received_at": datetime(1999, 1, 4, 9, tzinfo=UTC)})

    with pytest.raises(Refusal, match="reglement"):
        await starter.receive(early)

    assert await rows("SELECT count(*) FROM receipt") == [(0,)]


async def test_a_receipt_that_cannot_be_started_is_started_by_the_sweep(
    application: Any, engine: AsyncEngine, rows: Any, queue: str, server_directory: Path
) -> None:
    """Temporal goes away after the door was opened, and comes back."""
    async with EmbeddedTemporal(server_directory / "away") as own:
        client = await Client.connect(own.address, namespace=own.namespace, data_converter=pydantic_data_converter)
        starter = Starter(client, engine, queue)
        await own.stop()

        given = await starter.receive(application())

        assert (given.new, given.started) == (True, False)
        assert await rows("SELECT number FROM receipt WHERE started_at IS NULL") == [(given.number,)]
        await own.start()
        async with patient():
            while not await _swept(starter):
                await asyncio.sleep(0.2)
        assert await rows("SELECT count(*) FROM receipt WHERE started_at IS NULL") == [(0,)]
        assert (await client.get_workflow_handle(given.number).describe()).id == given.number
        assert await starter.sweep() == 0


async def _swept(starter: Starter) -> bool:
    try:
        return await asyncio.wait_for(starter.sweep(), timeout=3) == 1
    except (RPCError, TimeoutError):
        return False


async def test_starting_what_runs_already_changes_nothing(
    application: Any, starter: Starter, temporal_client: Client, rows: Any
) -> None:
    given = await starter.receive(application())
    before = await temporal_client.get_workflow_handle(given.number).describe()

    await starter.start(given.number)

    after = await temporal_client.get_workflow_handle(given.number).describe()
    assert after.run_id == before.run_id
    assert await rows("SELECT started_at IS NOT NULL FROM receipt") == [(True,)]
