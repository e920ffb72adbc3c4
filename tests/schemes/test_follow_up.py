"""When is asked what became of a person, of whom, and what is noted when nobody knows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

import policies
from models.messages.facts import OutplacementFacts
from models.messages.policies import OutplacementPolicy
from models.messages.trajectories import Guided
from models.messages.words import FollowUpOutcome, Fund, Instrument, Party, UnknownReason
from schemes import follow_up
from schemes.coded_answers import amount_in, day_in
from schemes.deadlines import Deadline
from schemes.follow_up import Told
from schemes.outplacement_amounts import OutplacementRates, SupportCase
from schemes.outplacement_support import check_notification, employer_support, has_cell, may_be_paid, planned_end
from schemes.regimes import Regime
from schemes.steps import PHONE, settlement_deciders


@pytest.fixture
def policy() -> OutplacementPolicy:
    found = policies.in_force(Fund.ANTWERPEN, Instrument.OUTPLACEMENT, date(2024, 6, 1))
    assert isinstance(found, OutplacementPolicy)
    return found


@pytest.fixture
def rates(policy: OutplacementPolicy) -> OutplacementRates:
    return OutplacementRates.model_validate(policy)


def test_a_question_and_two_reminders_take_three_answer_terms(policy: OutplacementPolicy) -> None:
    asked = Deadline(start=date(2024, 3, 1), term=follow_up.question_term(policy))
    assert asked.last_day == date(2024, 4, 12)
    assert follow_up.question_reminders(policy) == ("28 days", "14 days")


@pytest.mark.parametrize(
    ("ended_on", "months", "due"),
    [
        pytest.param(date(2024, 3, 1), 3, date(2024, 6, 1), id="same-day-of-the-month"),
        pytest.param(date(2024, 8, 31), 6, date(2025, 2, 28), id="shorter-month"),
        pytest.param(date(2024, 2, 29), 12, date(2025, 2, 28), id="leap-day"),
    ],
)
def test_a_moment_lies_calendar_months_after_the_end(ended_on: date, months: int, due: date) -> None:
    assert follow_up.due(ended_on, months) == due


@pytest.mark.parametrize(
    ("consents", "reachable", "turns", "reason"),
    [
        (True, True, (Party.PARTICIPANT, Party.AGENCY, Party.STAFF), UnknownReason.NO_ANSWER),
        (True, False, (Party.AGENCY,), UnknownReason.CONTACT_LOST),
        (False, True, (Party.AGENCY,), UnknownReason.NO_CONSENT),
        (False, False, (Party.AGENCY,), UnknownReason.NO_CONSENT),
    ],
    ids=["anybody", "out-of-reach", "no-consent", "no-consent-and-out-of-reach"],
)
def test_who_is_asked_in_turn_and_why_it_stays_unknown(
    consents: bool, reachable: bool, turns: tuple[Party, ...], reason: UnknownReason
) -> None:
    assert follow_up.asked_in_turn(consents=consents, reachable=reachable) == turns
    found = follow_up.unknown(consents=consents, reachable=reachable)
    assert (found.outcome, found.reason, found.by) == (FollowUpOutcome.UNKNOWN, reason, None)


@pytest.mark.parametrize("word", [None, "", "onbekend", "een job", "Werkzoekend"])
def test_a_word_outside_the_closed_list_says_nothing(word: str | None) -> None:
    assert follow_up.told(word, Party.PARTICIPANT) is None


@pytest.mark.parametrize("outcome", [word for word in FollowUpOutcome if word is not FollowUpOutcome.UNKNOWN])
def test_a_word_of_the_closed_list_is_taken_as_it_is(outcome: FollowUpOutcome) -> None:
    assert follow_up.told(outcome.value, Party.AGENCY) == Told(outcome=outcome, by=Party.AGENCY)
    lasting = outcome in (FollowUpOutcome.PENSION, FollowUpOutcome.MOVED_OR_DIED)
    assert Told(outcome=outcome).lasts is lasting


@pytest.mark.parametrize(
    ("by", "told_by", "goes_before"),
    [
        (Party.PARTICIPANT, Party.PARTICIPANT, True),
        (Party.PARTICIPANT, Party.AGENCY, True),
        (Party.STAFF, Party.PARTICIPANT, True),
        (Party.AGENCY, Party.PARTICIPANT, False),
        (Party.AGENCY, Party.AGENCY, True),
        (Party.AGENCY, None, True),
    ],
)
def test_whose_later_word_goes_before_what_stands(by: Party, told_by: Party | None, goes_before: bool) -> None:
    assert follow_up.may_correct(by, told_by) is goes_before


def test_a_word_stays_new_for_four_weeks() -> None:
    assert follow_up.fresh_since(date(2024, 3, 29)) == date(2024, 3, 1)


PHASES = (date(2024, 4, 5), date(2024, 8, 5), date(2025, 2, 5))


@pytest.mark.parametrize(
    ("phase_ends", "ended_on", "how", "planned"),
    [
        pytest.param(
            PHASES,
            PHASES[-1],
            {},
            {"phase_1": "2024-04-06", "phase_2": "2024-08-06", "end": "2025-02-06", "3_months": "2025-05-05"},
            id="as-the-regime-has-it",
        ),
        pytest.param(PHASES[:1], PHASES[0], {}, {"end": "2024-04-06", "3_months": "2024-07-05"}, id="one-phase"),
        pytest.param(
            PHASES,
            date(2024, 6, 1),
            {"early": True, "asked": {"phase_1"}},
            {"phase_1": "2024-04-06", "phase_2": "ended_before", "end": "2024-06-02", "3_months": "2024-09-01"},
            id="ended-in-the-second-phase",
        ),
        pytest.param(
            PHASES,
            None,
            {},
            {"phase_1": "later", "phase_2": "later", "end": "later", "3_months": "later"},
            id="stands-still",
        ),
    ],
)
def test_which_moments_apply_and_when(
    phase_ends: tuple[date, ...], ended_on: date | None, how: dict[str, Any], planned: dict[str, str]
) -> None:
    found = follow_up.planned_moments(phase_ends, ended_on, [3], **how)
    assert {one.moment: one.because or str(one.due or "later") for one in found} == planned


@pytest.mark.parametrize("word", PHONE.outcomes)
def test_every_outcome_of_a_call_gives_an_outcome_or_a_reason(word: str) -> None:
    found = follow_up.of_call(word)
    assert found.by is Party.STAFF
    assert (found.outcome is FollowUpOutcome.UNKNOWN) == (found.reason is not None)


@pytest.mark.parametrize(
    ("regime", "until"),
    [
        (Regime.GENERAL_INDEMNITY, date(2024, 6, 29)),
        (Regime.SPECIAL_45_PLUS, date(2024, 6, 29)),
        (Regime.COLLECTIVE_UNDER_45, None),
        (Regime.BANKRUPTCY, None),
    ],
)
def test_until_when_a_person_in_a_new_job_may_come_back(regime: Regime, until: date | None) -> None:
    assert follow_up.return_until(regime, date(2024, 3, 1)) == until


@pytest.mark.parametrize(("regime", "ends"), [(Regime.NO_DUTY, [2, 6, 12]), (Regime.COLLECTIVE_UNDER_45, [3])])
def test_voluntary_guidance_follows_the_longest_phases(regime: Regime, ends: list[int]) -> None:
    found = follow_up.guidance_phases(regime, date(2024, 1, 1))
    assert [phase.deadline.last_day.month for phase in found] == [1 + months if months < 12 else 1 for months in ends]


def _guided(case: SupportCase, ended_on: date | None = date(2024, 12, 31)) -> Guided:
    return Guided(trajectory="ANT-2024-J-000001", case=case, started_on=date(2024, 1, 2), ended_on=ended_on)


def test_shared_invoices_count_everybody_who_started(rates: OutplacementRates) -> None:
    people = [_guided(SupportCase.EMPLOYER_DOSSIER)] * 10
    found = employer_support(people, Decimal(20000), Decimal(9000), date(2025, 1, 1), rates)
    assert found.amount == Decimal(8000)
    assert found.steps[-1] == "fund: 8000.00"


@pytest.mark.parametrize(
    ("case", "ended_on", "amount"),
    [
        (SupportCase.NO_DUTY, date(2024, 12, 31), "2300.00"),
        (SupportCase.NO_DUTY, date(2024, 7, 2), "1600.00"),
        (SupportCase.NO_DUTY, None, "1600.00"),
        (SupportCase.DUTY_INDEMNITY, date(2024, 7, 3), "500.00"),
        (SupportCase.DUTY_WORKED_NOTICE, date(2024, 7, 2), "0"),
        (SupportCase.DUTY_WEEKS_WITHHELD, date(2024, 12, 31), "0"),
    ],
)
def test_one_person_is_paid_by_case_and_length(
    rates: OutplacementRates, case: SupportCase, ended_on: date | None, amount: str
) -> None:
    people, today = [_guided(case, ended_on)], date(2024, 6, 30)
    found = employer_support(people, Decimal(5000), Decimal(0), today, rates)
    assert found.amount == Decimal(amount)
    assert may_be_paid(people, today, rates) is (found.amount > 0)


def test_a_refund_above_the_invoices_is_refused(rates: OutplacementRates) -> None:
    with pytest.raises(ValueError, match="hoger dan de facturen"):
        employer_support([_guided(SupportCase.NO_DUTY)], Decimal(10), Decimal(11), date(2025, 1, 1), rates)


def _notified(dismissal: str, bankrupt: bool, agency: str | None) -> OutplacementFacts:
    return OutplacementFacts.model_validate(
        {
            "notified_on": date(2024, 1, 8),
            "dismissal": dismissal,
            "bankrupt": bankrupt,
            "announced_on": None,
            "people": 3,
            "agency": agency,
        }
    )


@pytest.mark.parametrize(
    ("dismissal", "bankrupt", "cell", "end"),
    [
        ("individual", False, False, date(2025, 7, 8)),
        ("restructuring", False, True, date(2025, 1, 8)),
        ("closure", True, False, date(2025, 1, 8)),
    ],
)
def test_a_cell_asks_the_government_first(dismissal: str, bankrupt: bool, cell: bool, end: date) -> None:
    facts = _notified(dismissal, bankrupt, "Hura")
    assert has_cell(facts) is cell
    assert planned_end(facts) == end


@pytest.mark.parametrize(("agency", "passed"), [("Hura", True), ("Onbekend bv", False), (None, False)])
def test_an_agency_without_agreement_is_looked_at(policy: OutplacementPolicy, agency: str | None, passed: bool) -> None:
    (check,) = check_notification(_notified("individual", False, agency), policy)
    assert check.passed is passed
    assert check.blocking == "look"


@pytest.mark.parametrize("level", ["approver", "board"])
def test_who_determined_an_amount_does_not_decide_on_it(level: str) -> None:
    for step in settlement_deciders(level):  # type: ignore[arg-type]
        assert "determination" in step.separated_from
        assert not step.since_receipt


@pytest.mark.parametrize(
    ("text", "amount"),
    [("12.50", Decimal("12.50")), ("0", Decimal(0)), ("-1", None), ("12,50", None), ("NaN", None), ("", None)],
)
def test_an_amount_is_read_or_it_is_nothing(text: str, amount: Decimal | None) -> None:
    assert amount_in({"invoiced": text}, "invoiced") == amount


@pytest.mark.parametrize(("text", "day"), [("2024-02-29", date(2024, 2, 29)), ("2023-02-29", None), ("", None)])
def test_a_day_is_read_or_it_is_nothing(text: str, day: date | None) -> None:
    assert day_in({"started_on": text}, "started_on") == day
