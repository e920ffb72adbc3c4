"""The legal table: worked cases by rule, its dates, and what it asks when a fact is missing."""

from datetime import date
from typing import Any

import pytest

from models.messages.facts import TrajectoryFacts
from schemes.dismissals import DismissalFacts, FactMissing, age, ages
from schemes.regimes import RULES, Regime, choose_regime, pension_age


def dismissal(**changed: Any) -> DismissalFacts:
    """A worker of 50, nine years of service, dismissed on 3 June 2024 with 20 weeks of indemnity."""
    facts = {
        "dismissal": "individual",
        "dismissed_on": date(2024, 6, 3),
        "service_began_on": date(2015, 6, 1),
        "contract_ended_on": date(2024, 6, 3),
        "indemnity_weeks": 20,
        "age_on_dismissal": 50,
    }
    return DismissalFacts.model_validate(facts | changed)


NOTICE = {"indemnity_weeks": None, "notice_began_on": date(2024, 6, 10)}
COLLECTIVE = {"dismissal": "restructuring", "announced_on": date(2024, 1, 16)}
MEDICAL = {"dismissal": "medical_force_majeure"}


@pytest.mark.parametrize(
    ("changed", "regime", "rule"),
    [
        pytest.param({}, "bijzonder-45plus", "special-45", id="special"),
        pytest.param({"indemnity_weeks": 29}, "bijzonder-45plus", "special-45", id="29-weeks"),
        pytest.param({"indemnity_weeks": "29.5"}, "bijzonder-45plus", "special-45", id="29-and-a-half-weeks"),
        pytest.param({"indemnity_weeks": 30}, "algemeen-vergoeding", "general-indemnity", id="30-weeks-indemnity"),
        pytest.param(NOTICE | {"notice_weeks": 30}, "algemeen-opzeg", "general-notice", id="30-weeks-notice"),
        pytest.param(NOTICE | {"notice_weeks": 29}, "bijzonder-45plus", "special-45", id="29-weeks-notice"),
        pytest.param({"indemnity_weeks": 30, "age_on_dismissal": 30}, "algemeen-vergoeding", "general-indemnity",
                     id="general-at-any-age"),
        pytest.param({"indemnity_weeks": 30, "age_on_dismissal": None}, "algemeen-vergoeding", "general-indemnity",
                     id="general-needs-no-age"),
        pytest.param({"age_on_dismissal": 45}, "bijzonder-45plus", "special-45", id="45-on-the-day"),
        pytest.param({"age_on_dismissal": 44}, "geen-verplichting", "none", id="44"),
        pytest.param({"service_began_on": date(2023, 6, 3)}, "bijzonder-45plus", "special-45", id="exactly-one-year"),
        pytest.param({"service_began_on": date(2023, 6, 4)}, "geen-verplichting", "none", id="one-day-short"),
        pytest.param({"service_began_on": date(2023, 6, 4), "age_on_dismissal": None}, "geen-verplichting", "none",
                     id="one-day-short-needs-no-age"),
        pytest.param({"employment_fraction": "0.50"}, "bijzonder-45plus", "special-45", id="exactly-half-time"),
        pytest.param({"employment_fraction": "0.49"}, "bijzonder-45plus-op-verzoek", "special-45-on-request",
                     id="less-than-half-time"),
        pytest.param({"employment_fraction": "0.30", "indemnity_weeks": 30}, "algemeen-vergoeding", "general-indemnity",
                     id="general-below-half-time"),
        pytest.param({"age_on_dismissal": 64}, "bijzonder-45plus", "special-45", id="64"),
        pytest.param({"age_on_dismissal": 65}, "pensioengerechtigd", "pension-age", id="65"),
        pytest.param({"urgent_cause": True, "indemnity_weeks": None}, "uitgesloten-dringende-reden", "urgent-cause",
                     id="urgent-cause"),
        pytest.param({"urgent_cause": True, "bankrupt": True}, "uitgesloten-dringende-reden", "urgent-cause",
                     id="urgent-cause-before-bankruptcy"),
        pytest.param({"bankrupt": True, "dismissal": "closure"}, "faillissement", "bankruptcy", id="bankruptcy"),
        pytest.param(COLLECTIVE | {"age_on_announcement": 45}, "collectief-45plus", "collective-45",
                     id="collective-of-45"),
        pytest.param(COLLECTIVE | {"age_on_announcement": 44, "age_on_dismissal": 45}, "collectief-onder45",
                     "collective-under-45", id="collective-by-age-on-announcement"),
        pytest.param(COLLECTIVE | {"age_on_announcement": 44, "indemnity_weeks": 40}, "collectief-onder45",
                     "collective-under-45", id="collective-before-general"),
        pytest.param(COLLECTIVE | {"dismissal": "closure", "age_on_announcement": 50}, "collectief-45plus",
                     "collective-45", id="announced-closure"),
        pytest.param({"dismissal": "closure"}, "bijzonder-45plus", "special-45", id="closure-nobody-announced"),
        pytest.param(MEDICAL, "geen-verplichting", "medical-no-more", id="medical-after-1-april-2024"),
        pytest.param(MEDICAL | {"dismissed_on": date(2024, 4, 1)}, "geen-verplichting", "medical-no-more",
                     id="medical-on-1-april-2024"),
        pytest.param(MEDICAL | {"dismissed_on": date(2024, 3, 31)}, "medische-overmacht", "medical-until-2024",
                     id="medical-before-1-april-2024"),
        pytest.param(MEDICAL | {"dismissed_on": date(2019, 4, 28)}, "geen-verplichting", "medical-no-more",
                     id="medical-before-it-existed"),
    ],
)  # fmt: skip
def test_the_first_rule_that_holds_decides_the_regime(changed: dict[str, Any], regime: str, rule: str) -> None:
    decision = choose_regime(dismissal(**changed))
    assert (decision.regime.value, decision.rule) == (regime, rule)


def test_a_decision_names_its_article_source_and_reason() -> None:
    decision = choose_regime(dismissal(indemnity_weeks="29.5"))
    assert decision.article == "wet van 5 september 2001, hoofdstuk V, afdeling 2; cao 82 en 82bis"
    assert decision.source == "P22, P27"
    assert decision.reasons == ("45 jaar of ouder met één jaar dienst en minder dan 30 weken (29,5).",)


def test_no_duty_says_which_condition_fails() -> None:
    assert choose_regime(dismissal(age_on_dismissal=44)).reasons == (
        "Minder dan 30 weken (20) en jonger dan 45 jaar op de dag van het ontslag.",
    )
    assert choose_regime(dismissal(service_began_on=date(2024, 1, 1))).reasons == (
        "Minder dan 30 weken (20) en minder dan één jaar dienst.",
    )


def test_every_rule_has_an_id_of_its_own_and_every_regime_a_rule() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert {rule.regime for rule in RULES} == set(Regime)


@pytest.mark.parametrize(
    ("on", "years"),
    [
        pytest.param(date(2025, 1, 31), 65, id="january-2025"),
        pytest.param(date(2025, 2, 1), 66, id="february-2025"),
        pytest.param(date(2030, 1, 31), 66, id="january-2030"),
        pytest.param(date(2030, 2, 1), 67, id="february-2030"),
    ],
)
def test_the_pension_age_rises_with_the_act_of_10_august_2015(on: date, years: int) -> None:
    assert pension_age(on) == years


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        pytest.param({"age_on_dismissal": None}, "age_on_dismissal", id="no-birth-date"),
        pytest.param({"dismissal": "restructuring"}, "announced_on", id="no-announcement"),
        pytest.param(COLLECTIVE, "age_on_announcement", id="no-birth-date-in-a-restructuring"),
    ],
)
def test_a_missing_fact_is_asked_for_by_name(changed: dict[str, Any], field: str) -> None:
    with pytest.raises(FactMissing, match=r"vul .* in") as refused:
        choose_regime(dismissal(**changed))
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("birth_date", "on", "years"),
    [
        pytest.param(date(1979, 5, 13), date(2024, 5, 13), 45, id="birthday"),
        pytest.param(date(1979, 5, 15), date(2024, 5, 14), 44, id="day-before"),
        pytest.param(date(1980, 2, 29), date(2025, 2, 28), 44, id="leap-day-not-yet"),
        pytest.param(date(1980, 2, 29), date(2025, 3, 1), 45, id="leap-day"),
    ],
)
def test_an_age_is_counted_in_completed_years(birth_date: date, on: date, years: int) -> None:
    assert age(birth_date, on) == years


def test_the_ages_take_the_place_of_the_birth_date() -> None:
    assert ages(date(1979, 3, 1), date(2024, 6, 3), date(2024, 1, 16)) == (45, 44)
    assert ages(date(1979, 3, 1), date(2024, 6, 3)) == (45, None)
    assert not [name for name in DismissalFacts.model_fields if "birth" in name or "name" in name]


def test_the_facts_of_a_trajectory_fit_the_legal_table() -> None:
    facts = dismissal(offered_on=date(2024, 6, 10), indemnity_weeks=30)
    trajectory = TrajectoryFacts.model_validate(
        facts.model_dump() | {"employer_dossier": "ANT-2024-O-000001", "status": "worker", "agency": None}
    )
    assert DismissalFacts.of(trajectory) == facts
    assert choose_regime(DismissalFacts.of(trajectory)).regime is Regime.GENERAL_INDEMNITY
