"""An account number or a birth date in an answer takes effect when the dossier says yes, never before or without it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

from commands.example import EXAMPLE
from dispatch import digest
from embedded import EmbeddedMail
from enclosed import Enclosed, kept_with
from models.errors import Refusal
from models.messages.commands import Actor, AnswerRequest
from models.messages.facts import Facts
from models.messages.words import Party
from settings import Settings
from starter import Starter
from tests.patience import patient
from worker import working

OLD, NEW, NEWER = "BE69 0350 0073 1278", "BE68 5390 0754 7034", "BE71 0961 2345 6769"
BORN = date(1980, 7, 15)
FACTS: Facts = TypeAdapter(Facts).validate_python(EXAMPLE["facts"])
ROWS = (
    "SELECT iban, (SELECT birth_date FROM participant WHERE dossier = number AND line = 1), "
    "(SELECT count(*) FROM correction WHERE dossier = number), "
    "(SELECT count(*) FROM pending_command WHERE dossier = number) "
    "FROM receipt JOIN contact ON dossier = number AND party = 'applicant' WHERE number = :number"
)
BEFORE, AFTER = (OLD, date(1980, 5, 17), 0), (NEW, BORN, 1)


def said(request: str = "completion", person: str = "p-1") -> AnswerRequest:
    return AnswerRequest(request=request, by=Actor(person=person, party=Party.APPLICANT), facts=FACTS)


def with_it(account: str = NEW) -> Enclosed:
    return Enclosed(account=account, born={1: BORN}, fields=("iban_valid", "participants"))


@pytest.fixture
def hurried(temporal_client: Client, engine: AsyncEngine, queue: str) -> Starter:
    """Waits half a second for an answer."""
    return Starter(temporal_client, engine, queue, patience=0.5)


Works = Callable[[], AbstractAsyncContextManager[None]]


@pytest.fixture
def works(temporal_client: Client, engine: AsyncEngine, database_urls: Any, mailbox: EmbeddedMail, queue: str) -> Works:
    """A worker, as soon as it is let in."""
    settings = Settings(
        database_url=database_urls.app,
        temporal_task_queue=queue,
        deployment_name=queue,
        smtp_host=mailbox.host,
        smtp_port=mailbox.port,
        _env_file=None,
    )

    @asynccontextmanager
    async def started() -> AsyncIterator[None]:
        async with working(temporal_client, engine, settings, current=True):
            yield

    return started


async def told_without_a_worker(starter: Starter, number: str, answer: AnswerRequest, enclosed: Enclosed) -> None:
    with pytest.raises(Refusal) as late:
        await starter.answer(number, answer, enclosed)
    assert late.value.code == "NoAnswerYet"


async def heard(rows: Any, number: str) -> None:
    async with patient():
        while await rows("SELECT 1 FROM pending_command WHERE dossier = :number", number=number):
            pass


async def test_what_a_worker_that_was_away_accepts_later_takes_effect_then(
    application: Any, hurried: Starter, works: Works, rows: Any
) -> None:
    number = (await hurried.receive(application())).number
    await told_without_a_worker(hurried, number, said(), with_it())
    assert await rows(ROWS, number=number) == [(*BEFORE, 1)]

    async with works():
        await heard(rows, number)

    assert await rows(ROWS, number=number) == [(*AFTER, 0)]
    assert await rows("SELECT request, by, fields FROM correction") == [
        ("completion", "p-1", ["iban_valid", "participants"])
    ]
    assert "5390" not in str(await rows("SELECT data FROM event WHERE dossier = :number", number=number))


async def test_what_is_refused_later_leaves_nothing(
    application: Any, hurried: Starter, works: Works, rows: Any
) -> None:
    number = (await hurried.receive(application())).number
    await told_without_a_worker(hurried, number, said("nothing_of_the_kind"), with_it())

    async with works():
        await heard(rows, number)

    assert await rows(ROWS, number=number) == [(*BEFORE, 0)]


async def test_what_is_refused_at_once_leaves_nothing(lived: Any) -> None:
    number = await lived.received()

    with pytest.raises(Refusal, match="wordt 'nothing_of_the_kind' niet gevraagd"):
        await lived.starter.answer(number, said("nothing_of_the_kind"), with_it())

    assert await lived.rows(ROWS, number=number) == [(*BEFORE, 0)]


async def test_the_account_that_was_typed_last_is_the_one(
    application: Any, hurried: Starter, works: Works, rows: Any
) -> None:
    number = (await hurried.receive(application())).number
    await told_without_a_worker(hurried, number, said(), with_it())
    await told_without_a_worker(hurried, number, said(), with_it(NEWER))

    async with works():
        await heard(rows, number)

    assert await rows(ROWS, number=number) == [(NEWER, BORN, 1, 0)]


async def test_a_portal_that_died_after_the_yes_loses_no_account(lived: Any) -> None:
    number = await lived.received(large=True, iban_valid=False)
    answer = said().model_copy(update={"request": f"{number}/completion/1"})
    update = f"answer:{digest(answer)}"
    await lived.starter._keep(number, "answer_request", kept_with(answer, with_it()), update)
    await lived.starter._send(number, "answer_request", answer, update)
    assert await lived.rows(ROWS, number=number) == [(*BEFORE, 1)]

    await lived.starter.redeliver(older_than=timedelta(0))

    assert await lived.rows(ROWS, number=number) == [(*AFTER, 0)]


@pytest.mark.parametrize(("person", "there"), [("p-1", NEWER), ("p-2", NEW)], ids=["the same", "a colleague"])
async def test_a_repeated_answer_counts_for_who_gave_the_one_that_was_heard(
    lived: Any, person: str, there: str
) -> None:
    """As after a new build took the dossier over before the reply came: it knows the answer, not the update."""
    number = await lived.received(large=True, iban_valid=False)
    whole = said().model_copy(update={"request": f"{number}/completion/1"})
    assert not (await lived.starter.answer(number, whole, with_it())).repeated

    another = whole.model_copy(update={"by": Actor(person=person, party=Party.APPLICANT), "values": {"again": "yes"}})
    assert (await lived.starter.answer(number, another, with_it(NEWER))).repeated

    assert (await lived.rows(ROWS, number=number))[0][0] == there
