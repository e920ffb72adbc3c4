"""The edges of the rules for training and career accounts, also those that the practice year does not break."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from models.messages.facts import CareerAccountFacts, ParticipantFacts, TrainingFacts
from models.messages.words import Document, Fund, Instrument
from policies import in_force
from schemes.checks import failed
from schemes.competence import competent_fund
from schemes.intake import check, eligible_amount

FILED = date(2024, 6, 3)
AFTER = frozenset({Document.INVOICE, Document.PROOF_OF_PAYMENT, Document.ATTENDANCE, Document.PROGRAMME})


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


def found(facts: TrainingFacts | CareerAccountFacts) -> dict[str, str]:
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
