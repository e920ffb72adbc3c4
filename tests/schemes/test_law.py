"""The legal table at every boundary, as tables that a jurist can read: tests/schemes/golden/law-*."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from schemes.collective_dismissal import (
    case_of_fund,
    cell_ends,
    insolvency_claim_by,
    is_collective_by_law,
    restructuring_ends,
)
from schemes.deadlines import Deadline, Suspension, Term
from schemes.dismissals import DismissalFacts, ages
from schemes.follow_up import guidance_phases
from schemes.outplacement_remedies import (
    justification_deadline,
    return_to_work_deadline,
    sanction,
    vdab_deadline,
    voluntary_offer,
)
from schemes.outplacement_sources import FUND, source_of
from schemes.outplacement_terms import (
    answer_deadline,
    default_notice_deadline,
    employer_response_deadline,
    offer_deadline,
    resumption_offer_deadline,
    return_deadline,
)
from schemes.regimes import RULES, Regime, choose_regime

GOLDEN = Path(__file__).resolve().parent / "golden"
NOTIFY = Term.parse("15 days")


def table(name: str) -> dict[str, Any]:
    return tomllib.loads((GOLDEN / f"law-{name}.toml").read_text("utf-8"))


def cases(name: str) -> Iterator[Any]:
    """Every case of a table, each named by what it is about."""
    for family, told in table(name).items():
        for case in told.get("cases", ()):
            assert told["article"], family
            assert case.get("source") or told["source"], case["case"]
            yield pytest.param(family, dict(case), id=f"{family}-{case['case']}")


def facts_of(**changed: Any) -> DismissalFacts:
    """Facts of the base case with changes; an empty text takes a fact away, `born` gives the ages."""
    stated = {name: value for name, value in (table("regimes")["base"] | changed).items() if value != ""}
    born, announced = date.fromisoformat(stated.pop("born")), stated.get("announced_on")
    known = ages(born, date.fromisoformat(stated["dismissed_on"]), date.fromisoformat(announced) if announced else None)
    return DismissalFacts.model_validate(
        stated | {"age_on_dismissal": known.on_dismissal, "age_on_announcement": known.on_announcement}
    )


@pytest.mark.parametrize(("family", "case"), list(cases("regimes")))
def test_the_regime_at_every_boundary(family: str, case: dict[str, Any]) -> None:
    expected = case.pop("regime")
    del case["case"]
    decision = choose_regime(facts_of(**case))
    assert decision.regime.value == expected, family
    assert decision.article
    assert decision.source
    assert decision.reasons


def test_every_rule_of_the_table_has_a_case_of_its_own() -> None:
    decided = set()
    for told in table("regimes").values():
        for case in told.get("cases", ()):
            changed = {name: value for name, value in case.items() if name not in ("case", "regime")}
            decided.add(choose_regime(facts_of(**changed)).rule)
    assert decided == {rule.id for rule in RULES}


Finding = Callable[[Regime, date, dict[str, Any]], Deadline | None]


def _ended(regime: Regime, day: date) -> DismissalFacts:
    return facts_of(dismissed_on="2019-01-02").model_copy(
        update={"contract_ended_on": day, "notice_began_on": day if regime is Regime.GENERAL_NOTICE else None}
    )


def _jobs(case: dict[str, Any]) -> tuple[tuple[date, date], ...]:
    return tuple((date.fromisoformat(began), date.fromisoformat(lost)) for began, lost in case.get("jobs", ()))


def _voluntary(regime: Regime, day: date, _case: dict[str, Any]) -> Deadline | None:
    offer = voluntary_offer(regime, day, NOTIFY)
    return offer.answer_by if offer else None


TERMS: dict[str, Finding] = {
    "offer": lambda regime, day, _: offer_deadline(regime, _ended(regime, day)),
    "default_notice": lambda regime, day, _: default_notice_deadline(regime, _ended(regime, day)),
    "employer_response": lambda regime, day, _: employer_response_deadline(regime, day),
    "answer": lambda regime, day, _: answer_deadline(regime, day),
    "return": lambda regime, day, _: return_deadline(regime, day),
    "offer_again": lambda regime, day, _: resumption_offer_deadline(regime, day),
    "vdab": lambda regime, day, case: vdab_deadline(regime, day, _jobs(case)),
    "justification": lambda _, day, __: justification_deadline(day),
    "cell": lambda regime, day, _: cell_ends(regime, day),
    "restructuring": lambda _, day, __: restructuring_ends(day),
    "insolvency": lambda _, day, __: insolvency_claim_by(day),
    "return_to_work": lambda _, day, __: return_to_work_deadline(day),
    "voluntary": _voluntary,
}


@pytest.mark.parametrize(("term", "case"), list(cases("deadlines")))
def test_every_term_by_its_last_day_and_its_derivation(term: str, case: dict[str, Any]) -> None:
    found = TERMS[term](Regime(case["regime"]), date.fromisoformat(case["from"]), case)
    assert found is not None
    assert (str(found.last_day), found.derivation()) == (case["last_day"], case["derivation"])


def test_every_term_has_a_case() -> None:
    assert table("deadlines").keys() == TERMS.keys()


NONE = [
    pytest.param(term, regime, id=f"{term}-{regime}")
    for term, told in table("none").items()
    for regime in told["regimes"]
]


@pytest.mark.parametrize(("term", "regime"), NONE)
def test_a_term_that_a_regime_does_not_know_is_not_told(term: str, regime: str) -> None:
    assert TERMS[term](Regime(regime), date(2024, 6, 3), {}) is None


@pytest.mark.parametrize(("family", "case"), list(cases("phases")))
def test_the_phases_of_the_guidance(family: str, case: dict[str, Any]) -> None:
    held = tuple(Suspension(start=began, end=lost) for began, lost in _jobs(case))
    found = guidance_phases(Regime(case["regime"]), date.fromisoformat(case["started_on"]), held)
    assert [[str(phase.hours), str(phase.deadline.last_day)] for phase in found] == case["phases"], family


def _thresholds() -> list[Any]:
    with (GOLDEN / "law-thresholds.csv").open(encoding="utf-8", newline="") as file:
        return [pytest.param(row, id=f"{row['dismissed']}-of-{row['staff']}") for row in csv.DictReader(file)]


@pytest.mark.parametrize("row", _thresholds())
def test_collective_by_law_and_by_the_fund_are_two_rules(row: dict[str, str]) -> None:
    staff, dismissed = int(row["staff"]), int(row["dismissed"])
    assert is_collective_by_law(staff, dismissed) is (row["by_law"] == "yes"), row["source"]
    assert case_of_fund(staff, dismissed) == row["by_fund"], row["source"]


def test_medical_force_majeure_before_april_2024_is_paid_to_no_return_to_work_fund() -> None:
    assert return_to_work_deadline(date(2024, 3, 31)) is None


def test_the_sanction_is_1500_euro_and_300_of_costs() -> None:
    assert sanction() == 1800


def test_every_term_of_the_law_names_its_article_and_the_others_say_that_they_are_the_funds_own() -> None:
    assert source_of("offer_by", Regime.GENERAL_INDEMNITY).source == "P24"
    assert source_of("answer_by", Regime.SPECIAL_45_PLUS).source == "P27"
    assert source_of("answer_by", Regime.NO_DUTY) == FUND
    assert source_of("asked_after_3", Regime.SPECIAL_45_PLUS) == FUND
