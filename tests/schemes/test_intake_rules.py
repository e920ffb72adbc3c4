"""The edges of every intake rule, and rules of the domain brief that the practice year does not break."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from models.messages.facts import (
    BudgetLine,
    CareerAccountFacts,
    ParticipantFacts,
    PlannedInstalment,
    ProjectFacts,
    TrainingFacts,
    TransitionFacts,
)
from models.messages.words import Document, Fund, Instrument
from policies import in_force
from schemes.checks import failed
from schemes.competence import competent_fund
from schemes.intake import check, eligible_amount
from schemes.project import OtherProject, looks_like_training, running_in_lever

FILED = date(2024, 6, 3)
AFTER = frozenset({Document.INVOICE, Document.PROOF_OF_PAYMENT, Document.ATTENDANCE, Document.PROGRAMME})
PLAN = frozenset({Document.PLAN, Document.BUDGET, Document.PARTICIPANT_LIST, Document.QUOTE})


def people(*statuses: Any) -> tuple[ParticipantFacts, ...]:
    return tuple(
        ParticipantFacts(line=line, status=status, hours_planned=Decimal(8), hours_attended=Decimal(8))
        for line, status in enumerate(statuses, start=1)
    )


def training(**changes: Any) -> TrainingFacts:
    facts = {
        "instrument": Instrument.FORMAL_TRAINING,
        "filed_on": FILED,
        "filed": "after",
        "starts_on": date(2024, 5, 13),
        "ends_on": date(2024, 5, 14),
        "hours": Decimal(8),
        "participants": people("worker", "employee"),
        "stated_participants": 2,
        "cost": Decimal(500),
        "asked": Decimal(200),
        "postcode": "2000",
        "municipality": "Antwerpen",
        "joint_committee": "111",
        "documents": AFTER,
        "iban_valid": True,
        "known_on": date(2025, 1, 31),
    }
    return TrainingFacts(**(facts | changes))


def career(**changes: Any) -> CareerAccountFacts:
    facts = {
        "filed_on": FILED,
        "filed_by": "person",
        "status": "worker",
        "employed_since": date(2020, 1, 6),
        "purpose": "training",
        "starts_on": date(2024, 1, 8),
        "ends_on": date(2024, 5, 27),
        "hours": Decimal(60),
        "fee": Decimal(1400),
        "asked": Decimal(1400),
        "documents": {Document.REGISTRATION_PROOF, Document.PROOF_OF_PAYMENT},
        "iban_valid": True,
        "account": "a",
    }
    return CareerAccountFacts(**(facts | changes))


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


def found(facts: TrainingFacts | CareerAccountFacts | TransitionFacts | ProjectFacts) -> dict[str, str]:
    policy = in_force(Fund.ANTWERPEN, facts.instrument, facts.filed_on)
    return {one.code: one.blocking for one in failed(check(facts, policy))}


TRAINING_CASES = [
    ("nothing wrong", {}, {}),
    ("P1 exactly four hours", {"hours": Decimal(4), "asked": Decimal(100)}, {}),
    ("P1 under four hours", {"hours": Decimal("3.5"), "asked": Decimal(50)}, {"UREN_TE_WEINIG": "refuse"}),
    ("3.3 last day of three months", {"ends_on": date(2024, 3, 3), "starts_on": date(2024, 3, 1)}, {}),
    (
        "3.3 a day too late",
        {"ends_on": date(2024, 3, 2), "starts_on": date(2024, 3, 1)},
        {"TE_LAAT_INGEDIEND": "refuse"},
    ),
    (
        "3.3 end of February counts as the end of a month",
        {"ends_on": date(2023, 11, 30), "starts_on": date(2023, 11, 30), "filed_on": date(2024, 2, 29)},
        {},
    ),
    (
        "3.3 before the course nothing is late",
        {"filed": "before", "documents": {Document.QUOTE, Document.PROGRAMME}},
        {},
    ),
    ("3.4 exactly cost minus wallet", {"cost": Decimal(300), "sme_wallet": Decimal(100)}, {}),
    (
        "3.4 above cost minus wallet",
        {"cost": Decimal(300), "sme_wallet": Decimal("100.01")},
        {"BEDRAG_TYPFOUT": "complete"},
    ),
    ("a cost that is not known", {"cost": None}, {"GEGEVEN_ONTBREEKT": "complete"}),
    ("a course without dates", {"starts_on": None, "ends_on": None}, {"GEGEVEN_ONTBREEKT": "complete"}),
    ("nobody on the list", {"participants": (), "asked": Decimal(0)}, {"DEELNEMERS_KLOPPEN_NIET": "complete"}),
    ("one more on the form than on the list", {"stated_participants": 3}, {"DEELNEMERS_KLOPPEN_NIET": "complete"}),
    ("1 Zwijndrecht in 2024", {"postcode": "2070", "municipality": "Zwijndrecht"}, {}),
    (
        "1 Zwijndrecht in 2025",
        {
            "postcode": "2070",
            "municipality": "Zwijndrecht",
            "filed_on": date(2025, 1, 1),
            "starts_on": date(2024, 12, 2),
            "ends_on": date(2024, 12, 2),
        },
        {"BUITEN_PROVINCIE": "refer"},
    ),
    ("a course that ended on the day of handover", {"known_on": date(2024, 5, 14)}, {}),
    (
        "a course that ended after the day of handover",
        {"known_on": date(2024, 5, 13)},
        {"DATUM_IN_TOEKOMST": "complete"},
    ),
]


@pytest.mark.parametrize(
    ("changes", "expected"), [case[1:] for case in TRAINING_CASES], ids=[c[0] for c in TRAINING_CASES]
)
def test_training(changes: dict[str, Any], expected: dict[str, str]) -> None:
    assert found(training(**changes)) == expected


INFORMAL = {
    "instrument": Instrument.INFORMAL_TRAINING,
    "documents": {Document.LEARNING_PLAN, Document.MENTOR_PROOF, Document.HOUR_LOG},
    "asked": Decimal(100),
}


@pytest.mark.parametrize(
    ("hours", "expected"),
    [("31.5", {"UREN_TE_WEINIG": "refuse"}), ("32", {}), ("160", {}), ("160.5", {"UREN_TE_VEEL": "look"})],
)
def test_informal_training_counts_32_to_160_hours(hours: str, expected: dict[str, str]) -> None:
    assert found(training(**INFORMAL, hours=Decimal(hours))) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {}),
        ({"employed_since": date(2024, 5, 27)}, {}),
        ({"employed_since": date(2024, 5, 28)}, {"NIET_IN_SECTOR": "refuse"}),
        ({"employed_since": None}, {"GEGEVEN_ONTBREEKT": "complete"}),
        ({"status": "agency_worker"}, {"UITZENDKRACHT": "refuse"}),
        ({"starts_on": date(2022, 9, 1), "ends_on": date(2023, 1, 1)}, {}),
        ({"starts_on": date(2022, 9, 1), "ends_on": date(2022, 12, 31)}, {"TE_VER_TERUG": "refuse"}),
        ({"documents": {Document.OTHER}}, {"BIJLAGE_ONTBREEKT": "complete"}),
        ({"asked": Decimal(2500), "fee": Decimal(2500)}, {}),
    ],
    ids=[
        "P2 in order",
        "P2 employed on the last day",
        "P2 employed a day later",
        "employment not known",
        "P2 no agency work",
        "P2 first day of the year before",
        "P2 beyond the look-back",
        "both proofs missing",
        "P2 the yearly maximum caps and does not refuse",
    ],
)
def test_career_account(changes: dict[str, Any], expected: dict[str, str]) -> None:
    assert found(career(**changes)) == expected


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


@pytest.mark.parametrize(
    ("postcode", "day", "fund"),
    [
        ("2999", FILED, Fund.ANTWERPEN),
        ("3980", FILED, Fund.LIMBURG),
        ("3499", FILED, Fund.VLAAMS_BRABANT),
        ("1800", FILED, Fund.VLAAMS_BRABANT),
        ("9120", FILED, Fund.OOST_VLAANDEREN),
        ("8800", FILED, Fund.WEST_VLAANDEREN),
        ("1030", FILED, Fund.BRABANT),
        ("1300", FILED, None),
        ("4000", FILED, None),
        ("2070", date(2024, 12, 31), Fund.ANTWERPEN),
        ("2070", date(2025, 1, 1), Fund.OOST_VLAANDEREN),
        ("", FILED, None),
        ("20000", FILED, None),
        ("٢٠٠٠", FILED, None),
    ],
)
def test_the_competent_fund_follows_postcode_and_day(postcode: str, day: date, fund: Fund | None) -> None:
    assert competent_fund(postcode, day) is fund


def test_a_policy_of_another_instrument_is_a_defect() -> None:
    policy = in_force(Fund.ANTWERPEN, Instrument.INFORMAL_TRAINING, FILED)
    with pytest.raises(TypeError):
        check(training(), policy)
    with pytest.raises(TypeError):
        eligible_amount(training(), policy)
