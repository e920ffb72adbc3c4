"""The sample for quality control: the same dossiers always, about as many as the policy says."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemes.sampling import is_sampled

NUMBERS = [f"ANT-2026-S-{serial:06}" for serial in range(10_000)]


@pytest.mark.parametrize("percentage", ["0.50", "5", "50"])
def test_about_as_many_as_the_policy_says(percentage: str) -> None:
    found = sum(is_sampled(number, "2026-01-01", Decimal(percentage)) for number in NUMBERS)
    expected = len(NUMBERS) * float(percentage) / 100
    assert abs(found - expected) < 4 * (expected**0.5)


@given(st.sampled_from(NUMBERS))
def test_nothing_is_none_and_a_hundred_is_all(number: str) -> None:
    assert not is_sampled(number, "2026-01-01", Decimal(0))
    assert is_sampled(number, "2026-01-01", Decimal(100))


@given(st.sampled_from(NUMBERS), st.integers(0, 99), st.integers(0, 1))
def test_a_larger_sample_holds_the_smaller_one(number: str, percentage: int, more: int) -> None:
    if is_sampled(number, "2026-01-01", Decimal(percentage)):
        assert is_sampled(number, "2026-01-01", Decimal(percentage + more))


def test_another_version_takes_another_sample() -> None:
    chosen = [{n for n in NUMBERS if is_sampled(n, version, Decimal(5))} for version in ("2026-01-01", "2027-01-01")]
    assert len(chosen[0] & chosen[1]) < len(chosen[0]) / 4


def test_the_sample_is_the_same_everywhere() -> None:
    assert [n for n in NUMBERS[:200] if is_sampled(n, "2026-01-01", Decimal(2))] == [
        "ANT-2026-S-000041",
        "ANT-2026-S-000170",
        "ANT-2026-S-000179",
    ]
