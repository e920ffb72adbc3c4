"""Two builds side by side: a dossier keeps its build within a phase, moves between two, and forgets nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import date
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

import worker
from database import make_engine
from embedded import EmbeddedMail
from models.messages.words import Document, Party
from tests.patience import patient
from tests.versioning.next_build import NEWS, SubsidyOfTheNextBuild
from tests.workflows.conftest import open_house
from tests.workflows.money import act, envelope
from tests.workflows.subsidies import PROOF, Subsidy, apply, career, planned, training
from verification.findings import Fault
from verification.verifying import verify

NEXT = "next"
Upgrade = Callable[[], AbstractAsyncContextManager[None]]


@pytest.fixture
async def house(new_database: Any, temporal_client: Client, mail_server: EmbeddedMail) -> AsyncIterator[Any]:
    async with new_database() as urls:
        engine = make_engine(urls.app)
        async with open_house(temporal_client, engine, urls.app, mail_server) as running:
            yield running
        await engine.dispose()


@pytest.fixture
def upgrade(house: Any, monkeypatch: pytest.MonkeyPatch) -> Upgrade:
    """Workers of the next build beside those that run, and the next build promoted."""

    @asynccontextmanager
    async def upgraded() -> AsyncIterator[None]:
        settings = house.settings.model_copy(update={"build_id": NEXT})
        with monkeypatch.context() as code:
            code.setattr(worker, "EVERY", [SubsidyOfTheNextBuild])
            beside = worker.working(house.client, house.engine, settings, current=True)
            await beside.__aenter__()
        try:
            await _until_it_counts(house)
            yield
        finally:
            await beside.__aexit__(None, None, None)

    return upgraded


async def _until_it_counts(house: Any) -> None:
    """Temporal tells its queues of a promotion a moment later: then dossiers begin on the new build."""
    async with patient():
        while True:
            begun = await apply(house, training())
            await begun.task("payment")
            if await news(begun):
                return


async def news(play: Subsidy) -> list[str]:
    """The phases that the next build entered."""
    return [
        event["data"]["values"]["phase"] for event in await play.events("reported") if event["data"]["fact"] == NEWS
    ]


async def build_and_run(play: Subsidy) -> tuple[str, str]:
    """On which build the dossier is, and in which run."""
    described = await play.house.client.get_workflow_handle(play.number).describe()
    version = described.raw_description.workflow_execution_info.versioning_info.deployment_version
    return version.build_id, described.run_id


async def moved(play: Subsidy) -> str:
    """The run in which the dossier went on with the next build; a turn is told to Temporal after its rows are seen."""
    async with patient():
        while True:
            build, run = await build_and_run(play)
            if build == NEXT:
                return run
            await asyncio.sleep(0.05)


async def faults(engine: AsyncEngine) -> tuple[Fault, ...]:
    """What is wrong with chain, projections or effects."""
    return (await verify(engine)).faults


async def test_a_dossier_keeps_its_build_within_a_phase_and_moves_between_two(house: Any, upgrade: Upgrade) -> None:
    play = await apply(house, planned(5))
    await play.says("evidence", Party.APPLICANT, *PROOF)
    task = await play.task("review")
    old, first_run = await build_and_run(play)
    async with upgrade():
        await play.does("review", "ANT-handler-1", "ask", reasons=("unclear",))
        await play.says("clarification", Party.APPLICANT, text="explained")
        await play.task("review")
        assert await build_and_run(play) == (old, first_run), "in the middle of a phase"
        assert await news(play) == []
        approved = await play.does("review", "ANT-handler-2", "approve")
        await play.task("approval")
        assert await moved(play) != first_run
        assert await news(play) == ["approval"]
        again = await house.starter.complete(f"{play.number}/review/2", "ANT-handler-2", "approve")
        assert (again.sequence, again.repeated) == (approved.sequence, True), "a double click over the roll-over"
        excluded = await play.rows("select excluded from task where task = :task", task=await play.task("approval"))
        assert excluded == [{"excluded": ["ANT-handler-2"]}]
        await play.does("approval", "ANT-approver-1", "approve")
        await play.awaits("calendar", "training")
        await play.moves(date(2024, 4, 13))
        await play.does("determination", "ANT-handler-1", "confirm")
        await play.pays()
        await play.awaits("calendar", "follow_up")
        assert await play.rows("select code from request where dossier = :number") == [{"code": "clarification"}]
        assert task == f"{play.number}/review/1"
        assert (await play.dossier())["paid"] == 1000
    assert await faults(house.engine) == ()


async def test_an_objection_made_before_the_roll_over_is_heard_after_it(house: Any, upgrade: Upgrade) -> None:
    play = await apply(house, training(8, attended=8))
    await play.approved()
    await play.task("payment")
    await play.objects()
    async with upgrade():
        await play.pays()
        await play.does("objection", "ANT-approver-2", "upheld", reasons=("no_new_facts",))
        await play.awaits("calendar", "follow_up")
        assert await news(play) == ["follow_up"]
        assert await moved(play)
    assert await faults(house.engine) == ()


async def test_what_comes_in_while_it_rolls_over_is_neither_lost_nor_doubled(house: Any, upgrade: Upgrade) -> None:
    play = await apply(house, planned(5))
    task = await play.task("review")
    documents = sorted(Document)[:8]

    async def sends(document: Document, pause: float) -> None:
        await asyncio.sleep(pause)
        await play.says("evidence", Party.APPLICANT, document)

    async with upgrade():
        clicks: list[Awaitable[Any]] = [house.starter.complete(task, "ANT-handler-1", "approve") for _ in range(2)]
        sent = [sends(document, 0.01 * place) for place, document in enumerate(documents)]
        await asyncio.gather(*clicks, *sent)
        await play.task("approval")
        assert await moved(play)
    kept = [event["data"]["documents"] for event in await play.events("answer_kept")]
    assert sorted(kept) == [[document] for document in documents]
    assert len(await play.events("task_completed")) == 1
    assert await faults(house.engine) == ()


async def test_a_rehearsed_clock_may_move_over_a_roll_over(house: Any, upgrade: Upgrade) -> None:
    play = await apply(house, planned())
    await play.awaits("calendar", "training")
    await play.says("evidence", Party.APPLICANT, *PROOF)
    async with upgrade():
        await play.moves(date(2024, 4, 13))
        await play.task("determination")
        assert await news(play) == ["determination"]
        assert await play.due("determination") == date(2024, 4, 26), "the clock stayed where it was moved to"
    assert await faults(house.engine) == ()


OWN_COURSES = "ANT/2024/career_account/111/rehearsal"


@pytest.fixture
async def waits(house: Any) -> Subsidy:
    """A career account for which there is too little room, beside courses for which there is enough."""
    await act(house, "open", 50_000)
    await act(house, "open", 600, OWN_COURSES)
    play = await apply(house, career(1000))
    await play.task("review")
    return play


async def test_who_waits_for_budget_moves_when_the_year_ends_and_asks_on_the_next_build(
    house: Any, waits: Subsidy, upgrade: Upgrade
) -> None:
    next_year = OWN_COURSES.replace("2024", "2025")
    await waits.does("review", "ANT-handler-1", "approve")
    await waits.awaits("staff", "budget_room")
    _, first_run = await build_and_run(waits)
    async with upgrade():
        await act(house, "open", 5000, next_year)
        await waits.moves(date(2025, 1, 2))
        await waits.task("approval")
        assert await moved(waits) != first_run
        assert [event["data"]["year"] for event in await waits.events("budget_asked")] == [2024, 2025]
        assert await waits.mails("budget_short") == ["applicant"]
        await waits.does("approval", "ANT-approver-1", "approve")
        await waits.task("payment")
    assert await envelope(house, next_year) == (0, 1000, 0)
    assert await faults(house.engine) == ()


async def test_room_is_heard_of_after_a_roll_over(house: Any, waits: Subsidy, upgrade: Upgrade) -> None:
    async with upgrade():
        await waits.does("review", "ANT-handler-1", "approve")
        await waits.awaits("staff", "budget_room")
        assert await moved(waits)
        await act(house, "raise", 400, OWN_COURSES)
        await house.starter.tell_of_room()
        await waits.task("approval")
    assert await faults(house.engine) == ()
