"""A dossier and the budget: room is asked before anybody decides, waited for in order, and given back by itself."""

from __future__ import annotations

import asyncio
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from models.messages.events import BudgetAnswer
from models.messages.facts import TrainingFacts
from tests.workflows.money import COURSES, act, employer, envelope
from tests.workflows.playing import euros
from tests.workflows.subsidies import FILED, Subsidy, apply, career, training
from tests.workflows.test_outplacement import COLLECTIVE, GUIDED, KNOWN, SETTLED, family, guided, notified
from tests.workflows.test_project_financing import project

SHORT = ("staff", "budget_room")
IN_2027 = date(2027, 3, 1)
SEPTEMBER = date(2026, 9, 30)


def course_of_2027(people: int = 2, **changed: Any) -> TrainingFacts:
    days = {"filed_on": IN_2027, "starts_on": date(2027, 2, 1), "ends_on": date(2027, 2, 2), "known_on": IN_2027}
    return training(people, **(days | changed))


async def holding(play: Subsidy) -> tuple[str, Decimal, str | None]:
    """State of what it holds, what is allowed, and why not more."""
    (row,) = await play.rows("select state, allowed, reason from holding where dossier = :number")
    return row["state"], row["allowed"], row["reason"]


async def reviewed(house: Any, facts: Any, **how: Any) -> Subsidy:
    """Applied for, and the handler agrees."""
    play = await apply(house, facts, **how)
    await play.does("review", "ANT-handler-1", "approve")
    return play


async def short(house: Any, facts: Any, **how: Any) -> Subsidy:
    """A dossier that waits for room."""
    play = await reviewed(house, facts, **how)
    await play.awaits(*SHORT)
    return play


async def heard(play: Subsidy) -> list[tuple[str, str]]:
    return [(event["data"]["state"], event["data"]["allowed"]) for event in await play.events("budget_heard")]


# A fund that keeps no envelopes


async def test_a_fund_without_envelopes_asks_nothing_and_nobody_waits(house: Any) -> None:
    play = await reviewed(house, training(5))
    await play.does("approval", "ANT-approver-1", "approve")
    await play.pays()
    assert await play.events("budget_asked", "budget_heard") == []
    assert await play.rows("select * from holding where dossier = :number") == []


# Enough room


async def test_room_is_reserved_before_the_approver_sees_the_amount_and_becomes_a_payment(house: Any) -> None:
    await act(house, "open", 5000)
    play = await reviewed(house, training(5))
    await play.task("approval")
    assert await envelope(house) == (1000, 0, 0)
    assert await holding(play) == ("reserved", Decimal(1000), None)
    await play.does("approval", "ANT-approver-1", "approve")
    await play.task("payment")
    assert await envelope(house) == (0, 1000, 0)
    await play.pays()
    await play.awaits("calendar", "follow_up")
    assert await envelope(house) == (0, 1000, 1000)
    assert await heard(play) == [("reserved", "1000.00")]


async def test_what_nobody_decides_on_reserves_too(house: Any) -> None:
    await act(house, "open", 5000)
    play = await apply(house, training(2))
    await play.task("payment")
    assert await envelope(house) == (0, 400, 0)


async def test_a_lower_decision_gives_the_rest_back(house: Any) -> None:
    await act(house, "open", 5000)
    play = await reviewed(house, training(5))
    await play.does("approval", "ANT-approver-1", "reduce", amount=Decimal(750), reasons=("no_budget",))
    await play.task("payment")
    assert await envelope(house) == (0, 750, 0)


async def test_a_refusal_gives_everything_back_at_once(house: Any) -> None:
    await act(house, "open", 5000)
    play = await reviewed(house, training(5))
    await play.does("approval", "ANT-approver-1", "refuse", reasons=("unclear",))
    await play.awaits("calendar", "objection_term")
    assert await envelope(house) == (0, 0, 0)


async def test_an_objection_that_is_followed_asks_again(house: Any) -> None:
    await act(house, "open", 5000)
    play = await reviewed(house, training(5))
    await play.does("approval", "ANT-approver-1", "refuse", reasons=("unclear",))
    await play.awaits("calendar", "objection_term")
    await play.objects()
    await play.does("objection", "ANT-approver-2", "overturned", reasons=("new_facts",))
    await play.does("review", "ANT-handler-2", "approve")
    await play.task("approval")
    assert await envelope(house) == (1000, 0, 0)
    assert len(await play.events("budget_asked")) == 2


async def test_a_dossier_that_was_there_before_the_first_envelope_asks_too(house: Any) -> None:
    play = await apply(house, training(5))
    await play.task("review")
    await act(house, "open", 5000)
    await play.does("review", "ANT-handler-1", "approve")
    await play.does("approval", "ANT-approver-1", "approve")
    await play.task("payment")
    assert await envelope(house) == (0, 1000, 0)


# Too little room


async def test_a_short_budget_lets_a_dossier_wait_and_tells_the_applicant_once(house: Any) -> None:
    await act(house, "open", 600)
    play = await short(house, training(5))
    row = await play.dossier()
    assert (row["waiting_until"], row["otherwise"]) == (date(2024, 12, 31), "asks_next_year")
    assert await holding(play) == ("waiting", Decimal(1000), "short")
    assert await play.mails("budget_short") == ["applicant"]
    assert await play.rows("select 1 from task where dossier = :number and state = 'open'") == []
    assert len(await play.events("clock_stopped")) == 1


async def test_who_was_received_first_goes_on_first_when_the_budget_is_raised(house: Any) -> None:
    await act(house, "open", 600)
    second = await short(house, training(5), opens=date(2024, 3, 5))
    small = await short(house, training(4), opens=date(2024, 3, 6))
    first = await short(house, training(5), opens=FILED)
    await act(house, "raise", 500)
    await house.starter.tell_of_room()
    await first.task("approval")
    assert [(await holding(play))[0] for play in (first, second, small)] == ["reserved", "waiting", "waiting"]
    await act(house, "raise", 2000)
    await house.starter.tell_of_room()
    await second.task("approval")
    await small.task("approval")
    assert await heard(second) == [("waiting", "1000.00"), ("reserved", "1000.00")]
    assert len(await second.events("clock_resumed")) == 1


async def test_what_another_gives_back_lets_the_next_go_on(house: Any) -> None:
    await act(house, "open", 1000)
    holder = await reviewed(house, training(5))
    await holder.task("approval")
    waits = await short(house, training(5), opens=date(2024, 3, 5))
    await holder.withdraws()
    await waits.task("approval")
    assert await holding(waits) == ("reserved", Decimal(1000), None)


async def test_who_withdraws_while_waiting_leaves_the_line(house: Any) -> None:
    await act(house, "open", 600)
    play = await short(house, training(5))
    await play.withdraws()
    assert await play.ends() == ("withdrawn", "withdrawn")
    assert (await holding(play))[0] == "released"


async def test_word_of_room_that_is_old_or_comes_twice_changes_nothing(house: Any) -> None:
    await act(house, "open", 600)
    play = await short(house, training(5))
    handle = house.client.get_workflow_handle(play.number)
    (asked,) = await play.rows("select sequence from holding where dossier = :number")
    old = BudgetAnswer(sequence=asked["sequence"] - 1, state="reserved", allowed=Decimal(1000))
    await handle.signal("budget_reserved", old)
    await act(house, "raise", 400)
    await house.starter.tell_of_room()
    await play.task("approval")
    word = BudgetAnswer(sequence=asked["sequence"], state="reserved", allowed=Decimal(1000))
    await handle.signal("budget_reserved", word)
    await play.does("approval", "ANT-approver-1", "approve")
    await play.task("payment")
    assert await heard(play) == [("waiting", "1000.00"), ("reserved", "1000.00")]
    assert await play.rows("select told from holding where dossier = :number") == [{"told": True}]


async def test_at_the_end_of_the_year_the_budget_of_the_next_one_is_asked(house: Any) -> None:
    await act(house, "open", 600)
    await act(house, "open", 5000, COURSES.replace("2024", "2025"))
    play = await short(house, training(5))
    await play.moves(date(2025, 1, 2))
    await play.task("approval")
    assert [event["data"]["year"] for event in await play.events("budget_asked")] == [2024, 2025]
    assert await envelope(house, COURSES.replace("2024", "2025")) == (1000, 0, 0)
    assert await envelope(house) == (0, 0, 0)
    assert await play.mails("budget_short") == ["applicant"]


# Ceilings


async def test_two_people_who_decide_at_once_never_go_above_a_career_account(house: Any) -> None:
    plays = [await apply(house, career(700)) for _ in range(2)]
    await asyncio.gather(*(play.does("review", "ANT-handler-1", "approve") for play in plays))
    for play in plays:
        await play.does("approval", "ANT-approver-1", "approve")
        await play.task("payment")
    granted = [(await play.dossier())["granted"] for play in plays]
    assert sorted(granted) == euros(["300.00", "700.00"])
    (less,) = [play for play in plays if (await play.dossier())["granted"] == 300]
    (decision,) = await less.rows("select outcome, reasons, steps from decision where dossier = :number")
    assert (decision["outcome"], decision["reasons"]) == ("partially_granted", ["account_used"])
    assert decision["steps"] == ["registration_fee: 700.00", "asked: 700.00", "left_of_the_year: 300.00"]
    assert await less.mails("decision_partial") == ["applicant"]


async def test_what_is_used_up_is_refused_with_its_reason(house: Any) -> None:
    plays = [await apply(house, career(1000)) for _ in range(2)]
    await asyncio.gather(*(play.does("review", "ANT-handler-1", "approve") for play in plays))
    refused = [play for play in plays if (await play.sees("decided or asked", told))["waiting_on"] == "calendar"]
    (decision,) = await refused[0].rows("select outcome, reasons from decision where dossier = :number")
    assert decision == {"outcome": "refused", "reasons": ["account_used"]}
    assert len(refused) == 1


def told(row: dict[str, Any]) -> bool:
    return row["waiting_for"] in ("approval", "objection_term")


async def test_dossiers_of_one_employer_never_go_above_its_company_budget(house: Any) -> None:
    await employer(house, 4, 100, SEPTEMBER)
    plays = [await apply(house, course_of_2027(5), opens=IN_2027) for _ in range(3)]
    await asyncio.gather(*(play.does("review", "ANT-handler-1", "approve") for play in plays))
    for play in plays:
        await play.sees("decided or asked", told)
    allowed = sorted([(await holding(play))[1] for play in plays])
    assert allowed == [0, 40, 1000], "4 workers: 1 040 euro a year"


async def test_workers_and_employees_each_have_their_part(house: Any) -> None:
    await employer(house, 1, 4, SEPTEMBER)
    people = course_of_2027(4).participants
    mixed = tuple(one.model_copy(update={"status": "employee"}) if one.line > 2 else one for one in people)
    play = await reviewed(house, course_of_2027(4, participants=mixed), opens=IN_2027)
    await play.task("approval")
    caps = await play.rows(
        'select bucket, "limit", amount, allowed from holding_cap where dossier = :number order by bucket desc'
    )
    assert [tuple(cap.values()) for cap in caps] == [
        ("ANT/0000236263/workers/2027/rehearsal", 260, 400, 260),
        ("ANT/0000236263/employees/2027/rehearsal", 1040, 400, 400),
    ]
    assert await holding(play) == ("unbudgeted", Decimal(660), "cap")


@pytest.mark.parametrize("day", [SEPTEMBER.replace(year=2025), None], ids=["of another year", "no employer"])
async def test_an_unknown_headcount_is_looked_at_by_people_however_small_the_amount(
    house: Any, day: date | None
) -> None:
    if day is not None:
        await employer(house, 50, 50, day)
    play = await apply(house, course_of_2027(2), opens=IN_2027)
    await play.task("review")
    (checked,) = await play.events("checked")
    failed = [check["code"] for check in checked["data"]["checks"] if not check["passed"]]
    assert failed == ["PERSONEEL_ONBEKEND"]
    await play.approved()
    await play.task("payment")
    assert (await play.dossier())["granted"] == 400


async def test_a_known_headcount_leaves_a_small_amount_to_nobody(house: Any) -> None:
    await employer(house, 50, 50, SEPTEMBER)
    play = await apply(house, course_of_2027(2), opens=IN_2027)
    await play.task("payment")
    assert await holding(play) == ("committed", Decimal(400), None)


async def asked_for_project(house: Any, **changed: Any) -> Subsidy:
    """A project whose amount has gone to decision."""
    play = await apply(house, project(**changed), opens=date(2024, 1, 22))
    await play.does("no_training", "ANT-handler-1", "project")
    await play.does("review", "ANT-handler-2", "approve")
    await play.sees("decided or asked", lambda row: row["waiting_for"] in ("board_employers", "objection_term"))
    return play


async def test_a_lever_has_one_project_at_a_time_and_another_lever_what_is_left_of_24_months(house: Any) -> None:
    plays = [
        await asked_for_project(house),
        await asked_for_project(house),
        await asked_for_project(house, lever="workable_work"),
    ]
    assert [await holding(play) for play in plays] == [
        ("unbudgeted", Decimal("6675.00"), None),
        ("released", Decimal(0), None),
        ("unbudgeted", Decimal("3325.00"), "cap"),
    ], "10 000 euro per company in 24 months"
    (decision,) = await plays[1].rows("select outcome, reasons from decision where dossier = :number")
    assert decision == {"outcome": "refused", "reasons": ["HEFBOOM_LOOPT_AL"]}


async def test_an_outplacement_waits_for_room_before_its_settlement_is_approved(house: Any) -> None:
    name = "ANT/2024/*/*/rehearsal"
    await act(house, "open", 1000, name)
    employer, lives = await family(house, notified(3), *[COLLECTIVE | KNOWN] * 3)
    await guided(lives, GUIDED)
    row = await employer.follows(SETTLED, until=SHORT)
    assert row["waiting_for"] == "budget_room"
    await act(house, "raise", 5000, name)
    await house.starter.tell_of_room()
    await employer.follows(SETTLED, until=("staff", "payment"))
    assert await envelope(house, name) == (0, Decimal("2600.25"), 0)
