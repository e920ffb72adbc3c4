"""Project financing, lived on the real house: the main path, every side exit, and what may never happen."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from temporalio.client import WorkflowHandle
from temporalio.testing import TimeSkipper

from models.errors import Refusal
from models.messages.commands import ReportFact
from models.messages.facts import BudgetLine, PlannedInstalment, ProjectFacts
from models.messages.words import Document, Party
from starter import Starter
from tests.workflows.playing import Play, euros, outside

FILED = date(2024, 1, 22)
HALFWAY = date(2024, 8, 5)
ENDS = date(2025, 1, 3)
AFTER_THE_END = date(2025, 1, 4)
HALF_A_YEAR_LATER = date(2025, 7, 3)
PAPERS = frozenset({Document.PLAN, Document.BUDGET, Document.PARTICIPANT_LIST, Document.QUOTE})


def project(**changed: Any) -> ProjectFacts:
    facts: dict[str, Any] = {
        "filed_on": FILED,
        "lever": "sustainable_employability",
        "looks_like_training": False,
        "running_in_lever": None,
        "has_expert": True,
        "quotes": 2,
        "starts_on": date(2024, 3, 4),
        "ends_on": ENDS,
        "participant_count": 6,
        "cost": Decimal("13350.00"),
        "asked": Decimal("6675.00"),
        "publication_consent": True,
        "documents": PAPERS,
        "iban_valid": True,
    } | changed
    facts["budget"] = (BudgetLine(line=1, sort="advies", amount=facts["cost"]),)
    facts["instalments"] = (
        PlannedInstalment(
            number=1, moment="interim_report", percentage=Decimal(100), amount=facts["asked"], planned_on=HALFWAY
        ),
    )
    return ProjectFacts.model_validate(facts)


async def filed(house: Any, **changed: Any) -> Play:
    return await Play.begin(house, project(**changed), opens=FILED)


async def granted(house: Any, **changed: Any) -> Play:
    """Until the first part is paid and the expert is at work."""
    play = await filed(house, **changed)
    await play.does("no_training", "ANT-handler-1", "project")
    await play.does("review", "ANT-handler-2", "approve")
    await play.board_approves()
    await play.pays()
    await play.awaits("calendar", "execution")
    return play


async def reported(house: Any, **changed: Any) -> Play:
    """Until the second part is paid too."""
    play = await granted(house, **changed)
    await play.moves(HALFWAY)
    await play.reports_halfway()
    return play


async def test_from_a_confirmed_lever_over_three_parts_to_the_measured_effect(house: Any) -> None:
    play = await reported(house)
    await play.moves(AFTER_THE_END)
    await play.awaits("expert", "final_report")
    await play.says("final_report", Party.EXPERT, Document.FINAL_REPORT)
    await play.awaits("expert", "final_report")
    await play.says("final_report", Party.EXPERT, Document.SURVEY_REPORT)
    await play.does("report_review", "ANT-handler-1", "accept")
    await play.does("determination", "ANT-handler-1", "confirm")
    await play.pays()
    assert (await play.awaits("calendar", "measurement"))["waiting_until"] == HALF_A_YEAR_LATER
    await play.moves(HALF_A_YEAR_LATER)
    await play.awaits("applicant", "measurement")
    await play.says("measurement", Party.APPLICANT, absenteeism="3.1", survey="4.2")
    assert await play.ends() == ("granted", "completed")
    assert await play.payments() == euros(["2670.00", "2670.00", "1335.00"])


async def test_silence_about_the_effect_is_reminded_and_closes_the_dossier(house: Any) -> None:
    play = await reported(house)
    await play.moves(AFTER_THE_END)
    await play.says("final_report", Party.EXPERT, Document.FINAL_REPORT, Document.SURVEY_REPORT)
    await play.does("report_review", "ANT-handler-1", "accept")
    await play.does("determination", "ANT-handler-1", "confirm")
    await play.pays()
    await play.awaits("calendar", "measurement")
    await play.moves(HALF_A_YEAR_LATER)
    assert (await play.awaits("applicant", "measurement"))["otherwise"] == "closes"
    await play.moves(date(2025, 7, 20), date(2025, 8, 3))
    assert await play.ends() == ("granted", "completed")
    assert len(await play.mails("request_reminder")) == 1


async def test_a_person_confirms_that_it_is_no_training_and_hands_training_over(house: Any) -> None:
    play = await filed(house)
    await play.does("no_training", "ANT-handler-1", "training", reasons=("DIT_IS_OPLEIDING",))
    assert await play.ends() == ("handed_over", "DIT_IS_OPLEIDING")
    successor = await play.rows("select kind, fund from receipt where parent = :number")
    assert successor == [{"kind": "subsidy", "fund": "ANT"}]


async def test_a_budget_of_training_only_is_judged_by_a_person_at_the_intake(house: Any) -> None:
    play = await filed(house, looks_like_training=True)
    await play.does("admissibility", "ANT-intake-1", "refer", reasons=("DIT_IS_OPLEIDING",))
    assert await play.ends() == ("handed_over", "DIT_IS_OPLEIDING")
    doubted = await filed(house, looks_like_training=True)
    await doubted.does("admissibility", "ANT-intake-1", "admissible")
    await doubted.task("review")


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"lever": None}, "GEEN_HEFBOOM"),
        ({"running_in_lever": "PRO-2024-001"}, "HEFBOOM_LOOPT_AL"),
        ({"starts_on": date(2023, 9, 1), "ends_on": date(2023, 12, 31)}, "PROJECT_AL_AFGEROND"),
    ],
    ids=["no lever", "another project runs in the lever", "finished before it was filed"],
)
async def test_what_the_rules_refuse_is_refused_by_a_person(house: Any, changed: dict[str, Any], reason: str) -> None:
    play = await filed(house, **changed)
    await play.does("admissibility", "ANT-intake-1", "refuse", reasons=(reason,))
    await play.awaits("calendar", "objection_term")
    await play.moves(date(2024, 2, 22))
    assert await play.ends() == ("refused", reason)
    assert await play.mails("decision_refused") == ["applicant"]


async def test_too_few_quotes_above_the_limit_are_asked_and_then_the_file_lapses(house: Any) -> None:
    play = await filed(house, quotes=1)
    await play.awaits("applicant", "completion")
    await play.moves(date(2024, 2, 8), date(2024, 2, 22))
    assert await play.ends() == ("lapsed", "completion")


async def test_quotes_that_come_let_the_file_go_on(house: Any) -> None:
    play = await filed(house, quotes=1)
    await play.awaits("applicant", "completion")
    await play.says("completion", Party.APPLICANT, facts=project(quotes=2))
    await play.task("no_training")


async def test_the_board_refuses_and_an_objection_leads_back_to_the_review(house: Any) -> None:
    play = await filed(house)
    await play.does("no_training", "ANT-handler-1", "project")
    await play.does("review", "ANT-handler-2", "approve")
    await play.does("board_employers", "ANT-board-1", "approve")
    with pytest.raises(Refusal, match="Vier ogen"):
        await play.does("board_unions", "ANT-board-1", "approve")
    await play.does("board_unions", "ANT-board-2", "refuse", reasons=("no_effect",))
    await play.awaits("calendar", "objection_term")
    await house.starter.object(play.number, outside(Party.APPLICANT), "the effect is in the plan")
    await play.does("objection", "ANT-approver-2", "overturned", reasons=("heard",))
    await play.does("review", "ANT-handler-2", "approve")
    await play.board_approves()
    await play.pays()
    row = await play.awaits("calendar", "execution")
    assert (row["granted"], row["paid"]) == (Decimal(6675), Decimal(2670))


async def test_more_than_half_of_the_consultant_is_granted_in_part(house: Any) -> None:
    play = await granted(house, asked=Decimal("8000.00"))
    decisions = await play.rows("select outcome, granted from decision where dossier = :number")
    assert decisions == [{"outcome": "partially_granted", "granted": Decimal(6675)}]


async def test_an_extension_is_given_up_to_six_months_and_the_report_may_come_later(house: Any) -> None:
    play = await reported(house)
    await play.moves(AFTER_THE_END)
    await play.awaits("expert", "final_report")
    with pytest.raises(Refusal, match="tot ten laatste 03/07/2025"):
        await play.wishes(AFTER_THE_END, ends_on="2025-07-04")
    wished = await play.wishes(AFTER_THE_END, ends_on="2025-07-03")
    again = await play.wishes(AFTER_THE_END, ends_on="2025-07-03")
    assert again.sequence >= wished.sequence
    await play.does("change", "ANT-handler-1", "approve")
    row = await play.awaits("expert", "final_report")
    assert row["waiting_until"] == date(2025, 8, 2)
    assert await play.mails("deadline_extended") == ["expert"]
    changes = await play.rows("select 1 from task where dossier = :number and step = 'change'")
    assert len(changes) == 1, "the same wish twice is one"
    await play.moves(date(2025, 7, 4))
    await play.says("final_report", Party.EXPERT, Document.FINAL_REPORT, Document.SURVEY_REPORT)
    await play.does("report_review", "ANT-handler-1", "accept")
    await play.task("determination")


async def test_a_cheaper_project_gets_less_and_a_refused_result_stops_at_what_was_paid(house: Any) -> None:
    play = await reported(house)
    await play.moves(AFTER_THE_END)
    await play.says("final_report", Party.EXPERT, Document.FINAL_REPORT, Document.SURVEY_REPORT)
    await play.does("report_review", "ANT-handler-1", "accept")
    await play.does("determination", "ANT-handler-1", "refuse", reasons=("no_result",))
    row = await play.awaits("calendar", "objection_term")
    assert (row["granted"], row["paid"]) == (Decimal(5340), Decimal(5340))
    await house.starter.object(play.number, outside(Party.APPLICANT), "there is a result")
    await play.does("objection", "ANT-approver-2", "overturned", reasons=("heard",))
    await play.does("review", "ANT-handler-2", "approve")
    await play.board_approves()
    await play.does("determination", "ANT-handler-1", "confirm", amount=Decimal("6000.00"))
    await play.pays()
    await play.awaits("calendar", "measurement")
    assert await play.payments() == euros(["2670.00", "2670.00", "660.00"])


async def test_without_a_final_report_a_person_decides_and_an_interim_report_keeps_its_money(house: Any) -> None:
    play = await reported(house)
    await play.moves(AFTER_THE_END)
    await play.awaits("expert", "final_report")
    await play.moves(date(2025, 2, 4))
    task = await play.task("report_missing")
    assert (await play.rows("select advice from task where task = :task", task=task))[0]["advice"] == "no_payment"
    await play.does("report_missing", "ANT-lead-1", "no_payment", reasons=("no_report",))
    assert await play.ends() == ("lapsed", "no_report")
    assert await play.recoveries() == []
    row = await play.dossier()
    assert (row["granted"], row["paid"]) == (Decimal(5340), Decimal(5340))


async def test_consent_to_publish_is_noted_and_may_be_taken_back(house: Any) -> None:
    play = await granted(house)
    by = outside(Party.APPLICANT)
    with pytest.raises(Refusal, match="consent is 'yes' of 'no'"):
        await house.starter.report(play.number, ReportFact(fact="publication_consent", on=FILED, by=by))
    no = ReportFact(fact="publication_consent", on=FILED, by=by, values={"consent": "no"})
    await house.starter.report(play.number, no)
    noted = await play.rows("select data from event where dossier = :number and type = 'reported' order by sequence")
    assert [row["data"]["values"]["consent"] for row in noted] == ["yes", "no"]
    assert (await play.dossier())["waiting_for"] == "execution"


async def test_a_withdrawn_project_is_closed(house: Any) -> None:
    play = await filed(house)
    await play.task("no_training")
    await house.starter.withdraw(play.number, outside(Party.APPLICANT))
    assert await play.ends() == ("withdrawn", "withdrawn")
    with pytest.raises(Refusal, match="is gesloten op"):
        await house.starter.object(play.number, outside(Party.APPLICANT), "too late")


async def test_a_real_project_reminds_its_expert_by_its_own_durable_timer(
    house: Any, time_skipper: TimeSkipper
) -> None:
    today = date.today()  # noqa: DTZ011 - a day of the machine, only to lie in the future
    facts = project(filed_on=today, starts_on=today + timedelta(days=10), ends_on=today + timedelta(days=200))
    starter = Starter(time_skipper.client, house.engine, house.settings.temporal_task_queue)
    play = await Play.begin(house, facts, opens=today, rehearsed=False, starter=starter)
    await play.does("no_training", "ANT-handler-1", "project")
    await play.does("review", "ANT-handler-2", "approve")
    await play.board_approves()
    await play.pays()
    until = (await play.awaits("calendar", "execution"))["waiting_until"]
    handle: WorkflowHandle[Any, Any] = time_skipper.client.get_workflow_handle(play.number)
    await time_skipper.fast_forward(handle, until - today)
    await play.awaits("expert", "interim_report")
    await time_skipper.fast_forward(handle, timedelta(days=17))
    assert await play.mails("request_reminder") == ["expert"]
