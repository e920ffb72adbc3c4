"""Which numbers a dossier is decided with, and that they are what the sources say."""

from datetime import date
from decimal import Decimal

import pytest

import policies
from models.errors import Refusal
from models.messages.policies import CareerAccountPolicy, OutplacementPolicy, TrainingPolicy, TransitionPolicy
from models.messages.words import Document, Fund, Instrument

IN_2024 = date(2024, 3, 3)
INSTRUMENTS = [instrument for instrument in Instrument if instrument is not Instrument.TRAJECTORY]


@pytest.mark.parametrize("instrument", INSTRUMENTS)
@pytest.mark.parametrize("fund", list(Fund))
def test_every_fund_has_rules_for_every_instrument_from_2023_on(fund: Fund, instrument: Instrument) -> None:
    policy = policies.in_force(fund, instrument, date(2023, 1, 1))
    assert (policy.fund, policy.instrument) == (fund, instrument)


def test_formal_training_in_antwerpen_follows_the_worked_example_of_the_office() -> None:
    policy = policies.in_force(Fund.ANTWERPEN, Instrument.FORMAL_TRAINING, IN_2024)
    assert isinstance(policy, TrainingPolicy)
    assert policy.rate_per_participant_hour == Decimal("12.50")
    assert (policy.minimum_hours, policy.maximum_hours) == (Decimal(4), None)
    assert policy.claim_term == "3 months"
    assert policy.documents_before == ((Document.QUOTE,), (Document.PROGRAMME,))
    assert policy.documents_after == (
        (Document.INVOICE,),
        (Document.PROOF_OF_PAYMENT,),
        (Document.ATTENDANCE,),
        (Document.PROGRAMME,),
    )


def test_informal_training_in_antwerpen_follows_the_worked_example_of_the_office() -> None:
    policy = policies.in_force(Fund.ANTWERPEN, Instrument.INFORMAL_TRAINING, IN_2024)
    assert isinstance(policy, TrainingPolicy)
    assert policy.rate_per_participant_hour == Decimal("5.00")
    assert (policy.minimum_hours, policy.maximum_hours) == (Decimal(32), Decimal(160))
    assert policy.documents_before == ((Document.LEARNING_PLAN,), (Document.MENTOR_PROOF,))
    assert policy.documents_after == ((Document.LEARNING_PLAN,), (Document.MENTOR_PROOF,), (Document.HOUR_LOG,))


def test_terms_and_limits_are_those_of_the_example_configuration() -> None:
    procedure = policies.in_force(Fund.ANTWERPEN, Instrument.FORMAL_TRAINING, IN_2024).procedure
    assert procedure.completion_term == "30 days"
    assert procedure.completion_reminders == ("14 days",)
    assert procedure.review_term == "10 working days"
    assert procedure.decision_term == "20 working days"
    assert procedure.objection_term == "30 days"
    assert (procedure.automatic_up_to, procedure.board_above) == (Decimal(500), Decimal(5000))


def test_the_other_kinds_carry_the_published_amounts() -> None:
    transition = policies.in_force(Fund.ANTWERPEN, Instrument.TRANSITION_SUPPORT, IN_2024)
    career = policies.in_force(Fund.ANTWERPEN, Instrument.CAREER_ACCOUNT, IN_2024)
    outplacement = policies.in_force(Fund.ANTWERPEN, Instrument.OUTPLACEMENT, IN_2024)
    assert isinstance(transition, TransitionPolicy)
    assert isinstance(career, CareerAccountPolicy)
    assert isinstance(outplacement, OutplacementPolicy)
    assert transition.minimum_hours == 80
    assert career.yearly_amount == 1000
    assert outplacement.agencies == ("RiseSmart", "Travvant", "SBS", "Hura")
    assert outplacement.follow_up_months == (3, 6, 12)


@pytest.mark.parametrize(
    ("day", "rate"),
    [
        pytest.param(date(2024, 12, 31), Decimal("12.50"), id="the last day of the old version"),
        pytest.param(date(2025, 1, 1), Decimal("13.00"), id="the first day of the new version"),
        pytest.param(date(2031, 6, 30), Decimal("13.00"), id="no end until there is a newer one"),
    ],
)
def test_the_version_of_the_day_governs(day: date, rate: Decimal) -> None:
    policy = policies.in_force(Fund.LIMBURG, Instrument.FORMAL_TRAINING, day)
    assert isinstance(policy, TrainingPolicy)
    assert policy.rate_per_participant_hour == rate


def test_a_new_version_keeps_what_it_does_not_change() -> None:
    old = policies.in_force(Fund.LIMBURG, Instrument.FORMAL_TRAINING, date(2024, 1, 1))
    new = policies.in_force(Fund.LIMBURG, Instrument.FORMAL_TRAINING, date(2025, 1, 1))
    assert new.procedure == old.procedure
    assert new.version == "2025-01-01"


def test_a_trajectory_follows_the_rules_of_its_outplacement() -> None:
    trajectory = policies.in_force(Fund.ANTWERPEN, Instrument.TRAJECTORY, IN_2024)
    assert trajectory == policies.in_force(Fund.ANTWERPEN, Instrument.OUTPLACEMENT, IN_2024)


def test_a_day_before_the_first_version_is_refused_in_words() -> None:
    with pytest.raises(Refusal, match=r"ANT heeft voor formele opleiding geen reglement dat geldt op 31/12/2022"):
        policies.in_force(Fund.ANTWERPEN, Instrument.FORMAL_TRAINING, date(2022, 12, 31))


@pytest.mark.parametrize(
    ("field", "source"),
    [
        ("rate_per_participant_hour", "P6, unit assumed"),
        ("minimum_hours", "P1"),
        ("claim_term", "example"),
        ("procedure.review_term", "example"),
    ],
)
def test_a_value_tells_where_it_comes_from(field: str, source: str) -> None:
    policy = policies.in_force(Fund.ANTWERPEN, Instrument.FORMAL_TRAINING, IN_2024)
    assert policies.source_of(policy, field) == source


def test_every_value_that_travels_has_a_source() -> None:
    for policy in policies.every():
        for field in type(policy.procedure).model_fields:
            assert policies.source_of(policy, f"procedure.{field}")
        for field in policy.model_fields_set - {"fund", "instrument", "version", "valid_from", "procedure"}:
            assert policies.source_of(policy, field)
