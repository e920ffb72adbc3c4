"""The one door: a receipt stands before anything else, nothing is started or done twice, and every no has a reason."""

from __future__ import annotations

import asyncio
import itertools
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError

import receipts
from commands.example import EXAMPLE
from database import transaction
from embedded import EmbeddedMail, EmbeddedTemporal
from models.errors import Refusal
from models.messages.commands import Actor, AnswerRequest
from models.messages.words import Document, Fund, Party
from models.tables import StaffMember, TaskRow
from settings import Settings
from starter import Starter
from worker import working

STAFF = {
    "ANT-handler-1": ["handler"],
    "ANT-handler-2": ["handler"],
    "ANT-all": ["handler", "approver", "finance"],
    "ANT-approver-1": ["approver"],
    "ANT-gone": ["handler"],
    "LIM-handler-1": ["handler"],
}
SERIES = itertools.count(1)
Rows = Callable[..., Awaitable[list[Any]]]


@pytest.fixture
def rows(engine: AsyncEngine) -> Rows:
    async def found(query: str, **values: Any) -> list[Any]:
        async with transaction(engine) as connection:
            return [tuple(row) for row in await connection.execute(text(query), values)]

    return found


@pytest.fixture(autouse=True)
async def people(engine: AsyncEngine) -> None:
    """Staff, and numbers that no other test uses: Temporal is shared."""
    members = [
        {
            "person": person,
            "fund": person[:3],
            "name": person,
            "email": f"{person.lower()}@fonds.example",
            "language": "nl",
            "roles": roles,
            "active": person != "ANT-gone",
        }
        for person, roles in STAFF.items()
    ]
    async with transaction(engine) as connection:
        await connection.execute(insert(StaffMember), members)
        await connection.execute(
            text("INSERT INTO number_series VALUES ('ANT-2024-S', :last)"), {"last": 500_000 + next(SERIES) * 100}
        )


def application(key: str = "k", **facts: Any) -> receipts.Application:
    content = EXAMPLE | {"idempotency_key": key, "facts": EXAMPLE["facts"] | facts}
    return receipts.Application.model_validate(content)


LARGE = {
    "hours": "40",
    "ends_on": "2024-02-08",
    "participants": [
        {"line": line, "status": "worker", "hours_planned": "40", "hours_attended": "40"} for line in range(1, 5)
    ],
    "stated_participants": 4,
    "cost": "4000",
    "asked": "800",
}


@pytest.fixture
def queue() -> str:
    return f"test-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def starter(temporal_client: Client, engine: AsyncEngine, queue: str) -> Starter:
    return Starter(temporal_client, engine, queue)


# Receipts


async def test_the_receipt_stands_with_all_that_belongs_to_it(starter: Starter, rows: Rows) -> None:
    given = await starter.receive(application())

    assert (given.new, given.started) == (True, True)
    ((number, key, reference, started),) = await rows(
        "SELECT number, idempotency_key, reference, started_at IS NOT NULL FROM receipt"
    )
    assert (number, key, reference, started) == (given.number, "k", "VOORBEELD-0001", True)
    assert await rows("SELECT party, name FROM contact") == [("applicant", "Karolien Voorbeeld")]
    assert await rows("SELECT line, first_name FROM participant ORDER BY line") == [(1, "Jan"), (2, "An")]
    assert await rows("SELECT code FROM document ORDER BY code") == [("invoice",), ("proof_of_payment",)]


async def test_the_facts_that_travel_hold_nothing_personal(starter: Starter, temporal_client: Client) -> None:
    given = await starter.receive(application())

    history = await temporal_client.get_workflow_handle(given.number).fetch_history()

    spoken = history.to_json()
    for personal in ("Karolien", "karolien@", "Voorbeeld", "BE69", "1980-05-17"):
        assert personal not in spoken


async def test_the_same_key_is_the_same_receipt_also_at_once(starter: Starter, rows: Rows) -> None:
    given = await asyncio.gather(*(starter.receive(application()) for _ in range(5)))

    assert len({one.number for one in given}) == 1
    assert sum(one.new for one in given) == 1
    assert await rows("SELECT count(*) FROM receipt") == [(1,)]
    assert await rows("SELECT count(*) FROM participant") == [(2,)]


async def test_numbers_follow_each_other_without_a_gap_also_at_once(starter: Starter) -> None:
    given = await asyncio.gather(*(starter.receive(application(f"k{place}")) for place in range(8)))

    serials = sorted(int(one.number.rsplit("-", 1)[1]) for one in given)
    assert serials == list(range(serials[0], serials[0] + 8))


async def test_a_second_application_for_the_same_course_is_recognised(starter: Starter, rows: Rows) -> None:
    first = await starter.receive(application("k1").model_copy(update={"fingerprint": "f"}))
    await starter.receive(application("k2").model_copy(update={"fingerprint": "f"}))

    found = await rows("SELECT facts ->> 'duplicate_of' FROM receipt ORDER BY number")

    assert found == [(None,), (first.number,)]


async def test_a_day_without_a_policy_is_refused_and_leaves_no_receipt(starter: Starter, rows: Rows) -> None:
    early = application().model_copy(update={"received_at": datetime(1999, 1, 4, 9, tzinfo=UTC)})

    with pytest.raises(Refusal, match="reglement"):
        await starter.receive(early)

    assert await rows("SELECT count(*) FROM receipt") == [(0,)]


async def test_a_receipt_that_cannot_be_started_is_started_by_the_sweep(
    engine: AsyncEngine, rows: Rows, queue: str, server_directory: Path
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
        async with asyncio.timeout(30):
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
    starter: Starter, temporal_client: Client, rows: Rows
) -> None:
    given = await starter.receive(application())
    before = await temporal_client.get_workflow_handle(given.number).describe()
    await rows("UPDATE receipt SET started_at = NULL RETURNING 1")

    await starter.start(given.number)

    after = await temporal_client.get_workflow_handle(given.number).describe()
    assert after.run_id == before.run_id
    assert await rows("SELECT started_at IS NOT NULL FROM receipt") == [(True,)]


# The work list


@pytest.fixture
async def task(engine: AsyncEngine) -> str:
    """An open task, as `record` would leave it; nobody has to run for who holds it."""
    name = "ANT-2024-S-000001/approval/1"
    now = datetime.now(UTC)
    row = {
        "task": name,
        "dossier": "ANT-2024-S-000001",
        "fund": "ANT",
        "kind": "subsidy",
        "step": "approval",
        "role": "handler",
        "due": date(2024, 3, 18),
        "derivation": "",
        "priority": 2,
        "outcomes": ["approve"],
        "excluded": ["ANT-all"],
        "silence": "",
        "state": "open",
        "opened_at": now,
        "reminders": 0,
        "escalations": 0,
        "reasons": [],
    }
    async with transaction(engine) as connection:
        await connection.execute(insert(TaskRow).values(row))
    return name


async def holder(rows: Rows) -> list[Any]:
    return [person for (person,) in await rows("SELECT person FROM task_hold")]


async def test_one_of_two_who_claim_at_once_gets_the_task(starter: Starter, task: str, rows: Rows) -> None:
    both = ("ANT-handler-1", "ANT-handler-2")

    answers = await asyncio.gather(*(starter.claim(task, person) for person in both), return_exceptions=True)

    (winner,) = await holder(rows)
    refusals = [answer for answer in answers if answer is not None]
    assert winner in both
    assert [refusal.code for refusal in refusals if isinstance(refusal, Refusal)] == ["TaskHeld"]
    assert winner in str(refusals[0])


async def test_claiming_twice_is_claiming_once(starter: Starter, task: str, rows: Rows) -> None:
    await starter.claim(task, "ANT-handler-1")
    await starter.claim(task, "ANT-handler-1")

    assert await holder(rows) == ["ANT-handler-1"]


REFUSED = {
    "somebody of another fund": ("LIM-handler-1", "WrongRole"),
    "somebody without the role": ("ANT-approver-1", "WrongRole"),
    "somebody who took an earlier step": ("ANT-all", "FourEyes"),
    "somebody who left": ("ANT-gone", "UnknownPerson"),
    "somebody unknown": ("nobody", "UnknownPerson"),
}


@pytest.mark.parametrize(("person", "code"), REFUSED.values(), ids=REFUSED.keys())
async def test_who_may_not_take_a_task_hears_why(
    starter: Starter, task: str, rows: Rows, person: str, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        await starter.claim(task, person)

    assert refused.value.code == code
    assert await holder(rows) == []


async def test_a_task_that_is_done_cannot_be_claimed(starter: Starter, task: str, rows: Rows) -> None:
    await rows("UPDATE task SET state = 'done' RETURNING 1")

    with pytest.raises(Refusal, match="niet \\(meer\\) open"):
        await starter.claim(task, "ANT-handler-1")


async def test_only_the_holder_releases(starter: Starter, task: str, rows: Rows) -> None:
    await starter.claim(task, "ANT-handler-1")

    await starter.release(task, "ANT-handler-2")
    assert await holder(rows) == ["ANT-handler-1"]

    await starter.release(task, "ANT-handler-1")
    assert await holder(rows) == []


async def test_a_colleague_takes_over(starter: Starter, task: str, rows: Rows) -> None:
    await starter.claim(task, "ANT-handler-1")

    await starter.reassign(task, "ANT-handler-1", "ANT-handler-2")

    assert await holder(rows) == ["ANT-handler-2"]


async def test_a_colleague_who_may_not_take_over_leaves_the_task_where_it_was(
    starter: Starter, task: str, rows: Rows
) -> None:
    await starter.claim(task, "ANT-handler-1")

    with pytest.raises(Refusal, match="Vier ogen"):
        await starter.reassign(task, "ANT-handler-1", "ANT-all")

    assert await holder(rows) == ["ANT-handler-1"]


# Commands to a dossier that lives


@dataclass
class Lived:
    starter: Starter
    rows: Rows

    async def received(self, **facts: Any) -> str:
        number = (await self.starter.receive(application(uuid.uuid4().hex, **facts))).number
        await self.eventually("SELECT 1 FROM dossier WHERE number = :number AND waiting_on IS NOT NULL", number=number)
        return number

    async def open_task(self, number: str, step: str) -> str:
        found = await self.eventually(
            "SELECT task FROM task WHERE dossier = :number AND state = 'open' AND step = :step",
            number=number,
            step=step,
        )
        return str(found)

    async def eventually(self, query: str, **values: Any) -> Any:
        async with asyncio.timeout(30):
            while not (found := await self.rows(query, **values)):
                await asyncio.sleep(0.05)
        return found[0][0]


@pytest.fixture
async def lived(
    temporal_client: Client, engine: AsyncEngine, database_urls: Any, mailbox: EmbeddedMail, queue: str, rows: Rows
) -> AsyncIterator[Lived]:
    settings = Settings(
        database_url=database_urls.app,
        temporal_task_queue=queue,
        deployment_name=queue,
        smtp_host=mailbox.host,
        smtp_port=mailbox.port,
        _env_file=None,
    )
    async with working(temporal_client, engine, settings, current=True):
        yield Lived(Starter(temporal_client, engine, queue), rows)


async def test_a_double_click_completes_once(lived: Lived) -> None:
    number = await lived.received(**LARGE)
    task = await lived.open_task(number, "review")

    twice = await asyncio.gather(*(lived.starter.complete(task, "ANT-handler-1", "approve") for _ in range(2)))
    await lived.open_task(number, "approval")
    late = await lived.starter.complete(task, "ANT-handler-1", "approve")

    assert {answer.sequence for answer in (*twice, late)} == {twice[0].sequence}
    assert await lived.rows("SELECT count(*) FROM event WHERE type = 'task_completed'") == [(1,)]


async def test_another_answer_to_a_finished_task_is_refused(lived: Lived) -> None:
    number = await lived.received(**LARGE)
    task = await lived.open_task(number, "review")
    await lived.starter.complete(task, "ANT-handler-1", "approve")

    with pytest.raises(Refusal, match=r"al afgewerkt op .* met uitkomst 'approve'"):
        await lived.starter.complete(task, "ANT-handler-2", "refuse", reasons=("UREN_TE_WEINIG",))


async def test_four_eyes_hold_for_the_person_whatever_the_roles(lived: Lived) -> None:
    number = await lived.received(**LARGE)
    await lived.starter.complete(await lived.open_task(number, "review"), "ANT-all", "approve")
    task = await lived.open_task(number, "approval")

    with pytest.raises(Refusal) as refused:
        await lived.starter.complete(task, "ANT-all", "approve")
    await lived.starter.complete(task, "ANT-approver-1", "approve", amount=Decimal(800))

    assert refused.value.code == "FourEyes"


async def test_what_the_step_does_not_allow_is_refused_with_a_reason(lived: Lived) -> None:
    task = await lived.open_task(await lived.received(**LARGE), "review")
    for outcome, code in (("perhaps", "UnknownOutcome"), ("refuse", "ReasonMissing")):
        with pytest.raises(Refusal) as refused:
            await lived.starter.complete(task, "ANT-handler-1", outcome)
        assert refused.value.code == code


async def test_a_closed_dossier_answers_that_it_is_closed(lived: Lived) -> None:
    number = await lived.received(documents=["invoice"])
    applicant = Actor(person="applicant", party=Party.APPLICANT)
    await lived.starter.withdraw(number, applicant)
    await lived.eventually("SELECT outcome FROM dossier WHERE number = :number AND outcome IS NOT NULL", number=number)
    answer = AnswerRequest(request="completion", by=applicant, documents=frozenset({Document.PROGRAMME}))

    with pytest.raises(Refusal, match=f"Dossier {number} is gesloten op"):
        await lived.starter.answer(number, answer)


async def test_an_unknown_dossier_and_one_that_did_not_start_answer_differently(
    starter: Starter, engine: AsyncEngine
) -> None:
    applicant = Actor(person="applicant", party=Party.APPLICANT)
    async with transaction(engine) as connection:
        number, _ = await receipts.write(connection, application())

    with pytest.raises(Refusal) as waiting:
        await starter.withdraw(number, applicant)
    with pytest.raises(Refusal) as unknown:
        await starter.withdraw("ANT-1999-S-000001", applicant)

    assert (waiting.value.code, unknown.value.code) == ("NotStarted", "UnknownDossier")


async def test_without_a_worker_a_command_says_that_the_answer_comes_later(
    temporal_client: Client, engine: AsyncEngine, queue: str
) -> None:
    starter = Starter(temporal_client, engine, queue, patience=0.5)
    given = await starter.receive(application())

    with pytest.raises(Refusal) as late:
        await starter.withdraw(given.number, Actor(person="applicant", party=Party.APPLICANT))

    assert late.value.code == "NoAnswerYet"


async def test_a_real_dossier_refuses_to_have_its_clock_moved(lived: Lived) -> None:
    number = await lived.received(**LARGE)

    with pytest.raises(Refusal) as refused:
        await lived.starter.move_clock(number, datetime(2030, 1, 1, tzinfo=UTC))

    assert refused.value.code == "NotARehearsal"


async def test_the_fund_of_a_person_is_the_fund_of_the_actor(starter: Starter) -> None:
    actor = await starter.staff("LIM-handler-1")

    assert (actor.fund, actor.party, [role.value for role in actor.roles]) == (Fund.LIMBURG, Party.STAFF, ["handler"])
