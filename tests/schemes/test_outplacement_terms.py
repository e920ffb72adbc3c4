"""Statutory terms, phases, resumption, value and findings per regime; ids name the source page."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from schemes.deadlines import Deadline, Suspension
from schemes.dismissals import DismissalFacts, FactMissing
from schemes.outplacement_findings import findings
from schemes.outplacement_terms import (
    answer_deadline,
    default_notice_deadline,
    employer_response_deadline,
    guidance_value,
    offer_deadline,
    phases,
    resumption_offer_deadline,
    resumption_window,
)
from schemes.regimes import Regime

ENDED = date(2024, 6, 3)
WITHOUT_SPONTANEOUS_DUTY = [
    Regime.BANKRUPTCY,
    Regime.COLLECTIVE_UNDER_45,
    Regime.COLLECTIVE_45_PLUS,
    Regime.SPECIAL_45_PLUS_ON_REQUEST,
    Regime.NO_DUTY,
    Regime.EXCLUDED_URGENT_CAUSE,
    Regime.PENSION_AGE,
]


def dismissal(**changed: Any) -> DismissalFacts:
    facts = {
        "dismissal": "individual",
        "dismissed_on": ENDED,
        "service_began_on": date(2010, 6, 1),
        "contract_ended_on": ENDED,
        "age_on_dismissal": 50,
    }
    return DismissalFacts.model_validate(facts | changed)


def told(deadline: Deadline | None) -> tuple[date, str] | None:
    return None if deadline is None else (deadline.last_day, deadline.derivation())


@pytest.mark.parametrize(
    ("regime", "last_day", "derivation"),
    [
        pytest.param(Regime.GENERAL_INDEMNITY, date(2024, 6, 18), "15 dagen vanaf 3 juni 2024", id="P24"),
        pytest.param(Regime.GENERAL_NOTICE, date(2024, 6, 24), "4 weken vanaf 27 mei 2024", id="P26"),
        pytest.param(Regime.SPECIAL_45_PLUS, date(2024, 6, 18), "15 dagen vanaf 3 juni 2024", id="P27"),
        pytest.param(Regime.MEDICAL_FORCE_MAJEURE, date(2024, 6, 18), "15 dagen vanaf 3 juni 2024", id="jobs-deal"),
    ],
)
def test_the_employer_offers_in_time(regime: Regime, last_day: date, derivation: str) -> None:
    facts = dismissal(notice_began_on=date(2024, 5, 27))
    assert told(offer_deadline(regime, facts)) == (last_day, derivation)


@pytest.mark.parametrize("regime", WITHOUT_SPONTANEOUS_DUTY)
def test_without_a_spontaneous_duty_there_is_no_term_for_an_offer(regime: Regime) -> None:
    facts = dismissal()
    assert offer_deadline(regime, facts) is None
    assert default_notice_deadline(regime, facts) is None
    assert employer_response_deadline(regime, ENDED) is None
    assert findings(regime, facts, date(2030, 1, 1)) == ()


def test_worked_notice_without_a_first_day_asks_for_it() -> None:
    with pytest.raises(FactMissing, match="opzegtermijn") as refused:
        offer_deadline(Regime.GENERAL_NOTICE, dismissal())
    assert refused.value.field == "notice_began_on"


@pytest.mark.parametrize(
    ("regime", "last_day", "derivation"),
    [
        pytest.param(Regime.GENERAL_INDEMNITY, date(2025, 3, 18), "39 weken vanaf 18 juni 2024", id="P24"),
        pytest.param(Regime.GENERAL_NOTICE, date(2024, 7, 22), "4 weken vanaf 24 juni 2024", id="P26"),
        pytest.param(Regime.SPECIAL_45_PLUS, date(2024, 7, 18), "1 maand vanaf 18 juni 2024", id="P29"),
    ],
)
def test_the_worker_gives_notice_of_default_after_the_offer_failed(
    regime: Regime, last_day: date, derivation: str
) -> None:
    facts = dismissal(notice_began_on=date(2024, 5, 27))
    assert told(default_notice_deadline(regime, facts)) == (last_day, derivation)


@pytest.mark.parametrize(
    ("regime", "last_day"),
    [
        pytest.param(Regime.GENERAL_INDEMNITY, date(2024, 2, 28), id="P24-4-weeks"),
        pytest.param(Regime.SPECIAL_45_PLUS, date(2024, 2, 29), id="P29-1-month"),
        pytest.param(Regime.GENERAL_NOTICE, None, id="no-term-found"),
    ],
)
def test_the_employer_answers_a_notice_of_default(regime: Regime, last_day: date | None) -> None:
    deadline = employer_response_deadline(regime, date(2024, 1, 31))
    assert (deadline.last_day if deadline else None) == last_day


@pytest.mark.parametrize(
    ("regime", "last_day"),
    [
        pytest.param(Regime.GENERAL_INDEMNITY, date(2024, 2, 28), id="P24-4-weeks"),
        pytest.param(Regime.GENERAL_NOTICE, date(2024, 2, 28), id="P26-4-weeks"),
        pytest.param(Regime.SPECIAL_45_PLUS, date(2024, 2, 29), id="P27-1-month"),
        pytest.param(Regime.SPECIAL_45_PLUS_ON_REQUEST, date(2024, 2, 29), id="P27-1-month-on-request"),
        pytest.param(Regime.MEDICAL_FORCE_MAJEURE, date(2024, 2, 28), id="jobs-deal-4-weeks"),
        pytest.param(Regime.COLLECTIVE_45_PLUS, None, id="registers-with-the-cell"),
        pytest.param(Regime.NO_DUTY, None, id="no-duty"),
    ],
)
def test_the_worker_answers_an_offer(regime: Regime, last_day: date | None) -> None:
    deadline = answer_deadline(regime, date(2024, 1, 31))
    assert (deadline.last_day if deadline else None) == last_day


TWELVE_MONTHS = [(1, 20, date(2024, 10, 31)), (2, 20, date(2025, 2, 28)), (3, 20, date(2025, 8, 31))]


@pytest.mark.parametrize(
    ("regime", "expected"),
    [
        pytest.param(Regime.GENERAL_INDEMNITY, TWELVE_MONTHS, id="P25"),
        pytest.param(Regime.GENERAL_NOTICE, TWELVE_MONTHS, id="P25-notice"),
        pytest.param(Regime.SPECIAL_45_PLUS, TWELVE_MONTHS, id="P30"),
        pytest.param(Regime.SPECIAL_45_PLUS_ON_REQUEST, TWELVE_MONTHS, id="P30-on-request"),
        pytest.param(Regime.COLLECTIVE_UNDER_45, [(1, 30, date(2024, 11, 30))], id="P23-under-45"),
        pytest.param(Regime.COLLECTIVE_45_PLUS, [(1, 60, date(2025, 2, 28))], id="P23-45-plus"),
        pytest.param(Regime.BANKRUPTCY, [(1, 60, date(2025, 2, 28))], id="P50"),
        pytest.param(Regime.MEDICAL_FORCE_MAJEURE, [(1, 30, date(2024, 11, 30))], id="P14"),
        pytest.param(Regime.NO_DUTY, [], id="no-duty"),
        pytest.param(Regime.PENSION_AGE, [], id="pension-age"),
        pytest.param(Regime.EXCLUDED_URGENT_CAUSE, [], id="urgent-cause"),
    ],
)
def test_guidance_runs_in_phases_from_the_first_session(regime: Regime, expected: list[tuple[int, int, date]]) -> None:
    reached = phases(regime, date(2024, 8, 31))
    assert [(phase.number, phase.hours, phase.deadline.last_day) for phase in reached] == expected


def test_a_new_job_holds_the_clock_of_every_phase_that_still_runs() -> None:
    job = Suspension(start=date(2024, 11, 1), end=date(2024, 11, 30))
    reached = phases(Regime.SPECIAL_45_PLUS, date(2024, 8, 31), (job,))
    assert [phase.deadline.last_day for phase in reached] == [
        date(2024, 10, 31),
        date(2025, 3, 30),
        date(2025, 9, 30),
    ]


@pytest.mark.parametrize(
    ("regime", "lost_on", "last_day"),
    [
        pytest.param(Regime.GENERAL_INDEMNITY, date(2024, 4, 30), date(2024, 5, 28), id="three-months-to-the-day"),
        pytest.param(Regime.GENERAL_INDEMNITY, date(2024, 5, 1), None, id="a-day-too-long"),
        pytest.param(Regime.GENERAL_NOTICE, date(2024, 2, 1), date(2024, 2, 29), id="P24-notice"),
        pytest.param(Regime.SPECIAL_45_PLUS, date(2024, 2, 1), date(2024, 2, 29), id="P34"),
        pytest.param(Regime.COLLECTIVE_45_PLUS, date(2024, 2, 1), None, id="P28-practice-not-law"),
    ],
)
def test_who_loses_a_new_job_soon_may_ask_to_resume(regime: Regime, lost_on: date, last_day: date | None) -> None:
    window = resumption_window(regime, date(2024, 1, 31), lost_on)
    assert (window.last_day if window else None) == last_day


def test_the_employer_offers_again_within_15_days_in_the_general_regime_only() -> None:
    assert told(resumption_offer_deadline(Regime.GENERAL_NOTICE, ENDED)) == (
        date(2024, 6, 18),
        "15 dagen vanaf 3 juni 2024",
    )
    assert resumption_offer_deadline(Regime.SPECIAL_45_PLUS, ENDED) is None


@pytest.mark.parametrize(
    ("wage", "fraction", "value"),
    [
        pytest.param("21600", "1", "1800.00", id="at-the-minimum"),
        pytest.param("21599.99", "1", "1800.00", id="a-cent-below-the-minimum"),
        pytest.param("19800", "1", "1800.00", id="below-the-minimum"),
        pytest.param("21600.12", "1", "1800.01", id="a-cent-above-the-minimum"),
        pytest.param("58150", "1", "4845.83", id="one-twelfth"),
        pytest.param("66000", "1", "5500.00", id="at-the-maximum"),
        pytest.param("66000.12", "1", "5500.00", id="above-the-maximum"),
        pytest.param("96350", "1", "5500.00", id="far-above-the-maximum"),
        pytest.param("70200", "0.5", "2750.00", id="half-time-maximum"),
        pytest.param("30000", "0.5", "2500.00", id="half-time-between"),
        pytest.param("9000", "0.5", "900.00", id="half-time-minimum"),
    ],
)
def test_the_value_of_the_guidance_is_a_twelfth_of_the_wage_between_bounds(
    wage: str, fraction: str, value: str
) -> None:
    facts = dismissal(gross_yearly_wage=wage, employment_fraction=fraction)
    assert guidance_value(Regime.GENERAL_INDEMNITY, facts) == Decimal(value)


def test_only_the_general_regime_with_indemnity_asks_the_wage() -> None:
    with pytest.raises(FactMissing, match="jaarloon"):
        guidance_value(Regime.GENERAL_INDEMNITY, dismissal())
    assert guidance_value(Regime.GENERAL_NOTICE, dismissal()) is None
    assert guidance_value(Regime.MEDICAL_FORCE_MAJEURE, dismissal()) == 1800


NO_OFFER = "De werkgever moest uiterlijk op 18/06/2024 een aanbod doen, maar deed dat niet."
LATE = "Het aanbod van 19/06/2024 kwam na de uiterste dag 18/06/2024."


@pytest.mark.parametrize(
    ("changed", "as_of", "sentences"),
    [
        pytest.param({"offered_on": date(2024, 6, 18)}, date(2024, 7, 16), [], id="offer-on-the-last-day"),
        pytest.param({"offered_on": date(2024, 6, 19)}, date(2024, 7, 16), [LATE], id="offer-a-day-late"),
        pytest.param({}, date(2024, 6, 18), [], id="offer-may-still-come-today"),
        pytest.param({}, date(2024, 6, 19),
                     [NO_OFFER], id="no-offer"),
        pytest.param({"offered_on": date(2024, 6, 18)}, date(2024, 7, 17),
                     ["Op het aanbod van 18/06/2024 kwam geen antwoord; de termijn liep tot 16/07/2024."],
                     id="no-answer"),
        pytest.param({"offered_on": date(2024, 6, 18), "answered_on": date(2024, 7, 1)}, date(2024, 7, 17), [],
                     id="answered"),
        pytest.param({"offered_on": date(2024, 7, 18), "answered_on": date(2024, 7, 19),
                      "default_notice_on": date(2024, 6, 20)}, date(2024, 8, 1),
                     ["Het aanbod van 18/07/2024 kwam na de uiterste dag 18/06/2024. "
                      "De werknemer stelde in gebreke op 20/06/2024."], id="offer-on-the-last-day-after-default"),
        pytest.param({"default_notice_on": date(2024, 6, 20)}, date(2024, 7, 18),
                     [NO_OFFER],
                     id="employer-may-still-answer-the-default"),
        pytest.param({"default_notice_on": date(2024, 6, 20)}, date(2024, 7, 19),
                     [NO_OFFER,
                      "Na de ingebrekestelling van 20/06/2024 kwam er geen aanbod vóór of op 18/07/2024."],
                     id="default-not-followed"),
        pytest.param({"default_notice_on": date(2025, 3, 19)}, date(2025, 12, 1),
                     [NO_OFFER],
                     id="default-notice-after-its-39-weeks"),
    ],
)  # fmt: skip
def test_a_missed_term_is_a_finding_from_the_day_after(
    changed: dict[str, Any], as_of: date, sentences: list[str]
) -> None:
    found = findings(Regime.GENERAL_INDEMNITY, dismissal(**changed), as_of)
    assert [finding.sentence for finding in found] == sentences
