"""Trajectories, lived on the real house: every regime to its end, and nobody of whom is silently not known."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from temporalio.testing import TimeSkipper

from models.messages.words import FollowUpOutcome, Outcome, Party, UnknownReason
from starter import Starter
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
    house: Any, regime: str, facts: dict[str, Any], phases: int
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


@pytest.mark.parametrize(
    ("facts", "script", "reason"),
    [
        pytest.param({"urgent_cause": True}, {}, "uitgesloten-dringende-reden", id="urgent-cause"),
        pytest.param({"age_on_dismissal": 66}, {}, "pensioengerechtigd", id="pension"),
        pytest.param({"age_on_dismissal": 30}, {}, "geen-verplichting", id="no-duty"),
        pytest.param({"employment_fraction": Decimal("0.4")}, {"wish": SILENT}, "not_requested", id="not-asked"),
        pytest.param({}, {"offer": SILENT, "check_finding": "checked"}, "no_offer", id="no-offer"),
        pytest.param({}, {"offer": SILENT, "check_finding": "stop:no_offer_made"}, "no_offer_made", id="clerk-stops"),
        pytest.param(
            {"default_notice_on": date(2024, 2, 1)},
            {"offer": SILENT, "check_finding": "checked"},
            "no_offer_after_default_notice",
            id="default-notice-ignored",
        ),
        pytest.param({}, OFFERED | {"answer": {"answer": "refused"}}, "refused", id="refused"),
        pytest.param({}, OFFERED | {"answer": SILENT, "check_finding": "checked"}, "no_answer", id="no-answer"),
        pytest.param(
            {}, OFFERED | {"start": SILENT, "check_finding": "stop:agency_silent"}, "agency_silent", id="agency-silent"
        ),
    ],
)
async def test_what_does_not_start_says_why(
    house: Any, facts: dict[str, Any], script: dict[str, Any], reason: str
) -> None:
    row = await (await Life.live(house, dismissed(**facts))).follows(script)
    assert (row["outcome"], row["reason"]) == (Outcome.NOT_STARTED, reason)


async def test_an_offer_that_came_too_late_is_looked_at_by_a_clerk_and_the_guidance_goes_on(house: Any) -> None:
    life = await Life.live(house, dismissed(**KNOWN | {"offered_on": date(2024, 1, 30)}))
    row = await life.follows(GUIDED | {"check_finding": "checked"})
    assert row["outcome"] == Outcome.COMPLETED
    assert [check["code"] for fact in await life.facts_of("checked") for check in fact["checks"]] == ["AANBOD_TE_LAAT"]
