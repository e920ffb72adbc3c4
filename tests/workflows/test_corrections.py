"""Facts that are put right while a trajectory runs: exactly what depends on them moves, and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from temporalio.client import Client

from database import make_engine
from embedded import EmbeddedMail
from models.errors import Refusal
from models.messages.commands import Actor, ReportFact
from models.messages.words import FollowUpOutcome, Fund, Outcome, Party, Role
from tests.conftest import NewDatabase
from tests.workflows.conftest import House, open_house
from tests.workflows.dismissed import DISMISSED_ON, SILENT, Life, dismissed

HANDLER = Actor(person="ANT-handler-1", party=Party.STAFF, fund=Fund.ANTWERPEN, roles=frozenset({Role.HANDLER}))
SEEKING = {"outcome": FollowUpOutcome.JOB_SEEKING}
GUIDED = {"hours": {"hours": "30"}, "status": SEEKING, "follow_up": SEEKING, "agency_outcome": SILENT}
STARTED = {"offered_on": date(2024, 1, 15), "answer": "accepted", "started_on": date(2024, 2, 5)}
UNDER_45 = {"dismissal": "restructuring", "announced_on": date(2023, 12, 1), "age_on_announcement": 44}
OVER_45 = UNDER_45 | {"age_on_announcement": 45}
NOTICE = {
    "notice_began_on": date(2024, 1, 15),
    "notice_weeks": Decimal(20),
    "indemnity_weeks": None,
    "contract_ended_on": date(2024, 6, 2),
}
AFTERWARDS = {3: "asked_after_3", 6: "asked_after_6", 12: "asked_after_12"}


@pytest.fixture(scope="module")
async def house(temporal_client: Client, new_database: NewDatabase, mail_server: EmbeddedMail) -> AsyncIterator[House]:
    """One house for all these lives, which have nothing to do with each other."""
    async with new_database() as urls:
        engine = make_engine(urls.app)
        async with open_house(temporal_client, engine, urls.app, mail_server) as running:
            yield running
        await engine.dispose()


async def corrects(life: Life, because: str, by: Actor = HANDLER, **values: str) -> None:
    """A handler puts facts right."""
    report = ReportFact(fact="facts_corrected", on=life.clock.date(), by=by, values=values | {"because": because})
    await life.house.starter.report(life.number, report)


async def moved(life: Life) -> list[tuple[str, dict[str, tuple[str | None, str | None]]]]:
    """What moved, time after time: because of what, and each day before and after."""
    return [
        (fact["because"], {one["what"]: (one.get("before"), one.get("after")) for one in fact["moved"]})
        for fact in await life.facts_of("dates_moved")
    ]


async def regimes(life: Life) -> list[tuple[str, str | None]]:
    """Every choice of the regime, and why it was made again."""
    return [(fact["regime"], fact.get("because")) for fact in await life.facts_of("regime_chosen")]


def afterwards(before: tuple[str, str, str], after: tuple[str, str, str]) -> dict[str, tuple[str, str]]:
    """The three moments after the guidance, before and after."""
    return dict(zip(AFTERWARDS.values(), zip(before, after, strict=True), strict=True))


async def test_notice_extended_by_illness_moves_the_offer_and_what_follows_from_it(house: House) -> None:
    life = await Life.live(house, dismissed(**NOTICE))
    row = await life.awaits(Party.APPLICANT, "offer")
    assert row["waiting_until"] == date(2024, 6, 17)
    await corrects(life, "illness", contract_ended_on="2024-07-14")
    row = await life.sees("the new day", lambda row: row["waiting_until"] == date(2024, 7, 29))
    assert (row["waiting_on"], row["waiting_for"]) == (Party.APPLICANT, "offer")
    assert await moved(life) == [
        (
            "illness",
            {"offer_by": ("2024-06-17", "2024-07-29"), "default_notice_by": ("2024-07-17", "2024-08-29")},
        )
    ]
    assert await regimes(life) == [("bijzonder-45plus", None)]
    (request,) = await life.rows("select until, derivation, state from request where dossier = :number")
    assert request == {"until": date(2024, 7, 29), "derivation": "15 dagen vanaf 14 juli 2024", "state": "open"}
    assert await life.mails("deadline_moved") == [Party.APPLICANT]
    await life.comes_to(date(2024, 7, 29))
    assert (await life.dossier())["waiting_for"] == "offer", "the last day counts"


async def test_an_offer_that_lapsed_is_asked_anew_when_its_last_day_turns_out_to_lie_ahead(house: House) -> None:
    life = await Life.live(house, dismissed(**NOTICE))
    await life.follows({"offer": SILENT, "check_finding": "checked"}, until=(Party.CALENDAR, "default_notice"))
    await corrects(life, "illness", contract_ended_on="2024-07-14")
    row = await life.awaits(Party.APPLICANT, "offer")
    assert row["waiting_until"] == date(2024, 7, 29)
    row = await life.follows({"offer": SILENT, "check_finding": "checked"}, until=(Party.CALENDAR, "default_notice"))
    assert row["waiting_until"] == date(2024, 8, 30)
    codes = [check["code"] for fact in await life.facts_of("checked") for check in fact["checks"]]
    assert codes == ["GEEN_AANBOD", "GEEN_AANBOD"], "missed twice, looked at twice"


async def test_who_turns_out_to_be_44_before_the_offer_has_no_right_and_the_employer_is_not_asked_any_more(
    house: House,
) -> None:
    life = await Life.live(house, dismissed(age_on_dismissal=45))
    await life.awaits(Party.APPLICANT, "offer")
    await corrects(life, "birth_date", age_on_dismissal="44")
    assert await life.ends() == (Outcome.NOT_STARTED, "geen-verplichting")
    assert await regimes(life) == [("bijzonder-45plus", None), ("geen-verplichting", "birth_date")]
    assert await moved(life) == [
        ("birth_date", {"offer_by": ("2024-01-23", None), "default_notice_by": ("2024-02-23", None)})
    ]
    states = await life.rows("select code, state from request where dossier = :number")
    assert states == [{"code": "offer", "state": "cancelled"}]


async def test_who_turns_out_to_work_more_than_half_time_need_not_ask_for_an_offer(house: House) -> None:
    life = await Life.live(house, dismissed(employment_fraction=Decimal("0.4")))
    await life.awaits(Party.PARTICIPANT, "wish")
    await corrects(life, "mistake", age_on_dismissal="51")
    assert (await life.dossier())["waiting_for"] == "wish"
    await corrects(life, "mistake", employment_fraction="0.8")
    row = await life.awaits(Party.APPLICANT, "offer")
    assert row["waiting_until"] == date(2024, 1, 23)
    states = await life.rows("select code, state from request where dossier = :number order by opened_at")
    assert states == [{"code": "wish", "state": "cancelled"}, {"code": "offer", "state": "open"}]


async def test_an_employer_is_not_asked_any_more_what_staff_put_right(house: House) -> None:
    life = await Life.live(house, dismissed(**UNDER_45 | {"announced_on": None}))
    await life.awaits(Party.APPLICANT, "completion")
    await corrects(life, "mistake", employment_fraction="0.9")
    assert (await life.dossier())["waiting_for"] == "completion"
    await corrects(life, "mistake", announced_on="2023-12-01")
    await life.awaits(Party.AGENCY, "start")
    assert await regimes(life) == [("collectief-onder45", None)]
    states = await life.rows("select code, state from request where dossier = :number order by opened_at")
    assert states == [{"code": "completion", "state": "cancelled"}, {"code": "start", "state": "open"}]


async def test_a_dossier_that_closed_for_a_wrong_birth_date_says_that_it_is_closed(house: House) -> None:
    life = await Life.live(house, dismissed(age_on_dismissal=44))
    assert await life.ends() == (Outcome.NOT_STARTED, "geen-verplichting")
    with pytest.raises(Refusal, match="gesloten"):
        await corrects(life, "birth_date", age_on_dismissal="45")


async def test_who_turns_out_to_be_45_after_a_voluntary_offer_has_the_term_of_the_law_to_answer(house: House) -> None:
    life = await Life.live(house, dismissed(age_on_dismissal=44, offered_on=date(2024, 1, 8)))
    row = await life.awaits(Party.PARTICIPANT, "answer")
    assert row["waiting_until"] == date(2024, 1, 23)
    await corrects(life, "birth_date", age_on_dismissal="45")
    await life.sees("a month", lambda row: row["waiting_until"] == date(2024, 2, 8))
    assert await regimes(life) == [("geen-verplichting", None), ("bijzonder-45plus", "birth_date")]
    assert await moved(life) == [("birth_date", {"answer_by": ("2024-01-23", "2024-02-08")})]
    await corrects(life, "birth_date", age_on_dismissal="44")
    await life.sees("back", lambda row: row["waiting_until"] == date(2024, 1, 23))
    assert (await moved(life))[1:] == [("birth_date", {"answer_by": ("2024-02-08", "2024-01-23")})]


@pytest.mark.parametrize(
    ("facts", "age", "before", "after", "regime"),
    [
        pytest.param(
            UNDER_45,
            "45",
            ("2024-05-05", "2024-08-05"),
            ("2024-08-05", "2024-11-05"),
            "collectief-45plus",
            id="44-to-45",
        ),
        pytest.param(
            OVER_45,
            "44",
            ("2024-08-05", "2024-11-05"),
            ("2024-05-05", "2024-08-05"),
            "collectief-onder45",
            id="45-to-44",
        ),
    ],
)
async def test_a_birth_date_across_45_gives_guidance_the_length_of_the_other_age(
    house: House, facts: dict[str, Any], age: str, before: tuple[str, str], after: tuple[str, str], regime: str
) -> None:
    life = await Life.live(house, dismissed(**facts | STARTED))
    row = await life.awaits(Party.CALENDAR, "guidance")
    assert row["waiting_until"].isoformat()[:-2] + "05" == before[0]
    await corrects(life, "birth_date", age_on_announcement=age)
    await life.sees("another end", lambda row: row["waiting_until"].isoformat()[:-2] + "05" == after[0])
    assert (await regimes(life))[1:] == [(regime, "birth_date")]
    ((because, days),) = await moved(life)
    assert because == "birth_date"
    assert days["end_of_phase_1"] == (before[0], after[0])
    assert days["asked_after_3"] == (before[1], after[1])
    assert days.keys() == {"end_of_phase_1", *AFTERWARDS.values()}


async def test_a_birth_date_across_45_before_the_first_session_moves_the_end_of_the_cell(house: House) -> None:
    life = await Life.live(house, dismissed(**UNDER_45))
    await life.awaits(Party.AGENCY, "start")
    await corrects(life, "birth_date", age_on_announcement="45")
    assert await regimes(life) == [("collectief-onder45", None), ("collectief-45plus", "birth_date")]
    assert await moved(life) == [("birth_date", {"cell_until": ("2024-04-08", "2024-07-08")})]
    await life.says("start", Party.AGENCY, started_on="2024-02-05")
    row = await life.awaits(Party.CALENDAR, "guidance")
    assert row["waiting_until"] == date(2024, 8, 6), "six months from the first session"


async def test_a_phase_whose_end_moved_into_the_past_ends_at_once(house: House) -> None:
    life = await Life.live(house, dismissed(**OVER_45 | STARTED))
    await life.awaits(Party.CALENDAR, "guidance")
    await life.comes_to(date(2024, 6, 1))
    await corrects(life, "birth_date", age_on_announcement="44")
    await life.awaits(Party.AGENCY, "hours")
    ((_, days),) = await moved(life)
    assert days["end_of_phase_1"] == ("2024-08-05", "2024-05-05")
    row = await life.follows(GUIDED, until=(Party.CALENDAR, "follow_up"))
    assert row["waiting_until"] == date(2024, 8, 5)


async def test_another_first_day_moves_every_phase_that_runs_and_every_moment_after_it(house: House) -> None:
    life = await Life.live(house, dismissed(**STARTED))
    await life.awaits(Party.CALENDAR, "guidance")
    await corrects(life, "mistake", started_on="2024-02-12")
    await life.sees("a week later", lambda row: row["waiting_until"] == date(2024, 4, 13))
    assert await moved(life) == [
        (
            "mistake",
            {
                "end_of_phase_1": ("2024-04-05", "2024-04-12"),
                "end_of_phase_2": ("2024-08-05", "2024-08-12"),
                "end_of_phase_3": ("2025-02-05", "2025-02-12"),
                **afterwards(("2025-05-05", "2025-08-05", "2026-02-05"), ("2025-05-12", "2025-08-12", "2026-02-12")),
            },
        )
    ]
    assert await regimes(life) == [("bijzonder-45plus", None)]


async def test_what_is_finished_stays_finished(house: House) -> None:
    life = await Life.live(house, dismissed(**STARTED))
    await life.awaits(Party.CALENDAR, "guidance")
    await life.comes_to(date(2024, 4, 6))
    await life.awaits(Party.AGENCY, "hours")
    await life.follows(GUIDED, until=(Party.CALENDAR, "guidance"))
    await corrects(life, "mistake", started_on="2024-03-12")
    await life.sees("the second phase", lambda row: row["waiting_until"] == date(2024, 9, 13))
    ((_, days),) = await moved(life)
    assert "end_of_phase_1" not in days
    assert days["end_of_phase_2"] == ("2024-08-05", "2024-09-12")
    asked = await life.rows("select code from request where dossier = :number and code = 'hours'")
    assert len(asked) == 1


async def test_the_moments_after_the_guidance_move_with_its_end_and_not_with_another_regime(house: House) -> None:
    life = await Life.live(house, dismissed(**UNDER_45 | STARTED))
    row = await life.follows(GUIDED, until=(Party.CALENDAR, "follow_up"))
    assert row["waiting_until"] == date(2024, 8, 5)
    await corrects(life, "birth_date", age_on_announcement="45")
    assert await moved(life) == [], "the guidance is over"
    await corrects(life, "mistake", started_on="2024-02-19")
    await life.sees("two weeks later", lambda row: row["waiting_until"] == date(2024, 8, 19))
    expected = afterwards(("2024-08-05", "2024-11-05", "2025-05-05"), ("2024-08-19", "2024-11-19", "2025-05-19"))
    assert await moved(life) == [("mistake", expected)]
    told = [fact["on"] for fact in await life.facts_of("reported") if fact["fact"] == "guidance_ended"]
    assert told == ["2024-05-05", "2024-05-19"], "whoever counts reads the last"


async def test_service_with_an_earlier_employer_counts_once_the_successor_tells_it(house: House) -> None:
    short = {"service_began_on": date(2023, 6, 1), "offered_on": date(2024, 1, 8)}
    life = await Life.live(house, dismissed(**short))
    await life.awaits(Party.PARTICIPANT, "answer")
    system = Actor(person="system", party=Party.SYSTEM)
    await corrects(life, "successor", by=system, service_began_on="2014-06-01")
    await life.sees("a month", lambda row: row["waiting_until"] == date(2024, 2, 8))
    assert await regimes(life) == [("geen-verplichting", None), ("bijzonder-45plus", "successor")]
    assert await moved(life) == [("successor", {"answer_by": ("2024-01-23", "2024-02-08")})]


async def test_a_job_lost_after_ten_weeks_moves_the_phases_that_still_run_by_the_days_of_the_job(house: House) -> None:
    life = await Life.live(house, dismissed(**STARTED))
    await life.awaits(Party.CALENDAR, "guidance")
    await life.comes_to(date(2024, 3, 4))
    await life.tells("new_job", date(2024, 3, 4), Party.PARTICIPANT)
    await life.awaits(Party.CALENDAR, "new_job")
    assert await moved(life) == [], "a job may still be lost"
    await life.comes_to(date(2024, 5, 13))
    await life.tells("job_lost", date(2024, 5, 13), Party.PARTICIPANT)
    row = await life.awaits(Party.CALENDAR, "guidance")
    assert row["waiting_until"] == date(2024, 6, 15)
    assert await moved(life) == [
        (
            "job_lost",
            {
                "end_of_phase_1": ("2024-04-05", "2024-06-14"),
                "end_of_phase_2": ("2024-08-05", "2024-10-14"),
                "end_of_phase_3": ("2025-02-05", "2025-04-16"),
                **afterwards(("2025-05-05", "2025-08-05", "2026-02-05"), ("2025-07-16", "2025-10-16", "2026-04-16")),
            },
        )
    ]


async def test_who_keeps_a_job_ends_the_guidance_with_it_and_is_asked_from_that_day_on(house: House) -> None:
    life = await Life.live(house, dismissed(**STARTED))
    await life.awaits(Party.CALENDAR, "guidance")
    await life.comes_to(date(2024, 3, 4))
    await life.tells("new_job", date(2024, 3, 4), Party.PARTICIPANT)
    await life.awaits(Party.CALENDAR, "new_job")
    await life.comes_to(date(2024, 7, 3))
    await life.awaits(Party.AGENCY, "hours")
    ((because, days),) = await moved(life)
    assert because == "new_job"
    assert days["end_of_phase_3"] == ("2025-02-05", None)
    assert days["asked_after_6"] == ("2025-08-05", "2024-09-04")


IMPOSSIBLE = {
    "contract-before-dismissal": ({"contract_ended_on": "2023-12-31"}, "einde van de arbeidsovereenkomst"),
    "no-day": ({"contract_ended_on": "31/12/2023"}, "einde van de arbeidsovereenkomst .* geen dag"),
    "service-after-dismissal": ({"service_began_on": "2024-02-01"}, "dag van het ontslag .* eerste werkdag"),
    "start-before-offer": ({"started_on": "2024-01-10"}, "eerste sessie .* aanbod"),
    "weeks": ({"indemnity_weeks": "-1"}, "weken vergoeding"),
    "age": ({"age_on_dismissal": "450"}, "leeftijd"),
    "empty": ({"dismissed_on": ""}, "dag van het ontslag in; leeg kan niet"),
    "no-such-fact": ({"birth_date": "1979-01-01"}, "birth_date"),
    "no-reason": ({"contract_ended_on": "2024-02-01", "because": "so"}, "because"),
    "nothing": ({"contract_ended_on": "2024-01-08"}, "verandert niets"),
}


async def test_what_cannot_be_is_refused_by_its_field_and_changes_nothing(house: House) -> None:
    life = await Life.live(house, dismissed(**STARTED))
    await life.awaits(Party.CALENDAR, "guidance")
    for name, (values, said) in IMPOSSIBLE.items():
        told = {"because": "mistake"} | values
        report = ReportFact(fact="facts_corrected", on=DISMISSED_ON, by=HANDLER, values=told)
        with pytest.raises(Refusal, match=said):
            await house.starter.report(life.number, report)
        assert await life.facts_of("facts_corrected") == [], name


async def test_only_staff_of_the_fund_or_the_house_puts_facts_right(house: House) -> None:
    life = await Life.live(house, dismissed(**STARTED))
    await life.awaits(Party.CALENDAR, "guidance")
    others = (
        Actor(person="applicant-1", party=Party.APPLICANT),
        Actor(person="api-4f1c2a9b7d3e", party=Party.SYSTEM),
        HANDLER.model_copy(update={"fund": Fund.LIMBURG}),
        HANDLER.model_copy(update={"roles": frozenset({Role.AUDITOR})}),
    )
    for by in others:
        with pytest.raises(Refusal, match="intake, behandelaars en teamleiders"):
            await corrects(life, "mistake", by=by, started_on="2024-02-12")
