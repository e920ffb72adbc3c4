"""Which days move: the difference of two courses, seen from a day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from models.messages.events import MovedDate
from schemes.correcting import CorrectionError, corrected
from schemes.course import Course, moved, redirected
from schemes.regimes import Regime
from tests.workflows.dismissed import dismissed


def course(phase: str, regime: Regime = Regime.SPECIAL_45_PLUS, **facts: Any) -> Course:
    """Somebody of 50 dismissed on 8 January 2024, in a phase of the story."""
    return Course(
        facts=dismissed(**facts), regime=regime, phase=phase, notify_term="15 days", follow_up_months=(3, 6, 12)
    )


STARTED: dict[str, Any] = {"offered_on": date(2024, 1, 15), "answer": "accepted", "started_on": date(2024, 2, 5)}


@pytest.mark.parametrize(
    ("today", "days"),
    [
        pytest.param(date(2024, 1, 10), ["offer_by", "default_notice_by"], id="both-run"),
        pytest.param(date(2024, 2, 1), ["offer_by", "default_notice_by"], id="the-offer-comes-back"),
        pytest.param(date(2024, 3, 30), [], id="everything-is-over"),
    ],
)
def test_what_is_over_moves_only_when_somebody_may_act_in_it_again(today: date, days: list[str]) -> None:
    before = course("offer")
    after = redirected(before, corrected(before.facts, {"contract_ended_on": "2024-02-01"}))
    assert [one.what for one in moved(before, after, today)] == days


def test_a_fact_on_which_no_day_depends_moves_nothing() -> None:
    before = course("guidance_1", **STARTED)
    after = redirected(before, corrected(before.facts, {"indemnity_weeks": "21", "employment_fraction": "0,8"}))
    assert moved(before, after, date(2024, 3, 1)) == ()


def test_another_regime_of_the_same_length_moves_no_phase() -> None:
    before = course("guidance_1", **STARTED)
    after = redirected(before, corrected(before.facts, {"indemnity_weeks": "30"}))
    assert after.regime is Regime.GENERAL_INDEMNITY
    assert moved(before, after, date(2024, 3, 1)) == ()


def test_a_right_that_ends_takes_its_days_away() -> None:
    before = course("offer", age_on_dismissal=45)
    after = redirected(before, corrected(before.facts, {"age_on_dismissal": "44"}))
    assert moved(before, after, date(2024, 1, 10)) == (
        MovedDate(what="offer_by", before=date(2024, 1, 23)),
        MovedDate(what="default_notice_by", before=date(2024, 2, 23)),
    )


@pytest.mark.parametrize(
    ("values", "field"),
    [
        pytest.param({"contract_ended_on": "1949-12-31"}, "contract_ended_on", id="another-century"),
        pytest.param({"announced_on": "2024-02-01"}, "dismissed_on", id="announced-after-the-dismissal"),
        pytest.param({"notice_began_on": "2024-01-05"}, "notice_began_on", id="notice-before-the-dismissal"),
        pytest.param({"notice_began_on": "2024-01-09"}, "contract_ended_on", id="notice-after-the-end"),
        pytest.param({"employment_fraction": "1.01"}, "employment_fraction", id="more-than-full-time"),
        pytest.param({"notice_weeks": "NaN"}, "notice_weeks", id="no-number"),
        pytest.param({"started_on": "2024-02-05"}, "started_on", id="not-known-yet"),
    ],
)
def test_what_cannot_be_names_its_field(values: dict[str, str], field: str) -> None:
    with pytest.raises(CorrectionError) as wrong:
        corrected(dismissed(), values)
    assert wrong.value.field == field
