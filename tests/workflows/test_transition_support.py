"""Transition support, lived on the real house: the main path, every side exit, and what may never happen."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from temporalio.client import WorkflowHandle
from temporalio.testing import TimeSkipper

from models.errors import Refusal
from models.messages.facts import BudgetLine, ParticipantFacts, PlannedInstalment, TransitionFacts
from models.messages.words import Document, Party
from starter import Starter
from tests.workflows.playing import Play, euros, outside

FILED = date(2024, 2, 12)
FIRST_REPORT = date(2024, 6, 10)
ENDS = date(2025, 1, 14)
AFTER_THE_END = date(2025, 1, 15)
HALF_A_YEAR_LATER = date(2025, 7, 14)
PAPERS = frozenset({Document.PLAN, Document.BUDGET, Document.PARTICIPANT_LIST, Document.QUOTE})


def transition(people: int = 6, **changed: Any) -> TransitionFacts:
    facts: dict[str, Any] = {
        "filed_on": FILED,
        "joint_committee": "111",
        "same_function": False,
        "bottleneck": True,
        "has_expert": True,
        "quotes": 2,
        "starts_on": date(2024, 4, 15),
        "ends_on": ENDS,
        "hours": Decimal(160),
        "participants": tuple(
            ParticipantFacts(line=line, status="worker", hours_planned=Decimal(160)) for line in range(1, people + 1)
        ),
        "participant_count": people,
        "cost": Decimal("30440.00"),
        "asked": Decimal("15220.00"),
        "council_advice": "favourable",
        "started_before_filing": False,
        "documents": PAPERS,
        "iban_valid": True,
    } | changed
    facts["budget"] = (BudgetLine(line=1, sort="opleiding", amount=facts["cost"]),)
    facts["instalments"] = (
        PlannedInstalment(
            number=1, moment="approval", percentage=Decimal(100), amount=facts["asked"], planned_on=FILED
        ),
    )
    return TransitionFacts.model_validate(facts)


async def filed(house: Any, **changed: Any) -> Play:
    return await Play.begin(house, transition(**changed), opens=FILED)


async def signed(play: Play) -> None:
    await play.task("signature_fund")
    await play.says("signature_expert", Party.EXPERT)
    await play.says("signature_company", Party.APPLICANT)
    await play.does("signature_fund", "ANT-handler-1", "sign")


async def granted(house: Any, **changed: Any) -> Play:
    """Until the first part is paid and the expert is at work."""
    play = await filed(house, **changed)
    await signed(play)
    await play.does("review", "ANT-handler-2", "approve")
    await play.board_approves()
    await play.pays()
    await play.awaits("calendar", "execution")
    return play


async def reported(house: Any, **changed: Any) -> Play:
    """Until the second part is paid too."""
    play = await granted(house, **changed)
    await play.moves(FIRST_REPORT)
    await play.reports_halfway()
    return play


async def finished(house: Any, **changed: Any) -> Play:
    """Until everything is paid and half a year of waiting begins."""
    return await to_the_retention(await reported(house, **changed))


async def to_the_retention(play: Play) -> Play:
    """From the reports on the way until everything is paid."""
    await play.moves(AFTER_THE_END)
    await play.awaits("expert", "final_report")
    await play.says("final_report", Party.EXPERT, Document.FINAL_REPORT)
    await play.does("report_review", "ANT-handler-1", "accept")
    await play.awaits("applicant", "employment")
    await play.says("employment", Party.APPLICANT, Document.EMPLOYMENT_PROOF)
    await play.does("determination", "ANT-handler-1", "confirm")
    await play.pays()
    await play.awaits("calendar", "retention")
    return play


async def test_from_three_signatures_over_three_parts_to_the_job_that_was_kept(house: Any) -> None:
    play = await finished(house)
    assert await play.payments() == euros(["4566.00", "6088.00", "4566.00"])
    row = await play.dossier()
    assert (row["granted"], row["paid"], row["waiting_until"]) == (Decimal(15220), Decimal(15220), HALF_A_YEAR_LATER)
    await play.moves(HALF_A_YEAR_LATER)
    await play.awaits("applicant", "retention")
    await play.says("retention", Party.APPLICANT, Document.EMPLOYMENT_PROOF, retained="yes")
    assert await play.ends() == ("granted", "completed")
    assert await play.recoveries() == []
    assert await play.mails("plan_to_sign") == ["applicant", "expert"]
    assert await play.mails("report_due") == ["expert", "expert"]


async def test_nobody_sits_on_both_benches_and_who_signed_for_the_fund_sits_on_none(house: Any) -> None:
    play = await filed(house)
    await signed(play)
    await play.does("review", "ANT-handler-2", "approve")
    task = await play.task("board_employers")
    excluded = (await play.rows("select excluded from task where task = :task", task=task))[0]["excluded"]
    assert excluded == ["ANT-handler-1", "ANT-handler-2"]
    assert await play.payments() == []
    await play.does("board_employers", "ANT-board-1", "approve")
    with pytest.raises(Refusal, match="Vier ogen: u nam al een eerdere stap in dit dossier"):
        await play.does("board_unions", "ANT-board-1", "approve")
    instructed = await play.rows("select 1 from payment where dossier = :number")
    assert instructed == [], "nothing is paid before the decision"


async def test_signatures_come_in_any_order_and_the_dossier_says_whom_it_still_awaits(house: Any) -> None:
    play = await filed(house)
    await play.does("signature_fund", "ANT-handler-1", "sign")
    await play.says("signature_company", Party.APPLICANT)
    row = await play.awaits("expert", "signature_expert")
    assert (row["waiting_until"], row["otherwise"]) == (date(2024, 3, 13), "lapses")
    first = await play.says("signature_expert", Party.EXPERT)
    again = await play.says("signature_expert", Party.EXPERT)
    assert again.sequence == first.sequence, "a double click signs once"
    await play.task("review")


async def test_an_early_signature_is_kept_and_not_asked_again(house: Any) -> None:
    play = await filed(house, documents=PAPERS - {Document.QUOTE})
    await play.awaits("applicant", "completion")
    await play.says("signature_expert", Party.EXPERT, Document.SIGNED_PLAN)
    await play.says("completion", Party.APPLICANT, Document.QUOTE)
    await play.does("signature_fund", "ANT-handler-1", "sign")
    await play.awaits("applicant", "signature_company")
    assert await play.mails("plan_to_sign") == ["applicant"]
    await play.says("signature_company", Party.APPLICANT)
    await play.task("review")


async def test_nobody_signs_for_another_also_not_early(house: Any) -> None:
    play = await filed(house, documents=PAPERS - {Document.QUOTE})
    await play.awaits("applicant", "completion")
    with pytest.raises(Refusal, match="van een andere partij verwacht"):
        await play.says("signature_expert", Party.APPLICANT)
    await play.says("completion", Party.APPLICANT, Document.QUOTE)
    await play.task("signature_fund")
    await play.awaits("expert", "signature_expert")
    with pytest.raises(Refusal, match="van een andere partij verwacht"):
        await play.says("signature_expert", Party.APPLICANT, Document.SIGNED_PLAN)


async def test_a_missing_signature_is_reminded_and_then_the_dossier_lapses(house: Any) -> None:
    play = await filed(house)
    await play.task("signature_fund")
    await play.says("signature_company", Party.APPLICANT)
    await play.awaits("expert", "signature_expert")
    await play.moves(date(2024, 2, 28), date(2024, 3, 13))
    assert await play.mails("request_reminder") == ["expert"]
    assert (await play.dossier())["outcome"] is None, "the last day counts entirely"
    await play.moves(date(2024, 3, 14))
    assert await play.ends() == ("lapsed", "unsigned")


async def test_a_silent_fund_is_pressed_and_lets_nothing_lapse(house: Any) -> None:
    play = await filed(house)
    await play.task("signature_fund")
    await play.says("signature_company", Party.APPLICANT)
    await play.says("signature_expert", Party.EXPERT)
    await play.awaits("staff", "signature_fund")
    await play.moves(date(2024, 2, 23), date(2024, 2, 27), date(2024, 4, 30))
    assert (await play.dossier())["outcome"] is None
    escalated = await play.rows("select role from task where dossier = :number and step = 'signature_fund'")
    assert escalated == [{"role": "team_lead"}]


async def test_what_the_fund_will_not_sign_is_refused_and_may_be_objected_to(house: Any) -> None:
    play = await filed(house)
    await play.task("signature_fund")
    await play.says("signature_company", Party.APPLICANT)
    await play.does("signature_fund", "ANT-handler-1", "refuse", reasons=("plan_unclear",))
    await play.awaits("calendar", "objection_term")
    await house.starter.object(play.number, outside(Party.APPLICANT), "the plan is clear")
    with pytest.raises(Refusal, match=r"Deze stap is voor de rol"):
        await play.does("objection", "ANT-handler-1", "overturned", reasons=("heard",))
    await play.does("objection", "ANT-approver-2", "overturned", reasons=("heard",))
    await play.does("signature_fund", "ANT-handler-2", "sign")
    await play.awaits("expert", "signature_expert")
    await play.says("signature_expert", Party.EXPERT)
    await play.task("review")


@pytest.mark.parametrize(
    ("changed", "advice", "outcome", "ending"),
    [
        ({"hours": Decimal(48)}, "refuse", "refuse", ("refused", "UREN_TE_WEINIG")),
        ({"same_function": True}, "refer", "refer", ("handed_over", "GEEN_OMSCHOLING")),
    ],
    ids=["less than eighty hours is refused", "the same job is ordinary training and handed over"],
)
async def test_what_is_no_transition_leaves_at_the_intake(
    house: Any, changed: dict[str, Any], advice: str, outcome: str, ending: tuple[str, str]
) -> None:
    play = await filed(house, **changed)
    task = await play.task("admissibility")
    assert (await play.rows("select advice from task where task = :task", task=task))[0]["advice"] == advice
    await play.does("admissibility", "ANT-intake-1", outcome, reasons=(ending[1],))
    if outcome == "refuse":
        await play.moves(date(2024, 3, 14))
    assert await play.ends() == ending
    successors = await play.rows("select instrument from receipt where parent = :number")
    assert successors == ([{"instrument": "formal_training"}] if outcome == "refer" else [])


async def test_an_incomplete_file_lapses_after_its_term(house: Any) -> None:
    play = await filed(house, documents=PAPERS - {Document.PLAN})
    await play.awaits("applicant", "completion")
    await play.moves(date(2024, 2, 28), date(2024, 3, 14))
    assert await play.ends() == ("lapsed", "completion")


async def test_withdrawing_is_possible_until_money_left_the_fund(house: Any) -> None:
    play = await filed(house)
    await signed(play)
    await play.task("review")
    await house.starter.withdraw(play.number, outside(Party.APPLICANT))
    assert await play.ends() == ("withdrawn", "withdrawn")
    paid = await granted(house)
    with pytest.raises(Refusal, match="Er is al betaald"):
        await house.starter.withdraw(paid.number, outside(Party.APPLICANT))


async def test_a_change_during_the_wait_for_a_report_is_decided_at_once_and_the_report_is_awaited_again(
    house: Any,
) -> None:
    play = await granted(house)
    await play.moves(FIRST_REPORT)
    asked = await play.awaits("expert", "interim_report")
    await play.wishes(FIRST_REPORT, ends_on="2025-03-31", amount="12000.00")
    await play.awaits("staff", "change")
    await play.does("change", "ANT-handler-1", "approve")
    row = await play.awaits("expert", "interim_report")
    assert (
        (row["waiting_until"], row["otherwise"])
        == (asked["waiting_until"], asked["otherwise"])
        == (
            date(2024, 7, 10),
            "withheld",
        )
    )
    assert row["granted"] == Decimal(12000)
    assert await play.planned() == euros(["4566.00", "3834.00", "3600.00"])
    assert await play.mails("change_decided") == ["applicant"]
    await play.says("interim_report", Party.EXPERT, Document.INTERIM_REPORT)
    await play.does("report_review", "ANT-handler-1", "accept")
    await play.pays()
    await play.moves(AFTER_THE_END)
    assert (await play.awaits("expert", "interim_report"))["phase"] == "execution", "the end was moved"
    assert await play.payments() == euros(["4566.00", "3834.00"])


async def test_a_change_that_the_rules_do_not_allow_is_refused_with_a_reason_at_once(house: Any) -> None:
    play = await granted(house)
    with pytest.raises(Refusal, match=r"alleen verlagen"):
        await play.wishes(FILED, amount="20000.00")
    with pytest.raises(Refusal, match="Schrijf ze als 2025-06-30"):
        await play.wishes(FILED, ends_on="eind juni")
    await play.wishes(FILED, ends_on="2025-02-28")
    await play.does("change", "ANT-handler-1", "refuse", reasons=("no_ground",))
    row = await play.awaits("calendar", "execution")
    assert row["waiting_until"] == FIRST_REPORT
    early = await filed(house)
    await early.task("signature_fund")
    with pytest.raises(Refusal, match="tussen de toekenning en het eindverslag"):
        await early.wishes(FILED, ends_on="2025-02-28")


async def test_an_objection_to_a_partial_grant_is_heard_while_the_work_goes_on(house: Any) -> None:
    play = await filed(house, asked=Decimal("15220.00"))
    await signed(play)
    await play.does("review", "ANT-handler-2", "approve", amount=Decimal("10000.00"))
    await play.board_approves()
    await play.pays()
    row = await play.awaits("calendar", "execution")
    assert (row["granted"], row["paid"]) == (Decimal(10000), Decimal(3000))
    await house.starter.object(play.number, outside(Party.APPLICANT), "all six count")
    await play.does("objection", "ANT-approver-2", "overturned", reasons=("heard",))
    await play.does("review", "ANT-handler-2", "approve")
    await play.board_approves()
    await play.sees("raised", lambda row: row["granted"] == Decimal(15220) and row["waiting_for"] == "execution")
    assert await play.payments() == euros(["3000.00"]), "the first part is paid once"
    assert await play.planned() == euros(["3000.00", "7654.00", "4566.00"])


async def test_without_any_report_nothing_more_is_paid_and_what_was_paid_comes_back(house: Any) -> None:
    play = await granted(house)
    await play.moves(AFTER_THE_END)
    await play.awaits("expert", "final_report")
    await play.moves(date(2025, 1, 31), date(2025, 2, 15))
    assert len(await play.mails("request_reminder")) == 1
    task = await play.task("report_missing")
    assert (await play.rows("select advice from task where task = :task", task=task))[0]["advice"] == "recover"
    await play.does("report_missing", "ANT-lead-1", "recover", reasons=("no_report",))
    await play.claimed()
    await play.claims("approved")
    await play.pays_back("4566.00", "2025-0001")
    assert await play.ends() == ("lapsed", "no_report")
    assert await play.recoveries() == [(Decimal("4566.00"), "no_report", "received")]
    row = await play.dossier()
    assert (row["granted"], row["paid"]) == (Decimal(4566), Decimal(4566))


async def test_a_late_report_is_taken_when_staff_asks_again(house: Any) -> None:
    play = await granted(house)
    await play.moves(AFTER_THE_END)
    await play.awaits("expert", "final_report")
    await play.moves(date(2025, 2, 15))
    await play.task("report_missing")
    await play.says("final_report", Party.EXPERT, Document.FINAL_REPORT)
    await play.does("report_missing", "ANT-lead-1", "ask_again", reasons=("late_but_there",))
    await play.task("report_review")


async def test_who_followed_too_few_hours_brings_no_money_and_what_was_overpaid_comes_back(house: Any) -> None:
    play = await reported(house)
    attended = [Decimal(h) for h in ("160", "79.5", "40", "80", "0", "12")]
    people = tuple(
        ParticipantFacts(line=line, status="worker", hours_planned=Decimal(160), hours_attended=hours)
        for line, hours in enumerate(attended, start=1)
    )
    await play.moves(AFTER_THE_END)
    await play.awaits("expert", "final_report")
    await play.says("final_report", Party.EXPERT, Document.FINAL_REPORT)
    await play.does("report_review", "ANT-handler-1", "accept")
    await play.awaits("applicant", "employment")
    facts = transition(ends_on=date(2031, 1, 1)).model_copy(update={"participants": people})
    await play.says("employment", Party.APPLICANT, Document.EMPLOYMENT_PROOF, facts=facts)
    await play.does("determination", "ANT-handler-1", "confirm")
    row = await play.awaits("calendar", "retention")
    assert row["waiting_until"] == HALF_A_YEAR_LATER, "a correction does not move the term"
    await play.claimed()
    await play.claims("approved")
    await play.pays_back("5580.67", "2025-0001")
    await play.claims("received")
    assert await play.recoveries() == [(Decimal("5580.67"), "lower_final_amount", "received")]
    assert await play.payments() == euros(["4566.00", "6088.00"])


async def test_when_the_job_was_not_kept_the_result_slice_comes_back_to_the_cent(house: Any) -> None:
    play = await finished(house, asked=Decimal("12345.67"))
    assert await play.payments() == euros(["3703.70", "4938.27", "3703.70"])
    await play.moves(HALF_A_YEAR_LATER)
    await play.awaits("applicant", "retention")
    await play.moves(date(2025, 7, 30), date(2025, 8, 14))
    assert len(await play.mails("request_reminder")) == 1, "silence is reminded before it counts"
    await play.does("retention_check", "ANT-lead-1", "failed", reasons=("retention",))
    await play.claimed()
    row = await play.claims("approved")
    assert row["until"] == date(2025, 9, 13), "the term of the policy"
    await play.moves(date(2025, 9, 22), date(2025, 10, 6), date(2025, 10, 20))
    assert await play.mails("recovery_reminder") == ["applicant", "applicant"]
    await play.does("recovery_late", "ANT-handler-2", "write_off", reasons=("not_recoverable",))
    await play.does("write_off_board_employers", "ANT-board-1", "approve")
    await play.does("write_off_board_unions", "ANT-board-2", "approve")
    assert await play.ends() == ("granted", "completed")
    assert await play.recoveries() == [(Decimal("3703.70"), "retention", "written_off")]


async def test_a_real_dossier_reminds_and_lapses_by_its_own_durable_timer(
    house: Any, time_skipper: TimeSkipper
) -> None:
    today = date.today()  # noqa: DTZ011 - a day of the machine, only to lie in the future
    facts = transition(filed_on=today, starts_on=today + timedelta(days=90), ends_on=today + timedelta(days=400))
    starter = Starter(time_skipper.client, house.engine, house.settings.temporal_task_queue)
    play = await Play.begin(house, facts, opens=today, rehearsed=False, starter=starter)
    await play.task("signature_fund")
    handle: WorkflowHandle[Any, Any] = time_skipper.client.get_workflow_handle(play.number)
    await time_skipper.fast_forward(handle, timedelta(days=17))
    await play.sees("reminded", lambda row: row["sequence"] > 0)
    assert await play.mails("request_reminder") == ["applicant", "expert"]
    await time_skipper.fast_forward(handle, timedelta(days=15))
    assert await play.ends() == ("lapsed", "unsigned")
