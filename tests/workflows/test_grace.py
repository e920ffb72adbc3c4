"""An answer that is held: nothing follows from it for ten minutes, in which it may be taken back."""

from __future__ import annotations

import asyncio
import uuid
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from temporalio.client import Client
from temporalio.testing import TimeSkipper

from models.errors import Refusal
from models.messages.commands import SettlePayment
from models.messages.words import Party
from schemes.calendar import end_of_day
from starter import Starter
from tests.workflows.playing import BRUSSELS, at_nine
from tests.workflows.subsidies import FILED, Subsidy, apply, training
from tests.workflows.test_transition_support import filed as file_transition
from verification import verify
from worker import working

GRACE = timedelta(minutes=10)
LATER = at_nine(FILED) + timedelta(hours=1)


@pytest.fixture
def house(shared_house: Any) -> Any:
    return shared_house


async def answer(
    play: Any, step: str, person: str, outcome: str, *, grace: timedelta = GRACE, starter: Any = None, **how: Any
) -> str:
    """A person answers the open task of a step; returns the task."""
    task: str = await play.task(step)
    await (starter or play.house.starter).complete(task, person, outcome, grace=grace, **how)
    return task


async def in_review(house: Any, **how: Any) -> tuple[Subsidy, str]:
    """A dossier whose review was approved a moment ago, and the held task."""
    play = await apply(house, training(5))
    return play, await answer(play, "review", "ANT-handler-1", "approve", **how)


async def row(play: Any, task: str) -> dict[str, Any]:
    (found,) = await play.rows("select * from task where task = :task", task=task)
    return dict(found)


async def happened(play: Any) -> list[str]:
    """What happened to tasks, in order."""
    found = await play.rows("select type from event where dossier = :number and type like 'task\\_%' order by sequence")
    return [event["type"].removeprefix("task_") for event in found]


async def test_nothing_follows_from_an_answer_before_it_goes_out(house: Any) -> None:
    play, task = await in_review(house)

    held = await row(play, task)
    assert (held["state"], held["outcome"], held["person"]) == ("held", "approve", "ANT-handler-1")
    assert timedelta(0) < held["goes_out_at"] - (await play.events("task_answered"))[0]["at"] <= GRACE
    assert await happened(play) == ["opened", "answered"]
    assert await play.mails("decision_granted") == []

    await house.starter.move_clock(play.number, LATER)

    assert await happened(play) == ["opened", "answered", "completed", "opened"]
    done = await row(play, task)
    assert (done["state"], done["outcome"], done["person"], done["goes_out_at"]) == (
        "done",
        "approve",
        "ANT-handler-1",
        None,
    )
    await play.does("approval", "ANT-approver-1", "approve")
    assert await play.answered_to_the_end() == ("granted", "completed")


async def test_what_is_taken_back_is_open_again_for_the_same_people_and_may_be_answered_again(house: Any) -> None:
    play, task = await in_review(house)

    await house.starter.undo(task, "ANT-handler-1")

    again = await row(play, task)
    assert (again["state"], again["outcome"], again["person"], again["reasons"]) == ("open", None, None, [])
    assert (again["goes_out_at"], again["reopened"]) == (None, 1)
    await house.starter.move_clock(play.number, LATER)
    assert await happened(play) == ["opened", "answered", "reopened"], "what was taken back never goes out"

    for _ in range(2):
        await answer(play, "review", "ANT-handler-1", "approve")
        await house.starter.undo(task, "ANT-handler-1")
    await house.starter.complete(task, "ANT-handler-2", "refuse", reasons=("budget",), grace=GRACE)
    await house.starter.move_clock(play.number, LATER + timedelta(hours=1))
    assert await happened(play) == ["opened", *["answered", "reopened"] * 3, "answered", "completed"]
    assert (await row(play, task))["outcome"] == "refuse"


async def test_the_same_answer_twice_is_one_and_another_is_refused(house: Any) -> None:
    play, task = await in_review(house)

    again = await house.starter.complete(task, "ANT-handler-1", "approve", grace=GRACE)
    at_once = await house.starter.complete(task, "ANT-handler-1", "approve")

    assert at_once.repeated
    assert again.sequence == at_once.sequence
    goes_out = (await row(play, task))["goes_out_at"].astimezone(BRUSSELS)
    for person, outcome, how in (
        ("ANT-handler-1", "refuse", {"reasons": ("budget",)}),
        ("ANT-handler-2", "approve", {}),
        ("ANT-handler-1", "approve", {"amount": Decimal(500)}),
    ):
        with pytest.raises(Refusal, match=f"al beantwoord; dat gaat uit om {goes_out:%H:%M}") as refused:
            await house.starter.complete(task, person, outcome, grace=GRACE, **how)
        assert refused.value.code == "AnswerHeld"
    assert await happened(play) == ["opened", "answered"]


async def test_a_rule_that_says_no_says_it_at_once(house: Any) -> None:
    play = await apply(house, training(5))
    task = await play.task("review")

    with pytest.raises(Refusal, match="Geef een reden"):
        await house.starter.complete(task, "ANT-handler-1", "refuse", grace=GRACE)
    with pytest.raises(Refusal, match="Deze stap is voor de rol"):
        await house.starter.complete(task, "ANT-intake-1", "approve", grace=GRACE)

    assert await happened(play) == ["opened"]


async def test_who_answered_or_a_team_lead_takes_back_and_nobody_else(house: Any) -> None:
    play, task = await in_review(house)

    with pytest.raises(Refusal, match="Alleen wie het antwoord gaf of een teamverantwoordelijke"):
        await house.starter.undo(task, "ANT-handler-2")
    await house.starter.undo(task, "ANT-lead-1")
    twice = await house.starter.undo(task, "ANT-lead-1")

    assert twice.repeated
    (told,) = await play.rows("select by from event where dossier = :number and type = 'task_reopened'")
    assert told == {"by": "ANT-lead-1"}


async def test_what_was_never_answered_or_has_gone_out_is_not_taken_back(house: Any) -> None:
    play = await apply(house, training(5))
    task = await play.task("review")
    with pytest.raises(Refusal, match="staat nog open; er is niets om ongedaan te maken"):
        await house.starter.undo(task, "ANT-handler-1")

    await answer(play, "review", "ANT-handler-1", "approve")
    await house.starter.move_clock(play.number, LATER)

    with pytest.raises(Refusal, match="al afgewerkt; ongedaan maken kan niet meer"):
        await house.starter.undo(task, "ANT-handler-1")


async def test_an_applicant_who_withdraws_goes_before_an_answer_nobody_has_heard_of(house: Any) -> None:
    play, task = await in_review(house)

    await play.withdraws()

    assert await play.ends() == ("withdrawn", "withdrawn")
    ended = await row(play, task)
    assert (ended["state"], ended["outcome"], ended["person"], ended["goes_out_at"]) == (
        "cancelled",
        "withdrawn",
        None,
        None,
    )
    assert await happened(play) == ["opened", "answered", "cancelled"]


async def test_a_payment_that_is_confirmed_for_ten_minutes_cannot_be_withdrawn_from(house: Any) -> None:
    play = await apply(house, training())
    await answer(play, "payment", "ANT-finance-1", "confirmed")

    with pytest.raises(Refusal, match="een betaling loopt"):
        await play.withdraws()


async def test_the_word_of_the_bank_goes_before_an_answer_that_is_held(house: Any) -> None:
    play = await apply(house, training())
    task = await answer(play, "payment", "ANT-finance-1", "returned", reasons=("account_closed",))

    word = SettlePayment(payment=f"{play.number}/payment/1/1", outcome="confirmed", reference="BANK-1")
    await house.client.get_workflow_handle(play.number).signal("payment_settled", word)

    await play.awaits("calendar", "follow_up")
    assert (await row(play, task))["state"] == "cancelled"
    assert await play.payments() == [Decimal("400.00")]


async def test_a_signature_that_is_held_is_awaited_before_the_plan_goes_on(house: Any) -> None:
    play = await file_transition(house)
    await play.task("signature_fund")
    await play.says("signature_expert", Party.EXPERT)
    task = await answer(play, "signature_fund", "ANT-handler-1", "sign")
    await play.says("signature_company", Party.APPLICANT)
    assert (await play.dossier())["phase"] == "signing"

    await house.starter.undo(task, "ANT-handler-1")
    await answer(play, "signature_fund", "ANT-handler-1", "sign")
    await house.starter.move_clock(play.number, at_nine(date(2024, 2, 12)) + timedelta(hours=1))

    await play.task("review")
    assert (await row(play, task))["state"] == "done"


async def test_verification_finds_that_a_held_answer_is_something_that_comes(house: Any) -> None:
    play, _ = await in_review(house)

    found = await verify(house.engine)

    assert [fault.text for fault in found.faults if fault.dossier == play.number] == []


# On its own clock


class Real:
    """A dossier that is no rehearsal, and time that is skipped."""

    def __init__(self, play: Subsidy, skipper: TimeSkipper) -> None:
        self.play = play
        self._skipper, self._skipped = skipper, timedelta(0)

    @classmethod
    async def filed(cls, house: Any, skipper: TimeSkipper) -> Real:
        starter = Starter(skipper.client, house.engine, house.settings.temporal_task_queue)
        return cls(await apply(house, training(5), starter=starter, rehearsed=False), skipper)

    async def goes_on_to(self, moment: datetime) -> None:
        distance = moment - datetime.now(UTC) - self._skipped
        self._skipped += distance
        await self._skipper.fast_forward(self._skipper.client.get_workflow_handle(self.play.number), distance)


async def answered_at_the_last_moment(house: Any, skipper: TimeSkipper) -> tuple[Real, str, datetime]:
    """Answered five minutes before the midnight after which a task goes up a role; that midnight."""
    real = await Real.filed(house, skipper)
    due = await real.play.due("review")
    await real.goes_on_to(datetime.combine(due, time(23, 55), BRUSSELS))
    task = await answer(real.play, "review", "ANT-handler-1", "approve")
    return real, task, end_of_day(due)


async def test_who_answers_in_time_is_not_late_because_the_answer_goes_out_after_midnight(
    house: Any, time_skipper: TimeSkipper
) -> None:
    real, _, midnight = await answered_at_the_last_moment(house, time_skipper)

    await real.goes_on_to(midnight + timedelta(minutes=30))

    (completed,) = await real.play.events("task_completed")
    assert midnight < completed["at"] < midnight + timedelta(minutes=6)
    assert await real.play.events("task_escalated") == []


async def test_a_late_answer_that_is_taken_back_goes_up_a_role_at_once(house: Any, time_skipper: TimeSkipper) -> None:
    real, task, midnight = await answered_at_the_last_moment(house, time_skipper)
    await real.goes_on_to(midnight + timedelta(minutes=2))
    assert await happened(real.play) == ["opened", "reminded", "answered"]

    await house.starter.undo(task, "ANT-handler-1")
    await real.goes_on_to(midnight + timedelta(minutes=30))

    assert await happened(real.play) == ["opened", "reminded", "answered", "reopened", "escalated"]
    (escalated,) = await real.play.events("task_escalated")
    assert midnight < escalated["at"] < midnight + timedelta(minutes=4)
    assert (await row(real.play, task))["role"] == "team_lead"


async def test_a_worker_that_dies_meanwhile_loses_nothing(temporal_client: Client, house: Any) -> None:
    name = f"test-{uuid.uuid4().hex[:8]}"
    settings = house.settings.model_copy(update={"temporal_task_queue": name, "deployment_name": name})
    starter = Starter(temporal_client, house.engine, name)
    async with working(temporal_client, house.engine, settings, current=True):
        play = await apply(house, training(5), starter=starter)
        task = await answer(play, "review", "ANT-handler-1", "approve", grace=timedelta(seconds=2), starter=starter)
    await asyncio.sleep(2.5)
    assert (await row(play, task))["state"] == "held"

    async with working(temporal_client, house.engine, settings, current=True):
        await play.task("approval")

    assert (await row(play, task))["state"] == "done"
