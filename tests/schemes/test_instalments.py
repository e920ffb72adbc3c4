"""Parts of a grant add up to the cent; changes are read with suspicion; results decide what comes back."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import policies
from models.messages.facts import BudgetLine, ParticipantFacts, PlannedInstalment, ProjectFacts, TransitionFacts
from models.messages.policies import ProjectPolicy, Slice, TransitionPolicy
from models.messages.words import Document, Fund, Instrument
from schemes.changes import Change, ChangeError, check_change, latest_end, read_change
from schemes.instalments import closing_part, instalments, interim_day, next_report_day
from schemes.results import all_retained, determined, followed_enough, result_slice

DAY = date(2024, 4, 15)
THIRTY_FORTY_THIRTY = tuple(
    Slice(moment=moment, percentage=Decimal(share))
    for moment, share in (("approval", 30), ("interim_report", 40), ("final_report", 30))
)
EURO = st.decimals(min_value=0, max_value=50_000, places=2)


def amounts(*texts: str) -> list[Decimal]:
    return [Decimal(text) for text in texts]


@pytest.mark.parametrize(
    ("granted", "settled", "paid", "parts"),
    [
        ("15220.00", 0, "0", ("4566.00", "6088.00", "4566.00")),
        ("12345.67", 0, "0", ("3703.70", "4938.27", "3703.70")),
        ("0.05", 0, "0", ("0.02", "0.02", "0.01")),
        ("0.01", 0, "0", ("0.00", "0.01", "0.00")),
        ("12000.00", 1, "4566.00", ("3834.00", "3600.00")),
        ("4000.00", 1, "4566.00", ("0.00", "0.00")),
        ("15220.00", 1, "3000.00", ("7654.00", "4566.00")),
        ("15220.00", 3, "15220.00", ()),
    ],
    ids=[
        "round percentages",
        "half a cent goes up and the last part takes it back",
        "a few cents",
        "one cent",
        "a grant lowered after the first part",
        "a grant below what was paid brings nothing more",
        "a grant raised after the first part is made good by the second",
        "nothing is left",
    ],
)
def test_parts_bring_what_was_paid_up_to_their_share(
    granted: str, settled: int, paid: str, parts: tuple[str, ...]
) -> None:
    found = instalments(Decimal(granted), THIRTY_FORTY_THIRTY, settled, Decimal(paid))
    assert [part.amount for part in found] == amounts(*parts)
    assert [part.number for part in found] == list(range(settled + 1, 4))


@pytest.mark.parametrize(
    ("granted", "paid", "left"),
    [("15220.00", "12000.00", "3220.00"), ("12000.00", "12000.00", "0"), ("11000.00", "12000.00", "0")],
    ids=["raised", "all was paid", "lowered"],
)
def test_what_is_left_when_all_parts_are_settled_is_a_part_of_its_own(granted: str, paid: str, left: str) -> None:
    for settled in (3, 4):
        part = closing_part(Decimal(granted), THIRTY_FORTY_THIRTY, settled, Decimal(paid))
        assert (part.number, part.moment, part.amount) == (settled + 1, "final_report", Decimal(left))


@given(
    granted=EURO, cuts=st.lists(st.integers(min_value=1, max_value=99), min_size=1, max_size=5, unique=True).map(sorted)
)
def test_parts_always_add_up_to_the_grant_to_the_cent(granted: Decimal, cuts: list[int]) -> None:
    bounds = [0, *cuts, 100]
    slices = [Slice(moment="interim_report", percentage=Decimal(b - a)) for a, b in pairwise(bounds)]
    parts = instalments(granted, slices)
    assert sum(part.amount for part in parts) == granted
    assert all(part.amount >= 0 and part.amount == part.amount.quantize(Decimal("0.01")) for part in parts)


@given(first=EURO, later=EURO)
def test_however_a_grant_moves_after_the_first_part_it_is_never_overpaid(first: Decimal, later: Decimal) -> None:
    paid = instalments(first, THIRTY_FORTY_THIRTY)[0].amount
    rest = sum((part.amount for part in instalments(later, THIRTY_FORTY_THIRTY, 1, paid)), Decimal(0))
    assert paid + rest == max(later, paid)


@pytest.mark.parametrize(
    ("after", "due"),
    [
        (date(2024, 2, 20), date(2024, 6, 10)),
        (date(2024, 6, 10), date(2024, 8, 5)),
        (date(2024, 8, 4), date(2024, 8, 5)),
        (date(2024, 11, 25), None),
    ],
    ids=["before the start", "on the day itself", "a late report covers one", "the final report follows soon"],
)
def test_interim_reports_keep_the_rhythm_of_the_start(after: date, due: date | None) -> None:
    assert next_report_day(DAY, date(2025, 1, 14), "8 weeks", after) == due


def project(**changed: Any) -> ProjectFacts:
    facts: dict[str, Any] = {
        "filed_on": DAY,
        "lever": "workable_work",
        "looks_like_training": False,
        "running_in_lever": None,
        "has_expert": True,
        "quotes": 2,
        "starts_on": DAY,
        "ends_on": DAY + timedelta(days=100),
        "participant_count": 6,
        "cost": Decimal("13350.00"),
        "asked": Decimal("6675.00"),
        "publication_consent": True,
        "budget": (),
        "instalments": (),
        "documents": frozenset[Document](),
        "iban_valid": True,
    }
    return ProjectFacts.model_validate(facts | changed)


@pytest.mark.parametrize(
    ("planned_on", "due"),
    [
        (None, DAY + timedelta(days=50)),
        (DAY + timedelta(days=30), DAY + timedelta(days=30)),
        (DAY - timedelta(days=5), DAY + timedelta(days=1)),
        (DAY + timedelta(days=500), DAY + timedelta(days=100)),
    ],
    ids=["halfway", "as planned", "never before it began", "never after it ends"],
)
def test_the_one_report_of_a_project_falls_within_it(planned_on: date | None, due: date) -> None:
    part = PlannedInstalment(
        number=2, moment="interim_report", percentage=Decimal(40), amount=Decimal(1), planned_on=planned_on
    )
    assert interim_day(project(instalments=(part,))) == due


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({}, "Zeg wat er verandert"),
        ({"cost": "1"}, "Zeg wat er verandert"),
        ({"ends_on": "31/12/2024"}, "geen datum"),
        ({"amount": "veel"}, "geen getal"),
        ({"amount": "NaN"}, "geen getal"),
        ({"amount": "-Infinity"}, "geen getal"),
    ],
    ids=["nothing", "something else", "a day in another notation", "words", "not a number", "no end"],
)
def test_a_change_that_cannot_be_read_says_how_to_write_it(values: dict[str, str], text: str) -> None:
    with pytest.raises(ChangeError, match=text):
        read_change(values)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (Change(ends_on=DAY - timedelta(days=1)), "niet voor het begin"),
        (Change(ends_on=date(2025, 7, 4)), "tot ten laatste 03/07/2025"),
        (Change(amount=Decimal(1000)), r"\(1000,00 euro\) alleen verlagen"),
        (Change(amount=Decimal(299)), "al 300,00 euro betaald"),
    ],
    ids=["before it began", "too long", "not lower", "below what was paid"],
)
def test_a_change_outside_the_rules_is_refused_with_the_limit(change: Change, text: str) -> None:
    with pytest.raises(ChangeError, match=text):
        check_change(
            change, starts_on=DAY, latest=latest_end(date(2025, 1, 3)), granted=Decimal(1000), paid=Decimal(300)
        )


def test_a_later_end_and_a_lower_amount_may_be_asked_together() -> None:
    change = read_change({"ends_on": "2025-07-03", "amount": "300.004"})
    assert change == Change(ends_on=date(2025, 7, 3), amount=Decimal("300.00"))
    check_change(change, starts_on=DAY, latest=latest_end(date(2025, 1, 3)), granted=Decimal(1000), paid=Decimal(300))


def transition(*attended: str | None, status: str = "worker") -> TransitionFacts:
    people = tuple(
        ParticipantFacts.model_validate({"line": line, "status": status, "hours_attended": hours})
        for line, hours in enumerate(attended, start=1)
    )
    facts: dict[str, Any] = {
        "filed_on": DAY,
        "joint_committee": "111",
        "same_function": False,
        "bottleneck": True,
        "has_expert": True,
        "quotes": 2,
        "starts_on": DAY,
        "ends_on": DAY,
        "hours": Decimal(160),
        "participants": people,
        "participant_count": len(people),
        "cost": Decimal("20000.00"),
        "asked": Decimal("10000.00"),
        "council_advice": "favourable",
        "started_before_filing": False,
        "budget": (),
        "instalments": (),
        "documents": frozenset[Document](),
        "iban_valid": True,
    }
    return TransitionFacts.model_validate(facts)


def transition_policy() -> TransitionPolicy:
    policy = policies.in_force(Fund.ANTWERPEN, Instrument.TRANSITION_SUPPORT, DAY)
    assert isinstance(policy, TransitionPolicy)
    return policy


def project_policy() -> ProjectPolicy:
    policy = policies.in_force(Fund.ANTWERPEN, Instrument.PROJECT_FINANCING, DAY)
    assert isinstance(policy, ProjectPolicy)
    return policy


@pytest.mark.parametrize(
    ("attended", "amount"),
    [
        (("160", "80", None), "10000.00"),
        (("160", "79.99", "160"), "6666.67"),
        (("0", "12", "79"), "0.00"),
        ((), "0.00"),
    ],
    ids=["eighty hours are enough and the plan counts where nothing is known", "one too few", "nobody", "no people"],
)
def test_each_participant_with_enough_hours_stands_for_an_equal_part(
    attended: tuple[str | None, ...], amount: str
) -> None:
    assert determined(transition(*attended), transition_policy(), Decimal(10000)).amount == Decimal(amount)


def test_who_was_never_eligible_counts_for_nothing() -> None:
    assert followed_enough(transition("160", status="manager"), transition_policy()) == ()


@pytest.mark.parametrize(
    ("cost", "amount"),
    [("13350.00", "6675.00"), ("20000.00", "6675.00"), ("9000.01", "4500.01")],
    ids=["as planned", "dearer brings no more than the grant", "cheaper brings half of the cost"],
)
def test_a_project_is_paid_by_what_the_consultant_cost_in_the_end(cost: str, amount: str) -> None:
    lines = (BudgetLine(line=1, sort="advies", amount=Decimal(cost)),)
    facts = project(cost=Decimal(cost), asked=Decimal(20000), budget=lines)
    assert determined(facts, project_policy(), Decimal(6675)).amount == Decimal(amount)


def test_facts_and_policy_of_two_instruments_do_not_mix() -> None:
    with pytest.raises(TypeError, match="no determination of project_financing"):
        determined(project(), transition_policy(), Decimal(1))


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        ({"retained": "yes"}, True),
        ({"retained.1": "yes", "retained.2": "yes"}, True),
        ({"retained": "yes", "retained.2": "no"}, False),
        ({"retained.1": "yes"}, False),
        ({"retained": "ja"}, False),
        ({}, False),
    ],
    ids=["all at once", "one by one", "all but one", "one is not named", "only yes is yes", "nothing said"],
)
def test_the_job_is_kept_only_when_that_is_said_of_everybody(values: dict[str, str], kept: bool) -> None:
    assert all_retained(values, transition("160", "160")) is kept
    assert not all_retained(values, transition())


@pytest.mark.parametrize(
    ("paid", "back"),
    [("12345.67", "3703.70"), ("0.05", "0.02"), ("0", "0.00")],
    ids=["cents", "half a cent", "nothing"],
)
def test_the_result_slice_is_a_share_of_what_was_paid_to_the_cent(paid: str, back: str) -> None:
    assert result_slice(Decimal(paid), Decimal(30)) == Decimal(back)
