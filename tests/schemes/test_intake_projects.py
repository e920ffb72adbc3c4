"""The edges of the rules for transition support and project financing, one project per lever among them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from models.messages.facts import BudgetLine, ParticipantFacts, PlannedInstalment, ProjectFacts, TransitionFacts
from models.messages.words import Document, Fund
from policies import in_force
from schemes.checks import failed
from schemes.intake import check
from schemes.project import OtherProject, looks_like_training, running_in_lever

FILED = date(2024, 6, 3)
PLAN = frozenset({Document.PLAN, Document.BUDGET, Document.PARTICIPANT_LIST, Document.QUOTE})


def people(*statuses: Any) -> tuple[ParticipantFacts, ...]:
    return tuple(
        ParticipantFacts(line=line, status=status, hours_planned=Decimal(8), hours_attended=Decimal(8))
        for line, status in enumerate(statuses, start=1)
    )


def transition(**changes: Any) -> TransitionFacts:
    facts = {
        "filed_on": FILED,
        "joint_committee": "111",
        "same_function": False,
        "bottleneck": True,
        "has_expert": True,
        "quotes": 2,
        "starts_on": date(2024, 9, 2),
        "ends_on": date(2025, 9, 1),
        "hours": Decimal(80),
        "participants": people("worker", "worker"),
        "participant_count": 2,
        "cost": Decimal(10000),
        "asked": Decimal(5000),
        "council_advice": "favourable",
        "started_before_filing": False,
        "budget": (BudgetLine(line=1, sort="externe opleiding", amount=Decimal(10000)),),
        "instalments": (_instalment(1, "5000"),),
        "documents": PLAN,
        "iban_valid": True,
    }
    return TransitionFacts(**(facts | changes))


def project(**changes: Any) -> ProjectFacts:
    facts = {
        "filed_on": FILED,
        "lever": "workable_work",
        "looks_like_training": False,
        "running_in_lever": None,
        "has_expert": True,
        "quotes": 2,
        "starts_on": date(2024, 9, 2),
        "ends_on": date(2025, 9, 1),
        "participant_count": 4,
        "cost": Decimal(8000),
        "asked": Decimal(4000),
        "publication_consent": True,
        "budget": (BudgetLine(line=1, sort="advies", amount=Decimal(8000)),),
        "instalments": (_instalment(1, "4000"),),
        "documents": PLAN,
        "iban_valid": True,
    }
    return ProjectFacts(**(facts | changes))


def _instalment(number: int, amount: str) -> PlannedInstalment:
    return PlannedInstalment(
        number=number, moment="approval", percentage=Decimal(100), amount=Decimal(amount), planned_on=None
    )


def found(facts: TransitionFacts | ProjectFacts) -> dict[str, str]:
    policy = in_force(Fund.ANTWERPEN, facts.instrument, facts.filed_on)
    return {one.code: one.blocking for one in failed(check(facts, policy))}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {}),
        ({"hours": Decimal(79)}, {"UREN_TE_WEINIG": "refuse"}),
        ({"has_expert": False}, {"GEEN_EXTERNE_EXPERT": "complete"}),
        ({"started_before_filing": True}, {"AL_BEGONNEN": "look"}),
        ({"same_function": True, "council_advice": "missing", "documents": ()}, {"GEEN_OMSCHOLING": "refer"}),
        ({"council_advice": "missing"}, {"ADVIES_ONTBREEKT": "complete"}),
        ({"council_advice": "unfavourable"}, {}),
        ({"cost": Decimal("10000.01")}, {"BEGROTING_KLOPT_NIET": "complete"}),
        ({"asked": Decimal(4999)}, {"SCHIJVEN_KLOPPEN_NIET": "complete"}),
        ({"participants": people("worker", "manager")}, {"ZAAKVOERDER": "refuse"}),
    ],
    ids=[
        "P3 exactly eighty hours",
        "P3 under eighty hours",
        "act. 14 no expert yet",
        "act. 14 begun with an expert",
        "P3 a referred company is not asked for papers",
        "4 no advice asked",
        "4 unfavourable advice is advice",
        "budget adds up to less",
        "instalments add up to more",
        "P1 a manager",
    ],
)
def test_transition_support(changes: dict[str, Any], expected: dict[str, str]) -> None:
    assert found(transition(**changes)) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {}),
        ({"ends_on": date(2025, 9, 2)}, {"TERMIJN_TE_LANG": "look"}),
        ({"quotes": 1}, {"OFFERTES_TE_WEINIG": "complete"}),
        (
            {"quotes": 1, "cost": Decimal(5000), "budget": (BudgetLine(line=1, sort="advies", amount=Decimal(5000)),)},
            {},
        ),
        ({"has_expert": False}, {"GEEN_EXTERNE_EXPERT": "complete"}),
        ({"starts_on": date(2024, 5, 1), "ends_on": date(2024, 6, 2)}, {"PROJECT_AL_AFGEROND": "refuse"}),
        ({"starts_on": date(2024, 5, 1), "ends_on": date(2024, 6, 3)}, {"AL_BEGONNEN": "look"}),
        ({"starts_on": date(2024, 9, 2), "ends_on": date(2024, 9, 1)}, {"EINDE_VOOR_BEGIN": "complete"}),
        ({"lever": None, "documents": ()}, {"GEEN_HEFBOOM": "refuse"}),
    ],
    ids=[
        "5 exactly twelve months",
        "5 a day more",
        "5 one quote above 5000 euro",
        "5 one quote for 5000 euro",
        "act. 15 no expert",
        "act. 15 over the day before",
        "act. 15 still running on the day itself",
        "end before start is a typing error, not a finished project",
        "a refused company is not asked for papers",
    ],
)
def test_project_financing(changes: dict[str, Any], expected: dict[str, str]) -> None:
    assert found(project(**changes)) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "PRO-1"),
        ({"lever": "engaged_leadership"}, None),
        ({"ends_on": date(2024, 6, 2)}, None),
        ({"ends_on": date(2024, 6, 3)}, "PRO-1"),
        ({"filed_on": date(2024, 6, 4)}, None),
        ({"looks_like_training": True}, None),
    ],
    ids=["running", "another lever", "over", "last day", "filed later", "never became a project"],
)
def test_one_project_per_lever_runs_at_a_time(changes: dict[str, Any], expected: str | None) -> None:
    first = project(
        **({"filed_on": date(2024, 1, 8), "starts_on": date(2024, 2, 1), "ends_on": date(2024, 12, 1)} | changes)
    )
    others = [OtherProject(reference="PRO-1", enterprise="1", facts=first)]
    second = OtherProject(reference="PRO-2", enterprise="1", facts=project())
    stranger = OtherProject(reference="PRO-3", enterprise="2", facts=project())

    running = running_in_lever(second, [*others, second])

    assert (running.reference if running else None) == expected
    assert running_in_lever(stranger, others) is None


@pytest.mark.parametrize(
    ("lines", "expected"),
    [([], False), ([("opleiding", 51), ("advies", 49)], True), ([("opleiding", 50), ("advies", 50)], False)],
    ids=["no budget", "mostly training", "half training"],
)
def test_a_project_that_is_mostly_training_looks_like_training(lines: list[tuple[str, int]], expected: bool) -> None:
    budget = [BudgetLine(line=at, sort=sort, amount=Decimal(amount)) for at, (sort, amount) in enumerate(lines)]
    assert looks_like_training(budget) is expected
