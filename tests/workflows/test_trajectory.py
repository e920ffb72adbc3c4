"""Trajectories, lived on the real house: every regime to its end, and nobody of whom is silently not known."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from temporalio.client import Client, WorkflowHandle
from temporalio.testing import TimeSkipper

from database import make_engine
from embedded import EmbeddedMail
from models.errors import Refusal
from models.messages.words import FollowUpOutcome, Outcome, Party, UnknownReason
from starter import Starter
from tests.conftest import NewDatabase
from tests.workflows.conftest import House, open_house
from tests.workflows.dismissed import DISMISSED_ON, SILENT, Life, dismissed

JOB = {"outcome": FollowUpOutcome.SAME_SECTOR}
SEEKING = {"outcome": FollowUpOutcome.JOB_SEEKING}
KNOWN = {"offered_on": date(2024, 1, 15), "answer": "accepted", "started_on": date(2024, 2, 5)}
GUIDED: dict[str, Any] = {"hours": {"hours": "20"}, "status": SEEKING, "agency_outcome": SILENT, "follow_up": JOB}
OFFERED = {
    "offer": {"offered_on": "2024-01-15"},
    "answer": {"answer": "accepted"},
    "start": {"started_on": "2024-02-05"},
}
COLLECTIVE = {"dismissal": "restructuring", "announced_on": date(2023, 12, 1), "age_on_announcement": 40}


@pytest.fixture(scope="module")
async def house(temporal_client: Client, new_database: NewDatabase, mail_server: EmbeddedMail) -> AsyncIterator[House]:
    """One house for all these lives, which have nothing to do with each other."""
    async with new_database() as urls:
        engine = make_engine(urls.app)
        async with open_house(temporal_client, engine, urls.app, mail_server) as running:
            yield running
        await engine.dispose()


@pytest.mark.parametrize(
    ("regime", "facts", "phases"),
    [
        pytest.param("bijzonder-45plus", {}, 3, id="special"),
        pytest.param("algemeen-vergoeding", {"indemnity_weeks": Decimal(40)}, 3, id="general-indemnity"),
        pytest.param(
            "algemeen-opzeg",
            {"notice_began_on": date(2024, 1, 15), "notice_weeks": Decimal(33), "indemnity_weeks": None},
            3,
            id="general-notice",
        ),
        pytest.param("collectief-onder45", COLLECTIVE, 1, id="collective-under-45"),
        pytest.param("collectief-45plus", COLLECTIVE | {"age_on_announcement": 49}, 1, id="collective-45"),
        pytest.param("faillissement", {"dismissal": "closure", "bankrupt": True}, 1, id="bankruptcy"),
    ],
)
async def test_a_person_is_guided_by_the_phases_of_the_regime_and_asked_three_times_after(
    house: House, regime: str, facts: dict[str, Any], phases: int
) -> None:
    life = await Life.live(house, dismissed(**facts))
    row = await life.follows(OFFERED | GUIDED)
    assert (row["outcome"], row["reason"]) == (Outcome.COMPLETED, "completed")
    assert [fact["regime"] for fact in await life.facts_of("regime_chosen")] == [regime]
    asked = await life.rows("select code from request where dossier = :number order by opened_at")
    assert [request["code"] for request in asked].count("hours") == phases
    assert [moment for moment, *_ in await life.followed()] == [
        *(f"phase_{number}" for number in range(1, phases)),
        *("end", "3_months", "6_months", "12_months"),
    ]
    assert (await life.followed())[-1] == ("12_months", FollowUpOutcome.SAME_SECTOR, None, Party.PARTICIPANT)


NOT_STARTED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "uitgesloten-dringende-reden": ({"urgent_cause": True}, {}),
    "pensioengerechtigd": ({"age_on_dismissal": 66}, {}),
    "geen-verplichting": ({"age_on_dismissal": 30}, {}),
    "not_requested": ({"employment_fraction": Decimal("0.4")}, {"wish": SILENT}),
    "no_offer": ({}, {"offer": SILENT, "check_finding": "checked"}),
    "clerk_found_none": ({}, {"offer": SILENT, "check_finding": "stop:clerk_found_none"}),
    "no_offer_after_default_notice": (
        {"default_notice_on": date(2024, 2, 1)},
        {"offer": SILENT, "check_finding": "checked"},
    ),
    "refused": ({}, OFFERED | {"answer": {"answer": "refused"}}),
    "no_answer": ({}, OFFERED | {"answer": SILENT, "check_finding": "checked"}),
    "agency_gone": ({}, OFFERED | {"start": SILENT, "check_finding": ["checked", "stop:agency_gone"]}),
}


async def test_what_does_not_start_says_why(house: House) -> None:
    async def ending(facts: dict[str, Any], script: dict[str, Any]) -> tuple[str, str]:
        row = await (await Life.live(house, dismissed(**facts))).follows(script)
        return row["outcome"], row["reason"]

    endings = await asyncio.gather(*(ending(*stated) for stated in NOT_STARTED.values()))
    assert endings == [(Outcome.NOT_STARTED, reason) for reason in NOT_STARTED]


async def test_who_finds_a_job_before_the_first_session_is_not_waited_for(house: House) -> None:
    life = await Life.live(house, dismissed())
    await life.follows(OFFERED, until=(Party.AGENCY, "start"))
    await life.tells("new_job", DISMISSED_ON, Party.PARTICIPANT)
    assert await life.ends() == (Outcome.NOT_STARTED, "new_job")


async def test_the_employer_sees_the_term_of_the_law_and_what_its_end_means(house: House) -> None:
    life = await Life.live(house, dismissed())
    row = await life.awaits(Party.APPLICANT, "offer")
    assert (row["waiting_until"], row["otherwise"]) == (date(2024, 1, 23), "default_notice")
    (request,) = await life.rows("select derivation from request where dossier = :number")
    assert "15" in request["derivation"]
    assert "8 januari 2024" in request["derivation"] or "08/01/2024" in request["derivation"]


async def test_an_offer_that_came_too_late_is_looked_at_by_a_clerk_and_the_guidance_goes_on(house: House) -> None:
    life = await Life.live(house, dismissed(**KNOWN | {"offered_on": date(2024, 1, 30)}))
    row = await life.follows(GUIDED | {"check_finding": "checked"})
    assert row["outcome"] == Outcome.COMPLETED
    assert [check["code"] for fact in await life.facts_of("checked") for check in fact["checks"]] == ["AANBOD_TE_LAAT"]


async def test_a_day_that_cannot_be_or_has_the_wrong_year_silences_nobody(house: House) -> None:
    life = await Life.live(house, dismissed())
    await life.awaits(Party.APPLICANT, "offer")
    for offered, says in (("2042-01-15", "drie maanden vooruit"), ("2023-01-15", "kan niet vóór")):
        with pytest.raises(Refusal, match=says):
            await life.says("offer", Party.APPLICANT, offered_on=offered)
    await life.follows(OFFERED, until=(Party.AGENCY, "start"))
    for started, says in (("9999-12-31", "drie maanden"), ("2024-01-14", "kan niet vóór"), ("soon", "Vul de dag")):
        with pytest.raises(Refusal, match=says):
            await life.says("start", Party.AGENCY, started_on=started)
    await life.says("start", Party.AGENCY, started_on="2024-02-05")
    await life.awaits(Party.CALENDAR, "guidance")


async def test_a_clerk_hears_on_the_day_that_the_employment_cell_is_over_and_nobody_began(house: House) -> None:
    life = await Life.live(house, dismissed(**COLLECTIVE), opens=date(2024, 4, 2))
    row = await life.awaits(Party.AGENCY, "start")
    assert row["waiting_until"] == date(2024, 4, 8), "the cell is open until three months after 8 January"
    await life.comes_to(date(2024, 4, 9))
    await life.does("check_finding", "ANT-intake-1", "checked")
    row = await life.awaits(Party.AGENCY, "start")
    assert row["waiting_until"] == date(2024, 4, 23), "ten working days more"
    await life.comes_to(date(2024, 4, 24))
    await life.awaits(Party.STAFF, "check_finding")
    checked = [[check["code"] for check in fact["checks"]] for fact in await life.facts_of("checked")]
    assert checked == [["BUREAU_ZWIJGT", "CEL_VOORBIJ"], ["BUREAU_ZWIJGT"]]


async def test_a_notice_of_default_gives_the_employer_one_more_term(house: House) -> None:
    life = await Life.live(house, dismissed())
    script = {"offer": SILENT, "check_finding": "checked"}
    row = await life.follows(script, until=(Party.CALENDAR, "default_notice"))
    assert (row["waiting_until"], row["otherwise"]) == (date(2024, 2, 24), "not_started")
    await life.comes_to(date(2024, 2, 12))
    with pytest.raises(Refusal, match="moet nog komen"):
        await life.tells("default_notice", date(2024, 10, 2), Party.PARTICIPANT)
    await life.tells("default_notice", date(2024, 2, 10), Party.PARTICIPANT)
    row = await life.awaits(Party.APPLICANT, "offer")
    assert row["waiting_until"] == date(2024, 3, 10)
    row = await life.follows(
        OFFERED
        | GUIDED
        | {"offer": {"offered_on": "2024-03-01"}, "start": {"started_on": "2024-03-04"}, "check_finding": "checked"}
    )
    assert row["outcome"] == Outcome.COMPLETED
    checks = [check["code"] for fact in await life.facts_of("checked") for check in fact["checks"]]
    assert checks == ["GEEN_AANBOD", "AANBOD_TE_LAAT"]


async def test_what_is_said_while_the_clerk_looks_at_a_missed_term_counts(house: House) -> None:
    life = await Life.live(house, dismissed())
    clerk = (Party.STAFF, "check_finding")
    await life.follows({"offer": SILENT, "check_finding": "checked"}, until=(Party.CALENDAR, "default_notice"))
    await life.comes_to(date(2024, 2, 10))
    await life.tells("default_notice", date(2024, 2, 10), Party.PARTICIPANT)
    await life.follows({"offer": SILENT}, until=clerk)
    await life.says(f"{life.number}/offer/2", Party.APPLICANT, offered_on="2024-03-08")
    await life.follows({"check_finding": "checked"}, until=(Party.PARTICIPANT, "answer"))
    await life.follows({"answer": SILENT}, until=clerk)
    await life.says(f"{life.number}/answer/1", Party.PARTICIPANT, answer="accepted")
    await life.does("check_finding", "ANT-intake-1", "checked")
    await life.awaits(Party.AGENCY, "start")
    checks = [check["code"] for fact in await life.facts_of("checked") for check in fact["checks"]]
    assert checks == ["GEEN_AANBOD", "INGEBREKESTELLING_NIET_GEVOLGD", "AANBOD_TE_LAAT", "GEEN_ANTWOORD"]


async def test_who_found_a_job_while_the_clerk_looks_is_not_written_to(house: House) -> None:
    life = await Life.live(house, dismissed(offered_on=date(2024, 1, 30)))
    await life.awaits(Party.STAFF, "check_finding")
    await life.tells("new_job", DISMISSED_ON, Party.PARTICIPANT)
    await life.does("check_finding", "ANT-intake-1", "checked")
    assert await life.ends() == (Outcome.NOT_STARTED, "new_job")
    assert await life.mails("trajectory_offer") == []


async def test_a_new_job_suspends_the_guidance_and_its_loss_gives_the_days_back(house: House) -> None:
    life = await Life.live(house, dismissed(**KNOWN))
    row = await life.awaits(Party.CALENDAR, "guidance")
    assert (row["waiting_until"], row["otherwise"]) == (date(2024, 4, 6), "asks_hours")
    await life.comes_to(date(2024, 3, 4))
    await life.tells("new_job", date(2024, 3, 1), Party.PARTICIPANT)
    row = await life.awaits(Party.CALENDAR, "new_job")
    assert (row["waiting_until"], row["otherwise"]) == (date(2024, 6, 30), "guidance_ends")
    await life.comes_to(date(2024, 4, 20))
    await life.tells("job_lost", date(2024, 4, 15), Party.PARTICIPANT)
    row = await life.awaits(Party.CALENDAR, "guidance")
    assert row["waiting_until"] == date(2024, 5, 21)
    assert (await life.follows(GUIDED))["outcome"] == Outcome.COMPLETED
    (ended,) = [fact for fact in await life.facts_of("reported") if fact["fact"] == "guidance_ended"]
    assert ended["on"] == "2025-03-22"


async def test_a_job_lost_too_late_does_not_bring_the_guidance_back(house: House) -> None:
    life = await Life.live(house, dismissed(**KNOWN))
    await life.awaits(Party.CALENDAR, "guidance")
    await life.comes_to(date(2024, 3, 4))
    await life.tells("new_job", date(2024, 3, 1), Party.PARTICIPANT)
    await life.comes_to(date(2024, 6, 20))
    await life.tells("job_lost", date(2024, 6, 18), Party.PARTICIPANT)
    assert (await life.follows(GUIDED))["outcome"] == Outcome.COMPLETED
    (ended,) = [fact for fact in await life.facts_of("reported") if fact["fact"] == "guidance_ended"]
    assert ended["on"] == "2024-03-01"


async def test_who_stops_is_still_asked_and_closed_as_stopped(house: House) -> None:
    life = await Life.live(house, dismissed(**KNOWN))
    await life.awaits(Party.CALENDAR, "guidance")
    await life.comes_to(date(2024, 3, 1))
    await life.tells("stopped", date(2024, 3, 1), reason="illness")
    row = await life.follows(GUIDED)
    assert (row["outcome"], row["reason"]) == (Outcome.STOPPED, "illness")
    assert [moment for moment, *_ in await life.followed()] == ["end", "3_months", "6_months", "12_months"]


async def test_a_mistyped_year_does_not_send_anybody_out_of_sight(house: House) -> None:
    life = await Life.live(house, dismissed(**KNOWN))
    await life.awaits(Party.CALENDAR, "guidance")
    await life.comes_to(date(2024, 3, 1))
    for fact in ("new_job", "job_lost", "stopped", "finished"):
        with pytest.raises(Refusal, match=r"Deze dag moet nog komen: 31/03/2042"):
            await life.tells(fact, date(2042, 3, 31), Party.PARTICIPANT)
    await life.tells("stopped", date(2024, 3, 1), reason="illness")
    row = await life.follows(GUIDED, until=(Party.CALENDAR, "follow_up"))
    assert row["waiting_until"] == date(2024, 6, 1)


UNDER_45 = COLLECTIVE | KNOWN
ASKED = (Party.PARTICIPANT, "follow_up")


async def test_nobody_answers_and_it_is_noted_why_it_is_not_known(house: House) -> None:
    life = await Life.live(house, dismissed(**UNDER_45))
    calls = [UnknownReason.NO_ANSWER] * 2 + [UnknownReason.CONTACT_LOST, FollowUpOutcome.TRAINING]
    row = await life.follows(GUIDED | {"follow_up": SILENT, "phone": calls})
    assert row["outcome"] == Outcome.COMPLETED
    assert await life.followed() == [
        ("end", FollowUpOutcome.UNKNOWN, UnknownReason.NO_ANSWER, Party.STAFF),
        ("3_months", FollowUpOutcome.UNKNOWN, UnknownReason.NO_ANSWER, Party.STAFF),
        ("6_months", FollowUpOutcome.UNKNOWN, UnknownReason.CONTACT_LOST, Party.STAFF),
        ("12_months", FollowUpOutcome.TRAINING, None, Party.STAFF),
    ]
    assert len(await life.mails("trajectory_follow_up")) == 4
    assert len(await life.mails("trajectory_follow_up_reminder")) == 8


async def test_the_agency_answers_for_a_person_who_keeps_silent(house: House) -> None:
    life = await Life.live(house, dismissed(**UNDER_45))
    await life.follows(GUIDED | {"follow_up": SILENT, "agency_outcome": JOB})
    assert [told[1:] for told in await life.followed()] == [(FollowUpOutcome.SAME_SECTOR, None, Party.AGENCY)] * 4


async def test_an_answer_after_the_second_reminder_counts_and_a_second_answer_corrects_it(house: House) -> None:
    life = await Life.live(house, dismissed(**UNDER_45))
    row = await life.follows(GUIDED, until=ASKED)
    assert row["otherwise"] == "asks_agency"
    await life.comes_to(row["waiting_until"] - timedelta(days=5))
    (asked,) = await life.rows("select request, reminders from request where dossier = :number and code = 'follow_up'")
    assert asked["reminders"] == 2
    await life.says(asked["request"], Party.PARTICIPANT, outcome=SEEKING["outcome"])
    await life.awaits(Party.CALENDAR, "follow_up")
    await life.says(asked["request"], Party.PARTICIPANT, outcome=SEEKING["outcome"])
    await life.says(asked["request"], Party.PARTICIPANT, outcome=JOB["outcome"])
    assert await life.followed() == [
        ("end", FollowUpOutcome.JOB_SEEKING, None, Party.PARTICIPANT),
        ("end", FollowUpOutcome.SAME_SECTOR, None, Party.PARTICIPANT),
    ]
    (stands,) = await life.rows("select outcome, previous, corrections from follow_up where dossier = :number")
    assert tuple(stands.values()) == (FollowUpOutcome.SAME_SECTOR, FollowUpOutcome.JOB_SEEKING, 1)


async def test_an_answer_after_the_last_day_goes_before_the_telephone(house: House) -> None:
    life = await Life.live(house, dismissed(**UNDER_45))
    await life.follows(GUIDED | {"follow_up": SILENT}, until=(Party.STAFF, "phone"))
    await life.says(f"{life.number}/follow_up/1", Party.PARTICIPANT, outcome=SEEKING["outcome"])
    await life.awaits(Party.CALENDAR, "follow_up")
    assert (await life.followed())[-1] == ("end", FollowUpOutcome.JOB_SEEKING, None, Party.PARTICIPANT)
    tasks = await life.rows("select state from task where dossier = :number and step = 'phone'")
    assert [task["state"] for task in tasks] == ["cancelled"]


@pytest.mark.parametrize(
    ("days", "spared"), [pytest.param(28, True, id="not-long-before"), pytest.param(29, False, id="too-long-before")]
)
async def test_an_answer_that_comes_before_the_question_spares_the_person_the_question(
    house: House, days: int, spared: bool
) -> None:
    life = await Life.live(house, dismissed(**UNDER_45))
    row = await life.awaits(Party.CALENDAR, "guidance")
    await life.comes_to(row["waiting_until"] - timedelta(days=days))
    await life.says("follow_up", Party.PARTICIPANT, outcome=SEEKING["outcome"])
    await life.comes_to(row["waiting_until"])
    await life.says("hours", Party.AGENCY, hours="20")
    await life.sees("the end", lambda row: row["waiting_for"] == "follow_up")
    spoken = [(SEEKING["outcome"], None, Party.PARTICIPANT)]
    assert [told[1:] for told in await life.followed()] == (spoken if spared else [])


async def test_who_wants_no_questions_gets_none_and_the_reason_stands_there(house: House) -> None:
    life = await Life.live(house, dismissed(**UNDER_45))
    await life.follows(GUIDED, until=ASKED)
    await life.tells("consent_withdrawn", DISMISSED_ON, Party.PARTICIPANT)
    await life.follows({"agency_outcome": [JOB, SILENT]}, until=(Party.CALENDAR, "follow_up"))
    (asked,) = await life.rows("select state, moment from request where dossier = :number and code = 'follow_up'")
    assert (asked["state"], asked["moment"]) == ("cancelled", "end")
    await life.follows({"agency_outcome": SILENT}, until=(Party.CALENDAR, "farewell"))
    assert (await life.dossier())["outcome"] == Outcome.COMPLETED
    assert await life.followed() == [
        ("end", FollowUpOutcome.SAME_SECTOR, None, Party.AGENCY),
        ("3_months", FollowUpOutcome.UNKNOWN, UnknownReason.NO_CONSENT, None),
        ("6_months", FollowUpOutcome.UNKNOWN, UnknownReason.NO_CONSENT, None),
        ("12_months", FollowUpOutcome.UNKNOWN, UnknownReason.NO_CONSENT, None),
    ]
    assert len(await life.mails("trajectory_follow_up")) == 1


async def test_who_cannot_be_reached_is_asked_for_at_the_agency_only(house: House) -> None:
    life = await Life.live(house, dismissed(**UNDER_45, reachable=False))
    await life.follows({"hours": SILENT, "new_contact": SILENT, "agency_outcome": SILENT})
    assert {told[1:] for told in (await life.followed())} == {
        (FollowUpOutcome.UNKNOWN, UnknownReason.CONTACT_LOST, None)
    }
    asked = await life.rows("select code from request where dossier = :number order by opened_at")
    assert [row["code"] for row in asked].count("new_contact") == 1


async def test_a_pension_ends_the_questions_and_holds_for_every_later_moment(house: House) -> None:
    life = await Life.live(house, dismissed(**UNDER_45))
    row = await life.follows({"hours": SILENT, "follow_up": {"outcome": FollowUpOutcome.PENSION}})
    assert row["outcome"] == Outcome.COMPLETED
    assert {told[1:] for told in (await life.followed())} == {(FollowUpOutcome.PENSION, None, Party.PARTICIPANT)}
    assert [moment for moment, *_ in await life.followed()] == ["end", "3_months", "6_months", "12_months"]
    assert len(await life.mails("trajectory_follow_up")) == 1


async def test_a_pension_told_between_two_phases_is_not_asked_away(house: House) -> None:
    life = await Life.live(house, dismissed(**KNOWN))
    script = {"hours": SILENT, "status": {"outcome": FollowUpOutcome.PENSION}}
    row = await life.follows(script)
    assert row["outcome"] == Outcome.COMPLETED
    assert {told[1:] for told in (await life.followed())} == {(FollowUpOutcome.PENSION, None, Party.PARTICIPANT)}


async def test_a_missing_announcement_is_asked_before_the_regime_is_chosen(house: House) -> None:
    stated = dismissed(**COLLECTIVE)
    life = await Life.live(house, stated.model_copy(update={"announced_on": None}))
    await life.awaits(Party.APPLICANT, "completion")
    await life.says("completion", Party.APPLICANT, facts=stated)
    await life.awaits(Party.AGENCY, "start")
    assert [fact["regime"] for fact in await life.facts_of("regime_chosen")] == ["collectief-onder45"]


async def test_a_year_of_questions_and_reminders_leaves_by_durable_timers(
    house: House, time_skipper: TimeSkipper
) -> None:
    today = date.today()  # noqa: DTZ011 - a real trajectory begins on a day of the machine
    facts = dismissed(**COLLECTIVE | KNOWN | {"dismissed_on": today, "contract_ended_on": today, "started_on": today})
    starter = Starter(time_skipper.client, house.engine, house.settings.temporal_task_queue)
    life = await Life.live(house, facts, rehearsed=False, starter=starter)
    await life.awaits(Party.CALENDAR, "guidance")
    await life.tells("finished", today)
    await life.says("hours", Party.AGENCY, hours="30")
    await life.awaits(Party.PARTICIPANT, "follow_up")
    await life.says("follow_up", Party.PARTICIPANT, outcome=SEEKING["outcome"])
    handle: WorkflowHandle[Any, Any] = time_skipper.client.get_workflow_handle(life.number)
    for months, days in ((3, 151), (6, 93), (12, 185)):
        await time_skipper.fast_forward(handle, timedelta(days=days))
        await life.awaits(Party.STAFF, "phone")
        sent = [fact for fact in await life.facts_of("mail_planned") if fact["template"].startswith("trajectory")]
        assert [fact["values"]["months"] for fact in sent[-3:]] == [str(months)] * 3
        await life.does("phone", "ANT-handler-1", UnknownReason.NO_ANSWER)
    await life.awaits(Party.CALENDAR, "correction")
    await time_skipper.fast_forward(handle, timedelta(days=15))
    assert await life.ends() == (Outcome.COMPLETED, "completed")
    planned = await life.rows("select template from effect where dossier = :number and party = 'participant'")
    assert (
        sorted(row["template"] for row in planned)
        == ["trajectory_follow_up"] * 4 + ["trajectory_follow_up_reminder"] * 6
    )
