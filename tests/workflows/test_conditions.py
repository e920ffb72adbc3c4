"""Conditions of a grant, and the sample that a person looks at, lived on the real house."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from models.errors import Refusal
from models.messages.dossier import DossierState
from models.messages.words import Document, Party
from starter import Starter
from tests.workflows.playing import euros
from tests.workflows.subsidies import Subsidy, apply, training

UNTIL = date(2024, 4, 3)


@pytest.fixture
def house(shared_house: Any) -> Any:
    return shared_house


async def approved(house: Any, *conditions: str, reviewer: tuple[str, ...] = ()) -> Subsidy:
    """800 euro, approved on these conditions."""
    play = await apply(house, training(4))
    starter = house.starter
    await starter.complete(await play.task("review"), "ANT-handler-1", "approve", conditions=reviewer)
    await starter.complete(await play.task("approval"), "ANT-approver-1", "approve", conditions=conditions)
    return play


async def settled(play: Subsidy) -> list[tuple[str, str]]:
    found = await play.events("condition_settled")
    return [(event["data"]["condition"], event["data"]["outcome"]) for event in found]


async def test_money_waits_for_a_condition_and_goes_when_it_is_met(house: Any) -> None:
    play = await approved(house, "condition_invoice")
    row = await play.awaits("applicant", "condition")
    assert (row["waiting_until"], row["paid"]) == (UNTIL, Decimal(0))
    asked = await play.asked("condition_invoice")
    assert (asked["state"], asked["until"], asked["wants"]) == ("open", UNTIL, ["invoice"])
    mails = {event["data"]["template"]: event["data"]["values"] for event in await play.events("mail_planned")}
    assert mails["decision_granted"]["conditions"] == "condition_invoice"
    assert mails["condition"]["until"] == UNTIL.isoformat()
    await play.says("condition_invoice", Party.APPLICANT, Document.INVOICE)
    await play.pays()
    await play.awaits("calendar", "follow_up")
    assert await settled(play) == [("condition_invoice", "met")]
    assert (await play.asked("condition_invoice"))["state"] == "answered"


async def test_who_advises_and_who_decides_may_both_name_conditions(house: Any) -> None:
    play = await approved(house, "condition_results", reviewer=("condition_invoice",))
    await play.awaits("applicant", "condition")
    decided = (await play.events("decided"))[-1]["data"]
    assert decided["conditions"] == ["condition_invoice", "condition_results"]


async def test_a_condition_that_holds_no_money_is_asked_beside_the_story_and_keeps_the_dossier_open(house: Any) -> None:
    play = await approved(house, "condition_results")
    await play.pays()
    row = await play.awaits("calendar", "follow_up")
    await play.moves(date(2024, 5, 21), date(2024, 6, 1), row["waiting_until"])
    await play.awaits("applicant", "survey")
    assert len(await play.mails("request_reminder")) == 2
    await play.says("survey", Party.APPLICANT, survey="useful")
    await play.awaits("applicant", "condition_results")
    await play.says("condition_results", Party.APPLICANT, Document.SURVEY_REPORT)
    assert await play.ends() == ("granted", "completed")


async def test_silence_is_reminded_then_a_person_says_what_it_means(house: Any) -> None:
    play = await approved(house, "condition_invoice")
    await play.awaits("applicant", "condition")
    await play.moves(date(2024, 3, 20), date(2024, 3, 31), date(2024, 4, 4))
    assert len(await play.mails("request_reminder")) == 2
    await play.does("condition_missing", "ANT-handler-1", "ask_again")
    row = await play.sees("asked again", lambda row: row["waiting_until"] == date(2024, 5, 4))
    assert row["paid"] == 0
    await play.moves(date(2024, 5, 5))
    await play.does("condition_missing", "ANT-handler-1", "waive", reasons=("not_needed",))
    await play.pays()
    await play.awaits("calendar", "follow_up")
    assert await settled(play) == [("condition_invoice", "waived")]


async def test_a_grant_is_lowered_for_a_condition_only_when_an_approver_agrees(house: Any) -> None:
    play = await approved(house, "condition_invoice")
    await play.awaits("applicant", "condition")
    await play.moves(date(2024, 4, 4))
    await play.does("condition_missing", "ANT-handler-1", "lower", reasons=("not_proven",), amount=Decimal(500))
    await play.awaits("staff", "reversal")
    await play.does("reversal_approval", "ANT-approver-2", "approve")
    await play.pays()
    await play.awaits("calendar", "follow_up")
    assert await play.payments() == euros(["500"])
    assert await settled(play) == [("condition_invoice", "lowered")]


async def test_a_condition_holds_again_when_nobody_agrees_to_a_lower_grant(house: Any) -> None:
    play = await approved(house, "condition_invoice")
    await play.awaits("applicant", "condition")
    await play.moves(date(2024, 4, 4))
    await play.does("condition_missing", "ANT-handler-1", "lower", reasons=("not_proven",), amount=Decimal(500))
    await play.does("reversal_approval", "ANT-approver-2", "refuse", reasons=("unclear",))
    await play.awaits("applicant", "condition")
    await play.says("condition_invoice", Party.APPLICANT, Document.INVOICE)
    await play.pays()
    await play.awaits("calendar", "follow_up")
    assert await play.payments() == euros(["800"])


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        pytest.param("condition_council", "UnknownCondition", id="of another instrument"),
        pytest.param("condition_weather", "UnknownCondition", id="nobody knows"),
    ],
)
async def test_a_condition_that_is_not_on_the_list_is_refused(house: Any, condition: str, code: str) -> None:
    play = await apply(house, training(4))
    with pytest.raises(Refusal) as refused:
        await house.starter.complete(await play.task("review"), "ANT-handler-1", "approve", conditions=(condition,))
    assert refused.value.code == code


async def test_a_refusal_carries_no_conditions(house: Any) -> None:
    play = await apply(house, training(4))
    task = await play.task("review")
    await house.starter.complete(
        task, "ANT-handler-1", "refuse", reasons=("unclear",), conditions=("condition_invoice",)
    )
    await play.awaits("calendar", "objection_term")
    assert await settled(play) == []
    assert "conditions" not in (await play.events("decided"))[-1]["data"]


class Sampling(Starter):
    """A fund that looks at every dossier that nobody has to look at."""

    def opening(self, receipt: Any) -> DossierState:
        state = super().opening(receipt)
        procedure = state.policy.procedure.model_copy(update={"sample_percentage": Decimal(100)})
        state.policy = state.policy.model_copy(update={"procedure": procedure})
        return state


async def sampled(house: Any) -> Subsidy:
    starter = Sampling(house.client, house.engine, house.settings.temporal_task_queue)
    return await apply(house, training(2), starter=starter)


async def test_a_sampled_dossier_goes_to_a_handler_and_on_by_itself_when_all_is_well(house: Any) -> None:
    play = await sampled(house)
    await play.does("quality_check", "ANT-handler-1", "confirm")
    await play.pays()
    assert (await play.events("decided"))[0]["data"]["level"] == "automatic"


async def test_a_sample_that_raises_a_doubt_becomes_an_ordinary_review(house: Any) -> None:
    play = await sampled(house)
    await play.does("quality_check", "ANT-handler-1", "look", reasons=("sample_doubt",))
    await play.approved()
    await play.task("payment")
    assert (await play.events("decided"))[0]["data"]["level"] == "approver"
