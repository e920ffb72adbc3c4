"""A subsidy, lived on the real house: the main path, every amount, every side exit, and what may never happen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col
from temporalio.client import WithStartWorkflowOperation
from temporalio.common import WorkflowIDConflictPolicy

import receipts
from activities.receipts import Receipts
from database import transaction
from models.errors import Refusal
from models.messages.commands import Accepted, Actor, AnswerRequest, SettlePayment
from models.messages.receipts import HandOver
from models.messages.words import Document, Fund, Party
from models.tables import Receipt
from opening import opening_state
from schemes.calendar import local_date
from tests.workflows.playing import at_nine, euros, outside
from tests.workflows.subsidies import (
    FILED,
    PROOF,
    Subsidy,
    application,
    apply,
    career,
    planned,
    training,
)
from workflows.subsidy import Subsidy as WorkflowSubsidy


@pytest.fixture
def house(shared_house: Any) -> Any:
    return shared_house


OBJECTION_ENDS = date(2024, 4, 3)
"""Thirty days after a decision on the day of filing."""


async def states(play: Subsidy, what: str) -> list[str]:
    found = await play.rows(f"select state from {what} where dossier = :number order by {what}")
    return [str(row["state"]) for row in found]


async def steps(play: Subsidy) -> list[str]:
    found = await play.rows("select step from task where dossier = :number order by opened_at, task")
    return [str(row["step"]) for row in found]


# Who decides


async def test_a_small_amount_whose_checks_all_pass_is_granted_by_nobody_and_paid_by_one(house: Any) -> None:
    play = await apply(house, training())
    await play.awaits("staff", "payment")
    (decision,) = await play.rows("select level, outcome, granted, persons from decision where dossier = :number")
    assert decision == {"level": "automatic", "outcome": "granted", "granted": Decimal(400), "persons": []}
    assert await play.answered_to_the_end() == ("granted", "completed")
    assert await steps(play) == ["payment"]
    assert await play.payments() == euros(["400.00"])
    assert await play.mails("survey") == ["applicant"]


async def test_a_middle_amount_is_reviewed_by_one_and_approved_by_another(house: Any) -> None:
    play = await apply(house, training(5))
    await play.does("review", "ANT-approver-1", "approve")
    with pytest.raises(Refusal, match="Vier ogen: u nam al een eerdere stap in dit dossier"):
        await play.does("approval", "ANT-approver-1", "approve")
    await play.does("approval", "ANT-approver-2", "approve")
    assert await play.answered_to_the_end() == ("granted", "completed")
    (decision,) = await play.rows("select level, persons from decision where dossier = :number")
    assert decision == {"level": "approver", "persons": ["ANT-approver-1", "ANT-approver-2"]}
    assert await play.payments() == euros(["1000.00"])


async def test_a_large_amount_needs_both_benches_and_two_persons(house: Any) -> None:
    play = await apply(house, training(26))
    await play.does("review", "ANT-handler-1", "approve")
    await play.does("board_employers", "ANT-board-1", "approve")
    with pytest.raises(Refusal, match="Vier ogen"):
        await play.does("board_unions", "ANT-board-1", "approve")
    await play.does("board_unions", "ANT-board-2", "approve")
    await play.awaits("staff", "payment")
    assert (await play.dossier())["granted"] == Decimal(5200)


@pytest.mark.parametrize(
    ("person", "says"),
    [
        pytest.param("ANT-intake-1", "Deze stap is voor de rol 'handler'", id="another role"),
        pytest.param("ANT-nobody", "Er is geen actieve medewerker", id="nobody we know"),
    ],
)
async def test_who_may_not_take_a_step_is_told_why(house: Any, person: str, says: str) -> None:
    play = await apply(house, training(5))
    with pytest.raises(Refusal, match=says):
        await play.does("review", person, "approve")
    assert await states(play, "task") == ["open"]


async def test_an_approver_may_give_less_and_then_the_applicant_is_told_how_to_object(house: Any) -> None:
    play = await apply(house, training(5))
    await play.does("review", "ANT-handler-1", "approve")
    with pytest.raises(Refusal, match="Geef een reden bij de uitkomst 'reduce'"):
        await play.does("approval", "ANT-approver-1", "reduce", amount=Decimal(750))
    await play.does("approval", "ANT-approver-1", "reduce", amount=Decimal(750), reasons=("budget",))
    await play.awaits("staff", "payment")
    assert (await play.dossier())["granted"] == Decimal(750)
    assert await play.mails("decision_partial") == ["applicant"]


# Incomplete


async def test_what_is_missing_is_asked_while_the_clock_of_the_fund_stands_still(house: Any) -> None:
    play = await apply(house, training(5, documents=PROOF - {Document.INVOICE, Document.ATTENDANCE}))
    await play.awaits("applicant", "completion")
    asked = await play.asked("completion")
    assert (asked["wants"], asked["until"]) == (["attendance", "invoice"], date(2024, 4, 3))
    await play.moves(date(2024, 3, 20))
    assert await play.mails("request_reminder") == ["applicant"], "fourteen days before the last day"
    await play.says("completion", Party.APPLICANT, Document.INVOICE)
    row = await play.awaits("applicant", "completion")
    assert row["outcome"] is None, "half an answer is kept, and the rest still awaited"
    assert [event["data"]["documents"] for event in await play.events("answer_kept")] == [["invoice"]]
    await play.moves(date(2024, 3, 25))
    await play.says("completion", Party.APPLICANT, Document.ATTENDANCE)
    assert await play.due("review") == date(2024, 4, 8), "ten working days from the receipt, and 21 days stood still"
    (resumed,) = await play.events("clock_resumed")
    assert resumed["data"]["days"] == 21


async def test_a_wrong_figure_is_put_right_by_the_applicant(house: Any) -> None:
    facts = training(asked=Decimal(40_000))
    play = await apply(house, facts)
    await play.awaits("applicant", "completion")
    await play.says("completion", Party.APPLICANT, facts=facts.model_copy(update={"asked": Decimal(400)}), asked="400")
    await play.does("review", "ANT-handler-1", "approve")
    await play.does("approval", "ANT-approver-1", "approve")
    assert (await play.awaits("staff", "payment"))["granted"] == Decimal(400)
    (corrected,) = await play.events("facts_corrected")
    assert corrected["data"]["fields"] == ["asked"]


async def test_nothing_heard_until_the_last_day_is_over_is_an_application_that_lapses(house: Any) -> None:
    play = await apply(house, training(documents=frozenset()))
    await play.awaits("applicant", "completion")
    await play.moves(date(2024, 4, 3))
    assert (await play.dossier())["outcome"] is None, "the last day counts to its end"
    await play.moves(date(2024, 4, 4))
    assert await play.ends() == ("lapsed", "completion")
    assert await play.mails("lapsed") == ["applicant"]


async def test_more_time_moves_the_last_day_and_its_reminder(house: Any) -> None:
    play = await apply(house, training(documents=frozenset()))
    await play.awaits("applicant", "completion")
    await house.starter.extend(play.number, "completion", date(2024, 5, 3), "ANT-handler-1", "holiday")
    await play.moves(date(2024, 4, 18))
    assert await play.mails("request_reminder") == []
    await play.moves(date(2024, 4, 19))
    await play.says("completion", Party.APPLICANT, *PROOF)
    await play.awaits("staff", "review")
    assert await play.mails("request_reminder") == ["applicant"]


async def test_a_handler_who_asks_for_clarification_gets_it_and_looks_again(house: Any) -> None:
    play = await apply(house, training(5))
    await play.does("review", "ANT-handler-1", "ask", reasons=("programme_unclear",))
    await play.awaits("applicant", "clarification")
    await play.says("clarification", Party.APPLICANT, text="added")
    await play.does("review", "ANT-handler-1", "approve")
    await play.awaits("staff", "approval")


# Refused, objected, withdrawn


async def refused(house: Any) -> Subsidy:
    """Too few hours: a person of the intake desk refuses."""
    play = await apply(house, training(5, hours=Decimal(3), asked=Decimal(180)))
    await play.does("admissibility", "ANT-intake-1", "refuse", reasons=("UREN_TE_WEINIG",))
    await play.awaits("calendar", "objection_term")
    return play


async def test_a_refusal_stands_when_nobody_objects_within_the_term(house: Any) -> None:
    play = await refused(house)
    assert (await play.dossier())["waiting_until"] == OBJECTION_ENDS
    await play.moves(OBJECTION_ENDS, OBJECTION_ENDS + timedelta(days=1))
    assert await play.ends() == ("refused", "UREN_TE_WEINIG")
    with pytest.raises(Refusal, match=f"Dossier {play.number} is gesloten op 04/04/2024"):
        await play.objects()


async def test_an_objection_is_heard_by_somebody_else_and_leads_to_a_new_review(house: Any) -> None:
    play = await refused(house)
    await play.moves(OBJECTION_ENDS)
    first = await play.objects()
    assert not first.repeated
    assert await play.objects() == first, "the same words twice are one objection"
    with pytest.raises(Refusal, match="Er loopt al een bezwaar"):
        await play.objects("another ground")
    task = await play.task("objection")
    excluded = await play.rows("select excluded from task where task = :task", task=task)
    assert excluded[0]["excluded"] == ["ANT-intake-1"]
    await play.does("objection", "ANT-approver-2", "overturned", reasons=("hours_proven",))
    await play.does("review", "ANT-handler-1", "approve")
    await play.does("approval", "ANT-approver-1", "approve")
    assert await play.answered_to_the_end() == ("granted", "completed")
    decided = await play.rows("select decision, outcome from decision where dossier = :number order by decision")
    assert decided == [{"decision": 1, "outcome": "refused"}, {"decision": 2, "outcome": "granted"}]
    assert await play.mails("objection_decided") == ["applicant"]


async def test_the_same_words_about_a_new_decision_are_a_new_objection(house: Any) -> None:
    play = await refused(house)
    await play.objects()
    await play.does("objection", "ANT-approver-2", "overturned", reasons=("hours_proven",))
    await play.does("review", "ANT-handler-1", "refuse", reasons=("no_new_facts",))
    await play.awaits("calendar", "objection_term")
    assert not (await play.objects()).repeated
    await play.does("objection", "ANT-approver-2", "upheld", reasons=("no_new_facts",))
    assert (await play.ends())[0] == "refused"
    assert await play.mails("objection_received") == ["applicant", "applicant"]


async def test_an_objection_that_is_not_followed_ends_the_dossier(house: Any) -> None:
    play = await refused(house)
    await play.objects()
    await play.does("objection", "ANT-approver-2", "upheld", reasons=("no_new_facts",))
    assert await play.ends() == ("refused", "UREN_TE_WEINIG")


async def test_an_objection_after_its_term_is_too_late_also_while_the_dossier_lives(house: Any) -> None:
    play = await apply(house, training(5))
    await play.does("review", "ANT-handler-1", "approve", amount=Decimal(600))
    await play.does("approval", "ANT-approver-1", "approve")
    await play.pays()
    await play.awaits("calendar", "follow_up")
    await play.moves(OBJECTION_ENDS + timedelta(days=1))
    with pytest.raises(Refusal, match="Bezwaar kon tot en met 03/04/2024"):
        await play.objects()


async def test_who_got_what_was_asked_has_nothing_to_object_to(house: Any) -> None:
    play = await apply(house, training())
    await play.awaits("staff", "payment")
    with pytest.raises(Refusal, match="Er is geen beslissing waartegen u bezwaar kunt maken"):
        await play.objects()


async def incomplete(house: Any) -> Subsidy:
    play = await apply(house, training(documents=frozenset()))
    await play.awaits("applicant", "completion")
    return play


async def test_an_answer_whose_reply_was_lost_is_a_repeat_also_after_the_decision(house: Any) -> None:
    """Sent again under another id, as after a roll-over: what comes with it must not be refused with it."""
    play = await incomplete(house)
    answer = AnswerRequest(
        request=f"{play.number}/completion/1",
        by=outside(Party.APPLICANT),
        documents=PROOF,
        facts=training(documents=frozenset()),
    )
    heard = await house.starter.answer(play.number, answer)
    await play.does("review", "ANT-handler-1", "approve")
    await play.does("approval", "ANT-approver-1", "approve")
    await play.awaits("staff", "payment")
    again = await house.starter.tell(play.number, "answer_request", answer, "sent-again")
    assert (again.repeated, again.sequence) == (True, heard.sequence)


async def doubtful(house: Any) -> Subsidy:
    play = await apply(house, training(duplicate_of="ANT-2024-S-000001"))
    await play.task("admissibility")
    return play


async def in_review(house: Any) -> Subsidy:
    play = await apply(house, training(5))
    await play.task("review")
    return play


async def in_approval(house: Any) -> Subsidy:
    play = await in_review(house)
    await play.does("review", "ANT-handler-1", "approve")
    await play.task("approval")
    return play


async def before_the_course(house: Any) -> Subsidy:
    play = await apply(house, planned())
    await play.awaits("calendar", "training")
    return play


async def asked_for_proof(house: Any) -> Subsidy:
    play = await before_the_course(house)
    await play.moves(date(2024, 4, 13))
    await play.awaits("applicant", "evidence")
    return play


async def in_determination(house: Any) -> Subsidy:
    play = await asked_for_proof(house)
    await play.says("evidence", Party.APPLICANT, *PROOF)
    await play.task("determination")
    return play


@pytest.mark.parametrize(
    "until", [incomplete, doubtful, in_review, in_approval, before_the_course, asked_for_proof, in_determination]
)
async def test_an_applicant_may_withdraw_as_long_as_nothing_is_paid(
    house: Any, until: Callable[[Any], Awaitable[Subsidy]]
) -> None:
    play = await until(house)
    await play.withdraws()
    assert await play.ends() == ("withdrawn", "withdrawn")
    assert "open" not in await states(play, "task"), "nobody is asked to do what is no longer needed"
    assert await play.mails("withdrawn") == ["applicant"]
    with pytest.raises(Refusal, match="gesloten"):
        await play.objects()


async def test_once_a_payment_is_on_its_way_nobody_withdraws_any_more(house: Any) -> None:
    play = await apply(house, training())
    await play.task("payment")
    with pytest.raises(Refusal, match="Er is al betaald of een betaling loopt"):
        await play.withdraws()
    await play.pays()
    await play.awaits("calendar", "follow_up")
    with pytest.raises(Refusal, match="Er is al betaald of een betaling loopt"):
        await play.withdraws()


# Elsewhere, or twice


async def test_an_application_from_tessenderlo_becomes_exactly_one_at_limburg(house: Any) -> None:
    facts = training(postcode="3980", municipality="Tessenderlo")
    play = await apply(house, facts)
    await play.does("admissibility", "ANT-intake-1", "refer", reasons=("BUITEN_PROVINCIE",))
    assert await play.ends() == ("handed_over", "BUITEN_PROVINCIE")
    order = HandOver(dossier=play.number, fund=Fund.LIMBURG, facts=facts, opens_at=at_nine(FILED))
    again = await Receipts(house.engine).hand_over(order)
    await house.starter.sweep()
    await house.starter.sweep()
    found = await house.rows("select number, fund from receipt where parent = :number", number=play.number)
    assert found == [{"number": again, "fund": "LIM"}]
    assert again.startswith("LIM-")
    successor = Subsidy(house, again)
    row = await successor.awaits("staff", "payment")
    assert (row["parent"], row["granted"], local_date(row["received_at"])) == (play.number, Decimal(400), FILED)
    assert await play.mails("handed_over") == ["applicant"]


async def test_the_same_application_again_is_looked_at_by_a_person(house: Any) -> None:
    first = await apply(house, training(), fingerprint="the-same-course")
    await first.task("payment")
    second = await apply(house, training(), fingerprint="the-same-course")
    task = await second.task("admissibility")
    assert await second.rows("select advice from task where task = :task", task=task) == [{"advice": "look"}]
    await second.does("admissibility", "ANT-intake-1", "refuse", reasons=("DUBBELE_AANVRAAG",))
    assert (await second.awaits("calendar", "objection_term"))["granted"] == 0


async def test_what_only_looked_double_goes_on(house: Any) -> None:
    play = await doubtful(house)
    await play.does("admissibility", "ANT-intake-1", "admissible")
    await play.task("review")


# Filed before the course


async def test_before_the_course_money_follows_the_proof_of_what_was_attended(house: Any) -> None:
    play = await apply(house, planned(attended=8))
    row = await play.awaits("calendar", "training")
    assert (row["granted"], row["waiting_until"]) == (Decimal(400), date(2024, 4, 13))
    assert await states(play, "payment") == []
    await play.moves(date(2024, 4, 13))
    await play.awaits("applicant", "evidence")
    assert (await play.asked("evidence"))["until"] == date(2024, 7, 13)
    await play.moves(date(2024, 7, 13))
    assert await play.mails("request_reminder") == ["applicant"]
    await play.says("evidence", Party.APPLICANT, Document.INVOICE, Document.PROOF_OF_PAYMENT)
    await play.awaits("applicant", "evidence")
    await play.says("evidence", Party.APPLICANT, Document.ATTENDANCE)
    await play.does("determination", "ANT-handler-1", "confirm")
    await play.pays()
    row = await play.awaits("calendar", "follow_up")
    assert (row["granted"], row["paid"]) == (Decimal(200), Decimal(200)), "eight hours of sixteen were attended"


async def test_proof_that_came_before_it_was_asked_is_not_asked_again(house: Any) -> None:
    play = await before_the_course(house)
    await play.says("evidence", Party.APPLICANT, *PROOF)
    await play.moves(date(2024, 4, 13))
    await play.task("determination")
    assert await play.rows("select 1 from request where dossier = :number") == []


async def test_without_proof_the_grant_lapses_and_what_comes_later_is_answered(house: Any) -> None:
    play = await asked_for_proof(house)
    await play.moves(date(2024, 7, 14))
    assert await play.ends() == ("lapsed", "evidence")
    with pytest.raises(Refusal, match=r"is gesloten op 14/07/2024 \(lapsed\)"):
        await play.says("evidence", Party.APPLICANT, *PROOF)
    assert await states(play, "payment") == []


# Paid


async def test_money_that_came_back_goes_to_another_account_under_another_key(house: Any) -> None:
    play = await apply(house, training())
    await play.does("payment", "ANT-finance-1", "returned", reasons=("account_closed",))
    await play.awaits("applicant", "account")
    await play.says("account", Party.APPLICANT, iban="given")
    await play.pays()
    await play.awaits("calendar", "follow_up")
    found = await play.rows("select payment, state from payment where dossier = :number order by payment")
    key = f"{play.number}/payment/1"
    assert found == [
        {"payment": f"{key}/1", "state": "returned"},
        {"payment": f"{key}/2", "state": "confirmed"},
    ]
    assert (await play.dossier())["paid"] == Decimal(400)


def word(play: Subsidy, outcome: Any = "confirmed", reference: str = "BANK-1") -> SettlePayment:
    return SettlePayment(payment=f"{play.number}/payment/1/1", outcome=outcome, reference=reference)


async def test_the_word_of_the_bank_settles_a_payment_and_a_second_word_changes_nothing(house: Any) -> None:
    play = await apply(house, training())
    await play.task("payment")
    await house.client.get_workflow_handle(play.number).signal("payment_settled", word(play))
    await house.client.get_workflow_handle(play.number).signal("payment_settled", word(play, "returned", "BANK-2"))
    await play.awaits("calendar", "follow_up")
    found = await play.rows("select state, reference from payment where dossier = :number")
    assert found == [{"state": "confirmed", "reference": "BANK-1"}]
    assert await states(play, "task") == ["cancelled"], "nobody confirms what the bank confirmed"


async def test_the_word_of_the_bank_that_comes_early_waits_for_the_payment(house: Any) -> None:
    play = await in_review(house)
    await house.client.get_workflow_handle(play.number).signal("payment_settled", word(play))
    await play.approved()
    row = await play.awaits("calendar", "follow_up")
    assert row["paid"] == Decimal(1000)


async def test_one_person_gets_no_more_than_the_yearly_amount_over_two_applications(house: Any) -> None:
    first = await apply(house, career(700))
    await first.approved()
    await first.pays()
    await first.awaits("calendar", "follow_up")
    second = await apply(house, career(600, starts_on=date(2024, 2, 1), ends_on=date(2024, 2, 29)))
    row = await second.awaits("staff", "payment")
    assert row["granted"] == Decimal(300)
    other = await apply(house, career(450, "account-2"))
    assert (await other.awaits("staff", "payment"))["granted"] == Decimal(450)


async def test_two_applications_of_one_person_in_review_at_once_stay_under_the_yearly_amount(house: Any) -> None:
    first = await apply(house, career(700, "account-3"))
    second = await apply(house, career(700, "account-3"))
    await first.task("review")
    await second.task("review")
    await first.approved()
    await first.awaits("staff", "payment")
    await second.approved()
    assert (await second.awaits("staff", "payment"))["granted"] == Decimal(300)


async def test_money_never_goes_again_to_an_account_it_came_back_from(house: Any) -> None:
    play = await apply(house, training())
    await play.does("payment", "ANT-finance-1", "returned", reasons=("account_closed",))
    row = await play.awaits("applicant", "account")
    await play.moves(row["waiting_until"] + timedelta(days=1))
    await play.awaits("applicant", "account")
    assert await states(play, "payment") == ["returned"], "asked again, and nothing was instructed"
    await play.says("account", Party.APPLICANT, iban="given")
    await play.pays()
    assert (await play.awaits("calendar", "follow_up"))["paid"] == Decimal(400)


# Clicks


async def test_a_double_click_is_answered_as_before_and_happens_once(house: Any) -> None:
    play = await apply(house, training(5))
    task = await play.task("review")
    first = await house.starter.complete(task, "ANT-handler-1", "approve")
    assert await house.starter.complete(task, "ANT-handler-1", "approve") == first
    with pytest.raises(Refusal, match=r"Deze taak is al afgewerkt op 04/03/2024 met uitkomst 'approve'"):
        await house.starter.complete(task, "ANT-handler-2", "approve")
    with pytest.raises(Refusal, match="Deze taak is al afgewerkt"):
        await house.starter.complete(task, "ANT-handler-1", "refuse", reasons=("late",))
    assert len(await play.events("task_completed")) == 1


async def test_a_click_on_a_task_that_is_gone_and_one_on_a_closed_dossier_get_an_answer(house: Any) -> None:
    play = await apply(house, training())
    with pytest.raises(Refusal, match=r"staat niet \(meer\) open"):
        await house.starter.complete(f"{play.number}/approval/1", "ANT-approver-1", "approve")
    await play.answered_to_the_end()
    with pytest.raises(Refusal, match="is gesloten op"):
        await house.starter.complete(f"{play.number}/approval/1", "ANT-approver-2", "approve")
    with pytest.raises(Refusal, match="bestaat niet"):
        await house.starter.complete("ANT-1999-S-000001/approval/1", "ANT-approver-1", "approve")


async def test_a_survey_nobody_answers_closes_the_dossier_all_the_same(house: Any) -> None:
    play = await apply(house, training())
    await play.paid_and_asked()
    until = (await play.asked("survey"))["until"]
    await play.moves(until)
    assert (await play.dossier())["outcome"] is None
    await play.moves(until + timedelta(days=1))
    assert await play.ends() == ("granted", "completed")


async def test_what_comes_before_the_dossier_has_opened_is_heard(house: Any) -> None:
    """The very first thing a worker sees of a dossier may be its start together with an answer."""
    facts = training(5, documents=PROOF - {Document.INVOICE})
    async with transaction(house.engine) as connection:
        number, _ = await receipts.write(connection, application(facts))
        row = (await connection.execute(select(Receipt).where(col(Receipt.number) == number))).one()
    by = Actor(person="applicant-1", party=Party.APPLICANT)
    answer = AnswerRequest(request="completion", by=by, documents=frozenset({Document.INVOICE}))
    start = WithStartWorkflowOperation(
        WorkflowSubsidy.run,
        opening_state(row),
        id=number,
        task_queue=house.settings.temporal_task_queue,
        id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
    )
    told = await house.client.execute_update_with_start_workflow(
        "answer_request", answer, start_workflow_operation=start, result_type=Accepted
    )
    assert told.dossier == number
    play = Subsidy(house, number)
    await play.task("review")
    opened, kept, *_ = await play.events()
    assert (opened["type"], kept["type"]) == ("dossier_opened", "answer_kept")


@pytest.mark.parametrize("when", ["while the payment waits", "after it was paid"])
async def test_an_objection_to_less_than_was_asked_pays_what_is_added(house: Any, when: str) -> None:
    play = await apply(house, training(5))
    await play.does("review", "ANT-handler-1", "approve", amount=Decimal(600))
    await play.does("approval", "ANT-approver-1", "approve")
    await play.task("payment")
    if when == "after it was paid":
        await play.pays()
        await play.awaits("calendar", "follow_up")
    await play.objects()
    if when == "while the payment waits":
        await play.pays()
    await play.does("objection", "ANT-approver-2", "overturned", reasons=("hours_proven",))
    await play.does("review", "ANT-handler-2", "approve")
    await play.does("approval", "ANT-approver-1", "approve")
    assert await play.answered_to_the_end() == ("granted", "completed")
    assert await play.payments() == euros(["600.00", "400.00"])
